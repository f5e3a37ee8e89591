"""Files of schema 1: brought up to date whole, with the same figures, whenever it is interrupted."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from studyapp.clock import to_milliseconds
from studyapp.store import backup, migrations
from studyapp.store.errors import StoreError
from studyapp.store.log import Kind
from tests.store import schema_1


@pytest.fixture
def old(collection):
    """Writes a file of schema 1 into the collection."""

    def write(entries, seed=0):
        collection.home.mkdir(exist_ok=True)
        history = schema_1.write(collection.path, entries, seed)
        collection.clock.now = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=history.now)
        collection.bank({"old": history.cards})
        return history

    return write


OLD_RETENTION = """
    SELECT count(*) FILTER (WHERE interval_before < 21 AND rating > 1), count(*) FILTER (WHERE interval_before < 21),
        count(*) FILTER (WHERE interval_before >= 21 AND rating > 1), count(*) FILTER (WHERE interval_before >= 21)
    FROM log AS entry WHERE rating IS NOT NULL AND phase_before = 2 AND days_before >= 1
        AND NOT EXISTS (SELECT 1 FROM log AS later WHERE later.undoes = entry.sequence)
"""
OLD_CALENDAR = """
    SELECT day, count(*) FROM log AS entry WHERE rating IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM log AS later WHERE later.undoes = entry.sequence)
    GROUP BY day ORDER BY day
"""


def old_figures(path):
    with closing(sqlite3.connect(path)) as connection:
        return {
            "entries": connection.execute("SELECT count(*) FROM log").fetchone()[0],
            "retention": connection.execute(OLD_RETENTION).fetchone(),
            "calendar": connection.execute(OLD_CALENDAR).fetchall(),
        }


def new_figures(store, path):
    figures = store.statistics()
    retention = figures.retention(0, 10**6)
    with closing(sqlite3.connect(path)) as connection:
        return {
            "entries": connection.execute("SELECT count(*) FROM log").fetchone()[0],
            "retention": (
                retention.young.passed, retention.young.total, retention.mature.passed, retention.mature.total
            ),
            "calendar": [(total.day, total.answers) for total in figures.calendar(0, 10**6)],
        }  # fmt: skip


@pytest.mark.parametrize(("entries", "seed"), [(1, 0), (2, 1), (30, 2), (700, 3), (4000, 4)])
def test_states_marks_figures_and_undo_are_as_they_were(collection, old, entries, seed):
    history = old(entries, seed)
    before = old_figures(collection.path)
    store = collection.open()
    assert new_figures(store, collection.path) == before
    for card in history.cards:
        state, wanted = store.state(card), history.states.get(card)
        if wanted is None:
            assert state is None
            continue
        found = (state.phase, state.step, to_milliseconds(state.due_at), state.due_day, to_milliseconds(state.last_at))
        assert found == tuple(wanted[name] for name in ("phase", "step", "due_at", "due_day", "last_at"))
        assert (state.answers, state.lapses) == (wanted["answers"], wanted["lapses"])
        assert (state.stability, state.difficulty) == pytest.approx(
            (wanted["stability"], wanted["difficulty"]), rel=1e-9
        )
        marks = store.marks(card)
        assert (marks.suspended, marks.flagged, marks.buried_day) == (history.marks.get(card) or (0, 0, None))
    assert {finding.code for finding in store.check(thorough=True)} == set()
    for sequence, card, state, _ in reversed(history.past[-40:]):
        undone = store.undo()
        assert (undone.entry.number, undone.card_id) == (sequence, card)
        if undone.entry.kind in (Kind.ANSWER, Kind.RESET):
            assert (undone.state is None) == (state is None)
            assert state is None or undone.state.due_day == state["due_day"]
    assert store.check(thorough=True) == ()


def test_a_copy_is_kept_and_new_answers_go_on_from_there(collection, old):
    history = old(60)
    figures = old_figures(collection.path)
    store = collection.open()
    (copy,) = backup.backups(collection.home)
    assert "before-update-from-1" in copy.path.name and old_figures(copy.path) == figures
    collection.answer(store, history.cards[0])
    assert store.history(history.cards[0])[-1].number == 61
    assert store.check(thorough=True) == ()


class Interrupted(Exception):
    pass


def test_interrupted_at_any_statement_the_old_file_stays_and_the_next_start_succeeds(collection, old, monkeypatch):
    old(40)
    figures = old_figures(collection.path)
    kept = collection.home.parent / "kept"
    shutil.copytree(collection.home, kept)
    steps = migrations.STEPS

    def stopped(_connection):
        raise Interrupted

    for number, place in ((number, place) for number, step in steps.items() for place in range(len(step) + 1)):
        shutil.rmtree(collection.home)
        shutil.copytree(kept, collection.home)
        with monkeypatch.context() as patch:
            interrupted = (*steps[number][:place], stopped, *steps[number][place:])
            patch.setattr(migrations, "STEPS", {**steps, number: interrupted})
            with pytest.raises(Interrupted):
                collection.open()
        assert old_figures(collection.path) == figures, f"before statement {place} of step {number}"
        with closing(sqlite3.connect(collection.path)) as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        store = collection.open()
        assert new_figures(store, collection.path) == figures
        collection.close()


def test_a_full_disk_during_the_migration_leaves_the_old_file(collection, old, monkeypatch):
    old(300)
    figures = old_figures(collection.path)
    upgrade = migrations.upgrade

    def without_room(connection, version):
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 3}")
        upgrade(connection, version)

    with monkeypatch.context() as patch:
        patch.setattr(migrations, "upgrade", without_room)
        with pytest.raises(StoreError, match="full"):
            collection.open()
    assert old_figures(collection.path) == figures
    assert new_figures(collection.open(), collection.path) == figures


@pytest.mark.parametrize(
    "columns",
    ["mode = 'xyz'", "mode = NULL", "score = 77", "seed = 'abc'", "seed = '" + "9" * 6000 + "'", "tries = NULL",
     "hints = -3", "duration = -1", "seed = ''"],
)  # fmt: skip
def test_what_no_answer_can_have_is_left_out_and_the_answer_stays(collection, old, columns):
    history = old(50)
    with closing(sqlite3.connect(collection.path)) as connection, connection:
        trigger = "SELECT sql FROM sqlite_master WHERE name = 'log_is_never_changed'"
        (guard,) = connection.execute(trigger).fetchone()
        connection.execute("DROP TRIGGER log_is_never_changed")
        connection.execute(f"UPDATE log SET {columns} WHERE kind = 'answer' AND phase IS NOT NULL")
        connection.execute(guard)
    store = collection.open()
    assert store.check(thorough=True) == ()
    for card in history.cards:
        assert (store.state(card) is None) == (history.states.get(card) is None)
        assert all(entry.answer.rating for entry in store.history(card) if entry.kind is Kind.ANSWER)
    while store.undo() is not None:
        pass
