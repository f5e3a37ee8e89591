"""Text as search sees it: no capitals, no accents, one width, one blank between words and none beside Chinese."""

from __future__ import annotations

import re
import unicodedata

from studyapp.cards.card import Card
from studyapp.cards.fields import searched_texts
from studyapp.kinds import kind_of
from studyapp.kinds.drawn_texts import has_drawn_texts, open_heading

_BESIDE_CHINESE = re.compile(r"(?<=[\u3000-\u303f\u3400-\u9fff]) | (?=[\u3000-\u303f\u3400-\u9fff])")


def fold(text: str) -> str:
    """``text`` with everything removed that a search should not mind.

    >>> fold("Šigmoid  ＢＣＥ")
    'sigmoid bce'
    >>> fold("KL 散度")
    'kl散度'
    """
    if text.isascii():
        return " ".join(text.casefold().split())
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _BESIDE_CHINESE.sub("", " ".join(plain.casefold().split()))


def searched_text(*cards: Card) -> str:
    """The folded text by which a card is found: its words in every language, its id, tags and points."""
    card = cards[0]
    pieces = [card.id, *card.tags, *card.covers, card.loss]
    for version in cards:
        pieces.extend(searched_texts(version))
    return fold("\n".join(pieces))


def title_of(card: Card) -> str:
    """The card's question (or cloze text) as one short line for lists."""
    heading = kind_of(card).heading(card)
    line = " ".join((open_heading(card, heading) if has_drawn_texts(card) else heading).split())
    return line if len(line) <= 120 else line[:119] + "…"
