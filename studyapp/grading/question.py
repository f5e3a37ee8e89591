"""One asking of a card, and texts with numbers filled in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from msgspec import Struct

from studyapp.cards.card import Card
from studyapp.formula import ExpressionError, Placeholder, fill, parse
from studyapp.grading.stream import stable_hash
from studyapp.locale.message import Message
from studyapp.render.number import format_value, significant

_TEXT_MORE_THAN_PLACEHOLDERS = Message("a text with more than {most_placeholders} placeholders is too much")
_NUMBERS_TEXT_TAKE_MORE = Message("the numbers in a text take more than {most_characters} characters")

_MOST_PLACEHOLDERS = 500
_GREATEST_DENOMINATOR = 10_000
_MOST_CHARACTERS = 20_000


class Question(Struct, frozen=True, eq=False):
    """One asking of a card.

    ``text`` is what is asked, ``prompt`` what form of answer is expected. ``values`` holds the drawn numbers and the
    card's intermediate ones. ``options`` are the options of a choice or the steps of an order as shown, and
    ``arrangement`` says for each of them which one of the card it is (distractors come after the steps). ``parts``
    are the questions of an exercise with several parts. ``targets`` are what the answer is compared with: for an
    exercise a `studyapp.grading.target.Target` for each part, for a cloze its gaps.
    """

    card: Card
    seed: int
    language: str
    text: str
    prompt: str
    hints: tuple[str, ...]
    values: Mapping[str, Any]
    options: tuple[str, ...] = ()
    arrangement: tuple[int, ...] = ()
    parts: tuple[str, ...] = ()
    targets: tuple[Any, ...] = ()

    def __eq__(self, other: object) -> bool:
        """Equal where the same is asked; what is right then follows from it."""
        if not isinstance(other, Question):
            return NotImplemented
        asked = (name for name in self.__struct_fields__ if name != "targets")
        return all(getattr(self, name) == getattr(other, name) for name in asked)


def variant_seed(card_id: str, earlier_answers: int) -> int:
    """The seed of the next variant of a card: another one for every answer, the same on every machine."""
    return stable_hash("variant", card_id, earlier_answers)


def fill_text(text: str, values: Mapping[str, Any], doubles: bool = False) -> str:
    """The text with its placeholders replaced by values; ``doubles`` as for `split_placeholders`.

    Raises:
        ExpressionError: a placeholder that cannot be computed; the column counts in ``text``.
    """

    if text.count("{") + text.count("<<") > _MOST_PLACEHOLDERS:
        raise ExpressionError(_TEXT_MORE_THAN_PLACEHOLDERS(most_placeholders=_MOST_PLACEHOLDERS), 0)

    room = _MOST_CHARACTERS

    def show(placeholder: Placeholder) -> str:
        nonlocal room
        try:
            shown = _value_of(placeholder, values)
        except ExpressionError as error:
            raise ExpressionError(error.message, placeholder.at + error.column) from None
        room -= len(shown)
        if room < 0:
            raise ExpressionError(_NUMBERS_TEXT_TAKE_MORE(most_characters=f"{_MOST_CHARACTERS:,}"), placeholder.at)
        return shown

    return fill(text, show, doubles)


def _value_of(placeholder: Placeholder, values: Mapping[str, Any]) -> str:
    expression = parse(placeholder.expression, values)
    if placeholder.expression in values and not placeholder.digits and not placeholder.form:
        return format_value(values[placeholder.expression])
    return _shown(expression.evaluate(values).tolist(), placeholder)


def _shown(value: Any, placeholder: Placeholder) -> str:
    if placeholder.form == "table":
        return _table(value)
    if isinstance(value, list):
        return "[" + ", ".join(_shown(entry, placeholder) for entry in value) + "]"
    if placeholder.form == "%":
        return format_value(value * 100) + "%"
    if placeholder.form == "frac":
        return _fraction(value)
    if placeholder.form and math.isfinite(value):
        return format(value, placeholder.form)
    if placeholder.digits is not None:
        return significant(value, placeholder.digits)
    return format_value(value)


def _fraction(value: float) -> str:
    """``5/36`` for the number next to it; a number that is no such fraction as it is."""
    if not math.isfinite(value):
        return format_value(value)
    near = Fraction(value).limit_denominator(_GREATEST_DENOMINATOR)
    return str(near) if math.isclose(near, value, rel_tol=1e-12) else format_value(value)


def _table(value: Any) -> str:
    """A matrix row by row, its columns one below the other; a vector is one row."""
    rows = value if isinstance(value, list) and value and isinstance(value[0], list) else [value]
    cells = [[format_value(entry) for entry in (row if isinstance(row, list) else [row])] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in cells)
    return "\n".join(("", "```", *lines, "```", ""))
