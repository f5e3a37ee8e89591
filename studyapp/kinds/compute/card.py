"""What an exercise with fresh numbers holds."""

from __future__ import annotations

from typing import Annotated, ClassVar

from studyapp.cards.card import ANSWER_NOTE, Asked, Digits, DrawnCard, Mistakes, Struct
from studyapp.cards.field import Field, expression, prose
from studyapp.locale.message import Message


class Part(Struct, frozen=True, kw_only=True):
    """One of several questions on the same drawn numbers. Later parts may use the learner's earlier results
    by id."""

    what: ClassVar[str | Message] = Message("a part")

    id: Annotated[str, Field(text="name")]
    ask: Annotated[str, prose()]
    answer: Annotated[str, expression()]
    wrong: Mistakes = ()
    digits: Digits | None = None


class ComputeCard(DrawnCard, tag="compute", frozen=True, kw_only=True):
    """Work out a number, vector or matrix from freshly drawn numbers.

    ``answer`` and each ``wrong`` value are expressions over the reference losses, the drawn names and the intermediate
    values. ``digits`` is how many significant digits are asked for. Either ``answer`` or ``parts`` is given.
    """

    question: Asked
    answer: Annotated[str, expression(ANSWER_NOTE, searched=True)] = ""
    wrong: Mistakes = ()
    parts: Annotated[tuple[Part, ...], prose("Several questions on the same drawn numbers.", least=1, most=20)] = ()
    digits: Digits = 3
    unit: Annotated[str, Field("The unit of the result.", "line", seen=True)] = ""
