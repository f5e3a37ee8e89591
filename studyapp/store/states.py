"""States and marks of cards: one row each, and the one place that says how they follow from the log.

A card's entries that have not been taken back are replayed in canonical order. Answers move the schedule with the
settings that they name; a reset makes the card new; of marks the later one wins.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable
from datetime import UTC
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from studyapp.clock import from_milliseconds, to_milliseconds
from studyapp.schedule.day import StudyDays
from studyapp.schedule.memory import CardState, KnownState, Phase, Scheduler, SchedulerSettings
from studyapp.schedule.rating import Rating
from studyapp.store.errors import Unreadable
from studyapp.store.log import IS_UNDONE, ORDER, Entry, Kind
from studyapp.store.rows import insert, named

STATE = ("phase", "step", "stability", "difficulty", "due_at", "due_day", "last_at", "last_day", "answers", "lapses")
MARKS = ("suspended", "flagged", "buried_day")
RESULT = ("sequence", "card_number", "day", "rating", "duration", "phase_before", "days_before", "interval_before",
          "phase", "step", "stability", "difficulty", "due_at", "due_day")  # fmt: skip

_UTC = StudyDays(UTC)


class Marks(Struct, frozen=True):
    """What the learner said of a card. ``buried_day`` is the study day for which it is set aside."""

    suspended: bool = False
    flagged: bool = False
    buried_day: int | None = None

    def buried_on(self, day: int) -> bool:
        """Whether the card is set aside on study day ``day``."""
        return self.buried_day == day


NO_MARKS = Marks()


def read_state(connection: sqlite3.Connection, card_id: str, days: StudyDays) -> CardState | None:
    """The state of a card; None for a new one. ``days`` say when the day of a review begins."""
    row = connection.execute(_READ_STATE, (card_id,)).fetchone()
    return None if row is None else state_of(named(STATE, row), days)


_READ_STATE = f"SELECT {', '.join(STATE)} FROM card CROSS JOIN card_state USING (card_number) WHERE card.card_id = ?"


def write_state(connection: sqlite3.Connection, card: int, state: CardState | None) -> None:
    """Stores the state of the card of that number; None makes it new."""
    if state is None:
        connection.execute("DELETE FROM card_state WHERE card_number = ?", (card,))
        return
    in_review = state.phase is Phase.REVIEW
    row = {
        "card_number": card,
        "phase": int(state.phase),
        "step": state.step,
        "stability": state.stability,
        "difficulty": state.difficulty,
        "due_at": None if in_review else to_milliseconds(state.due_at),
        "due_day": state.due_day if in_review else None,
        "last_at": to_milliseconds(state.last_at),
        "last_day": state.last_day,
        "answers": state.answers,
        "lapses": state.lapses,
    }
    insert(connection, "card_state", row, replace=True)


def state_of(row: dict[str, Any], days: StudyDays) -> CardState:
    """The state that a row of ``card_state`` holds.

    Raises:
        Unreadable: the row holds what no state can be.
    """
    try:
        if not (0 < row["stability"] < math.inf and 1 <= row["difficulty"] <= 10):
            raise ValueError("stability or difficulty out of range")
        return _state_of(row, days)
    except (ValueError, TypeError, OverflowError) as error:
        raise Unreadable(f"the state of a card cannot be: {error}") from error


def _state_of(row: dict[str, Any], days: StudyDays) -> CardState:
    if row["phase"] == Phase.REVIEW:
        due_at, due_day = days.start_of(row["due_day"]), row["due_day"]
    else:
        due_at = from_milliseconds(row["due_at"])
        due_day = days.day_of(due_at)
    return CardState(
        Phase(row["phase"]),
        row["step"],
        row["stability"],
        row["difficulty"],
        due_at,
        due_day,
        from_milliseconds(row["last_at"]),
        row["last_day"],
        row["answers"],
        row["lapses"],
    )


def is_same(one: CardState | None, other: CardState | None) -> bool:
    """Whether two states say the same of a card: when it is due differs between time zones, and counts for nothing."""
    if one is None or other is None:
        return one is other
    return (one.phase, one.step, one.stability, one.last_at, one.answers) == (
        other.phase,
        other.step,
        other.stability,
        other.last_at,
        other.answers,
    )


_STANDING = f"""
    SELECT {", ".join((*MARKS, *STATE))} FROM (SELECT ? AS card_id)
    LEFT JOIN card USING (card_id) LEFT JOIN card_mark USING (card_number) LEFT JOIN card_state USING (card_number)
"""


def read_standing(connection: sqlite3.Connection, card_id: str, days: StudyDays) -> tuple[CardState | None, Marks]:
    """The state and the marks of a card."""
    row = named((*MARKS, *STATE), connection.execute(_STANDING, (card_id,)).fetchone())
    return (None if row["phase"] is None else state_of(row, days)), _marks_of(row)


def read_marks(connection: sqlite3.Connection, card_id: str) -> Marks:
    """The marks of a card."""
    row = connection.execute(
        f"SELECT {', '.join(MARKS)} FROM card CROSS JOIN card_mark USING (card_number) WHERE card.card_id = ?",
        (card_id,),
    ).fetchone()
    return NO_MARKS if row is None else _marks_of(named(MARKS, row))


def write_marks(connection: sqlite3.Connection, card: int, marks: Marks) -> None:
    """Stores the marks of a card; a card without marks has no row."""
    if marks == NO_MARKS:
        connection.execute("DELETE FROM card_mark WHERE card_number = ?", (card,))
        return
    row = {"card_number": card, "suspended": marks.suspended, "flagged": marks.flagged, "buried_day": marks.buried_day}
    insert(connection, "card_mark", row, replace=True)


def _marks_of(row: dict[str, Any]) -> Marks:
    if row["suspended"] is None:
        return NO_MARKS
    return Marks(bool(row["suspended"]), bool(row["flagged"]), row["buried_day"])


def marked(marks: Marks, kind: Kind, day: int) -> Marks:
    """The marks after one was set or taken away on study day ``day``."""
    match kind:
        case Kind.BURY:
            return replace(marks, buried_day=day)
        case Kind.UNBURY:
            return replace(marks, buried_day=None)
        case Kind.SUSPEND | Kind.UNSUSPEND:
            return replace(marks, suspended=kind is Kind.SUSPEND)
        case Kind.FLAG | Kind.UNFLAG:
            return replace(marks, flagged=kind is Kind.FLAG)
        case _:
            raise ValueError(f"{kind} is not a mark")


# Replaying one card


class Event(NamedTuple):
    """An entry that has not been taken back, as far as the replay of its card needs it.

    ``known`` is the state that an entry of the kind ``state`` tells, as JSON. The rest is the stored result (the
    columns of `RESULT` from ``phase_before`` on), all None where there is none.
    """

    sequence: int
    kind: str
    at: int
    ordered_at: int
    day: int
    rating: int | None
    duration: int | None
    known: str | None
    scheduler_id: int | None
    phase_before: int | None
    days_before: int | None
    interval_before: int | None
    phase: int | None
    step: int | None
    stability: float | None
    difficulty: float | None
    due_at: int | None
    due_day: int | None


_EVENTS = f"""
    SELECT entry.sequence, entry.kind, entry.at, entry.ordered_at, entry.day, entry.rating, entry.duration,
        CASE WHEN entry.kind = 'state' THEN entry.drawn END, entry.scheduler_id,
        {", ".join(f"result.{name}" for name in RESULT[5:])}
    FROM log AS entry LEFT JOIN result ON result.sequence = entry.sequence
    WHERE entry.card_number = ? AND entry.kind <> 'undo' AND NOT {IS_UNDONE}
    ORDER BY {ORDER}
"""


def events_of(connection: sqlite3.Connection, card: int) -> list[Event]:
    """What remains of the log of one card, in canonical order."""
    return [Event._make(row) for row in connection.execute(_EVENTS, (card,))]


def follow(
    connection: sqlite3.Connection, card: int, days: StudyDays, changed: int | None, *, anew: bool = False
) -> tuple[CardState | None, Marks]:
    """Brings the results, the state and the marks of a card into agreement with its log.

    ``changed`` is the ``ordered_at`` of the first entry by which the schedule changes, None for none: the results of
    what was answered before are as they were. With ``anew`` all results are computed, also those of practice.
    """
    (card_id,) = connection.execute("SELECT card_id FROM card WHERE card_number = ?", (card,)).fetchone()
    connection.execute(
        "DELETE FROM result WHERE sequence IN"
        f" (SELECT sequence FROM log AS entry WHERE card_number = ? AND rating IS NOT NULL AND {IS_UNDONE})",
        (card,),
    )
    events = events_of(connection, card)
    later = changed is not None and any(
        event.scheduler_id is not None and event.ordered_at >= changed for event in events
    )
    if anew or later or any(event.scheduler_id is not None and event.phase is None for event in events):
        events = _recompute(connection, card, card_id, events)
    state, marks = replay(events, days)
    write_state(connection, card, state)
    write_marks(connection, card, marks)
    return state, marks


def replay(events: Iterable[Event], days: StudyDays) -> tuple[CardState | None, Marks]:
    """The state and the marks of one card after ``events``, whose results are there."""
    last: Event | None = None
    answers = lapses = 0
    marks = NO_MARKS

    def standing() -> CardState | None:
        if last is None:
            return None
        row = last._asdict() | {"last_at": last.at, "last_day": last.day, "answers": answers, "lapses": lapses}
        return state_of(row, days)

    for event in events:
        if event.kind == Kind.RESET:
            last, answers, lapses = None, 0, 0
        elif event.kind == Kind.ANSWER:
            if event.phase is not None:
                last, answers = event, answers + 1
                lapses += event.phase_before == Phase.REVIEW and event.rating == Rating.AGAIN
        elif event.kind == Kind.STATE:
            told = _told(event, standing(), days)
            if told is not None:
                last, answers, lapses = event._replace(**_columns(told)), told.answers, told.lapses
        else:
            marks = marked(marks, Kind(event.kind), event.day)
    return standing(), marks


def known_state(text: str | None) -> KnownState | None:
    """The state that an entry tells; None where it cannot be read, which then tells nothing."""
    try:
        return KnownState.from_json(text or "")
    except ValueError:
        return None


def _told(event: Event, state: CardState | None, days: StudyDays) -> CardState | None:
    known = known_state(event.known)
    return None if known is None else known.after(state, from_milliseconds(event.at), event.day, days)


def _columns(state: CardState) -> dict[str, Any]:
    in_review = state.phase is Phase.REVIEW
    return {
        "phase": int(state.phase),
        "step": state.step,
        "stability": state.stability,
        "difficulty": state.difficulty,
        "due_at": None if in_review else to_milliseconds(state.due_at),
        "due_day": state.due_day if in_review else None,
    }


def _recompute(connection: sqlite3.Connection, card: int, card_id: str, events: list[Event]) -> list[Event]:
    """The same events with their results computed from the log alone; they are stored."""
    schedulers = Schedulers(connection)
    state: CardState | None = None
    found = []
    for event in events:
        if event.kind == Kind.RESET:
            state = None
        elif event.kind == Kind.STATE:
            state = _told(event, state, _UTC) or state
        elif event.kind == Kind.ANSWER:
            columns: dict[str, Any] = dict.fromkeys(RESULT[5:])
            if event.scheduler_id is not None:
                columns, state = _result(schedulers[event.scheduler_id], state, event, card_id)
            event = event._replace(**columns)
            head = {"sequence": event.sequence, "card_number": card, "day": event.day, "rating": event.rating}
            insert(connection, "result", head | {"duration": event.duration} | columns, replace=True)
        found.append(event)
    return found


def _result(
    scheduler: Scheduler, state: CardState | None, event: Event, card_id: str
) -> tuple[dict[str, Any], CardState]:
    rating = Rating(event.rating or 0)
    change = scheduler.transition(state, rating, event.day, card_id)
    after = scheduler.state_after(state, change, rating, from_milliseconds(event.at), event.day, _UTC)
    return result_columns(state, after), after


def write_result(
    connection: sqlite3.Connection, card: int, entry: Entry, before: CardState | None, after: CardState | None
) -> None:
    """Stores what an answer that was just logged led to; ``after`` None where it moved no schedule."""
    assert entry.answer is not None
    answer = entry.answer
    row: dict[str, Any] = {
        "sequence": entry.sequence,
        "card_number": card,
        "day": entry.day,
        "rating": int(answer.rating),
        "duration": None if answer.duration is None else max(0, answer.duration),
    }
    insert(connection, "result", row if after is None else row | result_columns(before, after))


def result_columns(before: CardState | None, after: CardState) -> dict[str, Any]:
    """What an answer led to, as columns of ``result``."""
    return {
        "phase_before": None if before is None else int(before.phase),
        "days_before": None if before is None else max(0, after.last_day - before.last_day),
        "interval_before": None if before is None else before.interval,
        **_columns(after),
    }


class Schedulers(dict[int, Scheduler]):
    """The schedulers that the log names, read when they are first asked for.

    Settings that cannot be read any more are replaced by the default ones.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__()
        self._connection = connection

    def __missing__(self, scheduler_id: int) -> Scheduler:
        row = self._connection.execute(
            "SELECT CAST(settings AS BLOB), engine FROM scheduler WHERE scheduler_id = ?", (scheduler_id,)
        ).fetchone()
        self[scheduler_id] = found = _scheduler(*row) if row is not None else Scheduler()
        return found


def _scheduler(settings: bytes, engine: str) -> Scheduler:
    try:
        return Scheduler(SchedulerSettings.from_json(settings.decode()), engine)
    except ValueError:
        return Scheduler(engine=engine)
