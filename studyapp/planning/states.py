"""The memory of each card by other weights: its answers replayed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from studyapp.planning.answering import FAST
from studyapp.planning.fit import Answers, chains_of
from studyapp.schedule import fsrs6


def states_of(answers: Answers, weights: tuple[float, ...]) -> Iterator[tuple[int, float, float]]:
    """For each card the place of its last answer, and its stability and difficulty after it.

    Cards whose answers do not begin with a new card are left out: what they began with is not known.
    """
    chains = chains_of(answers)
    c = fsrs6.constants(weights, 0.9, 36500)
    stability, difficulty = np.ones(chains.count), np.full(chains.count, 5.0)
    for number, group in enumerate(chains.groups):
        chain, rating = chains.chain[group], chains.rating[group]
        new = np.full(len(group), number == 0)
        s, d, elapsed = stability[chain], difficulty[chain], chains.elapsed[group]
        after = fsrs6.stabilities(c, new, s, d, elapsed, FAST)
        harder = fsrs6.difficulties(c, new, d, FAST)
        stability[chain] = np.choose(rating, np.broadcast_arrays(*after))
        difficulty[chain] = np.choose(rating, np.broadcast_arrays(*harder))
    newest = np.flatnonzero(np.r_[answers.card[1:] != answers.card[:-1], True]) if len(answers.card) else chains.kept
    ends = set(newest.tolist())
    for place, chain in zip(chains.kept.tolist(), chains.chain.tolist(), strict=True):
        if place in ends:
            yield place, float(stability[chain]), float(difficulty[chain])
