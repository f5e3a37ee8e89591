"""Lovász losses: convex surrogates of 1 - IoU, from the Lovász extension of the Jaccard set loss.

For errors m of the pixels of one mask, sorted from large to small, the extension is Σ m_(i) [J_i - J_(i-1)], where
J_i is the Jaccard loss that the i worst pixels cause if exactly they are wrong. Pixels with equal errors may be
taken in any order: the value is the same; for the gradient they keep their order in the mask.

A mask is one sample, as in `segmentation`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .conversion import Array
from .domain import CLASS, REAL, ROW, ZERO_ONE
from .errors import LossError
from .labels import class_numbers
from .loss import loss
from .masks import AXIS, from_rows, mask_axes, mask_count, to_rows
from .parameter import Classes

Axis = tuple[int, ...] | None


@loss(
    title="Lovász hinge",
    formula=r"\sum_i \max(0, m_{(i)})\,(J_i - J_{i-1}),\quad m = 1 - (2g - 1)s",
    family="segmentation",
    domain={"y_true": ZERO_ONE, "score": REAL},
    parameters={"axis": AXIS},
    aliases=("Lovasz hinge loss",),
    relations=("for a mask of one pixel it is hinge", "an upper bound of 1 - IoU of the mask score > 0"),
    sections=("003 Lovász",),
    kinks="two equal errors m, or m = 0",
)
def lovasz_hinge(y_true: Array, score: Array, *, axis: Axis = None) -> Any:
    """A convex, piecewise linear surrogate of 1 - IoU for one foreground class.

        Σ_i max(0, m_(i)) (J_i - J_(i-1)),  m = 1 - (2g - 1) s, sorted from large to small

    Shapes: y_true, score the same; the axes of one mask are `axis`.
    Edges: for an empty true mask it is the largest max(0, 1 + s); for a mask without pixels 0.
    Kink: an error of exactly 0 has the slope 0; pixels with equal errors keep their order.
    Relation: equals ∫ J({m ≥ θ}) dθ over θ > 0, with J(M) the Jaccard loss if exactly the pixels M are wrong.
    Pitfall: it takes scores, not probabilities.
    Source: Berman et al., "The Lovász-softmax loss", 2018.

    >>> round(losses.lovasz_hinge([1, 1, 0, 0], [2, -0.5, 0.5, -3]), 4)
    1.0
    """
    axes = mask_axes("lovasz_hinge", axis, y_true.ndim)
    truth, error = to_rows(y_true, axes), to_rows(1.0 - (2.0 * y_true - 1.0) * score, axes)
    return np.add.reduce(np.maximum(error, 0.0) * _jaccard_steps(truth, error), axis=-1)


@lovasz_hinge.gradient
def _(y_true: Array, score: Array, *, axis: Axis = None) -> Any:
    """-(2g - 1)(J_i - J_(i-1)) where the error is positive, with i its rank."""
    axes = mask_axes("lovasz_hinge", axis, y_true.ndim)
    sign = 2.0 * y_true - 1.0
    truth, error = to_rows(y_true, axes), to_rows(1.0 - sign * score, axes)
    steps = np.where(error > 0.0, _jaccard_steps(truth, error), 0.0)
    return -sign * from_rows(steps, axes, y_true.shape)


@lovasz_hinge.mean_divisor
def _(y_true: Array, score: Array, *, axis: Axis = None) -> int:
    return mask_count("lovasz_hinge", y_true.shape, axis)


@lovasz_hinge.distance_to_kink
def _(y_true: Array, score: Array, *, axis: Axis = None) -> Any:
    error = to_rows(1.0 - (2.0 * y_true - 1.0) * score, mask_axes("lovasz_hinge", axis, y_true.ndim))
    return _distance_to_tie_or_zero(error)


@loss(
    title="Lovász-softmax",
    formula=(
        r"\frac{1}{|C|}\sum_{c\in C}\sum_i m^{(c)}_{(i)}\,(J^{(c)}_i - J^{(c)}_{i-1}),\quad "
        r"m^{(c)} = |\mathbf 1[y = c] - p_c|"
    ),
    family="segmentation",
    domain={"y_true": CLASS, "y_pred": ROW},
    parameters={
        "classes": Classes(
            "which classes are averaged: those present in the true mask, all, or those listed",
            choices=("present", "all"),
        ),
        "axis": AXIS,
    },
    aliases=("Lovasz softmax loss",),
    relations=("with hard predictions it is the mean over classes of 1 - IoU",),
    sections=("003 Lovász",),
    kinks="two equal errors in a class, or an error of 0",
)
def lovasz_softmax(
    y_true: Array, y_pred: Array, *, classes: str | tuple[int, ...] = "present", axis: Axis = None
) -> Any:
    """The Lovász extension for several classes, averaged over classes.

        mean over c of Σ_i m_(i) (J_i - J_(i-1)),  m = |1[y = c] - p_c|, sorted from large to small

    Shapes: y_true (…, pixels) class numbers, y_pred (…, pixels, C) probabilities; `axis` counts axes of y_true.
    Edges: a mask without pixels costs 0; with "present" a class that the true mask lacks does not count.
    Kink: an error of exactly 0 has the slope 0; pixels with equal errors keep their order.
    Relation: equals ∫ J({m ≥ θ}) dθ, class by class.
    Pitfall: it takes probabilities, not logits; averaging over all classes punishes absent ones by max p_c.
    Source: Berman et al., "The Lovász-softmax loss", 2018.

    >>> round(losses.lovasz_softmax([0, 1, 1], [[0.8, 0.2], [0.4, 0.6], [0.1, 0.9]]), 4)
    0.2833
    """
    axes = mask_axes("lovasz_softmax", axis, y_true.ndim)
    truth, error, share = _class_errors(y_true, y_pred, classes, axes)
    return np.add.reduce(share * np.add.reduce(error * _jaccard_steps(truth, error), axis=-1), axis=-1)


@lovasz_softmax.gradient
def _(y_true: Array, y_pred: Array, *, classes: str | tuple[int, ...] = "present", axis: Axis = None) -> Any:
    """∓(J_i - J_(i-1)) / |C|: minus for the true class, plus for the others; |·| has the slope 0 at 0."""
    axes = mask_axes("lovasz_softmax", axis, y_true.ndim)
    truth, error, share = _class_errors(y_true, y_pred, classes, axes)
    slope = share[..., None] * _jaccard_steps(truth, error)
    slope *= np.where(truth, -1.0, 1.0) * (error != 0.0)
    return from_rows(np.swapaxes(slope, -1, -2), axes, y_true.shape)


@lovasz_softmax.mean_divisor
def _(y_true: Array, y_pred: Array, *, axis: Axis = None, **_: Any) -> int:
    return mask_count("lovasz_softmax", y_true.shape, axis)


@lovasz_softmax.distance_to_kink
def _(y_true: Array, y_pred: Array, *, classes: str | tuple[int, ...] = "present", axis: Axis = None) -> Any:
    _, error, share = _class_errors(y_true, y_pred, classes, mask_axes("lovasz_softmax", axis, y_true.ndim))
    return np.where(share[..., None] > 0.0, _distance_to_tie_or_zero(error), np.inf)


def _class_errors(
    y_true: Array, y_pred: Array, classes: str | tuple[int, ...], axes: tuple[int, ...]
) -> tuple[Any, Any, Any]:
    """For every mask and class: the true pixels, the errors (…, C, pixels) and the class's share in the mean (…, C)."""
    count = y_pred.shape[-1]
    labels = to_rows(class_numbers("lovasz_softmax", y_true, count), axes)
    truth = labels[..., None, :] == np.arange(count)[:, None]
    error = np.abs(truth - np.swapaxes(to_rows(y_pred, axes, trailing=1), -1, -2))
    if classes == "present":
        chosen = np.logical_or.reduce(truth, axis=-1)
    elif classes == "all":
        chosen = np.ones(truth.shape[:-1], dtype=bool)
    else:
        listed = [int(c) for c in classes]
        if max(listed) >= count:
            raise LossError(f"lovasz_softmax: classes names class {max(listed)}; y_pred has classes 0 … {count - 1}")
        chosen = np.zeros(truth.shape[:-1], dtype=bool)
        chosen[..., listed] = True
    share = chosen / np.maximum(np.add.reduce(chosen, axis=-1, keepdims=True), 1)
    return truth, error, share


def _jaccard_steps(truth: Array, error: Array) -> Any:
    """J_i - J_(i-1) for each pixel, in the pixels' own order: the gradient of the extension in the errors."""
    order = np.argsort(-error, axis=-1, kind="stable")
    found = np.cumsum(np.take_along_axis(truth, order, axis=-1), axis=-1)
    wrong = np.arange(1, error.shape[-1] + 1)
    total = found[..., -1:]
    jaccard = 1.0 - (total - found) / (total + wrong - found)  # over intersection and union of what is left
    jaccard[..., 1:] -= jaccard[..., :-1].copy()
    steps = np.empty_like(jaccard)
    np.put_along_axis(steps, order, jaccard, axis=-1)
    return steps


def _distance_to_tie_or_zero(error: Array) -> Any:
    """The least gap between two errors of a row, or between one and 0, for every row, as (…, 1)."""
    with_zero = np.sort(np.concatenate([error, np.zeros((*error.shape[:-1], 1))], axis=-1), axis=-1)
    return np.min(np.diff(with_zero, axis=-1), axis=-1, initial=np.inf, keepdims=True)
