"""One synchronisation: read what others have written, bring it into the log, write what the store lacks.

Every step may be the last one. A file is written before it is noted, noted only once its entries are in the log, and
deleted only once another file that holds the same has been read back from the store; so whatever breaks off is done
again next time, and doing it again changes nothing.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from studyapp import __version__
from studyapp.clock import Clock, system_clock
from studyapp.deck.decisions import Decisions, later, plain, read_plain
from studyapp.deck.library import Library
from studyapp.file_lock import FileLock, LockHeld
from studyapp.schedule.day import StudyDays
from studyapp.store import union
from studyapp.store.connection import transaction
from studyapp.store.device import Device, own_device
from studyapp.store.errors import explained
from studyapp.store.opening import open_progress
from studyapp.store.union import Arrived, Range, Taken
from studyapp.sync import segment
from studyapp.sync.place import Place, PlaceError, shown
from studyapp.sync.segment import Contents, SegmentName, Unreadable

Progress = Callable[[int, int], None]
T = TypeVar("T")

MOST_AT_ONCE = 256_000_000
"""Bytes of files that are read in one synchronisation; what is left comes with the next."""

_PARTS = 8
"""So many small segments are made into one."""

_MOST_CHOICES = 4_000_000
_CHOICES = "choices."


class SyncBusy(Exception):
    """Another synchronisation of the same home is under way."""


class Refused(Struct, frozen=True):
    """Entries, or a whole file where ``entries`` is 0, that were not taken in, and why."""

    device: str
    name: str
    entries: int
    reason: str


class Report(Struct, frozen=True):
    """What a synchronisation did.

    ``sent`` and ``received`` count entries of the log, ``choices`` fields of decks that changed here. ``incomplete``
    files are still on their way. ``waiting`` entries were left for a longer synchronisation. ``renumbered`` entries of
    this home were given to the new device ``renamed``, since others have the numbers under which they stood.
    """

    sent: int = 0
    received: int = 0
    choices: int = 0
    incomplete: int = 0
    waiting: int = 0
    renumbered: int = 0
    renamed: str = ""
    refused: tuple[Refused, ...] = ()


def synchronise(
    home: Path,
    place: Place,
    days: StudyDays,
    *,
    clock: Clock = system_clock,
    most: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Synchronises the home with the store. With more than ``most`` entries to read nothing is done but said.

    Raises:
        SyncBusy: another one is under way in this home.
        PlaceError: the store cannot be reached, read or written; what was done until then stands.
        StoreError, LibraryError: the learner's data cannot be read or written.
    """
    connection, instance = open_progress(home, days.day_of(clock()))
    try:
        with closing(connection), explained(home / "progress.db"), _alone(home):
            return _Run(home, connection, _Reached(place), days, progress).run(most)
    finally:
        instance.close()


def _alone(home: Path) -> FileLock:
    try:
        return FileLock(home / "sync.lock", exclusive=True, patience=0.0)
    except LockHeld:
        raise SyncBusy("Another studyapp is synchronising this home.") from None


class _Reached:
    """A place whose failures, of whatever library, are `PlaceError`."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def holders(self) -> list[str]:
        return self._asked("listed", self._place.holders)

    def names(self, holder: str) -> list[str]:
        return self._asked("listed", lambda: self._place.names(holder))

    def read(self, holder: str, name: str, most: int) -> bytes | None:
        return self._asked("read", lambda: self._place.read(holder, name, most))

    def write(self, holder: str, name: str, data: bytes) -> None:
        self._asked("written", lambda: self._place.write(holder, name, data))

    def delete(self, holder: str, name: str) -> None:
        self._asked("written", lambda: self._place.delete(holder, name))

    def _asked(self, done: str, call: Callable[[], T]) -> T:
        try:
            return call()
        except PlaceError:
            raise
        except Exception as error:
            reason = shown(getattr(error, "strerror", None) or str(error) or type(error).__name__)
            raise PlaceError(
                f"The store could not be {done} ({reason.splitlines()[0][:200]}). "
                "Nothing is lost; the next synchronisation goes on from here."
            ) from error


class _Run:
    """One synchronisation over an open database."""

    def __init__(
        self, home: Path, connection: sqlite3.Connection, place: Place, days: StudyDays, progress: Progress | None
    ) -> None:
        self.home = home
        self.connection = connection
        self.place = place
        self.days = days
        self.progress = progress
        self.refused: list[Refused] = []
        self.incomplete = 0

    def run(self, most: int | None) -> Report:
        gone = union.forgotten(self.connection)
        names, other_files = self._listed(gone)
        known = union.known_segments(self.connection)
        present = union.present(self.connection)
        known = {
            (name.holder, name.name)
            for name in names
            if (name.holder, name.name) in known and not union.without([name.span], present.get(name.origin, []))
        }  # entries that were noted and are gone again, by whatever fault, are read again
        unread = [name for name in names if (name.holder, name.name) not in known]
        waiting = sum(name.entries for name in unread if name.holder != self._device().uuid)
        if most is not None and waiting > most:
            return Report(waiting=waiting)
        taken = self._take_in(unread, names, known)
        choices = self._exchange_choices(other_files, gone)
        known = union.known_segments(self.connection)
        whole = [name for name in names if (name.holder, name.name) in known]
        sent = self._send(whole)
        self._tidy(whole)
        return Report(
            sent, taken.entries, choices, self.incomplete, 0, taken.renumbered,
            taken.device.uuid if taken.device else "", tuple(self.refused),
        )  # fmt: skip

    def _device(self) -> Device:
        device = own_device(self.connection)
        assert device is not None, "a file that was opened to be written has a device"
        return device

    # Reading

    def _listed(self, gone: frozenset[str]) -> tuple[list[SegmentName], dict[str, list[str]]]:
        """The segments in the store, each once, and the other files by holder."""
        found: dict[tuple[str, str], SegmentName] = {}
        others: dict[str, list[str]] = defaultdict(list)
        for holder in self.place.holders():
            if not segment.is_uuid(holder) or holder in gone:
                continue
            for file in self.place.names(holder):
                name = SegmentName.read(holder, file)
                if name is None:
                    others[holder].append(file)
                elif name.origin not in gone:
                    kept = found.setdefault((holder, name.name), name)
                    if kept.file != kept.name and file == name.name:
                        found[(holder, name.name)] = name
        order = sorted(found.values(), key=lambda name: (name.origin, name.span[0], -name.span[1], name.holder))
        return order, others

    def _take_in(self, unread: list[SegmentName], names: list[SegmentName], known: set[tuple[str, str]]) -> Taken:
        files: list[tuple[SegmentName, bytes]] = []
        size = 0
        for done, name in enumerate(unread):
            if size > MOST_AT_ONCE:
                break
            if self.progress is not None:
                self.progress(done, len(unread))
            data = self.place.read(name.holder, name.file, segment.LARGEST_FILE)
            if data is None or sha256(data).hexdigest() != name.sha:
                self.incomplete += 1
            else:
                files.append((name, data))
                size += len(data)
        if not files:
            return Taken()
        mine = self._device().uuid
        uploaded = [name.span for name in names if name.origin == mine and (name.holder, name.name) in known]
        uploaded += self._told_before(files, mine)
        try:
            return self._write(files, uploaded)
        except (sqlite3.IntegrityError, sqlite3.DataError, ValueError, ArithmeticError):
            return self._write_apart(files, uploaded)

    def _write(self, files: list[tuple[SegmentName, bytes]], uploaded: list[Range]) -> Taken:
        whole: list[tuple[str, str]] = []
        refused: list[Refused] = []
        with transaction(self.connection):
            taken = union.take_in(
                self.connection,
                self.days,
                self.home / "progress.db",
                self._arrived(files, whole, refused),
                uploaded,
                self.progress,
            )
            union.note_segments(self.connection, whole)
        self.refused += refused
        return taken

    def _write_apart(self, files: list[tuple[SegmentName, bytes]], uploaded: list[Range]) -> Taken:
        """Takes in what can be, device by device, where something in the whole can be neither stored nor replayed."""
        by_origin: dict[str, list[tuple[SegmentName, bytes]]] = defaultdict(list)
        for name, data in files:
            by_origin[name.origin].append((name, data))
        total = Taken()
        for origin, some in by_origin.items():
            try:
                taken = self._write(some, uploaded)
            except (sqlite3.IntegrityError, sqlite3.DataError, ValueError, ArithmeticError) as error:
                self.refused += [Refused(origin, name.file, name.entries, str(error)[:200]) for name, _ in some]
            else:
                total = Taken(
                    total.entries + taken.entries, total.renumbered + taken.renumbered, taken.device or total.device
                )
        return total

    def _arrived(
        self, files: Iterable[tuple[SegmentName, bytes]], whole: list[tuple[str, str]], refused: list[Refused]
    ) -> Iterator[Arrived]:
        for name, data in files:
            contents = self._contents(name, data, refused)
            if contents is None:
                continue
            if not contents.refused:
                whole.append((name.holder, name.name))
            yield Arrived(contents.device, contents.label, contents.entries)

    def _contents(self, name: SegmentName, data: bytes, refused: list[Refused]) -> Contents | None:
        try:
            contents = segment.read(name, data)
        except Unreadable as error:
            refused.append(Refused(name.holder, name.file, 0, str(error)))
            return None
        if contents.refused:
            refused.append(Refused(name.holder, name.file, contents.refused, contents.reason))
        return contents

    def _told_before(self, files: list[tuple[SegmentName, bytes]], mine: str) -> list[Range]:
        """The numbers that files of this device, written before a crash could be noted, hold just as the log does."""
        same = []
        for name, data in files:
            contents = self._contents(name, data, []) if name.origin == mine else None
            if contents is not None and list(contents.entries) == list(
                union.entries_of(self.connection, mine, name.span)
            ):
                same.append(name.span)
        return same

    # Choices

    def _exchange_choices(self, files: dict[str, list[str]], gone: frozenset[str]) -> int:
        others: Decisions = {}
        for holder, names in files.items():
            for name in names:
                found = self._read_choices(holder, name)
                others = later(
                    others,
                    {
                        deck: {field: one for field, one in fields.items() if one.device not in gone}
                        for deck, fields in found.items()
                    },
                )
        mine = self._device().uuid
        library = Library(self.home)
        decided, changed = library.decide({deck: fields for deck, fields in others.items() if fields}, mine)
        own = [name for name in files.get(mine, ()) if name.startswith(_CHOICES)]
        if not decided:
            return changed
        data = segment.packed(msgspec.json.encode({"format": segment.FORMAT, "choices": plain(decided)}))
        name = f"{_CHOICES}{sha256(data).hexdigest()}.zst"
        if name not in own:
            self.place.write(mine, name, data)
        elif self.place.read(mine, name, _MOST_CHOICES) == data:
            for old in own:
                if old != name:
                    self.place.delete(mine, old)
        else:
            self.place.write(mine, name, data)
        return changed

    def _read_choices(self, holder: str, name: str) -> Decisions:
        parts = name.split(".")
        if not name.startswith(_CHOICES) or not name.endswith(".zst") or len(parts) < 3:
            return {}
        data = self.place.read(holder, name, _MOST_CHOICES)
        if data is None or sha256(data).hexdigest() != parts[1]:
            self.incomplete += 1
            return {}
        try:
            found, refused = read_plain(msgspec.json.decode(segment.unpacked(data)).get("choices"))
        except (ValueError, AttributeError, RecursionError):
            self.refused.append(Refused(holder, name, 0, "it holds no choices for decks"))
            return {}
        if refused:
            self.refused.append(Refused(holder, name, refused, "choices for decks that cannot be"))
        return found

    # Writing

    def _send(self, whole: list[SegmentName]) -> int:
        """Writes what no file in the store holds, be it of this device or of one that left it in this log."""
        device = self._device()
        covered: dict[str, list[Range]] = defaultdict(list)
        for name in whole:
            covered[name.origin].append(name.span)
        sent = 0
        for origin, spans in union.present(self.connection).items():
            label = union.label_of(self.connection, origin)
            for span in union.without(spans, covered[origin]):
                for portion in segment.chunks(union.entries_of(self.connection, origin, span)):
                    name, data = segment.write(portion, label, device.uuid)
                    self._put(name, data)
                    sent += len(portion)
                    if self.progress is not None:
                        self.progress(sent, sum(last - first + 1 for first, last in spans))
        self._say_who(device)
        return sent

    def _put(self, name: SegmentName, data: bytes) -> None:
        self.place.write(name.holder, name.name, data)
        with transaction(self.connection):
            union.note_segments(self.connection, [(name.holder, name.name)])

    def _say_who(self, device: Device) -> None:
        """A word for people who look into the store; nothing reads it."""
        if union.present(self.connection).get(device.uuid) and "device.json" not in self.place.names(device.uuid):
            about = {"label": device.label, "app": f"studyapp {__version__}", "format": segment.FORMAT}
            self.place.write(device.uuid, "device.json", msgspec.json.format(msgspec.json.encode(about)) + b"\n")

    def _tidy(self, whole: list[SegmentName]) -> None:
        """Deletes own files whose entries another file holds, and makes many small ones into one."""
        mine = self._device().uuid
        own = [name for name in whole if name.holder == mine]
        kept = []
        read_back: dict[SegmentName, bool] = {}
        for name in own:
            holding = next(
                (
                    other
                    for other in whole
                    if other.origin == name.origin
                    and other != name
                    and other.span[0] <= name.span[0]
                    and name.span[1] <= other.span[1]
                    and (other.span != name.span or _is_kept_rather(other, name))
                    and (other.holder == mine or other.holder == other.origin)
                ),
                None,
            )
            if holding is not None and read_back.setdefault(holding, self._is_whole(holding)):
                self.place.delete(name.holder, name.file)
            else:
                kept.append(name)
        for origin in {name.origin for name in kept}:
            parts = _to_unite([name for name in kept if name.origin == origin])
            if parts:
                span = (parts[0].span[0], parts[-1].span[1])
                label = union.label_of(self.connection, origin)
                for portion in segment.chunks(union.entries_of(self.connection, origin, span)):
                    self._put(*segment.write(portion, label, mine))

    def _is_whole(self, name: SegmentName) -> bool:
        data = self.place.read(name.holder, name.file, segment.LARGEST_FILE)
        return data is not None and sha256(data).hexdigest() == name.sha


def _is_kept_rather(other: SegmentName, name: SegmentName) -> bool:
    """Of two files with the same entries the origin's own is kept, then the one with the smaller name."""
    return (other.holder != other.origin, other.name) < (name.holder != name.origin, name.name)


def _to_unite(names: list[SegmentName]) -> list[SegmentName]:
    """The newest files that follow each other and are small beside what they make together; none for too few."""
    names = sorted(names, key=lambda name: name.span)
    parts: list[SegmentName] = []
    total = 0
    for name in reversed(names):
        if parts and name.span[1] + 1 != parts[0].span[0]:
            break
        if total + name.entries > segment.MOST_ENTRIES or (len(parts) >= _PARTS and name.entries > 2 * total):
            break
        parts.insert(0, name)
        total += name.entries
    return parts if len(parts) >= _PARTS else []
