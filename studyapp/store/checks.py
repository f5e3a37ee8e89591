"""What is wrong in a database: each check compares what is stored with what must hold of it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice

from msgspec import Struct

from studyapp.clock import EARLIEST, LATEST, from_milliseconds, to_milliseconds
from studyapp.locale.message import Message
from studyapp.schedule.day import LAST_DAY
from studyapp.store import migrations
from studyapp.store.log import Kind, Mode
from studyapp.store.rebuild import Followed, differing, follow_all
from studyapp.store.states import RESULT

_FOREIGN = Message("row {row} of {table} refers to a missing row of {parent}")
_IMPOSSIBLE_ROWS = Message("{count} rows of {table} hold what cannot be")
_TWICE = Message("{count} settings of the scheduler are there twice")
_MISSING = Message("{name} is missing in the database")
_UNKNOWN = Message("{name} is unknown in the database")
_CHANGED = Message("{name} is changed in the database")
_GAP = Message("{count} entries are missing from the log")
_NOT_ARRIVED = Message("{count} entries of {device} have not arrived")
_ANOTHER_DEVICE = Message("another device")
_STRANGE_UNDO = Message("{count} entries of the log undo something that cannot be")
_STATES_DIFFER = Message("{count} cards are not as the log says: {cards}")
_RESULTS_DIFFER = Message("{count} results of answers are not as the log says")
_CLOCK = Message("the clock was set back from {before} to {after} UTC")
_FUTURE = Message("{count} entries of the log are dated in the future")

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


def check(connection: sqlite3.Connection, now: datetime, *, thorough: bool = False) -> Iterator[Finding]:
    """What is wrong in an open database, the worst first; what rests on something broken is not looked at."""
    worst = [*_file(connection), *_layout(connection)]
    if not any(finding.code == "layout" for finding in worst):
        worst += _rows(connection)
    yield from worst
    if worst:
        return
    yield from _log(connection)
    followed = follow_all(connection)
    yield from _states(connection, followed)
    if thorough:
        yield from _results(connection, followed)
    yield from _clock(connection, now)


def _file(connection: sqlite3.Connection) -> Iterator[Finding]:
    rows = connection.execute(f"PRAGMA integrity_check({_MOST_COMPLAINTS})").fetchall()
    complaints = [str(row[0]) for row in rows if row[0] != "ok"]
    only_indexes = all("index" in complaint for complaint in complaints)
    for complaint in complaints:
        yield Finding("integrity", complaint, Cure.REBUILD if only_indexes else Cure.RESTORE)
    for table, row_id, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield Finding("foreign-row", _FOREIGN(row=row_id, table=table, parent=parent), Cure.RESTORE)


_KINDS = ", ".join(f"'{kind}'" for kind in Kind)
_MODES = ", ".join(f"'{mode}'" for mode in Mode)
_ROWS = {
    "log": f"""
        kind NOT IN ({_KINDS}) OR number < 1
        OR device_id NOT IN (SELECT device_id FROM device) OR card_number NOT IN (SELECT card_number FROM card)
        OR (kind = 'undo') <> (undoes_device IS NOT NULL) OR (undoes_device IS NULL) <> (undoes_number IS NULL)
        OR (kind = 'answer') <> (rating IS NOT NULL) OR rating NOT BETWEEN 1 AND 4
        OR (kind = 'answer') <> (mode IS NOT NULL AND hints IS NOT NULL AND tries IS NOT NULL)
        OR mode NOT IN ({_MODES}) OR score NOT BETWEEN 0 AND 1 OR hints < 0 OR tries < 0 OR duration < 0
        OR length(seed) NOT BETWEEN 1 AND 40 OR ltrim(seed, '-') GLOB '*[^0-9]*' OR ltrim(seed, '-') = ''
        OR (scheduler_id IS NOT NULL AND (
            mode NOT IN ('review', 'ahead', 'import') OR scheduler_id NOT IN (SELECT scheduler_id FROM scheduler)
        ))
        OR at NOT BETWEEN {EARLIEST} AND {LATEST} OR day NOT BETWEEN 1 AND {LAST_DAY}
        OR typeof(at) <> 'integer' OR typeof(day) <> 'integer' OR typeof(ordered_at) <> 'integer'
    """,
    "card": "card_id = '' OR typeof(card_id) <> 'text'",
    "card_state": """
        phase NOT IN (1, 2, 3) OR (phase = 2) <> (due_day IS NOT NULL) OR (phase = 2) <> (due_at IS NULL)
        OR NOT stability BETWEEN 0.0001 AND 1e13 OR NOT difficulty BETWEEN 1 AND 10
    """,
}


def _rows(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Rows that the schema forbids, found without the indexes. SQLite's own check, on a connection that only
    reads, passes over some of them."""
    for table, wrong in _ROWS.items():
        (count,) = connection.execute(f"SELECT count(*) FROM {table} NOT INDEXED WHERE {wrong}").fetchone()
        if count:
            cure = Cure.REBUILD if table == "card_state" else Cure.RESTORE
            yield Finding("rows", _IMPOSSIBLE_ROWS(count=count, table=table), cure)
    (twice,) = connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM scheduler NOT INDEXED GROUP BY settings || engine HAVING count(*) > 1)"
    ).fetchone()
    if twice:
        yield Finding("rows", _TWICE(count=twice), Cure.RESTORE)


def _layout(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Tables, indexes and triggers that are missing or not ours."""
    with closing(sqlite3.connect(":memory:")) as fresh:
        migrations.upgrade(fresh, 0)
        wanted = dict(fresh.execute(_LAYOUT).fetchall())
    present = dict(connection.execute(_LAYOUT).fetchall())
    for name in sorted(wanted.keys() | present.keys()):
        if wanted.get(name) != present.get(name):
            told = _MISSING if name not in present else _UNKNOWN if name not in wanted else _CHANGED
            yield Finding("layout", told(name=name), Cure.RESTORE)


_LAYOUT = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_stat%'"


def _log(connection: sqlite3.Connection) -> Iterator[Finding]:
    own = connection.execute("SELECT device_id FROM home").fetchone()
    shares = connection.execute("SELECT 1 FROM shared_segment LIMIT 1").fetchone() is not None

    def is_ours(device_id: int) -> bool:
        """Whether a fault must have come about here: of other devices not all may have arrived, or be honest."""
        return not shares or own is None or device_id == own[0]

    for device_id, count, last in connection.execute("SELECT device_id, count(*), max(number) FROM log GROUP BY 1"):
        if count != last and is_ours(device_id):
            yield Finding("log-gap", _GAP(count=last - count), Cure.RESTORE)
        elif count != last:
            (label,) = connection.execute("SELECT label FROM device WHERE device_id = ?", (device_id,)).fetchone()
            told = _NOT_ARRIVED(count=last - count, device=label or _ANOTHER_DEVICE)
            yield Finding("not-arrived", told, Cure.NONE)
    wrong: Counter[bool] = Counter()
    for query in (_STRANGE_UNDOS, _UNDOS_OF_NOTHING):
        for device_id, count in connection.execute(query):
            wrong[is_ours(device_id)] += count
    for ours, count in wrong.items():
        yield Finding(
            "undo" if ours else "undo-elsewhere",
            _STRANGE_UNDO(count=count),
            Cure.RESTORE if ours else Cure.NONE,
        )


_STRANGE_UNDOS = """
    SELECT entry.device_id, count(*) FROM log AS entry JOIN log AS target
    ON (target.device_id, target.number) = (entry.undoes_device, entry.undoes_number)
    WHERE target.kind = 'undo' OR target.card_number <> entry.card_number GROUP BY 1
"""
_UNDOS_OF_NOTHING = """
    SELECT entry.device_id, count(*) FROM log AS entry
    WHERE entry.undoes_number > coalesce((SELECT max(number) FROM log WHERE device_id = entry.undoes_device), 0)
        AND entry.undoes_device IN (SELECT device_id FROM log)
    GROUP BY 1
"""


def _states(connection: sqlite3.Connection, followed: Followed) -> Iterator[Finding]:
    numbers = differing(connection, followed)
    if numbers:
        names = dict(connection.execute("SELECT card_number, card_id FROM card"))
        wrong = sorted(names.get(number, f"card {number}") for number in numbers)
        named = ", ".join(wrong[:_MOST_NAMED]) + (" …" if len(wrong) > _MOST_NAMED else "")
        yield Finding("states", _STATES_DIFFER(count=len(wrong), cards=named), Cure.REBUILD)


def _results(connection: sqlite3.Connection, followed: Followed) -> Iterator[Finding]:
    """Answers whose stored result is not what the log leads to."""
    stored = connection.execute(f"SELECT {', '.join(RESULT)} FROM result NOT INDEXED ORDER BY sequence").fetchall()
    wanted = list(followed.result_rows())
    if stored != wanted:
        count = len(set(stored) ^ set(wanted))
        yield Finding("results", _RESULTS_DIFFER(count=count), Cure.REBUILD)


_SET_BACK = """
    SELECT at, before FROM (SELECT at, lag(at) OVER (PARTITION BY device_id ORDER BY number) AS before FROM log
        WHERE mode IS NOT 'import')
    WHERE at < before - ?
"""


def _clock(connection: sqlite3.Connection, now: datetime) -> Iterator[Finding]:
    rows = connection.execute(_SET_BACK, (_CLOCK_SLACK // timedelta(milliseconds=1),))
    for at, before in islice(rows, _MOST_NAMED):
        yield Finding(
            "clock",
            _CLOCK(
                before=f"{from_milliseconds(before):%Y-%m-%d %H:%M}", after=f"{from_milliseconds(at):%Y-%m-%d %H:%M}"
            ),
            Cure.NONE,
        )
    (ahead,) = connection.execute(
        "SELECT count(*) FROM log WHERE at > ?", (to_milliseconds(now + timedelta(days=1)),)
    ).fetchone()
    if ahead:
        yield Finding("future", _FUTURE(count=ahead), Cure.NONE)
