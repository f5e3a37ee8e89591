"""Spans of time in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from studyapp.render.duration import short_duration, stopwatch, when


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "now"), (0, "now"), (30, "30s"), (59.9, "1m"), (600, "10m"), (3599, "1h"), (7200, "2h"), (86399, "1d"),
        (8 * 86400, "8d"), (30 * 86400, "30d"), (76 * 86400, "2.5mo"), (365.25 * 86400, "1y"), (1000 * 86400, "2.7y"),
    ],
)  # fmt: skip
def test_intervals(seconds, text):
    assert short_duration(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(("seconds", "text"), [(-1, "0:00"), (7, "0:07"), (760, "12:40"), (3723, "1:02:03")])
def test_clocks(seconds, text):
    assert stopwatch(timedelta(seconds=seconds)) == text


def test_when_a_card_comes_back():
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert when(now - timedelta(hours=1), now) == "now"
    assert when(now + timedelta(seconds=61), now) == "in 1 minute"
    assert when(now + timedelta(minutes=12), now) == "in 12 minutes"
    assert when(now + timedelta(days=8), now) == "in 8 days"
    assert when(now + timedelta(days=400), now).endswith(" 2027")
