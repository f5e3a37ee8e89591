"""Figures for the learner, compared with counting by hand."""

from studyapp.schedule.rating import Rating
from studyapp.store.log import AnswerRecord, Mark, Mode
from studyapp.store.statistics import DayTotal, MisconceptionCount, Share

ALWAYS = (0, 10**6)


def test_true_retention_counts_the_first_review_of_a_day_of_known_cards(collection):
    store = collection.open()
    for card in ("c0", "c1", "c2"):
        collection.answer(store, card, Rating.AGAIN)
        collection.answer(store, card, Rating.EASY)
    collection.clock.move(days=5)
    collection.answer(store, "c0", Rating.AGAIN)
    collection.answer(store, "c0", Rating.EASY)
    collection.answer(store, "c0", Rating.AGAIN)
    collection.answer(store, "c1", Rating.GOOD)
    collection.answer(store, "c2", Rating.EASY, Mode.CRAM)
    assert store.statistics().retention(*ALWAYS).young == Share(1, 2)
    collection.clock.move(days=200)
    collection.answer(store, "c1", Rating.GOOD)
    collection.clock.move(days=900)
    collection.answer(store, "c1", Rating.HARD)
    retention = store.statistics().retention(*ALWAYS)
    assert retention.young.total + retention.mature.total == 4
    assert retention.mature == Share(1, 1)
    assert retention.all.value == 3 / 4
    store.undo()
    assert store.statistics().retention(*ALWAYS).mature == Share(0, 0)
    assert store.statistics().retention(*ALWAYS).mature.value is None


def test_the_calendar_and_the_ratings_count_days_answers_and_time(collection):
    store = collection.open()
    first = store.today
    for card, rating, duration in [("c0", 3, 1000), ("c0", 3, 2000), ("c1", 1, None), ("c2", 4, 10**9)]:
        store.record(AnswerRecord(card, Rating(rating), duration=duration), store.state(card))
    collection.clock.move(days=2)
    collection.answer(store, "c3", Rating.EASY)
    collection.answer(store, "c3", Rating.EASY)
    store.undo()
    statistics = store.statistics()
    assert statistics.calendar(*ALWAYS) == (DayTotal(first, 4, 603000), DayTotal(first + 2, 1, 0))
    assert statistics.calendar(first, first + 1) == (DayTotal(first, 4, 603000),)
    assert statistics.ratings(*ALWAYS) == {Rating.AGAIN: 1, Rating.HARD: 0, Rating.GOOD: 2, Rating.EASY: 2}


def test_the_forecast_puts_what_is_late_on_today_and_leaves_out_what_is_suspended(collection):
    store = collection.open()
    due = {}
    for card in ("c0", "c1", "c2"):
        due[card] = collection.answer(store, card, Rating.EASY).state.due_day
    collection.clock.move(days=max(due.values()) - store.today - 1)
    collection.learn(store, "c3")
    expected = [0] * 40
    for day in (*due.values(), store.state("c3").due_day):
        expected[max(day - store.today, 0)] += 1
    assert store.statistics().forecast(40) == tuple(expected)
    store.mark("c3", Mark.SUSPEND)
    assert sum(store.statistics().forecast(40)) == 3


def test_misconceptions_are_listed_by_how_often_they_were_made(collection):
    store = collection.open()
    for card, name in [("c0", "log2"), ("c1", "sign"), ("c1", "sign"), ("c2", None)]:
        store.record(AnswerRecord(card, Rating.AGAIN, misconception=name), store.state(card))
    day = store.today
    assert store.statistics().misconceptions(*ALWAYS) == (
        MisconceptionCount("c1", "sign", 2, day),
        MisconceptionCount("c0", "log2", 1, day),
    )
    assert len(store.statistics().misconceptions(*ALWAYS, most=1)) == 1


def test_the_collection_is_counted_by_stage(collection):
    store = collection.open()
    collection.answer(store, "c0")
    collection.learn(store, "c1")
    collection.learn(store, "c2")
    collection.clock.move(days=30)
    collection.answer(store, "c2", Rating.EASY)
    store.mark("c7", Mark.SUSPEND)
    found = store.statistics().collection()
    assert (found.new, found.learning, found.young, found.mature, found.suspended) == (5, 1, 1, 1, 1)


def test_the_streak_lasts_until_a_day_without_answers(collection):
    store = collection.open()
    assert store.statistics().streak() == 0
    for gap in (1, 2, 1, 1):
        collection.answer(store, "c0")
        collection.clock.move(days=gap)
    assert store.statistics().streak() == 2
    collection.answer(store, "c0")
    assert store.statistics().streak() == 3
    collection.clock.move(days=2)
    assert store.statistics().streak() == 0
