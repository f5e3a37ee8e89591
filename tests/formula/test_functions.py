"""Functions that count, order and invert: their values, and what they refuse."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.formula import ExpressionError, parse


def value(text: str, **names: object) -> np.ndarray:
    return np.asarray(parse(text, tuple(names)).evaluate(names))


@given(st.integers(0, 170), st.integers(0, 170))
def test_counting_is_that_of_whole_numbers(n: int, k: int) -> None:
    assert value("factorial(n)", n=n) == float(math.factorial(n))
    assert value("comb(n, k)", n=n, k=k) == float(math.comb(n, k))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("comb(5, [0, 1, 2])", [1, 5, 10]),
        ("factorial([0, 3])", [1, 6]),
        ("ceil([1.2, -1.2, 3])", [2, -1, 3]),
        ("argsort([3, 1, 2])", [1, 2, 0]),
        ("argsort([1, 1, 0])", [2, 0, 1]),
        ("range(4)", [0, 1, 2, 3]),
        ("range(1, 4)", [1, 2, 3]),
        ("range(4, 0, -2)", [4, 2]),
        ("sum(1/range(1, 5))", 25 / 12),
        ("det([[1, 2], [3, 4]])", -2),
        ("inv([[2, 0], [0, 4]])", [[0.5, 0], [0, 0.25]]),
    ],
)
def test_they_have_their_values(text: str, expected: object) -> None:
    assert value(text) == pytest.approx(np.asarray(expected, dtype=float))


@pytest.mark.parametrize(
    "text",
    [
        "factorial(-1)", "factorial(2.5)", "factorial(171)", "factorial(inf)", "comb(5, -1)", "comb(1.5, 1)",
        "range(1, 5, 0)", "range(inf)", "range(1e9)", "inv([[1, 2], [2, 4]])", "inv([1, 2])",
        "inv([[1, 1], [1, 1 + 1e-16]])", "det([[1, 2, 3], [4, 5, 6]])",
    ],
)  # fmt: skip
def test_what_has_no_value_is_refused_in_words(text: str) -> None:
    with pytest.raises(ExpressionError):
        value(text)
