"""Making damaged data whole again: what can be read in the file and in all its copies becomes one log.

Nothing is replaced by an older copy. Entries are known by device and number, so the same entry of two files is one;
states and results follow from the united log, and what is nowhere to be read is counted.
"""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from studyapp.locale.message import Message
from studyapp.store import backup, migrations
from studyapp.store.connection import look, side_files, transaction
from studyapp.store.errors import Damaged, StoreError, explained
from studyapp.store.lock import InstanceLock
from studyapp.store.rebuild import rebuild_all
from studyapp.store.rows import insert
from studyapp.store.salvage import Content, Name, Salvaged, copies_beside, numbers_held, read

_NOTHING_READABLE = Message(
    "Nothing can be read in {path}, and there is no good copy in {folder}. Nothing was changed. To begin anew, move "
    "both away."
)
_NOT_SOUND = Message("The united log is not sound ({what}). Nothing was changed.")

Progress = Callable[[int, int], None]


class Recovered(Struct, frozen=True):
    """What a recovery made: how many entries the log has now, how many of them only copies had, how many lost a detail
    that no entry can have, how many are known to have been and are nowhere to be read, and where the old file is."""

    entries: int
    from_copies: int
    mended: int
    missing: int
    kept_aside: Path | None


def recover(home: Path, now: datetime, progress: Progress | None = None) -> Recovered:
    """Puts a log united from ``progress.db`` and every copy in the place of ``progress.db``.

    The file that was there is kept aside in the folder ``damaged``, with its write-ahead log. Where this is stopped
    nothing has changed.

    Raises:
        Busy: another instance has the data open.
        NewerSchema: the data is not damaged but written by a newer app.
        StoreError: nothing can be read anywhere, or the result could not be written; nothing was changed.
    """
    path = home / "progress.db"
    with InstanceLock(home, exclusive=True, patience=0.5):
        with suppress(Damaged):
            look(path)
        united = _unite(home, path)
        if not united.entries:
            raise StoreError(_NOTHING_READABLE(path=path, folder=home / backup.FOLDER))
        fresh = path.with_name(f"{path.name}.{os.getpid()}.restored")
        backup.delete_leftovers(home)
        try:
            with explained(fresh):
                left_out = _write(fresh, united, progress)
            _require_sound(fresh, now)
            aside = backup.keep_aside(path, home, now)
            with explained(path):
                os.replace(fresh, path)
                backup.sync_folder(home)
        finally:
            for leftover in (fresh, *side_files(fresh)):
                with suppress(OSError):
                    leftover.unlink()
    return Recovered(
        len(united.entries) - left_out,
        sum(name not in united.own for name in united.entries),
        sum(entry.mended for entry in united.entries.values()),
        united.missing() + left_out,
        aside,
    )


def can_fill_gaps(home: Path, connection: sqlite3.Connection) -> bool:
    """Whether any copy has an entry that is missing in the log of an open, sound file."""
    have = {Name(*row) for row in connection.execute("SELECT uuid, number FROM log JOIN device USING (device_id)")}
    highest: dict[str, int] = {}
    for name in have:
        highest[name.device] = max(highest.get(name.device, 0), name.number)
    missing = {
        Name(device, number) for device, last in highest.items() for number in range(1, last + 1)
    } - have if sum(highest.values()) - len(have) < _MOST_GAPS else set()  # fmt: skip
    for path in _copies(home):
        content = read(path)
        if content is not None and any(name in missing for name in content.entries):
            return True
    return False


def held_by_copies_alone(home: Path, connection: sqlite3.Connection) -> int:
    """How many entries the daily copies have that an open, sound file has not, under no name."""
    highest = dict(connection.execute("SELECT uuid, max(number) FROM log JOIN device USING (device_id) GROUP BY uuid"))
    forgotten = {uuid for (uuid,) in connection.execute("SELECT uuid FROM forgotten_device")}
    alone: set[Name] = set()
    have: set[tuple[object, ...]] = set()
    for path in (copy.path for copy in backup.backups(home)):
        held = numbers_held(path) or {}
        beyond = {device for device, number in held.items() if number > highest.get(device, 0)} - forgotten
        content = read(path) if beyond else None
        if content is None:
            continue
        have = have or set(connection.execute("SELECT kind, card_id, at FROM log JOIN card USING (card_number)"))
        alone |= {
            name
            for name, entry in content.entries.items()
            if name.device in beyond
            and name.number > highest.get(name.device, 0)
            and (entry.columns["kind"], entry.card, entry.columns["at"]) not in have
        }
    return len(alone)


def _happened(entry: Salvaged) -> tuple[object, ...]:
    """What an entry says, whatever it is called."""
    return entry.columns["kind"], entry.card, entry.columns["at"], entry.columns["rating"], entry.columns["answer"]


_MOST_GAPS = 1_000_000
"""Numbers that are missing. Beyond, a number itself is damaged, and what it asks for has never been."""


class _United:
    """The entries of several files, the better reading of each."""

    def __init__(self) -> None:
        self.entries: dict[Name, Salvaged] = {}
        self.own: set[Name] = set()
        self.highest: Counter[str] = Counter()
        self.devices: dict[str, tuple[int, str]] = {}
        self.cards: dict[str, int] = {}
        self.others: dict[str, list[tuple[list[str], list[tuple[object, ...]]]]] = {}

    def add(self, content: Content) -> None:
        known = {_happened(entry) for entry in self.entries.values()}
        for name, entry in content.entries.items():
            kept = self.entries.get(name)
            if kept is None and _happened(entry) in known:
                continue  # numbered anew since this copy was made
            if kept is None or (kept.mended and not entry.mended):
                self.entries[name] = entry
        for device, number in content.highest.items():
            if number <= len(self.entries) + _MOST_GAPS:
                self.highest[device] = max(self.highest[device], number)
        for device, numbered in content.devices.items():
            self.devices.setdefault(device, numbered)
        for card, number in content.cards.items():
            self.cards.setdefault(card, number)
        for table, rows in content.others.items():
            self.others.setdefault(table, []).append(rows)

    def has_all(self, highest: dict[str, int]) -> bool:
        """Whether nothing up to these numbers is missing or lacks a detail."""
        held = Counter(name.device for name in self.entries)
        is_whole = not any(entry.mended for entry in self.entries.values())
        return is_whole and all(held[device] >= max(number, self.highest[device]) for device, number in highest.items())

    def missing(self) -> int:
        held = Counter(name.device for name in self.entries)
        return sum(max(0, last - held[device]) for device, last in self.highest.items())


def _unite(home: Path, path: Path) -> _United:
    united = _United()
    own = read(path)
    is_sound = own is not None and not own.lost and not backup.unsound(path, thorough=True)
    if own is not None:
        united.own = set(own.entries)
    waiting = list(_copies(home))
    if own is not None and is_sound:
        united.add(own)
    elif own is not None:
        # A sound copy says more reliably what both have. The newest one will do for most of it.
        first = next((copy for copy in waiting if not backup.unsound(copy, thorough=True)), None)
        content = None if first is None else read(first)
        if content is not None and first is not None:
            waiting.remove(first)
            content = _as_known(content, own)
            own = read(path, content) or own
            united.own = set(own.entries)
            united.add(content)
        united.add(own)
    for copy in waiting:
        highest = numbers_held(copy)
        if highest is not None and united.has_all(highest):
            continue
        content = read(copy)
        if content is None:
            continue
        content = _as_known(content, united)
        if not united.entries or content.entries.keys() & united.entries.keys():
            united.add(content)
    return united


def _copies(home: Path) -> Iterable[Path]:
    present = backup.backups(home)
    yield from (copy.path for copy in sorted(present, key=lambda one: _modified(one.path), reverse=True))
    yield from copies_beside(home)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _as_known(content: Content, known: Content | _United) -> Content:
    """The content with its device called as ``known`` calls it.

    A copy from before devices were known gets a new name whenever it is brought up to date; its entries tell which
    device it was.
    """
    moments = {(entry.name.number, entry.card, entry.columns["at"]): name for name, entry in known.entries.items()}
    renamed: dict[str, str] = {}
    for device in {name.device for name in content.entries} - {name.device for name in known.entries}:
        same = Counter(
            moments[key].device
            for name, entry in content.entries.items()
            if name.device == device and (key := (name.number, entry.card, entry.columns["at"])) in moments
        )
        if same:
            renamed[device] = same.most_common(1)[0][0]
    if not renamed:
        return content

    def new(name: Name) -> Name:
        return Name(renamed.get(name.device, name.device), name.number)

    entries = {
        new(name): replace(entry, name=new(name), undoes=None if entry.undoes is None else new(entry.undoes))
        for name, entry in content.entries.items()
    }
    highest = {renamed.get(device, device): number for device, number in content.highest.items()}
    devices = {device: numbered for device, numbered in content.devices.items() if device not in renamed}
    return replace(content, entries=entries, highest=highest, devices=devices)


def _write(fresh: Path, united: _United, progress: Progress | None) -> int:
    """Writes the united log to a new file; returns how many entries had to be left out."""
    os.close(os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600))
    with closing(sqlite3.connect(fresh, isolation_level=None)) as connection, transaction(connection):
        migrations.upgrade(connection, 0)
        connection.execute("DELETE FROM home")  # the next start gives the file a device of its own
        left_out = _write_log(connection, united)
        for table, found in united.others.items():
            for columns, rows in found:
                _write_rows(connection, table, columns, rows)
        rebuild_all(connection, progress)
    with open(fresh, "rb+") as file:
        os.fsync(file.fileno())
    return left_out


def _write_log(connection: sqlite3.Connection, united: _United) -> int:
    entries = sorted(united.entries.values(), key=lambda entry: (entry.sequence, entry.name))
    named = {one for entry in entries for one in (entry.name, entry.undoes) if one is not None}
    devices = _numbered(
        {uuid: united.devices.get(uuid, (0, ""))[0] for uuid in sorted({name.device for name in named})}
    )
    connection.execute("DELETE FROM device")
    for uuid, number in devices.items():
        label = united.devices.get(uuid, (0, ""))[1]
        insert(connection, "device", {"device_id": number, "uuid": uuid, "label": label})
    cards = _numbered({card: united.cards.get(card, 0) for card in sorted({entry.card for entry in entries})})
    for card, number in cards.items():
        insert(connection, "card", {"card_number": number, "card_id": card})
    schedulers: dict[tuple[str, str], int] = {}
    left_out = 0
    for entry in entries:
        if entry.undoes is not None and not _may_undo(entry, united):
            left_out += 1
            continue
        if entry.scheduler is not None and entry.scheduler not in schedulers:
            settings, engine = entry.scheduler
            schedulers[entry.scheduler] = insert(connection, "scheduler", {"settings": settings, "engine": engine})
        row = {
            "device_id": devices[entry.name.device],
            "number": entry.name.number,
            "card_number": cards[entry.card],
            "undoes_device": None if entry.undoes is None else devices[entry.undoes.device],
            "undoes_number": None if entry.undoes is None else entry.undoes.number,
            "scheduler_id": None if entry.scheduler is None else schedulers[entry.scheduler],
        }
        try:
            insert(connection, "log", row | entry.columns)
        except (sqlite3.IntegrityError, OverflowError):
            left_out += 1
    return left_out


def _may_undo(entry: Salvaged, united: _United) -> bool:
    assert entry.undoes is not None
    target = united.entries.get(entry.undoes)
    if target is None:  # lost; an undo of what never was is none
        return entry.undoes.number <= united.highest[entry.undoes.device]
    return target.undoes is None and target.card == entry.card


def _numbered(wanted: dict[str, int]) -> dict[str, int]:
    """Numbers from 1 on, the wanted ones where there is one and it is free."""
    taken: set[int] = set()
    found: dict[str, int] = {}
    for name, number in wanted.items():
        if number > 0 and number not in taken:
            found[name] = number
            taken.add(number)
    following = max(taken, default=0)
    for name in wanted.keys() - found.keys():
        following += 1
        found[name] = following
    return found


def _write_rows(connection: sqlite3.Connection, table: str, columns: list[str], rows: list[tuple[object, ...]]) -> None:
    names, places = ", ".join(columns), ", ".join("?" * len(columns))
    for row in rows:
        with suppress(sqlite3.IntegrityError):
            connection.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({places})", row)


def _require_sound(fresh: Path, now: datetime) -> None:
    """Nothing is put in the place of the learner's data that the doctor would not call sound."""
    from studyapp.store.checks import Cure, check

    with explained(fresh), closing(sqlite3.connect(fresh)) as connection:
        wrong = [one for one in check(connection, now) if one.cure is not Cure.NONE and one.code != "log-gap"]
    if wrong:
        raise StoreError(_NOT_SOUND(what=wrong[0].message))
