"""From SM-2's ease and interval to FSRS's stability and difficulty."""

from __future__ import annotations

import math

from studyapp.schedule.fsrs6 import LOWEST_STABILITY
from studyapp.schedule.memory import FSRS6_WEIGHTS

LONGEST_STABILITY = 36500.0


def memory_state_from_sm2(
    ease: float, interval: float, retention: float = 0.9, weights: tuple[float, ...] = FSRS6_WEIGHTS
) -> tuple[float, float]:
    """Stability (days) and difficulty (1 to 10) of a card that SM-2 has put away for ``interval`` days.

    ``ease`` is the factor by which an answer Good lengthens the interval (2.5 at first), ``retention`` the share of
    cards remembered when they come back. The interval is taken for the time after which recall has fallen to
    ``retention``, I = S/F·(r^(-1/w20) − 1) with F = 0.9^(-1/w20) − 1. The difficulty is that for which FSRS-6 would let
    the stability grow as SM-2 lets the interval, ease = 1 + e^w8·(11 − D)·S^(-w9)·(e^(w10·(1 − r)) − 1). The crate fsrs
    has the same as ``memory_state_from_sm2``.

    Raises:
        ValueError: for what is no ease, interval or retention.

    >>> [round(value, 3) for value in memory_state_from_sm2(2.5, 10)]
    [10.0, 6.914]
    """
    if not (math.isfinite(ease) and math.isfinite(interval) and interval >= 0 and 0 < retention < 1):
        raise ValueError(f"not a state of SM-2: ease {ease!r}, interval {interval!r}, retention {retention!r}")
    exponent = -1.0 / weights[20]
    factor = 0.9**exponent - 1.0
    stability = max(interval, LOWEST_STABILITY) * factor / (retention**exponent - 1.0)
    stability = min(max(stability, LOWEST_STABILITY), LONGEST_STABILITY)
    growth = math.exp(weights[8]) * stability ** -weights[9] * math.expm1((1.0 - retention) * weights[10])
    difficulty = 11.0 - (ease - 1.0) / growth if growth > 0 else 10.0
    return stability, min(max(difficulty, 1.0), 10.0)
