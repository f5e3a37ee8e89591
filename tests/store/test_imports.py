"""What other programs recorded: its place among the answers given here, and taking it back."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studyapp.clock import to_milliseconds
from studyapp.schedule.memory import KnownState, Phase
from studyapp.schedule.rating import Rating
from studyapp.store import imports
from studyapp.store.imports import ImportedCard, ImportedReview
from studyapp.store.log import Mark
from tests.store.conftest import START, Collection

DAY = 86_400_000
LONG_AGO = to_milliseconds(datetime(2025, 6, 1, 12, tzinfo=UTC))
TODAY = START.date().toordinal()


def history(card="a", days=(0, 3, 10, 30), rating=3):
    return ImportedCard(card, tuple(ImportedReview(LONG_AGO + day * DAY, rating, 4000) for day in days))


def sound(store):
    return {finding.code for finding in store.check(thorough=True)} <= {"clock", "future"}


def test_reviews_are_replayed_at_their_times_and_counted(collection):
    store = collection.open()
    collection.bank({"d": ["a"]})
    span = store.record_import([history()])
    state = store.state("a")
    assert (state.phase, state.answers, state.lapses) == (Phase.REVIEW, 4, 0)
    assert to_milliseconds(state.last_at) == LONG_AGO + 30 * DAY
    assert span.reviews == 4 and sound(store)
    retention = store.statistics().retention(0, TODAY)
    assert (retention.all.passed, retention.all.total) == (3, 3)


def test_undo_does_not_step_through_them_but_one_call_takes_all_back(collection):
    store = collection.open()
    collection.answer(store, "b", Rating.GOOD)
    span = store.record_import([history(), ImportedCard("b", suspended=True)])
    assert store.undo().card_id == "b"
    assert store.undo() is None
    assert store.marks("b").suspended
    assert store.take_back_import(span, lambda: None) == 5
    assert store.state("a") is None and not store.marks("b").suspended
    assert store.take_back_import(span, lambda: None) == 0 and sound(store)


def test_a_state_sets_the_due_day_and_keeps_what_the_reviews_say(collection):
    store = collection.open()
    store.record_import([history("a"), history("b")])
    alone = store.state("a")
    last = LONG_AGO + 30 * DAY
    store.record_import([ImportedCard("a", state=KnownState(2, due_day=TODAY + 5, lapses=2), state_at=last)])
    told = store.state("a")
    assert (told.stability, told.difficulty) == (alone.stability, alone.difficulty)
    assert (told.due_day, told.lapses, told.last_at) == (TODAY + 5, 2, alone.last_at)
    collection.answer(store, "a", Rating.GOOD)
    assert store.state("a").stability > told.stability and sound(store)


def test_a_state_alone_is_enough(collection):
    store = collection.open()
    known = KnownState(2, 40.0, 6.5, due_day=TODAY + 3, answers=9, lapses=1)
    store.record_import([ImportedCard("a", state=known, state_at=LONG_AGO)])
    state = store.state("a")
    assert (state.stability, state.difficulty, state.answers, state.lapses) == (40.0, 6.5, 9, 1)
    assert sound(store)


def test_reviews_older_than_the_answers_given_here_come_before_them(collection):
    store = collection.open()
    collection.answer(store, "a", Rating.GOOD)
    store.record_import([history("a")])
    assert store.state("a").last_at == START and store.state("a").answers == 5
    assert sound(store)


def test_what_fails_before_the_end_leaves_nothing(collection):
    store = collection.open()

    def stop(span):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.record_import([history()], stop)
    assert store.is_empty() and store.state("a") is None


def test_what_is_present_is_what_was_not_taken_back(collection):
    store = collection.open()
    span = store.record_import([history("a", (0, 1))])
    store.record_import([history("b", (2,))])
    store.take_back_import(span, lambda: None)
    assert store.imported().reviews == {"b": {LONG_AGO + 2 * DAY}}


known_states = st.builds(
    KnownState,
    phase=st.just(2),
    stability=st.none() | st.floats(0.01, 1000),
    difficulty=st.none() | st.floats(1, 10),
    due_day=st.integers(TODAY - 400, TODAY + 400),
    answers=st.integers(0, 50),
    lapses=st.integers(0, 20),
) | st.builds(
    KnownState,
    phase=st.sampled_from([1, 3]),
    stability=st.floats(0.01, 10),
    difficulty=st.floats(1, 10),
    due_at=st.integers(LONG_AGO, LONG_AGO + 400 * DAY),
)
imported_cards = st.builds(
    ImportedCard,
    card_id=st.sampled_from("abc"),
    reviews=st.lists(
        st.builds(ImportedReview, at=st.integers(LONG_AGO, LONG_AGO + 300 * DAY), rating=st.integers(1, 4),
                  schedules=st.booleans()), max_size=5).map(tuple),
    resets=st.lists(st.integers(LONG_AGO, LONG_AGO + 300 * DAY), max_size=1).map(tuple),
    state=st.none() | known_states,
    state_at=st.integers(LONG_AGO, LONG_AGO + 300 * DAY),
    suspended=st.none() | st.booleans(),
    flagged=st.none() | st.booleans(),
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(first=st.lists(imported_cards, max_size=4), second=st.lists(imported_cards, max_size=3), at_once=st.booleans())
def test_one_card_at_a_time_and_all_at_once_say_the_same(folder, first, second, at_once):
    collection = Collection(Path(tempfile.mkdtemp(dir=folder)))
    store = collection.open()
    store.record_import(first)
    collection.answer(store, "a", Rating.GOOD)
    store.mark("b", Mark.FLAG)
    before = collection.tables("card_state", "card_mark")
    usual, imports.REBUILT_FROM = imports.REBUILT_FROM, 0 if at_once else 200
    try:
        span = store.record_import(second)
        assert sound(store)
        if span is not None:
            store.take_back_import(span, lambda: None)
    finally:
        imports.REBUILT_FROM = usual
    assert sound(store)
    assert collection.tables("card_state", "card_mark") == before
    collection.close()
