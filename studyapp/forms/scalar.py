"""What a plain scalar would mean to YAML, and the numbers that decks accept."""

from __future__ import annotations

import re

from studyapp.locale.message import Message

_WRITE_PUT_QUOTES = Message("write {value}, or put it in quotes")
_WRITE = Message("write {decimal}{octal}")
_WRITE_2 = Message("write {value}{plain}")
_IF_OCTAL_MEANT = Message(", or {value} if octal was meant")
_WRITE_3 = Message("write {value}")

_FIRST_OF_NOT_TEXT = frozenset("yYnNtTfFoO~-+0123456789.=<")

_NOT_TEXT = re.compile(
    r"""(?P<truth>yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)
    |(?P<nothing>~|null|Null|NULL)
    |(?P<number>[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0o?[0-7_]+|[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?
    |[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)) |(?P<clock>[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?)
    |(?P<date>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt\ \t].*)?) |(?P<merge><<|=)""",
    re.VERBOSE,
)

_WORDS = {
    "truth": Message("true or false"),
    "nothing": Message("nothing"),
    "number": Message("a number"),
    "clock": Message("a number in base 60"),
    "date": Message("a date"),
    "merge": Message("a merge key"),
}

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,15})")
_DECIMAL = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")


def not_text(value: str) -> str | None:
    """What YAML takes an unquoted ``value`` for, in words, where that is not a text.

    >>> not_text("no"), not_text("12:30"), not_text("median")
    ('true or false', 'a number in base 60', None)
    """
    if not value:
        return str(_WORDS["nothing"])
    if value[0] not in _FIRST_OF_NOT_TEXT:
        return None
    match = _NOT_TEXT.fullmatch(value)
    return str(_WORDS[match.lastgroup]) if match and match.lastgroup else None


def number(value: str) -> int | float | None:
    """The number that a decimal ``value`` spells, or None for everything else (``1_000``, ``0x10``, ``010``).

    >>> number("0.05"), number("1e3"), number("010")
    (0.05, 1000.0, None)
    """
    if _INTEGER.fullmatch(value):
        return int(value)
    if _DECIMAL.fullmatch(value):
        return float(value)
    return None


def plainly(value: str) -> str:
    """A hint on how to write a number that YAML would read, but that a reader could misread.

    >>> plainly("1_000"), plainly("0x10"), plainly("010"), plainly("12:30")
    ('write 1000', 'write 16', 'write 10, or 8 if octal was meant', 'write 750, or put it in quotes')
    """
    sign = -1 if value.startswith("-") else 1
    body = value.lstrip("+-")
    plain = body.replace("_", "")
    if len(body) > 40:
        return ""
    if re.fullmatch(r"[0-9]+(?::[0-5]?[0-9])+", plain):
        total = 0
        for part in plain.split(":"):
            total = total * 60 + int(part)
        return _WRITE_PUT_QUOTES(value=sign * total)
    for prefix, base in (("0x", 16), ("0o", 8), ("0b", 2)):
        if plain.startswith(prefix):
            try:
                return _WRITE_3(value=sign * int(plain[2:], base))
            except ValueError:
                return ""
    if re.fullmatch(r"0[0-9]+", plain):
        decimal = sign * int(plain)
        octal = _IF_OCTAL_MEANT(value=sign * int(plain, 8)) if re.fullmatch(r"[0-7]+", plain) else ""
        return _WRITE(decimal=decimal, octal=octal)
    if plain != body and _DECIMAL.fullmatch(plain):
        return _WRITE_2(value="-" if sign < 0 else "", plain=plain)
    return ""
