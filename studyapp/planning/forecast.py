"""What will be known on the day: with nothing more, with the plan, and how long a wanted share would take."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike

from studyapp.planning.answering import Memory, Real
from studyapp.planning.cards import Cards, Stages, checked_weights
from studyapp.planning.market import Market, sampled

DOUBT = 0.4
"""How far a learner's memory is believed to differ from the model: the standard deviation of the logarithm of how much
longer or shorter their cards last."""

SPREAD = 0.3
"""The same from card to card within one learner."""

_EIGHTY = 1.2816
"""The normal quantile of 0.9: an 80 % band leaves a tenth on each side."""

_MOST_PLAYED = 1500
_SECONDS = (60.0, 12 * 3600.0)
_STEPS = 9


class Estimate(Struct, frozen=True):
    """An expected share, 0 to 1, and the band in which it lies in 8 cases of 10."""

    mean: float
    low: float
    high: float


class Forecast(Struct, frozen=True, eq=False):
    """The importance-weighted share of the cards that is known at the end of the last day."""

    nothing_more: Estimate
    plan: Estimate
    course: tuple[tuple[int, float], ...]
    """For days from today on (0 is today) what would be known on the day if nothing more were done after them."""
    seconds_for: dict[float, float | None]
    """The seconds a day that lead to a wanted mean; None where twelve hours a day do not."""
    recall_by_nothing_more: Real
    """The chance of knowing each card on the day if nothing more is done; NaN for cards left out of a large sample."""
    recall_by_plan: Real
    """The same if the plan is kept."""


def forecast(
    stability: ArrayLike,
    difficulty: ArrayLike,
    elapsed: ArrayLike,
    seconds: ArrayLike,
    *,
    days_left: int,
    seconds_today: float,
    seconds_later: float,
    weights: Any = None,
    importance: ArrayLike | None = None,
    wanted: Iterable[float] = (),
) -> Forecast:
    """What will be known at the end of the last day, from what `choose` takes; ``wanted`` are shares, 0 to 1, for which
    the seconds a day are looked for.

    Raises:
        ValueError: an argument that cannot be, by its name.
    """
    cards = Cards.checked(stability, difficulty, elapsed, seconds, importance)
    stages = Stages.until(days_left, seconds_today, seconds_later)
    memory = Memory(checked_weights(weights))
    shares = tuple(wanted)
    if not all(0 < share < 1 for share in shares):
        raise ValueError(f"wanted: expected shares between 0 and 1, got {shares!r}")
    if not len(cards) or not cards.importance.any():
        nothing = Estimate(0.0, 0.0, 0.0)
        unknown = np.full(len(cards), np.nan)
        return Forecast(nothing, nothing, (), dict.fromkeys(shares), unknown, unknown)
    played = _Forecaster(memory, cards)
    plan, course, recall = played.plan(stages)
    days = np.cumsum(stages.days) - 1
    return Forecast(
        played.nothing_more(days_left),
        plan,
        tuple((int(day), float(share)) for day, share in zip(days, course, strict=True)),
        {share: played.seconds_for(share, days_left) for share in shares},
        played.of_all(played.without_more(days_left)),
        played.of_all(recall),
    )


class _Forecaster:
    def __init__(self, memory: Memory, cards: Cards) -> None:
        self._memory = memory
        self._all = cards
        self._places = sampled(cards, _MOST_PLAYED)
        self._cards, self._scale = cards.some(self._places), len(self._places) / len(cards)
        self._ease = np.exp(SPREAD * np.random.default_rng(1).standard_normal(len(self._cards)))
        self._means: dict[float, float] = {}

    def nothing_more(self, days_left: int) -> Estimate:
        """Were no card asked any more."""

        def mean(doubt: float) -> float:
            return self._mean(self.without_more(days_left, doubt))

        return self._estimate(mean(-_EIGHTY * DOUBT), mean(0.0), mean(_EIGHTY * DOUBT))

    def without_more(self, days_left: int, doubt: float = 0.0) -> Real:
        """The chance of knowing each card of the sample on the day, were none asked any more."""
        ease = self._ease * math.exp(doubt)
        recall = self._memory.recall(self._cards.stability * ease, self._cards.elapsed + days_left - 1)
        return np.where(self._cards.is_new, 0.0, recall)

    def of_all(self, recall: Real) -> Real:
        """What is known of the sample, as an array of all cards."""
        found = np.full(len(self._all), np.nan)
        found[self._places] = recall
        return found

    def plan(self, stages: Stages) -> tuple[Estimate, Real, Real]:
        """Were the plan kept; the course that leads there, and the chance of knowing each card of the sample."""
        market = Market(self._memory, self._all, stages)
        budgets = np.array(stages.budgets) * self._scale
        low, middle, high = (
            market.play(market.policy, self._cards, budgets, self._ease * math.exp(doubt))
            for doubt in (-_EIGHTY * DOUBT, 0.0, _EIGHTY * DOUBT)
        )
        return self._estimate(*(self._mean(one.recall) for one in (low, middle, high))), middle.course, middle.recall

    def seconds_for(self, share: float, days_left: int) -> float | None:
        """The seconds a day that lead to a mean, found by halving on a scale of ratios."""
        low, high = (math.log(one) for one in _SECONDS)
        if self._with(high, days_left) < share:
            return None
        if self.nothing_more(days_left).mean >= share:
            return 0.0
        for _ in range(_STEPS):
            middle = (low + high) / 2
            if self._with(middle, days_left) < share:
                low = middle
            else:
                high = middle
        return math.exp(high)

    def _with(self, log_seconds: float, days_left: int) -> float:
        if log_seconds not in self._means:
            seconds = math.exp(log_seconds)
            self._means[log_seconds] = self.plan(Stages.until(days_left, seconds, seconds))[0].mean
        return self._means[log_seconds]

    def _mean(self, recall: Real) -> float:
        return float(self._cards.importance @ recall / self._cards.importance.sum())

    def _estimate(self, low: float, middle: float, high: float) -> Estimate:
        """The band, wider by what chance does to a share of so many cards."""
        chance = _EIGHTY * math.sqrt(max(middle * (1 - middle), 0.0) / len(self._all)) * SPREAD
        low, high = min(low, middle), max(high, middle)
        return Estimate(
            middle,
            max(0.0, middle - math.hypot(middle - low, chance)),
            min(1.0, middle + math.hypot(high - middle, chance)),
        )
