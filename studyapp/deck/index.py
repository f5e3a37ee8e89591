"""Brings the index into agreement with the deck files: what has changed is read again, the rest is left
alone.

All of it happens in one transaction, so that another process sees the index before or after, never between.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TypeAlias

import msgspec
from msgspec import Struct

from studyapp.cards.card import BEYOND, Card
from studyapp.forms.problem import Problem, quoted
from studyapp.locale.message import Message

from .card_rows import PLACE_MASK, POSITION_BITS, CardRow, CardRows
from .choices import NO_CHOICE
from .deck_files import DeckFile, qualified_name
from .file_state import (
    Choices,
    FileStates,
    as_text,
    present_files,
    store_language,
    stored_choices,
    stored_files,
    told_otherwise,
)
from .fold import searched_text, title_of
from .overlay import ReadOverlay
from .read_files import ReadFiles, read_files
from .reader import OnProgress, ReadDeck

_DECK_NO_CARD = Message("the deck has no card {card_id}")
_CARD_STANDS_ALREADY_WHICH = Message("the card {card_id} stands at {first_path}:{first_line} already, which keeps it")
_ID_BELONGS_ONE_CARD = Message("an id belongs to one card: give this one another")
_DECK_DEFINED_ALREADY = Message("the deck {name} is defined in {path} already")
_GIVE_ONE_THEM_ANOTHER = Message("give one of them another name")

Progress: TypeAlias = Callable[[int, int], None]
"""Is called with how many bytes of deck files of how many have been read; both are the same at the end. What it raises
ends the reading, and the index is as it was."""

_READ, _MADE = 0.5, 0.75
"""The shares of the work on a file after its text is read, and after its cards are made into rows."""

_CHOICE = "enabled, chosen_order, new_per_day, reviews_per_day, desired_retention, beyond"


class _Deck(Struct, frozen=True):
    """The row of a deck, as far as the index needs it."""

    deck_id: int
    name: str
    path: str
    sort_order: float

    @property
    def before(self) -> tuple[float, str]:
        """The key by which decks are put in order."""
        return (self.sort_order, self.name)


def update(
    connection: sqlite3.Connection,
    files: Sequence[DeckFile],
    choices: Choices | None = None,
    progress: Progress | None = None,
) -> frozenset[str]:
    """Reads what has changed and returns the names of the decks that came, changed or went.

    A file that gives no deck is there by its file name, so that what is said of it is told again.

    Raises sqlite3.Error; the index is then as it was.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        changed = _Update(connection, files, choices or {}, progress or _ignore_progress).run()
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
    return changed


def _ignore_progress(_done: int, _total: int) -> None:
    """Tells nobody."""


class _Update:
    """One run over all files, inside a transaction."""

    def __init__(
        self, connection: sqlite3.Connection, files: Sequence[DeckFile], choices: Choices, progress: Progress
    ) -> None:
        self.connection = connection
        self.progress = progress
        self.choices = choices
        self.rows = CardRows(connection)
        self.files = {os.fspath(file.path): file for file in files}
        self.present = present_files(files)
        self.changed: set[str] = set()
        self.name_conflicts: set[str] = set()
        self.waiting: set[str] = set()
        """Files that are still to be read in this run."""
        self.retry_after: set[str] = set()
        """Files that lost a name to one that was still waiting, and that may have given it up since."""
        self.encode = msgspec.msgpack.Encoder().encode

    def run(self) -> frozenset[str]:
        """Brings everything up to date."""
        known: FileStates = stored_files(self.connection)
        name_conflicts = {row[0] for row in self.connection.execute("SELECT owner FROM file WHERE contested")}
        touched = {
            entry[0]
            for path in known.keys() | self.present.keys()
            if known.get(path) != self.present.get(path)
            for entry in (known.get(path), self.present.get(path))
            if entry is not None
        }
        touched |= told_otherwise(self.connection)
        if not touched and stored_choices(self.connection) == as_text(self.choices):
            return frozenset()
        for owner in sorted(touched - self.files.keys()):
            self._forget(owner)
        # What shares a name with another deck may gain or lose by any change, so it is read after the changes.
        changes = [path for path in self.files if path in touched]
        shared = [path for path in self.files if path in name_conflicts - touched]
        self.waiting = {*changes, *shared}
        sizes = {owner: self._size(self.files[owner]) for owner in (*changes, *shared)}
        done, total = 0, sum(sizes.values())
        for owner, size in sizes.items():
            self.waiting.discard(owner)
            self._read(self.files[owner], partial(self._tell, done, size, total))
            done += size
        for owner in sorted(self.retry_after):
            self._read(self.files[owner], lambda _share: self.progress(total, total))
        for owner in self.name_conflicts:
            self.connection.execute("UPDATE file SET contested = 1 WHERE owner = ?", (owner,))
        self._choose()
        self._rank()
        self._count()
        self.progress(total, total)
        return frozenset(self.changed)

    def _size(self, file: DeckFile) -> int:
        """The bytes of a deck file and its overlays."""
        return sum(max(0, self.present[os.fspath(path)][2].size) for path in file.all_paths)

    def _tell(self, done: int, size: int, total: int, share: float) -> None:
        """Reports a share of a file of ``size`` bytes, when ``done`` bytes of other files are read."""
        self.progress(done + int(share * size), total)

    def _read(self, file: DeckFile, on_progress: OnProgress) -> None:
        on_progress(0.0)
        owner = os.fspath(file.path)
        before = self._deck_of(owner)
        files = read_files(file, on_progress=lambda share: on_progress(_READ * share))
        read, overlays = files.read, files.overlays
        self.connection.execute("DELETE FROM problem WHERE owner = ?", (owner,))
        self.connection.execute("DELETE FROM file WHERE owner = ?", (owner,))
        for part in files.parts():
            path, seen = part.path, part.signature or self.present[os.fspath(part.path)][2]
            self.connection.execute(
                "INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, 0)",
                (os.fspath(path), owner, file.folder, seen.modified_ns, seen.size, seen.inode),
            )
        self._note(owner, files.problems)
        if read.deck is None:
            # A file that cannot be read at all leaves the last good cards in place.
            self.changed.add(before.name if before is not None else file.path.name)
            if before is not None and read.complete:
                self._forget_deck(before)
            return
        name = qualified_name(read.deck.deck, file.folder)
        other = self._deck_named(name)
        if other is not None and other.path != owner:
            if before is not None:
                self._forget_deck(before)
            self._contest(owner, other.path)
            self.changed.add(file.path.name)
            problem = Problem(
                file.path,
                1,
                1,
                "duplicate-deck",
                _DECK_DEFINED_ALREADY(name=quoted(name), path=other.path),
                hint=_GIVE_ONE_THEM_ANOTHER(),
            )
            self._note(owner, [problem])
            return
        if before is not None and before.name != name:
            self.changed.add(before.name)
        self.changed.add(name)
        languages = [read.deck.language]
        languages += [language for language, overlay in overlays if overlay.words]
        values = (
            name,
            read.deck.title,
            read.deck.description,
            owner,
            read.deck.order,
            read.deck.language,
            " ".join(dict.fromkeys(languages)),
            int(file.bundled),
        )
        if before is None:
            cursor = self.connection.execute(
                "INSERT INTO deck (name, title, description, path, sort_order, language, languages, bundled,"
                " rank, card_count, problem_count) VALUES (?, ?, ?, ?, ?, ?, ?, ?, -1, 0, 0)",
                values,
            )
            deck_id = int(cursor.lastrowid or 0)
        else:
            deck_id = before.deck_id
            self.connection.execute(
                "UPDATE deck SET name = ?, title = ?, description = ?, path = ?, sort_order = ?,"
                " language = ?, languages = ?, bundled = ? WHERE deck_id = ?",
                (*values, deck_id),
            )
        self.connection.execute("DELETE FROM deck_title WHERE deck_id = ?", (deck_id,))
        self.connection.executemany(
            "INSERT OR REPLACE INTO deck_title VALUES (?, ?, ?)",
            [(deck_id, language, overlay.title) for language, overlay in overlays if overlay.title],
        )
        deck = _Deck(deck_id, name, owner, read.deck.order)
        rows = []
        for row in self._card_rows(deck, files):
            rows.append(row)
            on_progress(_READ + (_MADE - _READ) * len(rows) / len(read.deck.cards))
        self.rows.replace(
            deck_id, rows, self._kept(deck_id, read), lambda share: on_progress(_MADE + (1.0 - _MADE) * share)
        )
        known = {*read.lines, *(problem.card_id for problem in read.problems if problem.card_id)}
        for _, overlay in overlays:
            self._note(owner, unknown_cards(overlay, known))
        self.connection.execute("UPDATE deck SET rank = -1 WHERE deck_id = ?", (deck_id,))

    def _kept(self, deck_id: int, read: ReadDeck) -> list[int]:
        """Cards of the last good reading that a half-written file no longer shows."""
        if read.complete:
            return []
        rows = self.connection.execute(
            "SELECT number, card_id FROM card WHERE deck_id = ? ORDER BY position", (deck_id,)
        )
        return [number for number, card_id in rows if card_id not in read.lines]

    def _card_rows(self, deck: _Deck, files: ReadFiles) -> Iterator[CardRow]:
        for place, card in self._kept_cards(deck, files.read):
            versions: list[Card] = [card]
            translations = []
            for language, _, localised, problems in files.translations(card):
                self._note(deck.path, problems)
                if localised is not None:
                    versions.append(localised)
                    translations.append((language, title_of(localised), self.encode(localised)))
            yield CardRow(
                card,
                place,
                files.read.lines[card.id],
                self.encode(card),
                searched_text(*versions),
                tuple(translations),
            )

    def _kept_cards(self, deck: _Deck, read: ReadDeck) -> Iterator[tuple[int, Card]]:
        """The cards that this deck may keep: an id belongs to the first deck in order that has it."""
        assert read.deck is not None
        for place, card in enumerate(read.deck.cards):
            row = self.connection.execute(
                "SELECT number, line, deck.deck_id, name, path, sort_order"
                " FROM card JOIN deck USING (deck_id) WHERE card_id = ?",
                (card.id,),
            ).fetchone()
            if row is None:
                yield place, card
                continue
            number, line, *columns = row
            other = _Deck(*columns)
            if other.deck_id == deck.deck_id:
                yield place, card
                continue
            if other.before < deck.before:
                self._contest(deck.path, other.path)
                self._note(deck.path, [_duplicate(card.id, deck.path, read.lines[card.id], other.path, line)])
                continue
            self._contest(other.path, deck.path)
            self._note(other.path, [_duplicate(card.id, other.path, line, deck.path, read.lines[card.id])])
            self.changed.add(other.name)
            self.rows.drop([number])
            yield place, card

    def _contest(self, loser: str, winner: str) -> None:
        """Notes that two files want the same name."""
        self.name_conflicts |= {loser, winner}
        if winner in self.waiting:
            self.retry_after.add(loser)

    def _forget(self, owner: str) -> None:
        """A file that is gone."""
        deck = self._deck_of(owner)
        if deck is not None:
            self._forget_deck(deck)
        else:
            self.changed.add(Path(owner).name)
        self.connection.execute("DELETE FROM file WHERE owner = ?", (owner,))
        self.connection.execute("DELETE FROM problem WHERE owner = ?", (owner,))

    def _forget_deck(self, deck: _Deck) -> None:
        self.changed.add(deck.name)
        self.rows.drop_deck(deck.deck_id)
        self.connection.execute("DELETE FROM deck WHERE deck_id = ?", (deck.deck_id,))

    def _choose(self) -> None:
        """Notes with each deck what was chosen for it."""
        rows = self.connection.execute(f"SELECT deck_id, name, {_CHOICE} FROM deck").fetchall()
        for deck_id, name, *old in rows:
            choice = self.choices.get(name, NO_CHOICE)
            new = [int(choice.enabled), choice.order, choice.new_per_day, choice.reviews_per_day]
            new += [choice.desired_retention, None if choice.beyond is None else int(choice.beyond)]
            if new != old:
                self.connection.execute(
                    f"UPDATE deck SET ({_CHOICE}) = (?, ?, ?, ?, ?, ?) WHERE deck_id = ?", (*new, deck_id)
                )
                if bool(choice.beyond) != bool(old[-1]):
                    self.rows.hold(deck_id, not choice.beyond)
                self.changed.add(name)
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES ('choices', ?)", (as_text(self.choices),))
        store_language(self.connection)

    def _rank(self) -> None:
        """Numbers the decks in their order and moves the cards of those whose number has changed."""
        rows = self.connection.execute(
            "SELECT deck_id, rank FROM deck ORDER BY coalesce(chosen_order, sort_order), name"
        ).fetchall()
        for rank, (deck_id, old) in enumerate(rows):
            if rank == old:
                continue
            self.connection.execute("UPDATE deck SET rank = ? WHERE deck_id = ?", (rank, deck_id))
            self.connection.execute(
                f"UPDATE card SET position = (position & {PLACE_MASK}) | ? WHERE deck_id = ?",
                (rank << POSITION_BITS, deck_id),
            )

    def _count(self) -> None:
        self.connection.execute(
            "UPDATE deck SET card_count = (SELECT count(*) FROM card WHERE card.deck_id = deck.deck_id),"
            " problem_count = (SELECT count(*) FROM problem WHERE owner = deck.path),"
            " beyond_count ="
            f" (SELECT count(*) FROM card WHERE card.deck_id = deck.deck_id AND instr(tags, ' {BEYOND} '))"
        )

    def _note(self, owner: str, problems: Iterable[Problem]) -> None:
        self.connection.executemany(
            "INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    owner,
                    os.fspath(problem.path),
                    problem.line,
                    problem.column,
                    problem.code,
                    problem.message,
                    problem.severity,
                    problem.card_id,
                    problem.hint,
                )
                for problem in problems
            ],
        )

    def _deck_of(self, path: str) -> _Deck | None:
        row = self.connection.execute(
            "SELECT deck_id, name, path, sort_order FROM deck WHERE path = ?", (path,)
        ).fetchone()
        return _Deck(*row) if row else None

    def _deck_named(self, name: str) -> _Deck | None:
        row = self.connection.execute(
            "SELECT deck_id, name, path, sort_order FROM deck WHERE name = ?", (name,)
        ).fetchone()
        return _Deck(*row) if row else None


def unknown_cards(overlay: ReadOverlay, ids: Iterable[str]) -> Iterator[Problem]:
    """Entries of an overlay for cards that its deck does not have."""
    from studyapp.forms.problem import did_you_mean

    known = set(ids)
    for card_id, node in overlay.nodes.items():
        if card_id not in known:
            yield Problem(
                overlay.path,
                node.line,
                node.column,
                "unknown-card",
                _DECK_NO_CARD(card_id=quoted(card_id)),
                "error",
                card_id,
                did_you_mean(card_id, known),
            )


def _duplicate(card_id: str, path: str, line: int, first_path: str, first_line: int) -> Problem:
    return Problem(
        Path(path),
        line,
        1,
        "duplicate-id",
        _CARD_STANDS_ALREADY_WHICH(card_id=quoted(card_id), first_path=first_path, first_line=first_line),
        "error",
        card_id,
        _ID_BELONGS_ONE_CARD(),
    )
