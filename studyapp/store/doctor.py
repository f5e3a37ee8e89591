"""Is the learner's data sound? What is wrong is said with its cure; only `rebuild` changes anything."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby, islice
from pathlib import Path

from msgspec import Struct

from studyapp.clock import from_milliseconds, to_milliseconds
from studyapp.schedule.day import StudyDays
from studyapp.schedule.memory import CardState, Phase, Scheduler, SchedulerSettings
from studyapp.schedule.rating import Rating
from studyapp.store import backup, schema, states
from studyapp.store.connection import look, open_reader, open_writer, transaction
from studyapp.store.errors import Damaged, NewerSchema, StoreError, explained
from studyapp.store.lock import InstanceLock
from studyapp.store.log import IS_UNDONE, Kind
from studyapp.store.replay import NO_MARKS, Marks, replay_all

_MOST_NAMED = 3
_MOST_COMPLAINTS = 20
_CLOCK_SLACK = timedelta(minutes=10)


class Cure(StrEnum):
    """What helps against a finding."""

    NONE = "none"
    """Nothing has to be done."""
    REBUILD = "rebuild"
    RESTORE = "restore"
    UPDATE = "update"
    """A newer version of the app."""


class Finding(Struct, frozen=True):
    """Something that is not as it should be, in words, and what helps."""

    code: str
    message: str
    cure: Cure


class Rebuilt(Struct, frozen=True):
    """How many cards had a wrong state or wrong marks, and the copy that was taken before."""

    cards: int
    backup: backup.Backup


def examine(home: Path, now: datetime, *, thorough: bool = False) -> tuple[Finding, ...]:
    """Everything that is wrong with the data in ``home``; nothing is changed.

    ``thorough`` also computes every answer's result again, which takes about a minute per million answers.
    """
    path = home / "progress.db"
    nothing_yet = (Finding("no-data", f"There is no data in {home} yet.", Cure.NONE),)
    if not home.is_dir():
        return nothing_yet
    with InstanceLock(home):
        try:
            version = look(path)
        except Damaged as error:
            return (Finding("damaged", str(error), Cure.RESTORE),)
        except NewerSchema as error:
            return (Finding("newer", str(error), Cure.UPDATE),)
        if version == 0 and not backup.backups(home):
            return nothing_yet
        if version == 0:
            return (Finding("empty", f"{path} is missing or empty.", Cure.RESTORE),)
        if version < schema.newest_version():
            return (Finding("older", f"{path} is of an older format; opening it updates it.", Cure.NONE),)
        try:
            with explained(path), closing(open_reader(path)) as connection:
                return tuple(check(connection, now, thorough=thorough))
        except Damaged as error:
            return (Finding("damaged", str(error), Cure.RESTORE),)
        except (ValueError, OverflowError) as error:
            return (Finding("damaged", f"{path} holds what cannot be: {error}", Cure.RESTORE),)


def check(connection: sqlite3.Connection, now: datetime, *, thorough: bool = False) -> Iterator[Finding]:
    """What is wrong in an open database, the worst first; what rests on something broken is not looked at."""
    worst = [*_file(connection), *_layout(connection)]
    if not any(finding.code == "layout" for finding in worst):
        worst += _rows(connection)
    yield from worst
    if worst:
        return
    yield from _log(connection)
    yield from _states(connection)
    if thorough:
        yield from _results(connection)
    yield from _clock(connection, now)


def rebuild(home: Path, now: datetime, days: StudyDays, progress: Callable[[int, int], None] | None = None) -> Rebuilt:
    """Makes every index, every state and all marks anew from the log, after a backup, in one transaction.

    ``progress`` is told how many of how many cards are done. Where it is stopped nothing has changed.

    Raises:
        StoreError: the data is too damaged for that, or the disk is full; then nothing has changed.
    """
    path = home / "progress.db"
    with InstanceLock(home):
        version = look(path)
        if version != schema.newest_version():
            raise StoreError(f"{path} holds nothing to rebuild, or is of an older format: open studyapp first.")
        with explained(path), closing(open_writer(path)) as connection:
            taken = backup.take(path, home, days.day_of(now), "before-rebuild", only_if_sound=False)
            with transaction(connection):
                connection.execute("REINDEX")
                connection.execute(f"DELETE FROM card_state WHERE {_ROWS['card_state']}")
                wrong = {card_id for card_id, *_ in differences(connection)}
                connection.execute("DELETE FROM card_state")
                connection.execute("DELETE FROM card_mark")
                (cards,) = connection.execute("SELECT count(DISTINCT card_id) FROM log").fetchone()
                for done, (card_id, state, marks) in enumerate(replay_all(connection)):
                    if progress is not None:
                        progress(done, cards)
                    states.write_state(connection, card_id, state)
                    states.write_marks(connection, card_id, marks)
    return Rebuilt(len(wrong), taken)


def differences(
    connection: sqlite3.Connection,
) -> Iterator[tuple[str, tuple[CardState | None, Marks], tuple[CardState | None, Marks]]]:
    """Every card whose stored state and marks are not what the log leads to: its id, what is stored, what
    should be."""
    stored_states, stored_marks = states.all_states(connection), states.all_marks(connection)
    state, mark = next(stored_states, None), next(stored_marks, None)
    due = replay_all(connection)
    replayed = next(due, None)
    while state or mark or replayed:
        card_id = min(entry[0] for entry in (state, mark, replayed) if entry is not None)
        stored: tuple[CardState | None, Marks] = (None, NO_MARKS)
        wanted: tuple[CardState | None, Marks] = (None, NO_MARKS)
        if state is not None and state[0] == card_id:
            stored = (state[1], stored[1])
            state = next(stored_states, None)
        if mark is not None and mark[0] == card_id:
            stored = (stored[0], mark[1])
            mark = next(stored_marks, None)
        if replayed is not None and replayed[0] == card_id:
            wanted = (replayed[1], replayed[2])
            replayed = next(due, None)
        if stored != wanted:
            yield card_id, stored, wanted


def _file(connection: sqlite3.Connection) -> Iterator[Finding]:
    rows = connection.execute(f"PRAGMA integrity_check({_MOST_COMPLAINTS})").fetchall()
    complaints = [str(row[0]) for row in rows if row[0] != "ok"]
    only_indexes = all("index" in complaint for complaint in complaints)
    for complaint in complaints:
        yield Finding("integrity", complaint, Cure.REBUILD if only_indexes else Cure.RESTORE)
    for table, row_id, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield Finding("foreign-row", f"row {row_id} of {table} refers to a missing row of {parent}", Cure.RESTORE)


_KINDS = ", ".join(f"'{kind}'" for kind in Kind)
_ROWS = {
    "log": f"""
        kind NOT IN ({_KINDS}) OR (kind = 'answer') <> (rating IS NOT NULL) OR rating NOT BETWEEN 1 AND 4
        OR phase NOT IN (1, 2, 3) OR phase_before NOT IN (1, 2, 3)
        OR (phase IS NOT NULL AND (stability IS NULL OR difficulty IS NULL OR due_at IS NULL OR due_day IS NULL))
    """,
    "card_state": "phase NOT IN (1, 2, 3)",
}


def _rows(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Rows that the schema forbids, found without the indexes. SQLite's own check, on a connection that only
    reads, passes over some of them."""
    for table, wrong in _ROWS.items():
        (count,) = connection.execute(f"SELECT count(*) FROM {table} NOT INDEXED WHERE {wrong}").fetchone()
        if count:
            cure = Cure.RESTORE if table == "log" else Cure.REBUILD
            yield Finding("rows", f"{count} rows of {table} hold what cannot be", cure)
    (twice,) = connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM scheduler NOT INDEXED GROUP BY settings || fsrs_version"
        " HAVING count(*) > 1)"
    ).fetchone()
    if twice:
        yield Finding("rows", f"{twice} settings of the scheduler are there twice", Cure.RESTORE)


def _layout(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Tables, indexes and triggers that are missing or not ours."""
    with closing(sqlite3.connect(":memory:")) as fresh:
        for step in schema.STEPS:
            for statement in step:
                fresh.execute(statement)
        wanted = dict(fresh.execute(_LAYOUT).fetchall())
    present = dict(connection.execute(_LAYOUT).fetchall())
    for name in sorted(wanted.keys() | present.keys()):
        if wanted.get(name) != present.get(name):
            what = "missing" if name not in present else "unknown" if name not in wanted else "changed"
            yield Finding("layout", f"{name} is {what} in the database", Cure.RESTORE)


_LAYOUT = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_stat%'"


def _log(connection: sqlite3.Connection) -> Iterator[Finding]:
    count, last = connection.execute("SELECT count(*), coalesce(max(sequence), 0) FROM log").fetchone()
    if count != last:
        yield Finding("log-gap", f"{last - count} entries are missing from the log", Cure.RESTORE)
    (strange,) = connection.execute(
        "SELECT count(*) FROM log AS entry JOIN log AS target ON target.sequence = entry.undoes"
        " WHERE target.kind = 'undo' OR target.card_id <> entry.card_id OR target.sequence >= entry.sequence"
    ).fetchone()
    if strange:
        yield Finding("undo", f"{strange} entries of the log undo something that cannot be", Cure.RESTORE)


def _states(connection: sqlite3.Connection) -> Iterator[Finding]:
    wrong = [card_id for card_id, *_ in differences(connection)]
    if wrong:
        named = ", ".join(wrong[:_MOST_NAMED]) + (" …" if len(wrong) > _MOST_NAMED else "")
        yield Finding("states", f"{len(wrong)} cards are not as the log says: {named}", Cure.REBUILD)


_RESULTS = f"""
    SELECT card_id, kind, entry.at, day, rating, phase, step, stability, difficulty, due_at, due_day,
        CAST(settings AS BLOB), fsrs_version, entry.sequence
    FROM log AS entry LEFT JOIN scheduler USING (scheduler_id)
    WHERE (kind = 'reset' OR phase IS NOT NULL) AND NOT {IS_UNDONE}
    ORDER BY card_id, entry.sequence
"""


def _results(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Answers whose recorded result is not what the recorded settings give."""
    schedulers: dict[tuple[bytes, str], Scheduler | None] = {}
    wrong: list[int] = []
    for _, rows in groupby(connection.execute(_RESULTS), key=lambda row: row[0]):
        state: CardState | None = None
        for row in rows:
            card_id, kind, at, day, rating, phase, step, stability, difficulty, due_at, due_day = row[:11]
            settings, made_by, sequence = row[11:]
            if kind == "reset":
                state = None
                continue
            answers = state.answers if state else 0
            if (settings, made_by) not in schedulers:
                schedulers[settings, made_by] = _scheduler(settings, made_by)
            scheduler = schedulers[settings, made_by]
            same = scheduler is not None
            if scheduler is not None:
                again = scheduler.transition(state, Rating(rating), day, card_id)
                # Answers logged by the package fsrs differ in the last bits.
                same = (phase, step) == (again.phase, again.step)
                same = same and math.isclose(stability, again.stability, rel_tol=1e-9)
                same = same and math.isclose(difficulty, again.difficulty, rel_tol=1e-9)
                if again.phase is Phase.REVIEW:
                    same = same and due_day == day + again.days
            if not same:
                wrong.append(sequence)
            state = CardState(
                Phase(phase),
                step,
                stability,
                difficulty,
                from_milliseconds(due_at),
                due_day,
                from_milliseconds(at),
                day,
                answers + 1,
                0,
            )
    if wrong:
        first = ", ".join(map(str, wrong[:_MOST_NAMED]))
        yield Finding(
            "results",
            f"{len(wrong)} answers led to something else than FSRS gives (entries {first} …); they are kept",
            Cure.NONE,
        )


def _scheduler(settings: bytes, engine: str) -> Scheduler | None:
    """The scheduler with stored settings; None where they cannot be read any more."""
    try:
        return Scheduler(SchedulerSettings.from_json(settings.decode()), engine)
    except ValueError:
        return None


def _clock(connection: sqlite3.Connection, now: datetime) -> Iterator[Finding]:
    slack = _CLOCK_SLACK // timedelta(milliseconds=1)
    rows = connection.execute(
        "SELECT entry.at, entry.before FROM (SELECT at, lag(at) OVER (ORDER BY sequence) AS before FROM log)"
        " AS entry WHERE entry.at < entry.before - ?",
        (slack,),
    )
    for at, before in islice(rows, _MOST_NAMED):
        yield Finding(
            "clock",
            f"the clock was set back from {from_milliseconds(before):%Y-%m-%d %H:%M} "
            f"to {from_milliseconds(at):%Y-%m-%d %H:%M} UTC",
            Cure.NONE,
        )
    (ahead,) = connection.execute(
        "SELECT count(*) FROM log WHERE at > ?", (to_milliseconds(now + timedelta(days=1)),)
    ).fetchone()
    if ahead:
        yield Finding("future", f"{ahead} entries of the log are dated in the future", Cure.NONE)
