"""What a learner typed as an answer in numbers: the value, how exactly it was written, and how it was read."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, NamedTuple

from msgspec import Struct

from studyapp.formula import LIST, NUMBER, Expression, ExpressionError, parse
from studyapp.formula.tree import Array, Comparison, Logical, Negative, Node, Not, Number, Percent
from studyapp.grading.invalid import NOTHING
from studyapp.grading.lead_in import without_lead_in, without_trail
from studyapp.locale.message import Message
from studyapp.render.number import format_value, significant

_DECIMAL_POINT = Message("decimals are written with a point: {written}")
_UNDEFINED = Message("this has no value: it is undefined")
_NO_CONDITION = Message("this is a condition, not a number: it is true or false")
_OTHER_UNIT = Message("the answer is asked for in {unit}, not in {given}")

UNITS: dict[str, str] = {
    "nats": "nats", "nat": "nats", "bits": "bits", "bit": "bits", "px": "pixels", "pixel": "pixels",
    "pixels": "pixels", "dits": "dits", "dit": "dits", "hartleys": "dits", "hartley": "dits", "shannon": "bits",
    "shannons": "bits", "sh": "bits", "奈特": "nats", "纳特": "nats", "比特": "bits", "像素": "pixels",
    "哈特利": "dits",
}  # fmt: skip
"""Units that may follow a number, by their spellings."""

_UNIT_WORDS = re.compile(r"(?<![A-Za-z\\{])(" + "|".join(sorted(UNITS, key=len, reverse=True)) + r")(?![A-Za-z])")
_REMARK = re.compile(
    r"\s*[（(](?:保留|精确|约|四舍五入|nat|bit|奈特|比特|像素|px|pixel|dit|rounded|approx)[^()（）]*[)）]\s*\.?$"
)
_RATIO = re.compile(r"^\s*([+\-−]?[\d.]+)\s*[:：∶]\s*([\d.]+)\s*$")
_CHINESE_PERCENT = re.compile(r"^\s*百分之\s*([\d.]+)\s*$")
_MIXED = re.compile(r"^\s*([+\-−]?)\s*(\d+)\s*又\s*(\d+)\s*[/／]\s*(\d+)\s*$")

_MOST_PLACES = 400
_EQUATION = re.compile(r"[=≈≃≅＝]")
_DECIMAL_COMMA = re.compile(r"\s*[+\-−]?\d+,\d+\s*%?\s*$")
_TIMES_TEN = re.compile(r"(?<=\d)\s*[xX](?=\s*10\s*(?:\^|\*\*))")
_TRANSPOSED = re.compile(r"(?<=[\])}])\s*(?:\^\s*\{?\s*(?:\\top|T|⊤)\s*\}?|ᵀ|\.T|的转置)\s*$")
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
    text = _plain_width(text)
    start, end = _value_span(text, unit)
    if listed:
        end = _without_transposition(text, start, end)
    body = _TIMES_TEN.sub(lambda match: "*".rjust(len(match[0])), text[start:end])
    if not listed:
        body = _in_words(body)
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
    if isinstance(expression.tree, (Comparison, Logical, Not)):
        raise ExpressionError(_NO_CONDITION(), start)
    precisions = tuple(precision(entry) for entry in _entries(expression.tree))
    if len(precisions) != value.size:  # computed as a whole, as [1, 2, 3]/6 is
        precisions = (Precision(Decimal(0), None),) * value.size
    return Reading(expression, value, precisions)


def _without_transposition(text: str, start: int, end: int) -> int:
    """Where a vector ends that was written as a column, ``[1, 2]^T``; a matrix is another one when transposed."""
    written = _TRANSPOSED.search(text, start, end)
    vector = written is not None and len(re.findall(r"[\[({]", text[start : written.start()])) == 1
    return written.start() if written is not None and vector else end


def unit_named(text: str) -> str:
    """The unit that a question asks for in its text; empty where it names none, or more than one."""
    found = {UNITS[word.lower()] for word in _UNIT_WORDS.findall(text)}
    return found.pop() if len(found) == 1 else ""


def _plain_width(text: str) -> str:
    """The text with full-width letters, digits and signs in half width, one character for each."""
    return "".join(
        chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" and sign not in "，；（）～" else sign for sign in text
    )


def _in_words(body: str) -> str:
    """A ratio ``19.6 : 1``, ``百分之 5`` and ``8 又 1/2`` in signs, of the same length where that can be."""
    if ratio := _RATIO.match(body):
        if ratio[2].strip("0.") == "1" and float(ratio[2]) == 1:
            return ratio[1]
        return f"{ratio[1]}/{ratio[2]}"
    if percent := _CHINESE_PERCENT.match(body):
        return f"{percent[1]}%"
    if mixed := _MIXED.match(body):
        return f"{mixed[1]}({mixed[2]}+{mixed[3]}/{mixed[4]})"
    return body


def _value_span(text: str, unit: str) -> tuple[int, int]:
    """Where the value stands in the text: behind ``name =`` or “about”, before the unit and remarks in brackets."""
    start = 0
    for match in _EQUATION.finditer(text):
        start = match.end()
    start = without_lead_in(text, start)
    end = without_trail(text, len(text.rstrip()))
    remark = _REMARK.search(text, start, end)
    if remark is not None and remark.start() > start:
        named = _UNIT_WORDS.search(remark[0])
        asked = UNITS.get(unit.lower(), unit)
        if named is not None and asked and UNITS[named[1].lower()] != asked:
            raise UnitError(_OTHER_UNIT(unit=unit, given=named[1]), remark.start())
        end = len(text[: remark.start()].rstrip())
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
