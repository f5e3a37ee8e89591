"""Is the learner's data whole? Looked at from outside, without the store's own code where that is on trial."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from studyapp.store.checks import Cure
from studyapp.store.doctor import examine

_UNDONE = """
    SELECT target.sequence FROM log AS target
    WHERE (target.device_id, target.number) = (log.undoes_device, log.undoes_number)
"""
"""The place in the file of the entry that a row of the log takes back."""


class Logged(NamedTuple):
    """One entry of the log, as far as a learner would remember it."""

    kind: str
    card_id: str
    rating: int | None = None
    undoes: int | None = None


def read_log(home: Path) -> list[Logged]:
    """The whole log in order; empty where there is no file yet."""
    if not (home / "progress.db").exists():
        return []
    with closing(sqlite3.connect(home / "progress.db")) as connection:
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'log'").fetchone() is None:
            return []
        rows = connection.execute(
            f"SELECT kind, card_id, rating, ({_UNDONE}) FROM log JOIN card USING (card_number) ORDER BY sequence"
        ).fetchall()
    return [Logged(*row) for row in rows]


def entries_of(path: Path) -> set[tuple[str, int, str, int]]:
    """The entries in one file of data: device, number, kind and time."""
    with closing(sqlite3.connect(path)) as connection:
        return set(connection.execute("SELECT uuid, number, kind, at FROM log JOIN device USING (device_id)"))


def complaints(home: Path, now: datetime | None = None) -> list[str]:
    """Everything that is wrong with the data in ``home``; no data is no complaint.

    SQLite's own check, the doctor's thorough one, and the states and marks worked out here again from the log.
    """
    path = home / "progress.db"
    if not path.exists():
        return []
    found = []
    with closing(sqlite3.connect(path)) as connection:
        verdict = connection.execute("PRAGMA integrity_check").fetchall()
        if verdict != [("ok",)]:
            found.append(f"integrity_check: {verdict[:3]}")
        elif connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            found += _not_as_logged(connection)
    for finding in examine(home, now or datetime.now(UTC), thorough=True):
        if finding.cure is not Cure.NONE or finding.code == "results":
            if finding.code == "empty" and not read_log(home):
                continue
            found.append(f"doctor: {finding.code}: {finding.message}")
    return found


_STATE = "card_id, phase, step, stability, difficulty, due_at, due_day, last_at, last_day, answers, lapses"

_STATES = f"SELECT {_STATE} FROM card_state JOIN card USING (card_number)"
_MARKS = "SELECT card_id, suspended, flagged, buried_day FROM card_mark JOIN card USING (card_number) ORDER BY card_id"


def tables(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The states, the marks and the remaining log: what an undo gives back."""
    with closing(sqlite3.connect(home / "progress.db")) as connection:
        return {
            "card_state": connection.execute(
                f"SELECT {_STATE} FROM card_state JOIN card USING (card_number) ORDER BY card_id"
            ).fetchall(),
            "card_mark": connection.execute(_MARKS).fetchall(),
            "remaining": connection.execute(
                "SELECT * FROM log WHERE kind <> 'undo' AND sequence NOT IN"
                f" (SELECT ({_UNDONE}) FROM log WHERE kind = 'undo') ORDER BY sequence"
            ).fetchall(),
        }


def _not_as_logged(connection: sqlite3.Connection) -> list[str]:
    undone = {row[0] for row in connection.execute(f"SELECT ({_UNDONE}) FROM log WHERE kind = 'undo'")}
    states: dict[str, tuple[Any, ...]] = {}
    marks: dict[str, list[Any]] = {}
    for row in connection.execute(
        "SELECT sequence, kind, card_id, at, log.day, log.rating, phase_before, phase, step, stability, difficulty,"
        " due_at, due_day FROM log JOIN card USING (card_number) LEFT JOIN result USING (sequence)"
        " ORDER BY ordered_at, sequence"
    ):
        sequence, kind, card_id, at, day, rating, before, phase, *memory, due_at, due_day = row
        if sequence in undone:
            continue
        if kind == "answer" and phase is not None:
            answers, lapses = states[card_id][-2:] if card_id in states else (0, 0)
            lapses += before == 2 and rating == 1
            states[card_id] = (card_id, phase, *memory, due_at, due_day, at, day, answers + 1, lapses)
        elif kind == "reset":
            states.pop(card_id, None)
        elif kind != "undo" and kind != "answer":
            mark = marks.setdefault(card_id, [0, 0, None])
            if kind.endswith("suspend"):
                mark[0] = int(kind == "suspend")
            elif kind.endswith("flag"):
                mark[1] = int(kind == "flag")
            else:
                mark[2] = day if kind == "bury" else None
    stored = {row[0]: row for row in connection.execute(_STATES)}
    wanted_marks = {(card_id, *mark) for card_id, mark in marks.items() if mark != [0, 0, None]}
    stored_marks = set(connection.execute(_MARKS))
    wrong = sorted(card_id for card_id in stored.keys() | states.keys() if stored.get(card_id) != states.get(card_id))
    found = [f"the state of {card_id} is not what the log gives" for card_id in wrong[:3]]
    found += [f"a mark is not what the log gives: {mark}" for mark in sorted(wanted_marks ^ stored_marks, key=str)[:3]]
    return found
