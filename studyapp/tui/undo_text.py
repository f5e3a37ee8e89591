"""What an undo has taken back, in the words of the card."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from studyapp.cards.card import ClozeCard
from studyapp.deck.bank import Bank, UnknownCard
from studyapp.schedule.undone import undo_asked, undone_words
from studyapp.session import what_was_done
from studyapp.store.log import Entry
from studyapp.tui.card_text import card_title
from studyapp.tui.text import shortened

LONGEST = 40
"""Cells of a card's first words."""


def undone_text(bank: Bank, card_id: str, did: str, language: str) -> str:
    """``Undone: Good on “Define binary cross-entropy…”.``; ``did`` is as in `studyapp.session.Undone`."""
    return undone_words(did, first_words(bank, card_id, language), language)


def older_text(bank: Bank, entry: Entry, now: datetime, language: str) -> str:
    """What is asked before an undo takes back something from before: when and what that was."""
    offset = timedelta(minutes=entry.utc_offset)
    words = first_words(bank, entry.card_id, language)
    return undo_asked(what_was_done(entry), words, entry.at + offset, now + offset, "u", language)


def first_words(bank: Bank, card_id: str, language: str) -> str:
    """How a card begins, in quotation marks; a card that is in no deck any more is called by its id."""
    try:
        card = bank.card(card_id, language)
    except UnknownCard:
        return f"“{card_id}”"
    text = card.question or (card.text if isinstance(card, ClozeCard) else card_id)
    text = re.sub(r"<<.*?>>|(?<![\\{])\{[^{}]*\}(?!\})", "…", text) if "$" not in text else text
    return f"“{shortened(card_title(text), LONGEST)}”"
