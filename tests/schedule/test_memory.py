"""The memory model: FSRS-6 in study days, with a preview that is kept."""

from datetime import UTC, datetime, timedelta, timezone

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.schedule.day import StudyDays
from studyapp.schedule.fuzz import fuzz_range
from studyapp.schedule.memory import FSRS6_WEIGHTS, Phase, Scheduler, SchedulerSettings
from studyapp.schedule.rating import Rating

DAYS = StudyDays(UTC)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)

ratings = st.sampled_from(Rating)
gaps = st.timedeltas(timedelta(days=-400), timedelta(days=800))
"""Time between answers, also with the clock set back."""
histories = st.lists(st.tuples(ratings, gaps), max_size=12)
steps = st.lists(st.floats(1, 16 * 3600), max_size=3).map(lambda chosen: tuple(sorted(chosen)))
schedulers = st.builds(
    SchedulerSettings,
    retention=st.floats(0.7, 0.97),
    learning_steps=steps,
    relearning_steps=steps,
    maximum_interval=st.integers(1, 36500),
).map(Scheduler)


def studied(scheduler, history, card_id="card", days=DAYS):
    """The state and the time after a run of answers."""
    state, now = None, NOON
    for rating, gap in history:
        state = scheduler.answer(state, rating, now, days, card_id)
        now += gap
    return state, now


def in_review(scheduler):
    return studied(scheduler, [(Rating.EASY, timedelta(days=8)), (Rating.GOOD, timedelta(days=30))])


def test_the_weights_are_those_that_fsrs_publishes():
    assert tuple(fsrs.scheduler.DEFAULT_PARAMETERS) == FSRS6_WEIGHTS


@given(schedulers, histories)
def test_the_preview_is_what_the_answer_gives(scheduler, history):
    state, now = studied(scheduler, history)
    preview = scheduler.preview(state, now, DAYS, "card")
    assert preview == {rating: scheduler.answer(state, rating, now, DAYS, "card") for rating in Rating}


@given(schedulers, histories)
def test_a_better_rating_never_brings_the_card_back_sooner(scheduler, history):
    state, now = studied(scheduler, history)
    preview = scheduler.preview(state, now, DAYS, "card")
    due = [preview[rating].due_day for rating in Rating]
    assert due == sorted(due)


@given(schedulers, histories)
def test_no_interval_is_negative_whatever_the_clock_does(scheduler, history):
    state, _ = studied(scheduler, history)
    if state is None:
        return
    assert state.due_at > state.last_at
    assert state.due_day >= state.last_day + (state.phase is Phase.REVIEW)
    assert state.interval <= max(scheduler.settings.maximum_interval, 2)
    assert state.stability >= 0.001 and 1 <= state.difficulty <= 10
    assert (state.step is None) == (state.phase is Phase.REVIEW)
    assert state.answers == len(history)


@given(histories)
def test_at_the_default_retention_the_interval_is_the_stability(history):
    scheduler = Scheduler()
    state, _ = studied(scheduler, history)
    if state is None or state.phase is not Phase.REVIEW:
        return
    whole_days = min(max(round(state.stability), 1), 36500)
    shortest, longest = fuzz_range(whole_days, 36500)
    # Hard may come a day before Good, Easy a day after it, and Good keeps what an interval had come to.
    assert shortest - 2 <= state.interval <= longest + 3
    if state.stability >= 1:
        assert scheduler.retrievability(state, state.last_day + whole_days) == pytest.approx(0.9, abs=0.03)


def test_remembering_falls_from_certain_to_nine_tenths_at_the_stability():
    scheduler = Scheduler()
    state, _ = in_review(scheduler)
    assert scheduler.retrievability(state, state.last_day) == 1
    before = scheduler.retrievability(state, state.last_day + int(state.stability))
    after = scheduler.retrievability(state, state.last_day + int(state.stability) + 1)
    assert after < 0.9 <= before


def test_whole_days_apart_the_numbers_are_py_fsrs_own():
    theirs = fsrs.Scheduler(enable_fuzzing=False)
    card = fsrs.Card(card_id=1, due=NOON)
    state, now = None, NOON
    for rating, gap in [(3, 0), (3, 2), (3, 9), (1, 30), (3, 0), (2, 3), (4, 8), (3, 60)]:
        now += timedelta(days=gap)
        card, _ = theirs.review_card(card, fsrs.Rating(rating), now)
        state = Scheduler().answer(state, Rating(rating), now, DAYS, "card")
        assert (state.stability, state.difficulty) == pytest.approx((card.stability, card.difficulty), rel=1e-12)
        assert int(state.phase) == card.state


def test_an_evening_and_the_next_morning_are_a_day_apart_and_one_night_is_not():
    scheduler = Scheduler()
    first = scheduler.answer(None, Rating.EASY, datetime(2026, 1, 1, 23, tzinfo=UTC), DAYS, "card")
    same_night = scheduler.answer(first, Rating.GOOD, datetime(2026, 1, 2, 3, tzinfo=UTC), DAYS, "card")
    next_morning = scheduler.answer(first, Rating.GOOD, datetime(2026, 1, 2, 5, tzinfo=UTC), DAYS, "card")
    assert same_night.last_day == first.last_day
    assert next_morning.last_day == first.last_day + 1
    assert same_night.stability != next_morning.stability


def test_learning_steps_count_in_minutes_and_review_in_days_from_four_in_the_morning():
    scheduler = Scheduler()
    tokyo = StudyDays(timezone(timedelta(hours=9)))
    learning = scheduler.answer(None, Rating.GOOD, NOON, tokyo, "card")
    assert (learning.phase, learning.due_at) == (Phase.LEARNING, NOON + timedelta(minutes=10))
    known = scheduler.answer(learning, Rating.GOOD, NOON + timedelta(minutes=10), tokyo, "card")
    assert known.phase is Phase.REVIEW
    assert known.due_at == tokyo.start_of(known.due_day)
    assert known.due_at.astimezone(tokyo.zone).hour == 4


def test_forgetting_counts_as_a_lapse_only_in_review():
    scheduler = Scheduler()
    state, now = in_review(scheduler)
    forgotten = scheduler.answer(state, Rating.AGAIN, now, DAYS, "card")
    again = scheduler.answer(forgotten, Rating.AGAIN, now, DAYS, "card")
    assert (state.lapses, forgotten.lapses, again.lapses) == (0, 1, 1)
    assert forgotten.phase is Phase.RELEARNING
    assert scheduler.answer(None, Rating.AGAIN, now, DAYS, "card").lapses == 0


def test_cards_learnt_together_spread_out():
    scheduler = Scheduler()
    history = [(Rating.EASY, timedelta(days=8)), (Rating.GOOD, timedelta())]
    due = {studied(scheduler, history, f"card-{number}")[0].due_day for number in range(50)}
    assert len(due) > 4


@given(schedulers)
def test_settings_survive_being_stored(scheduler):
    assert SchedulerSettings.from_json(scheduler.settings.to_json()) == scheduler.settings


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"retention": 1.0}, "retention"),
        ({"retention": float("nan")}, "retention"),
        ({"maximum_interval": 0}, "maximum_interval"),
        ({"learning_steps": (0.0,)}, "learning_steps"),
        ({"relearning_steps": (-1.0,)}, "relearning_steps"),
        ({"weights": (1.0,) * 19}, "weights"),
        ({"weights": (float("inf"), *FSRS6_WEIGHTS[1:])}, "weights"),
    ],
)
def test_settings_that_cannot_work_are_refused_by_name(wrong, named):
    with pytest.raises(ValueError, match=named):
        SchedulerSettings(**wrong)


def test_text_that_is_no_settings_is_refused():
    with pytest.raises(ValueError):
        SchedulerSettings.from_json('{"retention": 0.9}')
