"""A collection to play with: a folder, a clock that can be set, and a small bank."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from studyapp.schedule.day import StudyDays
from studyapp.schedule.memory import Scheduler
from studyapp.schedule.rating import Rating
from studyapp.store.database import Recorded, Store
from studyapp.store.log import AnswerRecord, Mode
from tests.clock import ManualClock

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Collection:
    """The data of one learner in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.path = self.home / "progress.db"
        self.cache = folder / "cache.db"
        self.clock = ManualClock(START)
        self.days = StudyDays(UTC)
        self._opened: list[Store] = []

    def open(self, scheduler: Scheduler | None = None) -> Store:
        store = Store.open(self.home, clock=self.clock, cache_path=self.cache, days=self.days, scheduler=scheduler)
        self._opened.append(store)
        return store

    def close(self) -> None:
        while self._opened:
            self._opened.pop().close()

    def bank(self, cards: dict[str, list[str]]) -> None:
        """Makes the bank anew: the cards of each deck in order, as ``id`` or ``id/sibling group``."""
        self.cache.unlink(missing_ok=True)
        with closing(sqlite3.connect(self.cache)) as connection, connection:
            connection.execute(
                "CREATE TABLE deck (deck_id INTEGER PRIMARY KEY, name TEXT UNIQUE, card_count INT,"
                " enabled INT DEFAULT 1, new_per_day INT, reviews_per_day INT, desired_retention REAL)"
            )
            connection.execute(
                "CREATE TABLE card (number INTEGER PRIMARY KEY, card_id TEXT UNIQUE, deck_id INT, position INT,"
                " sibling TEXT, covers TEXT, kind TEXT, tags TEXT, held INT)"
            )
            connection.execute("CREATE INDEX card_by_deck ON card (deck_id, position, card_id, sibling)")
            connection.execute("CREATE TABLE learnt (deck_id INTEGER PRIMARY KEY, sequence INT, at INT)")
            position = 0
            for deck_id, (name, entries) in enumerate(cards.items(), start=1):
                connection.execute(
                    "INSERT INTO deck (deck_id, name, card_count) VALUES (?, ?, ?)", (deck_id, name, len(entries))
                )
                for entry in entries:
                    card_id, _, sibling = entry.partition("/")
                    position += 1
                    row = (position, card_id, deck_id, position, sibling, "", "recall", "", 0)
                    connection.execute("INSERT INTO card VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def answer(self, store: Store, card_id: str, rating: Rating = Rating.GOOD, mode: Mode = Mode.REVIEW) -> Recorded:
        """Answers a card in the state in which it is."""
        return store.record(AnswerRecord(card_id, rating, mode), store.state(card_id))

    def learn(self, store: Store, card_id: str) -> None:
        """Takes a new card into review with one answer."""
        self.answer(store, card_id, Rating.EASY)

    def tables(self, *names: str) -> dict[str, list[tuple[object, ...]]]:
        """Every row of the tables, in a fixed order."""
        with closing(sqlite3.connect(self.path)) as connection:
            return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}

    def execute(self, *statements: str) -> None:
        """Changes the file behind the store's back."""
        with closing(sqlite3.connect(self.path)) as connection, connection:
            for statement in statements:
                connection.execute(statement)


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder, in memory where the system has such a place: nothing here depends on a disk's speed."""
    memory = Path("/dev/shm")
    place = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="studyapp-test-", dir=place) as name:
        yield Path(name)


@pytest.fixture
def collection(folder: Path) -> Iterator[Collection]:
    found = Collection(folder)
    found.bank({"basics": [f"c{number}" for number in range(8)]})
    yield found
    found.close()
