"""From text to tokens: ASCII, Unicode signs, full-width forms and LaTeX habits come out alike.

Every token keeps the column where it began in the text as typed, so that an error points at the right place.
"""

from __future__ import annotations

import math
import re
import unicodedata

from msgspec import Struct

from studyapp.formula.errors import ExpressionError
from studyapp.formula.signs import (
    COMMAND_SIGNS,
    DASHES,
    FRACTIONS,
    IGNORED_COMMANDS,
    MATRICES,
    NAME_COMMANDS,
    SIGNS,
    SUPERSCRIPTS,
)
from studyapp.formula.spelling import ACCENTS, GREEK, GREEK_NAMES, LATEX_ACCENTS, SUBSCRIPTS
from studyapp.locale.message import Message

_NO_DIGIT = Message("a digit belongs before or after this point")
_UNDERSCORE = Message("write the number without the underscore")
_TOO_LARGE = Message("this number is too large")
_TWO_POINTS = Message("a number has one decimal point")
_POINT_BEHIND_NAME = Message("nothing can be reached through a point behind a name")
_BRACE_OPEN = Message("this brace is not closed")
_NO_INDEX = Message("an index is missing after _")
_ENVIRONMENT = Message("\\begin{{{environment}}} cannot be read here: only matrices can")
_NO_COMMAND = Message("a command is missing after the backslash")
_NO_BRACES = Message("\\{command} needs its text in braces")
_NO_LETTER = Message("a letter is missing under the {mark}")
_DECIMAL_POINT = Message("a decimal point is written “.”")
_QUOTE_OPEN = Message("this {quote} is not closed")
_WRITE_OUT = Message("{sign} cannot be read: write the terms out")
_UNREADABLE = Message("{sign} cannot be read here")
_FACTORIAL = Message("factorials cannot be read: write the product out")
_NO_MEANING = Message("the sign {sign} means nothing in an answer")


class Token(Struct, frozen=True):
    """One token. ``kind`` is ``number``, ``name``, ``string``, ``operator``, ``open``, ``close``, ``bar``, ``comma``,
    ``row`` (the end of a matrix row), ``fraction`` (LaTeX's), ``root`` or ``end``."""

    kind: str
    text: str
    at: int
    spaced: bool = False
    """Whether blanks stand before it."""


_NUMBER = re.compile(r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_LATIN = re.compile(r"_?[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*|_")
_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_POSITIVE_PART = re.compile(r"_(?:\+|\{\+\})")
_LIBRARY = re.compile(r"(?:np|numpy|jnp|math|torch|tf)\.(?=[A-Za-z])")
_GLUED_DECIMAL = re.compile(r"(?:ln|exp|sqrt|tanh|cosh|sinh|tan|cos|sin)(?=\d+\.\d)")
_COMMAND = re.compile(r"[A-Za-z]+")
_OPEN = {"(": ")", "[": "]", "{": "}"}


_INVISIBLE_SIGNS = {"\u2061": " ", "\u2062": "*", "\u2063": ",", "\u2064": "+"}
"""What MathML writes between letters without showing it: a function applied, a product, a comma, a sum."""


def is_invisible(character: str) -> bool:
    """Whether a character only steers how text is laid out: zero-width blanks, soft hyphens, marks of direction."""
    return unicodedata.category(character) == "Cf" and character not in _INVISIBLE_SIGNS


def _plain(text: str) -> str:
    """The text with full-width and mathematical letters and digits and with every dash as ASCII, one character for
    each character."""
    if text.isascii():
        return text
    plain: list[str] = []
    for character in text:
        if character in DASHES:
            plain.append("-")
        elif character in _INVISIBLE_SIGNS:
            plain.append(_INVISIBLE_SIGNS[character])
        elif "！" <= character <= "～":
            plain.append(chr(ord(character) - 0xFEE0))
        elif "\U0001d400" <= character <= "\U0001d7ff":
            letter = unicodedata.normalize("NFKC", character)
            plain.append(letter if len(letter) == 1 else character)
        else:
            plain.append(character)
    return "".join(plain)


class _Scanner:
    """One pass over the text, left to right."""

    def __init__(self, text: str) -> None:
        self.original = text
        self.text = _plain(text)
        self.at = 0
        self.spaced = False
        self.tokens: list[Token] = []

    def scan(self) -> list[Token]:
        while self.at < len(self.text):
            self.step()
        self.emit("end", "", len(self.text))
        return self.tokens

    def emit(self, kind: str, text: str, at: int) -> None:
        self.tokens.append(Token(kind, text, at, self.spaced))
        self.spaced = False

    def step(self) -> None:
        character = self.text[self.at]
        if character in "\n\r":
            self.emit("row", "\n", self.at)
            self.at += 1
        elif character.isspace() or character == "$":
            self.spaced = True
            self.at += 1
        elif character.isascii() and (character.isdigit() or character == "."):
            self.number()
        elif character == "\\":
            self.command()
        elif character in SUPERSCRIPTS and character not in SIGNS:
            self.superscript()
        elif self.is_vulgar_fraction(character):
            self.vulgar_fraction()
        elif character.isalpha() or character == "_":
            self.name()
        else:
            self.sign()

    # ------------------------------------------------------------------ numbers

    def number(self) -> None:
        match = _NUMBER.match(self.text, self.at)
        if match is None:
            if self.text[self.at :].strip(" .") == "":  # a full stop at the end of the answer
                self.at = len(self.text)
                return
            raise ExpressionError(_NO_DIGIT(), self.at)
        end = match.end()
        if self.text[end : end + 1] == "_" and self.text[end + 1 : end + 2].isdigit():
            raise ExpressionError(_UNDERSCORE(), end)
        if math.isinf(float(match[0])):
            raise ExpressionError(_TOO_LARGE(), self.at)
        if match[0].endswith(".") and self.text[end:].strip() == "" and len(match[0]) > 1:
            self.emit("number", match[0][:-1], self.at)
        else:
            self.emit("number", match[0], self.at)
        self.at = end
        if self.text[end : end + 1] == "." and self.text[end + 1 : end + 2].isdigit():
            raise ExpressionError(_TWO_POINTS(), end)

    @staticmethod
    def is_vulgar_fraction(character: str) -> bool:
        return not character.isascii() and unicodedata.decomposition(character).startswith("<fraction>")

    def vulgar_fraction(self) -> None:
        """``½`` is ``(1/2)``; directly after a whole number it is added to it, as in ``2½``."""
        above, below = unicodedata.normalize("NFKC", self.text[self.at]).split("⁄")
        whole = None
        if self.tokens and not self.spaced:
            last = self.tokens[-1]
            if last.kind == "number" and last.at + len(last.text) == self.at and last.text.isdigit():
                whole = self.tokens.pop()
        at = self.at
        self.emit("open", "(", whole.at if whole else at)
        if whole is not None:
            self.emit("number", whole.text, whole.at)
            self.emit("operator", "+", at)
        self.emit("number", above or "1", at)
        self.emit("operator", "/", at)
        self.emit("number", below, at)
        self.emit("close", ")", at)
        self.at += 1

    def superscript(self) -> None:
        """``x⁻²`` is ``x^(-2)``."""
        start = self.at
        while self.at < len(self.text) and self.text[self.at] in SUPERSCRIPTS:
            self.at += 1
        inner = "".join(SUPERSCRIPTS[character] for character in self.text[start : self.at])
        self.emit("operator", "^", start)
        self.emit("open", "(", start)
        for token in tokenize(inner)[:-1]:
            self.emit(token.kind, token.text, start)
        self.emit("close", ")", start)

    # ------------------------------------------------------------------ names

    def name(self) -> None:
        """A run of Latin letters, digits and ``_``, or a single Greek letter; with its accents, indices and primes."""
        start = self.at
        positive_part = _POSITIVE_PART.match(self.text, start)
        if positive_part is not None and self.tokens and self.tokens[-1].kind in ("close", "bar"):
            self.emit("operator", "_+", start)
            self.at = positive_part.end()
            return
        library = _LIBRARY.match(self.text, start)
        if library is not None:  # np.exp is exp
            self.at = start = library.end()
        words = _CHINESE.match(self.text, start)
        if words is not None:
            self.at = words.end()
            self.name_tail()
            self.emit("name", self.text[start : self.at], start)
            return
        match = _LATIN.match(self.text, start)
        glued = _GLUED_DECIMAL.match(self.text, start)
        if glued is not None:
            self.at = glued.end()
        elif match is not None:
            self.at = match.end()
            if self.marks_follow() and self.at - start > 1 and "_" not in match[0]:
                # the mark belongs to the last letter: what stands before it is a name of its own
                before = self.text[start : self.at - 1]
                self.emit("name", before, start)
                start = self.at - 1
        else:
            self.at += 1
        self.name_tail()
        if self.text.startswith(".grad", self.at):
            self.at += len(".grad")
        elif self.text[self.at : self.at + 1] == "." and re.match(r"\.[^\W\d]", self.text[self.at : self.at + 2]):
            raise ExpressionError(_POINT_BEHIND_NAME(), self.at)
        self.emit("name", self.text[start : self.at], start)

    def marks_follow(self) -> bool:
        return self.at < len(self.text) and self.text[self.at] in ACCENTS

    def name_tail(self) -> None:
        """Step over what belongs to the name that was just read: accents, indices, primes."""
        while self.at < len(self.text):
            character = self.text[self.at]
            if unicodedata.combining(character) or character in "'′’" or character in SUBSCRIPTS:
                self.at += 1
            elif character == "_" and not self.text.startswith("_+", self.at):
                self.index()
            else:
                return

    def index(self) -> None:
        """An index written as ``_t``, ``_12`` or ``_{true}``."""
        start = self.at
        self.at += 1
        if self.text[self.at : self.at + 1] == "{":
            end = self.text.find("}", self.at)
            if end < 0:
                raise ExpressionError(_BRACE_OPEN(), self.at)
            self.at = end + 1
            return
        match = re.compile(r"[A-Za-z0-9]+").match(self.text, self.at)
        if match is not None:
            self.at = match.end()
        elif self.at < len(self.text) and (self.text[self.at].isalpha() or self.text[self.at] == "\\"):
            command = re.compile(r"\\?[^\W\d_]+").match(self.text, self.at)
            self.at = command.end() if command else self.at + 1
        else:
            raise ExpressionError(_NO_INDEX(), start)

    # ------------------------------------------------------------------ LaTeX

    def command(self) -> None:
        start = self.at
        match = _COMMAND.match(self.text, start + 1)
        if match is None:
            self.short_command()
            return
        word = match[0]
        self.at = match.end()
        if word in IGNORED_COMMANDS:
            self.spaced = True
            if word in ("left", "right") and self.text[self.at : self.at + 1] == ".":
                self.at += 1
        elif word in COMMAND_SIGNS:
            self.emit_sign(COMMAND_SIGNS[word], start)
        elif word in FRACTIONS:
            self.emit("fraction", word, start)
        elif word == "sqrt":
            self.emit("root", "sqrt", start)
        elif word in LATEX_ACCENTS:
            self.accent(LATEX_ACCENTS[word], start)
        elif word in NAME_COMMANDS:
            content = self.braced(word)
            self.emit("name", content.strip().replace(" ", ""), start)
        elif word in ("begin", "end"):
            environment = self.braced(word)
            if environment.rstrip("*") not in MATRICES:
                raise ExpressionError(_ENVIRONMENT(environment=environment), start)
            self.emit("open" if word == "begin" else "close", "[" if word == "begin" else "]", start)
        elif word in ("mathbb", "mathbbm"):
            self.emit("number" if self.braced(word) == "1" else "name", "1", start)
        else:
            spelled = {"varepsilon": "epsilon", "varphi": "phi", "infty": "inf", "lg": "lg"}.get(word, word)
            tail = self.at
            if spelled in GREEK_NAMES or spelled == "log":
                self.name_tail()
            self.emit("name", spelled + self.text[tail : self.at], start)

    def short_command(self) -> None:
        start = self.at
        following = self.text[start + 1 : start + 2]
        self.at += 2
        if following == "\\":
            self.emit("row", "\\\\", start)
        elif following in ("{", "}"):
            self.emit("open" if following == "{" else "close", "(" if following == "{" else ")", start)
        elif following in (",", ";", "!", ":", " ", "(", ")", "[", "]"):
            self.spaced = True
        elif following == "%":
            self.emit("operator", "%", start)
        elif following == "|":
            self.emit("bar", "‖", start)
        else:
            raise ExpressionError(_NO_COMMAND(), start)

    def braced(self, word: str) -> str:
        """The text of the brace group that must follow the command."""
        while self.text[self.at : self.at + 1] == " ":
            self.at += 1
        end = self.text.find("}", self.at)
        if self.text[self.at : self.at + 1] != "{" or end < 0:
            raise ExpressionError(_NO_BRACES(command=word), self.at)
        content = self.text[self.at + 1 : end]
        self.at = end + 1
        return content

    def accent(self, mark: str, start: int) -> None:
        """``\\hat{y}_i`` and ``\\hat y`` become the name ``y_hat`` with its index."""
        if self.text[self.at : self.at + 1] == "{":
            base = self.braced(mark)
        else:
            match = re.compile(r" *(\\[A-Za-z]+|[^\W\d_])").match(self.text, self.at)
            if match is None:
                raise ExpressionError(_NO_LETTER(mark=mark), self.at)
            base, self.at = match[1], match.end()
        tail = self.at
        self.name_tail()
        self.emit("name", f"{base.strip().lstrip(chr(92))}_{mark}{self.text[tail : self.at]}", start)

    # ------------------------------------------------------------------ signs

    def sign(self) -> None:
        start = self.at
        character = self.text[start]
        pair = self.text[start : start + 2]
        if pair in ("**", "==", "!=", "<=", ">="):
            self.at += 2
            self.emit("operator", "^" if pair == "**" else pair, start)
            return
        self.at += 1
        self.emit_sign(SIGNS.get(character, character), start)

    def emit_sign(self, sign: str, start: int) -> None:
        if sign in _OPEN:
            self.emit("open", sign, start)
        elif sign in ")]}":
            self.emit("close", sign, start)
        elif sign in ("+", "-", "*", "/", "^", "%", "<", ">", "<=", ">=", "!=", "=", "±"):
            self.emit("operator", sign, start)
        elif sign == "√":
            self.emit("root", "√", start)
        elif sign == "∛":
            self.emit("root", "cbrt", start)
        elif sign == "∞":
            self.emit("name", "inf", start)
        elif sign in ("|", "‖"):
            self.emit("bar", sign, start)
        elif sign in (",", "&"):
            self.emit("comma", sign, start)
        elif sign == ";":
            self.emit("row", ";", start)
        elif sign == "e":
            self.emit("name", "e", start)
        elif sign in ("'", '"'):
            self.string(sign, start)
        elif sign == ".":
            if self.text[self.at :].strip():
                raise ExpressionError(_DECIMAL_POINT(), start)
        else:
            self.refuse(sign, start)

    def string(self, quote: str, start: int) -> None:
        end = min(
            (found for mark in ("'", '"', "’", "”") if (found := self.text.find(mark, self.at)) >= 0),
            default=-1,
        )
        if end < 0:
            raise ExpressionError(_QUOTE_OPEN(quote=quote), start)
        self.emit("string", self.text[self.at : end], start)
        self.at = end + 1

    def refuse(self, sign: str, start: int) -> None:
        if sign in ("∑", "∏", "∫"):
            raise ExpressionError(_WRITE_OUT(sign=sign), start)
        if sign in GREEK:
            raise ExpressionError(_UNREADABLE(sign=sign), start)
        name = unicodedata.name(sign, "")
        shown = sign if sign.isprintable() else (name or f"U+{ord(sign):04X}")
        if sign == "!":
            raise ExpressionError(_FACTORIAL(), start)
        raise ExpressionError(_NO_MEANING(sign=shown), start)


def tokenize(text: str) -> list[Token]:
    """The tokens of ``text``, ended by one of kind ``end``.

    Raises:
        ExpressionError: a character that means nothing, or a LaTeX command without what must follow it.
    """
    if text.isascii() or not any(map(is_invisible, text)):
        return _Scanner(text).scan()
    places = [place for place, character in enumerate(text) if not is_invisible(character)]
    places.append(len(text))
    try:
        tokens = _Scanner("".join(text[place] for place in places[:-1])).scan()
    except ExpressionError as error:
        raise ExpressionError(error.message, places[error.column]) from None
    return [Token(token.kind, token.text, places[token.at], token.spaced) for token in tokens]
