"""What a learner typed as an answer in numbers: the value, how exactly it was written, and how it was read."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, NamedTuple

from msgspec import Struct

from studyapp.formula import LIST, NUMBER, Expression, ExpressionError, parse
from studyapp.formula.tree import Array, Negative, Node, Number, Percent
from studyapp.grading.invalid import NOTHING
from studyapp.locale.message import Message
from studyapp.render.number import format_value, significant

_DECIMAL_POINT = Message("decimals are written with a point: {written}")
_UNDEFINED = Message("this has no value: it is undefined")
_OTHER_UNIT = Message("the answer is asked for in {unit}, not in {given}")

UNITS: dict[str, str] = {
    "nats": "nats", "nat": "nats", "bits": "bits", "bit": "bits", "px": "pixels", "pixel": "pixels",
    "pixels": "pixels", "dits": "dits", "hartleys": "dits", "奈特": "nats", "比特": "bits", "像素": "pixels",
}  # fmt: skip
"""Units that may follow a number, by their spellings."""

_MOST_PLACES = 400
_EQUATION = re.compile(r"[=≈≃≅＝]")
_DECIMAL_COMMA = re.compile(r"\s*[+\-−]?\d+,\d+\s*%?\s*$")
_TIMES_TEN = re.compile(r"(?<=\d)\s*[xX](?=\s*10\s*(?:\^|\*\*))")
_TRAILING_WORD = re.compile(r"[\s\d)\].⟩%]([^\W\d_]+)\s*\.?\s*$")


class UnitError(ExpressionError):
    """A number that was given in another unit than the one asked for."""


class Precision(NamedTuple):
    """How exactly a number was written: half a unit of its last digit, and its significant digits (None: exact).

    ``zeros`` counts the zeros at the end of a whole number, which may only fill places, as in 12000 for 12345.
    """

    half: Decimal
    digits: int | None
    zeros: int = 0

    def in_percent(self) -> Precision:
        """The same for a hundredth of the number."""
        return self._replace(half=self.half / 100)


class Reading(Struct, frozen=True):
    """A typed value, and for each of its entries in order how exactly it was written."""

    expression: Expression
    value: Any
    precisions: tuple[Precision, ...]

    def __str__(self) -> str:
        """The canonical form and, where that is not a plain number already, its value."""
        text = str(self.expression)
        value = _short(self.value)
        return text if value.replace("-", "−") == text.replace("-", "−") or self.is_plain() else f"{text} = {value}"

    def is_plain(self) -> bool:
        """Whether every entry was typed as a decimal number."""
        return all(one.digits is not None for one in self.precisions)


def read_value(text: str, *, listed: bool = False, unit: str = "") -> Reading:
    """Read a number (or with ``listed`` a vector or matrix) as typed, with its unit or a leading ``BCE =`` left away.

    Raises:
        ExpressionError: what cannot be read, has no finite or infinite value, or is in the wrong unit; the column
            counts in ``text``.
    """
    start, end = _value_span(text, unit)
    body = _TIMES_TEN.sub(lambda match: "*".rjust(len(match[0])), text[start:end])
    if not body.strip():
        raise ExpressionError(NOTHING(), 0)
    if not listed and _DECIMAL_COMMA.match(body):
        comma = start + body.index(",")
        written = body.strip().replace(",", ".", 1)
        raise ExpressionError(_DECIMAL_POINT(written=written), comma)
    try:
        expression = parse(body, (), LIST if listed else NUMBER)
        value = expression.evaluate({}, strict=True)
    except ExpressionError as error:
        raise ExpressionError(error.message, error.column + start) from None
    if bool((value != value).any()):
        raise ExpressionError(_UNDEFINED(), start)
    return Reading(expression, value, tuple(precision(entry) for entry in _entries(expression.tree)))


def _value_span(text: str, unit: str) -> tuple[int, int]:
    """Where the value stands in the text: behind ``name =``, before the unit."""
    start = 0
    for match in _EQUATION.finditer(text):
        start = match.end()
    end = len(text.rstrip())
    word = _TRAILING_WORD.search(text, max(0, start - 1), end)
    if word is not None:
        found = UNITS.get(word[1].lower())
        asked = UNITS.get(unit.lower(), unit)
        if word[1] == unit or (found is not None and found == asked):
            end = word.start(1)
        elif found is not None and unit:
            raise UnitError(_OTHER_UNIT(unit=unit, given=word[1]), word.start(1))
    elif unit == "%" and text[:end].endswith(("%", "％")):
        end -= 1
    return start, end


def _entries(node: Node) -> list[Node]:
    if isinstance(node, Array):
        return [entry for item in node.items for entry in _entries(item)]
    return [node]


def precision(node: Node) -> Precision:
    """How exactly a part of an answer was written; only plain numbers are taken for rounded."""
    if isinstance(node, Negative):
        return precision(node.operand)
    if isinstance(node, Percent):
        return precision(node.operand).in_percent()
    if not isinstance(node, Number) or not node.text:
        return Precision(Decimal(0), None)
    mantissa, _, exponent = node.text.lower().partition("e")
    whole, point, decimals = mantissa.partition(".")
    place = int(exponent or 0) - len(decimals)
    written = (whole + decimals).lstrip("0")
    if abs(place) > _MOST_PLACES:
        return Precision(Decimal(0), len(written))
    zeros = 0 if point else len(written) - len(written.rstrip("0"))
    return Precision(Decimal(5).scaleb(place - 1), len(written), zeros)


def _short(value: Any) -> str:
    """A value to at most six significant digits, exact where it is shorter."""
    if getattr(value, "ndim", 0):
        return "[" + ", ".join(_short(entry) for entry in value) + "]"
    return short_number(float(value))


def short_number(value: float, digits: int = 6) -> str:
    """A number with at most ``digits`` significant digits and no idle zeros."""
    plain = format_value(value)
    rounded = significant(value, digits)
    if "e" not in rounded and "." in rounded:
        rounded = rounded.rstrip("0").rstrip(".")
    return min(plain, rounded, key=len)
