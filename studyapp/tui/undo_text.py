"""What an undo has taken back, in the words of the card."""

from __future__ import annotations

import re

from studyapp.deck.bank import Bank, UnknownCard
from studyapp.deck.card import ClozeCard
from studyapp.tui.card_text import card_title
from studyapp.tui.text import shortened

LONGEST = 40
"""Cells of a card's first words."""

_NOUNS = {
    "bury": "bury of",
    "unbury": "return of",
    "suspend": "suspend of",
    "unsuspend": "resume of",
    "flag": "flag on",
    "unflag": "taking the flag off",
    "reset": "reset of",
}


def undone_text(bank: Bank, card_id: str, did: str, language: str) -> str:
    """``Undone: Good on “Define binary cross-entropy…”.``; ``did`` is as in `studyapp.session.Undone`."""
    return f"Undone: {_NOUNS.get(did, f'{did} on')} {first_words(bank, card_id, language)}."


def first_words(bank: Bank, card_id: str, language: str) -> str:
    """How a card begins, in quotation marks; a card that is in no deck any more is called by its id."""
    try:
        card = bank.card(card_id, language)
    except UnknownCard:
        return f"“{card_id}”"
    text = card.question or (card.text if isinstance(card, ClozeCard) else card_id)
    text = re.sub(r"<<.*?>>|(?<![\\{])\{[^{}]*\}(?!\})", "…", text) if "$" not in text else text
    return f"“{shortened(card_title(text), LONGEST)}”"
