"""Every closed-form gradient against central differences of its value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from studyapp import losses
from tests.losses.samples import CALLS, draw, identify, of_value, place_of_gradient

COUNTING = ("zero_one", "mean_iou")
"""Piecewise constant measures of labels: their gradient is 0 by definition."""

STEP = 4e-7  # small enough that probability rows still sum to 1 within the tolerance


def differences(loss: losses.Loss, arguments: list[Any], place: int, keywords: dict[str, Any]) -> Any:
    """[f(x + h) - f(x - h)] / 2h for each entry of the argument; results of f in front, its entries behind."""
    x = arguments[place]
    columns = []
    for index in np.ndindex(x.shape):
        sides = []
        for step in (STEP, -STEP):
            moved = x.copy()
            moved[index] += step
            sides.append(np.asarray(loss(*arguments[:place], moved, *arguments[place + 1 :], **keywords)))
        columns.append((sides[0] - sides[1]) / (2 * STEP))
    return np.stack(columns, axis=-1).reshape(*columns[0].shape, *x.shape)


@pytest.mark.parametrize("call", [call for call in CALLS if call[0] not in COUNTING], ids=identify)
def test_gradient_is_the_derivative(call: tuple[str, dict[str, Any]]) -> None:
    name, parameters = call
    loss, random = losses.get(name), np.random.default_rng(len(name))
    arguments = draw(loss, random, parameters)
    place = place_of_gradient(loss, parameters)
    reductions = [None] if loss.reduction is None else ["mean", "sum", "none"]
    for reduction in reductions:
        chosen = {} if reduction is None else {"reduction": reduction}
        gradient = loss.grad(*arguments, **chosen, **parameters)
        numeric = differences(loss, arguments, place, {**chosen, **of_value(parameters)})
        if name in ("softmax", "log_softmax"):
            numeric = np.einsum("abiabj->abij", numeric)  # rows do not act on each other
        elif reduction in (None, "none"):
            numeric = numeric.reshape(-1, *arguments[place].shape).sum(axis=0)
        assert np.shape(gradient) == numeric.shape
        np.testing.assert_allclose(gradient, numeric, rtol=1e-6, atol=1e-7 * max(1.0, np.abs(numeric).max()))


@pytest.mark.parametrize("name", ["ciou", "ciou_loss"])
def test_ciou_gradient_can_hold_alpha(name: str) -> None:
    """With alpha held, the slope is that of IoU - d²/c² - αv with α taken from the start."""
    loss = losses.get(name)
    true, pred = np.array([0.0, 0.0, 2.0, 2.0]), np.array([0.3, 0.2, 2.9, 1.4])
    penalty = losses.diou(true, pred) - losses.ciou(true, pred)
    v = 4 / np.pi**2 * (np.pi / 4 - np.arctan(2.6 / 1.2)) ** 2
    alpha = penalty / v

    def with_fixed_alpha(box: Any) -> float:
        angle = np.arctan((box[2] - box[0]) / (box[3] - box[1]))
        return losses.diou(true, box) - alpha * 4 / np.pi**2 * (np.pi / 4 - angle) ** 2

    steps = 1e-6 * np.eye(4)
    numeric = np.array([(with_fixed_alpha(pred + step) - with_fixed_alpha(pred - step)) / 2e-6 for step in steps])
    sign = 1.0 if name == "ciou" else -1.0
    np.testing.assert_allclose(loss.grad(true, pred, hold_alpha=True), sign * numeric, atol=1e-8)
    assert np.abs(loss.grad(true, pred, hold_alpha=True) - loss.grad(true, pred)).max() > 1e-3


SUBGRADIENTS = [
    ("mae", ([1.0], [1.0]), {}, [0.0]),
    ("quantile", ([1.0], [1.0]), {"q": 0.9}, [0.0]),
    ("smooth_l1", ([1.0], [1.0]), {"beta": 0.0}, [0.0]),
    ("hinge", ([1, -1], [1.0, -1.0]), {}, [0.0, 0.0]),
    ("perceptron", ([1, -1], [0.0, 0.0]), {}, [0.0, 0.0]),
    ("multiclass_hinge", ([0], [[1.0, 0.0]]), {}, [[0.0, 0.0]]),
    ("multiclass_hinge", ([0], [[1.0, 1.0, 1.0]]), {}, [[-1.0, 1.0, 0.0]]),
    ("lovasz_hinge", ([1], [1.0]), {}, [0.0]),
    ("l1_penalty", ([0.0, -2.0],), {}, [0.0, -1.0]),
    ("elastic_net", ([0.0, -2.0],), {}, [0.0, -5.0]),
    ("triplet", ([0.0, 0.0], [0.0, 0.0], [1.0, 0.0]), {"margin": 2.0}, [1.0, 0.0]),
    ("triplet", ([0.0], [1.0], [2.0]), {}, [0.0]),
    ("sum_hinge", ([[0.2, 0.0], [0.0, 0.2]],), {}, [[0.0, 0.0], [0.0, 0.0]]),
    ("max_hinge", ([[0.0, 1.0, 1.0], [-9, 0.0, -9], [-9, -9, 0.0]],), {}, [[-1, 2, 1], [0, -1, 0], [0, 0, -1]]),
    ("zero_one", ([1, 0], [1, 1]), {}, [0.0, 0.0]),
    ("mean_iou", ([1, 0], [1, 1]), {}, [0.0, 0.0]),
    ("box_iou", ([0, 0, 2, 2], [0, 0, 2, 2]), {}, [0.0, 0.0, 0.0, 0.0]),
    ("box_iou", ([0, 0, 2, 2], [2, 0, 4, 2]), {}, [-0.125, 0.0, 0.0, 0.0]),
    ("focal_tversky", ([1, 0], [1.0, 0.0]), {}, [0.0, 0.0]),
]


@pytest.mark.parametrize(("name", "arguments", "parameters", "expected"), SUBGRADIENTS)
def test_subgradient_at_a_kink_is_the_stated_one(name: str, arguments: Any, parameters: Any, expected: Any) -> None:
    loss = losses.get(name)
    gradient = loss.grad(*arguments, **parameters, **({} if loss.reduction is None else {"reduction": "sum"}))
    np.testing.assert_array_equal(gradient, expected)


@pytest.mark.parametrize("name", [name for name in losses.names() if losses.get(name).kinks])
def test_a_loss_with_kinks_states_the_subgradient_in_its_docstring(name: str) -> None:
    assert "Kink:" in (losses.get(name).__doc__ or "")
