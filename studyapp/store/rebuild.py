"""What follows from a whole log: every result, state and mark, computed at once in NumPy.

`states` says the same of one card; both give the same bits.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from studyapp.schedule.memory import KnownState, Phase
from studyapp.schedule.replay import NOTHING, RESET, TOLD, History, Outcome, Told, replay
from studyapp.store.log import IS_UNDONE, ORDER, Kind
from studyapp.store.rows import insert_many
from studyapp.store.schema import INDEXES
from studyapp.store.states import MARKS, NO_MARKS, RESULT, STATE, Marks, Schedulers, known_state, marked

Whole = NDArray[np.int64]
Progress = Callable[[int, int], None]
"""Is told how many of how many answers are done. What it raises ends the work."""

_ENTRY = (
    "sequence",
    "card_number",
    "device_id",
    "number",
    "ordered_at",
    "at",
    "day",
    "rating",
    "duration",
    "scheduler_id",
)
_ENTRIES = f"""
    SELECT sequence, card_number, device_id, number, ordered_at, at, day,
        CASE kind WHEN 'state' THEN {TOLD} ELSE coalesce(rating, {RESET}) END,
        coalesce(duration, {NOTHING}), coalesce(scheduler_id, {NOTHING})
    FROM log NOT INDEXED WHERE kind IN ('answer', 'reset', 'state')
"""
_MARKED = f"""
    SELECT entry.card_number, entry.kind, entry.day FROM log AS entry NOT INDEXED
    WHERE entry.kind NOT IN ('answer', 'reset', 'undo', 'state') AND NOT {IS_UNDONE}
    ORDER BY entry.card_number, {ORDER}
"""
_RESULT_TABLES = ("result_by_day", "card_state_by_day", "card_state_in_steps", "card_state_by_lapses")


class Followed(Struct, frozen=True, eq=False):
    """The rows of the three tables that follow from the log.

    ``results`` are columns in the order of `RESULT`, `NOTHING` for None; ``states`` and ``marks`` rows that begin with
    the number of the card, in its order.
    """

    results: dict[str, Any]
    states: dict[int, tuple[Any, ...]]
    marks: dict[int, tuple[Any, ...]]

    def result_rows(self) -> Iterator[tuple[Any, ...]]:
        """The rows of ``result``, by sequence; None where there is nothing."""
        columns = []
        for name in RESULT:
            values = self.results[name].tolist()
            if name in ("stability", "difficulty"):
                columns.append([None if value != value else value for value in values])
            elif name in _NEVER_NOTHING:
                columns.append(values)
            else:
                columns.append([None if value == NOTHING else value for value in values])
        return zip(*columns, strict=True)


_NEVER_NOTHING = ("sequence", "card_number", "day", "rating")


def follow_all(connection: sqlite3.Connection, progress: Progress | None = None) -> Followed:
    """What follows from the log; nothing is written."""
    entries = _without_unreadable(connection, _remaining(connection))
    scheduled = (entries["scheduler_id"] != NOTHING) | np.isin(entries["rating"], (RESET, TOLD))
    moved = {name: column[scheduled] for name, column in entries.items()}
    ids, card = np.unique(moved["card_number"], return_inverse=True)
    outcome = _replayed(connection, moved, ids, card, progress)
    return Followed(
        _results(entries, scheduled, moved, outcome), dict(_states(moved, ids, card, outcome)), dict(_marks(connection))
    )


def rebuild_all(connection: sqlite3.Connection, progress: Progress | None = None) -> int:
    """Writes everything that follows from the log anew, within the caller's transaction.

    Returns how many cards had another state or other marks before.
    """
    followed = follow_all(connection, progress)
    wrong = len(differing(connection, followed))
    for name in _RESULT_TABLES:
        connection.execute(f"DROP INDEX IF EXISTS {name}")
    for table in ("result", "card_state", "card_mark"):
        connection.execute(f"DELETE FROM {table}")
    insert_many(connection, "result", RESULT, followed.result_rows())
    insert_many(connection, "card_state", ("card_number", *STATE), iter(followed.states.values()))
    insert_many(connection, "card_mark", ("card_number", *MARKS), iter(followed.marks.values()))
    for name in _RESULT_TABLES:
        connection.execute(INDEXES[name])
    return wrong


def differing(connection: sqlite3.Connection, followed: Followed) -> set[int]:
    """The numbers of the cards whose stored state or marks are not what follows."""
    wrong: set[int] = set()
    for table, columns, wanted in (("card_state", STATE, followed.states), ("card_mark", MARKS, followed.marks)):
        rows = connection.execute(f"SELECT card_number, {', '.join(columns)} FROM {table} NOT INDEXED")
        stored = {row[0]: row for row in rows}
        wrong |= {card for card in stored.keys() | wanted.keys() if stored.get(card) != wanted.get(card)}
    return wrong


def _remaining(connection: sqlite3.Connection) -> dict[str, Whole]:
    """The answers and resets that were not taken back: by card, those of a card in canonical order."""
    flat = np.fromiter(chain.from_iterable(connection.execute(_ENTRIES)), dtype=np.int64)
    columns = dict(zip(_ENTRY, flat.reshape(-1, len(_ENTRY)).T, strict=True))
    undone = connection.execute(
        "SELECT undoes_device, undoes_number FROM log WHERE undoes_number IS NOT NULL"
    ).fetchall()
    if undone:
        gone = np.array(undone, dtype=np.int64)
        kept = ~np.isin(_identity(columns["device_id"], columns["number"]), _identity(gone[:, 0], gone[:, 1]))
        columns = {name: column[kept] for name, column in columns.items()}
    uuids = dict(connection.execute("SELECT device_id, uuid FROM device"))
    rank = np.zeros(max(uuids, default=0) + 1, dtype=np.int64)
    for place, device_id in enumerate(sorted(uuids, key=lambda one: uuids[one].encode())):
        rank[device_id] = place
    order = np.lexsort((columns["number"], rank[columns["device_id"]], columns["ordered_at"], columns["card_number"]))
    return {name: column[order] for name, column in columns.items()}


def _identity(devices: Whole, numbers: Whole) -> NDArray[np.complex128]:
    """One value for each pair of device and number; both are below 2^53."""
    return devices + 1j * numbers


def _replayed(
    connection: sqlite3.Connection, moved: dict[str, Whole], ids: Whole, card: Whole, progress: Progress | None
) -> Outcome:
    names = dict(connection.execute("SELECT card_number, card_id FROM card"))
    used, scheduler = np.unique(moved["scheduler_id"], return_inverse=True)
    known = Schedulers(connection)
    card_ids = [names[number] for number in ids.tolist()]
    history = History(card_ids, card, moved["rating"], moved["day"], scheduler, _told(connection, moved))
    return replay(history, [known[number] for number in used.tolist()], progress)


def _without_unreadable(connection: sqlite3.Connection, entries: dict[str, Whole]) -> dict[str, Whole]:
    """The entries without those that tell a state which cannot be read."""
    told = entries["sequence"][entries["rating"] == TOLD].tolist()
    if not told:
        return entries
    wrong = [sequence for sequence, known in _known(connection) if known is None]
    if not wrong:
        return entries
    kept = ~np.isin(entries["sequence"], wrong)
    return {name: column[kept] for name, column in entries.items()}


def _known(connection: sqlite3.Connection) -> Iterator[tuple[int, KnownState | None]]:
    for sequence, text in connection.execute("SELECT sequence, drawn FROM log NOT INDEXED WHERE kind = 'state'"):
        yield sequence, known_state(text)


def _told(connection: sqlite3.Connection, moved: dict[str, Whole]) -> Told | None:
    """What other programs told, where they told anything."""
    places = np.flatnonzero(moved["rating"] == TOLD)
    if not len(places):
        return None
    by_sequence = dict(_known(connection))
    known = [by_sequence[sequence] for sequence in moved["sequence"][places].tolist()]

    def whole(values: Iterator[int | None]) -> Whole:
        return np.array([NOTHING if value is None else value for value in values], dtype=np.int64)

    def real(values: Iterator[float | None]) -> NDArray[np.float64]:
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)

    told = [one for one in known if one is not None]
    assert len(told) == len(known), "entries that cannot be read were left out before"
    at = moved["at"][places].tolist()
    return Told(
        places,
        whole(one.phase for one in told),
        real(one.stability for one in told),
        real(one.difficulty for one in told),
        whole(one.due_day for one in told),
        whole(
            None if one.due_at is None else max(0, one.due_at - moment) for one, moment in zip(told, at, strict=True)
        ),
        whole(one.answers for one in told),
        whole(one.lapses for one in told),
    )


def _results(
    entries: dict[str, Whole], scheduled: NDArray[np.bool_], moved: dict[str, Whole], outcome: Outcome
) -> dict[str, Any]:
    size = len(scheduled)
    columns: dict[str, Any] = {name: entries[name] for name in RESULT[:5]}
    led_to = {name: getattr(outcome, name) for name in RESULT[5:] if name != "due_at"}
    led_to["due_at"] = _due_at(moved, outcome)
    for name, values in led_to.items():
        whole = values.dtype.kind == "i"
        columns[name] = np.full(size, NOTHING if whole else np.nan, dtype=values.dtype)
        columns[name][scheduled] = values
    answers = ~np.isin(entries["rating"], (RESET, TOLD))
    order = np.argsort(entries["sequence"][answers])
    return {name: columns[name][answers][order] for name in RESULT}


def _due_at(moved: dict[str, Whole], outcome: Outcome) -> Whole:
    return np.where(outcome.step_wait == NOTHING, NOTHING, moved["at"] + outcome.step_wait)


def _states(
    moved: dict[str, Whole], ids: Whole, card: Whole, outcome: Outcome
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The row of ``card_state`` of each card that is not new at the end."""
    if not len(ids):
        return
    last = np.flatnonzero(np.r_[card[1:] != card[:-1], True])
    last = last[moved["rating"][last] != RESET]
    columns = [
        moved["card_number"], outcome.phase, outcome.step, outcome.stability, outcome.difficulty,
        _due_at(moved, outcome), outcome.due_day, moved["at"], moved["day"], outcome.answers, outcome.lapses,
    ]  # fmt: skip
    for number, phase, step, stability, difficulty, due_at, due_day, *rest in zip(
        *(column[last].tolist() for column in columns), strict=True
    ):
        in_review = phase == Phase.REVIEW
        yield number, (
            number, phase, None if in_review else step, stability, difficulty, None if in_review else due_at,
            due_day if in_review else None, *rest,
        )  # fmt: skip


def _marks(connection: sqlite3.Connection) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The row of ``card_mark`` of each card that has marks."""
    found: dict[int, Marks] = {}
    for card, kind, day in connection.execute(_MARKED):
        found[card] = marked(found.get(card, NO_MARKS), Kind(kind), day)
    for card, marks in found.items():
        if marks != NO_MARKS:
            yield card, (card, int(marks.suspended), int(marks.flagged), marks.buried_day)
