"""The functions of the vocabulary, over float64 arrays. Importing this module loads NumPy.

Results are bounded: no function makes an array of more than ``MOST_ENTRIES`` entries.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from studyapp.formula.errors import ExpressionError
from studyapp.locale.message import Message

_TOO_LARGE = Message("an array of {count} entries is too large: at most {most}")
_NEGATIVE_SIZE = Message("a size cannot be negative")

_COUNTS_WHOLE = Message("{name} takes whole numbers from 0 to {most}")
_NO_RANGE = Message("range takes finite bounds and a step that is not 0")
_SQUARE = Message("{name} takes a square matrix")
_SINGULAR = Message("this matrix has no inverse")

_MOST_COUNTED = 170
"""The largest whole number whose factorial is a float."""

_WORST_CONDITION = 1e14

MOST_ENTRIES = 10_000
"""The largest array that an expression may make."""

_MOST_PLACES = 300
"""Beyond so many decimal places no number is changed by rounding, or none is left."""

CONSTANTS: dict[str, float] = {"pi": math.pi, "e": math.e, "inf": math.inf}


def bounded(entries: int) -> None:
    """Refuse an array before it is made."""
    if entries > MOST_ENTRIES:
        raise ExpressionError(_TOO_LARGE(count=entries, most=MOST_ENTRIES))


def _axis(value: Any) -> int | None:
    return None if value is None else int(value)


def _sigmoid(z: Any) -> Any:
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def _softplus(z: Any) -> Any:
    return np.logaddexp(0.0, z)


def _logsumexp(z: Any, axis: int | None = -1) -> Any:
    peak = np.max(z, axis=axis, keepdims=True)
    peak = np.where(np.isfinite(peak), peak, 0.0)
    total = np.log(np.sum(np.exp(z - peak), axis=axis, keepdims=True)) + peak
    return np.squeeze(total, axis=axis)


def _log_softmax(z: Any, axis: int | None = -1) -> Any:
    total = _logsumexp(z, axis)
    return z - (total if axis is None else np.expand_dims(total, axis))


def _log(x: Any, base: float = math.e) -> Any:
    return np.log(x) / math.log(base)


def _extreme(reduce: Callable[..., Any], pair: Callable[..., Any]) -> Callable[..., Any]:
    """Of one array the extreme entry, of several arguments entry by entry."""

    def extreme(first: Any, *others: Any, axis: Any = None) -> Any:
        if not others:
            return reduce(first, axis=_axis(axis))
        for other in others:
            first = pair(first, other)
        return first

    return extreme


def _reduction(function: Callable[..., Any]) -> Callable[..., Any]:
    def reduction(x: Any, axis: Any = None) -> Any:
        return function(x, axis=_axis(axis))

    return reduction


def _spread(function: Callable[..., Any]) -> Callable[..., Any]:
    def spread(x: Any, axis: Any = None, ddof: Any = 0) -> Any:
        return function(x, axis=_axis(axis), ddof=float(ddof))

    return spread


def _norm(x: Any, axis: Any = None, order: Any = 2.0) -> Any:
    magnitudes = np.abs(x)
    if math.isinf(order):
        return np.max(magnitudes, axis=_axis(axis))
    return np.sum(magnitudes**order, axis=_axis(axis)) ** (1.0 / order)


def _round(x: Any, digits: Any = 0) -> Any:
    places = float(digits)
    if places > _MOST_PLACES:  # NumPy would multiply by ten so many times
        return x
    return np.zeros_like(x) if places < -_MOST_PLACES else np.round(x, int(places))


def _root(x: Any, degree: Any) -> Any:
    odd = np.ndim(degree) == 0 and float(degree) % 2 == 1
    return np.sign(x) * np.abs(x) ** (1.0 / degree) if odd else x ** (1.0 / degree)


def _zeros(shape: Any) -> Any:
    return _filled(shape, 0.0)


def _ones(shape: Any) -> Any:
    return _filled(shape, 1.0)


def _filled(shape: Any, value: float) -> Any:
    sizes = tuple(int(size) for size in np.atleast_1d(shape))
    if any(size < 0 for size in sizes):
        raise ExpressionError(_NEGATIVE_SIZE())
    bounded(math.prod(sizes))
    return np.full(sizes, value)


def _outer(a: Any, b: Any) -> Any:
    bounded(np.size(a) * np.size(b))
    return np.outer(a, b)


def _diag(a: Any) -> Any:
    if np.ndim(a) == 1:
        bounded(np.size(a) ** 2)
    return np.diag(a)


def _matmul(a: Any, b: Any) -> Any:
    rows = np.shape(a)[-2] if np.ndim(a) > 1 else 1
    columns = np.shape(b)[-1] if np.ndim(b) > 1 else 1
    bounded(math.prod(np.broadcast_shapes(np.shape(a)[:-2], np.shape(b)[:-2])) * rows * columns)
    return np.matmul(a, b)


def _concat(*arrays: Any) -> Any:
    bounded(sum(int(np.size(array)) for array in arrays))
    return np.concatenate([np.atleast_1d(array) for array in arrays])


def _whole(name: str, *arrays: Any) -> None:
    """Refuse what a counting function has no value for."""
    for array in arrays:
        if not bool(np.all((array == np.floor(array)) & (array >= 0) & (array <= _MOST_COUNTED))):
            raise ExpressionError(_COUNTS_WHOLE(name=name, most=_MOST_COUNTED))


def _factorial(n: Any) -> Any:
    _whole("factorial", n)
    return np.vectorize(lambda one: float(math.factorial(int(one))), otypes=[float])(n)


def _comb(n: Any, k: Any) -> Any:
    _whole("comb", n, k)
    return np.vectorize(lambda one, other: float(math.comb(int(one), int(other))), otypes=[float])(n, k)


def _range(*bounds: Any) -> Any:
    start, stop, step = (0.0, *map(float, bounds), 1.0) if len(bounds) == 1 else (*map(float, bounds), 1.0)[:3]
    if step == 0 or not all(map(math.isfinite, (start, stop, step))):
        raise ExpressionError(_NO_RANGE())
    bounded(max(0, math.ceil((stop - start) / step)))
    return np.arange(start, stop, step)


def _square(name: str, matrix: Any) -> None:
    if np.ndim(matrix) != 2 or np.shape(matrix)[0] != np.shape(matrix)[1]:
        raise ExpressionError(_SQUARE(name=name))


def _inverse(matrix: Any) -> Any:
    _square("inv", matrix)
    try:
        found = np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        raise ExpressionError(_SINGULAR()) from None
    if not bool(np.all(np.isfinite(found))) or np.linalg.cond(matrix) > _WORST_CONDITION:
        raise ExpressionError(_SINGULAR())
    return found


def _determinant(matrix: Any) -> Any:
    _square("det", matrix)
    return np.linalg.det(matrix)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": np.exp,
    "ln": np.log,
    "log": _log,
    "log2": np.log2,
    "log10": np.log10,
    "log1p": np.log1p,
    "expm1": np.expm1,
    "sqrt": np.sqrt,
    "root": _root,
    "abs": np.abs,
    "sign": np.sign,
    "min": _extreme(np.min, np.minimum),
    "max": _extreme(np.max, np.maximum),
    "minimum": np.minimum,
    "maximum": np.maximum,
    "floor": np.floor,
    "ceil": np.ceil,
    "factorial": _factorial,
    "comb": _comb,
    "round": _round,
    "tanh": np.tanh,
    "cosh": np.cosh,
    "sinh": np.sinh,
    "sech": lambda x: 1.0 / np.cosh(x),
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "atan": np.arctan,
    "sigmoid": _sigmoid,
    "logit": lambda p: np.log(p) - np.log1p(-p),
    "softplus": _softplus,
    "relu": lambda x: np.maximum(x, 0.0),
    "sum": _reduction(np.sum),
    "mean": _reduction(np.mean),
    "median": _reduction(np.median),
    "var": _spread(np.var),
    "std": _spread(np.std),
    "prod": _reduction(np.prod),
    "norm": _norm,
    "sort": np.sort,
    "argmax": _reduction(np.argmax),
    "argmin": _reduction(np.argmin),
    "clip": np.clip,
    "dot": _matmul,
    "matmul": _matmul,
    "transpose": np.transpose,
    "outer": _outer,
    "diag": _diag,
    "cumsum": np.cumsum,
    "argsort": lambda x: np.argsort(x, kind="stable").astype(float),
    "range": _range,
    "inv": _inverse,
    "det": _determinant,
    "where": lambda condition, yes, no: np.where(condition != 0, yes, no),
    "any": lambda condition: np.any(condition),
    "all": lambda condition: np.all(condition),
    "zeros": _zeros,
    "ones": _ones,
    "concat": _concat,
    "len": lambda x: float(np.shape(x)[0]) if np.ndim(x) else 1.0,
    "size": lambda x: float(np.size(x)),
    "softmax": lambda z, axis=-1: np.exp(_log_softmax(z, _axis(axis))),
    "log_softmax": lambda z, axis=-1: _log_softmax(z, _axis(axis)),
    "logsumexp": lambda z, axis=-1: _logsumexp(z, _axis(axis)),
}
"""Every function of the vocabulary by name."""
