"""What can go wrong with the learner's data, each with a message that says what to do."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from studyapp import faults
from studyapp.locale.message import Message

_FILE_FAILED = Message(
    "{path} could not be read or written ({why}). Check the disk, then try again; what was recorded before is intact."
)
_FULL = Message(
    "The disk is full: {path} could not be written. Free some space and try again; what was recorded before is intact."
)
_READ_ONLY = Message(
    "{path} cannot be written: no permission, or a read-only disk. Change that, or choose another folder with "
    "STUDYAPP_HOME=FOLDER."
)
_DAMAGED = Message(
    "{path} is damaged ({what}). It was left as it is. `studyapp doctor` restores the newest good backup and keeps the "
    "damaged file aside."
)
_CANNOT_OPEN = Message(
    "{path} cannot be opened. Check that the folder exists and may be written, or choose another with "
    "STUDYAPP_HOME=FOLDER."
)
_IN_USE = Message("{path} is in use by another program that does not let go. Close it and try again.")
_IO_FAILED = Message(
    "Reading or writing {path} failed ({why}). Check the disk and its free space, then try again; what was recorded "
    "before is intact."
)
_TABLES_GONE, _TEXT_UNREADABLE = Message("tables of it are gone"), Message("text in it cannot be read")
_FAULT = Message("By a fault of the app this could not be done ({kind}). Nothing was recorded; faults.log says more.")

_LEAST_ROOM = 64 * 1024
"""Bytes: the step in which SQLite lets its shared-memory file grow is 32 KiB, beside a page of the log."""

This = TypeVar("This")
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class StoreError(Exception):
    """Something about the learner's data, said to the learner. Nothing recorded is lost by it."""


class DiskFull(StoreError):
    """The disk has no room left. The same call can be made again after some is freed."""


class ReadOnly(StoreError):
    """The file or its folder cannot be written."""


class Busy(StoreError):
    """Another program has held the file for longer than a moment."""


class DiskError(StoreError):
    """Reading or writing failed below the database."""


class NewerSchema(StoreError):
    """The file was written by a newer version of the app; it was not touched."""


class Damaged(StoreError):
    """The file is not a sound progress file; it was not touched."""


class Replaced(StoreError):
    """The open file was moved, deleted or replaced by another program."""


class AnsweredElsewhere(StoreError):
    """The card has been answered by another instance since it was shown; nothing was recorded."""


class NoBank(StoreError):
    """The index of the decks, which says which cards there are, cannot be read."""


class Fault(StoreError):
    """The app itself failed; nothing was recorded, and `studyapp.faults` keeps where."""


class Unreadable(ValueError):
    """A row holds what no row of its table can hold. `explained` turns it into `Damaged`."""


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns what SQLite and the system report about ``path`` into a `StoreError`."""
    try:
        yield
    except sqlite3.Error as error:
        raise from_sqlite(error, path) from error
    except OSError as error:
        raise from_system(error, path) from error
    except Unreadable as error:
        raise damaged(path, str(error)) from error
    except UnicodeDecodeError as error:
        # SQLite quotes from the file in its messages, also from a damaged one.
        raise damaged(path, _TEXT_UNREADABLE) from error


def guarded(
    method: Callable[Concatenate[This, Arguments], Result],
) -> Callable[Concatenate[This, Arguments], Result]:
    """Turns whatever a method raises besides `StoreError` into `Fault`, so that it is told and the session goes on."""

    @wraps(method)
    def call(this: This, /, *arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
        try:
            return method(this, *arguments, **named)
        except StoreError:
            raise
        except Exception as error:
            raise fault(error, f"{method.__name__} in the data") from error

    return call


def fault(error: Exception, doing: str) -> Fault:
    """What is told of an error that nobody expected; it is kept in `studyapp.faults`."""
    faults.record(error, doing)
    return Fault(_FAULT(kind=type(error).__name__))


def from_sqlite(error: sqlite3.Error, path: Path) -> StoreError:
    """The error in the learner's terms."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    extended = code if isinstance(code, int) else sqlite3.SQLITE_ERROR
    match extended & 0xFF:
        case sqlite3.SQLITE_FULL:
            return disk_full(path)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return read_only(path)
        case sqlite3.SQLITE_CANTOPEN:
            return ReadOnly(_CANNOT_OPEN(path=path))
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED | sqlite3.SQLITE_PROTOCOL:
            return Busy(_IN_USE(path=path))
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CONSTRAINT | sqlite3.SQLITE_MISMATCH:
            return damaged(path, str(error))
        case sqlite3.SQLITE_IOERR if _is_full(path):
            return disk_full(path)
        case sqlite3.SQLITE_IOERR:
            return DiskError(_IO_FAILED(path=path, why=error))
        case _ if "no such table" in str(error) or "no such column" in str(error):
            return damaged(path, _TABLES_GONE)
        case _ if "Could not decode to UTF-8" in str(error):
            return damaged(path, _TEXT_UNREADABLE)
        case _:
            return StoreError(f"{path}: {error}")


def from_system(error: OSError, path: Path) -> StoreError:
    """The error in the learner's terms."""
    where = Path(error.filename) if isinstance(error.filename, str) else path
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(where)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return read_only(where)
    return DiskError(_FILE_FAILED(path=where, why=error.strerror or error))


def _is_full(path: Path) -> bool:
    """Whether the disk has no room: SQLite reports a shared-memory file that cannot grow as an I/O error."""
    try:
        return shutil.disk_usage(path.parent).free < _LEAST_ROOM
    except OSError:
        return False


def disk_full(path: Path) -> DiskFull:
    """No room to write ``path``."""
    return DiskFull(_FULL(path=path))


def read_only(path: Path) -> ReadOnly:
    """No permission to write ``path``."""
    return ReadOnly(_READ_ONLY(path=path))


def damaged(path: Path, what: str | Message) -> Damaged:
    """``path`` is not what it should be; ``what`` says in which way."""
    return Damaged(_DAMAGED(path=path, what=what))
