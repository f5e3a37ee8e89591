"""The tables of ``progress.db``.

``log`` is the truth: what happened, on which device, never changed; ``device``, ``card`` and ``scheduler`` are the
values to which its rows refer. ``result``, ``card_state`` and ``card_mark`` follow from it (`states` and `rebuild` say
how) and are kept so that nothing has to be replayed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

APPLICATION_ID = 0x53747564
"""Marks the file as ours (the bytes of "Stud")."""

Step: TypeAlias = Sequence[str | Callable[[sqlite3.Connection], None]]
"""The statements, and what no statement can say, that lead from one version of the schema to the next."""

_GUARDS = tuple(
    f"""
    CREATE TRIGGER {table}_is_never_{done} BEFORE {what} ON {table}
    BEGIN SELECT RAISE (ABORT, 'the log is append-only'); END
    """
    for table in ("log", "card", "scheduler")
    for what, done in (("UPDATE", "changed"), ("DELETE", "shortened"))
)

HAPPENED: Step = (
    """
    CREATE TABLE device (
        device_id INTEGER PRIMARY KEY,
        uuid TEXT NOT NULL UNIQUE,
        label TEXT NOT NULL             -- for people; says nothing about identity
    ) STRICT
    """,
    """
    CREATE TABLE home (
        device_id INTEGER NOT NULL REFERENCES device (device_id),
        inode INTEGER                   -- of this file: in a copy it differs, and the copy is another device
    ) STRICT
    """,
    """
    CREATE TABLE card (
        card_number INTEGER PRIMARY KEY,
        card_id TEXT NOT NULL UNIQUE CHECK (card_id <> '')
    ) STRICT
    """,
    """
    CREATE TABLE scheduler (
        scheduler_id INTEGER PRIMARY KEY,
        settings TEXT NOT NULL,         -- JSON, the same text for equal settings
        engine TEXT NOT NULL,           -- the rules besides the settings: see schedule.memory.ENGINE
        UNIQUE (settings, engine)
    ) STRICT
    """,
    """
    CREATE TABLE log (
        sequence INTEGER PRIMARY KEY,   -- in the order of arrival in this file
        device_id INTEGER NOT NULL REFERENCES device (device_id),
        number INTEGER NOT NULL CHECK (number >= 1),
        kind TEXT NOT NULL CHECK (kind IN (
            'answer', 'bury', 'unbury', 'suspend', 'unsuspend', 'flag', 'unflag', 'reset', 'undo'
        )),
        card_number INTEGER NOT NULL REFERENCES card (card_number),
        at INTEGER NOT NULL,            -- milliseconds since 1970, UTC, by the clock of the device
        ordered_at INTEGER NOT NULL,    -- the same, but after all that the device knew of the card
        utc_offset INTEGER NOT NULL,    -- minutes by which local time was ahead
        day INTEGER NOT NULL,           -- study day, as the learner's place and settings had it
        undoes_device INTEGER REFERENCES device (device_id),
        undoes_number INTEGER,

        -- of answers only
        mode TEXT CHECK (mode IN ('review', 'ahead', 'cram', 'mock')),
        rating INTEGER CHECK (rating BETWEEN 1 AND 4),
        outcome TEXT,
        score REAL CHECK (score BETWEEN 0 AND 1),
        misconception TEXT,
        seed TEXT CHECK (length(seed) BETWEEN 1 AND 40 AND ltrim(seed, '-') NOT GLOB '*[^0-9]*'),
        drawn TEXT,                     -- JSON
        answer TEXT,
        hints INTEGER CHECK (hints >= 0),
        tries INTEGER CHECK (tries >= 0),
        duration INTEGER CHECK (duration >= 0), -- milliseconds
        scheduler_id INTEGER REFERENCES scheduler (scheduler_id), -- NULL: the schedule was not moved

        UNIQUE (device_id, number),
        CHECK ((kind = 'undo') = (undoes_device IS NOT NULL)),
        CHECK ((undoes_device IS NULL) = (undoes_number IS NULL)),
        CHECK ((kind = 'answer') = (rating IS NOT NULL)),
        CHECK ((kind = 'answer') = (mode IS NOT NULL AND hints IS NOT NULL AND tries IS NOT NULL)),
        CHECK (scheduler_id IS NULL OR mode IN ('review', 'ahead'))
    ) STRICT
    """,
    *_GUARDS,
)

FOLLOWED: Step = (
    """
    CREATE TABLE result (               -- of answers that have not been taken back
        sequence INTEGER PRIMARY KEY REFERENCES log (sequence),
        card_number INTEGER NOT NULL,
        day INTEGER NOT NULL,
        rating INTEGER NOT NULL,
        duration INTEGER,
        phase_before INTEGER,           -- NULL: the card was new
        days_before INTEGER,            -- study days since the answer before
        interval_before INTEGER,        -- study days for which the card had been put away
        phase INTEGER,                  -- NULL, and all below: the schedule was not moved
        step INTEGER,
        stability REAL,
        difficulty REAL,
        due_at INTEGER,                 -- of a step; a review is due when its day begins, wherever the learner is
        due_day INTEGER                 -- of a review
    ) STRICT
    """,
    """
    CREATE TABLE card_state (
        card_number INTEGER PRIMARY KEY,
        phase INTEGER NOT NULL CHECK (phase IN (1, 2, 3)),
        step INTEGER,
        stability REAL NOT NULL CHECK (stability BETWEEN 0.0001 AND 1e13),
        difficulty REAL NOT NULL CHECK (difficulty BETWEEN 1 AND 10),
        due_at INTEGER,
        due_day INTEGER,
        last_at INTEGER NOT NULL,
        last_day INTEGER NOT NULL,
        answers INTEGER NOT NULL CHECK (answers >= 1),
        lapses INTEGER NOT NULL CHECK (lapses >= 0),
        CHECK ((phase = 2) = (due_day IS NOT NULL)),
        CHECK ((phase = 2) = (due_at IS NULL))
    ) STRICT
    """,
    """
    CREATE TABLE card_mark (
        card_number INTEGER PRIMARY KEY,
        suspended INTEGER NOT NULL CHECK (suspended IN (0, 1)),
        flagged INTEGER NOT NULL CHECK (flagged IN (0, 1)),
        buried_day INTEGER              -- the study day for which the card is set aside
    ) STRICT
    """,
)

INDEXES: Mapping[str, str] = {
    "log_by_card": "CREATE INDEX log_by_card ON log (card_number, ordered_at)",
    "log_undone": """
        CREATE INDEX log_undone ON log (undoes_device, undoes_number) WHERE undoes_number IS NOT NULL
    """,
    "log_by_misconception": """
        CREATE INDEX log_by_misconception ON log (misconception, card_number, day) WHERE misconception IS NOT NULL
    """,
    "result_by_day": """
        CREATE INDEX result_by_day ON result (day, rating, phase_before, days_before, interval_before, duration)
    """,
    "card_state_by_day": "CREATE INDEX card_state_by_day ON card_state (phase, due_day, last_day, stability)",
    "card_state_in_steps": "CREATE INDEX card_state_in_steps ON card_state (due_at) WHERE phase <> 2",
    "card_state_by_lapses": "CREATE INDEX card_state_by_lapses ON card_state (lapses) WHERE lapses >= 8",
}

BASE_VERSION = 2
BASE: Step = (*HAPPENED, *FOLLOWED, *INDEXES.values())
"""What makes an empty file one of version `BASE_VERSION`."""
