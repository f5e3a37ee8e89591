"""The index file ``cache.db``: made from the decks, safe to delete at any time.

It is opened in WAL mode, so that one process may write while others read. A file that is damaged, or that
another version of the app has made, is made again; where the folder cannot be written a temporary file serves
for one run.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from pathlib import Path

FORMAT = 8
"""Counts the layouts of the tables below and of what is stored in them."""

APPLICATION_ID = 0x53744958
"""Marks the file as ours (the bytes of "StIX")."""

_BUSY_SECONDS = 10.0
_LOG_BYTES = 4_000_000

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE deck (
    deck_id       INTEGER PRIMARY KEY,
    name          TEXT NOT NULL UNIQUE,
    title         TEXT NOT NULL,
    description   TEXT NOT NULL,
    path          TEXT NOT NULL UNIQUE,
    sort_order    REAL NOT NULL,
    rank          INTEGER NOT NULL,  -- place among all decks, by the order chosen or else sort_order, then name
    language      TEXT NOT NULL,
    languages     TEXT NOT NULL,     -- own language first, then translations, parted by blanks
    card_count    INTEGER NOT NULL,
    problem_count INTEGER NOT NULL,
    bundled       INTEGER NOT NULL,
    -- What the learner has chosen for the deck; NULL is what the deck or the settings say.
    enabled           INTEGER NOT NULL DEFAULT 1,
    chosen_order      REAL,
    new_per_day       INTEGER,
    reviews_per_day   INTEGER,
    desired_retention REAL,
    beyond            INTEGER,
    beyond_count      INTEGER NOT NULL DEFAULT 0  -- its cards that are tagged `beyond`
);

-- What a deck is called in its translations.
CREATE TABLE deck_title (
    deck_id  INTEGER NOT NULL,
    language TEXT NOT NULL,
    title    TEXT NOT NULL,
    PRIMARY KEY (deck_id, language)
) WITHOUT ROWID;
CREATE TRIGGER deck_gone AFTER DELETE ON deck BEGIN DELETE FROM deck_title WHERE deck_id = old.deck_id; END;

-- Every file that was read, with what tells whether it has changed since.
CREATE TABLE file (
    path        TEXT PRIMARY KEY,
    owner       TEXT NOT NULL,      -- path of the deck file to which it belongs
    folder      TEXT NOT NULL,
    modified_ns INTEGER NOT NULL,
    size        INTEGER NOT NULL,
    inode       INTEGER NOT NULL,
    contested   INTEGER NOT NULL    -- shares a name or an id with another deck: read again with any other
) WITHOUT ROWID;

CREATE TABLE card (
    number   INTEGER PRIMARY KEY,
    card_id  TEXT NOT NULL UNIQUE,
    deck_id  INTEGER NOT NULL,
    position INTEGER NOT NULL,       -- deck rank * 2^24 + place in the file: the order of new cards
    kind     TEXT NOT NULL,
    sibling  TEXT NOT NULL,          -- group of cards not shown on one day, '' for none
    line     INTEGER NOT NULL,
    title    TEXT NOT NULL,
    tags     TEXT NOT NULL,          -- ' one two ', so that ' one ' can be looked for
    covers   TEXT NOT NULL,          -- likewise
    held     INTEGER NOT NULL        -- tagged `beyond`, and not asked as new before that is chosen for its deck
);
CREATE INDEX card_by_deck ON card (deck_id, position, card_id, sibling);
CREATE INDEX card_by_position ON card (position, card_id, deck_id, sibling);
CREATE INDEX card_beyond ON card (deck_id, held) WHERE instr(tags, ' beyond ');
CREATE INDEX card_by_sibling ON card (sibling, position, card_id, deck_id) WHERE sibling <> '';

CREATE TABLE body (number INTEGER PRIMARY KEY, payload BLOB NOT NULL);

-- What search looks through, folded; card_text beside it finds candidates by their trigrams.
CREATE TABLE folded (number INTEGER PRIMARY KEY, text TEXT NOT NULL);

CREATE TABLE translation (
    card_id  TEXT NOT NULL,
    language TEXT NOT NULL,
    title    TEXT NOT NULL,
    payload  BLOB NOT NULL,
    PRIMARY KEY (card_id, language)
);

CREATE TABLE problem (
    owner    TEXT NOT NULL,          -- path of the deck file in whose reading it was found
    path     TEXT NOT NULL,
    line     INTEGER NOT NULL,
    place    INTEGER NOT NULL,       -- column
    code     TEXT NOT NULL,
    message  TEXT NOT NULL,
    severity TEXT NOT NULL,
    card_id  TEXT,
    hint     TEXT NOT NULL
);
CREATE INDEX problem_by_owner ON problem (owner);

-- Decks in which the learner has no new card: kept by the store, and forgotten here where a card comes into the deck.
CREATE TABLE learnt (
    deck_id  INTEGER PRIMARY KEY,
    sequence INTEGER NOT NULL,       -- the last entry of the log when this was found
    at       INTEGER NOT NULL        -- when that was written
);
CREATE TRIGGER card_added AFTER INSERT ON card BEGIN DELETE FROM learnt WHERE deck_id = new.deck_id; END;
CREATE TRIGGER card_let AFTER UPDATE OF held ON card BEGIN DELETE FROM learnt WHERE deck_id = new.deck_id; END;
CREATE TRIGGER card_moved AFTER UPDATE OF deck_id, card_id ON card
    BEGIN DELETE FROM learnt WHERE deck_id = new.deck_id; END;
"""

_FULL_TEXT = (
    "CREATE VIRTUAL TABLE card_text USING fts5(text, content = 'folded', content_rowid = 'number',"
    " tokenize = 'trigram case_sensitive 1', detail = none)"
)


_TEMPORARY = "studyapp-"
_ABANDONED_SECONDS = 3 * 86_400


class CacheError(Exception):
    """No index can be made, not even a temporary one; the message says why."""


class Cache:
    """One open index file."""

    def __init__(self, connection: sqlite3.Connection, path: Path, temporary: bool) -> None:
        self.connection = connection
        self.path = path
        self.temporary = temporary
        self.full_text = has_full_text(connection)

    @classmethod
    def open(cls, path: Path) -> Cache:
        """Opens the index at ``path``, made anew where it is missing, damaged or of another version.

        Raises CacheError where the file is a database of another program. A file that is no database at all is put
        aside in the folder ``damaged``.
        """
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if path.exists() and not path.is_file():
                raise OSError("it is no plain file")
            try:
                return cls(_connect(path), path, temporary=False)
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                _put_aside(path)
                return cls(_connect(path), path, temporary=False)
        except (OSError, sqlite3.OperationalError):
            return cls.open_temporary()

    @classmethod
    def open_temporary(cls) -> Cache:
        """An index that lives as long as this process. Raises CacheError where even that cannot be
        written."""
        import tempfile

        folder = None
        try:
            _delete_abandoned(Path(tempfile.gettempdir()))
            folder = Path(tempfile.mkdtemp(prefix=_TEMPORARY))
            return cls(_connect(folder / "cache.db"), folder / "cache.db", temporary=True)
        except (OSError, sqlite3.Error) as error:
            if folder is not None:
                _delete(folder / "cache.db")
                with contextlib.suppress(OSError):
                    folder.rmdir()
            raise CacheError(f"no index of the decks can be written: {error}; is the disk full?") from None

    def close(self) -> None:
        """Closes the file; a temporary one is deleted."""
        with contextlib.suppress(sqlite3.Error):
            self.connection.close()
        if self.temporary:
            _delete(self.path)
            with contextlib.suppress(OSError):
                self.path.parent.rmdir()

    def renew(self) -> Cache:
        """Deletes this file, which is damaged, and opens a new one in its place."""
        with contextlib.suppress(sqlite3.Error):
            self.connection.close()
        with contextlib.suppress(OSError):
            _delete(self.path)
        if self.temporary:
            with contextlib.suppress(OSError):
                self.path.parent.rmdir()
            return Cache.open_temporary()
        return Cache.open(self.path)


def made_by() -> str:
    """What a stored index must have been made by to be used: layout, app version, and the reading code
    itself."""
    from studyapp import __version__

    newest = 0
    with contextlib.suppress(OSError), os.scandir(Path(__file__).parent) as entries:
        newest = max(entry.stat().st_mtime_ns for entry in entries if entry.name.endswith(".py"))
    return f"{FORMAT} {__version__} {newest}"


def _connect(path: Path) -> sqlite3.Connection:
    """A connection to an index of this version. Raises sqlite3.Error."""
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        _require_own(connection, path)  # before anything is written
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA journal_size_limit = {_LOG_BYTES}")
        if _stored_maker(connection) != made_by():
            _make_tables(connection)
        connection.execute("SELECT count(*) FROM deck").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _require_own(connection: sqlite3.Connection, path: Path) -> None:
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    if application_id == APPLICATION_ID:
        return
    tables = connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    # An index of before it was marked says who made it.
    if application_id or (tables and _stored_maker(connection) is None):
        raise CacheError(
            f"{path} is a database of another program. It was left untouched. Move it away, "
            "or choose another folder with STUDYAPP_HOME=FOLDER."
        )


def _stored_maker(connection: sqlite3.Connection) -> str | None:
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone() is None:
        return None
    row = connection.execute("SELECT value FROM meta WHERE key = 'made_by'").fetchone()
    return str(row[0]) if row else None


def _make_tables(connection: sqlite3.Connection) -> None:
    """Empties the file and lays out the tables, unless another process has just done so."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _stored_maker(connection) != made_by():
            names = connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                " AND (sql LIKE 'CREATE VIRTUAL%' OR name NOT LIKE 'card_text_%')"
            ).fetchall()
            for (name,) in names:
                connection.execute(f'DROP TABLE "{name}"')
            for statement in _TABLES.split(";\n"):
                if statement.strip():
                    connection.execute(statement)
            # A SQLite without FTS5 searches by looking through every text.
            with contextlib.suppress(sqlite3.OperationalError):
                connection.execute(_FULL_TEXT)
            connection.execute("INSERT INTO meta VALUES ('made_by', ?)", (made_by(),))
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def has_full_text(connection: sqlite3.Connection) -> bool:
    """Whether the index has trigrams; SQLite can be built without FTS5."""
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'card_text'").fetchone() is not None


def _put_aside(path: Path) -> None:
    """Keeps a file that is no index of ours, under a name of its own."""
    folder = path.parent / "damaged"
    folder.mkdir(mode=0o700, exist_ok=True)
    number = 1
    while (target := folder / f"{path.stem}-{number}{path.suffix}").exists():
        number += 1
    os.replace(path, target)
    _delete(path)


def _delete_abandoned(folder: Path) -> None:
    """Deletes temporary indexes that processes which were killed have left behind, once nobody can be using them."""
    with contextlib.suppress(OSError):
        for left in folder.glob(f"{_TEMPORARY}*/cache.db"):
            files = [name for name in left.parent.iterdir() if name.name.startswith("cache.db")]
            if time.time() - max(name.stat().st_mtime for name in files) > _ABANDONED_SECONDS:
                _delete(left)
                left.parent.rmdir()


def _delete(path: Path) -> None:
    """Deletes an index with its side files, those first: a stale log must never meet a new file."""
    for name in (f"{path}-wal", f"{path}-shm", f"{path}-journal", str(path)):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
