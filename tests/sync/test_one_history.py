"""Whatever two to four devices do, whenever their synchronisations break off, and however late the store shows what
was written: once all have synchronised twice, they hold the same, and nothing that was on disk is missing."""

import shutil
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from studyapp.schedule.memory import Scheduler, SchedulerSettings
from studyapp.schedule.rating import Rating
from studyapp.store.log import Mark, Mode
from studyapp.sync.place import PlaceError
from tests.sync.conftest import FlakyPlace, Machine

cards = st.sampled_from("abc")
places = st.integers(0, 3)


class Devices(RuleBasedStateMachine):
    """Answers, undos, marks, resets, choices, clocks that jump, synchronisations that stop, backups put back."""

    folder: Path

    @initialize(hours=st.lists(st.integers(-12, 12), min_size=2, max_size=4), lag=st.randoms(use_true_random=False))
    def begin(self, hours, lag):
        self.root = Path(tempfile.mkdtemp(dir=self.folder))
        self.machines = [Machine(self.root / str(number), one) for number, one in enumerate(hours)]
        self.place = FlakyPlace()
        self.chance = lag
        self.place.lag = lambda: lag.choice(["shown", "late", "pieces"])
        self.acknowledged = 0
        self.saved = None
        self.went_back = set()

    def one(self, place):
        return self.machines[place % len(self.machines)]

    @rule(place=places, card=cards, rating=st.sampled_from(Rating), mode=st.sampled_from(["review", "ahead", "cram"]))
    def answer(self, place, card, rating, mode):
        self.one(place).answer(card, rating, Mode(mode), seed=rating * 7, drawn="{}", duration=1000)
        self.acknowledged += 1

    @rule(place=places)
    def undo(self, place):
        self.acknowledged += self.one(place).open().undo() is not None

    @rule(place=places, card=cards, mark=st.sampled_from(Mark))
    def mark(self, place, card, mark):
        self.acknowledged += self.one(place).open().mark(card, mark) is not None

    @rule(place=places, card=cards)
    def reset(self, place, card):
        self.acknowledged += self.one(place).open().reset(card) is not None

    @rule(place=places, deck=st.sampled_from("xy"), field=st.sampled_from(["new_per_day", "reviews_per_day"]),
          value=st.sampled_from([None, 1, 2]))  # fmt: skip
    def choose(self, place, deck, field, value):
        self.one(place).choose(deck, **{field: value})

    @rule(place=places, retention=st.sampled_from([0.8, 0.95]))
    def choose_settings(self, place, retention):
        self.one(place).open().scheduler = Scheduler(SchedulerSettings(retention=retention))

    @rule(place=places, by=st.timedeltas(timedelta(days=-30), timedelta(days=60)))
    def set_clock(self, place, by):
        self.one(place).clock.now += by

    @rule(place=places, stop=st.one_of(st.none(), st.integers(1, 25)))
    def sync(self, place, stop):
        self.place.stop_at, self.place.calls = stop, 0
        with suppress(PlaceError):
            self.one(place).sync(self.place)

    @rule(place=places)
    def keep_a_copy(self, place):
        one = self.one(place)
        if one in self.went_back:  # a copy made before that would bring what it holds a second time
            self.place.settle()
            one.sync(self.place)
            self.went_back.remove(one)
        one.open()
        one.close()
        self.saved = (one, one.path.read_bytes(), one.open().device.uuid)

    @rule()
    def put_the_copy_back(self):
        """What the home had sent before comes back from the store; what it had not is gone by the user's doing."""
        if self.saved is None:
            return
        one, data, _ = self.saved
        self.place.settle()
        one.sync(self.place)
        one.close()
        one.path.write_bytes(data)
        one.clock.now += timedelta(milliseconds=1)  # no two entries of a device are of one moment and one content
        one.open()
        self.went_back.add(one)

    @rule()
    def the_store_shows_all(self):
        self.place.settle()
        self.place.lag = lambda: self.chance.choice(["shown", "late", "pieces"])

    def teardown(self):
        if not hasattr(self, "machines"):
            return
        self.place.settle()
        for _ in range(2):
            for one in self.machines:
                one.sync(self.place)
        first = self.machines[0].followed()
        assert len(first["log"]) == self.acknowledged
        for one in self.machines:
            report = one.sync(self.place)
            assert (report.sent, report.received, report.choices, report.refused) == (0, 0, 0, ())
            assert one.followed() == first
            assert one.findings() == set()
        for one in self.machines:
            one.close()
        shutil.rmtree(self.root)


def run(folder, examples, steps):
    Devices.folder = folder
    machine = Devices.TestCase
    machine.settings = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )
    machine("runTest").runTest()


@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
def test_any_run_of_operations_on_any_devices(tmp_path):
    run(tmp_path, 15, 25)


@pytest.mark.resilience
@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
def test_long_runs(tmp_path):
    run(tmp_path, 300, 60)
