"""Text as search sees it: no capitals, no accents, one width, one blank between words."""

from __future__ import annotations

import unicodedata

from studyapp.cards.card import Card
from studyapp.cards.fields import searched_texts
from studyapp.kinds import kind_of


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
        pieces.extend(searched_texts(version))
    return fold("\n".join(pieces))


def title_of(card: Card) -> str:
    """The card's question (or cloze text) as one short line for lists."""
    line = " ".join(kind_of(card).heading(card).split())
    return line if len(line) <= 120 else line[:119] + "…"
