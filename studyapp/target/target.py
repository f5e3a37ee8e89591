"""A target as plain values, and the file that keeps all of them.

A day is the ordinal of a study day (`schedule.day`). Targets that are over are kept with what came of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Self

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from studyapp.deck.atomic import set_aside, write_atomically
from studyapp.locale.message import Message
from studyapp.plain_file import read_plain

MOST_MINUTES = 24 * 60
MOST_DAYS = 3650
MOST_TARGETS = 50
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

WARM_UP_MINUTES = 10.0
"""On the day itself, at most."""

USUAL_MINUTES = 30.0
"""Minutes a day where none are named."""

_MOST_BYTES = 5_000_000

_PAST = Message("{date} is not after today: a target is a day to come, at most {most} days away.")
_MINUTES = Message("{minutes} minutes a day cannot be: 1 to {most} can.")
_DAY_OFF = Message("{word} is no day off: write days of the week ({days}) or dates such as 2026-12-01.")
_WEIGHT = Message("{word} has a weight of {weight}: weights are numbers from 0 to 100.")
_NO_DATE = Message("{word} is no date: write it as 2026-12-09.")
_NEEDS_DATE = Message("A target needs its date: --date 2026-12-09.")
_NO_TARGET = Message("There is no target {number}: {known}.")
_KNOWN, _NONE_KNOWN = Message("there are {numbers}"), Message("there is none")
_UNREADABLE = Message("The targets cannot be read; {where}.")
_KEPT_AS, _LEFT_AS = Message("they are kept as {path}"), Message("they were left as {path}")


class TargetError(ValueError):
    """A target that cannot be, or a file of targets that cannot be read; the message says what would be right."""


class Said(Struct, frozen=True):
    """What was forecast on a day: the share known on the date if nothing more were done, and if the plan is kept."""

    day: int
    nothing_more: float
    plan: float
    low: float
    high: float


class Target(Struct, frozen=True, omit_defaults=True):
    """To know some cards on a date, with so many minutes a day until then."""

    number: int
    day: int
    """The date: the day after the last whole day of study."""
    minutes: float
    since: int
    """The day on which it was set."""
    decks: tuple[str, ...] = ()
    """Names of decks or folders; all decks that are on where there are none."""
    search: str = ""
    """A search that its cards fit, as in ``studyapp cards``."""
    days_off: tuple[str, ...] = ()
    """Days of the week (``sun``) and dates on which nothing is studied."""
    weights: dict[str, float] = {}
    """What a tag, a topic or a deck counts, where that is not 1."""
    said: tuple[Said, ...] = ()
    """What was forecast, one entry a day."""
    ended: int | None = None
    """The day on which it was given up or had passed."""
    came: float | None = None
    """What was believed to be known when it had passed."""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.minutes) and 1 <= self.minutes <= MOST_MINUTES):
            raise TargetError(_MINUTES(minutes=f"{self.minutes:g}", most=MOST_MINUTES))
        for word in self.days_off:
            if word not in WEEKDAYS:
                day_named(word, _DAY_OFF(word=word, days=", ".join(WEEKDAYS)))
        for word, weight in self.weights.items():
            if not (math.isfinite(weight) and 0 <= weight <= 100):
                raise TargetError(_WEIGHT(word=word, weight=f"{weight:g}"))

    @classmethod
    def new(cls, number: int, day: int, minutes: float, today: int, **more: object) -> Self:
        """A target from today on.

        Raises:
            TargetError: it cannot be; the message says why.
        """
        if not 0 < day - today <= MOST_DAYS:
            raise TargetError(_PAST(date=date.fromordinal(day), most=MOST_DAYS))
        return cls(number, day, minutes, today, **more)  # type: ignore[arg-type]

    @property
    def date(self) -> date:
        """The date as people write it."""
        return date.fromordinal(self.day)

    def is_off(self, day: int) -> bool:
        """Whether a day is one of the days off."""
        at = date.fromordinal(day)
        return WEEKDAYS[at.weekday()] in self.days_off or at.isoformat() in self.days_off

    def seconds_on(self, day: int) -> float:
        """The time for a day: on the date itself that of a short warm-up, none on days off and when it is over."""
        if day > self.day or self.ended is not None or self.is_off(day):
            return 0.0
        return 60.0 * (min(WARM_UP_MINUTES, self.minutes) if day == self.day else self.minutes)

    def days_left(self, today: int) -> int:
        """The days of study, today included; at least one."""
        return max(1, self.day - today)

    def seconds_later(self, today: int) -> float:
        """The mean time of the days between today and the date."""
        later = range(today + 1, self.day)
        return sum(map(self.seconds_on, later)) / len(later) if later else 0.0

    def changed(self, today: int, **given: Any) -> Self:
        """The target with other values; what was forecast for another date or other cards is begun again.

        Raises:
            TargetError: it cannot be so; the message says why.
        """
        if given.get("day", self.day) != self.day:
            self.new(self.number, given["day"], self.minutes, today)
        changed = replace(self, **given, ended=None)
        if all(getattr(changed, name) == getattr(self, name) for name in ("day", "decks", "search", "weights")):
            return changed
        return replace(changed, said=(), since=today)

    def saying(self, said: Said) -> Self:
        """The target with the forecast of a day, in the place of an earlier one of that day."""
        return replace(self, said=(*(one for one in self.said if one.day != said.day), said))


class Targets(Struct, frozen=True):
    """All targets of a user, the newest last."""

    targets: tuple[Target, ...] = ()

    def present(self, today: int) -> tuple[Target, ...]:
        """Those that are neither ended nor past, the nearest date first."""
        found = [one for one in self.targets if one.ended is None and one.day >= today]
        return tuple(sorted(found, key=lambda one: (one.day, one.number)))

    def past(self, today: int) -> tuple[Target, ...]:
        """Those that are over, the latest first."""
        over = [one for one in self.targets if one.ended is not None or one.day < today]
        return tuple(sorted(over, key=lambda one: (-one.day, -one.number)))

    def with_target(self, target: Target) -> Targets:
        """With a target in the place of that of its number, or as a new one."""
        rest = [one for one in self.targets if one.number != target.number]
        return Targets(tuple(sorted([*rest, target], key=lambda one: one.number))[-MOST_TARGETS:])

    def with_new(self, today: int, **given: Any) -> Targets:
        """With a new target, which needs at least its day.

        Raises:
            TargetError: it cannot be; the message says why.
        """
        if "day" not in given:
            raise TargetError(_NEEDS_DATE())
        number = max((one.number for one in self.targets), default=0) + 1
        return self.with_target(Target.new(number, **{"minutes": USUAL_MINUTES, **given, "today": today}))

    def named(self, number: int) -> Target:
        """The target of a number.

        Raises:
            TargetError: there is none.
        """
        found = next((one for one in self.targets if one.number == number), None)
        if found is None:
            numbers = ", ".join(str(one.number) for one in self.targets)
            raise TargetError(_NO_TARGET(number=number, known=_KNOWN(numbers=numbers) if numbers else _NONE_KNOWN()))
        return found

    def with_ended(self, number: int, today: int) -> Targets:
        """With a target given up.

        Raises:
            TargetError: there is none of that number.
        """
        return self.with_target(replace(self.named(number), ended=today))


def day_named(text: str, otherwise: str = "") -> int:
    """The day of a date as people write it.

    Raises:
        TargetError: it is no date.
    """
    try:
        return date.fromisoformat(text.strip()).toordinal()
    except ValueError:
        raise TargetError(otherwise or _NO_DATE(word=text)) from None


def days_off_named(words: Sequence[str]) -> tuple[str, ...]:
    """Days off as they are kept: ``Sunday`` and ``sun`` are one."""
    lowered = [word.strip().lower() for text in words for word in text.split(",") if word.strip()]
    return tuple(dict.fromkeys(word[:3] if word[:3] in WEEKDAYS and word.isalpha() else word for word in lowered))


def load(path: Path) -> Targets:
    """The targets in a file; none where there is no file.

    Raises:
        TargetError: it cannot be read; it was put aside, and the message says where.
    """
    try:
        return msgspec.json.decode(read_plain(path, _MOST_BYTES), type=Targets)
    except FileNotFoundError:
        return Targets()
    except (OSError, msgspec.MsgspecError, UnicodeError, RecursionError, ValueError, OverflowError):
        aside = set_aside(path)
        where = _KEPT_AS(path=aside) if aside is not None else _LEFT_AS(path=path)
        raise TargetError(_UNREADABLE(where=where)) from None


def save(path: Path, targets: Targets) -> None:
    """Write the targets; the file is there whole or as it was before.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = msgspec.json.format(msgspec.json.encode(targets), indent=1).decode("utf-8")
    write_atomically(path, text, mode=0o600)
