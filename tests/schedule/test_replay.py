"""Many cards at once and one answer at a time are the same, bit by bit, and both are FSRS-6 as py-fsrs has it."""

import math
from datetime import UTC, datetime, timedelta

import fsrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyapp.schedule import fsrs6
from studyapp.schedule.memory import ENGINE, CardState, Phase, Scheduler, SchedulerSettings
from studyapp.schedule.rating import Rating
from studyapp.schedule.replay import ARRAYS, NOTHING, RESET, History, replay

DAY = 739000
START = datetime(2024, 1, 1, tzinfo=UTC)

steps = st.lists(st.floats(1, 16 * 3600), max_size=3).map(lambda chosen: tuple(sorted(chosen)))
weights = st.tuples(
    *(st.floats(low, high) for low, high in zip(fsrs6.LOWEST_WEIGHTS, fsrs6.HIGHEST_WEIGHTS, strict=True))
)
schedulers = st.builds(
    Scheduler,
    st.builds(
        SchedulerSettings,
        retention=st.floats(0.7, 0.97),
        learning_steps=steps,
        relearning_steps=steps,
        maximum_interval=st.integers(1, 36500),
        weights=st.one_of(st.just(SchedulerSettings().weights), weights),
    ),
    st.sampled_from([ENGINE, "6.3.2"]),
)
entries = st.tuples(st.integers(RESET, 4), st.integers(-3, 400), st.integers(0, 2))
"""A rating or a reset, the days since the one before, the scheduler."""


def one_by_one(card_id, history, chosen):
    """Each state as the scheduler gives it, answer after answer."""
    state = None
    for rating, day, which in history:
        if rating == RESET:
            state = None
            yield None
            continue
        change = chosen[which].transition(state, Rating(rating), day, card_id)
        due = min(day + change.days, 3652058) if change.phase is Phase.REVIEW else None
        lapsed = state is not None and state.phase is Phase.REVIEW and rating == 1
        before = state
        state = CardState(
            change.phase, change.step, change.stability, change.difficulty, START, day if due is None else due, START,
            day, (before.answers if before else 0) + 1, (before.lapses if before else 0) + lapsed,
        )  # fmt: skip
        yield (
            before.phase if before else NOTHING,
            max(0, day - before.last_day) if before else NOTHING,
            NOTHING if before is None else before.interval if before.phase is Phase.REVIEW else 0,
            change.phase,
            NOTHING if change.step is None else change.step,
            change.stability,
            change.difficulty,
            NOTHING if due is None else due,
            NOTHING if due is not None else change.step_wait,
            state.answers,
            state.lapses,
        )


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(entries, max_size=12), max_size=6), st.tuples(schedulers, schedulers, schedulers))
def test_all_cards_at_once_are_bit_by_bit_what_one_answer_at_a_time_gives(histories, chosen):
    rows = []
    for number, history in enumerate(histories):
        day = DAY
        for rating, gap, which in history:
            day += gap
            rows.append((number, rating, day, which))
    columns = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    card_ids = [f"card-{number}" for number in range(len(histories))]
    found = replay(History(card_ids, *columns), chosen)
    at_once = list(zip(*(getattr(found, name).tolist() for name in found.__struct_fields__), strict=True))
    expected = []
    for number in range(len(histories)):
        expected += one_by_one(card_ids[number], [row[1:] for row in rows if row[0] == number], chosen)
    for row, wanted in zip(at_once, expected, strict=True):
        assert wanted is None or row == wanted


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(Rating), st.integers(0, 400)), max_size=20), schedulers)
def test_stability_and_difficulty_are_those_of_py_fsrs(history, scheduler):
    chosen = scheduler.settings
    theirs = fsrs.Scheduler(
        parameters=chosen.weights,
        desired_retention=chosen.retention,
        learning_steps=[timedelta(seconds=step) for step in chosen.learning_steps],
        relearning_steps=[timedelta(seconds=step) for step in chosen.relearning_steps],
        maximum_interval=chosen.maximum_interval,
        enable_fuzzing=False,
    )
    card, state, now, day = fsrs.Card(card_id=1, due=START), None, START, DAY
    for rating, gap in history:
        now += timedelta(days=gap)
        day += gap
        card, _ = theirs.review_card(card, fsrs.Rating(rating), now)
        change = scheduler.transition(state, rating, day, "card")
        assert (change.phase, change.step) == (card.state, card.step)
        assert change.stability == pytest.approx(min(card.stability, fsrs6.HIGHEST_STABILITY), rel=1e-9)
        assert change.difficulty == pytest.approx(card.difficulty, rel=1e-9)
        plain = fsrs6.interval(scheduler.constants, change.stability, fsrs6.FLOATS)
        if change.phase is Phase.REVIEW:
            assert plain == pytest.approx((card.due - now).days, abs=1e-9 * plain)
        else:
            assert timedelta(milliseconds=change.step_wait) == pytest.approx(card.due - now, abs=timedelta(0, 0, 1000))
        state = CardState(
            change.phase, change.step, change.stability, change.difficulty, now, day, now, day, 1, 0
        )  # fmt: skip


@given(st.floats(-600, 600))
def test_exp_is_right_to_the_last_places_and_the_same_on_arrays(x):
    assert fsrs6.exp(x, fsrs6.FLOATS) == pytest.approx(math.exp(x), rel=1e-13)
    assert fsrs6.exp(np.array([x]), ARRAYS)[0] == fsrs6.exp(x, fsrs6.FLOATS)


@given(st.floats(1e-300, 1e300))
def test_log_is_right_to_the_last_places_and_the_same_on_arrays(x):
    assert fsrs6.log(x, fsrs6.FLOATS) == pytest.approx(math.log(x), rel=1e-14, abs=1e-16)
    assert fsrs6.log(np.array([x]), ARRAYS)[0] == fsrs6.log(x, fsrs6.FLOATS)


def test_the_bits_of_a_known_history_stay_as_they_are():
    # Another value here would let two machines with one log disagree.
    state, scheduler = None, Scheduler()
    for rating, day in [(3, 0), (3, 0), (3, 2), (1, 30), (3, 30), (2, 33), (4, 60)]:
        change = scheduler.transition(state, Rating(rating), DAY + day, "card")
        due = DAY + day + change.days
        state = CardState(
            change.phase, change.step, change.stability, change.difficulty, START, due, START, DAY + day,
            (state.answers if state else 0) + 1, 0,
        )  # fmt: skip
    assert (state.stability.hex(), state.difficulty.hex(), state.interval) == EXPECTED


EXPECTED = ("0x1.f0e3356b1c2e7p+4", "0x1.e928e52e3602fp+2", 30)


def test_a_good_answer_on_time_never_shortens_an_interval_and_better_ratings_wait_longer():
    for retention in (0.8, 0.9, 0.95):
        scheduler = Scheduler(SchedulerSettings(retention=retention))
        for number in range(300):
            state, day = None, DAY
            for rating in (1, 1, 1, 3, 3, 1, 3, 3, 2, 3, 4, 1, 3, 3, 3, 3):
                changes = scheduler.transitions(state, day, f"c{number}")
                waits = [changes[one].days for one in Rating if changes[one].phase is Phase.REVIEW]
                assert waits[-3:] == sorted(set(waits[-3:])) or waits[-3:-1] == [1, 1]
                if state is not None and state.phase is Phase.REVIEW:
                    assert changes[Rating.GOOD].days >= state.interval
                    assert changes[Rating.HARD].days < changes[Rating.GOOD].days or changes[Rating.GOOD].days == 1
                change = changes[Rating(rating)]
                state = CardState(
                    change.phase, change.step, change.stability, change.difficulty, START, day + change.days, START,
                    day, (state.answers if state else 0) + 1, 0,
                )  # fmt: skip
                day += change.days


@settings(max_examples=200, deadline=None)
@given(
    schedulers.filter(lambda one: one.keeps_order),
    st.lists(st.tuples(st.sampled_from(Rating), st.integers(0, 40)), max_size=12),
)
def test_whatever_the_settings_the_intervals_are_in_order_and_good_keeps_what_was_reached(scheduler, history):
    state, day = None, DAY
    most = scheduler.settings.maximum_interval
    for rating, late in history:
        changes = scheduler.transitions(state, day, "card")
        waits = {one: change.days for one, change in changes.items() if change.phase is Phase.REVIEW}
        assert list(waits.values()) == sorted(waits.values())
        assert all(1 <= wait <= most for wait in waits.values())
        hard, good, easy = (waits.get(one) for one in (Rating.HARD, Rating.GOOD, Rating.EASY))
        if good is not None:
            assert hard is None or hard < good or good == 1
            assert good < easy or good == most
            if state is not None and state.phase is Phase.REVIEW and day - state.last_day >= state.interval:
                assert good >= state.interval
        change = changes[rating]
        state = CardState(
            change.phase, change.step, change.stability, change.difficulty, START, day + change.days, START, day,
            (state.answers if state else 0) + 1, 0,
        )  # fmt: skip
        day += change.days + late
