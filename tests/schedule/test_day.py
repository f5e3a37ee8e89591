"""Study days: four in the morning, daylight saving, other places."""

import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.schedule.day import StudyDays

CENTRAL_EUROPE = "CET-1CEST,M3.5.0,M10.5.0/3"
"""One hour ahead of UTC; summer time from the last Sunday of March, 02:00, to that of October, 03:00."""


@pytest.fixture
def central_europe(monkeypatch):
    """The computer's own zone is Central Europe, with its daylight saving."""
    if not hasattr(time, "tzset"):
        pytest.skip("this system has no way to change a process's zone")
    monkeypatch.setenv("TZ", CENTRAL_EUROPE)
    time.tzset()
    yield StudyDays()
    monkeypatch.undo()
    time.tzset()


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone()


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-07-01T03:59:59", date(2026, 6, 30)),
        ("2026-07-01T04:00:00", date(2026, 7, 1)),
        ("2026-07-02T03:59:59", date(2026, 7, 1)),
        ("2024-02-29T12:00:00", date(2024, 2, 29)),
        ("2024-03-01T01:00:00", date(2024, 2, 29)),
        # The clocks go forward at 02:00 and back at 03:00: the day still begins at four.
        ("2026-03-29T03:30:00", date(2026, 3, 28)),
        ("2026-03-29T04:00:00", date(2026, 3, 29)),
        ("2026-10-25T02:30:00", date(2026, 10, 24)),
        ("2026-10-25T04:00:00", date(2026, 10, 25)),
    ],
)
def test_a_day_lasts_from_four_to_four(central_europe, moment, day):
    assert central_europe.day_of(local(moment)) == day.toordinal()


def test_days_are_23_or_25_hours_long_where_the_clocks_change(central_europe):
    def length(day: date) -> timedelta:
        start = day.toordinal()
        return central_europe.start_of(start + 1) - central_europe.start_of(start)

    assert length(date(2026, 3, 28)) == timedelta(hours=23)
    assert length(date(2026, 10, 24)) == timedelta(hours=25)
    assert length(date(2026, 7, 1)) == timedelta(hours=24)


def test_the_day_begins_at_the_change_where_its_hour_is_skipped(central_europe):
    days = StudyDays(start_hour=2)
    start = days.start_of(date(2026, 3, 29).toordinal())
    assert start == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert days.day_of(start) == date(2026, 3, 29).toordinal()
    assert days.day_of(start - timedelta(milliseconds=1)) == date(2026, 3, 28).toordinal()


@pytest.mark.parametrize("hour", range(24))
def test_the_first_instant_of_a_day_belongs_to_it_and_the_one_before_does_not(central_europe, hour):
    days = StudyDays(start_hour=hour)
    for day in range(date(2026, 3, 25).toordinal(), date(2026, 4, 2).toordinal()):
        start = days.start_of(day)
        assert days.day_of(start) == day
        assert days.day_of(start - timedelta(milliseconds=1)) == day - 1


@given(
    instant=st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),
    offset=st.integers(-12 * 60, 14 * 60),
    hour=st.integers(0, 23),
)
def test_every_instant_lies_in_its_day(instant, offset, hour):
    days = StudyDays(timezone(timedelta(minutes=offset)), hour)
    day = days.day_of(instant)
    assert days.start_of(day) <= instant < days.start_of(day + 1)
    assert days.utc_offset_minutes(instant) == offset


def test_the_far_future_does_not_overflow():
    assert StudyDays(UTC).start_of(10**7).year == 9999


def test_an_hour_that_no_day_has_is_refused():
    with pytest.raises(ValueError, match="start_hour"):
        StudyDays(start_hour=24)
