"""Devices that share a store, each with a clock and a place of its own."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from studyapp.deck.choices import NO_CHOICE
from studyapp.deck.library import Library
from studyapp.schedule.day import StudyDays
from studyapp.schedule.rating import Rating
from studyapp.store.database import Store
from studyapp.store.log import AnswerRecord, Mode
from studyapp.sync.place import FolderPlace
from studyapp.sync.synchronise import synchronise
from tests.clock import ManualClock

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Stopped(Exception):
    """The store was cut off."""


class FlakyPlace:
    """A store in memory that shows writes late or in pieces, and stops at a chosen call."""

    def __init__(self):
        self.files = {}
        self.hidden = {}
        """Files that were written and are not visible to others yet, or only in part."""
        self.calls = 0
        self.stop_at = None
        self.lag = lambda: "shown"

    def _call(self):
        self.calls += 1
        if self.stop_at is not None and self.calls >= self.stop_at:
            raise Stopped

    def settle(self):
        """All that was written becomes visible."""
        self.files.update(self.hidden)
        self.hidden.clear()
        self.stop_at = None
        self.lag = lambda: "shown"

    def holders(self):
        self._call()
        return sorted({holder for holder, _ in self.files})

    def names(self, holder):
        self._call()
        return sorted(name for one, name in self.files if one == holder)

    def read(self, holder, name, most):
        self._call()
        data = self.files.get((holder, name))
        return None if data is None else data[: most + 1]

    def write(self, holder, name, data):
        how = self.lag()
        if how != "shown":
            self.hidden[holder, name] = data
        if how == "pieces":
            self.files[holder, name] = data[: len(data) // 2]
        elif how == "shown":
            self.files[holder, name] = data
        self._call()  # written, though the writer may never hear of it

    def delete(self, holder, name):
        self.files.pop((holder, name), None)
        self.hidden.pop((holder, name), None)
        self._call()


class Machine:
    """One home with a clock."""

    def __init__(self, folder: Path, hours: int = 0):
        self.home = folder
        self.path = folder / "progress.db"
        self.clock = ManualClock(START + timedelta(hours=hours))
        self.days = StudyDays(timezone(timedelta(hours=hours)))
        self.store = None

    def open(self) -> Store:
        if self.store is None:
            self.store = Store.open(self.home, clock=self.clock, days=self.days)
        return self.store

    def close(self):
        if self.store is not None:
            self.store.close()
            self.store = None

    def execute(self, statement, *arguments):
        """Changes the file behind the store's back."""
        with closing(sqlite3.connect(self.path)) as connection, connection:
            connection.execute(statement, arguments)

    def answer(self, card, rating=Rating.GOOD, mode=Mode.REVIEW, **more):
        store = self.open()
        return store.record(AnswerRecord(card, rating, mode, **more), store.state(card))

    def sync(self, place, **more):
        return synchronise(self.home, place, self.days, clock=self.clock, **more)

    def choose(self, deck, **fields):
        library = Library(self.home)
        from msgspec.structs import replace

        library.choose({deck: replace(library.choices().get(deck, NO_CHOICE), **fields)}, self.clock)

    def copy_to(self, folder: Path) -> "Machine":
        """Another machine with a copy of this home."""
        self.close()
        shutil.copytree(self.home, folder)
        other = Machine(folder)
        other.clock.now = self.clock.now
        return other

    def followed(self):
        """States, marks, log and choices by the names that all machines share."""
        self.open()
        queries = {
            "state": "SELECT card_id, card_state.* FROM card_state JOIN card USING (card_number)",
            "mark": "SELECT card_id, card_mark.* FROM card_mark JOIN card USING (card_number)",
            "result": "SELECT uuid, number, result.* FROM result JOIN log USING (sequence)"
            " JOIN device USING (device_id)",
            "log": "SELECT uuid, number, card_id, log.* FROM log JOIN card USING (card_number)"
            " JOIN device USING (device_id)",
        }
        local = {"sequence", "card_number", "device_id", "undoes_device", "scheduler_id"}
        found = {}
        with closing(sqlite3.connect(self.path)) as connection:
            for name, query in queries.items():
                cursor = connection.execute(query)
                columns = [column[0] for column in cursor.description]
                kept = [place for place, column in enumerate(columns) if column not in local]
                found[name] = sorted(repr([row[place] for place in kept]) for row in cursor)
        found["choices"] = repr(sorted(Library(self.home).choices().items()))
        return found

    def findings(self):
        return {finding.code for finding in self.open().check(thorough=True)} - {"clock", "future"}


@pytest.fixture
def machine(folder):
    made = []

    def make(name, hours=0):
        made.append(Machine(folder / name, hours))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def shared(folder):
    (folder / "shared").mkdir()
    return FolderPlace(folder / "shared")


@pytest.fixture
def folder(tmp_path):
    return tmp_path
