"""Whatever happens in whatever order: the log leads to the stored states, and undoing gives every table back."""

import shutil
import tempfile
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from studyapp.schedule.day import StudyDays
from studyapp.schedule.memory import Scheduler, SchedulerSettings
from studyapp.schedule.rating import Rating
from studyapp.store.log import Mark, Mode

cards = st.sampled_from(["a", "b"])
modes = st.sampled_from([mode for mode in Mode if mode is not Mode.IMPORT])


class StoreMachine(RuleBasedStateMachine):
    """Answers, marks, resets, undoes, restarts, travels and sets the clock and the settings."""

    collection_type: type
    place: Path

    @initialize()
    def begin(self):
        self.folder = Path(tempfile.mkdtemp(dir=self.place))
        self.collection = self.collection_type(self.folder)
        self.store = self.collection.open()
        self.past = []

    def teardown(self):
        if not hasattr(self, "store"):
            return
        while self.past:
            self.undo()
        assert self.store.undo() is None
        self.collection.close()
        shutil.rmtree(self.folder)

    def tables(self):
        return self.collection.tables("card_state", "card_mark")

    @rule(
        card=cards,
        rating=st.sampled_from(Rating),
        mode=modes,
    )
    def answer(self, card, rating, mode):
        self.past.append(self.tables())
        self.collection.answer(self.store, card, rating, mode)

    @rule(card=cards, mark=st.sampled_from(Mark))
    def mark(self, card, mark):
        before = self.tables()
        if self.store.mark(card, mark) is not None:
            self.past.append(before)

    @rule(card=cards)
    def reset(self, card):
        before = self.tables()
        if self.store.reset(card) is not None:
            self.past.append(before)

    @rule()
    def undo(self):
        undone = self.store.undo()
        if not self.past:
            assert undone is None
        else:
            assert self.tables() == self.past.pop()

    @rule(by=st.timedeltas(timedelta(days=-40), timedelta(days=90)))
    def set_clock(self, by):
        self.collection.clock.now += by

    @rule(hours=st.integers(-12, 14))
    def travel(self, hours):
        self.collection.days = self.store.days = StudyDays(timezone(timedelta(hours=hours)))

    @rule(retention=st.sampled_from([0.8, 0.9]), steps=st.sampled_from([(), (60.0,), (60.0, 600.0, 3600.0)]))
    def choose_settings(self, retention, steps):
        self.store.scheduler = Scheduler(
            SchedulerSettings(retention=retention, learning_steps=steps, relearning_steps=steps)
        )

    @rule()
    def restart(self):
        self.collection.close()
        self.store = self.collection.open()

    @invariant()
    def the_log_leads_to_what_is_stored(self):
        if hasattr(self, "store"):
            told = {finding.code for finding in self.store.check(thorough=True)}
            assert told <= {"clock", "future"}, told


@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
def test_any_run_of_operations(collection, folder):
    StoreMachine.place = folder
    StoreMachine.collection_type = type(collection)
    run = settings(max_examples=20, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
    machine = StoreMachine.TestCase
    machine.settings = run
    machine("runTest").runTest()


def test_rebuilding_gives_back_what_was_spoilt(collection):
    store = collection.open()
    for number in range(6):
        collection.learn(store, f"c{number}")
    store.mark("c1", Mark.FLAG)
    collection.clock.move(days=20)
    collection.answer(store, "c3", Rating.AGAIN)
    collection.answer(store, "c2", Rating.AGAIN)
    store.undo()
    assert store.state("c3").lapses == 1
    assert store.check() == ()
    sound = collection.tables("card_state", "card_mark")
    collection.execute(
        "UPDATE card_state SET stability = 1 WHERE card_number = (SELECT card_number FROM card WHERE card_id = 'c1')",
        "DELETE FROM card_state WHERE card_number = (SELECT card_number FROM card WHERE card_id = 'c2')",
        "INSERT INTO card_mark VALUES ((SELECT card_number FROM card WHERE card_id = 'c5'), 1, 0, NULL)",
    )
    (finding,) = store.check()
    assert (finding.code, finding.cure) == ("states", "rebuild")
    rebuilt = store.rebuild()
    assert rebuilt.cards == 3 and rebuilt.backup.path.exists()
    assert collection.tables("card_state", "card_mark") == sound
    assert store.check() == ()
