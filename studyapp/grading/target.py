"""What a numeric answer is compared with: the right value, the declared wrong ones and how exact it must be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from studyapp.cards.card import Misconception
from studyapp.formula import Expression, parse


class WrongValue(Struct, frozen=True):
    """A declared mistake with the value that it leads to here."""

    mistake: Misconception
    value: Any


class Target(Struct, frozen=True):
    """What one answer is compared with: the right value, the declared wrong ones and how exact it must be.

    ``part`` is the id of the part of the card, empty where there are none. ``values`` are the numbers of the question
    and ``scale`` the largest of them in magnitude.
    """

    expression: Expression
    value: Any
    wrong: tuple[WrongValue, ...]
    digits: int
    scale: float
    values: Mapping[str, Any]
    unit: str = ""
    part: str = ""


def make_target(
    answer: str,
    wrong: tuple[Misconception, ...],
    digits: int,
    scale: float,
    values: Mapping[str, Any],
    unit: str,
    part: str = "",
) -> Target:
    """What an answer is compared with, for an expression over known values.

    Raises:
        ExpressionError: one of the expressions has no value.
    """
    expression = parse(answer, values)
    mistaken = tuple(WrongValue(mistake, parse(mistake.value, values).evaluate(values)) for mistake in wrong)
    return Target(expression, expression.evaluate(values), mistaken, digits, scale, values, unit, part)
