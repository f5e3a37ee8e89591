"""From the log to the state of a card: the one place that says what follows from what happened."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from studyapp.clock import from_milliseconds
from studyapp.schedule.memory import CardState, Phase
from studyapp.schedule.rating import Rating
from studyapp.store.log import IS_UNDONE, Kind


class Marks(Struct, frozen=True):
    """What the learner said of a card. ``buried_day`` is the study day for which it is set aside."""

    suspended: bool = False
    flagged: bool = False
    buried_day: int | None = None

    def buried_on(self, day: int) -> bool:
        """Whether the card is set aside on study day ``day``."""
        return self.buried_day == day


NO_MARKS = Marks()


class Fact(NamedTuple):
    """What the replay needs of an entry of the log."""

    card_id: str
    kind: str
    at: int
    day: int
    rating: int | None
    phase_before: int | None
    phase: int | None
    step: int | None
    stability: float
    difficulty: float
    due_at: int
    due_day: int


def replay(facts: Iterable[Fact]) -> tuple[CardState | None, Marks]:
    """The state and the marks of one card after ``facts``, which hold nothing that was taken back."""
    last: Fact | None = None
    answers = lapses = 0
    marks = NO_MARKS
    for fact in facts:
        if fact.kind == Kind.RESET:
            last, answers, lapses = None, 0, 0
        elif fact.kind == Kind.ANSWER:
            if fact.phase is not None:
                last, answers = fact, answers + 1
                lapses += fact.phase_before == Phase.REVIEW and fact.rating == Rating.AGAIN
        else:
            marks = marked(marks, Kind(fact.kind), fact.day)
    if last is None:
        return None, marks
    assert last.phase is not None
    state = CardState(
        phase=Phase(last.phase),
        step=last.step,
        stability=last.stability,
        difficulty=last.difficulty,
        due_at=from_milliseconds(last.due_at),
        due_day=last.due_day,
        last_at=from_milliseconds(last.at),
        last_day=last.day,
        answers=answers,
        lapses=lapses,
    )
    return state, marks


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


_FACTS = f"""
    SELECT card_id, kind, at, day, rating, phase_before, phase, step, stability, difficulty, due_at, due_day
    FROM log AS entry WHERE kind <> 'undo' AND NOT {IS_UNDONE}
"""


def facts_of(connection: sqlite3.Connection, card_id: str) -> Iterator[Fact]:
    """What remains of one card's log, oldest first."""
    rows = connection.execute(f"{_FACTS} AND card_id = ? ORDER BY sequence", (card_id,))
    return map(Fact._make, rows)


def replay_all(connection: sqlite3.Connection) -> Iterator[tuple[str, CardState | None, Marks]]:
    """Every card of the log with the state and the marks it leads to, ordered by card id."""
    facts = map(Fact._make, connection.execute(f"{_FACTS} ORDER BY card_id, sequence"))
    for card_id, group in groupby(facts, key=lambda fact: fact.card_id):
        yield card_id, *replay(group)
