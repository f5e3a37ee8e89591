"""Lengths of time, and when a card comes back, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from studyapp.locale.message import Message
from studyapp.locale.sentences import date_text
from studyapp.render.duration import number_and_unit

_NOW = Message("now")
_UNITS = {
    "s": Message("{number}s"),
    "m": Message("{number}m"),
    "h": Message("{number}h"),
    "d": Message("{number}d"),
    "mo": Message("{number}mo"),
    "y": Message("{number}y"),
}
_IN_MINUTES = Message("in {count} minute", "in {count} minutes")
_TODAY = Message("today at {time}")
_TOMORROW = Message("tomorrow")
_IN_DAYS = Message("in {count} day", "in {count} days")
_ON_DATE = Message("on {date}")


def short_interval(duration: timedelta) -> str:
    """A length of time in one number and unit: ``10m``, ``2.5mo``; in Chinese ``10 分钟``, ``2.5 个月``."""
    number, unit = number_and_unit(duration)
    return _UNITS[unit](number=number) if unit else _NOW()


def when(moment: datetime, now: datetime) -> str:
    """When a card comes back, in local time: ``in 12 minutes``, ``today at 18:30``, ``in 8 days``, ``on 5 Mar``."""
    gap = moment - now
    if gap <= timedelta(0):
        return _NOW()
    if gap < timedelta(hours=1):
        return _IN_MINUTES(count=max(1, round(gap.total_seconds() / 60)))
    there, here = moment.astimezone(), now.astimezone()
    days = (there.date() - here.date()).days
    if days == 0:
        return _TODAY(time=f"{there:%H:%M}")
    if days == 1:
        return _TOMORROW()
    if days < 60:
        return _IN_DAYS(count=days)
    return _ON_DATE(date=date_text(there.date(), year=there.year != here.year))
