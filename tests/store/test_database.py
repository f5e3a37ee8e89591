"""Recording, marking, undoing: what is on disk afterwards."""

import os
import sqlite3
import stat
from datetime import timedelta

import pytest

from studyapp.schedule.day import StudyDays
from studyapp.schedule.memory import Phase, Scheduler, SchedulerSettings
from studyapp.schedule.rating import Rating
from studyapp.store.errors import AnsweredElsewhere, Busy, DiskFull, NoBank, ReadOnly, Replaced
from studyapp.store.log import AnswerRecord, Kind, Mark, Mode


def test_an_answer_is_there_after_reopening_with_all_that_was_said_of_it(collection):
    store = collection.open()
    record = AnswerRecord(
        "c1", Rating.HARD, Mode.REVIEW, "misconception", 0.25, "sum-not-mean", 2**64 - 1, '{"y": [1, 0]}',
        "0.51 \udcff ∞", 2, 3, 4100,
    )  # fmt: skip
    recorded = store.record(record, None)
    store.close()
    reopened = collection.open()
    (entry,) = reopened.history("c1")
    assert reopened.state("c1") == recorded.state
    assert (entry.sequence, entry.kind, entry.at) == (1, Kind.ANSWER, collection.clock.now)
    assert (entry.result.stability, entry.result.due_at) == (recorded.state.stability, recorded.state.due_at)
    assert entry.answer.answer == "0.51 \\udcff ∞"
    for name in (
        "rating",
        "mode",
        "outcome",
        "score",
        "misconception",
        "seed",
        "drawn",
        "hints",
        "tries",
        "duration",
    ):
        assert getattr(entry.answer, name) == getattr(record, name)


def test_the_state_is_what_the_scheduler_previewed(collection):
    store = collection.open()
    for _ in range(4):
        state = store.state("c1")
        preview = store.scheduler.preview(state, store.clock(), store.days, "c1")
        assert collection.answer(store, "c1").state == preview[Rating.GOOD] == store.state("c1")
        collection.clock.move(days=5)


def test_an_answer_to_a_card_answered_elsewhere_is_refused_and_leaves_no_trace(collection):
    here, there = collection.open(), collection.open()
    shown = here.state("c1")
    collection.answer(there, "c1")
    before = collection.tables("log", "card_state")
    with pytest.raises(AnsweredElsewhere, match="c1"):
        here.record(AnswerRecord("c1", Rating.EASY), shown)
    assert collection.tables("log", "card_state") == before
    assert here.record(AnswerRecord("c1", Rating.EASY), here.state("c1")).sequence == 2


@pytest.mark.parametrize(
    ("pragma", "error"),
    [("max_page_count = 1", DiskFull), ("query_only = ON", ReadOnly)],
    ids=["full disk", "read-only"],
)
def test_a_failed_write_records_nothing_and_can_be_repeated(collection, pragma, error):
    store = collection.open()
    collection.learn(store, "c1")
    before = collection.tables("log", "card_state")
    store._writer.execute(f"PRAGMA {pragma}")
    record = AnswerRecord("c2", Rating.GOOD, answer="x" * 100_000)
    with pytest.raises(error, match=r"progress\.db"):
        store.record(record, None)
    assert collection.tables("log", "card_state") == before
    store._writer.execute("PRAGMA max_page_count = 1000000")
    store._writer.execute("PRAGMA query_only = OFF")
    assert store.record(record, None).sequence == 2
    assert store.check() == ()


def test_a_writer_that_does_not_let_go_is_named_and_the_answer_can_be_repeated(collection):
    store = collection.open()
    store._writer.execute("PRAGMA busy_timeout = 1")
    other = sqlite3.connect(collection.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy, match="in use"):
        collection.answer(store, "c1")
    other.execute("ROLLBACK")
    other.close()
    assert collection.answer(store, "c1").sequence == 1


def test_interrupting_an_answer_leaves_nothing_half_written(collection, monkeypatch):
    store = collection.open()

    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("studyapp.store.states.write_state", interrupted)
        with pytest.raises(KeyboardInterrupt):
            collection.answer(store, "c1")
    assert store.history("c1") == () and store.state("c1") is None
    assert collection.answer(store, "c1").sequence == 1


def test_cramming_is_logged_and_moves_nothing(collection):
    store = collection.open()
    collection.learn(store, "c1")
    before = store.state("c1")
    recorded = collection.answer(store, "c1", Rating.AGAIN, Mode.CRAM)
    assert recorded.state == before == store.state("c1")
    assert [entry.answer.mode for entry in store.history("c1")] == [Mode.REVIEW, Mode.CRAM]
    assert store.day_count().reviewed == 0
    assert store.check(thorough=True) == ()


def test_the_learner_is_told_of_a_leech_at_the_eighth_lapse(collection):
    store = collection.open(Scheduler(SchedulerSettings(relearning_steps=())))
    collection.learn(store, "c1")
    alarms = []
    for _ in range(12):
        collection.clock.move(days=40)
        alarms.append(collection.answer(store, "c1", Rating.AGAIN).alarm)
    assert [number for number, alarm in enumerate(alarms, start=1) if alarm] == [8, 12]
    assert [leech.card_id for leech in store.statistics().leeches()] == ["c1"]
    assert not store.marks("c1").suspended


def test_marks_are_kept_and_marking_twice_is_one_entry(collection):
    store = collection.open()
    assert store.mark("c1", Mark.FLAG) == 1
    assert store.mark("c1", Mark.FLAG) is None
    assert store.mark("c1", Mark.SUSPEND) == 2
    assert store.mark("c1", Mark.BURY) == 3
    assert store.mark("c1", Mark.UNSUSPEND) == 4
    marks = collection.open().marks("c1")
    assert (marks.flagged, marks.suspended, marks.buried_on(store.today)) == (True, False, True)
    collection.clock.move(days=1)
    assert not store.marks("c1").buried_on(store.today)
    assert store.mark("c1", Mark.UNBURY) is None


def test_a_reset_card_is_new_and_keeps_its_history(collection):
    store = collection.open()
    assert store.reset("c1") is None
    collection.learn(store, "c1")
    assert store.reset("c1") == 2
    assert store.state("c1") is None
    assert [entry.kind for entry in store.history("c1")] == [Kind.ANSWER, Kind.RESET]
    assert collection.answer(store, "c1").state.answers == 1
    assert store.check() == ()
    store.undo()
    store.undo()
    assert store.state("c1").phase is Phase.REVIEW


def test_undo_reaches_back_over_restarts_one_entry_a_step_newest_first(collection):
    store = collection.open()
    collection.answer(store, "c1")
    store.mark("c2", Mark.FLAG)
    collection.answer(store, "c1", Rating.EASY)
    store.close()
    store = collection.open()
    taken_back = []
    while (undone := store.undo()) is not None:
        taken_back.append(str(undone))
    assert taken_back == ["easy on c1", "flag on c2", "good on c1"]
    assert store.undoable() is None
    assert collection.tables("card_state", "card_mark") == {"card_state": [], "card_mark": []}
    assert len(collection.tables("log")["log"]) == 6


def test_after_an_undo_the_history_says_so_and_new_answers_can_be_undone(collection):
    store = collection.open()
    collection.answer(store, "c1", Rating.AGAIN)
    store.undo()
    collection.answer(store, "c1", Rating.GOOD)
    assert [(entry.kind, entry.undone) for entry in store.history("c1")] == [
        (Kind.ANSWER, True),
        (Kind.UNDO, False),
        (Kind.ANSWER, False),
    ]
    assert str(store.undo()) == "good on c1"
    assert store.undo() is None


@pytest.mark.parametrize("statement", ["UPDATE log SET rating = 4", "DELETE FROM log", "DELETE FROM scheduler"])
def test_the_log_cannot_be_changed(collection, statement):
    store = collection.open()
    collection.answer(store, "c1")
    with pytest.raises(sqlite3.IntegrityError):
        collection.execute(statement)
    assert store.check() == ()


def test_each_choice_of_settings_is_kept_with_the_answers_it_scheduled(collection):
    store = collection.open()
    for retention in (0.9, 0.8, 0.9):
        store.scheduler = Scheduler(SchedulerSettings(retention=retention))
        collection.answer(store, "c1")
        collection.clock.move(days=3)
    assert [entry.scheduler_id for entry in store.history("c1")] == [1, 2, 1]
    assert store.check(thorough=True) == ()


def test_the_log_remembers_the_place_where_an_answer_was_given(collection):
    from datetime import timezone

    store = collection.open()
    store.days = StudyDays(timezone(timedelta(hours=-8)))
    collection.answer(store, "c1")
    store.days = StudyDays(timezone(timedelta(hours=14)))
    collection.answer(store, "c1")
    first, second = store.history("c1")
    assert (first.utc_offset, second.utc_offset) == (-480, 840)
    assert second.day == first.day + (first.at.hour + 14 - 4 >= 24)
    assert store.check(thorough=True) == ()


def test_data_belongs_to_its_owner_alone(collection):
    store = collection.open()
    collection.answer(store, "c1")
    store.daily_backup()
    for path in [collection.home, *collection.home.rglob("*")]:
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected, path


@pytest.mark.parametrize("how", ["deleted", "replaced"])
def test_when_the_file_goes_away_under_it_the_answers_are_saved_and_the_learner_told(collection, how):
    store = collection.open()
    collection.learn(store, "c1")
    collection.path.unlink()
    if how == "replaced":
        collection.path.write_bytes(b"something else")
    with pytest.raises(Replaced, match="rescued"):
        collection.answer(store, "c2")
    (copy,) = (collection.home / "backups").iterdir()
    rescued = sqlite3.connect(copy)
    assert rescued.execute("SELECT card_id FROM log JOIN card USING (card_number)").fetchall() == [("c1",)]
    rescued.close()


def test_without_the_bank_answers_are_still_recorded(collection):
    store = collection.open()
    assert store.queue().counts.new == 8
    os.unlink(collection.cache)
    with pytest.raises(NoBank):
        store.queue()
    collection.answer(store, "c1")
    collection.cache.write_bytes(b"no database" * 1000)
    with pytest.raises(NoBank, match="made anew"):
        store.overview()
    assert collection.answer(store, "c2").sequence == 2
    collection.bank({"basics": ["c3"]})
    assert store.queue().counts.new == 1


@pytest.mark.parametrize(
    "wrong", [{"score": float("nan")}, {"score": 1.5}, {"hints": -1}, {"tries": -1}, {"card_id": ""}]
)
def test_records_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError):
        AnswerRecord(**{"card_id": "c1", "rating": Rating.GOOD, **wrong})


def test_a_duration_measured_over_a_clock_set_back_counts_as_nothing(collection):
    store = collection.open()
    store.record(AnswerRecord("c1", Rating.GOOD, duration=-5000), None)
    assert store.history("c1")[0].answer.duration == 0
