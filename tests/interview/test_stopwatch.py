"""The time spent on one question."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from studyapp.interview.stopwatch import Stopwatch

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_only_the_time_between_start_and_stop_counts():
    watch = Stopwatch(5)
    watch.start(after(0))
    watch.start(after(3))
    assert watch.running and watch.seconds(after(10)) == 15
    watch.stop(after(10))
    watch.stop(after(50))
    assert not watch.running and watch.seconds(after(100)) == 15
    watch.start(after(200))
    assert watch.seconds(after(201)) == 16


def test_a_clock_that_is_set_back_takes_nothing_away():
    watch = Stopwatch()
    watch.start(after(100))
    watch.stop(after(40))
    assert watch.seconds(after(0)) == 0
