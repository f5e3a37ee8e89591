"""Is the learner's data sound? What is wrong is said with its cure; only `rebuild` changes anything."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from studyapp.locale.message import Message
from studyapp.schedule.day import StudyDays
from studyapp.store import backup, migrations, recovery
from studyapp.store.checks import Cure, Finding, check
from studyapp.store.connection import look, open_reader, open_writer, transaction
from studyapp.store.errors import Damaged, NewerSchema, StoreError, explained
from studyapp.store.lock import InstanceLock
from studyapp.store.rebuild import rebuild_all

_NO_DATA = Message("There is no data in {folder} yet.")
_EMPTY = Message("{path} is missing or empty.")
_OLDER = Message("{path} is of an older format; opening it updates it.")
_IMPOSSIBLE = Message("{path} holds what cannot be: {why}")
_COPIES_AHEAD = Message(
    "The copies have {count} entry that the log has not.", "The copies have {count} entries that the log has not."
)
_NO_COPY = Message("{what}, and no copy has them")
_NOTHING_TO_REBUILD = Message("{path} holds nothing to rebuild, or is of an older format: open studyapp first.")


class Rebuilt(Struct, frozen=True):
    """How many cards had a wrong state or wrong marks, and the copy that was taken before."""

    cards: int
    backup: backup.Backup


def examine(home: Path, now: datetime, *, thorough: bool = False) -> tuple[Finding, ...]:
    """Everything that is wrong with the data in ``home``; nothing is changed.

    ``thorough`` also computes every answer's result again, which takes about a minute per million answers.
    """
    path = home / "progress.db"
    nothing_yet = (Finding("no-data", _NO_DATA(folder=home), Cure.NONE),)
    if not home.is_dir():
        return nothing_yet
    with InstanceLock(home):
        try:
            version = look(path)
        except Damaged as error:
            return (Finding("damaged", str(error), Cure.RESTORE),)
        except NewerSchema as error:
            return (Finding("newer", str(error), Cure.UPDATE),)
        if version == 0 and not backup.backups(home):
            return nothing_yet
        if version == 0:
            return (Finding("empty", _EMPTY(path=path), Cure.RESTORE),)
        if version < migrations.newest_version():
            return (Finding("older", _OLDER(path=path), Cure.NONE),)
        try:
            with explained(path), closing(open_reader(path)) as connection:
                return _with_cures(tuple(check(connection, now, thorough=thorough)), home, connection)
        except Damaged as error:
            return (Finding("damaged", str(error), Cure.RESTORE),)
        except (ValueError, OverflowError) as error:
            return (Finding("damaged", _IMPOSSIBLE(path=path, why=error), Cure.RESTORE),)


def _with_cures(findings: tuple[Finding, ...], home: Path, connection: sqlite3.Connection) -> tuple[Finding, ...]:
    """The findings, where a gap of the log has no cure if no copy has what is missing; and what only copies have."""
    alone = recovery.held_by_copies_alone(home, connection)
    if alone:
        findings = (*findings, Finding("copies-ahead", _COPIES_AHEAD(count=alone), Cure.RESTORE))
    if not any(finding.code == "log-gap" for finding in findings) or recovery.can_fill_gaps(home, connection):
        return findings
    return tuple(
        finding if finding.code != "log-gap" else Finding("log-gap", _NO_COPY(what=finding.message), Cure.NONE)
        for finding in findings
    )


def rebuild(home: Path, now: datetime, days: StudyDays, progress: Callable[[int, int], None] | None = None) -> Rebuilt:
    """Makes every index, every state and all marks anew from the log, after a backup, in one transaction.

    ``progress`` is told how many of how many cards are done. Where it is stopped nothing has changed.

    Raises:
        StoreError: the data is too damaged for that, or the disk is full; then nothing has changed.
    """
    path = home / "progress.db"
    with InstanceLock(home):
        version = look(path)
        if version != migrations.newest_version():
            raise StoreError(_NOTHING_TO_REBUILD(path=path))
        with explained(path), closing(open_writer(path)) as connection:
            taken = backup.take(path, home, days.day_of(now), "before-rebuild", only_if_sound=False)
            with transaction(connection):
                connection.execute("REINDEX")
                wrong = rebuild_all(connection, progress)
    return Rebuilt(wrong, taken)
