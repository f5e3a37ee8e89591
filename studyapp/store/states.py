"""The stored states and marks of cards: one row each, as the log has it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from studyapp.clock import from_milliseconds, to_milliseconds
from studyapp.schedule.memory import CardState, Phase
from studyapp.store.replay import NO_MARKS, Marks

_STATE = "phase, step, stability, difficulty, due_at, due_day, last_at, last_day, answers, lapses"


def read_state(connection: sqlite3.Connection, card_id: str) -> CardState | None:
    """The state of a card; None for a new one."""
    row = connection.execute(f"SELECT {_STATE} FROM card_state WHERE card_id = ?", (card_id,)).fetchone()
    return None if row is None else _state(*row)


def write_state(connection: sqlite3.Connection, card_id: str, state: CardState | None) -> None:
    """Stores the state of a card; None makes it new."""
    if state is None:
        connection.execute("DELETE FROM card_state WHERE card_id = ?", (card_id,))
        return
    connection.execute(
        f"INSERT OR REPLACE INTO card_state (card_id, {_STATE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            card_id,
            int(state.phase),
            state.step,
            state.stability,
            state.difficulty,
            to_milliseconds(state.due_at),
            state.due_day,
            to_milliseconds(state.last_at),
            state.last_day,
            state.answers,
            state.lapses,
        ),
    )


def all_states(connection: sqlite3.Connection) -> Iterator[tuple[str, CardState]]:
    """Every stored state, ordered by card id."""
    for card_id, *columns in connection.execute(f"SELECT card_id, {_STATE} FROM card_state ORDER BY card_id"):
        yield card_id, _state(*columns)


_STANDING = f"""
    SELECT suspended, flagged, buried_day, {_STATE} FROM (SELECT ? AS card_id)
    LEFT JOIN card_mark USING (card_id) LEFT JOIN card_state USING (card_id)
"""


def read_standing(connection: sqlite3.Connection, card_id: str) -> tuple[CardState | None, Marks]:
    """The state and the marks of a card."""
    suspended, flagged, buried, *state = connection.execute(_STANDING, (card_id,)).fetchone()
    marks = NO_MARKS if suspended is None else Marks(bool(suspended), bool(flagged), buried)
    return (None if state[0] is None else _state(*state)), marks


def read_marks(connection: sqlite3.Connection, card_id: str) -> Marks:
    """The marks of a card."""
    row = connection.execute(
        "SELECT suspended, flagged, buried_day FROM card_mark WHERE card_id = ?", (card_id,)
    ).fetchone()
    return NO_MARKS if row is None else Marks(bool(row[0]), bool(row[1]), row[2])


def write_marks(connection: sqlite3.Connection, card_id: str, marks: Marks) -> None:
    """Stores the marks of a card; a card without marks has no row."""
    if marks == NO_MARKS:
        connection.execute("DELETE FROM card_mark WHERE card_id = ?", (card_id,))
        return
    connection.execute(
        "INSERT OR REPLACE INTO card_mark (card_id, suspended, flagged, buried_day) VALUES (?, ?, ?, ?)",
        (card_id, marks.suspended, marks.flagged, marks.buried_day),
    )


def all_marks(connection: sqlite3.Connection) -> Iterator[tuple[str, Marks]]:
    """All stored marks, ordered by card id."""
    for card_id, suspended, flagged, buried in connection.execute(
        "SELECT card_id, suspended, flagged, buried_day FROM card_mark ORDER BY card_id"
    ):
        yield card_id, Marks(bool(suspended), bool(flagged), buried)


def _state(
    phase: int,
    step: int | None,
    stability: float,
    difficulty: float,
    due_at: int,
    due_day: int,
    last_at: int,
    last_day: int,
    answers: int,
    lapses: int,
) -> CardState:
    return CardState(
        Phase(phase),
        step,
        stability,
        difficulty,
        from_milliseconds(due_at),
        due_day,
        from_milliseconds(last_at),
        last_day,
        answers,
        lapses,
    )
