"""From what a caller passes to a float64 array of finite numbers, or a clear refusal."""

from __future__ import annotations

from math import isfinite
from numbers import Real
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .errors import LossError

Array: TypeAlias = NDArray[np.float64]

FLOAT64 = np.dtype(np.float64)

CALM = 100.0
"""Up to this size no exponential of a value, and no product of a few, overflows."""


def to_array(loss: str, name: str, value: Any) -> Array:
    """`value` as a float64 array; the very same array, uncopied, if it is one already."""
    if type(value) is np.ndarray and value.dtype is FLOAT64:
        return value
    return _convert(loss, name, value)


def to_finite_array(loss: str, name: str, value: Any) -> tuple[Array, bool]:
    """`value` as a float64 array without NaN or infinity, and whether all of it is of moderate size."""
    array = to_array(loss, name, value)
    if array.size == 0:
        return array, True
    smallest, largest = array.item(array.argmin()), array.item(array.argmax())  # NaN comes out first in both
    if smallest >= -CALM and largest <= CALM:
        return array, True
    if not (isfinite(smallest) and isfinite(largest)):
        refuse_where(loss, name, array, ~np.isfinite(array), "finite numbers")
    return array, False


def refuse_where(loss: str, name: str, array: Any, wrong: Any, expected: str, cure: str = "") -> None:
    """Raise if any entry is `wrong`, showing the first such entry and where it stands."""
    wrong = np.asarray(wrong)
    if not wrong.any():
        return
    array = np.asarray(array)
    position = np.unravel_index(int(wrong.argmax()), wrong.shape)
    place = f" at [{', '.join(str(int(index)) for index in position)}]" if position else ""
    message = f"{loss}: {name} must be {expected}; got {show(array[position])}{place}"
    raise LossError(message + (f". {cure}" if cure else ""))


def show(number: Any) -> str:
    """All digits of a number, without a trailing ".0"."""
    return repr(float(number)).removesuffix(".0")


def _convert(loss: str, name: str, value: Any) -> Array:
    if isinstance(value, np.ma.MaskedArray):
        raise LossError(
            f"{loss}: {name} is a masked array, whose mask would be lost; pass values.compressed() or filled()"
        )
    if isinstance(value, (set, frozenset, dict)):
        raise LossError(f"{loss}: {name} is a {type(value).__name__}, which has no order; pass a list or an array")
    try:
        array = np.asarray(value)
    except Exception as error:
        if "inhomogeneous" in str(error):
            raise LossError(
                f"{loss}: {name} is ragged (rows of different lengths); every row needs the same length"
            ) from None
        raise LossError(f"{loss}: {name} cannot be read as numbers ({error})") from None
    kind = array.dtype.kind
    if kind in "biuf":
        with np.errstate(all="ignore"):
            return array.astype(np.float64)
    if kind == "c":
        raise LossError(f"{loss}: {name} must be real numbers; got complex ones. Pass values.real if that is meant")
    if kind == "O":
        return _convert_objects(loss, name, array)
    found = "text" if kind in "US" else f"values of type {array.dtype}"
    raise LossError(f"{loss}: {name} must be numbers; got {found}")


def _convert_objects(loss: str, name: str, array: Any) -> Array:
    """Python integers too long for 64 bits, fractions and the like: float64 if every one is a real number."""
    result = np.empty(array.shape, dtype=np.float64)
    for position, entry in enumerate(array.flat):
        if not (isinstance(entry, Real) or hasattr(entry, "as_integer_ratio")):
            raise LossError(f"{loss}: {name} must be numbers; got {type(entry).__name__} ({str(entry)[:40]!r})")
        try:
            result.flat[position] = float(entry)
        except OverflowError:
            raise LossError(f"{loss}: {name} holds a number too large for a 64-bit float") from None
    return result
