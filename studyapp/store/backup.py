"""Copies of the learner's data: taken daily and before anything risky, thinned with age, restored at will."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import date, datetime
from pathlib import Path

from msgspec import Struct

from studyapp.locale.message import Message
from studyapp.store.connection import CACHE_KILOBYTES, create_home, look, open_reader, side_files
from studyapp.store.errors import Damaged, NewerSchema, StoreError, explained

_NO_COPY = Message(
    "{path} is damaged ({what}): no copy was made and the earlier copies are kept. `studyapp doctor` restores the "
    "newest good one."
)
_EMPTY, _NEWER = Message("it is empty"), Message("it was written by a newer studyapp")

FOLDER = "backups"
ASIDE = "damaged"

_NAME = re.compile(r"progress-(\d{4})-(\d\d)-(\d\d)(?:-[\w.-]+)?\.db")
_KEEP_ALL_DAYS = 2
_KEEP_DAILY_DAYS = 14
_KEEP_WEEKLY_DAYS = 61
_LONGEST_ABSENCE_DAYS = 31
_MOST_DELETED = 3
"""At once; a day adds one copy, so more only pile up after a change of the rules or of the clock."""


class Backup(Struct, frozen=True):
    """One copy of the data and the study day on which it was taken."""

    path: Path
    day: int


def backups(home: Path) -> tuple[Backup, ...]:
    """The copies there are, newest first."""
    folder = home / FOLDER
    with explained(folder):
        names = os.listdir(folder) if folder.is_dir() else []
    found = []
    for name in names:
        match = _NAME.fullmatch(name)
        if match is None:
            continue
        with suppress(ValueError):
            found.append((date(*map(int, match.groups())).toordinal(), _modified(folder / name), name))
    return tuple(Backup(folder / name, day) for day, _, name in sorted(found, reverse=True))


def take(source: Path, home: Path, day: int, occasion: str = "", *, only_if_sound: bool = True) -> Backup:
    """Copies the database at ``source`` while it may be in use; the copy is there whole or not at all.

    Raises:
        StoreError: the copy could not be written, or is not sound. Earlier copies are untouched.
    """
    folder = home / FOLDER
    create_home(folder)
    stem = f"progress-{date.fromordinal(day).isoformat()}" + (f"-{occasion}" if occasion else "")
    target = _unused(folder, stem) if occasion else folder / f"{stem}.db"
    partial = folder / f"{target.name}.{os.getpid()}.partial"
    try:
        with closing(open_reader(source)) as reader:
            copy(reader, partial)
        trouble = unsound(partial) if only_if_sound else ""
        if trouble:
            raise Damaged(_NO_COPY(path=source, what=trouble))
        with explained(target):
            os.replace(partial, target)
            sync_folder(folder)
    finally:
        for leftover in (partial, *side_files(partial)):
            with suppress(OSError):
                leftover.unlink()
    return Backup(target, day)


def thin(home: Path, today: int) -> tuple[Backup, ...]:
    """Deletes copies that age has made superfluous, a few at a time; returns them.

    None where the last copy before today's is older than a month: then the clock may be wrong, and in its light all
    that was kept would look old.
    """
    _delete_stale_partials(home)
    present = backups(home)
    before = [backup.day for backup in present if backup.day < today]
    if not before or today - max(before) > _LONGEST_ABSENCE_DAYS:
        return ()
    gone = superfluous(present, today)[-_MOST_DELETED:]
    for backup in gone:
        with explained(backup.path), suppress(FileNotFoundError):
            backup.path.unlink()
    return gone


def superfluous(present: Iterable[Backup], today: int) -> tuple[Backup, ...]:
    """Of the copies, newest first, those not to keep.

    All of the last two days are kept, then the newest of each day for two weeks, of each week for two months,
    and of each month for ever. Copies dated after ``today`` were made under a wrong clock and are left alone.
    """
    seen: set[tuple[str, object]] = set()
    gone = []
    for backup in present:
        age = today - backup.day
        taken_on = date.fromordinal(backup.day)
        if age < _KEEP_ALL_DAYS:
            continue
        if age <= _KEEP_DAILY_DAYS:
            span: tuple[str, object] = ("day", backup.day)
        elif age <= _KEEP_WEEKLY_DAYS:
            span = ("week", taken_on.isocalendar()[:2])
        else:
            span = ("month", (taken_on.year, taken_on.month))
        if span in seen:
            gone.append(backup)
        seen.add(span)
    return tuple(gone)


def unsound(path: Path, *, thorough: bool = False) -> str:
    """What is wrong with a database file, in a few words; empty if it is one of ours and sound.

    The ``thorough`` check compares every index with its table.
    """
    check = "integrity_check(1)" if thorough else "quick_check(1)"
    try:
        if look(path) == 0:
            return str(_EMPTY)
        with explained(path), closing(open_reader(path)) as connection:
            (verdict,) = connection.execute(f"PRAGMA {check}").fetchone()
        return "" if verdict == "ok" else str(verdict).replace("\n", " ")
    except NewerSchema:
        return str(_NEWER)
    except StoreError as error:
        return str(error.__cause__ or error)


def rescue(source: sqlite3.Connection, home: Path, day: int) -> Backup:
    """Copies an open database whose file is gone, or no longer the one at its path."""
    folder = home / FOLDER
    create_home(folder)
    target = _unused(folder, f"progress-{date.fromordinal(day).isoformat()}-rescued")
    copy(source, target)
    return Backup(target, day)


def count_entries(path: Path) -> int:
    """How many entries the log in a database file has."""
    with explained(path), closing(open_reader(path)) as connection:
        (count,) = connection.execute("SELECT coalesce(max(sequence), 0) FROM log").fetchone()
    return int(count)


def _unused(folder: Path, stem: str) -> Path:
    """A file name in ``folder`` that nothing has yet."""
    target = folder / f"{stem}.db"
    number = 1
    while target.exists():
        number += 1
        target = folder / f"{stem}-{number}.db"
    return target


def copy(source: sqlite3.Connection, target: Path) -> None:
    """A whole copy of a database that may be in use, flushed to the disk, for its owner alone."""
    with explained(target):
        os.close(os.open(target, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(target)) as writer:
            writer.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")
            source.backup(writer)
            writer.execute("PRAGMA journal_mode = DELETE")
        with open(target, "rb+") as file:
            os.fsync(file.fileno())


def keep_aside(path: Path, home: Path, now: datetime) -> Path | None:
    """Moves a database and its side files away, the database first: without it the rest means nothing,
    whereas a write-ahead log beside another database would be taken for that one's."""
    present = [name for name in (path, *side_files(path)) if os.path.lexists(name)]
    if not present:
        return None
    folder = home / ASIDE
    create_home(folder)
    stamp = now.strftime("%Y-%m-%dT%H%M%S")
    aside = folder / f"progress-{stamp}.db"
    number = 1
    while any(name.exists() for name in (aside, *side_files(aside))):
        number += 1
        aside = folder / f"progress-{stamp}-{number}.db"
    with explained(path):
        for old, new in zip((path, *side_files(path)), (aside, *side_files(aside)), strict=True):
            if old in present:
                os.replace(old, new)
    return aside


def delete_leftovers(home: Path) -> None:
    """What a restore that was killed has left behind."""
    with suppress(OSError):
        for leftover in home.glob("progress.db.*.restored*"):
            leftover.unlink()


def _delete_stale_partials(home: Path) -> None:
    """What a killed instance has left behind, once it is surely abandoned."""
    with suppress(OSError), os.scandir(home / FOLDER) as entries:
        newest = max((_modified(backup.path) for backup in backups(home)), default=0)
        for entry in entries:
            if ".partial" in entry.name and entry.stat().st_mtime_ns < newest - 3600 * 10**9:
                os.unlink(entry.path)


def _modified(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def sync_folder(folder: Path) -> None:
    """Makes a new name last through a power cut, where the system can do that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def newest_copy_is_current(home: Path, entries: int) -> bool:
    """Whether the copy that was made last already holds a log of that many entries."""
    present = backups(home)
    if not present:
        return entries == 0
    try:
        return count_entries(max(present, key=lambda one: _modified(one.path)).path) == entries
    except StoreError:
        return False
