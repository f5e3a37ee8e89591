"""The doctor: says what is wrong and what helps, and changes nothing by looking."""

import pytest

from studyapp.store import doctor
from studyapp.store.doctor import Cure


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


WITHOUT_GUARDS = ("DROP TRIGGER log_is_never_changed", "DROP TRIGGER log_is_never_shortened")


@pytest.mark.parametrize(
    ("statements", "code", "cure"),
    [
        (["UPDATE card_state SET due_day = 1 WHERE card_id = 'c1'"], "states", Cure.REBUILD),
        (["DELETE FROM card_state WHERE card_id = 'c1'"], "states", Cure.REBUILD),
        (["INSERT INTO card_state SELECT 'ghost', 2, NULL, 1, 1, 1, 1, 1, 1, 1, 1"], "states", Cure.REBUILD),
        (["INSERT INTO card_mark VALUES ('c1', 1, 0, NULL)"], "states", Cure.REBUILD),
        (["DROP TRIGGER log_is_never_changed"], "layout", Cure.RESTORE),
        (["DROP INDEX log_by_day"], "layout", Cure.RESTORE),
        (["CREATE TABLE mine (a)"], "layout", Cure.RESTORE),
        (["INSERT INTO log (sequence, kind, card_id, at, utc_offset, day) VALUES (99, 'flag', 'c7', 1, 0, 1)"],
         "log-gap", Cure.RESTORE),
        (["INSERT INTO log (kind, card_id, at, utc_offset, day, undoes) VALUES ('undo', 'c2', 1, 0, 1, 7)"],
         "undo", Cure.RESTORE),
        (["INSERT INTO log (kind, card_id, at, utc_offset, day) VALUES ('flag', 'c7', 1, 0, 1)"],
         "clock", Cure.NONE),
        (["INSERT INTO log (kind, card_id, at, utc_offset, day) VALUES ('flag', 'c7', 1, 0, 1)"],
         "states", Cure.REBUILD),
        (["INSERT INTO log (kind, card_id, at, utc_offset, day) VALUES ('flag', 'c7', 99999999999999, 0, 1)"],
         "future", Cure.NONE),
        (["PRAGMA foreign_keys = OFF",
          "INSERT INTO log (kind, card_id, at, utc_offset, day, mode, rating, scheduler_id)"
          " VALUES ('answer', 'c7', 1, 0, 1, 'cram', 3, 55)"], "foreign-row", Cure.RESTORE),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_cure(studied, statements, code, cure):
    studied.execute(*statements)
    assert codes(studied).get(code) == cure


def test_results_that_fsrs_does_not_give_are_pointed_out_only_when_looking_thoroughly(studied):
    studied.open()
    studied.close()
    (trigger,) = (row for row in studied.tables("sqlite_master")["sqlite_master"] if row[1] == "log_is_never_changed")
    studied.execute(WITHOUT_GUARDS[0], "UPDATE log SET stability = stability + 1 WHERE sequence = 1", trigger[4])
    assert codes(studied, thorough=True)["results"] is Cure.NONE
    assert "results" not in codes(studied, thorough=False)


def test_the_trouble_of_a_file_hides_what_would_follow_from_it(studied):
    studied.execute("UPDATE card_state SET due_day = 1", "DROP INDEX log_by_day")
    assert set(codes(studied)) == {"layout"}


def test_rebuilding_tells_how_far_it_is_and_changes_nothing_when_stopped(collection):
    store = collection.open()
    for number in range(3):
        collection.answer(store, f"c{number}")
    store.close()
    collection.execute("UPDATE card_state SET stability = 999")
    before = collection.tables("card_state", "card_mark")

    def stop(done, total):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        doctor.rebuild(collection.home, collection.clock(), collection.days, stop)
    assert collection.tables("card_state", "card_mark") == before
    seen = []
    doctor.rebuild(collection.home, collection.clock(), collection.days, lambda done, total: seen.append((done, total)))
    assert seen == [(0, 3), (1, 3), (2, 3)]
    assert collection.tables("card_state") != before
