"""Numbers as a learner would type them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.render import format_value, significant


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.1 + 0.2, "0.3"),
        (1.0, "1"),
        (-0.0, "0"),
        (1e-17, "1e-17"),
        (0.00012, "0.00012"),
        (1e-5, "1e-5"),
        (1234567.5, "1234567.5"),
        (1e20, "1e20"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        (math.nan, "nan"),
        (3, "3"),
        (True, "True"),
        ("text", "text"),
        (None, "None"),
        ([0.1, 1 - 0.1], "[0.1, 0.9]"),
        ((1, 0), "[1, 0]"),
        ([[1, 0.5], [0.25, 0]], "[[1, 0.5], [0.25, 0]]"),
        ([], "[]"),
        (np.array([0.1, 0.9]), "[0.1, 0.9]"),
        (np.eye(2, dtype=int), "[[1, 0], [0, 1]]"),
        (np.float64(0.1) * 3, "0.3"),
        (np.int64(4), "4"),
        (np.array(0.5), "0.5"),
    ],
)
def test_format_value(value: object, shown: str) -> None:
    assert format_value(value) == shown


def test_a_long_matrix_goes_over_lines_with_its_columns_aligned() -> None:
    assert format_value([[0.1, 2], [10, 0.25]], width=12) == "[[0.1,    2],\n [ 10, 0.25]]"
    assert format_value([[0.1, 2], [10, 0.25]], width=40) == "[[0.1, 2], [10, 0.25]]"
    assert format_value([[1], [2, 3]], width=2) == "[[1], [2, 3]]"  # ragged: no columns


@given(st.integers(-10_000, 10_000), st.integers(0, 4))
def test_a_grid_value_shows_no_more_digits_than_its_grid(steps: int, digits: int) -> None:
    assert len(format_value(steps * 10.0**-digits).partition(".")[2]) <= digits


@pytest.mark.parametrize(
    ("x", "digits", "shown"),
    [
        (0.693147, 4, "0.6931"),
        (0.5, 3, "0.500"),
        (2, 3, "2.00"),
        (123456, 3, "123000"),
        (9.9996, 4, "10.00"),
        (1.5e-4, 2, "0.00015"),
        (5e-5, 2, "5.0e-5"),
        (9_999_999, 3, "1.00e7"),
        (1e7, 1, "1e7"),
        (0, 3, "0.00"),
        (-0.0625, 2, "-0.062"),
        (math.inf, 3, "inf"),
    ],
)
def test_significant(x: float, digits: int, shown: str) -> None:
    assert significant(x, digits) == shown


@given(st.floats(1.1e-4, 9e6), st.integers(1, 12))
def test_significant_is_right_to_half_a_unit_without_exponent(x: float, digits: int) -> None:
    text = significant(x, digits)
    assert "e" not in text
    assert abs(float(text) - x) <= 0.5000001 * 10.0 ** (math.floor(math.log10(x)) - digits + 1)
