"""What can still be read of the log in a file, sound or damaged: entry by entry, known by device and number."""

from __future__ import annotations

import math
import os
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from studyapp.clock import EARLIEST, LATEST
from studyapp.schedule.day import LAST_DAY
from studyapp.store import migrations, pages
from studyapp.store.connection import bring_up_to_date, look, open_reader, side_files
from studyapp.store.errors import NewerSchema, StoreError
from studyapp.store.log import Kind, Mode
from studyapp.store.traces import entries as entries_told

_LARGEST = 2**53
_KINDS, _MODES = frozenset(Kind), frozenset(Mode)
_OWN = ("device", "home", "card", "scheduler", "log", "result", "card_state", "card_mark")
_TEXTS = ("outcome", "misconception", "drawn", "answer")


class Name(NamedTuple):
    """What an entry is known by everywhere."""

    device: str
    """The uuid."""
    number: int


class Salvaged(Struct, frozen=True):
    """An entry with what its file refers to by numbers put in: ``card`` is an id, ``scheduler`` settings and engine.

    ``columns`` are those of the log besides. ``mended`` says that a column was left out which no entry can have.
    """

    name: Name
    sequence: int
    card: str
    undoes: Name | None
    scheduler: tuple[str, str] | None
    columns: dict[str, Any]
    mended: bool


class Content(Struct, frozen=True):
    """What one file gives. ``others`` are the rows of tables that do not follow from the log, by table.

    ``highest`` is the highest number of each device that stands anywhere in the file, ``lost`` whether a part of it
    could not be read.
    """

    path: Path
    entries: dict[Name, Salvaged]
    devices: dict[str, tuple[int, str]]
    cards: dict[str, int]
    schedulers: dict[int, tuple[str, str]]
    highest: dict[str, int]
    others: dict[str, tuple[list[str], list[tuple[Any, ...]]]]
    lost: bool


def read(path: Path, like: Content | None = None) -> Content | None:
    """What can be read of the file at ``path``; None where it is no data of this app, or of a newer version.

    ``like`` is a copy of the same data, whose numbers of devices and cards serve where those of the file are lost. The
    file is not changed. A file of an older schema is brought up to date in a copy.
    """
    try:
        version: int | None = look(path)
    except NewerSchema:
        return None
    except StoreError:
        version = None
    if version == 0:
        return None
    if version is not None and version < migrations.newest_version():
        return _read_older(path)
    return _read(path, like) if path.is_file() else None


def numbers_held(path: Path) -> dict[str, int] | None:
    """The highest number of each device in a file that is quickly looked at; None where that cannot be read."""
    try:
        if look(path) != migrations.newest_version():
            return None
        with closing(open_reader(path)) as connection:
            return dict(_highest(connection))
    except (StoreError, sqlite3.Error):
        return None


def _highest(connection: sqlite3.Connection) -> Iterator[tuple[str, int]]:
    # The index on (device_id, number) answers this, also where the rows themselves are damaged.
    yield from connection.execute("SELECT uuid, max(number) FROM log JOIN device USING (device_id) GROUP BY device_id")


def _read_older(path: Path) -> Content | None:
    """A damaged file cannot be brought up to date: what is readable of each table goes into a new one first."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".studyapp-") as folder:
        copy = Path(folder) / "older.db"
        try:
            with closing(open_reader(path)) as source, closing(sqlite3.connect(copy, isolation_level=None)) as target:
                lost = _clone(source, target)
                bring_up_to_date(target, lambda version: None)
        except (sqlite3.Error, StoreError, ValueError):
            return None
        found = _read(copy, None)
        return Content(
            path,
            found.entries,
            found.devices,
            found.cards,
            found.schedulers,
            found.highest,
            found.others,
            found.lost or lost,
        )


def _clone(source: sqlite3.Connection, target: sqlite3.Connection) -> bool:
    made = source.execute(
        "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    (version,) = source.execute("PRAGMA user_version").fetchone()
    lost = False
    for kind, name, sql in sorted(made, key=lambda one: one[0] != "table"):
        target.execute(sql)
        if kind == "table":
            columns = [str(row[1]) for row in source.execute(f'PRAGMA table_info("{name}")')]
            reader = _Rows(source, name, columns)
            places = ", ".join("?" * len(columns))
            for row in reader:
                with suppress(sqlite3.IntegrityError):
                    target.execute(f'INSERT OR IGNORE INTO "{name}" VALUES ({places})', row)
            lost |= reader.lost
    target.execute(f"PRAGMA user_version = {int(version)}")
    return lost


class _Rows:
    """The rows of a table in the order of their rowid, over the places that cannot be read."""

    def __init__(self, connection: sqlite3.Connection, table: str, columns: Sequence[str]) -> None:
        self.lost = False
        self._connection = connection
        self._from = f'FROM "{table}" NOT INDEXED WHERE rowid >= ? ORDER BY rowid'
        self._columns = ", ".join(f'"{name}"' for name in columns)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        start = -(2**62)
        while True:
            try:
                for rowid, *row in self._connection.execute(f"SELECT rowid, {self._columns} {self._from}", (start,)):
                    yield tuple(row)
                    start = rowid + 1
                return
            except sqlite3.Error:
                self.lost = True
            rowid = self._next_after(start)
            if rowid is None:
                return
            with suppress(sqlite3.Error):
                yield from self._connection.execute(f"SELECT {self._columns} {self._from} LIMIT 1", (rowid,)).fetchall()
            start = rowid + 1

    def _next_after(self, start: int) -> int | None:
        """The next rowid that can be read, looked for in steps that double."""
        failing, step = max(start, 0), 1
        while step < 2**41 and self._fails(failing + step):
            step *= 2
        if step >= 2**41:
            return None
        low, high = failing + step // 2, failing + step
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._fails(middle) else (low, middle)
        row = self._connection.execute(f"SELECT rowid {self._from} LIMIT 1", (high,)).fetchone()
        return None if row is None else int(row[0])

    def _fails(self, start: int) -> bool:
        try:
            self._connection.execute(f"SELECT rowid {self._from} LIMIT 1", (start,)).fetchone()
        except sqlite3.Error:
            return True
        return False


def _read(path: Path, like: Content | None) -> Content:
    layout = _layout()
    tables: dict[str, list[dict[str, Any]]] = {name: [] for name in ("device", "card", "scheduler", "log")}
    highest: dict[str, int] = {}
    others: dict[str, tuple[list[str], list[tuple[Any, ...]]]] = {}
    lost = False
    traces: list[dict[str, Any]] = []
    try:
        with closing(open_reader(path)) as connection:
            connection.text_factory = lambda text: text.decode("utf-8", "replace")
            for table, columns in layout.items():
                if table in tables or table not in _OWN:
                    reader = _Rows(connection, table, columns)
                    rows = list(reader)
                    lost |= reader.lost
                    if table in tables:
                        tables[table] = [dict(zip(columns, row, strict=True)) for row in rows]
                    else:
                        others[table] = (columns, rows)
            with suppress(sqlite3.Error):
                highest = dict(_highest(connection))
            if lost:
                _add_from_index(connection, "card", "card_id", tables["card"])
                _add_from_pages(path, layout, tables)
                results = [
                    dict(zip(layout["result"], row, strict=True))
                    for row in _Rows(connection, "result", layout["result"])
                ]
                empty = dict.fromkeys(layout["log"])
                traces = [empty | trace for trace in entries_told(connection, tables["log"], results)]
    except (StoreError, sqlite3.Error):
        lost = True
        _add_from_pages(path, layout, tables)
    return _content(path, tables, traces, highest, others, lost, like)


def _add_from_index(connection: sqlite3.Connection, table: str, column: str, rows: list[dict[str, Any]]) -> None:
    """Adds the rows that an index over their one column still has."""
    key = f"{table}_number"
    had = {row[key] for row in rows}
    with suppress(sqlite3.Error):
        for number, value in connection.execute(f"SELECT {key}, {column} FROM {table} ORDER BY {column}"):
            if number not in had:
                rows.append({key: number, column: value})


def _layout() -> dict[str, list[str]]:
    """The columns of each table of the newest schema."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        migrations.upgrade(fresh, 0)
        names = fresh.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return {
            name: [str(row[1]) for row in fresh.execute(f"PRAGMA table_info({name})")] for (name,) in names.fetchall()
        }


def _add_from_pages(path: Path, layout: Mapping[str, list[str]], tables: dict[str, list[dict[str, Any]]]) -> None:
    """Adds the rows that no query reaches, each recognized by its columns."""
    had = {table: {row[layout[table][0]] for row in rows} for table, rows in tables.items()}
    with suppress(OSError):
        for rowid, values in pages.rows(path, side_files(path)[0]):
            table = _table_of(values, layout)
            if table is not None and rowid not in had[table]:
                had[table].add(rowid)
                row = dict(zip(layout[table], values, strict=True))
                tables[table].append(row | {layout[table][0]: rowid})


def _table_of(values: Sequence[object], layout: Mapping[str, list[str]]) -> str | None:
    if not values or values[0] is not None:  # the key of all four tables stands for the rowid
        return None
    if len(values) == len(layout["log"]):
        return "log" if values[layout["log"].index("kind")] in _KINDS else None
    if len(values) == len(layout["card"]) and isinstance(values[1], str):
        return "card"
    if len(values) == 3 and isinstance(values[1], str) and isinstance(values[2], str):
        if values[1].startswith("{"):
            return "scheduler"
        return "device" if _is_uuid(values[1]) else None
    return None


def _is_uuid(text: str) -> bool:
    return len(text) == 36 and text.count("-") == 4 and set(text) <= set("0123456789abcdef-")


def _content(
    path: Path,
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
    traces: Sequence[Mapping[str, Any]],
    highest: dict[str, int],
    others: dict[str, tuple[list[str], list[tuple[Any, ...]]]],
    lost: bool,
    like: Content | None,
) -> Content:
    devices = {row["device_id"]: row["uuid"] for row in tables["device"] if isinstance(row["uuid"], str)}
    cards = {row["card_number"]: row["card_id"] for row in tables["card"] if isinstance(row["card_id"], str)}
    schedulers = {
        row["scheduler_id"]: (row["settings"], row["engine"])
        for row in tables["scheduler"]
        if isinstance(row["settings"], str) and isinstance(row["engine"], str)
    }
    labels = {str(row["uuid"]): (int(row["device_id"]), str(row["label"])) for row in tables["device"]}
    if like is not None:
        devices = {number: uuid for uuid, (number, _) in like.devices.items()} | devices
        cards = {number: card for card, number in like.cards.items()} | cards
        schedulers = like.schedulers | schedulers
        labels = like.devices | labels
    entries: dict[Name, Salvaged] = {}
    for row in tables["log"]:
        entry = _entry(row, devices, cards, schedulers)
        if entry is None:
            lost = True
            continue
        kept = entries.get(entry.name)
        if kept is None or (kept.mended and not entry.mended):
            entries[entry.name] = entry
    for row in traces:
        entry = _entry(row, devices, cards, schedulers)
        if entry is not None and entry.name not in entries:
            entries[entry.name] = replace(entry, mended=True)
    for name in entries:
        highest[name.device] = max(highest.get(name.device, 0), name.number)
    numbers = {card: number for number, card in cards.items()}
    return Content(path, entries, labels, numbers, schedulers, highest, others, lost)


def _entry(
    row: Mapping[str, Any],
    devices: Mapping[int, str],
    cards: Mapping[int, str],
    schedulers: Mapping[int, tuple[str, str]],
) -> Salvaged | None:
    """The entry in a row; None where what makes it an entry cannot be."""
    kind = row["kind"]
    device, card = devices.get(row["device_id"]), cards.get(row["card_number"])
    if kind not in _KINDS or not device or not card or not _whole(row["number"], 1, _LARGEST):
        return None
    if not (_whole(row["at"], EARLIEST, LATEST) and _whole(row["day"], 1, LAST_DAY)):
        return None
    undoes = None
    if kind == Kind.UNDO:
        undone = devices.get(row["undoes_device"])
        if undone is None or not _whole(row["undoes_number"], 1, _LARGEST):
            return None
        undoes = Name(undone, row["undoes_number"])
    if kind == Kind.ANSWER and not _whole(row["rating"], 1, 4):
        return None
    given = _given(row, kind, schedulers)
    columns = {name: value for name, value in row.items() if name not in _REFERENCES} | given
    scheduler = schedulers.get(row["scheduler_id"]) if given["mode"] in ("review", "ahead", "import") else None
    if not _whole(row["ordered_at"], EARLIEST, LATEST):
        columns["ordered_at"] = row["at"]
    if not _whole(row["utc_offset"], -1440, 1440):
        columns["utc_offset"] = 0
    changed = any(columns[name] != row[name] for name in columns)
    dangling = row["scheduler_id"] is not None and scheduler is None
    sequence = row["sequence"] if _whole(row["sequence"], 1, _LARGEST) else 0
    return Salvaged(Name(device, row["number"]), sequence, card, undoes, scheduler, columns, changed or dangling)


_REFERENCES = (
    "sequence", "device_id", "number", "card_number", "undoes_device", "undoes_number", "scheduler_id",
)  # fmt: skip


def _given(row: Mapping[str, Any], kind: str, schedulers: Mapping[int, object]) -> dict[str, Any]:
    """What was answered, without what no answer can have."""
    is_answer = kind == Kind.ANSWER
    mode = row["mode"] if row["mode"] in _MODES else None
    if is_answer and mode is None:
        mode = Mode.REVIEW.value if row["scheduler_id"] in schedulers else Mode.CRAM.value
    score = row["score"]
    if not isinstance(score, (int, float)) or not math.isfinite(score) or not 0 <= score <= 1:
        score = None
    seed = row["seed"]
    digits = seed.lstrip("-") if isinstance(seed, str) else ""
    if not (digits.isascii() and digits.isdigit() and isinstance(seed, str) and len(seed) <= 40):
        seed = None
    given: dict[str, Any] = {
        "kind": str(kind),
        "mode": mode,
        "rating": row["rating"] if is_answer else None,
        "score": None if score is None else float(score),
        "seed": seed,
        "duration": row["duration"] if _whole(row["duration"], 0, _LARGEST) else None,
    }
    for name, least in (("hints", 0), ("tries", 1)):
        value = row[name] if _whole(row[name], 0, _LARGEST) else least
        given[name] = value if is_answer else None
    for name in _TEXTS:
        given[name] = row[name] if isinstance(row[name], str) else None
    return given


def _whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and least <= value <= most


def copies_beside(home: Path) -> list[Path]:
    """Files that an earlier repair has put aside, newest first."""
    folder = home / "damaged"
    try:
        names = [name for name in os.listdir(folder) if name.startswith("progress-") and name.endswith(".db")]
    except OSError:
        return []
    return [folder / name for name in sorted(names, reverse=True)]
