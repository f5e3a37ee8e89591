"""Lengths of time in the language of a card."""

from __future__ import annotations

from datetime import datetime, timedelta

from studyapp.language.saying import Saying, is_chinese
from studyapp.render.duration import number_and_unit, when

_NOW = Saying("now")
_LATER = Saying("in {duration}")
_UNITS = {
    "s": Saying("{number}s"),
    "m": Saying("{number}m"),
    "h": Saying("{number}h"),
    "d": Saying("{number}d"),
    "mo": Saying("{number}mo"),
    "y": Saying("{number}y"),
}


def short_interval(duration: timedelta, language: str) -> str:
    """A length of time in one number and unit: ``10m``, ``2.5mo``; in Chinese ``10 分钟``, ``2.5 个月``."""
    number, unit = number_and_unit(duration)
    return _UNITS[unit].to(language, number=number) if unit else _NOW.to(language)


def later(moment: datetime, now: datetime, language: str) -> str:
    """When a card comes back: ``in 12 minutes``; in Chinese ``12 分钟后``."""
    if not is_chinese(language):
        return when(moment, now)
    duration = short_interval(moment - now, language)
    return _LATER.to(language, duration=duration) if any(number_and_unit(moment - now)) else duration
