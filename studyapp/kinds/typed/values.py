"""Short answers that are no plain text: whole numbers, fractions, sets, intervals, yes or no, as people type them."""

from __future__ import annotations

import math
import re
import unicodedata
from fractions import Fraction

from msgspec import Struct

from studyapp.grading.reading import read_value
from studyapp.grading.wording import visible

_DASHES = {ord(sign): "-" for sign in "−‐‑‒–—"}
_FRACTION = re.compile(r"(?P<sign>[+-]?)\s*(?:(?P<whole>\d+)\s+)?(?P<above>\d+)\s*/\s*(?P<below>\d+)")
_DECIMAL = re.compile(r"[+-]?(?:(?:\d{1,3}(?:[ ,_']\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?\s*%?", re.IGNORECASE)
_BRACKETS = re.compile(r"(?P<left>[\[(\]])(?P<low>[^\[\]();,]+)[;,](?P<high>[^\[\]();,]+)(?P<right>[\])\[])")
_BETWEEN = re.compile(r"(?P<low>[^<>=]+)(?P<first><=?)\s*[a-z]\w*\s*(?P<second><=?)(?P<high>[^<>=]+)", re.IGNORECASE)
_ONE_SIDE = re.compile(r"[a-z]\w*\s*(?P<sign><=?|>=?)\s*(?P<bound>[^<>=]+)", re.IGNORECASE)
_YES = frozenset(
    {"yes", "y", "true", "t", "right", "correct", "1", "是", "对", "正确", "是的", "对的", "真", "√", "✓", "ja"}
)
_NO = frozenset(
    {"no", "n", "false", "f", "wrong", "incorrect", "0", "否", "不是", "错", "错误", "不对", "假", "×", "✗", "nein"}
)
_MOST_DIGITS = 400
_LARGEST = 10**308


class Interval(Struct, frozen=True):
    """All numbers from ``low`` to ``high``; an end that is closed belongs to it."""

    low: float
    high: float
    low_closed: bool
    high_closed: bool


def plain(text: str) -> str:
    """The text in signs of plain width, every dash a minus."""
    return unicodedata.normalize("NFKC", visible(text)).translate(_DASHES).replace("≤", "<=").replace("≥", ">=").strip()


def read_fraction(text: str) -> Fraction | None:
    """An exact number: ``5/36``, ``1 1/2``, ``0.25``, ``25%``, ``1e-3``; None for anything else.

    >>> read_fraction("1 1/2"), read_fraction("25 %"), read_fraction("1,000"), read_fraction("5/0"), read_fraction("pi")
    (Fraction(3, 2), Fraction(1, 4), Fraction(1000, 1), None, None)
    """
    body = plain(text)
    if len(body) > _MOST_DIGITS:
        return None
    found = _FRACTION.fullmatch(body)
    if found:
        below = int(found["below"])
        if not below:
            return None
        value = int(found["whole"] or 0) + Fraction(int(found["above"]), below)
        return -value if found["sign"] == "-" else value
    if not _DECIMAL.fullmatch(body) or not any(map(str.isdigit, body)):
        return None
    percent = body.endswith("%")
    value = Fraction(re.sub(r"[ ,_'%]", "", body))
    return value / 100 if percent else value


def read_integer(text: str) -> int | None:
    """A whole number; None for anything else, ``4.0`` and ``8/2`` being whole."""
    value = read_fraction(text)
    return int(value) if value is not None and value.denominator == 1 else None


def read_yes_no(text: str) -> bool | None:
    """Yes or no, in English or Chinese; None for anything else."""
    word = plain(text).rstrip(".!。！").casefold()
    return True if word in _YES else False if word in _NO else None


def read_set(text: str) -> tuple[str, ...] | None:
    """The members as they are written, none twice; None where brackets are open. ``∅`` and ``{}`` are empty.

    >>> read_set("{2, 1, 2}"), read_set("a; b"), read_set("∅"), read_set("{1, 2")
    (('2', '1'), ('a', 'b'), (), None)
    """
    body = plain(text)
    if body.startswith("{") != body.endswith("}"):
        return None
    inner = body[1:-1] if body.startswith("{") else body
    if inner.strip() in ("", "∅"):
        return ()
    parts = re.split(r"[;\n]", inner) if re.search(r"[;\n]", inner) else re.split(r"[,、]", inner)
    members = [part.strip() for part in parts]
    return tuple(dict.fromkeys(members)) if all(members) else None


def read_interval(text: str) -> Interval | None:
    """An interval in brackets or as an inequality; None for anything else.

    >>> read_interval("(0; 4]") == read_interval("0 < x <= 4") == read_interval("]0, 4]")
    True
    >>> read_interval("x >= 3") == read_interval("[3, ∞)")
    True
    """
    body = plain(text)
    found = _BRACKETS.fullmatch(body)
    if found:
        low, high = _bound(found["low"]), _bound(found["high"])
        return _interval(low, high, found["left"] == "[", found["right"] == "]")
    body = _turned(body)
    found = _BETWEEN.fullmatch(body)
    if found:
        low, high = _bound(found["low"]), _bound(found["high"])
        return _interval(low, high, found["first"] == "<=", found["second"] == "<=")
    found = _ONE_SIDE.fullmatch(body)
    if found:
        bound, closed = _bound(found["bound"]), found["sign"].endswith("=")
        if found["sign"].startswith("<"):
            return _interval(-math.inf, bound, False, closed)
        return _interval(bound, math.inf, closed, False)
    return None


def _turned(text: str) -> str:
    """``4 >= x > 0`` the other way round; ``3 <= x`` with the name first."""
    if text.count(">") == 2 and "<" not in text:
        return _reversed(text)
    found = re.fullmatch(r"(?P<bound>[^<>=]+)(?P<sign><=?|>=?)\s*(?P<name>[a-zA-Z]\w*)", text)
    if found and not re.fullmatch(r"\s*[a-zA-Z]\w*\s*", found["bound"]):
        sign = found["sign"].replace("<", "?").replace(">", "<").replace("?", ">")
        return f"{found['name']} {sign} {found['bound']}"
    return text


def _reversed(text: str) -> str:
    pieces = re.split(r"(>=?)", text)
    return "".join(piece.replace(">", "<") for piece in reversed(pieces))


def _interval(low: float | None, high: float | None, low_closed: bool, high_closed: bool) -> Interval | None:
    if low is None or high is None or low > high:
        return None
    return Interval(low, high, low_closed and math.isfinite(low), high_closed and math.isfinite(high))


def _bound(text: str) -> float | None:
    body = text.strip().lower()
    sign = -1.0 if body.startswith("-") else 1.0
    if body.lstrip("+- ") in ("inf", "infinity", "oo", "∞", "无穷", "无穷大"):
        return sign * math.inf
    exact = read_fraction(body)
    if exact is not None:
        return float(exact) if abs(exact) < _LARGEST else None
    try:
        value = read_value(body).value
    except ValueError:
        return None
    return float(value) if value.size == 1 and math.isfinite(float(value)) else None
