"""The order of a session."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from studyapp.schedule.memory import CardState, Phase
from studyapp.schedule.queue import Candidate, Limits, Queue, QueueCounts, SiblingFilter, mix

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
END = datetime(2026, 1, 2, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def review(name, sibling=""):
    return Candidate(name, Phase.REVIEW, 0, sibling)


def new(name, sibling=""):
    return Candidate(name, None, 0, sibling)


def learning(name, minutes):
    return Candidate(name, Phase.LEARNING, 0, "", NOW + minutes * MINUTE)


def state(phase, due_at):
    return CardState(phase, None, 5.0, 5.0, due_at, 0, NOW, 0, 1, 0)


def names(cards):
    return [card.card_id for card in cards]


@given(st.integers(0, 40), st.integers(0, 40), st.integers(700000, 800000))
def test_new_cards_are_spread_evenly_and_both_kinds_keep_their_order(reviews, news, day):
    mixed = mix([review(f"r{n}") for n in range(reviews)], [new(f"n{n}") for n in range(news)], day)
    assert [name for name in names(mixed) if name[0] == "r"] == [f"r{n}" for n in range(reviews)]
    assert [name for name in names(mixed) if name[0] == "n"] == [f"n{n}" for n in range(news)]
    for length in range(1, len(mixed) + 1):
        seen = sum(card.phase is None for card in mixed[:length])
        assert abs(seen - news * length / len(mixed)) <= 2


def test_the_day_moves_the_place_of_the_new_cards():
    places = {names(mix([review(f"r{n}") for n in range(20)], [new("n")], day)).index("n") for day in range(40)}
    assert len(places) > 10


def test_learning_comes_when_due_then_the_rest_then_learning_that_is_nearly_due():
    queue = Queue.build([learning("late", 15), learning("due", -1)], [review("r")], [], 1)
    order = []
    while (card := queue.next(NOW)) is not None:
        order.append(card.card_id)
        queue = queue.without(card.card_id)
    assert order == ["due", "r", "late"]


def test_a_learning_card_beyond_the_limit_is_waited_for():
    queue = Queue.build([learning("later", 30), learning("much-later", 50)], [], [], 1)
    assert queue.next(NOW) is None
    assert queue.waiting(NOW) == NOW + 30 * MINUTE
    assert queue.next(NOW + 10 * MINUTE).card_id == "later"
    assert queue.next(NOW, ahead=timedelta(hours=1)).card_id == "later"
    assert Queue().waiting(NOW) is None


@given(st.integers(0, 12), st.integers(0, 12), st.lists(st.integers(0, 30), max_size=30))
def test_a_queue_stays_as_it_was_when_another_is_made_from_it(reviews, news, places):
    queue = Queue.build([], [review(f"r{n}") for n in range(reviews)], [new(f"n{n}") for n in range(news)], 1)
    left = list(queue.main)
    kept = [(queue, list(left))]
    for place in places:
        if left:
            card = left.pop(place if place < len(left) else 0)
            queue = queue.without(card.card_id)
            assert queue.without(card.card_id).counts == queue.counts
            kept.append((queue, list(left)))
    for earlier, cards in kept:
        assert list(earlier.main) == cards
        assert earlier.counts == QueueCounts(news_in(cards), 0, len(cards) - news_in(cards))
        assert earlier.next(NOW) == (cards[0] if cards else None)


def news_in(cards):
    return sum(card.phase is None for card in cards)


def test_an_answered_card_comes_again_today_only_while_it_is_in_its_steps():
    card = new("a")
    queue = Queue.build([], [], [card], 1)
    again = queue.answered(card, state(Phase.LEARNING, NOW + MINUTE), END)
    assert names(again.learning) == ["a"] and not again.main
    assert again.next(NOW + MINUTE).phase is Phase.LEARNING
    assert not queue.answered(card, state(Phase.REVIEW, END), END).counts.total
    assert not queue.answered(card, state(Phase.LEARNING, END), END).counts.total


def test_answering_a_learning_card_sends_its_siblings_away():
    card = Candidate("a", Phase.LEARNING, 0, "pair", NOW)
    queue = Queue.build([card], [review("b", "pair"), review("c")], [], 1)
    assert names(queue.answered(card, state(Phase.REVIEW, END), END).main) == ["c"]


def test_a_card_that_is_put_back_comes_first_once_and_only_once():
    queue = Queue.build([learning("due", -1)], [review("r"), review("s")], [], 1).put_back(review("s"))
    assert queue.counts == QueueCounts(new=0, learning=1, due=2)
    assert queue.next(NOW).card_id == "s"
    rest = queue.answered(queue.next(NOW), state(Phase.REVIEW, END), END)
    assert rest.next(NOW).card_id == "due" and rest.find("s") is None


@given(st.lists(st.tuples(st.integers(), st.sampled_from(["", "x", "y", "z"])), max_size=30))
def test_one_card_of_each_sibling_group_passes(cards):
    siblings = SiblingFilter({"z": {"answered"}})
    passed = [group for number, group in cards if siblings.admits(str(number), group)]
    assert passed.count("") == sum(group == "" for _, group in cards)
    shown = {number for number, group in cards if group == "x"}
    assert (passed.count("x") == 0) == (not shown)
    assert "z" not in passed


def test_a_card_is_not_its_own_sibling():
    siblings = SiblingFilter({"x": {"a"}})
    assert siblings.admits("a", "x") and not siblings.admits("b", "x")


def test_limits_never_fall_below_nothing():
    assert Limits(20, 200).left(25, 10) == Limits(0, 190)
    assert Limits(None, None).left(25, 10) == Limits(None, None)
