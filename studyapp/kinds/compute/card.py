"""What an exercise with fresh numbers holds."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import field

from studyapp.cards.card import ANSWER_NOTE, Asked, Card, Digits, Draws, Mistakes, Struct
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


class ComputeCard(Card, tag="compute", frozen=True, kw_only=True):
    """Work out a number, vector or matrix from freshly drawn numbers.

    ``answer`` and each ``wrong`` value are expressions over the reference losses and the drawn names. ``let``
    names intermediate values in order (name → expression), for use in ``answer``, ``wrong``, ``solution`` and
    ``parts``. ``where`` is a condition that a draw must meet. ``digits`` is how many significant digits are
    asked for. Either ``answer`` or ``parts`` is given.
    """

    question: Asked
    draw: Draws
    answer: Annotated[str, expression(ANSWER_NOTE, searched=True)] = ""
    let: Annotated[
        dict[str, str],
        expression("Intermediate values: name and expression, in order.", what=Message("intermediate values")),
    ] = field(default_factory=dict)
    where: Annotated[str, expression("A condition that the drawn values must meet.")] = ""
    wrong: Mistakes = ()
    parts: Annotated[tuple[Part, ...], prose("Several questions on the same drawn numbers.", least=1, most=20)] = ()
    digits: Digits = 3
    unit: Annotated[str, Field("The unit of the result.", "line", seen=True)] = ""
