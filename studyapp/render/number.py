"""Drawn and computed values as text for a card: no binary noise, vectors and matrices as they are typed."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from studyapp.render.cells import cell_width

NOISE_FREE_DIGITS = 12
"""Digits that a drawn float keeps: enough for every grid, too few for 0.30000000000000004."""


def format_value(value: Any, width: int | None = None) -> str:
    """A scalar, string, vector or matrix (lists, tuples or NumPy arrays) as a learner would type it.

    Vectors are `[0.1, 0.9]`, matrices `[[1, 0], [0, 1]]`. With `width`, a matrix that is longer than that
    many cells goes over several lines with its columns aligned (meant for fenced code, where line breaks
    are kept). Integral floats lose their `.0`; infinities and undefined numbers are `inf`, `-inf` and
    `nan`.
    """
    plain = _plain(value)
    if not isinstance(plain, list):
        return _scalar(plain)
    text = _nested(plain)
    if width is None or cell_width(text) <= width or not _is_matrix(plain):
        return text
    return _aligned(plain)


def significant(x: float, digits: int) -> str:
    """`x` to `digits` significant digits, trailing zeros kept.

    No exponent between 1e-4 and 1e7 in magnitude; outside, `1.23e-9`. Digits below 1 count as 1.
    """
    x = float(x)
    if not math.isfinite(x):
        return _scalar(x)
    digits = max(1, digits)
    if x == 0:
        return "0" if digits == 1 else "0." + "0" * (digits - 1)
    rounded = f"{x:.{digits - 1}e}"
    if 1e-4 <= abs(float(rounded)) < 1e7:
        return format(Decimal(rounded), "f")
    return _tidy_exponent(rounded)


def _plain(value: Any) -> Any:
    """NumPy arrays and scalars, tuples and other sequences as plain lists and scalars."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, str | bytes | dict):
        return value
    if isinstance(value, Iterable):
        return [_plain(item) for item in value]
    return value


def _scalar(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, float):
        return str(value)
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    clean = float(f"{value:.{NOISE_FREE_DIGITS}g}")
    if clean == 0:
        return "0"
    if 1e-4 <= abs(clean) < 1e16:
        text = format(Decimal(repr(clean)), "f")
        return text.removesuffix(".0")
    return _tidy_exponent(repr(clean).replace(".0e", "e"))


def _tidy_exponent(text: str) -> str:
    mantissa, _, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


def _nested(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_nested, value)) + "]"
    return _scalar(value)


def _is_matrix(value: list[Any]) -> bool:
    return (
        bool(value)
        and all(isinstance(row, list) and not any(isinstance(item, list) for item in row) for row in value)
        and len({len(row) for row in value}) == 1
    )


def _aligned(matrix: list[list[Any]]) -> str:
    texts = [[_scalar(item) for item in row] for row in matrix]
    widths = [max(map(cell_width, column)) for column in zip(*texts, strict=True)]
    lines = []
    for row in texts:
        cells = [" " * (width - cell_width(text)) + text for text, width in zip(row, widths, strict=True)]
        lines.append("[" + ", ".join(cells) + "]")
    return "[" + ",\n ".join(lines) + "]"
