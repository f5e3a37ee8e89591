"""Bringing into the log what other programs recorded, and taking it back.

Such entries have the mode ``import`` and the time at which it happened there, so that the states follow from replaying
them among the answers that were given here. `log.newest_remaining`, and so undo, passes over them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from studyapp.clock import from_milliseconds, to_milliseconds
from studyapp.schedule.day import StudyDays
from studyapp.schedule.memory import KnownState, Scheduler
from studyapp.store.log import IS_UNDONE, Kind, Mode, Stamp
from studyapp.store.rows import insert_many
from studyapp.store.states import follow

Progress = Callable[[int, int], None]

REBUILT_FROM = 200
"""From so many cards on it is quicker to replay the whole log at once than card by card."""


class ImportedReview(Struct, frozen=True):
    """One answer given elsewhere: when (milliseconds since 1970), the rating (1 to 4), the milliseconds it took.

    ``schedules`` is False for practice that left the schedule alone. ``more`` is what else is known of the answer, by
    the columns of the log that `MORE` names.
    """

    at: int
    rating: int
    duration: int | None = None
    schedules: bool = True
    more: dict[str, Any] = {}


MORE = ("outcome", "score", "misconception", "seed", "drawn", "answer", "hints", "tries")
_NONE: dict[str, Any] = dict.fromkeys(MORE)


class ImportedCard(Struct, frozen=True):
    """What happened to one card elsewhere. ``resets`` are the moments at which it was made new again.

    ``state`` is how the card stood at ``state_at`` (the moment of its last answer there). ``suspended`` and
    ``flagged`` are None where the card's mark is to stay as it is.
    """

    card_id: str
    reviews: tuple[ImportedReview, ...] = ()
    resets: tuple[int, ...] = ()
    state: KnownState | None = None
    state_at: int = 0
    suspended: bool | None = None
    flagged: bool | None = None


class Span(Struct, frozen=True):
    """The entries that one import wrote: of the device of that ``uuid`` those from ``first`` to ``last``."""

    device: str
    first: int
    last: int
    reviews: int = 0


class Present(Struct, frozen=True):
    """What is known of each card: the moments of its answers, those given here included, and of the resets that imports
    have brought, and the last state that they told."""

    reviews: dict[str, set[int]]
    resets: dict[str, set[int]]
    states: dict[str, KnownState | None]


def scheduler(own: Scheduler) -> Scheduler:
    """The scheduler by which reviews of other programs are replayed: the learner's own, but without learning steps.

    Which steps were taken there is not known; how stability and difficulty change does not depend on them.
    """
    return Scheduler(replace(own.settings, learning_steps=(), relearning_steps=()), own.engine)


def present(connection: sqlite3.Connection) -> Present:
    """What a further import need not bring again."""
    found = Present({}, {}, {})
    rows = connection.execute(
        "SELECT card_id, kind, at, drawn FROM log AS entry JOIN card USING (card_number)"
        f" WHERE (rating IS NOT NULL OR mode = 'import') AND kind IN ('answer', 'reset', 'state') AND NOT {IS_UNDONE}"
        " ORDER BY ordered_at"
    )
    for card_id, kind, at, drawn in rows:
        if kind == Kind.STATE:
            try:
                found.states[card_id] = KnownState.from_json(drawn or "")
            except ValueError:
                found.states[card_id] = None
        else:
            moments = found.resets if kind == Kind.RESET else found.reviews
            moments.setdefault(card_id, set()).add(at)
    return found


_COLUMNS = (
    "device_id", "number", "kind", "card_number", "at", "ordered_at", "utc_offset", "day", "mode", "rating", "duration",
    "scheduler_id", *MORE,
)  # fmt: skip


def write(
    connection: sqlite3.Connection,
    days: StudyDays,
    stamp: Stamp,
    cards: Sequence[ImportedCard],
    scheduler_id: Callable[[], int],
    progress: Progress | None = None,
) -> Span | None:
    """Writes the entries of an import and what follows from them, within the caller's transaction; None for none."""
    numbers = _card_numbers(connection, [card.card_id for card in cards])
    (newest,) = connection.execute("SELECT max(number) FROM log WHERE device_id = ?", (stamp.device_id,)).fetchone()
    first = (newest or 0) + 1
    rows: list[tuple[Any, ...]] = []
    now = to_milliseconds(stamp.at)
    day_of: dict[int, tuple[int, int]] = {}

    def add(
        card: int, kind: Kind, at: int, ordered_at: int, *, rating: int | None = None, duration: int | None = None,
        scheduler: int | None = None, more: dict[str, Any] = _NONE,
    ) -> None:  # fmt: skip
        hour = at // 900_000  # offsets and days change at quarters of an hour at the most
        if hour not in day_of:
            instant = from_milliseconds(hour * 900_000)
            day_of[hour] = days.utc_offset_minutes(instant), days.day_of(instant)
        offset, day = day_of[hour]
        rows.append((
            stamp.device_id, first + len(rows), kind.value, card, at, ordered_at, offset, day, Mode.IMPORT.value,
            rating, duration, scheduler, *more.values(),
        ))  # fmt: skip

    settings: int | None = None
    reviews = 0
    for card in cards:
        number = numbers[card.card_id]
        for review in card.reviews:
            if review.schedules and settings is None:
                settings = scheduler_id()
            scheduler = settings if review.schedules else None
            add(
                number, Kind.ANSWER, review.at, review.at, rating=review.rating, duration=review.duration,
                scheduler=scheduler, more=_NONE | {"hints": 0, "tries": 1} | review.more,
            )  # fmt: skip
            reviews += 1
        for at in card.resets:
            add(number, Kind.RESET, at, at)
        if card.state is not None:
            add(number, Kind.STATE, card.state_at, card.state_at + 1, more=_NONE | {"drawn": card.state.to_json()})
        for wanted, yes, no in (
            (card.suspended, Kind.SUSPEND, Kind.UNSUSPEND),
            (card.flagged, Kind.FLAG, Kind.UNFLAG),
        ):
            if wanted is not None:
                (known,) = connection.execute(
                    "SELECT max(ordered_at) FROM log WHERE card_number = ?", (number,)
                ).fetchone()
                add(number, yes if wanted else no, now, now if known is None else max(now, known + 1))
    if not rows:
        return None
    insert_many(connection, "log", _COLUMNS, iter(rows))
    _follow(connection, days, {row[3] for row in rows}, progress)
    uuid = _uuid(connection, stamp.device_id)
    return Span(uuid, first, first + len(rows) - 1, reviews)


def is_there(connection: sqlite3.Connection, span: Span) -> bool:
    """Whether the last entry of an import is in the log."""
    row = connection.execute(
        "SELECT 1 FROM log JOIN device USING (device_id) WHERE uuid = ? AND number = ?", (span.device, span.last)
    ).fetchone()
    return row is not None


def take_back(
    connection: sqlite3.Connection, days: StudyDays, stamp: Stamp, span: Span, progress: Progress | None = None
) -> int:
    """Takes back the entries of ``span`` that are left, within the caller's transaction; says how many."""
    entries = connection.execute(
        "SELECT entry.device_id, entry.number, entry.card_number FROM log AS entry JOIN device USING (device_id)"
        f" WHERE uuid = ? AND number BETWEEN ? AND ? AND mode = 'import' AND NOT {IS_UNDONE}",
        (span.device, span.first, span.last),
    ).fetchall()
    if not entries:
        return 0
    (newest,) = connection.execute("SELECT max(number) FROM log WHERE device_id = ?", (stamp.device_id,)).fetchone()
    known = dict(connection.execute("SELECT card_number, max(ordered_at) FROM log GROUP BY card_number"))
    now = to_milliseconds(stamp.at)
    columns = (
        "device_id", "number", "kind", "card_number", "at", "ordered_at", "utc_offset", "day", "undoes_device",
        "undoes_number",
    )  # fmt: skip
    rows = (
        (
            stamp.device_id, (newest or 0) + place, Kind.UNDO.value, card, now, max(now, known[card] + 1),
            stamp.utc_offset, stamp.day, device, number,
        )
        for place, (device, number, card) in enumerate(entries, 1)
    )  # fmt: skip
    insert_many(connection, "log", columns, rows)
    _follow(connection, days, {card for _, _, card in entries}, progress)
    return len(entries)


def _follow(connection: sqlite3.Connection, days: StudyDays, cards: set[int], progress: Progress | None) -> None:
    if len(cards) >= REBUILT_FROM:
        from studyapp.store.rebuild import rebuild_all

        rebuild_all(connection, progress)
        return
    for card in sorted(cards):
        follow(connection, card, days, None, anew=True)


def _card_numbers(connection: sqlite3.Connection, card_ids: Iterable[str]) -> dict[str, int]:
    """The numbers of cards in this file; new ones where they have none."""
    wanted = sorted(set(card_ids))
    connection.executemany("INSERT OR IGNORE INTO card (card_id) VALUES (?)", ((card_id,) for card_id in wanted))
    return {
        card_id: connection.execute("SELECT card_number FROM card WHERE card_id = ?", (card_id,)).fetchone()[0]
        for card_id in wanted
    }


def _uuid(connection: sqlite3.Connection, device_id: int) -> str:
    (uuid,) = connection.execute("SELECT uuid FROM device WHERE device_id = ?", (device_id,)).fetchone()
    return str(uuid)
