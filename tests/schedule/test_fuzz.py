"""Fuzz: in its range, the same every time, never turning the order of intervals round."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.schedule.fuzz import fuzz_range, fuzzed, unit_interval

chances = st.floats(0, 1, exclude_max=True)
intervals = st.integers(1, 36500)


@pytest.mark.parametrize(
    ("interval", "expected"),
    # spread = 1 + 15 % of days 2.5-7 + 10 % of days 7-20 + 5 % of the days beyond
    [
        (1, (1, 1)),
        (2, (2, 2)),
        (3, (2, 4)),
        (7, (5, 9)),
        (20, (17, 23)),
        (100, (93, 107)),
        (1000, (948, 1052)),
    ],
)
def test_ranges_are_those_of_fsrs(interval, expected):
    assert fuzz_range(interval, 36500) == expected


@given(intervals, st.integers(1, 36500), chances)
def test_fuzz_stays_in_its_range_and_under_the_maximum(interval, maximum, chance):
    shortest, longest = fuzz_range(min(interval, maximum), maximum)
    assert 1 <= shortest <= fuzzed(min(interval, maximum), maximum, chance) <= longest <= maximum


@given(intervals, intervals, chances)
def test_a_longer_interval_never_becomes_the_shorter_one(one, other, chance):
    shorter, longer = sorted((one, other))
    assert fuzzed(shorter, 36500, chance) <= fuzzed(longer, 36500, chance)


def test_every_interval_of_the_range_is_given_about_equally_often():
    given_days = [fuzzed(20, 36500, unit_interval(f"card-{number}", 3)) for number in range(7000)]
    counts = [given_days.count(day) for day in range(17, 24)]
    assert min(counts) > 850 and max(counts) < 1150


def test_the_seed_is_the_card_and_its_answers_and_lasts_for_ever():
    # Changing these numbers would change what earlier answers led to.
    assert unit_interval("bce-mean", 0) == pytest.approx(0.6093140672, abs=1e-9)
    assert unit_interval("bce-mean", 1) != unit_interval("bce-mean", 0)
    assert unit_interval("bce-mean", 1) != unit_interval("bce-meaning", 1)
