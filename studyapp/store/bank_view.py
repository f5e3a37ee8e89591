"""A connection that sees the learner's data together with the bank's index, and can write neither.

The index may be deleted or made anew at any time, by this process or another one: it is then opened again.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from msgspec import Struct

from studyapp.locale.message import Message
from studyapp.store.connection import CACHE_KILOBYTES, open_reader
from studyapp.store.errors import NoBank, explained

_NO_INDEX = Message("There is no index of the decks yet. Start studyapp again: it is made anew.")
_UNREADABLE = Message(
    "The index of the decks cannot be read ({why}). Delete {path} and start studyapp again: it is made anew."
)

T = TypeVar("T")


class CacheKey(Struct, Generic[T], frozen=True):
    """The name of an answer of type T that can be kept, and the study day for which it holds."""

    name: str
    day: int


class BankView:
    """Answers questions about states and decks together."""

    def __init__(self, path: Path, cache_path: Path | None) -> None:
        """``path`` is the learner's data, ``cache_path`` the bank's index; nothing is opened yet."""
        self._path = path
        self.cache_path = cache_path
        """The bank's index; None before there is one."""
        self.make_anew: Callable[[], Path] | None = None
        """Makes the index anew where it is missing or damaged, and says where it is."""
        self._connection: sqlite3.Connection | None = None
        self._opened: tuple[int, int] | None = None
        self._kept: dict[CacheKey[Any], object] = {}
        self._versions: tuple[int, ...] = ()
        """Of the two files, as they were when what is kept was asked."""

    def ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """The answer of ``question``, which gets the connection.

        Raises:
            NoBank: the index is missing or cannot be read, and no new one can be made.
            StoreError: the learner's data cannot be read.
        """
        try:
            return self._ask(question)
        except NoBank:
            if self.make_anew is None:
                raise
            self.use(self.make_anew())
            return self._ask(question)

    def _ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._current()
        try:
            return question(connection)
        except sqlite3.Error as error:
            self.close()
            with explained(self._path):
                _require_readable(self._path)
            raise self._unreadable(error) from error

    def ask_cached(self, key: CacheKey[T], question: Callable[[sqlite3.Connection], T]) -> T:
        """The same for a long question: its answer is kept under ``key`` until either file is written.

        ``question`` may hang on nothing but what is in the files and what ``key`` says.
        """

        def kept(connection: sqlite3.Connection) -> T:
            self._forget_what_has_changed(connection)
            if key not in self._kept:
                self._kept[key] = question(connection)
            return cast(T, self._kept[key])

        return self.ask(kept)

    def cached(self, key: CacheKey[T]) -> T | None:
        """What `ask_cached` has kept under ``key``; None where it would have to ask."""

        def kept(connection: sqlite3.Connection) -> T | None:
            self._forget_what_has_changed(connection)
            return cast("T | None", self._kept.get(key))

        return self.ask(kept)

    def _forget_what_has_changed(self, connection: sqlite3.Connection) -> None:
        """SQLite counts the commits of all other connections, and this one never writes.

        The count is read before the question is asked: what is written in between makes it be asked once more.
        """
        versions = tuple(
            int(connection.execute(f"PRAGMA {name}.data_version").fetchone()[0]) for name in ("main", "bank")
        )
        if versions != self._versions:
            self._kept.clear()
            self._versions = versions

    def beside(self) -> BankView:
        """Another view of the same, for another thread: opened, asked and closed there."""
        view = BankView(self._path, self.cache_path)
        view.make_anew = self.make_anew
        return view

    def interrupt(self) -> None:
        """Breaks off what is being asked, from any thread; `ask` then raises an error."""
        connection = self._connection
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.interrupt()

    def use(self, cache_path: Path) -> None:
        """From now on the index is at ``cache_path``."""
        self.close()
        self.cache_path = cache_path

    def close(self) -> None:
        """Closes the connection; the next question opens it again."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None
            self._kept.clear()

    def _current(self) -> sqlite3.Connection:
        identity = file_identity(self.cache_path) if self.cache_path else None
        if self.cache_path is None or identity is None:
            raise NoBank(_NO_INDEX())
        if self._connection is not None and identity == self._opened:
            return self._connection
        self.close()
        connection = open_reader(self._path)
        try:
            connection.execute("ATTACH DATABASE ? AS bank", (f"{self.cache_path.absolute().as_uri()}?mode=ro",))
            connection.execute(f"PRAGMA bank.cache_size = -{CACHE_KILOBYTES}")
            connection.execute("SELECT 1 FROM bank.card LIMIT 1")
        except sqlite3.Error as error:
            connection.close()
            raise self._unreadable(error) from error
        self._connection, self._opened = connection, identity
        return connection

    def _unreadable(self, error: sqlite3.Error) -> NoBank:
        return NoBank(_UNREADABLE(why=error, path=self.cache_path))


def file_identity(path: Path) -> tuple[int, int] | None:
    """Which file is at ``path``; None if there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _require_readable(path: Path) -> None:
    connection = open_reader(path)
    try:
        for table in ("card_state", "card_mark", "log"):
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    finally:
        connection.close()
