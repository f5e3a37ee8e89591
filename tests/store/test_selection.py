"""Which cards a day asks: order, limits, siblings, what is set aside; and what the list of decks says of it."""

import random
import sqlite3
from contextlib import closing
from datetime import timedelta
from itertools import product

import pytest

from studyapp.schedule.memory import Phase
from studyapp.schedule.queue import Limits
from studyapp.schedule.rating import Rating
from studyapp.store import counts, log, selection
from studyapp.store.day_counts import DayCount
from studyapp.store.log import Mark, Mode

UNLIMITED = Limits(None, None)


def asked(queue):
    return [card.card_id for card in queue.main]


def test_new_cards_come_in_the_order_of_the_decks(collection):
    collection.bank({"late": ["z1", "z2"], "early": ["a1", "a2"]})
    store = collection.open()
    assert asked(store.queue()) == ["z1", "z2", "a1", "a2"]
    assert asked(store.queue(decks=["early"])) == ["a1", "a2"]
    assert asked(store.queue(decks=["no such deck"])) == []


def test_the_limit_of_new_cards_counts_the_day_not_the_session(collection):
    store = collection.open()
    limits = Limits(new=3)
    assert asked(store.queue(limits)) == ["c0", "c1", "c2"]
    collection.answer(store, "c0")
    collection.answer(store, "c1")
    store.close()
    store = collection.open()
    assert asked(store.queue(limits)) == ["c2"]
    assert store.day_count() == DayCount(introduced=2, reviewed=0)
    store.undo()
    assert asked(store.queue(limits)) == ["c1", "c2"]
    collection.clock.move(days=1)
    assert store.day_count() == DayCount()
    assert len(asked(store.queue(limits))) == 3


def test_the_limit_of_reviews_counts_cards_and_keeps_the_most_forgotten(collection):
    store = collection.open()
    for number in range(5):
        collection.learn(store, f"c{number}")
        collection.clock.move(days=1)
    collection.clock.move(days=60)
    limits = Limits(new=0, reviews=3)
    everything = asked(store.queue(Limits(new=0)))
    today = store.today
    chances = [store.scheduler.retrievability(store.state(card), today) for card in everything]
    assert len(everything) == 5 and chances == sorted(chances)
    assert asked(store.queue(limits)) == everything[:3]
    collection.answer(store, everything[0], Rating.AGAIN)
    collection.answer(store, everything[0], Rating.GOOD)
    assert asked(store.queue(limits)) == everything[1:3]
    assert store.held_back(limits=limits) == 3 + 2


def test_practice_does_not_use_up_the_limits(collection):
    store = collection.open()
    collection.answer(store, "c0", mode=Mode.CRAM)
    assert store.day_count() == DayCount()
    assert "c0" in asked(store.queue())


def test_learning_cards_come_by_their_time_until_the_day_ends(collection):
    store = collection.open()
    collection.answer(store, "c0", Rating.GOOD)
    collection.answer(store, "c1", Rating.AGAIN)
    queue = store.queue(Limits(0, 0))
    assert [card.card_id for card in queue.learning] == ["c1", "c0"]
    collection.clock.move(minutes=2)
    assert store.queue(Limits(0, 0)).next(collection.clock.now).card_id == "c1"
    assert store.next_due() == collection.clock.now - timedelta(minutes=1)


def test_a_learning_card_does_not_wait_for_a_clock_that_was_wrong(collection):
    store = collection.open()
    collection.clock.move(days=500)
    collection.answer(store, "c0", Rating.GOOD)
    collection.clock.move(days=-500)
    assert store.queue(Limits(0, 0)).next(collection.clock.now).card_id == "c0"


def test_suspended_and_buried_cards_are_left_out_the_buried_for_a_day(collection):
    collection.bank({"basics": ["new", "known", "steps", "other"]})
    store = collection.open()
    collection.learn(store, "known")
    collection.answer(store, "steps")
    collection.clock.move(days=60)
    for card in ("new", "known", "steps"):
        store.mark(card, Mark.BURY)
    assert asked(store.queue()) == ["other"] and not store.queue().learning
    store.mark("new", Mark.SUSPEND)
    collection.clock.move(days=1)
    assert sorted(asked(store.queue())) == ["known", "other"]
    assert [card.card_id for card in store.queue().learning] == ["steps"]
    store.mark("new", Mark.UNSUSPEND)
    assert sorted(asked(store.queue())) == ["known", "new", "other"]


def test_one_card_of_a_sibling_group_a_day(collection):
    collection.bank({"one": ["a/pair", "b/pair", "c"], "two": ["d/pair"]})
    store = collection.open()
    assert asked(store.queue()) == ["a", "c"]
    collection.learn(store, "a")
    assert asked(store.queue()) == ["c"]
    collection.clock.move(days=1)
    assert asked(store.queue()) == ["b", "c"]
    collection.clock.move(days=60)
    assert sorted(asked(store.queue())) == ["a", "c"]
    assert asked(store.queue(decks=["two"])) == ["d"]
    collection.answer(store, "a", Rating.AGAIN)
    assert asked(store.queue(decks=["two"])) == []
    assert [card.card_id for card in store.queue().learning] == ["a"]


def test_a_card_in_its_steps_hides_its_new_sibling(collection):
    collection.bank({"one": ["a/pair", "b/pair"]})
    store = collection.open()
    collection.answer(store, "a")
    collection.clock.move(days=1)
    assert asked(store.queue()) == []


def test_cards_that_are_in_no_deck_any_more_are_passed_over_and_keep_their_history(collection):
    store = collection.open()
    for number in range(4):
        collection.learn(store, f"c{number}")
    collection.clock.move(days=60)
    collection.bank({"basics": ["c2", "c9"]})
    assert sorted(asked(store.queue())) == ["c2", "c9"]
    assert store.overview().total.backlog == 1
    assert len(store.history("c0")) == 1
    assert store.candidate("c0") is None
    assert store.candidate("c2").phase is Phase.REVIEW


def test_the_list_of_decks_says_what_a_session_would_ask(collection):
    collection.bank({"one": ["a/pair", "b/pair", "c", "d"], "two": ["e", "f", "g"]})
    store = collection.open()
    collection.learn(store, "a")
    collection.learn(store, "e")
    collection.answer(store, "f")
    collection.clock.move(days=60)
    limits = Limits(new=2, reviews=1)
    overview = store.overview(limits)
    for deck in ("one", "two"):
        counts = store.queue(limits, [deck]).counts
        shown = overview.decks[deck]
        assert (shown.new, shown.learning, shown.due) == (counts.new, counts.learning, counts.due)
    counts = store.queue(limits).counts
    total = overview.total
    assert (total.new, total.learning, total.due, total.backlog) == (counts.new, counts.learning, 1, 2)
    assert overview.decks["one"].backlog == 1


def test_siblings_in_two_decks_are_due_in_both_and_once_in_all(collection):
    collection.bank({"one": ["a/pair"], "two": ["b/pair"]})
    store = collection.open()
    collection.learn(store, "a")
    collection.clock.move(days=1)
    collection.learn(store, "b")
    collection.clock.move(days=60)
    overview = store.overview()
    assert [overview.decks[deck].due for deck in ("one", "two")] == [1, 1]
    assert overview.total.due == store.queue().counts.due == 1


def test_the_cards_are_counted_again_only_when_something_was_written(collection, monkeypatch):
    counted = []
    count = counts.stock
    monkeypatch.setattr(counts, "stock", lambda *args: counted.append(1) or count(*args))
    collection.bank({"one": ["a", "b", "c"], "two": ["d"]})
    store = collection.open()

    def new():
        overview = store.overview()
        return {name: deck.new for name, deck in overview.decks.items()}, len(counted)

    assert new() == new() == ({"one": 3, "two": 1}, 1)
    collection.learn(store, "a")
    assert new() == new() == ({"one": 2, "two": 1}, 2)
    store.mark("b", Mark.BURY)
    assert new() == ({"one": 1, "two": 1}, 3)
    with closing(sqlite3.connect(collection.cache)) as bank, bank:
        bank.execute("UPDATE card SET deck_id = 2 WHERE card_id = 'c'")
    assert new() == new() == ({"one": 0, "two": 2}, 4)
    assert asked(store.queue()) == ["c", "d"]
    collection.clock.move(days=1)
    assert new() == ({"one": 1, "two": 2}, 5)
    collection.bank({"one": ["e"]})
    assert new() == ({"one": 1}, 6)


def test_what_was_done_today_is_known_by_deck(collection):
    collection.bank({"one": ["a", "b"], "two": ["c"], "three": ["d"]})
    store = collection.open()
    collection.learn(store, "a")
    collection.clock.move(days=60)
    collection.answer(store, "a")
    collection.learn(store, "b")
    collection.learn(store, "c")
    assert store.day_count_by_deck() == {"one": DayCount(1, 1), "two": DayCount(1, 0)}


def test_when_the_next_card_comes(collection):
    store = collection.open()
    assert store.next_due() is None
    known = collection.answer(store, "c0", Rating.EASY).state
    assert store.next_due() == known.due_at
    step = collection.answer(store, "c1", Rating.AGAIN).state
    assert store.next_due() == step.due_at
    store.mark("c1", Mark.SUSPEND)
    collection.clock.now = known.due_at + timedelta(hours=5)
    assert store.next_due() == store.end_of_day


def test_flags_for_a_search(collection):
    store = collection.open()
    collection.learn(store, "c0")
    collection.answer(store, "c1")
    store.mark("c2", Mark.FLAG)
    store.mark("c3", Mark.SUSPEND)
    store.mark("c4", Mark.BURY)
    collection.clock.move(hours=1)
    cards = [f"c{number}" for number in range(6)]

    def carriers(flag):
        found = store.flag_lookup([flag])[flag]
        return [card for card in cards if card in found]

    assert carriers("new") == ["c2", "c3", "c4", "c5"]
    assert carriers("learning") == carriers("due") == ["c1"]
    assert carriers("review") == ["c0"]
    assert (carriers("flagged"), carriers("suspended"), carriers("buried")) == (["c2"], ["c3"], ["c4"])
    assert carriers("leech") == []
    with pytest.raises(ValueError, match="is:dew"):
        store.flag_lookup(["dew"])


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("window", [1, 1000])
def test_a_large_random_collection_is_selected_as_plain_python_would(collection, monkeypatch, seed, window):
    """The bounded look at the most forgotten cards finds what a look at all of them finds."""
    monkeypatch.setattr(selection, "_FIRST_WINDOW", window)
    monkeypatch.setattr(selection, "_WINDOW_PER_CARD", 1)
    chance = random.Random(seed)
    cards = [f"card-{number}" for number in range(60)]
    groups = {card: chance.choice(["", "", "", "", "x", "y", "z"]) for card in cards}
    collection.bank({"one": [f"{c}/{groups[c]}" for c in cards[:40]], "two": [f"{c}/{groups[c]}" for c in cards[40:]]})
    store = collection.open()
    for card in chance.sample(cards, 45):
        collection.answer(store, card, chance.choice([Rating.EASY, Rating.EASY, Rating.AGAIN]))
        if chance.random() < 0.1:
            store.mark(card, chance.choice([Mark.SUSPEND, Mark.BURY]))
        collection.clock.move(hours=chance.choice([0, 0, 7, 30]))
    for card in chance.sample(cards, 4):
        store.mark(card, chance.choice([Mark.SUSPEND, Mark.BURY]))
    collection.clock.move(days=chance.choice([3, 20, 60]))
    for new, reviews, decks in product((None, 0, 2), (None, 0, 3, 9), ((), ("one",), ("one", "two"))):
        limits = Limits(new, reviews)
        queue = store.queue(limits, decks)
        got = [
            [card.card_id for card in queue.main if card.phase is Phase.REVIEW],
            [card.card_id for card in queue.main if card.phase is None],
            [card.card_id for card in queue.learning],
        ]
        assert got == plain_selection(store, cards, groups, limits, decks), (limits, decks)


def plain_selection(store, cards, groups, limits, decks):
    today, now = store.today, store.clock()
    soon = now + timedelta(minutes=20)
    chosen = [card for index, card in enumerate(cards) if not decks or ("one" if index < 40 else "two") in decks]
    awake = [card for card in chosen if not store.marks(card).suspended and not store.marks(card).buried_on(today)]
    known = {card: state for card in cards if (state := store.state(card)) is not None}
    number = {card: log.card_number(store._writer, card) for card in cards}
    done = store.day_count()
    answered = [card for card in cards if card in known and known[card].last_day == today]

    steps = [card for card in awake if card in known and known[card].phase is not Phase.REVIEW]
    steps = [card for card in steps if known[card].due_at < max(store.end_of_day, soon)]
    steps.sort(key=lambda card: (known[card].due_at, card))
    shown = {}
    for card in [*answered, *(card for card in steps if known[card].due_at <= soon)]:
        shown.setdefault(groups[card], set()).add(card)

    def take(candidates, limit):
        taken = []
        for card in candidates:
            if len(taken) == limit:
                break
            others = shown.setdefault(groups[card], set()) - {card} if groups[card] else ()
            if not others:
                taken.append(card)
                shown.setdefault(groups[card], set()).add(card)
        return taken

    due = [
        card for card in awake if card in known and known[card].phase is Phase.REVIEW and known[card].due_day <= today
    ]
    due.sort(key=lambda card: (-(today - known[card].last_day) / known[card].stability, number[card]))
    left = limits.left(done.introduced, done.reviewed)
    reviews = take(due, left.reviews)
    return [reviews, take([card for card in awake if card not in known], left.new), steps]
