"""The values of a card: drawn ones, and those that are worked out from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from studyapp.cards.card import DrawnCard
from studyapp.formula import ExpressionError, parse
from studyapp.formula.definitions import defined_values
from studyapp.grading.draw import DrawError, draw_card
from studyapp.grading.stream import Stream
from studyapp.locale.message import Message

_REFUSED = Message("{count} draws were refused: {reasons}")
_DOES_NOT_HOLD = Message("“where: {where}” does not hold")

MOST_DRAWS = 200


def complete(card: DrawnCard, drawn: Mapping[str, Any]) -> dict[str, Any]:
    """The definitions of the card, the drawn values and the intermediate ones, as plain Python values.

    Raises:
        ExpressionError: an intermediate value cannot be computed.
    """
    values = {**defined_values(card.define), **drawn}
    for name, expression in card.let.items():
        values[name] = parse(expression, values).evaluate(values).tolist()
    return values


def draw_values(card: DrawnCard, seed: int, where: str) -> dict[str, Any]:
    """The values of a seed that meet the condition ``where``, a pure function of its arguments.

    Raises:
        DrawError: 200 draws in a row were refused; the message counts why.
    """
    stream = Stream(card.id, seed)
    refused: Counter[str] = Counter()
    for _ in range(MOST_DRAWS):
        drawn = draw_card(card, stream)
        try:
            values = complete(card, drawn)
            if not where or bool(parse(where, values).evaluate(values)):
                return values
            refused[_DOES_NOT_HOLD(where=where)] += 1
        except (ExpressionError, TypeError, ValueError) as error:
            refused[error.message if isinstance(error, ExpressionError) else str(error)] += 1
    reasons = "; ".join(f"{reason} ({count}×)" for reason, count in refused.most_common(3))
    raise DrawError(_REFUSED(count=MOST_DRAWS, reasons=reasons))
