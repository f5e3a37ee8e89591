"""The tables of ``progress.db`` and the numbered steps that lead an older file to them.

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


def _follow(connection: sqlite3.Connection) -> None:
    from studyapp.store.rebuild import rebuild_all

    rebuild_all(connection)


def _name_device(connection: sqlite3.Connection) -> None:
    from studyapp.store.device import take_new_device

    take_new_device(connection, None)


_FROM_1: Step = (
    *(f"DROP TRIGGER {name}" for name in (
        "log_is_never_changed", "log_is_never_shortened", "scheduler_is_never_changed", "scheduler_is_never_deleted",
    )),
    *(f"DROP INDEX {name}" for name in ("log_by_day", "log_by_misconception", "log_undone", "log_by_card")),
    "DROP TABLE card_state",
    "ALTER TABLE log RENAME TO old_log",
    "ALTER TABLE scheduler RENAME TO old_scheduler",
    "ALTER TABLE card_mark RENAME TO old_card_mark",
    *HAPPENED,
    *FOLLOWED,
    _name_device,
    "INSERT INTO card (card_id) SELECT card_id FROM old_log WHERE card_id <> '' GROUP BY card_id ORDER BY card_id",
    "INSERT INTO scheduler SELECT scheduler_id, settings, fsrs_version FROM old_scheduler",
    # What the old schema let pass though no answer can have it is left out; the answer stays.
    """
    INSERT INTO log
    SELECT sequence, (SELECT device_id FROM home), sequence, kind, card_number, at,
        max(at) OVER (PARTITION BY card_number ORDER BY sequence), utc_offset, day,
        CASE WHEN undoes IS NOT NULL THEN (SELECT device_id FROM home) END, undoes,
        CASE WHEN rating IS NULL THEN NULL
            WHEN mode IN ('review', 'ahead') THEN mode
            WHEN phase IS NOT NULL THEN 'review'
            WHEN mode = 'mock' THEN 'mock' ELSE 'cram' END,
        rating, outcome, CASE WHEN score BETWEEN 0 AND 1 THEN score END, misconception,
        CASE WHEN length(seed) BETWEEN 1 AND 40 AND ltrim(seed, '-') NOT GLOB '*[^0-9]*' THEN seed END,
        drawn, answer,
        CASE WHEN rating IS NOT NULL THEN max(0, coalesce(hints, 0)) END,
        CASE WHEN rating IS NOT NULL THEN max(0, coalesce(tries, 1)) END,
        CASE WHEN duration >= 0 THEN duration END,
        CASE WHEN phase IS NOT NULL THEN scheduler_id END
    FROM old_log JOIN card USING (card_id) ORDER BY sequence
    """,
    "DROP TABLE old_log",
    "DROP TABLE old_scheduler",
    "DROP TABLE old_card_mark",
    *INDEXES.values(),
    _follow,
)  # fmt: skip


def _admit_imports(connection: sqlite3.Connection) -> None:
    """Widens what the log admits by what other programs recorded, without copying a table of a million rows.

    It edits the text of the table's definition, as SQLite's manual (ALTER TABLE, "Making Other Kinds Of Table Schema
    Changes") has it for constraints that no stored row can break.
    """
    (version,) = connection.execute("PRAGMA schema_version").fetchone()
    connection.execute("PRAGMA writable_schema = ON")
    for old, new in (
        ("'reset', 'undo'", "'reset', 'undo', 'state'"),
        ("mode IN ('review', 'ahead', 'cram', 'mock')", "mode IN ('review', 'ahead', 'cram', 'mock', 'import')"),
        ("scheduler_id IS NULL OR mode IN ('review', 'ahead')",
         "scheduler_id IS NULL OR mode IN ('review', 'ahead', 'import')"),
    ):  # fmt: skip
        changed = connection.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE name = 'log' AND instr(sql, ?)", (old, new, old)
        ).rowcount
        if changed != 1:
            raise sqlite3.DatabaseError(f"the table log is not as version 2 made it: {old!r} is not in it")
    connection.execute(f"PRAGMA schema_version = {version + 1}")
    connection.execute("PRAGMA writable_schema = RESET")


_SHARED: Step = (
    """
    CREATE TABLE shared_segment (       -- files of the synchronised store whose entries are all in the log
        holder TEXT NOT NULL,           -- the device in whose folder it lies
        name TEXT NOT NULL,
        PRIMARY KEY (holder, name)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE forgotten_device (     -- whose entries were taken out and are not taken in again
        uuid TEXT PRIMARY KEY
    ) STRICT, WITHOUT ROWID
    """,
)

STEPS: dict[int, Step] = {1: _FROM_1, 2: (_admit_imports,), 3: _SHARED}
"""``STEPS[n]`` leads from version n to n + 1. Published steps never change."""


def newest_version() -> int:
    """The version of the schema that this app reads and writes."""
    return max(STEPS) + 1


def upgrade(connection: sqlite3.Connection, version: int) -> None:
    """Takes an open file of ``version`` (0 is an empty one) to the newest, inside the caller's transaction."""
    if version == 0:
        version = BASE_VERSION
        _run(connection, BASE)
    for step in range(version, newest_version()):
        _run(connection, STEPS[step])
    connection.execute(f"PRAGMA user_version = {newest_version()}")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _run(connection: sqlite3.Connection, step: Step) -> None:
    for part in step:
        if isinstance(part, str):
            connection.execute(part)
        else:
            part(connection)
