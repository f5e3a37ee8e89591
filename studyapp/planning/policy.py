"""What a turn with a card is worth on each day, where every later second has its price.

Time is scarce, and a second of a later day is worth what it would bring there: its price λ. With the prices given each
card can be planned for itself, by dynamic programming backwards from the date over a grid of stability, difficulty and
days since the last answer: on each day it is either left alone or asked, at the price of the time that this takes.
(Whittle's relaxation of a restless bandit: the budgets hold on average, and the prices are what makes them hold.)
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from studyapp.planning.answering import FIRST_RATINGS, Memory, Real
from studyapp.planning.cards import Stages

_STABILITIES = np.geomspace(0.02, 5000.0, 27)
_DIFFICULTIES = np.array([1.0, 4.0, 7.0, 10.0])
_ELAPSED = np.array([0, 1, 2, 3, 4, 5, 7, 9, 12, 16, 21, 28, 40, 60, 90, 150, 400, 3000], dtype=float)
_SHAPE = (len(_DIFFICULTIES), len(_STABILITIES), len(_ELAPSED))

_HAZARD = 0.03
"""The chance that a later day is the first of those on which nothing is done any more: what can be had today is worth a
little more than the same tomorrow, even where time is plenty."""

Corners = Sequence[tuple[NDArray[np.int64], Real]]
"""Places in the grid, flattened, and the share of each: a linear interpolation."""


class Policy:
    """The gain of a turn on each stage, for some prices.

    ``kinds`` are the seconds that a unit of importance costs (seconds / importance), the classes of cards that are told
    apart; ``prices`` the importance-weighted recall that a second of each stage is worth elsewhere.
    """

    def __init__(self, memory: Memory, stages: Stages, kinds: Real, prices: Sequence[float]) -> None:
        self._kinds = kinds
        self._memory = memory
        self.gains: list[Real] = []
        """For each stage what a turn adds to the expected recall on the day, by kind and place in the grid."""
        self.new_gains: list[Real] = []
        """The same for cards never seen, by kind."""
        self._plan(_grid(memory.weights), stages, prices)

    def _plan(self, grid: _Grid, stages: Stages, prices: Sequence[float]) -> None:
        count, last = len(self._kinds), len(stages.days) - 1
        shares = np.array(FIRST_RATINGS)
        value = np.zeros((0,))
        value_new = np.zeros(count)
        left = 0
        for stage in range(last, -1, -1):
            days = stages.days[stage]
            left += days
            skipped = np.broadcast_to(grid.recall(left - 1), (count, grid.size))
            after = np.broadcast_to(grid.recall_after(left - 1), (count, grid.columns))
            skipped_new = np.zeros(count)
            if stage < last:
                goes_on = (1.0 - _HAZARD) ** days
                skipped = skipped + goes_on * (_blend(value, grid.later(days)) - skipped)
                after = after + goes_on * (_blend(value, grid.after(days)) - after)
                skipped_new = goes_on * value_new
            turn = grid.chance * _blend(after, grid.remembered) + (1.0 - grid.chance) * _blend(after, grid.forgotten)
            gain = turn - skipped
            new_gain = _blend(after, grid.first) @ shares - skipped_new
            cost = np.where(self._kinds > 0, prices[stage] * self._kinds, 0.0)
            value = skipped + np.maximum(gain - cost[:, None] * grid.answers, 0.0)
            value_new = skipped_new + np.maximum(new_gain - 2.0 * cost, 0.0)
            self.gains.append(gain)
            self.new_gains.append(new_gain)
        self.gains.reverse()
        self.new_gains.reverse()

    def gain(self, stage: int, kind: NDArray[np.int64], corners: Corners) -> Real:
        """What a turn on a stage adds for cards of some kinds at some places of the grid."""
        table = self.gains[stage].ravel()
        row = kind * self.gains[stage].shape[1]
        total = np.zeros(len(kind))
        for place, share in corners:
            total += share * table[row + place]
        return total


def corners(stability: Real, difficulty: Real, elapsed: Real) -> Corners:
    """Where cards lie in the grid."""
    return _mix(
        _between(_DIFFICULTIES, difficulty), _between(_LOG_STABILITIES, np.log(stability)), _between(_ELAPSED, elapsed)
    )


class _Grid:
    """What a turn does at each place of the grid; the same for all prices."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._difficulty, self._stability, self._elapsed = (
            values.ravel() for values in np.meshgrid(_DIFFICULTIES, _STABILITIES, _ELAPSED, indexing="ij")
        )
        self.size, self.columns = self._stability.size, len(_DIFFICULTIES) * len(_STABILITIES)
        turn = memory.turn(self._stability, self._difficulty, self._elapsed)
        self.chance, self.answers = turn.recall, turn.answers
        self.remembered = _columns(*turn.remembered)
        self.forgotten = _columns(*turn.forgotten)
        self.first = _columns(
            np.array([stability for stability, _ in memory.first]), np.array([hard for _, hard in memory.first])
        )
        self._later: dict[int, Corners] = {}
        self._after: dict[int, Corners] = {}

    def recall(self, days: int) -> Real:
        """The chance of remembering so many days later."""
        return self._memory.recall(self._stability, self._elapsed + days)

    def recall_after(self, days: int) -> Real:
        """The same after a turn, for each difficulty and stability."""
        return np.tile(self._memory.recall(_STABILITIES, days), len(_DIFFICULTIES))

    def later(self, days: int) -> Corners:
        """Every place so many days later."""
        if days not in self._later:
            base = np.arange(self.size) // len(_ELAPSED) * len(_ELAPSED)
            low, share = _between(_ELAPSED, self._elapsed + days)
            self._later[days] = [(base + low, 1.0 - share), (base + low + 1, share)]
        return self._later[days]

    def after(self, days: int) -> Corners:
        """Every difficulty and stability so many days after a turn."""
        if days not in self._after:
            base = np.arange(self.columns) * len(_ELAPSED)
            low, share = _between(_ELAPSED, np.full(self.columns, float(days)))
            self._after[days] = [(base + low, 1.0 - share), (base + low + 1, share)]
        return self._after[days]


@lru_cache(maxsize=4)
def _grid(weights: tuple[float, ...]) -> _Grid:
    """The grid of a memory: the same for all prices and dates."""
    return _Grid(Memory(weights))


_LOG_STABILITIES = np.log(_STABILITIES)


def _between(grid: Real, values: Real) -> tuple[NDArray[np.int64], Real]:
    """The place below each value and the share of the place above; what lies outside is taken to the edge."""
    low = np.clip(np.searchsorted(grid, values, side="right") - 1, 0, len(grid) - 2)
    return low, np.clip((values - grid[low]) / (grid[low + 1] - grid[low]), 0.0, 1.0)


def _columns(stability: Real, difficulty: Real) -> Corners:
    """Places by difficulty and stability alone."""
    (d, e), (s, t) = _between(_DIFFICULTIES, difficulty), _between(_LOG_STABILITIES, np.log(stability))
    count = len(_STABILITIES)
    return [
        (d * count + s, (1 - e) * (1 - t)),
        (d * count + s + 1, (1 - e) * t),
        ((d + 1) * count + s, e * (1 - t)),
        ((d + 1) * count + s + 1, e * t),
    ]


def _mix(*axes: tuple[NDArray[np.int64], Real]) -> Corners:
    """The corners of the cells in all dimensions."""
    found: list[tuple[NDArray[np.int64], Real]] = [(np.zeros((), dtype=np.int64), np.ones(()))]
    for (low, share), size in zip(axes, _SHAPE, strict=True):
        found = [
            entry
            for place, weight in found
            for entry in ((place * size + low, weight * (1.0 - share)), (place * size + low + 1, weight * share))
        ]
    return found


def _blend(values: Real, places: Corners) -> Real:
    """Interpolated values, for all kinds."""
    total = values[:, places[0][0]] * places[0][1]
    for place, share in places[1:]:
        total += values[:, place] * share
    return total
