"""Bars, sparklines and heat cells."""

import math

import pytest

from studyapp.render import bar, heat_cell, heat_level, sparkline


@pytest.mark.parametrize(
    ("value", "drawn"),
    [
        (0, "    "),
        (8, "████"),
        (4, "██  "),
        (1, "▌   "),
        (0.001, "▏   "),  # something is never drawn as nothing
        (7.999, "███▉"),  # and only the whole fills the bar
        (99, "████"),
        (-1, "    "),
        (math.nan, "    "),
    ],
)
def test_bar(value: float, drawn: str) -> None:
    assert bar(value, 8, 4) == drawn


def test_bar_without_room_or_maximum() -> None:
    assert bar(1, 2, 0) == ""
    assert bar(1, 0, 3) == "   "


def test_sparkline_scales_from_zero() -> None:
    assert sparkline([0, 3.5, 7], 10) == "▁▅█"
    assert sparkline([5, math.nan, 5], 10) == "█ █"
    assert sparkline([0, 0], 10) == "▁▁"


def test_sparkline_averages_what_does_not_fit() -> None:
    assert sparkline([0, 0, 7, 7], 2) == "▁█"
    assert sparkline([], 5) == ""
    assert sparkline([1], 0) == ""


def test_heat_grows_with_the_value() -> None:
    levels = [heat_level(value, 10) for value in range(11)]
    assert levels == sorted(levels)
    assert (levels[0], levels[1], levels[10]) == (0, 1, 4)
    assert (heat_cell(0, 10), heat_cell(1, 10), heat_cell(10, 10)) == ("·", "░", "█")
