"""Files of schema 1 as the app of that time wrote them: its tables as they were, and a generator of whole histories.

``python -m tests.store.schema_1 FILE ENTRIES`` writes one. Nothing here follows the app: published formats never
change.
"""

from __future__ import annotations

import random
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import fsrs

APPLICATION_ID = 0x53747564

DDL = (
    """
    CREATE TABLE scheduler (
        scheduler_id INTEGER PRIMARY KEY,
        settings TEXT NOT NULL,         -- JSON, the same text for equal settings
        fsrs_version TEXT NOT NULL,
        UNIQUE (settings, fsrs_version)
    ) STRICT
    """,
    """
    CREATE TABLE log (
        sequence INTEGER PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN (
            'answer', 'bury', 'unbury', 'suspend', 'unsuspend', 'flag', 'unflag', 'reset', 'undo'
        )),
        card_id TEXT NOT NULL,
        at INTEGER NOT NULL,            -- milliseconds since 1970, UTC
        utc_offset INTEGER NOT NULL,    -- minutes by which local time was ahead
        day INTEGER NOT NULL,           -- study day, as the learner's place and settings had it
        undoes INTEGER REFERENCES log (sequence),

        -- of answers only
        mode TEXT,
        rating INTEGER CHECK (rating BETWEEN 1 AND 4),
        outcome TEXT,
        score REAL,
        misconception TEXT,
        seed TEXT,                      -- a whole number of any size
        drawn TEXT,                     -- JSON
        answer TEXT,
        hints INTEGER,
        tries INTEGER,
        duration INTEGER,               -- milliseconds
        phase_before INTEGER,           -- NULL: the card was new
        days_before INTEGER,            -- study days since the answer before
        interval_before INTEGER,        -- study days for which the card had been put away

        -- what the answer led to; NULL where it did not schedule the card
        scheduler_id INTEGER REFERENCES scheduler (scheduler_id),
        phase INTEGER,
        step INTEGER,
        stability REAL,
        difficulty REAL,
        due_at INTEGER,
        due_day INTEGER,

        CHECK ((kind = 'undo') = (undoes IS NOT NULL)),
        CHECK ((kind = 'answer') = (rating IS NOT NULL))
    ) STRICT
    """,
    "CREATE INDEX log_by_card ON log (card_id)",
    """
    CREATE INDEX log_by_day ON log (day, rating, phase_before, days_before, interval_before, duration)
    WHERE rating IS NOT NULL
    """,
    """
    CREATE INDEX log_by_misconception ON log (misconception, card_id, day) WHERE misconception IS NOT NULL
    """,
    "CREATE UNIQUE INDEX log_undone ON log (undoes) WHERE undoes IS NOT NULL",
    """
    CREATE TRIGGER log_is_never_changed BEFORE UPDATE ON log
    BEGIN SELECT RAISE (ABORT, 'the log is append-only'); END
    """,
    """
    CREATE TRIGGER log_is_never_shortened BEFORE DELETE ON log
    BEGIN SELECT RAISE (ABORT, 'the log is append-only'); END
    """,
    """
    CREATE TRIGGER scheduler_is_never_changed BEFORE UPDATE ON scheduler
    BEGIN SELECT RAISE (ABORT, 'settings that scheduled an answer are kept'); END
    """,
    """
    CREATE TRIGGER scheduler_is_never_deleted BEFORE DELETE ON scheduler
    BEGIN SELECT RAISE (ABORT, 'settings that scheduled an answer are kept'); END
    """,
    """
    CREATE TABLE card_state (
        card_id TEXT PRIMARY KEY,
        phase INTEGER NOT NULL CHECK (phase IN (1, 2, 3)),
        step INTEGER,
        stability REAL NOT NULL,
        difficulty REAL NOT NULL,
        due_at INTEGER NOT NULL,
        due_day INTEGER NOT NULL,
        last_at INTEGER NOT NULL,
        last_day INTEGER NOT NULL,
        answers INTEGER NOT NULL,
        lapses INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX card_state_by_day ON card_state (phase, due_day, last_day, stability)",
    "CREATE INDEX card_state_in_steps ON card_state (due_at) WHERE phase <> 2",
    "CREATE INDEX card_state_by_lapses ON card_state (lapses) WHERE lapses >= 8",
    """
    CREATE TABLE card_mark (
        card_id TEXT PRIMARY KEY,
        suspended INTEGER NOT NULL CHECK (suspended IN (0, 1)),
        flagged INTEGER NOT NULL CHECK (flagged IN (0, 1)),
        buried_day INTEGER              -- the study day for which the card is set aside
    ) STRICT, WITHOUT ROWID
    """,
)

WEIGHTS = list(fsrs.scheduler.DEFAULT_PARAMETERS)
SETTINGS = [
    '{"learning_steps": [60.0, 600.0], "maximum_interval": 36500, "relearning_steps": [600.0],'
    f' "retention": {retention}, "weights": {WEIGHTS}}}'
    for retention in (0.9, 0.85)
]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SYNTHETIC = datetime(2000, 1, 1, tzinfo=UTC)
COLUMNS = (
    "sequence", "kind", "card_id", "at", "utc_offset", "day", "undoes", "mode", "rating", "outcome", "score",
    "misconception", "seed", "drawn", "answer", "hints", "tries", "duration", "phase_before", "days_before",
    "interval_before", "scheduler_id", "phase", "step", "stability", "difficulty", "due_at", "due_day",
)  # fmt: skip


@cache
def scheduler(number: int) -> fsrs.Scheduler:
    return fsrs.Scheduler(desired_retention=(0.9, 0.85)[number], enable_fuzzing=False)


def study_day(at: int) -> int:
    """In UTC, from four in the morning."""
    return (EPOCH + timedelta(milliseconds=at) - timedelta(hours=4)).date().toordinal()


def start_of(day: int) -> int:
    return (day - EPOCH.toordinal()) * 86_400_000 + 4 * 3_600_000


def fuzzed(days: int, card_id: str, answers: int) -> int:
    from hashlib import blake2b

    if days < 2.5:
        return days
    chance = int.from_bytes(blake2b(f"{card_id}\n{answers}".encode(), digest_size=8).digest(), "big") >> 11
    shares = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.10), (20.0, float("inf"), 0.05))
    spread = 1.0 + sum(share * max(min(days, end) - start, 0.0) for start, end, share in shares)
    longest = min(round(days + spread), 36500)
    shortest = min(max(round(days - spread), 2), longest)
    return shortest + int(chance / 2**53 * (longest - shortest + 1))


def answered(state: dict | None, rating: int, at: int, card_id: str, settings: int) -> dict:
    """What the app made of a card with py-fsrs."""
    today = study_day(at)
    card, now = fsrs.Card(card_id=0, due=SYNTHETIC), SYNTHETIC
    if state is not None:
        card.state, card.step = fsrs.State(state["phase"]), state["step"]
        card.stability, card.difficulty, card.last_review = state["stability"], state["difficulty"], now
        now += timedelta(days=max(0, today - state["last_day"]))
    card, _ = scheduler(settings).review_card(card, fsrs.Rating(rating), now)
    answers = state["answers"] if state else 0
    if card.state == fsrs.State.Review:
        due_day = today + fuzzed((card.due - now).days, card_id, answers)
        due_at = start_of(due_day)
    else:
        due_at = at + (card.due - now) // timedelta(milliseconds=1)
        due_day = study_day(due_at)
    lapsed = state is not None and state["phase"] == 2 and rating == 1
    return {
        "phase": int(card.state), "step": card.step, "stability": card.stability, "difficulty": card.difficulty,
        "due_at": due_at, "due_day": due_day, "last_at": at, "last_day": today, "answers": answers + 1,
        "lapses": (state["lapses"] if state else 0) + lapsed,
    }  # fmt: skip


class History:
    """A learner's doings, entry by entry, with what the app of that time kept of them."""

    def __init__(self, seed: int, cards: int) -> None:
        self.chance = random.Random(seed)
        self.cards = [f"topic-{number % 7}-card-{number}" for number in range(cards)]
        self.now = 1_700_000_000_000
        self.past: list[tuple[int, str, dict | None, tuple | None]] = []
        self.states: dict[str, dict | None] = {}
        self.marks: dict[str, tuple] = {}
        self.sequence = 0

    def rows(self, entries: int) -> Iterator[tuple]:
        for _ in range(entries):
            self.now += self.chance.choice([4_000, 60_000, 86_400_000 // 40, 86_400_000 // 3])
            self.sequence += 1
            what = self.chance.choices(["answer", "mark", "reset", "undo"], [90, 5, 1, 4])[0]
            card = self.chance.choice(self.cards)
            if what == "undo" and self.past:
                yield self._undo()
            elif what == "reset" and self.states.get(card):
                self._remember(card)
                self.states[card] = None
                yield self._row("reset", card)
            elif what == "mark":
                yield self._mark(card)
            else:
                yield self._answer(card)

    def _remember(self, card: str) -> None:
        self.past.append((self.sequence, card, self.states.get(card), self.marks.get(card)))

    def _row(self, kind: str, card: str, **columns: object) -> tuple:
        row = {
            "sequence": self.sequence, "kind": kind, "card_id": card, "at": self.now, "utc_offset": 0,
            "day": study_day(self.now),
        } | columns  # fmt: skip
        return tuple(row.get(name) for name in COLUMNS)

    def _undo(self) -> tuple:
        sequence, card, state, marks = self.past.pop()
        self.states[card] = state
        self.marks[card] = marks or (0, 0, None)
        return self._row("undo", card, undoes=sequence)

    def _mark(self, card: str) -> tuple:
        self._remember(card)
        suspended, flagged, buried = self.marks.get(card) or (0, 0, None)
        kind = self.chance.choice(["bury", "flag", "suspend"])
        if kind == "suspend":
            kind, suspended = ("unsuspend", 0) if suspended else ("suspend", 1)
        elif kind == "flag":
            kind, flagged = ("unflag", 0) if flagged else ("flag", 1)
        else:
            buried = study_day(self.now)
        self.marks[card] = (suspended, flagged, buried)
        return self._row(kind, card)

    def _answer(self, card: str) -> tuple:
        self._remember(card)
        rating = self.chance.choices([1, 2, 3, 4], [12, 8, 70, 10])[0]
        given = {
            "rating": rating, "mode": self.chance.choice(["review"] * 8 + ["ahead", "mock"]), "outcome": "correct",
            "score": 1.0, "seed": str(self.chance.getrandbits(64)), "drawn": '{"y": [1, 0]}', "answer": "0.51",
            "hints": 0, "tries": 1, "duration": self.chance.randrange(1000, 60_000),
            "misconception": "sum-not-mean" if rating == 1 and self.chance.random() < 0.3 else None,
        }  # fmt: skip
        if given["mode"] == "mock":
            return self._row("answer", card, **given)
        before = self.states.get(card)
        settings = int(self.sequence % 5 == 0)
        after = answered(before, rating, self.now, card, settings)
        self.states[card] = after
        if before is not None:
            given |= {
                "phase_before": before["phase"],
                "days_before": max(0, after["last_day"] - before["last_day"]),
                "interval_before": max(0, before["due_day"] - before["last_day"]),
            }
        led_to = {name: after[name] for name in ("phase", "step", "stability", "difficulty", "due_at", "due_day")}
        return self._row("answer", card, **given, scheduler_id=settings + 1, **led_to)


def write(path: Path, entries: int, seed: int = 0) -> History:
    """A file of schema 1 with so many entries."""
    history = History(seed, max(3, entries // 10))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA journal_mode = WAL")
        for statement in DDL:
            connection.execute(statement)
        for settings in SETTINGS:
            connection.execute("INSERT INTO scheduler (settings, fsrs_version) VALUES (?, '6.3.2')", (settings,))
        places = ", ".join("?" * len(COLUMNS))
        connection.executemany(f"INSERT INTO log ({', '.join(COLUMNS)}) VALUES ({places})", history.rows(entries))
        connection.executemany(
            f"INSERT INTO card_state VALUES ({', '.join('?' * 11)})",
            [(card, *state.values()) for card, state in history.states.items() if state is not None],
        )
        connection.executemany(
            "INSERT INTO card_mark VALUES (?, ?, ?, ?)",
            [(card, *marks) for card, marks in history.marks.items() if marks != (0, 0, None)],
        )
        connection.execute("PRAGMA user_version = 1")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    return history


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
