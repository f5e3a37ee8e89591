"""Which cards a plan asks today."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from studyapp.planning import choose
from studyapp.planning.answering import Memory

NAN = float("nan")
NEW = (NAN, NAN, NAN)


def ask(*cards: tuple[float, float, float], seconds: Any = 20.0, **more: Any) -> list[int]:
    """What is asked of cards given as (stability, difficulty, elapsed)."""
    given = {"days_left": 10, "seconds_today": 1e6, "seconds_later": 1200.0, **more}
    columns = np.array(cards, dtype=float).reshape(-1, 3).T
    cost = np.broadcast_to(np.asarray(seconds, dtype=float), columns.shape[1:])
    return choose(*columns, cost, **given).tolist()


def expected_time(cards: Any, order: NDArray[np.int64], seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    stability, _, elapsed = (np.asarray(column, dtype=float) for column in zip(*cards, strict=True))
    recall = np.nan_to_num(Memory().recall(stability, elapsed))
    return np.cumsum((seconds * (2.0 - recall))[order])


def collection(count: int, seed: int, new: float = 0.4) -> list[tuple[float, float, float]]:
    chance = np.random.default_rng(seed)
    stability = np.exp(chance.normal(1.5, 1.2, count))
    elapsed = np.floor(chance.exponential(stability)) + 1
    cards = zip(stability, chance.uniform(1, 10, count), elapsed, strict=True)
    return [NEW if chance.random() < new else card for card in cards]


def test_nothing_to_ask_of_nothing() -> None:
    assert ask() == []


@pytest.mark.parametrize("days_left", [1, 2, 30, 400])
def test_no_time_today_asks_nothing(days_left: int) -> None:
    assert ask(NEW, (3, 5, 4), days_left=days_left, seconds_today=0) == []


def test_what_would_be_known_anyway_is_left_out() -> None:
    firm, just_answered = (5000.0, 5.0, 1.0), (20.0, 5.0, 0.0)
    assert ask(firm, just_answered, NEW, days_left=1) == [2]
    assert ask(firm, days_left=10) == []


def test_on_the_last_day_what_is_most_probably_forgotten_comes_first() -> None:
    order = ask((2, 5, 1), (2, 5, 30), (2, 5, 8), days_left=1)
    assert order == [1, 2, 0]


def test_what_takes_less_time_or_counts_more_comes_first() -> None:
    assert ask(NEW, NEW, NEW, seconds=[40, 10, 20]) == [1, 2, 0]
    assert ask(NEW, NEW, NEW, importance=[1, 3, 2]) == [1, 2, 0]
    assert ask(NEW, NEW, importance=[0, 1]) == [1]


def test_equal_cards_come_in_their_order() -> None:
    assert ask(*[NEW] * 50, seconds_today=20 * 2 * 10) == list(range(10))


@pytest.mark.parametrize("days_left", [1, 3, 14, 60])
@pytest.mark.parametrize("today", [1.0, 600.0, 2400.0])
def test_the_expected_time_fits_and_only_the_last_may_run_over(days_left: int, today: float) -> None:
    cards = collection(500, seed=1)
    seconds = np.random.default_rng(2).choice([10.0, 30.0, 60.0], 500)
    order = np.array(ask(*cards, seconds=seconds, days_left=days_left, seconds_today=today, seconds_later=today))
    used = expected_time(cards, order, seconds)
    assert len(order) == len(set(order.tolist())) > 0
    assert len(order) == 1 or used[-2] < today
    everything = ask(*cards, seconds=seconds, days_left=days_left, seconds_today=1e9, seconds_later=today)
    assert used[-1] >= today or len(order) == len(everything), "no time is left over while a card would add something"


def test_the_same_arguments_give_the_same_order() -> None:
    cards = collection(300, seed=3)
    assert ask(*cards, seconds_today=900) == ask(*cards, seconds_today=900)


def test_a_longer_list_of_the_same_day_begins_with_the_shorter_one() -> None:
    cards = collection(300, seed=4)
    short, long = (ask(*cards, days_left=1, seconds_today=today) for today in (600, 2400))
    assert long[: len(short)] == short


def test_far_from_the_date_new_cards_are_begun_and_at_the_end_they_must_be_worth_it() -> None:
    """With too little time for all, the last days go to what is known a little rather than to what would need more."""
    weak = [(4.0, 5.0, 6.0)] * 100
    cards = [*[NEW] * 100, *weak]
    far = ask(*cards, days_left=20, seconds_today=1200, seconds_later=1200)
    assert sum(place < 100 for place in far) > len(far) / 2


@given(
    st.lists(
        st.one_of(
            st.just(NEW),
            st.tuples(st.floats(1e-4, 1e13), st.floats(1, 10), st.floats(0, 1e6)),
        ),
        max_size=12,
    ),
    st.integers(1, 500),
    st.floats(0, 1e5),
    st.floats(0, 1e5),
)
def test_whatever_the_numbers_each_card_comes_at_most_once(
    cards: list[tuple[float, float, float]], days_left: int, today: float, later: float
) -> None:
    order = ask(*cards, days_left=days_left, seconds_today=today, seconds_later=later)
    assert len(order) == len(set(order))
    assert set(order) <= set(range(len(cards)))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("stability", {"stability": [0.0]}),
        ("stability", {"stability": [[1.0]]}),
        ("stability", {"stability": ["a"]}),
        ("stability", {"stability": [float("inf")]}),
        ("stability", {"stability": [NAN]}),
        ("difficulty", {"difficulty": [11.0]}),
        ("difficulty", {"difficulty": [5.0, 5.0]}),
        ("difficulty", {"difficulty": [NAN]}),
        ("elapsed", {"elapsed": [-1.0]}),
        ("seconds", {"seconds": [0.0]}),
        ("seconds", {"seconds": [NAN]}),
        ("importance", {"importance": [-1.0]}),
        ("importance", {"importance": [1.0, 1.0]}),
        ("days_left", {"days_left": 0}),
        ("days_left", {"days_left": 1.5}),
        ("seconds_today", {"seconds_today": -1.0}),
        ("seconds_today", {"seconds_today": NAN}),
        ("seconds_later", {"seconds_later": -1.0}),
        ("weights", {"weights": [1.0, 2.0]}),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(name: str, arguments: dict[str, Any]) -> None:
    sound: dict[str, Any] = {
        "stability": [3.0], "difficulty": [5.0], "elapsed": [2.0], "seconds": [20.0],
        "days_left": 3, "seconds_today": 60.0, "seconds_later": 60.0,
    }  # fmt: skip
    with pytest.raises(ValueError, match=rf"^{name}: "):
        choose(**(sound | arguments))
