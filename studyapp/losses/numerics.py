"""Exponentials and logarithms that neither overflow nor lose digits; the losses are built on these.

All take float64 arrays. Row functions work along the last axis.
"""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np

from .conversion import Array

MANY, SHORT = 10_000, 64
"""From this many numbers on, in rows of at most this length, NumPy's own reductions along rows are slow."""


def row_sums(rows: Array, *, keepdims: bool = False) -> Any:
    """Sums along the last axis."""
    if rows.size < MANY or rows.shape[-1] > SHORT:
        return np.add.reduce(rows, axis=-1, keepdims=True) if keepdims else np.add.reduce(rows, axis=-1)
    sums = np.einsum("...i->...", rows)
    return sums[..., None] if keepdims else sums


def row_maxima(rows: Array) -> Any:
    """Largest entries along the last axis, with the axis kept."""
    if rows.size < MANY or rows.shape[-1] > SHORT:
        return np.maximum.reduce(rows, axis=-1, keepdims=True)
    highest = rows[..., 0].copy()
    for column in range(1, rows.shape[-1]):
        np.maximum(highest, rows[..., column], out=highest)
    return highest[..., None]


def sigmoid(z: Array) -> Any:
    """1 / (1 + e^-z), as e^min(z, 0) / (1 + e^-|z|): no exponent is ever positive."""
    divisor = np.exp(-np.abs(z))
    divisor += 1.0
    result = np.exp(np.minimum(z, 0.0))
    result /= divisor
    return result


def softplus(z: Array) -> Any:
    """ln(1 + e^z) = max(z, 0) + ln(1 + e^-|z|)."""
    result = np.log1p(np.exp(-np.abs(z)))
    result += np.maximum(z, 0.0)
    return result


def logsumexp(z: Array) -> Any:
    """ln Σ e^z along the last axis, with the axis kept: M + ln Σ e^(z - M), M = max z."""
    highest = row_maxima(z)
    return highest + np.log(row_sums(np.exp(z - highest), keepdims=True))


def softmax(z: Array) -> Any:
    """e^z / Σ e^z along the last axis, from z - max z."""
    powers = np.exp(z - row_maxima(z))
    powers /= row_sums(powers, keepdims=True)
    return powers


def log_softmax(z: Array) -> Any:
    """z - ln Σ e^z along the last axis: (z - M) - ln Σ e^(z - M), M = max z."""
    shifted = z - row_maxima(z)
    shifted -= np.log(row_sums(np.exp(shifted), keepdims=True))
    return shifted


def xlogy(x: Array, y: Array) -> Any:
    """x ln y, and 0 wherever x = 0: the limit that entropies take for impossible events."""
    return zero_for_nan(x * np.log(y))


def xlog1my(x: Array, y: Array) -> Any:
    """x ln(1 - y), and 0 wherever x = 0."""
    return zero_for_nan(x * np.log1p(-y))


def weighted(weight: Any, value: Any) -> Any:
    """weight · value, and 0 wherever the weight is 0, even of an infinite value: what has no weight takes no part."""
    return zero_for_nan(weight * value)


def zero_for_nan(product: Any) -> Any:
    """The product with 0 · inf = 0, for factors that are themselves never NaN."""
    undefined = np.isnan(product)
    return np.where(undefined, 0.0, product) if np.count_nonzero(undefined) else product


def ratio(numerator: Any, denominator: Any, empty: float = 0.0) -> Any:
    """numerator / denominator, and `empty` where both are 0."""
    nothing = (denominator == 0.0) & (numerator == 0.0)
    return np.where(nothing, empty, numerator / np.where(nothing, 1.0, denominator))


def nats(base: float | None) -> float:
    """How many nats one unit of the logarithm to this base is: ln(base), 1 for None."""
    return 1.0 if base is None else log(base)
