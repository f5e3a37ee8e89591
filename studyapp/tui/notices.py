"""What notices say: of the reading of deck files, and of what an undo takes back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from studyapp.deck.bank import Bank, UnknownCard
from studyapp.deck.deck_files import EDITED
from studyapp.forms.problem import Problem, with_hint
from studyapp.kinds import kind_of
from studyapp.locale.message import Message
from studyapp.locale.sentences import LIST_COMMA, join_sentences
from studyapp.sanitizing import sanitize
from studyapp.schedule.undone import undo_asked, undone_words
from studyapp.session import what_was_done
from studyapp.store.log import Entry
from studyapp.tui.card_text import card_title
from studyapp.tui.text import shortened

_GONE_FILE = Message("{file} is gone.")
_LEFT_OUT = Message("{file} is left out: another deck has its name.")
_CANNOT_BE_READ = Message("{file} cannot be read: line {line}.")
_READ_AGAIN, _GONE = Message("Read again: {names}."), Message("Gone: {names}.")
_READ_IN_PART = Message("Read in part: {names}.")
_MORE_UNREAD = Message("{count} more cannot be read.", "{count} more cannot be read.")
_P_SHOWS, _UNCHANGED = Message("p shows what is wrong."), Message("No deck has changed.")
_LINE = Message("Line {line} cannot be read: {problem}; {then}.")
_MORE_PROBLEMS = Message("{count} more problem in the file.", "{count} more problems in the file.")
_OPENS_AGAIN = Message("{key} opens it again.")
_OTHER_KEEPS_ID = Message("the card is left out, the other one keeps the id")
_UNTRANSLATED = Message("what it translates is shown untranslated")
_OLD_TEXT, _CARD_LEFT_OUT = Message("the old text is kept"), Message("the card is left out until that is fixed")
_ORIGINAL_ASKED = Message("the original is asked until that is fixed")
_NO_CARD = Message("no card of the file can be studied until that is fixed")
_YOURS = Message("This card is now yours: your version is asked from now on; {key} takes it back.")
_AND_MORE = Message("{names} and {count} more", "{names} and {count} more")

MOST_NAMED = 3
"""Files that are named; of more there is a count."""

LONGEST = 40
"""Cells of a card's first words."""


def cannot_be_read(problem: Problem) -> str:
    """``mine.yaml cannot be read: line 3.``, for a file of which no card can be studied."""
    file = sanitize(problem.path.name)
    if problem.code == "no-file":
        return _GONE_FILE(file=file)
    if problem.code == "duplicate-deck":
        return _LEFT_OUT(file=file)
    return _CANNOT_BE_READ(file=file, line=problem.line)


def read_again(bank: Bank, changed: Collection[str]) -> str:
    """What a look at the files has found; ``changed`` is as `Bank.refresh` returns it."""
    left_out = bank.left_out()
    wrong = {problem.path for problem in bank.problems() if problem.severity == "error"}
    decks = [deck for deck in bank.decks() if deck.name in changed]
    read = sorted(deck.name for deck in decks if deck.path not in wrong)
    gone = set(changed) - {deck.name for deck in bank.decks()} - {problem.path.name for problem in left_out}
    parts = [_READ_AGAIN(names=_named(read))] if read else []
    parts += [_GONE(names=_named(sorted(gone)))] if gone else []
    partly = sorted(deck.path.name for deck in bank.decks() if deck.path in wrong)
    parts += [_READ_IN_PART(names=_named(partly))] if partly else []
    parts += [cannot_be_read(problem) for problem in left_out[:MOST_NAMED]]
    if len(left_out) > MOST_NAMED:
        parts.append(_MORE_UNREAD(count=len(left_out) - MOST_NAMED))
    if left_out or partly:
        parts.append(_P_SHOWS())
    return join_sentences(*parts) if changed else join_sentences(_UNCHANGED(), *parts)


def after_editing(bank: Bank, path: Path, opens_again: str) -> str:
    """What is wrong in a deck file that was just edited, what becomes of it, and the key that opens it again.

    Empty where nothing is wrong.
    """
    errors = [problem for problem in bank.problems() if problem.path == path and problem.severity == "error"]
    if not errors:
        return ""
    first = errors[0]
    words = _LINE(line=first.line, problem=with_hint(first.message, first.hint), then=_what_becomes(bank, first))
    more = _MORE_PROBLEMS(count=len(errors) - 1) if len(errors) > 1 else ""
    return join_sentences(words, more, _OPENS_AGAIN(key=opens_again) if opens_again else "")


def _what_becomes(bank: Bank, problem: Problem) -> str:
    """What is studied in place of what cannot be read."""
    if problem.code == "duplicate-id":
        return _OTHER_KEEPS_ID()
    if bank.library.home / EDITED in problem.path.parents:
        return _ORIGINAL_ASKED()
    is_deck = any(deck.path == problem.path for deck in bank.decks())
    if not is_deck and all(problem.path != other.path for other in bank.left_out()):
        return _UNTRANSLATED()
    if problem.card_id is not None:
        return _OLD_TEXT() if problem.card_id in bank else _CARD_LEFT_OUT()
    if is_deck:
        return _OLD_TEXT()
    return _NO_CARD()


def _named(names: list[str]) -> str:
    shown = LIST_COMMA().join(sanitize(name) for name in names[:MOST_NAMED])
    return _AND_MORE(names=shown, count=len(names) - MOST_NAMED) if len(names) > MOST_NAMED else shown


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


def yours_text(key: str, language: str) -> str:
    """What is said after a bundled card was edited; ``key`` takes the user's version back."""
    return _YOURS.to(language, key=key)
