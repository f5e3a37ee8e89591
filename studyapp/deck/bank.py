"""The bank of cards: every deck of the library behind one index, without holding the cards in memory.

Opening a bank whose files have not changed reads one row a file. A card is read when it is asked for.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import msgspec
from msgspec.structs import replace

from studyapp.cards.card import Card
from studyapp.forms.problem import Problem, Severity
from studyapp.kinds import kind_named
from studyapp.locale.message import Message
from studyapp.nearest import nearest, nearest_names

from .cache import Cache, CacheError
from .catalogue import DeckInfo, Entry, Location, UnknownCard, UnknownDeck
from .choices import DeckChoice
from .deck_files import DeckFile
from .file_state import Choices, as_text, present_files, stored_choices, stored_files, told_otherwise
from .library import Library, LibraryError

if TYPE_CHECKING:
    from .index import Progress
    from .own_versions import OwnFiles

_DECK_GONE = Message("this deck is gone")
_BRING_BACK_FORGET_STUDYAPP = Message("bring it back, or forget it: studyapp remove NAME")

__all__ = ["Bank", "DeckInfo", "Entry", "Location", "UnknownCard", "UnknownDeck"]

T = TypeVar("T")

_PAGE = 20_000
"""Rows read at once, so that a list of all cards never stands in memory."""


class Bank:
    """All decks of a library. Safe to use from several threads."""

    def __init__(self, library: Library, cache: Cache) -> None:
        self.library = library
        self._cache = cache
        self._lock = threading.RLock()
        self._decks: tuple[DeckInfo, ...] | None = None
        self._library_problems: tuple[Problem, ...] = ()
        self.generation = 0
        """Grows whenever a refresh has found changes; what was asked of the bank before may then be out of
        date."""

    @classmethod
    def open(
        cls, library: Library, cache_path: Path, *, refresh: bool = True, progress: Progress | None = None
    ) -> Bank:
        """Opens the index and brings it up to date; ``progress`` is told how many of how many bytes are read.

        Raises CacheError where no index can be written anywhere.
        """
        bank = cls(library, Cache.open(cache_path))
        if refresh:
            try:
                bank.refresh(progress)
            except BaseException:
                bank.close()
                raise
        return bank

    def close(self) -> None:
        """Closes the index."""
        with self._lock:
            self._cache.close()

    def __enter__(self) -> Bank:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def cache_path(self) -> Path:
        """The index file in use: the one asked for, or a temporary one where that cannot be written."""
        return self._cache.path

    def add(self, path: Path, progress: Progress | None = None) -> tuple[bool, frozenset[str]]:
        """Registers a deck file or a folder of decks and reads it: whether it is new to the library, and the names
        of the decks that came or changed.

        Raises LibraryError for what is no deck, CacheError, and whatever ``progress`` raises to stop the reading;
        the library and the index are then as they were.
        """
        with self._lock:  # nobody else reads what may be taken back
            added = self.library.add(path)
            try:
                return added, self.refresh(progress)
            except BaseException:
                if added:
                    self.library.forget(path)
                raise

    def refresh(self, progress: Progress | None = None) -> frozenset[str]:
        """Reads again what has changed, files and choices; returns the names of the decks that came, changed or
        went.

        Where another process is writing the index for long, this one goes on with what is there.
        """
        with self._lock:
            changed = self._try(lambda: self._refresh(progress))
            if changed:
                self._decks = None
                self.generation += 1
            return changed

    def _refresh(self, progress: Progress | None = None) -> frozenset[str]:
        files, choices, self._library_problems = self._files()
        connection = self._cache.connection
        same = stored_files(connection) == present_files(files) and stored_choices(connection) == as_text(choices)
        if same and not told_otherwise(connection):
            return frozenset()
        from .index import update

        try:
            return update(connection, files, choices, progress)
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                return frozenset()
            if _is_damage(error):
                raise
            return self._update_elsewhere(files, choices, error)

    def _update_elsewhere(self, files: Sequence[DeckFile], choices: Choices, reason: sqlite3.Error) -> frozenset[str]:
        """Where the index cannot be written (full disk, no permission) a temporary one serves for this run."""
        from .index import update

        try:
            if self._cache.temporary:
                raise reason
            self._cache.close()
            self._cache = Cache.open_temporary()
            self._decks = None
            return update(self._cache.connection, files, choices)
        except sqlite3.OperationalError as error:
            self._cache.close()
            raise CacheError(f"no index of the decks can be written: {error}; is the disk full?") from None

    def _files(self) -> tuple[tuple[DeckFile, ...], Choices, tuple[Problem, ...]]:
        try:
            files = self.library.deck_files()
            missing = self.library.missing()
        except LibraryError as error:
            return self.library.bundled_files(), {}, (self._trouble(error),)
        hint = _BRING_BACK_FORGET_STUDYAPP()
        problems = [Problem(path, 1, 1, "no-file", _DECK_GONE(), hint=hint) for path in missing]
        choices: Choices = {}
        try:
            choices = self.library.choices()
        except LibraryError as error:
            problems.append(self._trouble(error))
        return files, choices, tuple(problems)

    def _trouble(self, error: LibraryError) -> Problem:
        return Problem(self.library.home / "library.json", 1, 1, "library", str(error))

    def decks(self) -> tuple[DeckInfo, ...]:
        """Every deck, in the order in which they are studied."""
        known = self._decks
        if known is not None:  # without waiting for a reading that is under way
            return known
        with self._lock:
            if self._decks is None:
                self._decks = self._try(self._read_decks)
            return self._decks

    def _read_decks(self) -> tuple[DeckInfo, ...]:
        rows = self._cache.connection.execute(
            "SELECT name, title, description, path, sort_order, language, languages, card_count,"
            " problem_count, beyond_count, bundled, enabled, chosen_order, new_per_day, reviews_per_day,"
            " desired_retention, beyond"
            " FROM deck ORDER BY rank"
        )
        return tuple(
            DeckInfo(
                name,
                title,
                description,
                Path(path),
                order,
                language,
                tuple(languages.split()),
                cards,
                problems,
                bool(bundled),
                DeckChoice(bool(enabled), place, new, reviews, retention, None if opened is None else bool(opened)),
                beyond,
            )
            for (
                name, title, description, path, order, language, languages, cards, problems, beyond, bundled, enabled,
                place, new, reviews, retention, opened,
            ) in rows
        )  # fmt: skip

    def card(self, card_id: str, language: str = "en") -> Card:
        """The card, in ``language`` where there is a translation. Raises UnknownCard."""
        row = self._one(
            "SELECT kind, coalesce((SELECT payload FROM translation WHERE card_id = card.card_id AND language = ?),"
            " (SELECT payload FROM body WHERE number = card.number)) FROM card WHERE card_id = ?",
            (language, card_id),
        )
        if row is None:
            raise self._unknown_card(card_id)
        kind, payload = row
        return _decoder(kind)(payload)

    def location(self, card_id: str) -> Location:
        """Where the card is written. Raises UnknownCard."""
        row = self._one("SELECT path, line, bundled FROM card JOIN deck USING (deck_id) WHERE card_id = ?", (card_id,))
        if row is None:
            raise self._unknown_card(card_id)
        path, line, bundled = row
        own = self.own_version(card_id) if bundled else None
        return Location(Path(path) if own is None else own.path, line)

    def own_version(self, card_id: str) -> OwnFiles | None:
        """The files of the user's own version of a bundled card, where there is one."""
        files = self.own_files(card_id)
        return files if files is not None and files.path.exists() else None

    def own_files(self, card_id: str) -> OwnFiles | None:
        """Where an own version of the card stands or would stand; None for a card that does not come with the app."""
        row = self._one("SELECT path FROM card JOIN deck USING (deck_id) WHERE card_id = ? AND bundled", (card_id,))
        if row is None:
            return None
        from .own_versions import own_files

        deck_file = next((file for file in self.library.bundled_files() if os.fspath(file.path) == row[0]), None)
        return None if deck_file is None else own_files(deck_file, self.library.home, card_id)

    def deck_title(self, card_id: str, language: str = "en") -> str:
        """The title of the card's deck, in ``language`` where that is translated, or its name where it has none; empty
        where the card is gone."""
        row = self._one(
            "SELECT coalesce((SELECT title FROM deck_title WHERE deck_id = deck.deck_id AND language = ?),"
            " nullif(deck.title, ''), name) FROM card JOIN deck USING (deck_id) WHERE card_id = ?",
            (language, card_id),
        )
        return "" if row is None else str(row[0])

    def deck_titles(self, language: str) -> dict[str, str]:
        """The title of every deck by its name, in ``language`` where that is translated."""
        with self._lock:
            rows = self._try(
                partial(
                    self._rows,
                    "SELECT name, coalesce((SELECT title FROM deck_title AS other WHERE other.deck_id = deck.deck_id"
                    " AND language = ?), nullif(deck.title, ''), name) FROM deck",
                    (language,),
                )
            )
        return {name: str(title) for name, title in rows}

    def in_language(self, entries: Sequence[Entry], language: str) -> list[Entry]:
        """The entries with their first lines in ``language``, where they are translated."""
        with self._lock:
            rows = self._try(
                partial(
                    self._rows,
                    "SELECT card_id, title FROM translation WHERE language = ?"
                    " AND card_id IN (SELECT value FROM json_each(?))",
                    (language, json.dumps([entry.card_id for entry in entries])),
                )
            )
        titles = dict(rows)
        return [replace(one, title=titles[one.card_id]) if one.card_id in titles else one for one in entries]

    def deck_of(self, card_id: str) -> str:
        """The name of the card's deck. Raises UnknownCard."""
        row = self._one("SELECT name FROM card JOIN deck USING (deck_id) WHERE card_id = ?", (card_id,))
        if row is None:
            raise self._unknown_card(card_id)
        return str(row[0])

    def __contains__(self, card_id: str) -> bool:
        return self._one("SELECT 1 FROM card WHERE card_id = ?", (card_id,)) is not None

    def entries(self, decks: Sequence[str] = ()) -> Iterator[Entry]:
        """The cards of ``decks`` (full names; all decks where none is given) in study order."""
        condition = f"name IN ({', '.join('?' * len(decks))})" if decks else "1"
        yield from self.select_entries(condition, list(decks))

    def select_entries(self, condition: str, parameters: Sequence[Any], limit: int | None = None) -> Iterator[Entry]:
        """Entries for an SQL condition over the tables ``card`` and ``deck``, in study order, a page at a time."""
        sql = (
            "SELECT card_id, name, kind, position, sibling, tags, covers, card.title"
            f" FROM card JOIN deck USING (deck_id) WHERE ({condition}) AND position > ? ORDER BY position LIMIT ?"
        )
        last = -1
        while limit is None or limit > 0:
            page = _PAGE if limit is None else min(limit, _PAGE)
            with self._lock:
                rows = self._try(partial(self._rows, sql, (*parameters, last, page)))
            for card_id, deck, kind, position, group, tags, covers, title in rows:
                yield Entry(card_id, deck, kind, position, group, tuple(tags.split()), tuple(covers.split()), title)
            if len(rows) < page:
                return
            last = rows[-1][3]
            limit = None if limit is None else limit - len(rows)

    def _rows(self, sql: str, parameters: Sequence[Any]) -> list[Any]:
        return self._cache.connection.execute(sql, parameters).fetchall()

    def select_numbers(self, sql: str, parameters: Sequence[Any]) -> list[int]:
        """Card numbers for an SQL query over the index."""
        with self._lock:
            return self._try(lambda: [row[0] for row in self._cache.connection.execute(sql, parameters)])

    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong with the library and its decks, file by file."""
        with self._lock:
            rows = self._try(
                lambda: self._cache.connection.execute(
                    "SELECT path, line, place, code, message, severity, card_id, hint FROM problem"
                    " ORDER BY path, line, place"
                ).fetchall()
            )
        found = []
        for path, line, column, code, message, severity, card_id, hint in rows:
            grade: Severity = "warning" if severity == "warning" else "error"
            found.append(Problem(Path(path), line, column, code, message, grade, card_id, hint))
        return (*self._library_problems, *found)

    def left_out(self) -> tuple[Problem, ...]:
        """The deck files of which no card can be studied, file by file: of each the first thing that is wrong."""
        with self._lock:
            rows = self._try(
                lambda: self._cache.connection.execute(
                    "SELECT path FROM file WHERE path = owner AND owner NOT IN (SELECT path FROM deck) ORDER BY path"
                ).fetchall()
            )
        broken = {Path(path) for (path,) in rows}
        first: dict[Path, Problem] = {}
        for problem in self.problems():
            if problem.severity == "error" and (problem.path in broken or problem.code == "no-file"):
                first.setdefault(problem.path, problem)
        return tuple(first.values())

    @property
    def full_text(self) -> bool:
        """Whether the index can look into texts by trigrams (SQLite's FTS5)."""
        return self._cache.full_text

    def words(self, column: Literal["tag", "covers", "id"]) -> set[str]:
        """Every tag, syllabus point or id that a card of the bank has."""
        name = {"tag": "tags", "covers": "covers", "id": "card_id"}[column]
        with self._lock:
            rows = self._try(lambda: self._cache.connection.execute(f"SELECT DISTINCT {name} FROM card").fetchall())
        return {word for (text,) in rows for word in text.split()}

    def resolve_decks(self, names: Collection[str]) -> tuple[str, ...]:
        """Full deck names for what a person writes: a name, a folder (all decks below), or a last part that
        is unique.

        In study order, each once; nothing for nothing. Raises UnknownDeck.
        """
        if not names:
            return ()
        known = [deck.name for deck in self.decks()]
        chosen: set[str] = set()
        for written in names:
            name = written.strip("/")
            found = {deck for deck in known if deck == name or deck.startswith(name + "/")}
            if not found:
                found = {deck for deck in known if deck.endswith("/" + name)}
                found = found if len(found) == 1 else set()
            if not found or not name:
                raise UnknownDeck(written, self._near_decks(name, known))
            chosen |= found
        return tuple(deck for deck in known if deck in chosen)

    @staticmethod
    def _near_decks(name: str, known: Sequence[str]) -> tuple[str, ...]:
        folders = {deck.rpartition("/")[0] for deck in known} - {""}
        by_part = {deck.rpartition("/")[2]: deck for deck in known}
        same_part = [deck for deck in known if deck.endswith("/" + name)]
        if same_part:
            return tuple(same_part[:3])
        near = nearest(name, [*known, *folders]) or by_part.get(nearest(name, by_part) or "")
        return (near,) if near else ()

    def _unknown_card(self, card_id: str) -> UnknownCard:
        """The error for an id that is not there, with near ones (those that begin alike, where there are
        many)."""
        for prefix in (card_id[:3], card_id[:1], ""):
            alike = self._ids_from(prefix)
            near = nearest_names(card_id, alike, 2)
            if near:
                return UnknownCard(card_id, near)
        return UnknownCard(card_id)

    def _ids_from(self, prefix: str) -> list[str]:
        """Up to 3000 card ids that begin with ``prefix``."""
        sql = "SELECT card_id FROM card WHERE card_id >= ? AND card_id < ? LIMIT 3000"
        with self._lock:
            rows = self._try(lambda: self._cache.connection.execute(sql, (prefix, prefix + "\U0010ffff")).fetchall())
        return [row[0] for row in rows]

    def make_anew(self) -> Path:
        """Makes the index again from the decks, where its file was deleted or is damaged; says where it is.

        Raises CacheError where none can be written.
        """
        with self._lock:
            self._renew()
            return self.cache_path

    def _renew(self) -> None:
        self._cache = self._cache.renew()
        self._decks = None
        self.generation += 1
        try:
            self._refresh()
        except sqlite3.OperationalError as error:  # a new file is no cure: the disk takes no more
            files, choices, self._library_problems = self._files()
            self._update_elsewhere(files, choices, error)

    def _one(self, sql: str, parameters: Sequence[Any]) -> Any:
        with self._lock:
            return self._try(lambda: self._cache.connection.execute(sql, parameters).fetchone())

    def _try(self, work: Callable[[], T]) -> T:
        """Does ``work``; where the index turns out to be damaged it is made again, once."""
        try:
            return work()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and not _is_damage(error):
                raise
            self._renew()
            return work()


def _is_damage(error: sqlite3.OperationalError) -> bool:
    """True for errors that a new file cures: tables that another version has taken away, unreadable pages."""
    text = str(error)
    return "no such table" in text or "no such column" in text or "disk I/O error" in text


@cache
def _decoder(kind: str) -> Callable[[bytes], Card]:
    """Made for one kind when its first card is wanted: making it costs more than decoding hundreds of cards."""
    decode: Callable[[bytes], Any] = msgspec.msgpack.Decoder(kind_named(kind).card).decode
    return decode
