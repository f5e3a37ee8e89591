"""When two numbers count as the same: tolerances, typed digits and the distance kept between right and wrong."""

from __future__ import annotations

from typing import Any

import numpy as np

RELATIVE = 1e-3
"""Relative tolerance of a number given to three significant digits."""

_ARRAY_FLOOR = 1e-4
_ZERO = 1e-6
_NOISE = 1e-12
_APART = 10.0


def relative_tolerance(digits: int) -> float:
    """The relative tolerance where ``digits`` significant digits are asked for."""
    return float(min(RELATIVE, 10.0**-digits))


def tolerance(target: Any, digits: int, scale: float = 1.0) -> Any:
    """How far each entry may be from ``target``.

    Relative to the entry; in vectors and matrices also to the largest entry, so that zeros in a gradient may carry
    noise; for a target that is zero up to rounding relative to ``scale``, the largest number of the question.
    """
    magnitude = np.abs(np.asarray(target, dtype=np.float64))
    allowed = relative_tolerance(digits) * magnitude
    finite = magnitude[np.isfinite(magnitude)]
    if magnitude.ndim and finite.size:
        allowed = allowed + _ARRAY_FLOOR * finite.max()
    scale = max(scale, 1e-300)
    return np.where(magnitude <= _NOISE * scale, np.maximum(allowed, _ZERO * scale), allowed)


def apart(a: Any, b: Any, digits: int, scale: float = 1.0) -> bool:
    """Whether two values are so different that no answer can be taken for both.

    That is by more than ten tolerances in some entry, by more than the rounding to ``digits`` digits hides, and by more
    than what is zero beside the numbers of the question.
    """
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if a.shape != b.shape:
        return True
    with np.errstate(invalid="ignore"):
        distance = np.where(a == b, 0.0, np.abs(a - b))
    distance = np.where(np.isnan(distance), 0.0, distance)
    rounding = 10.0 ** (1 - digits) * np.abs(a)
    kept = np.maximum(tolerance(a, digits, scale), _ZERO * max(scale, 1e-300))
    needed = np.maximum(_APART * kept, np.where(np.isfinite(rounding), rounding, 0.0))
    needed = np.where(np.isfinite(needed), needed, 0.0)
    return bool(np.any(distance > needed))
