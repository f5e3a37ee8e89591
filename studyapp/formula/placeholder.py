"""Placeholders in texts: ``{name}``, ``{expression:.4f}``, ``{share:%}``, ``{x:frac}`` and ``<<expression:3>>``.

``{…}`` counts outside of ``$…$`` only, so that LaTeX keeps its braces; ``<<…>>`` counts everywhere. ``{{`` and
``}}`` outside of maths are plain braces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from studyapp.formula.errors import ExpressionError
from studyapp.locale.message import Message

_PLACEHOLDER_CLOSED_MISSING = Message("this placeholder is not closed: “{closing}” is missing")
_PLACEHOLDER_EMPTY_PLAIN_BRACES = Message("this placeholder is empty; for plain braces write {{{{ }}}}")

_FORMAT = re.compile(r":\s*(\d{1,2}|\.\d{1,2}[fge%]|%|frac|table)\s*$")


class Placeholder(Struct, frozen=True):
    """One placeholder: the expression, how to format its value, and where the expression begins in the text.

    ``digits`` counts significant digits. ``form`` is a format like ``.4f``, ``%`` for a percentage, ``frac`` for a
    fraction, ``table`` for a matrix row by row. Neither means the plain value.
    """

    expression: str
    digits: int | None
    form: str
    at: int


def split_placeholders(text: str, doubles: bool = False) -> Iterator[str | Placeholder]:
    """The text in pieces: literal strings and placeholders, in order.

    With ``doubles`` two braces mean something to the card, as the gaps of a cloze do, and stay as they are.

    Raises:
        ExpressionError: a placeholder that is not closed, or empty.
    """
    literal: list[str] = []
    position, maths = 0, ""
    while position < len(text):
        pair = text[position : position + 2]
        if pair == "<<":
            placeholder, position = _read(text, position, "<<", ">>")
            if literal:
                yield "".join(literal)
                literal = []
            yield placeholder
        elif text[position] == "\\" and position + 1 < len(text):
            escaped = 3 if doubles and text.startswith("{{", position + 1) else 2
            literal.append(text[position : position + escaped])
            position += escaped
        elif text[position] == "$":
            sign = "$$" if pair == "$$" else "$"
            if not maths:
                maths = sign
            elif maths == sign or maths == "$":
                sign, maths = maths, ""
            literal.append(sign)
            position += len(sign)
        elif not maths and pair in ("{{", "}}"):
            literal.append(pair if doubles else pair[0])
            position += 2
        elif not maths and text[position] == "{":
            placeholder, position = _read(text, position, "{", "}")
            if literal:
                yield "".join(literal)
                literal = []
            yield placeholder
        else:
            literal.append(text[position])
            position += 1
    if literal:
        yield "".join(literal)


def _read(text: str, start: int, opening: str, closing: str) -> tuple[Placeholder, int]:
    end = text.find(closing, start)
    if end < 0:
        raise ExpressionError(_PLACEHOLDER_CLOSED_MISSING(closing=closing), start)
    inner = text[start + len(opening) : end]
    form = _FORMAT.search(inner)
    expression = inner[: form.start()] if form else inner
    at = start + len(opening) + len(expression) - len(expression.lstrip())
    if not expression.strip():
        raise ExpressionError(_PLACEHOLDER_EMPTY_PLAIN_BRACES(), start)
    digits = int(form[1]) if form and form[1].isdigit() else None
    shape = form[1] if form and not form[1].isdigit() else ""
    return Placeholder(expression.strip(), digits, shape, at), end + len(closing)


def fill(text: str, show: Callable[[Placeholder], str], doubles: bool = False) -> str:
    """The text with every placeholder replaced by what ``show`` makes of it."""
    return "".join(piece if isinstance(piece, str) else show(piece) for piece in split_placeholders(text, doubles))
