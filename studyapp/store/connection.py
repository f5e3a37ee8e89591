"""Opening ``progress.db``: looking before touching, creating, bringing up to date."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Lock

from msgspec import Struct

from studyapp.locale.message import Message
from studyapp.plain_file import open_plain
from studyapp.store import migrations, schema
from studyapp.store.errors import Damaged, NewerSchema, damaged, explained, from_system

_NO_DATABASE = Message("it is not a database")
_CUT = Message("{count} bytes are missing at its end")
_NEWER = Message(
    "{path} was written by a newer studyapp (its format is {version}, this version knows up to {newest}). It was left "
    "untouched. Update studyapp to go on."
)
_FOREIGN = Message(
    "{path} is a database of another program. It was left untouched. Move it away, or choose another folder with "
    "STUDYAPP_HOME=FOLDER."
)
_LOOSE_LINK, _OWN_LINK = Message("it is a link to a file that is not there"), Message("it is a link to itself")
_FOLDER, _NO_FILE = Message("it is a folder"), Message("it is no plain file")

BUSY_MILLISECONDS = 5000
"""How long to wait for another instance that is writing."""

CACHE_KILOBYTES = 200
"""Memory for what a connection has read of its file. More makes nothing quicker: the system keeps the file too."""

_HEADER_BYTES = 100
_MAGIC = b"SQLite format 3\x00"


class Header(Struct, frozen=True):
    """What the first bytes of a database file say. ``bytes_expected`` is the size the file should have."""

    version: int
    application_id: int
    bytes_expected: int


class _Connection(sqlite3.Connection):
    """A connection that counts among the open ones of its file until it is closed.

    Closing any plain handle on a file takes away all locks that this process holds on it, those of SQLite included:
    another process could then clear the write-ahead log away from under an open connection. So the bytes of a file
    are only read by hand while no connection to it is open here.
    """

    counted: str = ""

    def count(self, path: Path) -> None:
        self.counted = os.path.realpath(path)
        with _counting:
            _open_connections[self.counted] += 1

    def close(self) -> None:
        super().close()
        with _counting:
            _open_connections[self.counted] -= bool(self.counted)
        self.counted = ""


_open_connections: Counter[str] = Counter()
_counting = Lock()


def side_files(path: Path) -> tuple[Path, Path]:
    """The write-ahead log of a database and the index of that log."""
    return path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")


def read_header(path: Path) -> Header | None:
    """What the file says of itself, without opening it as a database; None for a missing or empty file.

    Raises:
        Damaged: the file is not a database.
        StoreError: it cannot be read.
    """
    with explained(path):
        try:
            with open(open_plain(path), "rb") as file:
                head = file.read(_HEADER_BYTES)
        except FileNotFoundError:
            return None
    if not head:
        return None
    if len(head) < _HEADER_BYTES or not head.startswith(_MAGIC):
        raise damaged(path, _NO_DATABASE)
    page_size = int.from_bytes(head[16:18], "big")
    page_size = 65536 if page_size == 1 else page_size
    size_is_valid = head[24:28] == head[92:96]
    pages = int.from_bytes(head[28:32], "big") if size_is_valid else 0
    return Header(
        version=int.from_bytes(head[60:64], "big"),
        application_id=int.from_bytes(head[68:72], "big"),
        bytes_expected=page_size * pages,
    )


def look(path: Path) -> int:
    """The version of the schema in the file, 0 for a new one, without changing anything.

    Raises:
        NewerSchema: the file was written by a newer app.
        Damaged: it is truncated, or not ours.
    """
    _require_plain_file(path)
    in_use = _open_connections[os.path.realpath(path)] > 0
    pending = _size(side_files(path)[0]) > 0  # before the header: another instance may move the log into the file now
    header = None if in_use else read_header(path)
    if header is None and not (in_use and path.exists()):
        return 0
    size = _size(path)
    if header is None or pending:
        with explained(path), closing(_connect(path, "ro")) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    else:
        version, application_id = header.version, header.application_id
        if size < header.bytes_expected:
            raise damaged(path, _CUT(count=header.bytes_expected - size))
    if version > migrations.newest_version():
        raise NewerSchema(_NEWER(path=path, version=version, newest=migrations.newest_version()))
    if application_id != schema.APPLICATION_ID and (application_id or version or _has_tables(path, pending)):
        raise Damaged(_FOREIGN(path=path))
    return int(version)


def _require_plain_file(path: Path) -> None:
    """Opening a named pipe would wait for ever; a folder or a link to itself is no data either."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        if path.is_symlink():
            raise damaged(path, _LOOSE_LINK) from None
        return
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise damaged(path, _OWN_LINK) from None
        raise from_system(error, path) from error
    if not stat.S_ISREG(mode):
        raise damaged(path, _FOLDER if stat.S_ISDIR(mode) else _NO_FILE)


def _size(path: Path) -> int:
    """Bytes in a file; 0 where there is none."""
    with explained(path):
        try:
            return path.stat().st_size
        except FileNotFoundError:
            return 0


def file_sizes(path: Path) -> tuple[int, int]:
    """Bytes in a database and in its write-ahead log; 0 for what is not there or cannot be looked at."""

    def size(one: Path) -> int:
        try:
            return one.stat().st_size
        except OSError:
            return 0

    return size(path), size(side_files(path)[0])


def _has_tables(path: Path, pending: bool) -> bool:
    """Whether a database without our mark holds anything. With nothing ``pending`` no side file is made."""
    mode = "ro" if pending else "ro&immutable=1"
    with explained(path), closing(_connect(path, mode)) as connection:
        return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None


def create_home(home: Path) -> None:
    """Makes the folder of the data, for its owner alone."""
    with explained(home):
        home.mkdir(mode=0o700, parents=True, exist_ok=True)


def open_writer(path: Path) -> sqlite3.Connection:
    """A connection whose commits are on disk when they return; a missing file is made for its owner alone."""
    with explained(path):
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        connection = _connect(path, "rw")
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA recursive_triggers = ON")
        except BaseException:
            connection.close()
            raise
    return connection


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot write."""
    with explained(path):
        return _connect(path, "ro")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Everything inside is on disk afterwards, or nothing of it is. Takes the place of the only writer."""
    connection.execute("BEGIN IMMEDIATE")
    is_committing = False
    try:
        yield
        is_committing = True
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        if is_committing:
            _overwrite_failed_commit(connection)
        raise


def _overwrite_failed_commit(connection: sqlite3.Connection) -> None:
    """Takes away what a commit that failed has written to the write-ahead log.

    Where only the flush failed, the pages and their commit mark stand behind the end of the log, and the next opening
    would take them for committed. Any other commit is written to the same place.
    """
    with suppress(sqlite3.Error):
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        connection.execute(f"PRAGMA user_version = {int(version)}")


def bring_up_to_date(connection: sqlite3.Connection, before_upgrade: Callable[[int], object]) -> None:
    """Takes the schema to the newest version, all steps in one transaction.

    ``before_upgrade`` is called with the present version if the file holds data of an older one.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == migrations.newest_version():
        return
    if version > 0:
        before_upgrade(version)
    # Tables that are made anew refer to each other only when all of them are there.
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        with transaction(connection):
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            migrations.upgrade(connection, version)
    finally:
        connection.execute("PRAGMA foreign_keys = ON")
    # Puts the new version into the file itself, where an older app looks first.
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _connect(path: Path, mode: str) -> _Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_MILLISECONDS / 1000,
        isolation_level=None,
        cached_statements=256,
        factory=_Connection,
    )
    connection.count(path)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")
    return connection
