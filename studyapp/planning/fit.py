"""FSRS-6's weights fitted to a learner's own answers.

What is made small is the log loss of recall over all reviews on a later day than the answer before, recent ones
weighing more, plus a prior that keeps the weights near the published ones where the log says little. The predictions
and their derivatives come from the formulas themselves in forward mode; each step solves with the Fisher information
(scoring), which for a log loss needs no second derivatives.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from studyapp.planning.answering import FAST, Real
from studyapp.planning.dual import DUALS, Dual, parameters
from studyapp.schedule import fsrs6
from studyapp.schedule.fsrs6 import HIGHEST_WEIGHTS, LOWEST_WEIGHTS, Operations
from studyapp.schedule.memory import FSRS6_WEIGHTS

Whole = NDArray[np.int64]

FEWEST_REVIEWS = 200
"""With fewer reviews on later days nothing is fitted."""

_DEVIATIONS = np.array([
    6.4, 9.7, 17.6, 27.9, 0.57, 0.28, 0.6, 0.12, 0.39, 0.18, 0.33, 0.3, 0.09, 0.16, 0.57, 0.25, 1.03, 0.31, 0.32, 0.14,
    0.27,
])  # fmt: skip
"""How far the weights of different learners lie apart: the standard deviations that FSRS's optimizers take as prior."""

_PRIOR = 2.0
"""As how many reviews the prior counts, per weight."""

_MOST_STEPS = 20
_ENOUGH = 2e-6
_LATER_SHARE = 0.2
_SURE = 1e-6


class Answers(Struct, frozen=True, eq=False):
    """Answers that moved the schedule: by card, those of one card in their order. Arrays of one length."""

    card: Whole
    rating: Whole
    """1 to 4."""
    day: Whole
    is_first: NDArray[np.bool_]
    """Whether the card was new: never answered, or made new again."""
    order: Whole
    """The place of the answer among all, by time."""


class Fitted(Struct, frozen=True):
    """Weights that were fitted, and how well they and the published ones predict."""

    weights: tuple[float, ...]
    reviews: int
    """The reviews that were predicted."""
    later_loss: float
    """The log loss of the later part of the log by weights fitted to the part before it."""
    later_loss_before: float
    """The same by the weights in use."""

    @property
    def is_better(self) -> bool:
        """Whether the later part is predicted better than by the weights in use."""
        return self.later_loss < self.later_loss_before


def fit(
    answers: Answers,
    present: tuple[float, ...] = FSRS6_WEIGHTS,
    progress: Callable[[int, int], None] | None = None,
) -> Fitted | None:
    """The weights that fit all answers, judged by how weights fitted to the earlier ones predict the later.

    None where there are too few reviews to say anything.
    """
    steps = _Steps(answers)
    if steps.count < FEWEST_REVIEWS:
        return None
    border = np.quantile(steps.order, 1.0 - _LATER_SHARE)
    is_later = steps.order > border
    told = progress or (lambda _done, _all: None)
    earlier = _minimise(steps, ~is_later, lambda done: told(done, 2 * _MOST_STEPS))
    whole = _minimise(steps, np.ones(steps.count, dtype=bool), lambda done: told(_MOST_STEPS + done, 2 * _MOST_STEPS))
    told(2 * _MOST_STEPS, 2 * _MOST_STEPS)
    return Fitted(
        tuple(float(weight) for weight in whole),
        steps.count,
        steps.loss(earlier, is_later),
        steps.loss(np.array(present), is_later),
    )


def log_loss(answers: Answers, weights: tuple[float, ...]) -> float:
    """The mean log loss of all reviews on a later day than the answer before; NaN where there is none."""
    steps = _Steps(answers)
    return steps.loss(np.array(weights), np.ones(steps.count, dtype=bool)) if steps.count else float("nan")


class Chains(Struct, frozen=True, eq=False):
    """The answers from each new card on, as chains; ``kept`` are their places among all answers.

    Answers before the first to a new card are left out: they rest on a state that is not known. ``groups`` puts the
    n-th answers of all chains together, as places among those kept.
    """

    kept: Whole
    chain: Whole
    count: int
    rating: Whole
    """0 to 3."""
    elapsed: Real
    """Study days since the answer before."""
    groups: tuple[Whole, ...]


def chains_of(answers: Answers) -> Chains:
    """The answers as chains."""
    size = len(answers.card)
    places = np.where(answers.is_first, np.arange(size), -1)
    begun = np.maximum.accumulate(places) if size else places
    of_card = begun >= 0
    of_card[of_card] = answers.card[begun[of_card]] == answers.card[of_card]
    kept = np.flatnonzero(of_card)
    rank = kept - begun[kept]
    _, chain = np.unique(begun[kept], return_inverse=True)
    previous = np.where(rank > 0, kept - 1, kept)
    elapsed = np.maximum(answers.day[kept] - answers.day[previous], 0).astype(float)
    groups: tuple[Whole, ...] = ()
    if len(kept):
        groups = tuple(np.split(np.argsort(rank, kind="stable"), np.cumsum(np.bincount(rank))[:-1]))
    return Chains(kept, chain, int(chain.max()) + 1 if len(kept) else 0, answers.rating[kept] - 1, elapsed, groups)


class _Steps:
    """The answers, put together by how many came before them: the n-th ones of all cards are computed at once."""

    def __init__(self, answers: Answers) -> None:
        chains = self._all = chains_of(answers)
        counted = [group[chains.elapsed[group] >= 1] for group in chains.groups[1:]]
        places = np.concatenate(counted) if counted else np.zeros(0, dtype=np.int64)
        self.count = len(places)
        self.order = answers.order[chains.kept][places]
        self._remembered = chains.rating[places] > 0
        recency = np.argsort(np.argsort(self.order, kind="stable"), kind="stable") / max(1, self.count - 1)
        self._weight = 0.25 + 0.75 * recency**3

    def loss(self, weights: Real, chosen: NDArray[np.bool_]) -> float:
        """The plain mean log loss of some reviews."""
        chance = np.concatenate(self._predictions(tuple(weights), FAST))[chosen]
        return float(-np.log(np.where(self._remembered[chosen], chance, 1.0 - chance)).mean())

    def objective(self, weights: Real, chosen: NDArray[np.bool_]) -> float:
        """The weighted log loss of some reviews with the prior."""
        chance = np.concatenate(self._predictions(tuple(weights), FAST))[chosen]
        surprise = -np.log(np.where(self._remembered[chosen], chance, 1.0 - chance))
        return float(self._weight[chosen] @ surprise) + _penalty(weights)

    def scoring(self, weights: Real, chosen: NDArray[np.bool_]) -> tuple[Real, Real]:
        """The gradient of the objective, and its expected second derivatives."""
        predicted = self._predictions(parameters(weights), DUALS)
        chance = np.concatenate([np.broadcast_to(one.value, one.slope.shape[1:]) for one in predicted])[chosen]
        slope = np.concatenate([one.slope for one in predicted], axis=1)[:, chosen]
        weight = self._weight[chosen]
        gradient = slope @ (weight * (chance - self._remembered[chosen]) / (chance * (1.0 - chance)))
        information = (slope * (weight / (chance * (1.0 - chance)))) @ slope.T
        pull = _PRIOR / _DEVIATIONS**2
        return gradient + pull * (weights - _PUBLISHED), information + np.diag(pull)

    def _predictions(self, weights: tuple[Any, ...], ops: Operations) -> list[Any]:
        """The predicted chance of recall of each review that counts, in groups."""
        c = fsrs6.constants(weights, 0.9, 36500, ops)
        stability, difficulty = self._nothing(weights, 1.0), self._nothing(weights, 5.0)
        found = []
        for number, group in enumerate(self._all.groups):
            chain, rating, elapsed = self._all.chain[group], self._all.rating[group], self._all.elapsed[group]
            new = np.full(len(group), number == 0)
            s, d = stability[chain], difficulty[chain]
            if number:
                later = elapsed >= 1
                chance = fsrs6.recall(elapsed[later], s[later], c.decay, c.factor, ops)
                found.append(ops.minimum(ops.maximum(chance, _SURE), 1.0 - _SURE))
            after = fsrs6.stabilities(c, new, s, d, elapsed, ops)
            harder = fsrs6.difficulties(c, new, d, ops)
            _put(stability, chain, _chosen(after, rating, ops))
            _put(difficulty, chain, _chosen(harder, rating, ops))
        return found

    def _nothing(self, weights: tuple[Any, ...], value: float) -> Any:
        values = np.full(self._all.count, value)
        return Dual(values, np.zeros((len(weights), self._all.count))) if isinstance(weights[0], Dual) else values


_PUBLISHED = np.array(FSRS6_WEIGHTS)


def _penalty(weights: Real) -> float:
    return float(0.5 * _PRIOR * (((weights - _PUBLISHED) / _DEVIATIONS) ** 2).sum())


def _minimise(steps: _Steps, chosen: NDArray[np.bool_], told: Callable[[int], None]) -> Real:
    """The weights within their bounds at which the objective is least, from the published ones on."""
    weights = _PUBLISHED.copy()
    best = steps.objective(weights, chosen)
    for number in range(_MOST_STEPS):
        told(number)
        gradient, information = steps.scoring(weights, chosen)
        at_bound = ((weights <= LOWEST_WEIGHTS) & (gradient > 0)) | ((weights >= HIGHEST_WEIGHTS) & (gradient < 0))
        free = ~at_bound
        step = np.zeros(len(weights))
        step[free] = -np.linalg.solve(information[np.ix_(free, free)], gradient[free])
        length, improved = 1.0, False
        while length > 1e-3:
            tried = np.clip(weights + length * step, LOWEST_WEIGHTS, HIGHEST_WEIGHTS)
            value = steps.objective(tried, chosen)
            if value < best:
                improved = best - value > _ENOUGH * best
                weights, best = tried, value
                break
            length /= 2
        if not improved:
            break
    return weights


def _chosen(by_rating: tuple[Any, ...], rating: Whole, ops: Operations) -> Any:
    """Of four values the one of each rating."""
    found = by_rating[3]
    for grade in (2, 1, 0):
        found = ops.where(rating == grade, by_rating[grade], found)
    return found


def _put(all_of: Any, places: Whole, values: Any) -> None:
    if isinstance(all_of, Dual):
        all_of.value[places] = values.value
        all_of.slope[:, places] = values.slope
    else:
        all_of[places] = values
