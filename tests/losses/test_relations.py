"""What ties the losses to each other, and what they are indifferent to, as properties of random input."""

from __future__ import annotations

from typing import Any

import hypothesis
import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from studyapp import losses
from tests.losses.samples import CALLS, draw, identify, of_value, place_of_gradient


def given(*strategies: Any) -> Any:
    """Hypothesis, with the same examples in every run."""
    return lambda test: settings(max_examples=40, deadline=None, derandomize=True)(hypothesis.given(*strategies)(test))


COUNT = 5
REAL = st.floats(-50, 50).map(lambda x: round(x, 6))
PROBABILITY = st.floats(0.001, 0.999)


def vectors(elements: Any, shape: Any = COUNT) -> Any:
    return hnp.arrays(np.float64, shape, elements=elements)


reals = vectors(REAL)
probabilities = vectors(PROBABILITY)
bits = vectors(st.sampled_from([0.0, 1.0]))
signs = vectors(st.sampled_from([-1.0, 1.0]))
score_rows = vectors(REAL, (COUNT, 3))
classes = vectors(st.sampled_from([0.0, 1.0, 2.0]))
rows = vectors(st.floats(0.001, 1.0), (COUNT, 3)).map(lambda x: x / x.sum(-1, keepdims=True))
tables = vectors(st.floats(0.001, 1.0), (2, 3)).map(lambda x: x / x.sum())
boxes = vectors(st.integers(-8, 8), (COUNT, 2, 2)).map(lambda x: np.sort(x, axis=1).reshape(COUNT, 4) / 2)
positive = st.floats(0.01, 20)


def close(left: Any, right: Any, scale: float = 1.0) -> None:
    np.testing.assert_allclose(left, right, rtol=1e-11, atol=1e-12 * scale)


# ------------------------------------------------------------------ regression


@given(reals, reals, positive)
def test_huber_is_delta_times_smooth_l1(y: Any, p: Any, delta: float) -> None:
    close(losses.huber(y, p, delta=delta), delta * losses.smooth_l1(y, p, beta=delta))
    close(losses.huber.grad(y, p, delta=delta), delta * losses.smooth_l1.grad(y, p, beta=delta))


@given(reals, reals)
def test_limits_of_huber_and_smooth_l1(y: Any, p: Any) -> None:
    close(losses.huber(y, p, delta=1e6), losses.mse(y, p) / 2)
    close(losses.smooth_l1(y, p, beta=0), losses.mae(y, p))
    np.testing.assert_allclose(losses.huber(y, p, delta=1e-9) / 1e-9, losses.mae(y, p), atol=1e-8)


@given(reals, reals)
def test_quantile_at_one_half_is_half_of_mae(y: Any, p: Any) -> None:
    close(losses.quantile(y, p, q=0.5), losses.mae(y, p) / 2)


@given(reals, reals, st.floats(0, 1))
def test_quantiles_q_and_1_minus_q_mirror_each_other(y: Any, p: Any, q: float) -> None:
    close(losses.quantile(y, p, q=q), losses.quantile(-y, -p, q=1 - q))


@given(reals, reals)
def test_quadratic_cost_is_half_of_mse_for_single_outputs(y: Any, a: Any) -> None:
    close(losses.quadratic_cost(y, a), losses.mse(y, a) / 2)
    close(losses.quadratic_cost(y[None], a[None]), COUNT * losses.mse(y, a) / 2)


@given(reals, reals)
def test_order_of_regression_losses(y: Any, p: Any) -> None:
    assert abs(losses.mbe(y, p)) <= losses.mae(y, p) * (1 + 1e-12)
    assert losses.mae(y, p) ** 2 <= losses.mse(y, p) * (1 + 1e-12)
    each = {"reduction": "none"}
    near = losses.mae(y, p, **each)
    assert np.all(losses.log_cosh(y, p, **each) <= np.minimum(near, near**2 / 2) + 1e-12)
    assert np.all(losses.log_cosh(y, p, **each) >= near - np.log(2) - 1e-12)


@pytest.mark.parametrize(("name", "minimiser"), [("mse", np.mean), ("mae", np.median), ("quantile", None)])
def test_best_constant(name: str, minimiser: Any) -> None:
    y = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
    parameters = {"q": 0.75} if minimiser is None else {}
    target = np.quantile(y, 0.75) if minimiser is None else minimiser(y)
    candidates = np.linspace(0, 20, 2001)
    costs = [losses.get(name)(y, np.full(5, c), **parameters) for c in candidates]
    assert abs(candidates[int(np.argmin(costs))] - target) < 0.011


# ------------------------------------------------------------------ classification


@given(bits, reals)
def test_bce_from_logits_is_bce_of_the_sigmoid_and_the_logistic_loss(y: Any, z: Any) -> None:
    z = np.clip(z, -15, 15)
    value = losses.bce(y, z, from_logits=True)
    np.testing.assert_allclose(value, losses.bce(y, losses.sigmoid(z)), rtol=1e-9)
    close(value, losses.logistic(2 * y - 1, z))


@given(bits, reals)
def test_two_class_softmax_cross_entropy_is_bce_of_the_logit_difference(y: Any, z: Any) -> None:
    logits = np.stack([np.zeros(COUNT), z], axis=-1) + 3.0
    close(losses.sparse_cross_entropy(y, logits, from_logits=True), losses.bce(y, z, from_logits=True))


@given(bits, probabilities, st.floats(0, 1))
def test_focal_with_gamma_0_is_balanced_cross_entropy(y: Any, p: Any, alpha: float) -> None:
    close(losses.focal(y, p, alpha=alpha, gamma=0), losses.balanced_bce(y, p, alpha=alpha))
    close(losses.focal(y, p, alpha=None, gamma=0), losses.bce(y, p))
    close(losses.focal.grad(y, p, alpha=alpha, gamma=0), losses.balanced_bce.grad(y, p, alpha=alpha))


@given(bits, probabilities)
def test_balanced_bce_at_one_half_and_weights_of_bce(y: Any, p: Any) -> None:
    close(losses.balanced_bce(y, p, alpha=0.5), losses.bce(y, p) / 2)
    close(losses.balanced_bce(y, p, alpha=0.8), 0.2 * losses.bce(y, p, pos_weight=4))
    close(losses.bce(y, p, sample_weight=np.full(COUNT, 3.0)), 3 * losses.bce(y, p))


@given(bits, probabilities, st.floats(0, 5))
def test_focal_never_exceeds_cross_entropy(y: Any, p: Any, gamma: float) -> None:
    each = {"reduction": "none"}
    assert np.all(losses.focal(y, p, alpha=None, gamma=gamma, **each) <= losses.bce(y, p, **each) * (1 + 1e-12))


@given(classes, score_rows, st.floats(0, 1), vectors(st.floats(0.1, 5), 3))
def test_sparse_labels_equal_one_hot_labels(y: Any, z: Any, smoothing: float, weight: Any) -> None:
    one_hot = np.eye(3)[y.astype(int)]
    for parameters in ({}, {"label_smoothing": smoothing}, {"weight": weight}):
        for logits, prediction in ((True, z), (False, losses.softmax(z / 10))):
            keywords = {"from_logits": logits, **parameters}
            close(
                losses.sparse_cross_entropy(y, prediction, **keywords),
                losses.cross_entropy(one_hot, prediction, **keywords),
            )
            close(
                losses.sparse_cross_entropy.grad(y, prediction, **keywords),
                losses.cross_entropy.grad(one_hot, prediction, **keywords),
            )


@given(classes, score_rows)
def test_sparse_cross_entropy_is_nll_of_log_softmax(y: Any, z: Any) -> None:
    close(losses.sparse_cross_entropy(y, z, from_logits=True), losses.nll(y, losses.log_softmax(z)))
    close(losses.sparse_cross_entropy(y, z, from_logits=True), losses.pixel_cross_entropy(y, z, from_logits=True))
    close(losses.softmax_focal(y, z, gamma=0, from_logits=True), losses.nll(y, losses.log_softmax(z)))


@given(classes, score_rows)
def test_ignored_samples_are_as_if_absent(y: Any, z: Any) -> None:
    kept = y != 1
    if kept.any():
        close(
            losses.sparse_cross_entropy(y, z, from_logits=True, ignore_index=1),
            losses.sparse_cross_entropy(y[kept], z[kept], from_logits=True),
        )


@given(signs, reals)
def test_surrogates_bound_the_zero_one_loss(y: Any, s: Any) -> None:
    each = {"reduction": "none"}
    mistakes = losses.zero_one(y, np.where(s > 0, 1.0, -1.0), **each)
    for surrogate in (
        losses.hinge(y, s, **each),
        losses.squared_hinge(y, s, **each),
        losses.logistic(y, s, base=2, **each),
        losses.exponential(y, s, **each),
    ):
        assert np.all(surrogate >= mistakes - 1e-12)
    close(losses.squared_hinge(y, s, **each), losses.hinge(y, s, **each) ** 2)
    close(losses.perceptron(y, s), losses.hinge(y, s, margin=0))


@given(signs, reals)
def test_multiclass_hinge_of_two_classes_is_hinge(y: Any, s: Any) -> None:
    scores = np.stack([np.zeros(COUNT), s], axis=-1)
    for variant in ("crammer_singer", "weston_watkins"):
        close(losses.multiclass_hinge((y + 1) / 2, scores, variant=variant), losses.hinge(y, s))


@given(classes, score_rows)
def test_weston_watkins_is_at_least_crammer_singer(y: Any, s: Any) -> None:
    worst = losses.multiclass_hinge(y, s, reduction="none")
    total = losses.multiclass_hinge(y, s, variant="weston_watkins", reduction="none")
    assert np.all(worst <= total + 1e-12) and np.all(total <= 2 * worst + 1e-12)


@given(score_rows, st.floats(-100, 100))
def test_softmax_ignores_a_shift(z: Any, shift: float) -> None:
    np.testing.assert_allclose(losses.softmax(z + shift), losses.softmax(z), rtol=1e-11)
    np.testing.assert_allclose(losses.logsumexp(z + shift), losses.logsumexp(z) + shift, rtol=1e-11, atol=1e-11)
    close(losses.log_softmax(z), z - losses.logsumexp(z)[:, None], scale=50)


# ------------------------------------------------------------------ information


@given(rows, rows)
def test_cross_entropy_is_entropy_plus_kl(p: Any, q: Any) -> None:
    each = {"reduction": "none"}
    close(losses.cross_entropy_of(p, q, **each), losses.entropy(p, **each) + losses.kl(p, q, **each))
    close(losses.cross_entropy_of(p, q), losses.cross_entropy(p, q))


@given(rows, rows)
def test_divergences(p: Any, q: Any) -> None:
    each = {"reduction": "none"}
    assert np.all(losses.kl(p, q, **each) >= -1e-15)
    between = losses.js(p, q, **each)
    close(between, losses.js(q, p, **each))
    assert np.all((between >= 0) & (between <= np.log(2) + 1e-15))
    assert losses.kl(p, p) == 0 and losses.js(p, p) == 0
    close(losses.kl(p, q, base=2), losses.kl(p, q) / np.log(2))


def test_kl_is_not_symmetric() -> None:
    p, q = [0.5, 0.5], [0.1, 0.9]
    assert abs(losses.kl(p, q) - losses.kl(q, p)) > 0.1


@given(rows)
def test_entropy_is_largest_for_the_uniform_distribution(p: Any) -> None:
    each = {"reduction": "none"}
    uniform = np.full_like(p, 1 / 3)
    close(losses.entropy(p, **each), np.log(3) - losses.kl(p, uniform, **each))
    close(losses.entropy(p, **each), np.sum(p * losses.self_information(p), axis=-1))


@given(tables)
def test_chain_rule_of_entropy(table: Any) -> None:
    x, y = table.sum(1), table.sum(0)
    joint, shared = losses.joint_entropy(table), losses.mutual_information(table)
    close(losses.conditional_entropy(table), joint - losses.entropy(x))
    close(losses.conditional_entropy(table, given="y"), joint - losses.entropy(y))
    close(shared, losses.entropy(x) + losses.entropy(y) - joint)
    close(shared, losses.mutual_information(table.T))
    close(shared, losses.kl(table.ravel(), np.outer(x, y).ravel()))
    close(losses.mutual_information(np.outer(x, y)), 0.0)


# ------------------------------------------------------------------ segmentation


@given(bits, probabilities, st.floats(0, 2))
def test_tversky_contains_dice_and_iou(g: Any, p: Any, smooth: float) -> None:
    close(losses.tversky(g, p, smooth=smooth), losses.dice(g, p, smooth=2 * smooth))
    close(losses.tversky(g, p, alpha=1, beta=1, smooth=smooth), losses.soft_iou(g, p, smooth=smooth))
    close(losses.focal_tversky(g, p, gamma=1, alpha=0.3, beta=0.7), losses.tversky(g, p, alpha=0.3, beta=0.7))


@given(bits, probabilities)
def test_dice_and_iou_order_masks_alike(g: Any, p: Any) -> None:
    index = 1 - losses.soft_iou(g, p)
    close(1 - losses.dice(g, p), 2 * index / (1 + index))


def test_tversky_tells_false_positives_from_false_negatives() -> None:
    extra, missing = ([1, 0], [1.0, 1.0]), ([1, 1], [1.0, 0.0])
    assert losses.tversky(*extra, alpha=0.9, beta=0.1) > losses.tversky(*missing, alpha=0.9, beta=0.1)


@given(bits, bits)
def test_lovasz_of_hard_masks_is_one_minus_iou(g: Any, p: Any) -> None:
    close(losses.lovasz_softmax(g, np.stack([1 - p, p], -1), classes=[1]), losses.soft_iou(g, p))
    # with scores of ±1 wrong pixels have the error 2 and right ones 0
    close(losses.lovasz_hinge(g, 2 * p - 1), 2 * losses.soft_iou(g, p))


@given(bits, reals)
def test_lovasz_hinge_bounds_one_minus_iou(g: Any, s: Any) -> None:
    assert losses.lovasz_hinge(g, s) >= losses.soft_iou(g, (s > 0).astype(float)) - 1e-12


@given(bits, reals, st.permutations(range(COUNT)))
def test_pixel_order_does_not_matter(g: Any, s: Any, order: Any) -> None:
    close(losses.lovasz_hinge(g[order], s[order]), losses.lovasz_hinge(g, s), scale=50)


@given(classes, classes)
def test_mean_iou_is_the_mean_of_soft_iou(y: Any, p: Any) -> None:
    present = [c for c in range(3) if np.any(y == c) or np.any(p == c)]
    each = [1 - losses.soft_iou(y == c, (p == c).astype(float)) for c in present]
    close(losses.mean_iou(y, p), np.mean(each))
    close(losses.mean_iou(y, p, num_classes=3, absent="zero"), np.sum(each) / 3)


# ------------------------------------------------------------------ detection


@given(boxes, boxes)
def test_order_and_ranges_of_box_measures(a: Any, b: Any) -> None:
    iou, giou, diou, ciou = (measure(a, b) for measure in (losses.box_iou, losses.giou, losses.diou, losses.ciou))
    assert np.all((iou >= 0) & (iou <= 1))
    assert np.all((giou <= iou + 1e-15) & (giou >= -1))
    assert np.all((diou <= iou + 1e-15) & (diou >= -1))
    assert np.all(ciou <= diou + 1e-15)


@given(boxes, boxes)
def test_box_measures_are_symmetric_and_move_with_both_boxes(a: Any, b: Any) -> None:
    for measure in (losses.box_iou, losses.giou, losses.diou, losses.ciou):
        close(measure(a, b), measure(b, a))
        close(measure(a + 3.0, b + 3.0), measure(a, b))
        close(measure(a * 4.0, b * 4.0), measure(a, b))
        mirrored = [box[:, [1, 0, 3, 2]] for box in (a, b)]
        if measure is not losses.ciou:  # atan(w/h) of a box without extent is 0 either way: not mirrored there
            close(measure(*mirrored), measure(a, b))


@given(boxes, boxes)
def test_box_losses_are_one_minus_the_measures(a: Any, b: Any) -> None:
    for loss, measure in (
        (losses.iou_loss, losses.box_iou),
        (losses.giou_loss, losses.giou),
        (losses.diou_loss, losses.diou),
        (losses.ciou_loss, losses.ciou),
    ):
        close(loss(a, b, reduction="none"), 1 - measure(a, b))
        close(loss.grad(a, b, reduction="none"), -measure.grad(a, b))


def test_giou_equals_iou_when_one_box_holds_the_other_and_diou_does_not() -> None:
    outer, inner = [0, 0, 4, 4], [0.5, 0.5, 1.5, 1.5]
    assert losses.giou(outer, inner) == losses.box_iou(outer, inner) > losses.diou(outer, inner)


# ------------------------------------------------------------------ retrieval and penalties


@given(score_rows, score_rows, score_rows, positive)
def test_triplet_is_zero_once_the_negative_is_far_enough(a: Any, p: Any, n: Any, margin: float) -> None:
    value = losses.triplet(a, p, n, margin=margin, reduction="none")
    near, far = np.linalg.norm(a - p, axis=-1), np.linalg.norm(a - n, axis=-1)
    close(value, np.maximum(near - far + margin, 0), scale=100)


@given(vectors(REAL, (4, 4)), positive)
def test_max_hinge_is_at_most_sum_hinge_and_both_ignore_the_direction(s: Any, margin: float) -> None:
    assert losses.max_hinge(s, margin=margin) <= losses.sum_hinge(s, margin=margin) + 1e-9
    close(losses.max_hinge(s, margin=margin), losses.max_hinge(s.T, margin=margin), scale=100)
    close(losses.sum_hinge(s, margin=margin), losses.sum_hinge(s.T, margin=margin), scale=100)
    pair = s[:2, :2]
    close(losses.max_hinge(pair, margin=margin), losses.sum_hinge(pair, margin=margin), scale=100)


@given(vectors(st.floats(-2, 2), (COUNT, 3)), vectors(st.floats(-2, 2), (COUNT, 3)), st.floats(0.1, 5))
def test_info_nce_is_cross_entropy_over_the_keys(query: Any, keys: Any, temperature: float) -> None:
    own = np.arange(COUNT)
    value = losses.info_nce(query, keys, own, temperature=temperature)
    close(value, losses.sparse_cross_entropy(own, query @ keys.T / temperature, from_logits=True))
    repeated = np.broadcast_to(keys, (COUNT, *keys.shape))
    close(value, losses.info_nce(query, repeated, own, temperature=temperature))


@given(reals, st.floats(0, 3), st.floats(0, 3))
def test_elastic_net_is_the_sum_of_both_penalties(w: Any, l1: float, l2: float) -> None:
    close(losses.elastic_net(w, l1=l1, l2=l2), losses.l1_penalty(w, strength=l1) + losses.l2_penalty(w, strength=l2))


# ------------------------------------------------------------------ all of them


BATCHED = [call for call in CALLS if losses.get(call[0]).family != "regularisation" and call[0] != "mean_iou"]


@pytest.mark.parametrize("call", BATCHED, ids=identify)
def test_a_batch_equals_a_loop(call: tuple[str, dict[str, Any]]) -> None:
    """With reduction "none" a batch gives what each of its samples gives alone; mean and sum follow from it."""
    name, parameters = call
    loss, random = losses.get(name), np.random.default_rng(5)
    arguments = draw(loss, random, parameters, batch=(4, 3))
    masks = loss.family == "segmentation" and name != "pixel_cross_entropy"
    if masks:
        parameters = {key: value for key, value in parameters.items() if key != "axis"} | {"axis": (1,)}
    vector_cost = name == "quadratic_cost"
    keywords = of_value(parameters)
    each = {} if loss.reduction is None else {"reduction": "none"}
    whole = np.asarray(loss(*arguments, **each, **keywords))
    slope = np.asarray(loss.grad(*arguments, **each, **parameters))
    for index in np.ndindex((4,) if masks or vector_cost else (4, 3)):
        alone = [argument[index][None] if masks or vector_cost else argument[index] for argument in arguments]
        value = np.asarray(loss(*alone, **each, **keywords))
        close(value[0] if masks or vector_cost else value, whole[index])
        own = np.asarray(loss.grad(*alone, **each, **parameters))
        close(own[0] if masks or vector_cost else own, slope[index])
    if loss.reduction is not None:
        close(loss(*arguments, reduction="sum", **keywords), whole.sum())
        close(loss.grad(*arguments, reduction="sum", **parameters), slope)
        if "weight" not in parameters and "ignore_index" not in parameters:
            close(loss(*arguments, reduction="mean", **keywords), whole.mean())
            close(loss.grad(*arguments, reduction="mean", **parameters), slope / whole.size)


@pytest.mark.parametrize("call", CALLS, ids=identify)
def test_inputs_are_left_alone_and_results_are_fresh(call: tuple[str, dict[str, Any]]) -> None:
    name, parameters = call
    loss = losses.get(name)
    arguments = draw(loss, np.random.default_rng(3), parameters)
    copies = [argument.copy() for argument in arguments]
    for argument in arguments:
        argument.flags.writeable = False
    each = {} if loss.reduction is None else {"reduction": "none"}
    results = [loss(*arguments, **of_value(parameters)), loss(*arguments, **each, **of_value(parameters))]
    results += [loss.grad(*arguments, **parameters), loss.grad(*arguments, **each, **parameters)]
    for before, after in zip(copies, arguments, strict=True):
        np.testing.assert_array_equal(before, after)
    assert not any(np.shares_memory(result, argument) for result in results for argument in arguments)
    place = place_of_gradient(loss, parameters)
    if loss.family != "activations":
        assert np.shape(results[2]) == arguments[place].shape
