"""What a second of each day is worth: found by playing the days that are left with a sample of the cards.

On each day the cards are asked by what they add per second, until the time is used; what the last one adds is the price
of that day's seconds. From the prices follows a better policy (`policy`), from that other prices.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from studyapp.planning.answering import FIRST_RATINGS, Memory, Real
from studyapp.planning.cards import Cards, Stages
from studyapp.planning.policy import Policy, corners

LEAST_GAIN = 1e-4
"""A turn that adds less to the chance of recall adds nothing."""

_MOST_KINDS = 4
_SAMPLE = 240
_ROUNDS = 2


Kinds: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64], Real]


class Played(Struct, frozen=True, eq=False):
    """How the days went."""

    prices: Real
    """What a second of each stage was worth."""
    spent: Real
    """The seconds used on each stage."""
    recall: Real
    """The chance of remembering each card at the end of the last day; 0 for one never seen."""
    course: Real
    """The importance-weighted mean of that chance for the end of each stage, were nothing more done from then on."""


class Market:
    """The prices of the days that are left, and the policy that follows from them."""

    def __init__(self, memory: Memory, cards: Cards, stages: Stages) -> None:
        self.memory, self.stages = memory, stages
        cost = cards.seconds / np.where(cards.importance > 0, cards.importance, 1.0)
        self._levels = _levels(cost[cards.importance > 0])
        places = sampled(cards, _SAMPLE)
        sample = cards.some(places)
        budgets = np.array(stages.budgets) * (len(places) / len(cards))
        prices = self.play(Policy(memory, stages, self._levels, [np.inf] * len(budgets)), sample, budgets).prices
        for _ in range(_ROUNDS if len(budgets) > 1 else 0):
            policy = Policy(memory, stages, self._levels, list(prices))
            prices = np.sqrt(np.maximum(prices, 1e-12) * np.maximum(self.play(policy, sample, budgets).prices, 1e-12))
        self.policy = Policy(memory, stages, self._levels, list(prices))

    def kinds(self, cards: Cards) -> Kinds:
        """The two kinds between which each card costs, and the share of the upper one."""
        cost = np.log(cards.seconds / np.where(cards.importance > 0, cards.importance, 1.0))
        logs = np.log(self._levels)
        if len(logs) == 1:
            nowhere = np.zeros(len(cards), dtype=np.int64)
            return nowhere, nowhere, np.zeros(len(cards))
        low = np.clip(np.searchsorted(logs, cost, side="right") - 1, 0, len(logs) - 2)
        return low, low + 1, np.clip((cost - logs[low]) / (logs[low + 1] - logs[low]), 0.0, 1.0)

    def rates(self, policy: Policy, stage: int, cards: Cards, kinds: Kinds, recall: Real) -> tuple[Real, Real]:
        """What each card adds per second on a stage, and the seconds that its turn is expected to take."""
        low, high, share = kinds
        places = corners(cards.stability, cards.difficulty, cards.elapsed)
        new = policy.new_gains[stage]
        gain = np.where(cards.is_new, new[low], policy.gain(stage, low, places))
        if share.any():
            above = np.where(cards.is_new, new[high], policy.gain(stage, high, places))
            gain = gain + share * (above - gain)
        seconds = cards.seconds * np.where(cards.is_new, 2.0, 2.0 - recall)
        rate = np.where(gain > LEAST_GAIN, gain * cards.importance / seconds, 0.0)
        return rate, seconds

    def play(self, policy: Policy, cards: Cards, budgets: Real, ease: Real | float = 1.0, seed: int = 0) -> Played:
        """The days that are left, played with the cards; what is remembered is drawn.

        ``ease`` is by how much longer the cards truly last than is believed: the belief follows from the ratings.
        """
        chance = np.random.default_rng(seed)
        ease = np.broadcast_to(ease, len(cards))
        stability, difficulty, elapsed = cards.stability.copy(), cards.difficulty.copy(), cards.elapsed.copy()
        new, kinds = cards.is_new.copy(), self.kinds(cards)
        prices, spent, course = np.zeros(len(budgets)), np.zeros(len(budgets)), np.zeros(len(budgets))
        left = sum(self.stages.days) - 1
        total = max(float(cards.importance.sum()), 1e-300)
        first_s = np.array([float(one) for one, _ in self.memory.first])
        first_d = np.array([float(one) for _, one in self.memory.first])
        for stage, budget in enumerate(budgets):
            now = Cards(stability, difficulty, elapsed, cards.seconds, cards.importance, new)
            recall = self.memory.recall(stability, elapsed)
            rate, seconds = self.rates(policy, stage, now, kinds, recall)
            order = np.argsort(-rate, kind="stable")
            order = order[rate[order] > 0]
            used = np.cumsum(seconds[order])
            count = int(np.searchsorted(used - seconds[order], budget, side="left"))
            asked = order[:count]
            prices[stage] = rate[order[count]] if count < len(order) else 0.0
            spent[stage] = used[count - 1] if count else 0.0
            if count:
                turn = self.memory.turn(stability[asked], difficulty[asked], elapsed[asked])
                good = chance.random(count) < self.memory.recall(stability[asked] * ease[asked], elapsed[asked])
                first = chance.choice(4, count, p=FIRST_RATINGS)
                was_new = new[asked]
                stability[asked] = np.where(
                    was_new, first_s[first], np.where(good, turn.remembered[0], turn.forgotten[0])
                )
                difficulty[asked] = np.where(
                    was_new, first_d[first], np.where(good, turn.remembered[1], turn.forgotten[1])
                )
                elapsed[asked] = 0.0
                new[asked] = False
            at_end = np.where(new, 0.0, self.memory.recall(stability * ease, elapsed + left))
            course[stage] = cards.importance @ at_end / total
            elapsed = elapsed + self.stages.days[stage]
            left -= self.stages.days[stage]
        return Played(prices, spent, at_end, course)


def sampled(cards: Cards, most: int) -> NDArray[np.int64]:
    """The places of at most so many of the cards, spread over all their stabilities."""
    ranks = np.linspace(0, len(cards) - 1, min(len(cards), most)).round().astype(np.int64)
    order: NDArray[np.int64] = np.lexsort((cards.stability, cards.is_new))
    return order[ranks]


def _levels(cost: Real) -> Real:
    """A few costs that stand for all."""
    if not len(cost):
        return np.ones(1)
    low, high = float(cost.min()), float(cost.max())
    if high <= 1.05 * low:
        return np.array([np.sqrt(low * high)])
    return np.unique(np.quantile(cost, np.linspace(0.0, 1.0, _MOST_KINDS)))
