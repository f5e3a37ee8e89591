"""From a folder to an open, sound database of the newest format; or a refusal that leaves everything as it is."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from studyapp.locale.message import Message
from studyapp.store import backup, migrations
from studyapp.store.connection import (
    bring_up_to_date,
    create_home,
    look,
    open_writer,
    side_files,
    transaction,
)
from studyapp.store.device import is_copied, settle
from studyapp.store.errors import Damaged, explained
from studyapp.store.lock import InstanceLock

_CHANGED_VERSION = Message("progress.db went to version {version} while it was being opened. Start studyapp again.")
_COPIES_THERE = Message(
    "{path} is missing or empty, although there are copies in {folder}. `studyapp doctor` restores the newest good "
    "one. To begin anew, move that folder away."
)


def open_progress(home: Path, today: int) -> tuple[sqlite3.Connection, InstanceLock]:
    """The connection to write to and the lock that says so; ``today`` dates the backup before an update.

    Raises:
        NewerSchema: the data was written by a newer app; it was not touched.
        Damaged: the file is not sound, or gone while there are backups; it was not touched.
        StoreError: the disk is full, the folder cannot be written, another instance is restoring.
    """
    path = home / "progress.db"
    create_home(home)
    lock = InstanceLock(home)
    try:
        if look(path) < migrations.newest_version():
            lock.close()
            _make_ready(home, today)
            lock = InstanceLock(home)
            look(path)
        connection = open_writer(path)
        try:
            with explained(path):
                bring_up_to_date(connection, _refuse_to_update)
                if is_copied(connection, path):
                    with transaction(connection):
                        settle(connection, path)
        except BaseException:
            connection.close()
            raise
    except BaseException:
        lock.close()
        raise
    return connection, lock


def _make_ready(home: Path, today: int) -> None:
    """Makes new data, or takes older data to the newest format after a backup, while no other instance has it open.

    Alone, since a file that is half made looks to another instance like a damaged one, or like another program's.
    """
    path = home / "progress.db"
    with InstanceLock(home, exclusive=True):
        version = look(path)
        if version == migrations.newest_version():
            return
        if version == 0:
            _refuse_to_begin_anew(home)
        connection = open_writer(path)
        try:
            with explained(path):
                bring_up_to_date(
                    connection,
                    lambda version: backup.take(path, home, today, f"before-update-from-{version}"),
                )
        finally:
            connection.close()


def _refuse_to_update(version: int) -> None:
    raise Damaged(_CHANGED_VERSION(version=version))


def _refuse_to_begin_anew(home: Path) -> None:
    """Missing or empty data where there are copies of fuller data is a loss to be told, not a beginning."""
    path = home / "progress.db"
    wal, _ = side_files(path)
    if backup.backups(home) or (wal.exists() and not path.exists()):
        raise Damaged(_COPIES_THERE(path=path, folder=home / backup.FOLDER))
