"""What time it is, as a value that is passed in: tests and replays bring their own clock.

Instants are aware datetimes in UTC with whole milliseconds, so that a stored instant comes back equal.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

EARLIEST, LATEST = -62_000_000_000_000, 253_000_000_000_000
"""Milliseconds since 1970 that a datetime can hold, with some room."""


class Clock(Protocol):
    """Anything that says what time it is when called: an aware datetime in UTC."""

    def __call__(self) -> datetime:
        """The present instant."""
        ...


def system_clock() -> datetime:
    """The computer's clock. It may jump: a difference of two of its readings can be negative."""
    return datetime.now(UTC)


def whole_milliseconds(instant: datetime) -> datetime:
    """``instant`` in UTC without the microseconds that are not stored."""
    instant = instant.astimezone(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def to_milliseconds(instant: datetime) -> int:
    """Milliseconds from 1970 to ``instant``, exact for any year."""
    return (instant - _EPOCH) // timedelta(milliseconds=1)


def from_milliseconds(milliseconds: int) -> datetime:
    """The instant, in UTC, that many milliseconds after 1970."""
    return _EPOCH + timedelta(milliseconds=milliseconds)
