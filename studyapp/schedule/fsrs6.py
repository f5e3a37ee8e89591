"""FSRS-6, the model of memory, in arithmetic that gives the same bits on every machine.

The formulas are those of FSRS-6 (https://github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm), and agree
with the package fsrs (py-fsrs) to about 1e-14. They are written here since two machines that replay one log must agree
exactly, and the power function of one C library differs from that of another in the last bit: `exp` and `log` below use
nothing but operations that IEEE 754 rounds in one way.

Each function works on single floats (with `FLOATS`, without loading NumPy) and on arrays (with `replay.ARRAYS`), in the
same operations in the same order; what needs speed more than the last bit brings operations with NumPy's own functions.
"""

from __future__ import annotations

import math
from typing import Any, Protocol, TypeAlias

from msgspec import Struct

Values: TypeAlias = Any
"""A float, or an array of them."""

LOWEST_STABILITY, HIGHEST_STABILITY = 0.001, 1e12
"""In days. The upper one is beyond what any interval can reach; it keeps numbers finite."""

LOWEST_WEIGHTS = (
    0.001, 0.001, 0.001, 0.001, 1.0, 0.001, 0.001, 0.001, 0.0, 0.0, 0.001, 0.001, 0.001, 0.001, 0.0, 0.0, 1.0, 0.0,
    0.0, 0.0, 0.1,
)  # fmt: skip
HIGHEST_WEIGHTS = (
    100.0, 100.0, 100.0, 100.0, 10.0, 4.0, 4.0, 0.75, 4.5, 0.8, 3.5, 5.0, 0.25, 0.9, 4.0, 1.0, 6.0, 2.0, 2.0, 0.8, 0.8,
)  # fmt: skip
"""The bounds of the weights, as the package fsrs has them."""


class Operations(Protocol):
    """What differs between floats and arrays. Rounding is to even."""

    def where(self, condition: Values, chosen: Values, other: Values) -> Values: ...
    def minimum(self, one: Values, other: Values) -> Values: ...
    def maximum(self, one: Values, other: Values) -> Values: ...
    def rint(self, values: Values) -> Values: ...
    def floor(self, values: Values) -> Values: ...
    def frexp(self, values: Values) -> tuple[Values, Values]: ...
    def ldexp(self, values: Values, exponents: Values) -> Values: ...
    def exp(self, values: Values) -> Values: ...
    def log(self, values: Values) -> Values: ...


class SameEverywhere:
    """`exp` and `log` of this module: the same bits on every machine."""

    def exp(self: Operations, values: Values) -> Values:
        return exp(values, self)

    def log(self: Operations, values: Values) -> Values:
        return log(values, self)


class _Floats(SameEverywhere):
    """Operations on single numbers."""

    def where(self, condition: Values, chosen: Values, other: Values) -> Values:
        return chosen if condition else other

    minimum = staticmethod(min)
    maximum = staticmethod(max)
    rint = staticmethod(round)
    floor = staticmethod(math.floor)
    frexp = staticmethod(math.frexp)
    ldexp = staticmethod(math.ldexp)


_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
"""ln 2 in two parts; products of the first with whole numbers below 2^20 are exact."""
_EXP = tuple(1.0 / math.factorial(n) for n in range(13, -1, -1))
_LOG = tuple(2.0 / (2 * n + 1) for n in range(11, 0, -1))
_SQRT_HALF = 0.7071067811865476


def exp(x: Values, ops: Operations) -> Values:
    """e to the power x for |x| < 700, to about one unit in the last place."""
    k = ops.rint(x * 1.4426950408889634)
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    total = _EXP[0]
    for coefficient in _EXP[1:]:
        total = total * r + coefficient
    return ops.ldexp(total, k)


def log(x: Values, ops: Operations) -> Values:
    """The natural logarithm of x > 0, to about one unit in the last place."""
    mantissa, exponent = ops.frexp(x)
    small = mantissa < _SQRT_HALF
    f = ops.where(small, mantissa + mantissa, mantissa) - 1.0
    e = ops.where(small, exponent - 1, exponent) * 1.0
    s = f / (2.0 + f)
    z = s * s
    total = _LOG[0]
    for coefficient in _LOG[1:]:
        total = total * z + coefficient
    return e * _LN2_HIGH + ((2.0 * s + s * (z * total)) + e * _LN2_LOW)


def power(x: Values, y: Values, ops: Operations) -> Values:
    """x to the power y for x > 0."""
    return ops.exp(y * ops.log(x))


FLOATS: Operations = _Floats()


class Constants(Struct, frozen=True):
    """What follows from the weights and the desired retention alone: floats, or arrays with one entry a card.

    Lists go by rating, Again first.
    """

    first_stability: tuple[Values, ...]
    first_difficulty: tuple[Values, ...]
    same_day: tuple[Values, ...]
    """The growth of stability by an answer on the day of the one before, at stability 1."""
    same_day_power: Values
    difficulty_step: tuple[Values, ...]
    """What each rating takes from the difficulty, before damping."""
    pull: Values
    """The share by which difficulty is drawn towards `easiest`."""
    easiest: Values
    growth: Values
    growth_power: Values
    growth_of_forgetting: Values
    hard_penalty: Values
    easy_bonus: Values
    lapse: Values
    lapse_difficulty: Values
    lapse_stability: Values
    lapse_of_forgetting: Values
    lapse_divisor: Values
    decay: Values
    factor: Values
    wait: Values
    """Interval = stability / factor · wait."""
    maximum_interval: Values


def constants(
    weights: tuple[Values, ...], retention: float, maximum_interval: int, ops: Operations = FLOATS
) -> Constants:
    """The constants of one choice of settings."""
    w = weights
    start = [w[4] - ops.exp(w[5] * grade) + 1.0 for grade in range(4)]
    decay = -w[20]
    return Constants(
        first_stability=tuple(ops.maximum(w[grade], LOWEST_STABILITY) for grade in range(4)),
        first_difficulty=tuple(ops.minimum(ops.maximum(value, 1.0), 10.0) for value in start),
        same_day=tuple(ops.exp(w[17] * (grade - 2 + w[18])) for grade in range(4)),
        same_day_power=-w[19],
        difficulty_step=tuple(-(w[6] * (grade - 2)) for grade in range(4)),
        pull=w[7],
        easiest=start[3],
        growth=ops.exp(w[8]),
        growth_power=-w[9],
        growth_of_forgetting=w[10],
        hard_penalty=w[15],
        easy_bonus=w[16],
        lapse=w[11],
        lapse_difficulty=-w[12],
        lapse_stability=w[13],
        lapse_of_forgetting=w[14],
        lapse_divisor=ops.exp(w[17] * w[18]),
        decay=decay,
        factor=power(0.9, 1.0 / decay, ops) - 1.0,
        wait=power(retention, 1.0 / decay, ops) - 1.0,
        maximum_interval=maximum_interval,
    )


def recall(elapsed: Values, stability: Values, decay: Values, factor: Values, ops: Operations) -> Values:
    """The chance, 0 to 1, of remembering after ``elapsed`` days: (1 + factor · t / S)^decay."""
    return power(1.0 + factor * elapsed / stability, decay, ops)


def stabilities(
    c: Constants, is_new: Values, stability: Values, difficulty: Values, elapsed: Values, ops: Operations
) -> tuple[Values, ...]:
    """The stability in days after each rating, Again first.

    ``elapsed`` are the study days since the answer before. Where ``is_new`` the values before count for nothing (they
    must be numbers all the same).
    """
    same_day = elapsed < 1
    same = power(stability, c.same_day_power, ops)
    forgotten = 1.0 - recall(elapsed, stability, c.decay, c.factor, ops)
    growth = (
        c.growth
        * (11.0 - difficulty)
        * power(stability, c.growth_power, ops)
        * (ops.exp(forgotten * c.growth_of_forgetting) - 1.0)
    )
    lapsed = ops.minimum(
        c.lapse
        * power(difficulty, c.lapse_difficulty, ops)
        * (power(stability + 1.0, c.lapse_stability, ops) - 1.0)
        * ops.exp(forgotten * c.lapse_of_forgetting),
        stability / c.lapse_divisor,
    )
    later = (
        lapsed,
        stability * (1.0 + growth * c.hard_penalty),
        stability * (1.0 + growth),
        stability * (1.0 + growth * c.easy_bonus),
    )
    found = []
    for grade in range(4):
        increase = c.same_day[grade] * same
        if grade:
            increase = ops.maximum(increase, 1.0)
        known = ops.where(same_day, stability * increase, later[grade])
        known = ops.minimum(ops.maximum(known, LOWEST_STABILITY), HIGHEST_STABILITY)
        found.append(ops.where(is_new, c.first_stability[grade], known))
    return tuple(found)


def difficulties(c: Constants, is_new: Values, difficulty: Values, ops: Operations) -> tuple[Values, ...]:
    """The difficulty, 1 to 10, after each rating, Again first."""
    found = []
    for grade in range(4):
        damped = difficulty + (10.0 - difficulty) * c.difficulty_step[grade] / 9.0
        known = c.pull * c.easiest + (1.0 - c.pull) * damped
        known = ops.minimum(ops.maximum(known, 1.0), 10.0)
        found.append(ops.where(is_new, c.first_difficulty[grade], known))
    return tuple(found)


def interval(c: Constants, stability: Values, ops: Operations) -> Values:
    """The whole days after which the chance of remembering has fallen to the desired retention, before fuzz."""
    days = ops.rint(stability / c.factor * c.wait)
    return ops.minimum(ops.maximum(days, 1), c.maximum_interval)
