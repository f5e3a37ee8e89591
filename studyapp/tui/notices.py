"""What notices say: of the reading of deck files, and of what an undo takes back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from studyapp.deck.bank import Bank, UnknownCard
from studyapp.deck.counted import counted
from studyapp.forms.problem import Problem
from studyapp.kinds import kind_of
from studyapp.sanitizing import sanitize
from studyapp.schedule.undone import undo_asked, undone_words
from studyapp.session import what_was_done
from studyapp.store.log import Entry
from studyapp.tui.card_text import card_title
from studyapp.tui.text import shortened

MOST_NAMED = 3
"""Files that are named; of more there is a count."""

LONGEST = 40
"""Cells of a card's first words."""


def cannot_be_read(problem: Problem) -> str:
    """``cannot be read: line 3``, for a file of which no card can be studied."""
    if problem.code == "no-file":
        return "is gone"
    if problem.code == "duplicate-deck":
        return "is left out: another deck has its name"
    return f"cannot be read: line {problem.line}"


def read_again(bank: Bank, changed: Collection[str]) -> str:
    """What a look at the files has found; ``changed`` is as `Bank.refresh` returns it."""
    left_out = bank.left_out()
    wrong = {problem.path for problem in bank.problems() if problem.severity == "error"}
    decks = [deck for deck in bank.decks() if deck.name in changed]
    read = sorted(deck.name for deck in decks if deck.path not in wrong)
    gone = set(changed) - {deck.name for deck in bank.decks()} - {problem.path.name for problem in left_out}
    parts = [f"Read again: {_named(read)}."] if read else []
    parts += [f"Gone: {_named(sorted(gone))}."] if gone else []
    partly = sorted(deck.path.name for deck in bank.decks() if deck.path in wrong)
    parts += [f"Read in part: {_named(partly)}."] if partly else []
    parts += [f"{sanitize(problem.path.name)} {cannot_be_read(problem)}." for problem in left_out[:MOST_NAMED]]
    if len(left_out) > MOST_NAMED:
        parts.append(f"{len(left_out) - MOST_NAMED} more cannot be read.")
    if left_out or partly:
        parts.append("p shows what is wrong.")
    return " ".join(parts) if changed else " ".join(["No deck has changed.", *parts])


def after_editing(bank: Bank, path: Path, opens_again: str) -> str:
    """What is wrong in a deck file that was just edited, what becomes of it, and the key that opens it again.

    Empty where nothing is wrong.
    """
    errors = [problem for problem in bank.problems() if problem.path == path and problem.severity == "error"]
    if not errors:
        return ""
    first = errors[0]
    hint = f" ({first.hint})" if first.hint else ""
    words = f"Line {first.line} cannot be read: {first.message}{hint}; {_what_becomes(bank, first)}."
    if len(errors) > 1:
        words += f" {counted(len(errors) - 1, 'more problem')} in the file."
    return words + (f" {opens_again} opens it again." if opens_again else "")


def _what_becomes(bank: Bank, problem: Problem) -> str:
    """What is studied in place of what cannot be read."""
    if problem.code == "duplicate-id":
        return "the card is left out, the other one keeps the id"
    is_deck = any(deck.path == problem.path for deck in bank.decks())
    if not is_deck and all(problem.path != other.path for other in bank.left_out()):
        return "what it translates is shown untranslated"
    if problem.card_id is not None:
        return "the old text is kept" if problem.card_id in bank else "the card is left out until that is fixed"
    if is_deck:
        return "the old text is kept"
    return "no card of the file can be studied until that is fixed"


def _named(names: list[str]) -> str:
    shown = ", ".join(sanitize(name) for name in names[:MOST_NAMED])
    return shown + (f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else "")


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
    return f"“{shortened(card_title(kind_of(card).heading(card), card.kind), LONGEST)}”"
