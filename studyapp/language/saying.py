"""Sentences that are said in the language of a card.

The English stands where it is said, as a constant of the module: ``TOO_LARGE = Saying("{number} is far too large.")``.
``TOO_LARGE(number=3)`` is the English text; `in_language` turns it into Chinese, together with all that was put into
it. What a card's author or the learner wrote is plain text and stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Self

ENGLISH, CHINESE = "en", "zh"

SAYINGS: dict[str, Saying] = {}
"""Every sentence of the modules imported so far, by its English."""

_NO_BLANK_AFTER = ("。", "！", "？", "；", "：", "，", "）", "”")
_ENDS = (".", "!", "?", "…", "。", "！", "？", "”.")


class Said(str):
    """A text in one language that can be said again in another."""

    __slots__ = ("tell",)
    tell: Callable[[str], str]
    """The text in a language."""

    def __new__(cls, tell: Callable[[str], str], language: str = ENGLISH) -> Self:
        said = super().__new__(cls, tell(language))
        said.tell = tell
        return said

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """A copy, and what is written to disk, is plain text."""
        return str, (str(self),)


class Saying:
    """A sentence with placeholders as in ``str.format``; what fills them is said in the same language."""

    def __init__(self, english: str) -> None:
        self.english = english
        SAYINGS[english] = self

    def __call__(self, **values: object) -> Said:
        """The sentence in English."""
        return Said(lambda language: self.to(language, **values))

    def to(self, language: str, **values: object) -> str:
        """The sentence in a language."""
        if not is_chinese(language):
            return self.english.format(**values)  # what was said and is put into it was said in English
        from studyapp.language.chinese import SENTENCES

        told = {
            name: in_language(value, language) if isinstance(value, Said) else value for name, value in values.items()
        }
        return SENTENCES.get(self.english, self.english).format(**told)


def is_chinese(language: str) -> bool:
    """Whether a language is Chinese. Whoever asks for any other is spoken to in English."""
    return language.startswith(CHINESE)


def in_language(text: str, language: str) -> str:
    """What was said, in a language; a text that nobody can say otherwise stays as it is."""
    return Said(text.tell, language) if isinstance(text, Said) else text


def together(*pieces: str, gap: str = " ") -> str:
    """Sentences one after the other; empty ones are left out. After Chinese signs there is no blank."""

    def tell(language: str) -> str:
        text = ""
        for piece in filter(None, (in_language(piece, language) for piece in pieces)):
            between = "" if not text or (gap == " " and text.endswith(_NO_BLANK_AFTER)) else gap
            text += between + piece
        return text

    return Said(tell)


def all_of(names: Sequence[str]) -> str:
    """Names in a row: ``a``, ``a and b``, ``a, b and c``."""

    def tell(language: str) -> str:
        comma, last = ("、", "和") if is_chinese(language) else (", ", " and ")
        told = [in_language(name, language) for name in names]
        return last.join([comma.join(told[:-1]), told[-1]]) if len(told) > 1 else "".join(told)

    return Said(tell)


def sentence(text: str) -> str:
    """The text as a sentence: with a capital, unless it begins with a quotation or a name, and with a full stop."""
    return Said(lambda language: _as_sentence(in_language(text, language).strip(), language))


def _as_sentence(text: str, language: str) -> str:
    if is_chinese(language):
        return text if text.endswith(_ENDS) else f"{text}。"
    first = text.split(" ", 1)[0]
    if text and text[0].islower() and first.isalpha() and len(first) > 1:
        text = text[0].upper() + text[1:]
    elif text.startswith("a "):
        text = "A" + text[1:]
    return text if text.endswith(_ENDS) else f"{text}."
