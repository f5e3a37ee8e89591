"""The collection of an Anki package, of schema 11 (decks and note types as JSON) or 18 (as tables).

The database may come from anybody: it is opened to be read only, its tables must be plain tables, what they hold is
checked value by value, and a query that goes on for too long is cut off.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from msgspec import Struct

from studyapp.formats import protobuf
from studyapp.formats.limits import LONGEST_FIELD, MOST_NOTES, MOST_REVIEWS
from studyapp.formats.value import FormatError, Note, NoteType
from studyapp.locale.message import Message

_TABLES = ("col", "notes", "cards", "revlog")
_NOT_ANKI = Message("{path} holds a database that is none of Anki's: {reason}.")
_NO_TABLE = Message("the table {table} is missing or is no plain table")
_TOO_MANY = Message("{path} holds more than {count} entries of {table}; that many are not read.")
_TOO_LONG = Message("{path} takes too long to read.")

_LONGEST = 300.0
"""Seconds for one question to the database."""

_STEPS = 100_000
_LONGEST_VALUE = 50_000_000
EARLIEST, LATEST = 946_684_800_000, 4_102_444_800_000
"""Milliseconds: what is said to have happened before 2000 or after 2100 did not."""


class AnkiCard(Struct, frozen=True):
    """A row of ``cards``, with its answers: rows of ``revlog`` without the card and the sync number."""

    id: int
    note: int
    deck: int
    ordinal: int
    modified: int
    type: int
    queue: int
    due: int
    interval: int
    factor: int
    reps: int
    lapses: int
    left: int
    flags: int
    data: dict[str, Any]
    reviews: tuple[tuple[int, ...], ...] = ()


class Database(Struct, frozen=True):
    """What a collection holds. ``created`` is the study day on which it was begun, from which days are counted."""

    created: int
    scheduler: int
    decks: dict[int, tuple[str, str]]
    note_types: dict[int, NoteType]
    notes: dict[int, Note]
    cards: list[AnkiCard]
    configured: int = 0


def read_database(path: Path, name: Path, progress: Callable[[int, int], None]) -> Database:
    """All of a collection; ``name`` is that of the package, for messages.

    Raises:
        FormatError: it is none of Anki's, or beyond the limits. sqlite3.Error: it is damaged.
    """
    with closing(_connected(path)) as connection:
        asked = _Asked(connection, name)
        _check_tables(connection, name)
        row = next(asked.rows("SELECT crt, conf, models, decks, dconf FROM col LIMIT 1", "col", 1), None)
        if row is None:
            raise FormatError(_NOT_ANKI(path=name, reason=_NO_TABLE(table="col")))
        crt, conf, models, decks, presets = row
        settings = _json(conf)
        if _has(connection, "notetypes"):
            note_types = dict(_new_note_types(asked))
            known_decks = dict(_new_decks(asked))
            settings = dict(_new_settings(asked)) | settings
            configured = 0
        else:
            note_types = dict(_old_note_types(_json(models)))
            known_decks = dict(_old_decks(_json(decks)))
            configured = len(_json(presets))
        count = whole(next(asked.rows("SELECT count(*) FROM cards", "cards", 1))[0])
        notes = dict(_notes(asked))
        reviews = _reviews(asked)
        cards = []
        for place, card in enumerate(_cards(asked, reviews)):
            cards.append(card)
            if place % 500 == 0:
                progress(place, 2 * count)
    version = settings.get("schedVer")
    return Database(
        _created(whole(crt), settings.get("creationOffset")),
        version if isinstance(version, int) else (2 if not settings else 1),
        known_decks, note_types, notes, cards, configured,
    )  # fmt: skip


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    connection.create_collation("unicase", _without_case)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA query_only = ON")
    return connection


def _without_case(one: str, other: str) -> int:
    """Anki's order of names."""
    first, second = one.casefold(), other.casefold()
    return (first > second) - (first < second)


def _check_tables(connection: sqlite3.Connection, name: Path) -> None:
    """What is read must be plain tables: a view or a virtual table could go on for ever."""
    present = dict(connection.execute("SELECT name, type || ' ' || sql FROM sqlite_master WHERE sql IS NOT NULL"))
    for table in _TABLES:
        if not str(present.get(table, "")).lower().startswith("table create table"):
            raise FormatError(_NOT_ANKI(path=name, reason=_NO_TABLE(table=table)))
    for table in ("notetypes", "fields", "templates", "decks", "config"):
        if table in present and not str(present[table]).lower().startswith("table create table"):
            raise FormatError(_NOT_ANKI(path=name, reason=_NO_TABLE(table=table)))
    if "generated always" in " ".join(str(present.get(table, "")) for table in _TABLES).lower():
        raise FormatError(_NOT_ANKI(path=name, reason=_NO_TABLE(table="notes")))


def _has(connection: sqlite3.Connection, table: str) -> bool:
    row = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone()
    return row is not None


class _Asked:
    """Questions to the database within their limits."""

    def __init__(self, connection: sqlite3.Connection, name: Path) -> None:
        self._connection = connection
        self._name = name

    def rows(self, query: str, table: str, most: int) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, no more than ``most``."""
        with self._clocked():
            for count, row in enumerate(self._connection.execute(query)):
                if count >= most:
                    raise FormatError(_TOO_MANY(path=self._name, count=most, table=table))
                yield row

    @contextmanager
    def _clocked(self) -> Iterator[None]:
        end = time.monotonic() + _LONGEST
        self._connection.set_progress_handler(lambda: int(time.monotonic() > end), _STEPS)
        try:
            yield
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                raise FormatError(_TOO_LONG(path=self._name)) from None
            raise
        finally:
            self._connection.set_progress_handler(None, 0)


def whole(value: Any) -> int:
    """A value as a whole number of SQLite's range; 0 where it is none."""
    if isinstance(value, (int, float)) and -(2**63) <= value < 2**63:
        return int(value)
    return 0


def text(value: Any) -> str:
    """A value as text."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")[:LONGEST_FIELD]
    return str(value)[:LONGEST_FIELD] if isinstance(value, (str, int, float)) else ""


def blob(value: Any) -> bytes:
    """A value as bytes."""
    return value if isinstance(value, bytes) else b""


def _json(value: Any) -> dict[str, Any]:
    try:
        found = json.loads(value or "{}")
    except (ValueError, TypeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _old_note_types(models: Mapping[str, Any]) -> Iterator[tuple[int, NoteType]]:
    for key, model in models.items():
        if not isinstance(model, dict) or not key.lstrip("-").isdigit():
            continue
        fields = [one for one in _entries(model.get("flds")) if isinstance(one, dict)]
        templates = [one for one in _entries(model.get("tmpls")) if isinstance(one, dict)]
        yield int(key), NoteType(
            int(key),
            text(model.get("name")),
            tuple(text(one.get("name")) for one in sorted(fields, key=_by_place)),
            tuple(
                (text(one.get("name")), text(one.get("qfmt")), text(one.get("afmt")))
                for one in sorted(templates, key=_by_place)
            ),
            text(model.get("css")),
            model.get("type") == 1,
        )  # fmt: skip


def _entries(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _by_place(entry: Mapping[str, Any]) -> int:
    return whole(entry.get("ord"))


def _new_note_types(asked: _Asked) -> Iterator[tuple[int, NoteType]]:
    fields: dict[int, list[str]] = {}
    for ntid, name in asked.rows("SELECT ntid, name FROM fields ORDER BY ntid, ord", "fields", 100_000):
        fields.setdefault(whole(ntid), []).append(text(name))
    templates: dict[int, list[tuple[str, str, str]]] = {}
    query = "SELECT ntid, name, config FROM templates ORDER BY ntid, ord"
    for ntid, name, config in asked.rows(query, "templates", 100_000):
        made = (text(name), protobuf.text(blob(config), 1), protobuf.text(blob(config), 2))
        templates.setdefault(whole(ntid), []).append(made)
    for ntid, name, config in asked.rows("SELECT id, name, config FROM notetypes", "notetypes", 10_000):
        number = whole(ntid)
        data = blob(config)
        yield number, NoteType(
            number, text(name), tuple(fields.get(number, ())), tuple(templates.get(number, ())),
            protobuf.text(data, 3), protobuf.whole(data, 1) == 1,
        )  # fmt: skip


def _old_decks(decks: Mapping[str, Any]) -> Iterator[tuple[int, tuple[str, str]]]:
    for key, deck in decks.items():
        if isinstance(deck, dict) and key.isdigit():
            yield int(key), (text(deck.get("name")), text(deck.get("desc")))


def _new_decks(asked: _Asked) -> Iterator[tuple[int, tuple[str, str]]]:
    for number, name, kind in asked.rows("SELECT id, name, kind FROM decks", "decks", 100_000):
        normal = protobuf.field(blob(kind), 1)
        description = protobuf.text(normal, 4) if isinstance(normal, bytes) else ""
        yield whole(number), (text(name).replace("\x1f", "::"), description)


def _new_settings(asked: _Asked) -> Iterator[tuple[str, Any]]:
    for key, value in asked.rows("SELECT key, val FROM config", "config", 100_000):
        try:
            yield text(key), json.loads(blob(value))
        except (ValueError, RecursionError):
            continue


def _notes(asked: _Asked) -> Iterator[tuple[int, Note]]:
    for number, guid, kind, modified, tags, fields in asked.rows(
        "SELECT id, guid, mid, mod, tags, flds FROM notes", "notes", MOST_NOTES
    ):
        values = tuple(text(fields).split("\x1f"))
        yield whole(number), Note(text(guid), whole(kind), values, tuple(text(tags).split()), whole(modified))


def _reviews(asked: _Asked) -> dict[int, list[tuple[int, ...]]]:
    found: dict[int, list[tuple[int, ...]]] = {}
    query = "SELECT cid, id, ease, ivl, lastIvl, factor, time, type FROM revlog ORDER BY id"
    for row in asked.rows(query, "revlog", MOST_REVIEWS):
        card, *rest = map(whole, row)
        found.setdefault(card, []).append(tuple(rest))
    return found


def _cards(asked: _Asked, reviews: Mapping[int, list[tuple[int, ...]]]) -> Iterator[AnkiCard]:
    # A card in a filtered deck goes by the deck and the date that it had before.
    query = """
        SELECT id, nid, CASE WHEN odid THEN odid ELSE did END, ord, mod, type, queue,
            CASE WHEN odid AND odue THEN odue ELSE due END, ivl, factor, reps, lapses, left, flags, data
        FROM cards ORDER BY CASE type WHEN 0 THEN due ELSE -1 END, nid, ord
    """
    for *row, data in asked.rows(query, "cards", 10 * MOST_NOTES):
        values: dict[str, Any] = dict(zip(_CARD, map(whole, row), strict=True))
        details = _json(data) if data not in ("", "{}", None) else {}
        yield AnkiCard(**values, data=details, reviews=tuple(reviews.get(values["id"], ())))


_CARD = AnkiCard.__struct_fields__[:14]


def _created(seconds: int, offset: Any) -> int:
    """The study day of the moment at which a collection was begun; ``offset`` is in minutes west of UTC."""
    instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=min(max(seconds, 0), LATEST // 1000))
    zone = timezone(timedelta(minutes=-offset)) if isinstance(offset, int) and abs(offset) < 1440 else None
    local: date = instant.astimezone(zone).date()
    return local.toordinal()
