"""The numbered steps that lead an older ``progress.db`` to the schema of today."""

from __future__ import annotations

import sqlite3

from studyapp.store.schema import APPLICATION_ID, BASE, BASE_VERSION, FOLLOWED, HAPPENED, INDEXES, Step


def _follow(connection: sqlite3.Connection) -> None:
    from studyapp.store.rebuild import rebuild_all  # late: it imports NumPy

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
