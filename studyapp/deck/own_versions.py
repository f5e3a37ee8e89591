"""The user's own versions of bundled cards.

An edit of a bundled card goes into a copy of that one card below the user's home (`edited/`), never into the
installation, which an update overwrites. The copy is asked instead of its original until it is taken back. Beside it
stands the original as it was then, so that a later change of it is noticed.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from studyapp.forms.problem import quoted
from studyapp.locale.message import Message

from .atomic import write_atomically
from .deck_files import DeckFile, find_deck_files, folder_of_own, original_of
from .file_text import UnreadableFile, read_text
from .overlay import ReadOverlay, parse_overlay
from .reader import ReadDeck, parse_deck

_HEAD = Message("Your version of the card {card}. It is asked instead of the card that comes with the app.")
_NOT_COPIED = Message("the card {card} cannot be copied out of {path}: write it into a deck of your own (studyapp new)")
_UNWRITTEN = Message("{path} cannot be written: {why}")
_UNREADABLE = Message("{path} cannot be read: {why}")

_TAKEN_BACK = ".taken-back"
_ENTRY = re.compile(r"^ {2}([\w.-]+):", re.MULTILINE)
_CARDS = re.compile(r"^cards:[ \t]*(?:#.*)?$", re.MULTILINE)


class OwnVersionError(Exception):
    """An own version cannot be made or taken back; the message says why."""


class OwnFiles(Struct, frozen=True):
    """The files of one own version: the card, and its translations by language."""

    card_id: str
    deck_file: DeckFile
    path: Path

    @property
    def present(self) -> DeckFile | None:
        """What is there of it now; None without an own version."""
        return next(iter(find_deck_files(self.path, bundled=False)), None)

    def file_for(self, language: str) -> Path:
        """The file with the words that are shown in ``language``."""
        present = self.present
        return dict(present.overlays).get(language, self.path) if present is not None else self.path


def own_files(deck_file: DeckFile, home: Path, card_id: str) -> OwnFiles:
    """The files of an own version of a bundled card, whether there is one or not."""
    return OwnFiles(card_id, deck_file, folder_of_own(deck_file, home) / f"{card_id}.yaml")


def begin(files: OwnFiles) -> None:
    """Copies the card out of its bundled deck, where there is no own version yet, and notes the original as it is now.

    Raises:
        OwnVersionError: the deck cannot be read, the card cannot be cut out of it, or the copy not be written.
    """
    original = _original(files)
    try:
        for path, text in original.items():
            noted = original_of(path)
            noted.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomically(noted, text)
        if files.present is None:
            for path, text in reversed(original.items()):  # the card last: without it the rest has no effect
                write_atomically(path, text)
    except OSError as error:
        raise OwnVersionError(_UNWRITTEN(path=error.filename or files.path, why=error.strerror)) from None


def first_line(path: Path) -> int:
    """The line at which the card begins in a file of an own version, or its words in a translation."""
    try:
        text = _text(path)
    except OwnVersionError:
        return 1
    found = _CARDS.search(text)
    return text.count("\n", 0, found.start()) + 2 if found else 1


def settle(files: OwnFiles) -> bool:
    """Whether there is an own version that differs from its original; one that does not is deleted.

    Raises:
        OwnVersionError: a file cannot be read or deleted.
    """
    present = files.present
    if present is None:
        return False
    try:
        if any(_text(path) != _text(original_of(path)) for path in present.all_paths if original_of(path).exists()):
            return True
        for path in present.all_paths:
            path.unlink()
            original_of(path).unlink(missing_ok=True)
    except OSError as error:
        raise OwnVersionError(_UNWRITTEN(path=files.path, why=error.strerror)) from None
    return False


def take_back(files: OwnFiles) -> Path | None:
    """Puts an own version aside, so that the original is asked again. Where it lies now; None without one.

    Raises:
        OwnVersionError: it cannot be moved.
    """
    present = files.present
    if present is None:
        return None
    aside = files.path.parent / _TAKEN_BACK
    try:
        aside.mkdir(mode=0o700, exist_ok=True)
        for path in present.all_paths:  # the card first: without it the rest has no effect
            os.replace(path, aside / path.name)
            original_of(path).unlink(missing_ok=True)
    except OSError as error:
        raise OwnVersionError(_UNWRITTEN(path=aside, why=error.strerror)) from None
    return aside / files.path.name


def compared(files: OwnFiles) -> tuple[str, ...]:
    """How an own version differs from the original as it is now: lines that are gone (`-`) and that came (`+`).

    Raises:
        OwnVersionError: a file cannot be read.
    """
    lines: list[str] = []
    for path, original in _original(files).items():
        if path.exists():
            own = _text(path)
            difference = difflib.unified_diff(_card_lines(original), _card_lines(own), n=0, lineterm="")
            lines += (line for line in difference if line.rstrip() not in ("---", "+++") and line[:2] != "@@")
    return tuple(lines)


def _card_lines(text: str) -> list[str]:
    found = _CARDS.search(text)
    return text[found.end() :].strip("\n").split("\n") if found else text.split("\n")


def _original(files: OwnFiles) -> dict[Path, str]:
    """The texts of the files that an own version begins with: the card, then its translations."""
    card_id, deck = files.card_id, files.deck_file.path
    text = _text(deck)
    card = cut_card(text, parse_deck(text, deck), card_id)
    if card is None:
        raise OwnVersionError(_NOT_COPIED(card=quoted(card_id), path=deck))
    texts = {files.path: card}
    for language, path in files.deck_file.overlays:
        text = _text(path)
        read = parse_overlay(text, path)
        words = cut_words(text, read, card_id)
        if words is not None:
            texts[files.path.with_name(f"{card_id}.{language}.yaml")] = words
        elif card_id in read.words:
            raise OwnVersionError(_NOT_COPIED(card=quoted(card_id), path=path))
    return texts


def cut_card(text: str, read: ReadDeck, card_id: str) -> str | None:
    """The text of a deck of that one card, as it is written in ``text``, which ``read`` was read from.

    None where it cannot be cut out so that it means the same.
    """
    line = read.lines.get(card_id)
    if line is None or read.deck is None:
        return None
    following = min((other for other in read.lines.values() if other > line), default=None)
    cut = _cut(text, card_id, line, following)
    again = parse_deck(cut, read.path)
    wanted = [card for card in read.deck.cards if card.id == card_id]
    same = again.deck is not None and not again.problems and list(again.deck.cards) == wanted
    return cut if same else None


def cut_words(text: str, read: ReadOverlay, card_id: str) -> str | None:
    """The text of a translation of that one card; None where there is none, or where it cannot be cut out."""
    if card_id not in read.words:
        return None
    starts = {found[1]: text.count("\n", 0, found.start()) + 1 for found in _ENTRY.finditer(text)}
    line = starts.get(card_id)
    if line is None:
        return None
    following = min((other for other in starts.values() if other > line), default=None)
    cut = _cut(text, card_id, line, following)
    return cut if parse_overlay(cut, read.path).words == {card_id: read.words[card_id]} else None


def _cut(text: str, card_id: str, line: int, following: int | None) -> str:
    """The head of a file, and of its cards the one that begins at ``line``."""
    found = _CARDS.search(text)
    lines = text.split("\n")[line - 1 : None if following is None else following - 1]
    head = text[: found.start()].rstrip("\n") if found else ""
    return "\n".join((f"# {_HEAD(card=card_id)}", head, "cards:", *_without_end(lines), ""))


def _without_end(lines: Sequence[str]) -> Iterator[str]:
    """The lines of a card without the blank lines and comments between it and the next."""
    last = max(index for index, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#"))
    yield from lines[: last + 1]


def _text(path: Path) -> str:
    try:
        return read_text(path)[0]
    except UnreadableFile as error:
        raise OwnVersionError(_UNREADABLE(path=path, why=error.message)) from None
