"""Text as search sees it: no capitals, no accents, one width, one blank between words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

import msgspec

from studyapp.cards.card import Card

_SEARCHED = (
    "question",
    "text",
    "answer",
    "points",
    "options",
    "steps",
    "distractors",
    "parts",
    "hints",
    "solution",
    "signature",
    "reference",
)


def fold(text: str) -> str:
    """``text`` with everything removed that a search should not mind.

    >>> fold("Šigmoid  ＢＣＥ")
    'sigmoid bce'
    """
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(text.casefold().split())


def searched_text(*cards: Card) -> str:
    """The folded text by which a card is found: its words in every language, its id, tags and points."""
    card = cards[0]
    pieces = [card.id, *card.tags, *card.covers, card.loss]
    for version in cards:
        for key in _SEARCHED:
            pieces.extend(_texts(getattr(version, key, None)))
    return fold("\n".join(pieces))


def title_of(card: Card) -> str:
    """The card's question (or cloze text) as one short line for lists."""
    text = str(getattr(card, "question", "") or getattr(card, "text", ""))
    line = " ".join(text.split())
    return line if len(line) <= 120 else line[:119] + "…"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, msgspec.Struct):
        for key in ("text", "ask", "why"):
            yield from _texts(getattr(value, key, None))
