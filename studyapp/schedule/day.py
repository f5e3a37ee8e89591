"""Study days: days that begin at an hour of the night at which nobody studies.

A study day is a plain integer, the proleptic ordinal of the local date on which it begins, so that the
difference of two of them is a number of days whatever daylight saving did in between.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo

from msgspec import Struct

LAST_DAY = date.max.toordinal() - 1
"""The last day that can be scheduled; a clock set to the far future must not overflow the calendar."""


class StudyDays(Struct, frozen=True):
    """The study days of one place. ``zone`` None is the computer's own zone with its daylight saving."""

    zone: tzinfo | None = None
    start_hour: int = 4

    def __post_init__(self) -> None:
        if not 0 <= self.start_hour <= 23:
            raise ValueError(f"start_hour: expected 0 to 23, got {self.start_hour}")

    def day_of(self, instant: datetime) -> int:
        """The study day that ``instant`` (aware) belongs to: 03:59 still belongs to the evening before."""
        wall = instant.astimezone(self.zone).replace(tzinfo=None)
        return (wall - timedelta(hours=self.start_hour)).date().toordinal()

    def start_of(self, day: int) -> datetime:
        """The instant, in UTC, at which study day ``day`` begins.

        Where daylight saving skips the starting hour, the day begins at the moment of the change.
        """
        begin = date.fromordinal(min(day, LAST_DAY))
        wall = datetime(begin.year, begin.month, begin.day, self.start_hour)
        local = wall.astimezone() if self.zone is None else wall.replace(tzinfo=self.zone)
        start = local.astimezone(UTC)
        shown = start.astimezone(self.zone).replace(tzinfo=None)
        # A skipped hour may be read as one before the change, which is still the day before.
        return start + max(wall - shown, timedelta())

    def utc_offset_minutes(self, instant: datetime) -> int:
        """Minutes by which local time is ahead of UTC at ``instant``."""
        offset = instant.astimezone(self.zone).utcoffset()
        return round(offset.total_seconds() / 60) if offset else 0
