"""Bringing the history of another home on this machine into this one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from msgspec import Struct

from studyapp.clock import Clock, system_clock
from studyapp.deck.library import Library
from studyapp.schedule.day import StudyDays
from studyapp.store import backup, migrations, union
from studyapp.store.connection import look, open_reader, transaction
from studyapp.store.device import own_device
from studyapp.store.errors import StoreError, explained
from studyapp.store.lock import InstanceLock
from studyapp.store.opening import open_progress
from studyapp.store.union import Arrived
from studyapp.sync.segment import SegmentName, chunks


class Merged(Struct, frozen=True):
    """How many entries and choices for decks came, and the copy of the data that was taken before."""

    entries: int
    choices: int
    renumbered: int
    backup: Path


def merge(
    home: Path,
    other: Path,
    days: StudyDays,
    *,
    clock: Clock = system_clock,
    progress: Callable[[int, int], None] | None = None,
) -> Merged:
    """Brings all entries and choices of ``other`` into ``home``, in one transaction, after a backup. Only ``home``
    changes; doing it again changes nothing.

    Raises:
        StoreError: one of the two cannot be used; then nothing has changed.
        LibraryError: the choices of one of the two cannot be read; the entries have come.
    """
    source = other / "progress.db"
    if not source.exists():
        raise StoreError(
            f"{other} is no home of studyapp: there is no progress.db in it. `studyapp where` names homes."
        )
    if (home / "progress.db").exists() and os.path.samefile(source, home / "progress.db"):
        raise StoreError(f"{other} is the home that is in use: there is nothing to merge.")
    with InstanceLock(other):
        if look(source) != migrations.newest_version():
            raise StoreError(
                f"{source} is of an older format. `STUDYAPP_HOME={other} studyapp stats` brings it up to date."
            )
        today = days.day_of(clock())
        connection, instance = open_progress(home, today)
        try:
            path = home / "progress.db"
            with closing(connection), closing(open_reader(source)) as reader, explained(path):
                taken = backup.take(path, home, today, "before-merge")
                own = own_device(connection)
                mine = "" if own is None else own.uuid
                uploaded = [
                    name.span
                    for name in (SegmentName.read(*segment) for segment in union.known_segments(connection))
                    if name is not None and name.origin == mine
                ]
                with transaction(connection):
                    gone = union.forgotten(connection)
                    done = union.take_in(connection, days, path, _all_of(reader, gone), uploaded, progress)
                theirs = own_device(reader)
                _, changed = Library(home).decide(Library(other).decisions(theirs.uuid if theirs else "-"), mine)
        finally:
            instance.close()
    return Merged(done.entries, changed, done.renumbered, taken.path)


def _all_of(reader: sqlite3.Connection, gone: frozenset[str]) -> Iterator[Arrived]:
    for uuid, spans in union.present(reader).items():
        if uuid in gone:
            continue
        for span in spans:
            for portion in chunks(union.entries_of(reader, uuid, span)):
                yield Arrived(uuid, union.label_of(reader, uuid), portion)
