"""Every card of the bundled decks, for tests that hold for all of them."""

from __future__ import annotations

from functools import cache

from studyapp.cards.card import AnyCard, Card
from studyapp.deck.check import check
from studyapp.deck.overlay import localise
from studyapp.folders import content_folder


@cache
def bundled(language: str = "en") -> tuple[AnyCard, ...]:
    """All bundled cards, in a language."""
    cards: list[AnyCard] = []
    for deck in check([content_folder()]).decks:
        overlay = next((one for one in deck.overlays if one.language == language), None)
        for card in deck.cards:
            assert isinstance(card, Card)
            cards.append(localise(card, overlay.words[card.id]) if overlay else card)
    return tuple(cards)
