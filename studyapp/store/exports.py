"""The log as other programs want it: every answer that was not taken back, with what it led to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from studyapp.schedule.memory import KnownState
from studyapp.store.log import IS_UNDONE, ORDER
from studyapp.store.rows import named

ANSWER = (
    "card_id", "at", "utc_offset", "day", "mode", "rating", "outcome", "score", "misconception", "seed", "drawn",
    "answer", "hints", "tries", "duration", "phase_before", "days_before", "interval_before", "phase", "stability",
    "difficulty", "due_day", "due_at",
)  # fmt: skip
"""The columns of `answers`."""

_GIVEN = ANSWER[1:15]
_ANSWERS = f"""
    SELECT card.card_id, {", ".join(f"entry.{name}" for name in _GIVEN)},
        {", ".join(f"result.{name}" for name in ANSWER[15:])}
    FROM log AS entry CROSS JOIN card USING (card_number) LEFT JOIN result ON result.sequence = entry.sequence
    WHERE entry.rating IS NOT NULL AND NOT {IS_UNDONE}
    ORDER BY {ORDER}, card.card_id
"""


def answers(connection: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """Every answer that was not taken back, in the order in which they were given."""
    for row in connection.execute(_ANSWERS):
        yield named(ANSWER, row)


def resets(connection: sqlite3.Connection) -> dict[str, list[int]]:
    """The moments at which cards were made new again."""
    found: dict[str, list[int]] = {}
    rows = connection.execute(
        f"SELECT card_id, at FROM log AS entry JOIN card USING (card_number) WHERE kind = 'reset' AND NOT {IS_UNDONE}"
    )
    for card_id, at in rows:
        found.setdefault(card_id, []).append(at)
    return found


def changed_here(connection: sqlite3.Connection) -> set[str]:
    """The cards whose schedule was moved here since other programs told of it.

    A state that leaves the due day as it was is that of a fit, whoever had set the day.
    """
    last: dict[str, bool] = {}
    due: dict[str, tuple[int | None, int | None]] = {}
    rows = connection.execute(
        "SELECT card_id, entry.kind, mode IS 'import', entry.drawn, result.due_day, result.due_at"
        " FROM log AS entry JOIN card USING (card_number) LEFT JOIN result ON result.sequence = entry.sequence"
        f" WHERE entry.kind IN ('answer', 'reset', 'state') AND (entry.kind <> 'answer' OR scheduler_id IS NOT NULL)"
        f" AND NOT {IS_UNDONE} ORDER BY {ORDER}"
    )
    for card_id, kind, imported, drawn, due_day, due_at in rows:
        if kind == "state":
            told = KnownState.from_json(drawn or "")
            if told is not None and (told.due_day, told.due_at) == due.get(card_id):
                continue
        last[card_id] = not imported
        due[card_id] = (due_day, due_at)
    return {card_id for card_id, here in last.items() if here}
