"""Cards for tests, written as a deck file writes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from studyapp.cards.card import Card
from studyapp.deck.reader import parse_deck


def card(fields: dict[str, Any]) -> Card:
    """The card with these fields, read as from a deck file."""
    deck = {"deck": "test", "title": "Test", "language": "en", "cards": [fields]}
    read = parse_deck(json.dumps(deck, ensure_ascii=False), Path("test.yaml"))
    errors = [str(problem) for problem in read.problems if problem.severity == "error"]
    assert read.deck is not None and not errors, errors
    return read.deck.cards[0]
