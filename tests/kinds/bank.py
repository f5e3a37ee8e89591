"""Every card of the bundled decks, for tests that hold for all of them."""

from __future__ import annotations

from functools import cache

from studyapp.cards.card import Card
from studyapp.deck.check import check
from studyapp.deck.overlay import fit
from studyapp.folders import content_folder


@cache
def bundled(language: str = "en") -> tuple[Card, ...]:
    """All bundled cards, in a language."""
    cards: list[Card] = []
    for deck in check([content_folder()]).decks:
        overlay = next((one for one in deck.overlays if one.language == language), None)
        for card in deck.cards:
            cards.append((fit(card, overlay)[0] if overlay else None) or card)
    return tuple(cards)
