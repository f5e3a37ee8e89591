"""The explorer: figures and curves of the reference losses."""

from __future__ import annotations

import math

import pytest

from studyapp import losses
from studyapp.losses import LossError
from studyapp.tui.loss_curves import (
    InputProblem,
    combinations,
    curves,
    evaluate,
    example_arguments,
    read_arguments,
    read_parameters,
)
from studyapp.tui.screens.explorer import PRESETS, ExplorerScreen
from studyapp.tui.widgets.curve_plot import CurvePlot


@pytest.mark.parametrize("name", losses.names())
def test_every_loss_has_an_example_that_it_accepts(name):
    loss = losses.get(name)
    arguments = read_arguments(loss, example_arguments(loss))
    assert evaluate(loss, arguments, {}).value


@pytest.mark.parametrize("name", losses.names())
def test_every_loss_has_a_curve_or_says_why_not(name):
    try:
        (curve,) = curves([name], None, {})
    except InputProblem as problem:
        assert name in str(problem)
    else:
        assert len(curve.xs) == len(curve.ys) > 100
        assert all(x < y for x, y in zip(curve.xs, curve.xs[1:], strict=False))


@pytest.mark.parametrize(("title", "names", "parameters"), PRESETS)
def test_every_comparison_can_be_drawn(title, names, parameters):
    chosen = [name.strip() for name in names.split(",")]
    drawn = curves(chosen, 1.0, read_parameters(losses.get(chosen[0]), parameters))
    assert len(drawn) >= 2, title
    assert len({curve.label for curve in drawn}) == len(drawn)


def test_a_curve_is_the_loss_itself():
    (curve,) = curves(["bce"], 1.0, {})
    assert all(math.isclose(y, -math.log(x), rel_tol=1e-9) for x, y in zip(curve.xs, curve.ys, strict=True))
    (slope,) = curves(["bce"], 1.0, {}, gradient=True)
    assert all(math.isclose(y, -1 / x, rel_tol=1e-9) for x, y in zip(slope.xs, slope.ys, strict=True))


def test_values_of_a_parameter_are_laid_over_each_other():
    drawn = curves(["focal"], 1.0, {"gamma": [0.0, 1.0, 2.0, 5.0], "alpha": [0.5]})
    assert [curve.label for curve in drawn] == [f"focal(gamma={gamma})" for gamma in (0, 1, 2, 5)]
    middle = len(drawn[0].xs) // 2
    assert [curve.ys[middle] for curve in drawn] == sorted((curve.ys[middle] for curve in drawn), reverse=True)


def test_the_steps_of_a_mean_are_shown():
    loss = losses.get("mse")
    result = evaluate(loss, read_arguments(loss, {"y_true": "[1, 2]", "y_pred": "1 4"}), {})
    assert result.reduction == "mean = (0.000 + 4.000) / 2 = 2"
    assert result.rows == (("", "y_true", "y_pred", "loss"), ("1", "1", "1", "0.0000"), ("2", "2", "4", "4.0000"))


@pytest.mark.parametrize(
    ("text", "problem"),
    [("gamma", "name=value"), ("gamma=", "name=value")],
)
def test_parameters_that_cannot_be_read(text, problem):
    with pytest.raises(InputProblem, match=problem):
        read_parameters(losses.get("focal"), text)


def test_too_many_curves_are_refused_with_the_reason():
    with pytest.raises(InputProblem, match="9 curves"):
        curves(["huber"], 0.0, {"delta": [float(number) for number in range(1, 10)]})
    with pytest.raises(LossError):
        curves(["huber"], 0.0, {"delta": [-1.0]})
    with pytest.raises(InputProblem, match="no chosen loss has a parameter gama"):
        curves(["focal"], 1.0, {"gama": [1.0]})


def test_combinations_of_parameters():
    assert combinations({"a": [1, 2], "b": [3]}) == [{"a": 1, "b": 3}, {"a": 2, "b": 3}]
    assert combinations({}) == [{}]


class TestScreen:
    async def test_values_and_gradients_follow_what_is_typed(self, perform):
        async with perform("home") as stage:
            await stage.press("x")
            await stage.see("Binary cross-entropy", "= 0.27978", "mean = (0.1054 + 0.2231 + 0.5108)")
            await stage.press("tab", "tab", "ctrl+u")
            await stage.type("[0.9, 0.2, 0.5]")
            await stage.see("= 0.34055")

    async def test_a_wrong_argument_is_explained(self, perform):
        async with perform("home") as stage:
            await stage.press("x", "tab", "tab", "ctrl+u")
            await stage.type("[0.9, 0.2, 1.5]")
            await stage.see("from 0 to 1; got 1.5 at [2]")

    async def test_gammas_of_the_focal_loss_are_compared_from_the_list(self, perform):
        async with perform("home") as stage:
            await stage.press("x", "ctrl+o")
            await stage.type("gamma 0")
            await stage.press("enter")
            await stage.see("Focal loss", "a\u00a0focal(gamma=0", "d\u00a0focal(gamma=5")
            assert len(stage.app.screen.query_one(CurvePlot).plot._datasets) >= 4

    async def test_a_number_is_nudged(self, perform):
        async with perform("home") as stage:
            await stage.press("x", "tab", "tab", "home", "right", "ctrl+up")
            assert stage.app.focused.value == "[1.0, 0.2, 0.6]"

    async def test_it_opens_from_a_card_that_names_its_loss_and_goes_back(self, perform):
        async with perform(cards="recall-bce") as stage:
            await stage.press("x")
            assert isinstance(stage.app.screen, ExplorerScreen)
            await stage.see("Binary cross-entropy")
            await stage.press("escape")
            await stage.see("Define binary cross-entropy")

    async def test_it_is_usable_on_a_small_screen(self, perform):
        async with perform("home", size=(40, 15)) as stage:
            await stage.press("x")
            await stage.see("losses", "y_true", "bce")
