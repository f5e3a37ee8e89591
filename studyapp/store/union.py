"""Bringing entries of other devices into the log, and taking a device's entries out again.

The log is a union: nothing has to win. An entry that is there already is passed over. Only where two homes went on
with the numbers of one device (a copied home, a backup put back by hand) can one number stand for two entries. Then
what no other machine has seen yet is given a new device; otherwise the entry with the smaller bytes keeps the number
on every machine, and the home that logged the other one logs it as a new device.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from studyapp.schedule.day import StudyDays
from studyapp.store.device import Device, number_of, own_device, take_new_device
from studyapp.store.rows import insert_many
from studyapp.store.states import follow

Range: TypeAlias = tuple[int, int]
"""Numbers of entries, both ends included."""

REBUILT_FROM = 200
"""From so many cards on it may be quicker to replay the whole log at once than card by card."""

_REBUILT_SHARE = 100
"""Replaying one card takes about as long as replaying this many entries at once."""


class SharedEntry(Struct, frozen=True, gc=False):
    """One entry of the log as every device knows it: by names, not by the keys of one file.

    ``scheduler`` is settings and engine; ``undoes`` device and number. The rest are columns of ``log``.
    """

    device: str
    number: int
    kind: str
    card_id: str
    at: int
    ordered_at: int
    utc_offset: int
    day: int
    undoes: tuple[str, int] | None
    scheduler: tuple[str, str] | None
    mode: str | None
    rating: int | None
    outcome: str | None
    score: float | None
    misconception: str | None
    seed: str | None
    drawn: str | None
    answer: str | None
    hints: int | None
    tries: int | None
    duration: int | None


class Arrived(Struct, frozen=True):
    """Entries of one device, ascending by number, and the name of that device for people."""

    device: str
    label: str
    entries: Sequence[SharedEntry]


class Taken(Struct, frozen=True):
    """What taking in did: how many entries were new, and how many of this home's own had to be numbered anew
    because other entries had their numbers. ``device`` is the new device of this home, if it took one."""

    entries: int = 0
    renumbered: int = 0
    device: Device | None = None


_GIVEN = ("mode", "rating", "outcome", "score", "misconception", "seed", "drawn", "answer", "hints", "tries",
          "duration")  # fmt: skip
_SAME = ("kind", "ordered_at", "utc_offset", "day", "scheduler_id")
"""With what was given, what two entries have in common that are one."""
_SELECT = f"""
    SELECT entry.number, entry.kind, card.card_id, entry.at, entry.ordered_at, entry.utc_offset, entry.day,
        undone.uuid, entry.undoes_number, scheduler.settings, scheduler.engine,
        {", ".join(f"entry.{name}" for name in _GIVEN)}
    FROM log AS entry CROSS JOIN card USING (card_number) LEFT JOIN scheduler USING (scheduler_id)
    LEFT JOIN device AS undone ON undone.device_id = entry.undoes_device
    WHERE entry.device_id = (SELECT device_id FROM device WHERE uuid = ?) AND entry.number BETWEEN ? AND ?
    ORDER BY entry.number
"""
_COLUMNS = ("device_id", "number", "kind", "card_number", "at", "ordered_at", "utc_offset", "day", "undoes_device",
            "undoes_number", "scheduler_id", *_GIVEN)  # fmt: skip


def entries_of(connection: sqlite3.Connection, device: str, span: Range) -> Iterator[SharedEntry]:
    """The entries of a device with numbers in ``span``, ascending."""
    for row in connection.execute(_SELECT, (device, *span)):
        number, kind, card_id, at, ordered_at, offset, day, undone, undone_number, settings, engine, *given = row
        yield SharedEntry(
            device, number, kind, card_id, at, ordered_at, offset, day,
            None if undone is None else (undone, undone_number),
            None if settings is None else (settings, engine), *given,
        )  # fmt: skip


def present(connection: sqlite3.Connection) -> dict[str, list[Range]]:
    """Of every device, the numbers of its entries that are in the log."""
    found = {}
    for device_id, uuid in connection.execute("SELECT device_id, uuid FROM device ORDER BY uuid").fetchall():
        first, last, count = connection.execute(
            "SELECT min(number), max(number), count(*) FROM log WHERE device_id = ?", (device_id,)
        ).fetchone()
        if not count:
            continue
        found[uuid] = [(first, last)]
        if count != last - first + 1:
            found[uuid] = connection.execute(
                "SELECT min(number), max(number) FROM (SELECT number, number - row_number() OVER (ORDER BY number) AS"
                " run FROM log WHERE device_id = ?) GROUP BY run ORDER BY 1",
                (device_id,),
            ).fetchall()
    return found


def without(spans: Iterable[Range], taken: Iterable[Range]) -> list[Range]:
    """The numbers of ``spans`` (ascending) that are not in ``taken``.

    >>> without([(1, 10), (20, 30)], [(3, 4), (9, 25)])
    [(1, 2), (5, 8), (26, 30)]
    """
    left = []
    gone = sorted(taken)
    for first, last in spans:
        for begin, end in gone:
            if end < first or begin > last:
                continue
            if begin > first:
                left.append((first, begin - 1))
            first = end + 1
        if first <= last:
            left.append((first, last))
    return left


def label_of(connection: sqlite3.Connection, uuid: str) -> str:
    """The name of a device for people; empty where none is known."""
    row = connection.execute("SELECT label FROM device WHERE uuid = ?", (uuid,)).fetchone()
    return "" if row is None else str(row[0])


# What is known of the store


def known_segments(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """The files, by holder and name, whose entries are all in the log."""
    return set(connection.execute("SELECT holder, name FROM shared_segment"))


def note_segments(connection: sqlite3.Connection, segments: Iterable[tuple[str, str]]) -> None:
    """Notes files as known, within the caller's transaction."""
    connection.executemany("INSERT OR IGNORE INTO shared_segment VALUES (?, ?)", segments)


def forgotten(connection: sqlite3.Connection) -> frozenset[str]:
    """The devices of which nothing is taken in."""
    return frozenset(uuid for (uuid,) in connection.execute("SELECT uuid FROM forgotten_device"))


# Taking in


def take_in(
    connection: sqlite3.Connection,
    days: StudyDays,
    path: Path,
    arrived: Iterable[Arrived],
    uploaded: Sequence[Range] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Taken:
    """Brings entries into the log of the file at ``path`` and replays the cards that they touch, within the caller's
    transaction.

    ``uploaded`` are the numbers of this home's device that others may have seen.

    Raises:
        sqlite3.Error, ValueError, OverflowError: something in them cannot be stored or replayed.
    """
    keys = _Keys(connection)
    own = own_device(connection)
    mine = "" if own is None else own.uuid
    touched: set[int] = set()
    unseen: list[SharedEntry] = []
    own_new: dict[int, SharedEntry] = {}
    against_own: dict[int, SharedEntry] = {}
    for group in arrived:
        keys.label(group.device, group.label)
        new, contrary = _compared(connection, group.entries)
        if group.device == mine:
            _keep_smaller(own_new, new)
            _keep_smaller(against_own, (entry for entry, _ in contrary))
            continue
        for entry, there in contrary:
            if _bytes(entry) < _bytes(there):
                place = (keys.device(entry.device), entry.number)
                touched |= _remove(connection, "device_id = ? AND number = ?", place)
                new.append(entry)
        _insert(connection, keys, new, touched)
        unseen += new
    taken_device = None
    moved: dict[int, int] = {}
    if own is not None and (own_new or against_own):
        # Only what this home logged itself moves: so nothing of its device is inserted before.
        leaving = _leaving(connection, own, against_own, uploaded)
        if own_new or leaving:
            known = _known_elsewhere(connection, own.device_id, leaving)
            touched |= _drop_known(connection, own.device_id, known)
            moved = {number: place for place, number in enumerate(sorted(leaving - known.keys()), 1)}
            taken_device = take_new_device(connection, path)
            touched |= _move(connection, own.device_id, taken_device.device_id, moved)
            arrived_own = [entry for number, entry in against_own.items() if number in leaving] + list(own_new.values())
            _insert(connection, keys, arrived_own, touched)
            unseen += arrived_own
    _follow(connection, days, touched, progress)
    return Taken(len(unseen), len(moved), taken_device)


def _compared(
    connection: sqlite3.Connection, entries: Sequence[SharedEntry]
) -> tuple[list[SharedEntry], list[tuple[SharedEntry, SharedEntry]]]:
    """The entries that are not in the log, and those in whose place another is, with that one."""
    if not entries:
        return [], []
    span = (entries[0].number, entries[-1].number)
    there = {entry.number: entry for entry in entries_of(connection, entries[0].device, span)}
    if not there:
        return list(entries), []
    new, contrary = [], []
    for entry in entries:
        other = there.get(entry.number)
        if other is None:
            new.append(entry)
        elif other != entry:
            contrary.append((entry, other))
    return new, contrary


def _keep_smaller(kept: dict[int, SharedEntry], entries: Iterable[SharedEntry]) -> None:
    """Notes entries by number; of two with one number the one that keeps it on every machine."""
    for entry in entries:
        other = kept.get(entry.number)
        if other is None or _bytes(entry) < _bytes(other):
            kept[entry.number] = entry


def _bytes(entry: SharedEntry) -> bytes:
    return msgspec.json.encode(entry)


def _leaving(
    connection: sqlite3.Connection, own: Device, against: dict[int, SharedEntry], uploaded: Sequence[Range]
) -> set[int]:
    """Which of the own entries leave their numbers."""
    numbers = present(connection).get(own.uuid, [])
    private = without(numbers, uploaded)
    leaving = {
        number
        for number, entry in against.items()
        if not _holds(private, number)
        and all(_bytes(entry) < _bytes(there) for there in entries_of(connection, own.uuid, (number, number)))
    }
    first = min((number for number in against if _holds(private, number)), default=None)
    if first is not None:
        leaving |= {number for low, high in private for number in range(max(low, first), high + 1)}
    return leaving


def _known_elsewhere(connection: sqlite3.Connection, own: int, leaving: set[int]) -> dict[int, tuple[int, int]]:
    """Those of the own entries that are in the log under another device and number already, and which that is.

    A copy that was made before entries were numbered anew holds them under their old numbers. Put back later, it would
    bring them a second time.
    """
    same = " AND ".join(f"other.{name} IS mine.{name}" for name in ("at", *_SAME, *_GIVEN))
    query = (
        "SELECT other.device_id, other.number FROM log AS mine JOIN log AS other"
        f" ON other.card_number = mine.card_number AND other.device_id <> mine.device_id AND {same}"
        " WHERE mine.device_id = ? AND mine.number = ? ORDER BY other.device_id, other.number LIMIT 1"
    )
    found = {number: connection.execute(query, (own, number)).fetchone() for number in sorted(leaving)}
    return {number: place for number, place in found.items() if place is not None}


def _drop_known(connection: sqlite3.Connection, own: int, known: dict[int, tuple[int, int]]) -> set[int]:
    """Takes own entries out that are known by another name, and lets undos name that; returns the cards."""
    cards: set[int] = set()
    for number, (device, place) in known.items():
        cards |= _remove(connection, "device_id = ? AND number = ?", (own, number))
        with _guards_lifted(connection):
            connection.execute(
                "UPDATE log SET undoes_device = ?, undoes_number = ?"
                " WHERE undoes_device = ? AND undoes_number = ? AND device_id = ?",
                (device, place, own, number, own),
            )
    return cards


def _holds(spans: Iterable[Range], number: int) -> bool:
    return any(first <= number <= last for first, last in spans)


def _move(connection: sqlite3.Connection, old: int, new: int, moved: dict[int, int]) -> set[int]:
    """Gives entries of this home, and what takes them back here, another device; returns the cards."""
    cards: set[int] = set()
    with _guards_lifted(connection):
        for number, place in moved.items():
            where = "device_id = ? AND number = ?"
            cards |= {row[0] for row in connection.execute(f"SELECT card_number FROM log WHERE {where}", (old, number))}
            connection.execute(f"UPDATE log SET device_id = ?, number = ? WHERE {where}", (new, place, old, number))
        for number, place in moved.items():
            connection.execute(
                "UPDATE log SET undoes_device = ?, undoes_number = ?"
                " WHERE undoes_device = ? AND undoes_number = ? AND device_id IN (?, ?)",
                (new, place, old, number, old, new),
            )
    return cards


def _insert(connection: sqlite3.Connection, keys: _Keys, entries: Sequence[SharedEntry], touched: set[int]) -> None:
    rows = [
        (
            keys.device(entry.device), entry.number, entry.kind, keys.card(entry.card_id), entry.at, entry.ordered_at,
            entry.utc_offset, entry.day, *keys.undoes(entry.undoes), keys.scheduler(entry.scheduler), entry.mode,
            entry.rating, entry.outcome, entry.score, entry.misconception, entry.seed, entry.drawn, entry.answer,
            entry.hints, entry.tries, entry.duration,
        )
        for entry in entries
    ]  # fmt: skip
    insert_many(connection, "log", _COLUMNS, iter(rows))
    touched |= {row[3] for row in rows}
    for row in rows:
        if row[8] is not None:  # what is taken back may, in what a stranger wrote, be of another card
            touched |= {
                card
                for (card,) in connection.execute(
                    "SELECT card_number FROM log WHERE device_id = ? AND number = ?", row[8:10]
                )
            }


class _Keys:
    """The keys that devices, cards and schedulers have in one file; new ones where they have none."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._devices: dict[str, int] = {}
        self._cards: dict[str, int] = {}
        self._schedulers: dict[tuple[str, str], int] = {}

    def label(self, uuid: str, label: str) -> None:
        if number_of(self._connection, uuid, label) and label:
            self._connection.execute("UPDATE device SET label = ? WHERE uuid = ? AND label = ''", (label, uuid))

    def device(self, uuid: str) -> int:
        if uuid not in self._devices:
            self._devices[uuid] = number_of(self._connection, uuid)
        return self._devices[uuid]

    def undoes(self, undoes: tuple[str, int] | None) -> tuple[int, int] | tuple[None, None]:
        return (None, None) if undoes is None else (self.device(undoes[0]), undoes[1])

    def card(self, card_id: str) -> int:
        return self._key(self._cards, card_id, "card", ("card_id",), (card_id,))

    def scheduler(self, scheduler: tuple[str, str] | None) -> int | None:
        if scheduler is None:
            return None
        return self._key(self._schedulers, scheduler, "scheduler", ("settings", "engine"), scheduler)

    def _key(self, known: dict[Any, int], value: Any, table: str, columns: Sequence[str], row: tuple[str, ...]) -> int:
        if value not in known:
            condition = " AND ".join(f"{column} = ?" for column in columns)
            there = self._connection.execute(f"SELECT {table}.rowid FROM {table} WHERE {condition}", row).fetchone()
            if there is None:
                places = ", ".join("?" * len(row))
                cursor = self._connection.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", row)
                there = (cursor.lastrowid,)
            known[value] = int(there[0])
        return known[value]


# Taking out


def forget(
    connection: sqlite3.Connection, days: StudyDays, uuid: str, progress: Callable[[int, int], None] | None = None
) -> int:
    """Takes the entries of a device out of the log for good, within the caller's transaction; says how many.

    What they took back stands again. Nothing of the device is taken in any more.

    Raises:
        ValueError: it is the device of this home.
    """
    own = own_device(connection)
    if own is not None and own.uuid == uuid:
        raise ValueError("the device of this home cannot be forgotten")
    connection.execute("INSERT OR IGNORE INTO forgotten_device VALUES (?)", (uuid,))
    condition = "device_id = (SELECT device_id FROM device WHERE uuid = ?)"
    (count,) = connection.execute(f"SELECT count(*) FROM log WHERE {condition}", (uuid,)).fetchone()
    _follow(connection, days, _remove(connection, condition, (uuid,)), progress)
    connection.execute("DELETE FROM shared_segment WHERE holder = ? OR name LIKE ?", (uuid, f"%.{uuid}.zst"))
    return int(count)


def remember(connection: sqlite3.Connection, uuid: str) -> None:
    """Lets entries of a device that was forgotten be taken in again, within the caller's transaction."""
    connection.execute("DELETE FROM forgotten_device WHERE uuid = ?", (uuid,))


def _remove(connection: sqlite3.Connection, condition: str, arguments: tuple[Any, ...]) -> set[int]:
    """Takes rows out of the log with their results; returns the cards that they, and what they took back, are of."""
    cards = {row[0] for row in connection.execute(f"SELECT card_number FROM log WHERE {condition}", arguments)}
    cards |= {
        row[0]
        for row in connection.execute(
            "SELECT card_number FROM log WHERE (device_id, number) IN"
            f" (SELECT undoes_device, undoes_number FROM log WHERE undoes_number IS NOT NULL AND {condition})",
            arguments,
        )
    }
    connection.execute(f"DELETE FROM result WHERE sequence IN (SELECT sequence FROM log WHERE {condition})", arguments)
    with _guards_lifted(connection):
        connection.execute(f"DELETE FROM log WHERE {condition}", arguments)
    return cards


@contextmanager
def _guards_lifted(connection: sqlite3.Connection) -> Iterator[None]:
    """The log without its guards; what goes wrong inside must end the transaction, which brings them back."""
    guards = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'log'"
    ).fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    yield
    for _, definition in guards:
        connection.execute(definition)


def _follow(
    connection: sqlite3.Connection, days: StudyDays, cards: set[int], progress: Callable[[int, int], None] | None
) -> None:
    if len(cards) >= REBUILT_FROM:
        (entries,) = connection.execute("SELECT count(*) FROM log").fetchone()
        if len(cards) * _REBUILT_SHARE >= entries:
            from studyapp.store.rebuild import rebuild_all

            rebuild_all(connection, progress)
            return
    for card in sorted(cards):
        follow(connection, card, days, None, anew=True)
