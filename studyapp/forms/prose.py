"""Slips in a text that the learner will see: characters that do harm, and maths that is not closed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from studyapp.forms.problem import quoted
from studyapp.locale.message import Message

_CONTROL_CHARACTER = Message("CONTROL CHARACTER")
_TEXT_HOLDS = Message("the text holds {name}")
_DELETE_IF_MEANT = Message("delete it if it is not meant")
_OPENED_NEVER_CLOSED = Message("a {opened} is opened and never closed: {excerpt}")
_CLOSE_DOLLAR_SIGN_WRITTEN = Message("close it; a dollar sign is written \\$")
_FORMULA = Message("{which} in the formula {excerpt}")
_DOUBLE_QUOTES_STANDS_CHARACTER = Message("{escape} in double quotes stands for the character {name}")
_WRITE_LATEX_SINGLE_QUOTES = Message("write LaTeX in single quotes or after |, where a backslash is just a backslash")
_NOTHING_STANDS_BETWEEN = Message("nothing stands between {mark} and {mark_2}")
_DOLLAR_SIGN_WRITTEN = Message("a dollar sign is written \\$")

_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""Control, escape, invisible and direction-changing characters."""

_ESCAPED_LATEX = {
    "\a": r"\a",
    "\b": r"\b",
    "\f": r"\f",
    "\v": r"\v",
    "\r": r"\r",
    "\t": r"\t",
    "\x1b": r"\e",
    "\x85": r"\N",
}
"""What double quotes make of the first letters of \\alpha, \\beta, \\frac, \\vec, \\rho, \\theta, \\eta and
\\Nabla."""

_BROKEN_BY_NEWLINE = re.compile(r"\n(?=abla\b|eq\b|eg\b|u\b|ot\b|i\b|mid\b|rightarrow\b)")

_NAMES = {
    "\x1b": "ESCAPE",
    "\x07": "BELL",
    "\x08": "BACKSPACE",
    "\x0c": Message("FORM FEED"),
    "\x0b": Message("VERTICAL TAB"),
    "\t": "TAB",
    "\n": Message("LINE BREAK"),
    "\r": Message("CARRIAGE RETURN"),
    "\x7f": "DELETE",
    "\x00": "NUL",
}

_MATHS = re.compile(r"\\.|`[^`\n]*`|(\$\$?)", re.DOTALL)

Slip = tuple[str, str, str]
"""Code, message and hint."""


def prose_problems(text: str, style: str, maths: bool) -> Iterator[Slip]:
    """The slips in ``text``, which was written in YAML style ``style`` (``"`` for double quotes)."""
    if style == '"':
        lost = next((character for character in text if character in _ESCAPED_LATEX), None)
        if lost is not None or ("$" in text and _BROKEN_BY_NEWLINE.search(text)):
            escape = _ESCAPED_LATEX[lost] if lost is not None else r"\n"
            yield (
                "escape",
                _DOUBLE_QUOTES_STANDS_CHARACTER(escape=escape, name=_name(lost or chr(10))),
                _WRITE_LATEX_SINGLE_QUOTES(),
            )
            return
    odd = _ODD.search(text)
    if odd:
        yield "odd-character", _TEXT_HOLDS(name=_name(odd.group())), _DELETE_IF_MEANT()
    if maths and "$" in text:
        yield from islice(_maths_problems(text), 1)


def _name(character: str) -> str:
    known = _NAMES.get(character) or unicodedata.name(character, _CONTROL_CHARACTER())
    return f"{known} (U+{ord(character):04X})"


def _maths_problems(text: str) -> Iterator[Slip]:
    """Maths that is not closed, or whose braces do not match."""
    opened = ""
    begin = 0
    for token in _MATHS.finditer(text):
        mark = token.group(1)
        if not mark:
            continue
        if not opened:
            opened, begin = mark, token.end()
        elif mark == opened:
            formula = text[begin : token.start()]
            opened = ""
            if not formula.strip():
                yield "maths", _NOTHING_STANDS_BETWEEN(mark=mark, mark_2=mark), _DOLLAR_SIGN_WRITTEN()
            else:
                yield from _brace_problems(formula)
        elif opened == "$":
            # "$a$$b$": the first dollar closes, the second opens.
            yield from _brace_problems(text[begin : token.start()])
            begin = token.end()
    if opened:
        yield (
            "maths",
            _OPENED_NEVER_CLOSED(opened=opened, excerpt=_excerpt(text, begin - len(opened))),
            _CLOSE_DOLLAR_SIGN_WRITTEN(),
        )


def _brace_problems(formula: str) -> Iterator[Slip]:
    depth = 0
    for character in re.sub(r"\\.|<<.*?>>", "", formula, flags=re.DOTALL):
        depth += (character == "{") - (character == "}")
        if depth < 0:
            break
    if depth:
        which = "} without {" if depth < 0 else "{ without }"
        yield "maths", _FORMULA(which=which, excerpt=_excerpt(formula, 0)), ""


def _excerpt(text: str, start: int) -> str:
    """The text from ``start``, cut short and made harmless for a message."""
    return quoted(" ".join(text[start : start + 60].split()))
