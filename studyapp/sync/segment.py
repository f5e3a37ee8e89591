"""The format of what lies in the store: segments, files of entries of one device, written once and never changed.

``studyapp/1/HOLDER/FIRST-LAST.SHA.zst`` holds the entries FIRST to LAST of the device HOLDER, in whose folder it lies;
``FIRST-LAST.SHA.ORIGIN.zst`` those of the device ORIGIN, which HOLDER carries since nobody else had brought them. SHA
is the SHA-256 of the file. Inside is JSON Lines compressed with zstd: a header with the names that the entries share,
then an array for each entry.

Who can write to the store can write anything. So a file is read only when it is whole, within limits of size, and
every entry is looked at for itself: what no studyapp could have logged is refused, and the rest is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import pairwise
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from studyapp.schedule.day import LAST_DAY
from studyapp.schedule.memory import SchedulerSettings
from studyapp.store.log import Kind, Mode
from studyapp.store.states import known_state
from studyapp.store.union import Range, SharedEntry

FORMAT = 1

MOST_ENTRIES = 50_000
"""In one segment that this app writes."""

MOST_BYTES = 16_000_000
"""Of text in one segment that this app writes, before it is compressed; one entry may exceed it."""

LARGEST_FILE = 64_000_000
"""Bytes of a file that is read."""

LARGEST_TEXT = 128_000_000
"""Bytes that a file that is read may hold once decompressed."""

_LEVEL = 12
_WINDOW = 2**27
_EPOCH_DAY = 719_163
_DAY_MS = 86_400_000
_DEEPEST = 32
_LATEST = 7_258_118_400_000
"""The year 2200, in milliseconds since 1970."""

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# CardSet add to the name when they keep a copy of a file ("…sync-conflict…", " (conflicted copy)"): it is as good.
_NAME = re.compile(
    rf"(?P<first>[1-9]\d{{0,14}})-(?P<last>[1-9]\d{{0,14}})\.(?P<sha>[0-9a-f]{{64}})"
    rf"(?:\.(?P<origin>{_UUID}))?(?P<added>[ .~_-][^/]{{0,80}})?\.zst"
)
_IS_UUID = re.compile(_UUID)
_SEED = re.compile(r"-?[0-9]{1,39}")


class Unreadable(ValueError):
    """A file is not a whole segment; the message says why."""


class Newer(Unreadable):
    """A segment was written by a newer app."""


class SegmentName(Struct, frozen=True):
    """What the name of a segment says."""

    holder: str
    origin: str
    span: Range
    sha: str
    name: str
    file: str
    """How the file is called in the folder of its holder: `name`, or what a carrier has made of that."""

    @classmethod
    def read(cls, holder: str, name: str) -> SegmentName | None:
        """None for what is no segment."""
        match = _NAME.fullmatch(name)
        if match is None or not is_uuid(holder):
            return None
        first, last = int(match["first"]), int(match["last"])
        if last < first:
            return None
        origin = match["origin"] or holder
        canonical = _name((first, last), match["sha"], holder, origin)
        return cls(holder, origin, (first, last), match["sha"], canonical, name)

    @property
    def entries(self) -> int:
        """How many entries it holds."""
        return self.span[1] - self.span[0] + 1


class Contents(Struct, frozen=True):
    """What a segment holds: its entries that can be taken, and of the others how many there are and why the first."""

    device: str
    label: str
    entries: Sequence[SharedEntry]
    refused: int = 0
    reason: str = ""


def is_uuid(text: str) -> bool:
    """Whether ``text`` names a device."""
    return _IS_UUID.fullmatch(text) is not None


_Position = Annotated[int, Meta(ge=0, le=10_000_000)]
_Word = Annotated[str, Meta(min_length=1, max_length=500)]


class _Header(Struct, frozen=True):
    format: int
    origin: str
    first: Annotated[int, Meta(ge=1, le=10**15)]
    count: Annotated[int, Meta(ge=1, le=10_000_000)]
    base: Annotated[int, Meta(ge=0, le=_LATEST)]
    label: Annotated[str, Meta(max_length=200)] = ""
    cards: tuple[_Word, ...] = ()
    schedulers: tuple[tuple[Annotated[str, Meta(max_length=4000)], _Word], ...] = ()
    devices: tuple[str, ...] = ()


class _Line(Struct, frozen=True, array_like=True, gc=False):
    """One entry. ``at`` counts from the header's base, ``after`` is ordered_at from there, ``day`` from local date."""

    kind: Annotated[str, Meta(max_length=20)]
    card: _Position
    at: Annotated[int, Meta(ge=-_LATEST, le=_LATEST)]
    after: Annotated[int, Meta(ge=0, le=_LATEST)]
    utc_offset: Annotated[int, Meta(ge=-1440, le=1440)]
    day: Annotated[int, Meta(ge=-3, le=3)]
    mode: Annotated[str, Meta(max_length=20)] | None = None
    rating: Annotated[int, Meta(ge=1, le=4)] | None = None
    duration: Annotated[int, Meta(ge=0, le=10**12)] | None = None
    scheduler: _Position | None = None
    hints: Annotated[int, Meta(ge=0, le=10**9)] | None = None
    tries: Annotated[int, Meta(ge=0, le=10**9)] | None = None
    outcome: Annotated[str, Meta(max_length=500)] | None = None
    score: Annotated[float, Meta(ge=0, le=1)] | None = None
    misconception: Annotated[str, Meta(max_length=500)] | None = None
    seed: Annotated[str, Meta(max_length=40)] | None = None
    drawn: Annotated[str, Meta(max_length=2_000_000)] | None = None
    answer: Annotated[str, Meta(max_length=8_000_000)] | None = None
    undoes_device: _Position | None = None
    undoes_number: Annotated[int, Meta(ge=1, le=10**15)] | None = None


_HEADER = msgspec.json.Decoder(_Header)
_LINE = msgspec.json.Decoder(_Line)
_OPTIONAL = ("rating", "duration", "hints", "tries", "outcome", "score", "misconception", "seed", "answer")


def chunks(entries: Iterator[SharedEntry]) -> Iterator[list[SharedEntry]]:
    """Entries in portions for one segment each."""
    portion: list[SharedEntry] = []
    size = 0
    for entry in entries:
        portion.append(entry)
        size += 100 + len(entry.answer or "") + len(entry.drawn or "")
        if len(portion) >= MOST_ENTRIES or size >= MOST_BYTES:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def write(entries: Sequence[SharedEntry], label: str, holder: str) -> tuple[SegmentName, bytes]:
    """The segment with ``entries``, which are of one device and numbered without a gap."""
    import zstandard

    first, last = entries[0].number, entries[-1].number
    assert all(one.number + 1 == other.number for one, other in pairwise(entries)), "entries without a gap"
    cards: dict[str, int] = {}
    schedulers: dict[tuple[str, str], int] = {}
    devices: dict[str, int] = {}
    base = entries[0].at
    lines: list[Any] = []
    for entry in entries:
        scheduler = None if entry.scheduler is None else schedulers.setdefault(entry.scheduler, len(schedulers))
        undoes = entry.undoes
        lines.append(
            _Line(
                entry.kind, cards.setdefault(entry.card_id, len(cards)), entry.at - base, entry.ordered_at - entry.at,
                entry.utc_offset, entry.day - _date(entry.at, entry.utc_offset), entry.mode, entry.rating,
                entry.duration, scheduler, entry.hints, entry.tries, entry.outcome, entry.score, entry.misconception,
                entry.seed, entry.drawn, entry.answer,
                None if undoes is None else devices.setdefault(undoes[0], len(devices)),
                None if undoes is None else undoes[1],
            )
        )  # fmt: skip
    origin = entries[0].device
    header = _Header(FORMAT, origin, first, len(entries), base, label, tuple(cards), tuple(schedulers), tuple(devices))
    text = msgspec.json.Encoder().encode_lines([header, *lines])
    data = zstandard.ZstdCompressor(level=_LEVEL).compress(text)
    sha = sha256(data).hexdigest()
    name = _name((first, last), sha, holder, origin)
    return SegmentName(holder, origin, (first, last), sha, name, name), data


def read(name: SegmentName, data: bytes) -> Contents:
    """What a segment holds, entry by entry.

    Raises:
        Newer: it was written by a newer app.
        Unreadable: it is not whole, too large, or no segment.
    """
    if sha256(data).hexdigest() != name.sha:
        raise Unreadable("it is not whole yet, or a byte of it has changed")
    head, *lines = _lines(data)
    try:
        version = msgspec.json.decode(head, type=dict[str, Any]).get("format")
        if isinstance(version, int) and version > FORMAT:
            raise Newer("it was written by a newer studyapp")
        header = _HEADER.decode(head)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Unreadable("its first line is not that of a segment") from None
    if header.format != FORMAT or header.origin != name.origin or (header.first, header.count) != (
        name.span[0], name.entries
    ):  # fmt: skip
        raise Unreadable("it holds something else than its name says")
    if not all(map(is_uuid, header.devices)) or not _is_line(header.label):
        raise Unreadable("its first line is not that of a segment")
    if len(lines) != header.count:
        raise Unreadable("it does not hold as many entries as its name says")
    schedulers = tuple(scheduler if _is_scheduler(*scheduler) else None for scheduler in header.schedulers)
    cards = tuple(card if _is_line(card) else None for card in header.cards)
    good: list[SharedEntry] = []
    refused, reason = 0, ""
    for number, line in enumerate(lines, header.first):
        try:
            good.append(_entry(header, number, _LINE.decode(line), cards, schedulers))
        except (ValueError, RecursionError) as error:
            refused += 1
            reason = reason or f"entry {number}: {error}"
    return Contents(name.origin, header.label, good, refused, reason)


def _lines(data: bytes) -> list[bytes]:
    text = unpacked(data)
    lines = text.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    if not lines:
        raise Unreadable("it is empty")
    return lines


def packed(text: bytes) -> bytes:
    """Text as it lies in the store."""
    import zstandard

    data: bytes = zstandard.ZstdCompressor(level=_LEVEL).compress(text)
    return data


def unpacked(data: bytes) -> bytes:
    """What `packed` has packed. Raises Unreadable for what is not, or is too large."""
    import zstandard

    if len(data) > LARGEST_FILE:
        raise Unreadable(f"it is larger than {LARGEST_FILE} bytes")
    try:
        reader = zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(data)
        text: bytes = reader.read(LARGEST_TEXT + 1)
    except (zstandard.ZstdError, MemoryError):
        raise Unreadable("it cannot be decompressed") from None
    if len(text) > LARGEST_TEXT:
        raise Unreadable(f"it holds more than {LARGEST_TEXT} bytes")
    return text


def _entry(
    header: _Header,
    number: int,
    line: _Line,
    cards: Sequence[str | None],
    schedulers: Sequence[tuple[str, str] | None],
) -> SharedEntry:
    """The entry of a line. Raises ValueError for what nothing could have logged."""
    card = cards[line.card] if line.card < len(cards) else None
    if card is None:
        raise ValueError("no card")
    scheduler = None
    if line.scheduler is not None:
        scheduler = schedulers[line.scheduler] if line.scheduler < len(schedulers) else None
        if scheduler is None:
            raise ValueError("settings that no scheduler can have")
    undoes = None
    if line.undoes_device is not None or line.undoes_number is not None:
        if line.undoes_device is None or line.undoes_number is None or line.undoes_device >= len(header.devices):
            raise ValueError("it takes back nothing that can be named")
        undoes = (header.devices[line.undoes_device], line.undoes_number)
    at = header.base + line.at
    ordered_at = at + line.after
    if not (0 <= at <= _LATEST and ordered_at <= 2 * _LATEST):
        raise ValueError("a time that cannot be")
    day = _date(at, line.utc_offset) + line.day
    if not 1 <= day <= LAST_DAY:
        raise ValueError("a day that cannot be")
    _check(line, undoes is not None, scheduler is not None)
    return SharedEntry(
        header.origin, number, line.kind, card, at, ordered_at, line.utc_offset, day, undoes, scheduler, line.mode,
        line.rating, line.outcome, line.score, line.misconception, line.seed, line.drawn, line.answer, line.hints,
        line.tries, line.duration,
    )  # fmt: skip


_KINDS = frozenset(map(str, Kind))
_MODES = frozenset(map(str, Mode))
_SCHEDULING = (Mode.REVIEW, Mode.AHEAD, Mode.IMPORT)


def _check(line: _Line, undoes: bool, scheduled: bool) -> None:
    kind = line.kind
    if kind not in _KINDS or (line.mode is not None and line.mode not in _MODES):
        raise ValueError("a kind of entry that this studyapp does not know")
    if undoes != (kind == Kind.UNDO):
        raise ValueError("it takes something back and is no undo, or the reverse")
    if kind == Kind.ANSWER:
        if line.rating is None or line.mode is None or line.hints is None or line.tries is None:
            raise ValueError("an answer without rating, mode, hints or tries")
        if scheduled and line.mode not in _SCHEDULING:
            raise ValueError("practice that moves the schedule")
        if line.seed is not None and _SEED.fullmatch(line.seed) is None:
            raise ValueError("a seed that is no whole number")
        if line.drawn is not None and _is_deep(line.drawn):
            raise ValueError("numbers nested too deep")
        if not _is_line(line.outcome or "") or not _is_line(line.misconception or ""):
            raise ValueError("control characters in a name")
        return
    if scheduled or any(getattr(line, name) is not None for name in _OPTIONAL):
        raise ValueError("what only answers have")
    if line.mode not in (None, Mode.IMPORT):
        raise ValueError("a mode that only answers have")
    if kind == Kind.STATE:
        if line.drawn is None or _is_deep(line.drawn) or known_state(line.drawn) is None:
            raise ValueError("a state that no card can have")
    elif line.drawn is not None:
        raise ValueError("what only answers have")


def _is_scheduler(settings: str, engine: str) -> bool:
    try:
        read = SchedulerSettings.from_json(settings)
        same = read.to_json() == settings
    except (ValueError, TypeError, OverflowError, RecursionError, AttributeError):
        return False
    return same and type(read.maximum_interval) is int and 0.01 <= read.retention <= 0.9999 and _is_line(engine)


def _is_line(text: str) -> bool:
    """Whether text can stand in a line: no control characters."""
    return text.isprintable() or not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in text)


def _is_deep(text: str) -> bool:
    depth = 0
    for character in text:
        if character in "[{":
            depth += 1
            if depth > _DEEPEST:
                return True
        elif character in "]}":
            depth -= 1
    return False


def _date(at: int, utc_offset: int) -> int:
    return _EPOCH_DAY + (at + utc_offset * 60_000) // _DAY_MS


def _name(span: Range, sha: str, holder: str, origin: str) -> str:
    return f"{span[0]}-{span[1]}.{sha}{'' if origin == holder else '.' + origin}.zst"
