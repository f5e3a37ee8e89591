"""The explorer: figures and curves of the reference losses."""

from __future__ import annotations

import math

import pytest

from studyapp import losses
from studyapp.losses import LossError
from studyapp.tui.curves.families import COMPARISONS, FAMILIES, comparison
from studyapp.tui.curves.letters import letter_places
from studyapp.tui.curves.loss_curves import (
    InputProblem,
    combinations,
    compare,
    curves,
    evaluate,
    example_arguments,
    heading,
    read_arguments,
    read_parameters,
    variants,
)
from studyapp.tui.screens.explorer import ExplorerScreen
from studyapp.tui.screens.pick import PickScreen


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


@pytest.mark.parametrize(("title", "names", "parameters"), COMPARISONS)
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
    assert [curve.label for curve in drawn] == [f"gamma={gamma}" for gamma in (0, 1, 2, 5)]
    middle = len(drawn[0].xs) // 2
    assert [curve.ys[middle] for curve in drawn] == sorted((curve.ys[middle] for curve in drawn), reverse=True)


def test_a_heading_names_argument_target_and_fixed_parameters():
    parameters = read_parameters(losses.get("focal"), "gamma=0,1,2,5 alpha=0.5")
    assert heading(["focal"], 0.0, parameters) == "focal over y_pred, y_true=0, alpha=0.5"
    assert heading(["mse", "mae"], 2.0, {}, gradient=True) == "gradient of mse, mae over y_pred, y_true=2"
    assert heading(["cross_entropy"], 1.0, {}) == "cross_entropy over y_pred, y_true=[1, 0]"
    assert heading(["sigmoid"], None, {}) == "sigmoid over z"


def test_losses_are_compared_on_the_same_arguments():
    names = ["hinge", "logistic", "zero_one", "bce"]
    hinge, logistic, zero_one, bce = compare(
        variants(names, {}), read_arguments(losses.get("hinge"), {"y_true": "[1, -1, 1]", "score": "[0.3, -2, -0.5]"})
    )
    assert hinge.value == "0.73333" and logistic.value == "0.55179"
    assert zero_one.value == "0.33333", "a score counts by its sign"
    assert bce is None, "labels of -1 are none of cross-entropy"


@pytest.mark.parametrize("name", FAMILIES)
def test_every_loss_with_a_telling_parameter_can_be_compared_with_itself(name):
    chosen, parameters = comparison(name)
    assert chosen == name and len(curves([name], None, read_parameters(losses.get(name), parameters))) > 1


def test_rivals_are_compared_where_there_is_no_such_parameter():
    assert comparison("mae") == ("mse, mae, huber", "")
    assert comparison("triplet") is None


@pytest.mark.parametrize(("_title", "names", "parameters"), COMPARISONS)
@pytest.mark.parametrize("gradient", [False, True])
@pytest.mark.parametrize(("columns", "rows"), [(31, 17), (29, 3), (100, 40)])
def test_every_curve_has_a_letter_and_no_letter_hides_another(_title, names, parameters, gradient, columns, rows):
    chosen = [name.strip() for name in names.split(",") if not (gradient and name.strip() == "zero_one")]
    drawn = curves(chosen, 1.0, read_parameters(losses.get(chosen[0]), parameters), gradient)
    points = [[(x, y) for x, y in zip(curve.xs, curve.ys, strict=True) if abs(y) < 8] for curve in drawn]
    every = [point for curve in points for point in curve]
    (left, right), (low, high) = ((min(values), max(values)) for values in zip(*every, strict=True))
    places = letter_places(points, columns, rows)
    assert all(places) and all(set(found) <= set(curve) for found, curve in zip(places, points, strict=True))
    cells = [
        (columns * (x - left) / (right - left), rows * (y - low) / (high - low)) for found in places for x, y in found
    ]
    for number, (column, row) in enumerate(cells):
        assert not [1 for x, y in cells[:number] if abs(x - column) < 1 and abs(y - row) < 1]


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
    async def test_gammas_of_the_focal_loss_are_compared_with_two_keys(self, perform):
        async with perform("home") as stage:
            await stage.press("x")
            await stage.see("Choose a loss or a comparison", "Compare: Focal loss at gamma 0, 1, 2, 5")
            await stage.press("enter")
            await stage.see("focal over y_pred, y_true=1, alpha=0.5", "a gamma=0  b gamma=1  c gamma=2", "d gamma=5")
            await stage.see("a  gamma=0  0.13989", "d  gamma=5  0.00088389")

            def plotted() -> str:
                return "".join(line.split("┃")[1] for line in stage.text.splitlines() if line.count("┃") == 2)

            await stage.until(lambda: set("abcd") <= set(plotted()), "a letter on each curve")

    async def test_one_key_compares_the_loss_that_was_typed(self, perform):
        async with perform("home") as stage:
            await stage.press("x", "escape", "ctrl+u")
            await stage.type("focal")
            await stage.see("Focal loss", "^r Compare")
            await stage.press("ctrl+r")
            await stage.see("a gamma=0  b gamma=1", "Loss explorer · Compare: Focal loss · gamma 0,1,2,5")
            await stage.press("ctrl+r")
            await stage.until(lambda: "gamma=0 " not in stage.text and "a focal" in stage.text, "focal alone")
            assert stage.app.screen.parameter_field.value == "alpha=0.5", "what was in force stays"
            stage.app.screen.parameter_field.value = "gamma=3 alpha=0.7"
            await stage.press("ctrl+r")
            await stage.see("a gamma=0  b gamma=1", "alpha=0.7")
            await stage.press("ctrl+r")
            await stage.until(lambda: stage.app.screen.parameter_field.value == "gamma=3 alpha=0.7", "the old values")
            await stage.press("ctrl+u")
            await stage.type("triplet")
            await stage.see("Triplet")
            assert "Compare" not in stage.text

    async def test_the_gradient_is_announced_above_the_plot(self, perform):
        async with perform("home") as stage:
            await stage.press("x", "enter", "ctrl+g")
            await stage.see("gradient of focal over y_pred", "alpha=0.5")

    async def test_values_and_gradients_follow_what_is_typed(self, perform):
        async with perform("home") as stage:
            await stage.press("x", "escape")
            await stage.see("Binary cross-entropy", "= 0.27978", "mean = (0.1054 + 0.2231 + 0.5108)")
            await stage.press("tab", "tab", "ctrl+u")
            await stage.type("[0.9, 0.2, 0.5]")
            await stage.see("= 0.34055")

    async def test_a_wrong_argument_is_explained(self, perform):
        async with perform("home") as stage:
            await stage.press("x", "escape", "tab", "tab", "ctrl+u")
            await stage.type("[0.9, 0.2, 1.5]")
            await stage.see("from 0 to 1; got 1.5 at [2]")

    async def test_a_loss_is_found_by_typing_in_the_list(self, perform):
        async with perform("home") as stage:
            await stage.press("x")
            await stage.type("log-cosh")
            await stage.press("enter")
            await stage.see("Log-cosh loss", "log_cosh over y_pred")

    async def test_a_number_is_nudged(self, perform):
        async with perform("home") as stage:
            await stage.press("x", "escape", "tab", "tab", "home", "right", "ctrl+up")
            assert stage.app.focused.value == "[1.0, 0.2, 0.6]"

    async def test_it_opens_from_a_card_that_names_its_loss_and_goes_back(self, perform):
        async with perform(cards="recall-bce") as stage:
            await stage.press("x")
            assert isinstance(stage.app.screen, ExplorerScreen)
            await stage.see("Binary cross-entropy")
            await stage.press("escape")
            await stage.see("Define binary cross-entropy")

    async def test_on_a_small_screen_fields_plot_and_legend_are_seen_at_once_and_figures_below(self, perform):
        async with perform("home", size=(40, 15)) as stage:
            await stage.press("x")
            assert isinstance(stage.app.screen, PickScreen)
            await stage.press("enter")
            await stage.see("losses  focal", "y_pred", "alpha=0.5", "a gamma=0", "d gamma=5")
            await stage.press("pagedown")
            await stage.see("a  gamma=0  0.13989", "d  gamma=5  0.00088389")

    async def test_without_colours_letters_tell_the_curves_apart(self, perform, monkeypatch):
        monkeypatch.setenv("NO_COLOR", "1")
        async with perform("home") as stage:
            await stage.press("x", "enter")
            await stage.see("a gamma=0", "d gamma=5", "a  gamma=0  0.13989")

            def plotted() -> str:
                return "".join(line.split("┃")[1] for line in stage.text.splitlines() if line.count("┃") == 2)

            await stage.until(lambda: set("abcd") <= set(plotted()), "the letters of all curves")
