"""Whether a target will be reached: what will be known on the date, by topic, and how that compares with before."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from studyapp.planning import forecast
from studyapp.planning.forecast import Estimate, Forecast
from studyapp.target.cards import Source, TargetCards, cards_of
from studyapp.target.target import Said, Target, Targets

WANTED = (0.8, 0.9, 0.95)
"""The shares for which the minutes a day are told."""

MISSED_DAYS = 3
"""After so many days without an answer the plan says what can still be reached."""

_ANSWERED_ON = """
    SELECT DISTINCT result.day FROM result WHERE result.day BETWEEN :first AND :last
"""
_NEVER_ASKED = 0.02
"""A card with less chance of being known is one that the plan does not come to."""


class TopicOutlook(Struct, frozen=True):
    """What will be known of one topic."""

    title: str
    cards: int
    new: int
    nothing_more: float
    plan: float
    left_out: int
    """Cards that the plan does not come to."""


class Outlook(Struct, frozen=True):
    """How a target stands today."""

    target: Target
    cards: int
    new: int
    minutes_today: float
    """What is left of today's minutes."""
    days_left: int
    nothing_more: Estimate
    plan: Estimate
    minutes_for: dict[str, float | None]
    """The minutes a day for a wanted share in percent; None where no day is long enough."""
    ahead: float | None
    """The minutes by which the learner is ahead of what was forecast when the target was set, negative where behind;
    None on the first day."""
    missed: int
    """The days of study without an answer just before today."""
    course: tuple[tuple[int, float], ...]
    """What would be known on the date if the plan were kept up to a day and nothing done after it."""
    topics: tuple[TopicOutlook, ...]
    """The topics, least known first."""

    @property
    def said(self) -> Said:
        """The forecast as it is kept."""
        plan = self.plan
        return Said(self.target.day - self.days_left, self.nothing_more.mean, plan.mean, plan.low, plan.high)


def outlook(target: Target, source: Source, *, thorough: bool = True) -> Outlook:
    """How a target stands; ``thorough`` also looks for the minutes that other shares would take.

    Raises:
        StoreError: the data cannot be read.
    """
    today = source.today
    cards = cards_of(target, source)
    left = max(0.0, target.seconds_on(today) - cards.spent_today)
    first = target.said[0] if target.said and target.said[0].day < today else None
    wanted = {*(WANTED if thorough else ()), *((first.plan,) if first and thorough and 0 < first.plan < 1 else ())}
    found = _forecast(target, cards, source, left, tuple(sorted(wanted)))
    # What is looked for is the mean time of all days; on days off nothing is done.
    days = target.days_left(today)
    study_days = max(1, sum(target.seconds_on(day) > 0 for day in range(today, today + days)))
    ahead = None
    if first is not None and thorough:
        needed = found.seconds_for.get(first.plan)
        if needed is not None:
            ahead = (left + (days - 1) * target.seconds_later(today) - days * needed) / 60.0
    return Outlook(
        target,
        len(cards),
        int(cards.is_new.sum()),
        left / 60.0,
        days,
        found.nothing_more,
        found.plan,
        {f"{100 * share:g}": _minutes(found.seconds_for[share], days / study_days) for share in WANTED if thorough},
        ahead,
        missed_days(target, source),
        tuple((today + day, share) for day, share in found.course),
        _by_topic(cards, found),
    )


def missed_days(target: Target, source: Source) -> int:
    """How many days of study just before today, since the target was set, brought no answer."""
    today = source.today
    answered = {day for (day,) in source.statistics.rows(_ANSWERED_ON, first=target.since, last=today)}
    if today in answered:
        return 0
    missed = 0
    for day in range(today - 1, target.since - 1, -1):
        if day in answered:
            break
        missed += not target.is_off(day)
    return missed


def closed(targets: Targets, source: Source) -> Targets:
    """The targets, with those whose date has passed ended and what is believed to have come of them.

    Raises:
        StoreError: the data cannot be read.
    """
    for target in targets.targets:
        if target.ended is None and target.day < source.today:
            cards = cards_of(target, source)
            came = _forecast(target, cards, source, 0.0, ()).nothing_more.mean if len(cards) else None
            targets = targets.with_target(replace(target, ended=target.day, came=came))
    return targets


def look(targets: Targets, source: Source, *, thorough: bool = True) -> tuple[Targets, tuple[Outlook, ...]]:
    """How the present targets stand, and the targets with today's forecast in them and those that are past closed.

    Raises:
        StoreError: the data cannot be read.
    """
    targets = closed(targets, source)
    outlooks = tuple(outlook(target, source, thorough=thorough) for target in targets.present(source.today))
    for one in outlooks:
        if one.cards:
            targets = targets.with_target(one.target.saying(one.said))
    return targets, outlooks


def _forecast(
    target: Target, cards: TargetCards, source: Source, seconds_today: float, wanted: tuple[float, ...]
) -> Forecast:
    return forecast(
        cards.stability,
        cards.difficulty,
        cards.elapsed,
        cards.seconds,
        days_left=target.days_left(source.today),
        seconds_today=seconds_today,
        seconds_later=target.seconds_later(source.today),
        weights=source.weights,
        importance=cards.importance,
        wanted=wanted,
    )


def _by_topic(cards: TargetCards, found: Forecast) -> tuple[TopicOutlook, ...]:
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, titles in enumerate(cards.topics):
        if cards.importance[place] > 0:
            for title in titles:
                places[title].append(place)
    outlooks = []
    for title, of_topic in places.items():
        chosen = np.array(of_topic)
        played = chosen[~np.isnan(found.recall_by_plan[chosen])]
        if not len(played):
            continue
        plan = found.recall_by_plan[played]
        share = len(chosen) / len(played)
        outlooks.append(
            TopicOutlook(
                title,
                len(chosen),
                int(cards.is_new[chosen].sum()),
                float(found.recall_by_nothing_more[played].mean()),
                float(plan.mean()),
                round(share * int((plan < _NEVER_ASKED).sum())),
            )
        )
    return tuple(sorted(outlooks, key=lambda one: one.plan))


def _minutes(seconds: float | None, stretch: float) -> float | None:
    return None if seconds is None else round(stretch * seconds / 60.0, 1)
