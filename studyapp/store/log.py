"""The log: every answer, mark and undo, in order, for good."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from studyapp.clock import from_milliseconds, to_milliseconds
from studyapp.schedule.memory import Phase
from studyapp.schedule.rating import Rating


class Mode(StrEnum):
    """How a card came to be asked. Only `REVIEW` and `AHEAD` move its schedule."""

    REVIEW = "review"
    AHEAD = "ahead"
    """Before it was due."""
    CRAM = "cram"
    MOCK = "mock"

    @property
    def schedules(self) -> bool:
        """Whether an answer in this mode changes when the card comes back."""
        return self in (Mode.REVIEW, Mode.AHEAD)


class Mark(StrEnum):
    """What a learner can do with a card besides answering it. Burying lasts until the next study day."""

    BURY = "bury"
    UNBURY = "unbury"
    SUSPEND = "suspend"
    UNSUSPEND = "unsuspend"
    FLAG = "flag"
    UNFLAG = "unflag"


class Kind(StrEnum):
    """What an entry of the log says."""

    ANSWER = "answer"
    BURY = "bury"
    UNBURY = "unbury"
    SUSPEND = "suspend"
    UNSUSPEND = "unsuspend"
    FLAG = "flag"
    UNFLAG = "unflag"
    RESET = "reset"
    """The card is new again; its history is kept."""
    UNDO = "undo"


class AnswerRecord(Struct, frozen=True):
    """One answer as it is recorded.

    ``outcome``, ``score`` (0 to 1) and ``misconception`` are the verdict, ``seed`` and ``drawn`` (JSON) the
    variant that was asked, ``hints`` and ``tries`` the help it took, ``duration`` the milliseconds.

    Raises:
        ValueError: for a score that is not a share, or negative counts.
    """

    card_id: str
    rating: Rating
    mode: Mode = Mode.REVIEW
    outcome: str | None = None
    score: float | None = None
    misconception: str | None = None
    seed: int | None = None
    drawn: str | None = None
    answer: str | None = None
    hints: int = 0
    tries: int = 1
    duration: int | None = None

    def __post_init__(self) -> None:
        if not self.card_id:
            raise ValueError("card_id: expected the id of a card, got nothing")
        if self.score is not None and not (math.isfinite(self.score) and 0.0 <= self.score <= 1.0):
            raise ValueError(f"score: expected a share from 0 to 1, got {self.score!r}")
        if self.hints < 0 or self.tries < 0:
            raise ValueError(f"hints, tries: expected no negative count, got {self.hints}, {self.tries}")


class Result(Struct, frozen=True):
    """What an answer made of the card; ``days_before`` and ``interval_before`` are None for a new card."""

    scheduler_id: int
    phase: Phase
    step: int | None
    stability: float
    difficulty: float
    due_at: datetime
    due_day: int
    phase_before: Phase | None
    days_before: int | None
    interval_before: int | None


class Entry(Struct, frozen=True):
    """One entry of the log.

    ``utc_offset`` is in minutes, ``undoes`` the sequence of the entry that this one takes back, ``answer``
    is given for answers and ``result`` for those that moved the schedule.
    """

    sequence: int
    kind: Kind
    card_id: str
    at: datetime
    utc_offset: int
    day: int
    undoes: int | None = None
    answer: AnswerRecord | None = None
    result: Result | None = None
    undone: bool = False

    def __str__(self) -> str:
        what = self.kind.value if self.answer is None else self.answer.rating.name.lower()
        return f"{what} on {self.card_id}"


class Stamp(Struct, frozen=True):
    """When something happened, as the learner's place had it."""

    at: datetime
    utc_offset: int
    day: int


_ANSWER = (
    "mode, rating, outcome, score, misconception, seed, drawn, answer, hints, tries, duration, "
    "phase_before, days_before, interval_before, "
    "scheduler_id, phase, step, stability, difficulty, due_at, due_day"
)
_COLUMNS = f"kind, card_id, at, utc_offset, day, undoes, {_ANSWER}"
_INSERT = f"INSERT INTO log ({_COLUMNS}) VALUES ({', '.join('?' * (_COLUMNS.count(',') + 1))})"
_BLANK: tuple[object, ...] = (None,) * (_ANSWER.count(",") + 1)

IS_UNDONE = "EXISTS (SELECT 1 FROM log AS later WHERE later.undoes = entry.sequence)"
"""Condition on a row ``entry`` of the log: it has been taken back."""

REMAINING_ANSWERS = f"entry.rating IS NOT NULL AND NOT {IS_UNDONE}"
"""Condition on a row ``entry`` of the log: an answer that has not been taken back."""

WAS_JUDGED = "NOT (coalesce(entry.outcome, '') = 'self_rated' AND entry.score IS NULL)"
"""Condition on a row ``entry`` of the log: not an answer that the learner was to judge and did not."""


def append_answer(connection: sqlite3.Connection, stamp: Stamp, answer: AnswerRecord, result: Result | None) -> int:
    """Writes an answer to the end of the log; returns its sequence."""
    given = (
        answer.mode.value,
        int(answer.rating),
        _text(answer.outcome),
        answer.score,
        _text(answer.misconception),
        None if answer.seed is None else str(answer.seed),
        _text(answer.drawn),
        _text(answer.answer),
        answer.hints,
        answer.tries,
        None if answer.duration is None else max(0, answer.duration),
    )
    led_to: tuple[object, ...] = (None,) * 10
    if result is not None:
        led_to = (
            result.phase_before,
            result.days_before,
            result.interval_before,
            result.scheduler_id,
            int(result.phase),
            result.step,
            result.stability,
            result.difficulty,
            to_milliseconds(result.due_at),
            result.due_day,
        )
    return _append(connection, Kind.ANSWER, answer.card_id, stamp, None, (*given, *led_to))


def append(connection: sqlite3.Connection, kind: Kind, card_id: str, stamp: Stamp, undoes: int | None = None) -> int:
    """Writes a mark, a reset or an undo to the end of the log; returns its sequence."""
    return _append(connection, kind, card_id, stamp, undoes, _BLANK)


def _append(
    connection: sqlite3.Connection,
    kind: Kind,
    card_id: str,
    stamp: Stamp,
    undoes: int | None,
    rest: tuple[object, ...],
) -> int:
    head = (kind.value, card_id, to_milliseconds(stamp.at), stamp.utc_offset, stamp.day, undoes)
    sequence = connection.execute(_INSERT, head + rest).lastrowid
    assert sequence is not None
    return sequence


def newest_remaining(connection: sqlite3.Connection) -> Entry | None:
    """The newest entry that has not been taken back: what an undo would take back."""
    found = _entries(connection, f"entry.kind <> 'undo' AND NOT {IS_UNDONE} ORDER BY entry.sequence DESC LIMIT 1", ())
    return next(found, None)


def history(connection: sqlite3.Connection, card_id: str) -> tuple[Entry, ...]:
    """Everything that happened to one card, oldest first, with what was taken back marked as ``undone``."""
    return tuple(_entries(connection, "entry.card_id = ? ORDER BY entry.sequence", (card_id,)))


def _entries(connection: sqlite3.Connection, condition: str, arguments: tuple[object, ...]) -> Iterator[Entry]:
    rows = connection.execute(
        f"SELECT entry.sequence, {IS_UNDONE}, {_COLUMNS} FROM log AS entry WHERE {condition}", arguments
    )
    return (_entry(*row) for row in rows)


def _entry(
    sequence: int,
    undone: int,
    kind: str,
    card_id: str,
    at: int,
    utc_offset: int,
    day: int,
    undoes: int | None,
    mode: str | None,
    rating: int | None,
    outcome: str | None,
    score: float | None,
    misconception: str | None,
    seed: str | None,
    drawn: str | None,
    answer: str | None,
    hints: int,
    tries: int,
    duration: int | None,
    phase_before: int | None,
    days_before: int | None,
    interval_before: int | None,
    scheduler_id: int | None,
    phase: int | None,
    step: int | None,
    stability: float,
    difficulty: float,
    due_at: int,
    due_day: int,
) -> Entry:
    record = result = None
    if rating is not None:
        record = AnswerRecord(
            card_id,
            Rating(rating),
            Mode(mode or Mode.REVIEW),
            outcome,
            score,
            misconception,
            None if seed is None else int(seed),
            drawn,
            answer,
            hints,
            tries,
            duration,
        )
    if phase is not None and scheduler_id is not None:
        result = Result(
            scheduler_id,
            Phase(phase),
            step,
            stability,
            difficulty,
            from_milliseconds(due_at),
            due_day,
            None if phase_before is None else Phase(phase_before),
            days_before,
            interval_before,
        )
    return Entry(
        sequence,
        Kind(kind),
        card_id,
        from_milliseconds(at),
        utc_offset,
        day,
        undoes,
        record,
        result,
        bool(undone),
    )


def _text(text: str | None) -> str | None:
    """Text that can be stored: a terminal may hand over bytes that are no characters."""
    return None if text is None else text.encode("utf-8", "backslashreplace").decode("utf-8")
