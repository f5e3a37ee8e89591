"""What a card with a formula to type holds."""

from __future__ import annotations

from typing import Annotated

from msgspec import field

from studyapp.cards.card import ANSWER_NOTE, Asked, Domain, DrawnCard, Mistakes
from studyapp.cards.field import Field, expression


class FormulaCard(DrawnCard, tag="formula", frozen=True, kw_only=True):
    """Type an expression equal to ``answer`` on the declared domains of ``variables``, where the condition ``where``
    holds.

    ``symbols`` lists other spellings for a variable or for an expression (``{"p": ["yhat", "ŷ"]}``). With
    ``lines`` the learner may type a derivation, one equal expression a line, beginning at ``start`` where it
    is given.
    """

    question: Asked
    answer: Annotated[str, expression(ANSWER_NOTE, searched=True)]
    variables: Annotated[dict[str, Domain], Field("The domain of each variable.")]
    where: Annotated[str, expression("A condition that the variables must meet.")] = ""
    symbols: Annotated[
        dict[str, Annotated[tuple[str, ...], Field(text="line", what="spellings", least=1)]],
        Field("Other spellings: name and list.", what="spellings", key="line"),
    ] = field(default_factory=dict)
    wrong: Mistakes = ()
    start: Annotated[str, expression("The expression from which a derivation begins.")] = ""
    lines: Annotated[bool, Field("The learner may type a derivation, one expression a line.")] = False
