"""What will be known on the day."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from studyapp.planning import Forecast, forecast
from studyapp.planning.answering import Memory
from studyapp.schedule import fsrs6
from tests.planning.test_choose import NEW, collection

CARDS = collection(200, seed=7)


def said(
    cards: list[tuple[float, float, float]] = CARDS, days_left: int = 10, minutes: float = 20.0, **more: object
) -> Forecast:
    columns = np.array(cards, dtype=float).reshape(-1, 3).T
    seconds = 60.0 * minutes
    return forecast(
        *columns, np.full(len(cards), 20.0), days_left=days_left, seconds_today=seconds, seconds_later=seconds, **more
    )  # type: ignore[arg-type]


def test_a_band_holds_its_mean_and_stays_a_share() -> None:
    for minutes in (0.0, 5.0, 60.0):
        one = said(minutes=minutes)
        for estimate in (one.nothing_more, one.plan):
            assert 0.0 <= estimate.low <= estimate.mean <= estimate.high <= 1.0


def test_nothing_more_is_what_the_model_says_of_the_day() -> None:
    """For equal cards known from their stability; new ones are not known."""
    cards = [(10.0, 5.0, 2.0)] * 60 + [NEW] * 40
    expected = 0.6 * float(Memory().recall(np.array([10.0]), 2.0 + 9)[0])
    assert said(cards).nothing_more.mean == pytest.approx(expected, abs=0.02)


def test_more_time_leads_to_more() -> None:
    means = [said(minutes=minutes).plan.mean for minutes in (0.0, 2.0, 5.0, 10.0, 20.0, 60.0)]
    assert means[0] == pytest.approx(said().nothing_more.mean, abs=1e-9)
    assert means == sorted(means)
    assert means[-1] > 0.95


def test_the_time_for_a_wanted_share_leads_there() -> None:
    found = said(wanted=(0.7, 0.9)).seconds_for
    for share, seconds in found.items():
        assert seconds is not None
        assert said(minutes=seconds / 60).plan.mean == pytest.approx(share, abs=0.02)


def test_what_is_known_already_takes_no_time_and_what_cannot_be_reached_has_none() -> None:
    firm = [(10000.0, 3.0, 1.0)] * 20
    assert said(firm, wanted=(0.9,)).seconds_for == {0.9: 0.0}
    too_many = [NEW] * 20000
    assert said(too_many, days_left=1, wanted=(0.95,)).seconds_for == {0.95: None}


def test_the_course_rises_to_the_plan() -> None:
    one = said()
    days, shares = zip(*one.course, strict=True)
    assert days == tuple(range(10))
    assert shares[-1] == pytest.approx(one.plan.mean)
    assert shares[0] >= one.nothing_more.mean
    assert all(after >= before - 0.03 for before, after in pairwise(shares))


def test_of_no_cards_nothing_is_said() -> None:
    assert said([]).plan.mean == 0.0


@pytest.mark.parametrize("share", [0.0, 1.0, -1.0, float("nan")])
def test_a_wanted_share_lies_between_0_and_1(share: float) -> None:
    with pytest.raises(ValueError, match=r"^wanted: "):
        said(wanted=(share,))


def test_a_turn_is_what_the_scheduler_makes_of_the_same_answers() -> None:
    """Remembered is Good; forgotten is Again and Good on the same day; new is a first rating and Good."""
    memory = Memory()
    c, ops = memory.constants, fsrs6.FLOATS
    turn = memory.turn(np.array([8.0]), np.array([6.0]), np.array([12.0]))
    stability, difficulty = fsrs6.stabilities(c, False, 8.0, 6.0, 12.0, ops), fsrs6.difficulties(c, False, 6.0, ops)
    assert turn.remembered[0][0] == pytest.approx(stability[2], rel=1e-12)
    assert turn.remembered[1][0] == pytest.approx(difficulty[2], rel=1e-12)
    second = fsrs6.stabilities(c, False, stability[0], difficulty[0], 0.0, ops)[2]
    assert turn.forgotten[0][0] == pytest.approx(second, rel=1e-12)
    assert turn.recall[0] == pytest.approx(fsrs6.recall(12.0, 8.0, c.decay, c.factor, ops), rel=1e-12)
    for grade, (first, _) in enumerate(memory.first):
        begun = c.first_stability[grade]
        again = fsrs6.stabilities(c, False, begun, c.first_difficulty[grade], 0.0, ops)[2]
        assert float(first) == pytest.approx(again, rel=1e-12)
