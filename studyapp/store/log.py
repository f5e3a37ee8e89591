"""The log: every answer, mark and undo, for good, each known everywhere by its device and number."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from studyapp.clock import from_milliseconds, to_milliseconds
from studyapp.schedule.memory import Phase
from studyapp.schedule.rating import Rating
from studyapp.store.errors import Unreadable
from studyapp.store.rows import insert, named


class Mode(StrEnum):
    """How a card came to be asked. Only `REVIEW` and `AHEAD` move its schedule."""

    REVIEW = "review"
    AHEAD = "ahead"
    """Before it was due."""
    CRAM = "cram"
    MOCK = "mock"
    IMPORT = "import"
    """In another program. Marks and states that an import brought have this mode, too; undo steps over all of them."""

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
    STATE = "state"
    """How another program had scheduled the card; see `schedule.memory.KnownState`."""


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
    """What an answer made of the card; ``days_before`` and ``interval_before`` are None for a new card.

    ``due_at`` is given for a learning step, ``due_day`` for a review.
    """

    phase: Phase
    step: int | None
    stability: float
    difficulty: float
    due_at: datetime | None
    due_day: int | None
    phase_before: Phase | None
    days_before: int | None
    interval_before: int | None


class Entry(Struct, frozen=True):
    """One entry of the log.

    ``sequence`` counts the arrival in this file; ``device_id`` (local) and ``number`` are the entry's identity.
    ``ordered_at`` is its place in the canonical order (`ORDER`), in milliseconds since 1970; ``utc_offset`` is in
    minutes. ``undoes`` names the device and the number of the entry that this one takes back. ``answer`` is given for
    answers, ``scheduler_id`` for those that moved the schedule, ``result`` for those of them that were not taken back.
    """

    sequence: int
    device_id: int
    number: int
    kind: Kind
    card_id: str
    at: datetime
    ordered_at: int
    utc_offset: int
    day: int
    undoes: tuple[int, int] | None = None
    answer: AnswerRecord | None = None
    scheduler_id: int | None = None
    result: Result | None = None
    undone: bool = False

    def __str__(self) -> str:
        what = self.kind.value if self.answer is None else self.answer.rating.name.lower()
        return f"{what} on {self.card_id}"


class Stamp(Struct, frozen=True):
    """When something happened, as the learner's place had it, and on which device."""

    at: datetime
    utc_offset: int
    day: int
    device_id: int


IS_UNDONE = """
    EXISTS (
        SELECT 1 FROM log AS later
        WHERE later.undoes_device = entry.device_id AND later.undoes_number = entry.number
    )
"""
"""Condition on a row ``entry`` of the log: it has been taken back, by any device, once or more often."""

ORDER = "entry.ordered_at, (SELECT uuid FROM device WHERE device.device_id = entry.device_id), entry.number"
"""The canonical order of rows ``entry`` of one card: all devices replay them so."""

LONGEST_COUNTED_MS = 10 * 60 * 1000
"""An answer that took longer counts as this long: the learner was away."""

ANSWERS = "result CROSS JOIN log AS entry ON entry.sequence = result.sequence"
"""The answers that have not been taken back, with what they led to."""

WAS_JUDGED = "NOT (coalesce(entry.outcome, '') = 'self_rated' AND entry.score IS NULL)"
"""Condition on a row ``entry`` of the log: not an answer that the learner was to judge and did not."""

_GIVEN = tuple(name for name in AnswerRecord.__struct_fields__ if name != "card_id")
_RESULT = Result.__struct_fields__
_ENTRY = ("sequence", "device_id", "number", "kind", "at", "ordered_at", "utc_offset", "day", "undoes_device",
          "undoes_number", "scheduler_id")  # fmt: skip
_NAMES = (*_ENTRY, *_GIVEN, *_RESULT, "card_id", "undone")
_SELECT = f"""
    SELECT {", ".join(f"entry.{name}" for name in (*_ENTRY, *_GIVEN))},
        {", ".join(f"result.{name}" for name in _RESULT)}, card.card_id, {IS_UNDONE}
    FROM log AS entry CROSS JOIN card USING (card_number) LEFT JOIN result ON result.sequence = entry.sequence
"""


def card_number(connection: sqlite3.Connection, card_id: str) -> int | None:
    """The number of a card in this file; None where nothing has happened to it."""
    row = connection.execute("SELECT card_number FROM card WHERE card_id = ?", (card_id,)).fetchone()
    return None if row is None else int(row[0])


def require_card(connection: sqlite3.Connection, card_id: str) -> int:
    """The number of a card in this file, a new one where it has none."""
    known = card_number(connection, card_id)
    return known if known is not None else insert(connection, "card", {"card_id": card_id})


def append(
    connection: sqlite3.Connection,
    kind: Kind,
    card: int,
    stamp: Stamp,
    answer: AnswerRecord | None = None,
    scheduler_id: int | None = None,
    undoes: Entry | None = None,
) -> Entry:
    """Writes an entry of this device to the end of the log; ``card`` is the number of its card.

    The entry is given back without the card's id.
    """
    at = to_milliseconds(stamp.at)
    number, known = connection.execute(
        "SELECT (SELECT max(number) FROM log WHERE device_id = ?),"
        " (SELECT max(ordered_at) FROM log WHERE card_number = ?)",
        (stamp.device_id, card),
    ).fetchone()
    row: dict[str, Any] = {
        "device_id": stamp.device_id,
        "number": (number or 0) + 1,
        "kind": kind.value,
        "card_number": card,
        "at": at,
        "ordered_at": at if known is None else max(at, known + 1),
        "utc_offset": stamp.utc_offset,
        "day": stamp.day,
    }
    if undoes is not None:
        row |= {"undoes_device": undoes.device_id, "undoes_number": undoes.number}
    if answer is not None:
        row |= given_columns(answer) | {"scheduler_id": scheduler_id}
    return Entry(
        sequence=insert(connection, "log", row),
        device_id=stamp.device_id,
        number=row["number"],
        kind=kind,
        card_id=answer.card_id if answer is not None else "",
        at=stamp.at,
        ordered_at=row["ordered_at"],
        utc_offset=stamp.utc_offset,
        day=stamp.day,
        undoes=None if undoes is None else (undoes.device_id, undoes.number),
        answer=answer,
        scheduler_id=scheduler_id,
    )


def given_columns(answer: AnswerRecord) -> dict[str, Any]:
    """What was answered, as columns of the log."""
    return {
        "mode": answer.mode.value,
        "rating": int(answer.rating),
        "outcome": _text(answer.outcome),
        "score": answer.score,
        "misconception": _text(answer.misconception),
        "seed": None if answer.seed is None else str(answer.seed),
        "drawn": _text(answer.drawn),
        "answer": _text(answer.answer),
        "hints": answer.hints,
        "tries": answer.tries,
        "duration": None if answer.duration is None else max(0, answer.duration),
    }


def answer_of(card_id: str, row: Mapping[str, Any]) -> AnswerRecord:
    """What `given_columns` made columns of."""
    given = {name: row[name] for name in _GIVEN}
    given["rating"], given["mode"] = Rating(given["rating"]), Mode(given["mode"])
    given["seed"] = None if given["seed"] is None else int(given["seed"])
    return AnswerRecord(card_id, **given)


def newest_remaining(connection: sqlite3.Connection) -> Entry | None:
    """What an undo would take back: of the newest entries of each device that have not been taken back the latest."""
    found: list[Entry] = []
    for (device_id,) in connection.execute("SELECT device_id FROM device").fetchall():
        condition = (
            f"entry.device_id = ? AND entry.kind <> 'undo' AND entry.mode IS NOT 'import' AND NOT {IS_UNDONE}"
            " ORDER BY entry.number DESC LIMIT 1"
        )
        found += _entries(connection, condition, (device_id,))
    return max(found, key=lambda entry: (entry.ordered_at, entry.device_id, entry.number), default=None)


def history(connection: sqlite3.Connection, card_id: str) -> tuple[Entry, ...]:
    """Everything that happened to one card in canonical order, with what was taken back marked as ``undone``."""
    number = card_number(connection, card_id)
    return tuple(_entries(connection, f"entry.card_number = ? ORDER BY {ORDER}", (number,)))


def _entries(connection: sqlite3.Connection, condition: str, arguments: tuple[object, ...]) -> Iterator[Entry]:
    rows = connection.execute(f"{_SELECT} WHERE {condition}", arguments)
    for row in rows:
        try:
            yield _entry(named(_NAMES, row))
        except (ValueError, TypeError, OverflowError) as error:
            raise Unreadable(f"an entry of the log holds what cannot be: {error}") from error


def _entry(row: dict[str, Any]) -> Entry:
    result = None
    if row["phase"] is not None:
        result = Result(
            Phase(row["phase"]),
            row["step"],
            row["stability"],
            row["difficulty"],
            None if row["due_at"] is None else from_milliseconds(row["due_at"]),
            row["due_day"],
            None if row["phase_before"] is None else Phase(row["phase_before"]),
            row["days_before"],
            row["interval_before"],
        )
    return Entry(
        row["sequence"],
        row["device_id"],
        row["number"],
        Kind(row["kind"]),
        row["card_id"],
        from_milliseconds(row["at"]),
        row["ordered_at"],
        row["utc_offset"],
        row["day"],
        None if row["undoes_number"] is None else (row["undoes_device"], row["undoes_number"]),
        None if row["rating"] is None else answer_of(row["card_id"], row),
        row["scheduler_id"],
        result,
        bool(row["undone"]),
    )


def _text(text: str | None) -> str | None:
    """Text that can be stored: a terminal may hand over bytes that are no characters."""
    return None if text is None else text.encode("utf-8", "backslashreplace").decode("utf-8")
