"""The doctor: says what is wrong and what helps, and changes nothing by looking."""

import sqlite3
from contextlib import closing

import pytest

from studyapp.store import doctor
from studyapp.store.checks import Cure


@pytest.fixture
def studied(collection):
    store = collection.open()
    for number in range(3):
        collection.learn(store, f"c{number}")
        collection.clock.move(days=10)
        collection.answer(store, f"c{number}")
    store.undo()
    collection.close()
    return collection


def codes(collection, thorough=True):
    return {
        finding.code: finding.cure for finding in doctor.examine(collection.home, collection.clock(), thorough=thorough)
    }


def test_sound_data_gives_no_findings_and_stays_as_it_is(studied):
    before = studied.path.read_bytes()
    assert codes(studied) == {}
    assert studied.path.read_bytes() == before


def test_no_data_is_said_and_not_made(collection):
    assert set(codes(collection)) == {"no-data"}
    assert not collection.home.exists()
    collection.home.mkdir()
    collection.path.touch()
    assert set(codes(collection)) == {"no-data"}


NEXT = "(SELECT max(number) + 1 FROM log)"


def logged(number, values, columns=""):
    """A statement that writes an entry of this device to the log."""
    return (
        f"INSERT INTO log (device_id, number, kind, card_number, at, ordered_at, utc_offset, day{columns})"
        f" VALUES (1, {number}, {values})"
    )


CHANGED_ROWS = [
    "mode = 'xyz'", "mode = NULL", "score = 77", "score = -1", "seed = 'abc'", "seed = '-'", "tries = NULL",
    "hints = -1",
    "seed = '" + "9" * 6000 + "'", "rating = 9", "kind = 'unknown'", "number = -4", "card_number = 77", "device_id = 5",
    "scheduler_id = 12", "duration = -1", "undoes_device = 1", "day = 9999999", "at = 900000000000000",
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGED_ROWS)
def test_rows_that_undo_and_history_could_not_read_are_not_called_sound(studied, change):
    with closing(sqlite3.connect(studied.path)) as connection, connection:
        (guard,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'log_is_never_changed'").fetchone()
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("DROP TRIGGER log_is_never_changed")
        connection.execute(f"UPDATE log SET {change} WHERE sequence = 2")
        connection.execute(guard)
    assert Cure.RESTORE in codes(studied).values()


@pytest.mark.parametrize(
    ("statements", "code", "cure"),
    [
        (["UPDATE card_state SET due_day = 1 WHERE card_number = 1"], "states", Cure.REBUILD),
        (["DELETE FROM card_state WHERE card_number = 1"], "states", Cure.REBUILD),
        (["INSERT INTO card_state SELECT 9, 2, NULL, 1, 1, NULL, 1, 1, 1, 1, 1"], "states", Cure.REBUILD),
        (["INSERT INTO card_mark VALUES (1, 1, 0, NULL)"], "states", Cure.REBUILD),
        (["PRAGMA ignore_check_constraints = ON", "UPDATE card_state SET stability = -5"], "rows", Cure.REBUILD),
        (["PRAGMA ignore_check_constraints = ON", "UPDATE card_state SET stability = 9e999"], "rows", Cure.REBUILD),
        (["PRAGMA ignore_check_constraints = ON", "UPDATE card_state SET phase = 17"], "rows", Cure.REBUILD),
        (["UPDATE card_state SET last_at = 900000000000000"], "states", Cure.REBUILD),
        (["DROP TRIGGER log_is_never_changed"], "layout", Cure.RESTORE),
        (["DROP INDEX result_by_day"], "layout", Cure.RESTORE),
        (["CREATE TABLE mine (a)"], "layout", Cure.RESTORE),
        ([logged(99, "'flag', 1, 1, 1, 0, 1")], "log-gap", Cure.NONE),
        ([logged(NEXT, "'undo', 1, 1, 1, 0, 1, 1, 77", ", undoes_device, undoes_number")], "undo", Cure.RESTORE),
        ([logged(NEXT, "'undo', 2, 1, 1, 0, 1, 1, 1", ", undoes_device, undoes_number")], "undo", Cure.RESTORE),
        ([logged(NEXT, "'undo', 3, 1, 1, 0, 1, 1, 7", ", undoes_device, undoes_number")], "undo", Cure.RESTORE),
        ([logged(NEXT, "'flag', 1, 1, 1, 0, 1")], "clock", Cure.NONE),
        ([logged(NEXT, "'flag', 1, 1, 1, 0, 1")], "states", Cure.REBUILD),
        ([logged(NEXT, "'flag', 1, 99999999999999, 99999999999999, 0, 1")], "future", Cure.NONE),
        (["PRAGMA foreign_keys = OFF", logged(NEXT, "'flag', 55, 1, 1, 0, 1")], "foreign-row", Cure.RESTORE),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_cure(studied, statements, code, cure):
    studied.execute(*statements)
    assert codes(studied).get(code) == cure


def test_results_that_the_log_does_not_give_are_pointed_out_only_when_looking_thoroughly(studied):
    studied.execute("UPDATE result SET stability = stability + 1 WHERE sequence = 1")
    assert codes(studied, thorough=True)["results"] is Cure.REBUILD
    assert "results" not in codes(studied, thorough=False)


def test_the_trouble_of_a_file_hides_what_would_follow_from_it(studied):
    studied.execute("UPDATE card_state SET due_day = 1 WHERE due_day IS NOT NULL", "DROP INDEX result_by_day")
    assert set(codes(studied)) == {"layout"}


def test_rebuilding_tells_how_far_it_is_and_changes_nothing_when_stopped(collection):
    store = collection.open()
    for number in range(3):
        collection.answer(store, f"c{number}")
    store.close()
    collection.execute("UPDATE card_state SET stability = 999")
    before = collection.tables("card_state", "card_mark")

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        doctor.rebuild(collection.home, collection.clock(), collection.days, stop)
    assert collection.tables("card_state", "card_mark") == before
    seen = []
    doctor.rebuild(collection.home, collection.clock(), collection.days, lambda done, total: seen.append((done, total)))
    assert seen == [(0, 3)]
    assert collection.tables("card_state") != before
