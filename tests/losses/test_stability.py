"""Extreme and empty input: a documented answer, exact to the last digits, without a warning and without NaN."""

# ruff: noqa: E501 - a row of a table reads best on one line

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from studyapp import losses
from studyapp.losses import LossError
from tests.losses.samples import CALLS, draw, identify, of_value, shape_of

INF = np.inf
EACH = {"reduction": "none"}
LOGITS = {"from_logits": True, **EACH}
LN2, E = np.log(2.0), np.e

VALUES = [
    # logits far out: linear in the logit on the wrong side, exponentially small but not 0 on the right side
    ("bce", ([0, 1, 0, 1], [1e4, -1e4, -1e4, 1e4]), LOGITS, [1e4, 1e4, 0, 0]),
    ("bce", ([1, 0], [40.0, -40.0]), LOGITS, [np.exp(-40.0)] * 2),
    ("bce", ([0.5], [1e4]), LOGITS, [5e3]),
    ("balanced_bce", ([0, 1], [1e4, 1e4]), {"alpha": 0.25, **LOGITS}, [7500, 0]),
    ("cross_entropy", ([[1, 0, 0]], [[-1e4, 0, 1e4]]), LOGITS, [2e4]),
    ("sparse_cross_entropy", ([2, 0], [[-1e4, 0, 1e4]] * 2), LOGITS, [0, 2e4]),
    ("focal", ([0, 1], [1e4, 1e4]), {"alpha": None, **LOGITS}, [1e4, 0]),
    ("softmax_focal", ([0, 1], [[1e4, -1e4]] * 2), LOGITS, [0, 2e4]),
    ("logistic", ([1, 1], [1e4, -1e4]), EACH, [0, 1e4]),
    ("logistic", ([1], [40.0]), EACH, [np.exp(-40.0)]),
    ("exponential", ([1, 1], [1e4, -1e4]), EACH, [0, INF]),
    ("hinge", ([1, 1], [1e4, -1e4]), EACH, [0, 10001]),
    ("log_cosh", ([0, 0, 0], [1e4, 1e-5, -1e-9]), EACH, [1e4 - LN2, 5e-11 - 1e-20 / 12, 5e-19]),
    ("huber", ([0, 0], [1e200, -1e-200]), EACH, [1e200, 0]),
    ("mse", ([0], [1e200]), EACH, [INF]),
    ("sigmoid", ([1e4, -1e4, -700.0],), {}, [1, 0, np.exp(-700.0)]),
    ("softplus", ([1e4, -1e4, -40.0],), {}, [1e4, 0, np.exp(-40.0)]),
    ("softmax", ([1e4, 0, -1e4],), {}, [1, 0, 0]),
    ("log_softmax", ([1e4, 0, -1e4],), {}, [0, -1e4, -2e4]),
    ("logsumexp", ([1e4, 1e4],), {}, 1e4 + LN2),
    ("info_nce", ([[1e4, 0.0]], [[1.0, 0.0], [-1.0, 0.0]], [1]), {"temperature": 1, **EACH}, [2e4]),
    ("triplet", ([[3e200, 4e200]], [[0.0, 0.0]], [[3e200, 4e200]]), {"margin": 0, **EACH}, [5e200]),
    ("triplet", ([[3e-200, 4e-200]], [[0.0, 0.0]], [[3e-200, 4e-200]]), {"margin": 0, **EACH}, [5e-200]),
    # probabilities 0 and 1
    ("bce", ([1, 0, 1, 0], [0, 1, 1, 0]), EACH, [INF, INF, 0, 0]),
    ("bce", ([1, 0], [0, 1]), {"eps": 0.25, **EACH}, [-np.log(0.25)] * 2),
    ("bce", ([0], [1e-20]), EACH, [1e-20]),
    ("balanced_bce", ([1, 0, 1], [0, 0, 1]), EACH, [INF, 0, 0]),
    ("focal", ([1, 0, 1], [0, 0, 1]), EACH, [INF, 0, 0]),
    ("focal", ([1, 1], [0, 1]), {"gamma": 0, "alpha": None, **EACH}, [INF, 0]),
    ("cross_entropy", ([[0, 1], [1, 0]], [[1, 0], [1, 0]]), EACH, [INF, 0]),
    ("sparse_cross_entropy", ([1, 0], [[1, 0], [1, 0]]), EACH, [INF, 0]),
    ("sparse_cross_entropy", ([1, 0], [[1, 0], [1, 0]]), {"weight": [1, 0], **EACH}, [0, 0]),
    ("softmax_focal", ([1, 0], [[1, 0], [1, 0]]), EACH, [INF, 0]),
    ("nll", ([1, 0], [[0, -INF], [0, -INF]]), EACH, [INF, 0]),
    # what has no weight takes no part, even if it would cost inf
    ("bce", ([1, 1], [0, 0.5]), {"sample_weight": [0, 1], **EACH}, [0, LN2]),
    ("bce", ([1, 0], [0, 0.5]), {"pos_weight": 0, **EACH}, [0, LN2]),
    ("balanced_bce", ([1, 0], [0, 0.5]), {"alpha": 0, **EACH}, [0, LN2]),
    ("focal", ([1, 0], [0, 0.5]), {"alpha": 0, "gamma": 0, **EACH}, [0, LN2]),
    ("softmax_focal", ([0, 1], [[0, 1], [0.5, 0.5]]), {"alpha": [0, 1], "gamma": 0, **EACH}, [0, LN2]),
    ("nll", ([1, 0], [[0, -INF], [0, -INF]]), {"weight": [1, 0], **EACH}, [0, 0]),
    ("cross_entropy", ([[0, 1]], [[1, 0]]), {"weight": [1, 0], **EACH}, [0]),
    ("self_information", ([0, 1],), {}, [INF, 0]),
    ("entropy", ([[1, 0], [0.5, 0.5]],), {"base": 2, **EACH}, [0, 1]),
    ("cross_entropy_of", ([[1, 0], [0, 1]], [[1, 0], [1, 0]]), EACH, [0, INF]),
    ("kl", ([[1, 0], [0, 1]], [[1, 0], [1, 0]]), EACH, [0, INF]),
    ("kl", ([[0.5, 0.5]], [[1 - 1e-300, 1e-300]]), EACH, [0.5 * (np.log(0.5) + np.log(0.5) + 300 * np.log(10))]),
    ("js", ([[1, 0], [1, 0]], [[1, 0], [0, 1]]), EACH, [0, LN2]),
    ("joint_entropy", ([[1, 0], [0, 0]],), {}, 0),
    ("conditional_entropy", ([[1, 0], [0, 0]],), {}, 0),
    ("mutual_information", ([[1, 0], [0, 0]],), {}, 0),
    # empty masks
    ("soft_iou", ([0, 0], [0, 0]), {}, 0),
    ("soft_iou", ([0, 0], [0, 0]), {"smooth": 1}, 0),
    ("soft_iou", ([0, 0], [0.5, 0]), {}, 1),
    ("dice", ([0, 0], [0, 0]), {}, 0),
    ("dice", ([1, 1], [0, 0]), {}, 1),
    ("dice", ([0, 0], [0, 0]), {"squared": True}, 0),
    ("tversky", ([0, 0], [0, 0]), {}, 0),
    ("tversky", ([0, 0], [1, 0]), {"alpha": 0}, 0),
    ("focal_tversky", ([0, 0], [0, 0]), {}, 0),
    ("lovasz_hinge", ([0, 0], [-2, -3]), {}, 0),
    ("lovasz_hinge", ([0, 0], [0.5, -3]), {}, 1.5),
    ("lovasz_softmax", ([0, 0], [[1, 0], [0.75, 0.25]]), {"classes": [1]}, 0.25),
    ("lovasz_softmax", ([0, 0], [[1, 0], [1, 0]]), {"classes": "all"}, 0),
    ("mean_iou", ([0, 0], [1, 1]), {}, 0),
    # boxes: the same, touching at an edge and a corner, nested, disjoint, without area
    ("box_iou", ([[0, 0, 2, 2]] * 5, [[0, 0, 2, 2], [2, 0, 4, 2], [2, 2, 3, 3], [0, 0, 1, 1], [5, 5, 6, 6]]), {}, [1, 0, 0, 0.25, 0]),
    ("box_iou", ([[1, 1, 1, 1]] * 3, [[1, 1, 1, 1], [0, 0, 2, 2], [3, 3, 3, 3]]), {}, [0, 0, 0]),
    ("giou", ([[1, 1, 1, 1]] * 3, [[1, 1, 1, 1], [0, 0, 2, 2], [3, 3, 3, 3]]), {}, [0, 0, -1]),
    ("giou", ([[0, 0, 2, 2]], [[2, 0, 4, 2]]), {}, [0]),
    ("giou_loss", ([[0, 0, 2, 2]], [[1, 1, 3, 3]]), EACH, [68 / 63]),
    ("diou", ([[1, 1, 1, 1]] * 3, [[1, 1, 1, 1], [0, 0, 2, 2], [3, 3, 3, 3]]), {}, [0, 0, -1]),
    ("diou", ([[0, 0, 2, 2]], [[0, 0, 2, 2]]), {}, [1]),
    ("ciou", ([[1, 1, 1, 1]] * 2 + [[0, 0, 2, 2]], [[1, 1, 1, 1], [3, 3, 3, 3], [0, 0, 2, 2]]), {}, [0, -1, 1]),
    ("ciou", ([[0, 0, 1, 1]], [[0, 0, 0, 1]]), {}, [-1 / 8 - 0.25**2 / 1.25]),
    ("iou_loss", ([[0, 0, 1, 1]] * 2, [[5, 5, 6, 6], [0, 0, 1, 1]]), {"form": "log", **EACH}, [INF, 0]),
    # one sample, one class, one key, one pair
    ("softmax", ([5.0],), {}, [1]),
    ("sparse_cross_entropy", (0, [5.0]), {"from_logits": True}, 0),
    ("info_nce", ([1.0], [[1.0]]), {}, 0),
    ("sum_hinge", ([[0.3]],), {}, 0),
    ("max_hinge", ([[0.3]],), {}, 0),
    ("mse", (1, 3), {}, 4),
    ("mse", (1, 3), EACH, 4),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "parameters", "expected"), VALUES)
def test_value_at_the_edge(name: str, arguments: Any, parameters: Any, expected: Any) -> None:
    value = losses.get(name)(*arguments, **parameters)
    assert np.shape(value) == np.shape(expected)
    np.testing.assert_allclose(value, np.array(expected, dtype=np.float64), rtol=1e-14, atol=0)


GRADIENTS = [
    ("bce", ([1, 0], [40.0, -40.0]), LOGITS, [-np.exp(-40.0), np.exp(-40.0)]),
    ("bce", ([0, 1, 0, 1], [1e4, -1e4, -1e4, 1e4]), LOGITS, [1, -1, 0, 0]),
    ("bce", ([1, 0, 1, 0], [0, 1, 1, 0]), EACH, [-INF, INF, -1, 1]),
    ("bce", ([1, 0, 1], [0, 1, 0.5]), {"eps": 0.25, **EACH}, [0, 0, -2]),
    ("focal", ([1, 0], [1e4, 1e4]), {"alpha": None, **LOGITS}, [0, 1]),
    ("focal", ([1, 1, 0], [1, 0, 0]), {"alpha": None, **EACH}, [0, -INF, 0]),
    ("focal", ([1, 0], [1, 0]), {"alpha": None, "gamma": 0, **EACH}, [-1, 1]),
    ("focal", ([1, 0], [1, 0]), {"alpha": None, "gamma": 0.5, **EACH}, [0, 0]),
    ("cross_entropy", ([[0, 1], [1, 0]], [[1, 0], [1, 0]]), EACH, [[0, -INF], [-1, 0]]),
    ("softmax_focal", ([0, 1], [[1e4, -1e4]] * 2), LOGITS, [[0, 0], [1, -1]]),
    ("softmax_focal", ([0, 1], [[1e4, -1e4]] * 2), {"gamma": 0.5, **LOGITS}, [[0, 0], [1, -1]]),
    ("bce", ([1, 1], [0, 0.5]), {"sample_weight": [0, 1], **EACH}, [0, -2]),
    ("bce", ([1, 0], [0, 0.5]), {"pos_weight": 0, **EACH}, [0, 2]),
    ("balanced_bce", ([1, 0], [0, 0.5]), {"alpha": 0, **EACH}, [0, 2]),
    ("focal", ([1, 0], [0, 0.5]), {"alpha": 0, "gamma": 0, **EACH}, [0, 2]),
    ("softmax_focal", ([0, 1], [[0, 1], [0.5, 0.5]]), {"alpha": [0, 1], "gamma": 0, **EACH}, [[0, 0], [0, -2]]),
    ("cross_entropy", ([[0, 1]], [[1, 0]]), {"weight": [1, 0], **EACH}, [[0, 0]]),
    ("kl", ([[1, 0], [0, 1]], [[1, 0], [1, 0]]), EACH, [[-1, 0], [0, -INF]]),
    ("js", ([[1, 0]], [[0, 1]]), EACH, [[-INF, 0.5 * LN2]]),
    ("js", ([[1, 0]], [[1, 0]]), EACH, [[0, 0]]),
    ("entropy", ([[1, 0]],), EACH, [[-1, INF]]),
    ("conditional_entropy", ([[1, 0], [0, 0]],), {}, [[0, INF], [0, 0]]),
    ("mutual_information", ([[1, 0], [0, 0]],), {}, [[-1, -1], [-1, INF]]),
    ("soft_iou", ([0, 0], [0, 0]), {}, [0, 0]),
    ("dice", ([0, 0], [0, 0]), {}, [0, 0]),
    ("tversky", ([0, 0], [0, 0]), {}, [0, 0]),
    ("dice", ([1, 1], [0, 0]), {}, [-1, -1]),
    ("box_iou", ([1, 1, 1, 1], [1, 1, 1, 1]), {}, [0, 0, 0, 0]),
    ("iou_loss", ([0, 0, 1, 1], [5, 5, 6, 6]), {"form": "log"}, [0, 0, 0, 0]),
    ("giou_loss", ([1, 1, 1, 1], [1, 1, 1, 1]), {}, [0, 0, 0, 0]),
    ("ciou_loss", ([1, 1, 1, 1], [1, 1, 1, 1]), {}, [0, 0, 0, 0]),
    ("ciou_loss", ([0, 0, 1, 1], [0, 0, 1, 1]), {}, [0, 0, 0, 0]),
    ("triplet", ([1.0], [1.0], [1.0]), {}, [0]),
    ("exponential", ([1, -1], [-1e4, 1e4]), EACH, [-INF, INF]),
    ("log_cosh", ([0, 0], [1e4, -1e4]), EACH, [1, -1]),
    ("sigmoid", ([1e4, -1e4, 40.0],), {}, [0, 0, np.exp(-40.0)]),
    ("softmax", ([1e4, -1e4],), {}, [[0, 0], [0, 0]]),
    ("nll", ([1], [[0, -INF]]), {}, [[0, -1]]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "parameters", "expected"), GRADIENTS)
def test_gradient_at_the_edge(name: str, arguments: Any, parameters: Any, expected: Any) -> None:
    gradient = losses.get(name).grad(*arguments, **parameters)
    np.testing.assert_allclose(gradient, np.array(expected, dtype=np.float64), rtol=1e-14, atol=0)


@pytest.mark.parametrize("call", CALLS, ids=identify)
def test_no_warning_and_no_nan_for_extreme_values(call: tuple[str, dict[str, Any]]) -> None:
    """Every argument set to the ends of its domain in turn, with NumPy told to raise and with its default."""
    name, parameters = call
    loss, random = losses.get(name), np.random.default_rng(11)
    domains = loss.logit_domain if parameters.get("from_logits") else loss.domain
    arguments = draw(loss, random, parameters)
    for place, (argument, domain) in enumerate(domains.items()):
        for extreme in _extremes(domain, arguments[place]):
            moved = [*arguments[:place], extreme, *arguments[place + 1 :]]
            with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
                warnings.simplefilter("error")
                try:
                    value = loss(*moved, **of_value(parameters))
                    gradient = loss.grad(*moved, **parameters)
                except LossError as refusal:
                    assert "nothing to average" in str(refusal)
                    continue
            assert not np.isnan(value).any(), (argument, extreme)
            assert not np.isnan(gradient).any(), (argument, extreme)


def _extremes(domain: Any, values: Any) -> list[Any]:
    if domain.kind == "interval" and domain.low == -INF:
        return [np.full_like(values, number) for number in (0.0, 1e4, -1e4, 1e-300)] + [values * 1e4]
    if domain.kind in ("interval", "choice"):
        low, high = getattr(domain, "values", None) or (domain.low, domain.high)
        alternating = np.resize([low, high], values.shape)
        return [np.full_like(values, low), np.full_like(values, high), alternating]
    if domain.kind == "distribution":
        certain = np.zeros_like(values)
        certain[..., 0 if len(domain.trailing) == 1 else (0, 0)] = 1.0
        if len(domain.trailing) == 2:
            certain = np.zeros_like(values)
            certain[..., 0, 0] = 1.0
        return [certain]
    if domain.kind == "log-distribution":
        certain = np.full_like(values, -INF)
        certain[..., 0] = 0.0
        return [certain]
    if domain.kind == "box":
        return [np.zeros_like(values), np.full_like(values, 5.0), np.resize([0.0, 0.0, 1e4, 0.0], values.shape)]
    return [np.zeros_like(values)]


@pytest.mark.parametrize("call", CALLS, ids=identify)
def test_an_empty_batch(call: tuple[str, dict[str, Any]]) -> None:
    """No sample: the sum is 0, the list of losses empty, and a mean does not exist."""
    name, parameters = call
    loss = losses.get(name)
    logits = parameters.get("from_logits", False)
    if loss.family == "segmentation" and name != "pixel_cross_entropy":
        parameters = {**parameters, "axis": (1,)}  # no image, of three pixels each
    domains = loss.logit_domain if logits else loss.domain
    empty = [np.zeros(shape_of(loss, argument, (0, 3), logits=logits)) for argument in domains]
    if name == "mean_iou":
        with pytest.raises(LossError, match="no pixels"):
            loss(*empty)
        return
    if loss.reduction is None:
        assert np.sum(loss(*empty, **of_value(parameters))) == 0
        assert np.size(loss.grad(*empty, **parameters)) == 0
        return
    assert loss(*empty, **{**of_value(parameters), "reduction": "sum"}) == 0
    assert np.size(loss(*empty, **{**of_value(parameters), **EACH})) == 0
    assert np.size(loss.grad(*empty, **{**parameters, "reduction": "sum"})) == 0
    with pytest.raises(LossError, match="nothing to average"):
        loss(*empty, **{**of_value(parameters), "reduction": "mean"})


@pytest.mark.parametrize("name", losses.names())
def test_zero_has_no_sign(name: str) -> None:
    """A result of 0 prints as 0.0, never as -0.0."""
    loss, random = losses.get(name), np.random.default_rng(2)
    arguments = []
    for argument, domain in loss.domain.items():
        drawn = domain.sample(random, shape_of(loss, argument, (4,)))
        arguments.append(np.round(drawn) if domain.kind == "interval" else drawn)
    for function in (loss, loss.grad):
        result = np.asarray(function(*arguments))
        assert not np.any((result == 0.0) & np.signbit(result))


MASKS = [name for name in losses.names("segmentation") if name not in ("lovasz_softmax", "pixel_cross_entropy")]


@pytest.mark.parametrize("name", MASKS)
def test_one_pixel_without_an_axis_is_a_mask(name: str) -> None:
    loss = losses.get(name)
    assert loss(1, 0.25) == loss([1], [0.25]) and loss.grad(1, 0.25) == loss.grad([1], [0.25])[0]
    assert isinstance(loss(1, 0.25, reduction="none"), float)


@pytest.mark.parametrize("length", [1, 3, 64, 65])
def test_many_rows_are_summed_as_few_are(length: int) -> None:
    """Large batches of short rows take another way through NumPy; the results agree to the last digits."""
    random = np.random.default_rng(0)
    z = random.normal(scale=3.0, size=(12_000 // length + 1, length))
    labels = random.integers(0, length, size=len(z))
    p = losses.softmax(z)
    for name, arguments in (
        ("softmax", (z,)),
        ("log_softmax", (z,)),
        ("logsumexp", (z,)),
        ("sparse_cross_entropy", (labels, p)),
        ("entropy", (p,)),
        ("kl", (p[::-1], p)),
        ("triplet", (z, z[::-1], p)),
    ):
        loss = losses.get(name)
        each = {} if loss.reduction is None else EACH
        parts = [loss(*(argument[index] for argument in arguments), **each) for index in range(20)]
        np.testing.assert_allclose(loss(*arguments, **each)[:20], parts, rtol=1e-13, atol=1e-15)


OVERFLOWS = [
    ("mbe", ([0.0, 0.0], [1.7e308, 1.7e308])),
    ("box_iou", ([-1e200, -1e200, 1e200, 1e200], [-1e200, -1e200, 1e200, 1e200])),
    ("info_nce", ([1e200], [[1e200], [1e200]])),
    ("triplet", ([1.7e308], [-1.7e308], [-1.7e308])),
]


@pytest.mark.parametrize(("name", "arguments"), OVERFLOWS)
def test_an_overflow_on_the_way_is_inf_or_refused(name: str, arguments: Any) -> None:
    loss = losses.get(name)
    for function in (loss, loss.grad):
        try:
            assert not np.isnan(function(*arguments)).any()
        except LossError as refusal:
            assert "exceed the range of 64-bit floats" in str(refusal)
    if name != "mbe":
        with pytest.raises(LossError, match="exceed the range"):
            loss(*arguments)
