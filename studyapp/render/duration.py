"""Spans of time in words short enough for a screen."""

from __future__ import annotations

from datetime import datetime, timedelta

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0


def short_duration(duration: timedelta) -> str:
    """A length of time in one number and unit: ``45s``, ``10m``, ``3h``, ``8d``, ``2.5mo``, ``1.2y``."""
    return "".join(number_and_unit(duration)) or "now"


def number_and_unit(duration: timedelta) -> tuple[str, str]:
    """A length of time as ``("10", "m")``, in the units ``s``, ``m``, ``h``, ``d``, ``mo`` and ``y``; empty for now."""
    seconds = max(0.0, duration.total_seconds())
    if seconds < 1:
        return "", ""
    if seconds < _MINUTE - 0.5:
        return f"{seconds:.0f}", "s"
    if seconds < _HOUR - 30:
        return f"{seconds / _MINUTE:.0f}", "m"
    if seconds < _DAY - 1800:
        return f"{seconds / _HOUR:.0f}", "h"
    days = seconds / _DAY
    if days < 30.5:
        return f"{days:.0f}", "d"
    if days < 365:
        return _trim(days / 30.4375), "mo"
    return _trim(days / 365.25), "y"


def stopwatch(duration: timedelta) -> str:
    """Minutes and seconds, with hours where there are any: ``0:07``, ``12:40``, ``1:02:03``."""
    seconds = max(0, int(duration.total_seconds()))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def when(moment: datetime, now: datetime) -> str:
    """When a card comes back, in local time: ``in 12 minutes``, ``today at 18:30``, ``in 8 days``."""
    gap = moment - now
    if gap <= timedelta(0):
        return "now"
    if gap < timedelta(hours=1):
        minutes = max(1, round(gap.total_seconds() / _MINUTE))
        return f"in {minutes} minute{'s' if minutes != 1 else ''}"
    there, here = moment.astimezone(), now.astimezone()
    days = (there.date() - here.date()).days
    if days == 0:
        return f"today at {there:%H:%M}"
    if days == 1:
        return "tomorrow"
    if days < 60:
        return f"in {days} days"
    year = f" {there.year}" if there.year != here.year else ""
    return f"on {there.day} {there:%B}{year}"


def _trim(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
