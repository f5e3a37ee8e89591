"""Sentences one after the other, names in a row, dates: joined as the current language joins them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from studyapp.locale.message import Message

_NEXT_SENTENCE = Message("{first} {second}")
_FULL_STOP = Message("{text}.")
LIST_COMMA = Message(", ")
"""Between the entries of a list."""

_MORE_NAMES = Message("{names}, {name}")
_LAST_NAME = Message("{names} and {name}")

_WIDE_SIGNS = ("。", "！", "？", "；", "：", "，", "）", "”")
"""After these there is no blank, in whatever language."""

_ENDS = (".", "!", "?", "…", "。", "！", "？", "”.")

_DATE = Message("{day} {month}")
_DATE_OF_YEAR = Message("{day} {month} {year}")
_MONTHS = (
    Message("January"), Message("February"), Message("March"), Message("April"), Message("May"), Message("June"),
    Message("July"), Message("August"), Message("September"), Message("October"), Message("November"),
    Message("December"),
)  # fmt: skip
_SHORT_MONTHS = (
    Message("Jan"), Message("Feb"), Message("Mar"), Message("Apr"), Message("May"), Message("Jun"),
    Message("Jul"), Message("Aug"), Message("Sep"), Message("Oct"), Message("Nov"), Message("Dec"),
)  # fmt: skip


def join_sentences(*sentences: str) -> str:
    """Sentences one after the other; empty ones are left out."""
    text = ""
    for one in filter(None, sentences):
        if not text:
            text = one
        elif text.endswith(_WIDE_SIGNS):
            text += one
        else:
            text = _NEXT_SENTENCE(first=text, second=one)
    return text


def join_names(names: Sequence[str]) -> str:
    """Names in a row: ``a``, ``a and b``, ``a, b and c``."""
    if len(names) < 2:
        return "".join(names)
    row = names[0]
    for name in names[1:-1]:
        row = _MORE_NAMES(names=row, name=name)
    return _LAST_NAME(names=row, name=names[-1])


def as_sentence(text: str) -> str:
    """The text as a sentence: with a full stop and, where that is a point, with a capital.

    A quotation, a name or a formula at the start stays as it is.
    """
    text = text.strip()
    ended = _FULL_STOP(text=text)
    if ended.endswith("."):
        text = _with_capital(text)
        ended = _FULL_STOP(text=text)
    return text if text.endswith(_ENDS) else ended


def _with_capital(text: str) -> str:
    first = text.split(" ", 1)[0]
    if text and text[0].islower() and first.isalpha() and len(first) > 1:
        return text[0].upper() + text[1:]
    return "A" + text[1:] if text.startswith("a ") else text


def date_text(day: date, year: bool = False) -> str:
    """A date in words: ``5 March``, with ``year`` ``5 March 2026``."""
    month = _MONTHS[day.month - 1]()
    return _DATE_OF_YEAR(day=day.day, month=month, year=day.year) if year else _DATE(day=day.day, month=month)


def short_date(day: date) -> str:
    """A date in few letters: ``5 Mar``."""
    return _DATE(day=day.day, month=_SHORT_MONTHS[day.month - 1]())
