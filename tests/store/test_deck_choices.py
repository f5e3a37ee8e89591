"""What was chosen for single decks decides what is asked, what is counted and how far ahead."""

import sqlite3
from contextlib import closing

import pytest

from studyapp.schedule.queue import Limits
from studyapp.schedule.rating import Rating
from studyapp.store.checks import Cure
from studyapp.store.doctor import examine

UNLIMITED = Limits(None, None)


def asked(queue):
    return [card.card_id for card in queue.main]


def choose(collection, deck, **chosen):
    with closing(sqlite3.connect(collection.cache)) as connection, connection:
        for name, value in chosen.items():
            connection.execute(f"UPDATE deck SET {name} = ? WHERE name = ?", (value, deck))


@pytest.fixture
def store(collection):
    collection.bank({"one": ["a0", "a1", "a2"], "two": ["b0", "b1/pair", "b2"], "three": ["c0", "c1/pair"]})
    return collection.open()


def test_a_deck_that_is_off_is_neither_asked_nor_counted_and_keeps_its_history(collection, store):
    collection.learn(store, "b0")
    collection.answer(store, "b2", Rating.AGAIN)
    collection.clock.move(days=40)
    due = store.overview(UNLIMITED).total.due
    choose(collection, "two", enabled=0)
    queue = store.queue(UNLIMITED)
    assert asked(queue) == ["a0", "a1", "a2", "c0", "c1"] and not queue.learning
    assert store.queue(UNLIMITED, ["two"]).counts.total == 0
    overview = store.overview(UNLIMITED)
    assert (overview.decks["two"].new, overview.decks["two"].learning, overview.decks["two"].due) == (0, 0, 0)
    assert overview.total.new == len(asked(queue)) and overview.total.due == due - 1 == 0
    assert store.candidate("b0") is None
    assert store.held_back(limits=UNLIMITED) == 0
    assert store.next_due() is None
    assert sum(store.statistics().forecast(100)) == 0
    assert len(store.history("b0")) == 1
    choose(collection, "two", enabled=1)
    assert {"b0", "b1"} <= set(asked(store.queue(UNLIMITED)))


def test_a_limit_of_new_cards_holds_for_its_deck_and_the_day(collection, store):
    choose(collection, "one", new_per_day=2)
    assert asked(store.queue(UNLIMITED)) == ["a0", "a1", "b0", "b1", "b2", "c0"]
    collection.answer(store, "a0")
    assert asked(store.queue(UNLIMITED))[:2] == ["a1", "b0"]
    assert store.overview(UNLIMITED).decks["one"].new == 1
    assert store.held_back(["one"], UNLIMITED) == 1
    store.undo()
    assert asked(store.queue(UNLIMITED))[:3] == ["a0", "a1", "b0"]
    assert asked(store.queue(Limits(1, 0))) == ["a0"]
    collection.answer(store, "a0")
    collection.clock.move(days=1)
    assert asked(store.queue(Limits(None, 0)))[:3] == ["a1", "a2", "b0"]


def test_a_limit_of_reviews_keeps_the_most_forgotten_of_its_deck(collection, store):
    for card in ("a0", "a1", "a2", "b0"):
        collection.learn(store, card)
        collection.clock.move(days=1)
    collection.clock.move(days=60)
    reviews = asked(store.queue(Limits(0, None)))
    assert len(reviews) == 4
    choose(collection, "one", reviews_per_day=1)
    kept = [next(card for card in reviews if card.startswith("a")), "b0"]
    for limits in (Limits(0, None), Limits(0, 50)):
        assert sorted(asked(store.queue(limits))) == sorted(kept)
        assert sorted(asked(store.queue(limits, ["one", "two"]))) == sorted(kept)
    assert store.overview(UNLIMITED).decks["one"].due == 1
    assert store.overview(UNLIMITED).total.due == 2
    collection.answer(store, kept[0])
    assert asked(store.queue(Limits(0, None))) == ["b0"]


def test_the_counts_are_what_the_queue_asks(collection, store):
    choose(collection, "two", new_per_day=2)
    choose(collection, "three", new_per_day=0)
    for limits in (UNLIMITED, Limits(3, 3), Limits(0, 0)):
        assert store.overview(limits).total.new == store.queue(limits).counts.new


def test_a_deck_that_is_to_be_kept_better_comes_back_sooner(collection, store):
    choose(collection, "one", desired_retention=0.97)
    firm = collection.answer(store, "a0", Rating.EASY)
    usual = collection.answer(store, "b0", Rating.EASY)
    assert store.scheduler_of("a0").settings.retention == 0.97
    assert store.scheduler_of("b0") is store.scheduler_of("no such card") is store.scheduler
    assert firm.state.stability == usual.state.stability
    assert firm.state.interval < usual.state.interval
    shown = store.scheduler_of("a0").preview(firm.state, collection.clock(), collection.days, "a0")
    assert collection.answer(store, "a0", Rating.GOOD).state == shown[Rating.GOOD]
    store.undo()
    assert store.state("a0") == firm.state
    found = examine(collection.home, collection.clock(), thorough=True)
    assert [finding for finding in found if finding.cure is not Cure.NONE or finding.code == "results"] == []


def test_without_the_decks_answers_are_recorded_as_the_settings_say(collection, store):
    choose(collection, "one", desired_retention=0.97)
    store.use_bank(collection.home / "no-index.db")
    assert collection.answer(store, "a0").state is not None
    assert store.scheduler_of("a0") is store.scheduler
