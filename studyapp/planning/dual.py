"""Numbers with their derivatives: forward-mode differentiation of the formulas in `schedule.fsrs6`.

A `Dual` holds values of shape (n,) and their derivatives by m parameters, of shape (m, n); shapes broadcast as arrays
do.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from studyapp.planning.answering import FAST
from studyapp.schedule.fsrs6 import Operations, Values

Real = NDArray[np.float64]
Number: TypeAlias = "Dual | Real | float"


class Dual:
    """A value and its derivatives."""

    __slots__ = ("slope", "value")
    __array_ufunc__ = None  # arrays leave arithmetic with duals to them

    def __init__(self, value: Any, slope: Any) -> None:
        self.value = value
        self.slope = slope

    def __add__(self, other: Number) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value + other.value, self.slope + other.slope)
        return Dual(self.value + other, self.slope)

    __radd__ = __add__

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.slope)

    def __sub__(self, other: Number) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value - other.value, self.slope - other.slope)
        return Dual(self.value - other, self.slope)

    def __rsub__(self, other: Number) -> Dual:
        return Dual(other - self.value, -self.slope)

    def __mul__(self, other: Number) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)
        return Dual(self.value * other, self.slope * other)

    __rmul__ = __mul__

    def __truediv__(self, other: Number) -> Dual:
        if isinstance(other, Dual):
            quotient = self.value / other.value
            return Dual(quotient, (self.slope - quotient * other.slope) / other.value)
        return Dual(self.value / other, self.slope / other)

    def __rtruediv__(self, other: Number) -> Dual:
        quotient = other / self.value
        return Dual(quotient, -quotient / self.value * self.slope)

    def __getitem__(self, place: Any) -> Dual:
        return Dual(self.value[place], self.slope[:, place])


class _Duals:
    """Operations on duals, and on plain arrays and numbers among them."""

    def where(self, condition: Values, chosen: Values, other: Values) -> Values:
        if not (isinstance(chosen, Dual) or isinstance(other, Dual)):
            return np.where(condition, chosen, other)
        value = np.where(condition, _value(chosen), _value(other))
        return Dual(value, np.where(condition, _slope(chosen), _slope(other)))

    def minimum(self, one: Values, other: Values) -> Values:
        return self.where(_value(one) <= _value(other), one, other)

    def maximum(self, one: Values, other: Values) -> Values:
        return self.where(_value(one) >= _value(other), one, other)

    def exp(self, values: Values) -> Values:
        if not isinstance(values, Dual):
            return np.exp(values)
        grown = np.exp(values.value)
        return Dual(grown, grown * values.slope)

    def log(self, values: Values) -> Values:
        if not isinstance(values, Dual):
            return np.log(values)
        return Dual(np.log(values.value), values.slope / values.value)

    rint = staticmethod(FAST.rint)
    floor = staticmethod(FAST.floor)
    frexp = staticmethod(FAST.frexp)
    ldexp = staticmethod(FAST.ldexp)


DUALS: Operations = _Duals()


def parameters(values: Real) -> tuple[Dual, ...]:
    """Parameters as duals, each with the derivative 1 by itself."""
    size = len(values)
    return tuple(Dual(np.asarray([value]), np.eye(size)[:, place : place + 1]) for place, value in enumerate(values))


def _value(one: Values) -> Values:
    return one.value if isinstance(one, Dual) else one


def _slope(one: Values) -> Values:
    return one.slope if isinstance(one, Dual) else 0.0
