"""The tables of ``progress.db`` and the numbered steps that lead an older file to them.

``log`` is the truth: what happened, in order, never changed. ``card_state`` and ``card_mark`` follow from it
and are kept so that nothing has to be replayed. ``scheduler`` holds each choice of settings that ever
scheduled an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

APPLICATION_ID = 0x53747564
"""Marks the file as ours (the bytes of "Stud")."""

Step: TypeAlias = Sequence[str]
"""The statements that lead from one version of the schema to the next."""

_FIRST: Step = (
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

STEPS: tuple[Step, ...] = (_FIRST,)
"""``STEPS[n]`` leads from version n to n + 1; version 0 is an empty file. Published steps never change."""


def newest_version() -> int:
    """The version of the schema that this app reads and writes."""
    return len(STEPS)
