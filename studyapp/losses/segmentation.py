"""Segmentation losses that count overlap: soft IoU, Dice and the Tversky index.

A mask is one sample: by default all axes together make up one mask; `axis` names the axes of one mask in a batch.
Sums run over its pixels: TP = Σ p g, FP = Σ p (1 - g), FN = Σ (1 - p) g, with g the true mask of zeros and ones
and p the predicted probabilities. `smooth` is added to numerator and denominator.

Where both are 0 (nothing there, nothing predicted, smooth = 0) the loss is 0, which is its limit for a vanishing
`smooth`, and the gradient is 0. Gradients are with respect to the probabilities.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import numerics
from .conversion import Array
from .domain import PROBABILITY, ZERO_ONE
from .loss import loss
from .masks import AXIS, mask_axes, mask_count
from .parameter import Flag, Number

SMOOTH = Number("added to numerator and denominator of the overlap", low=0.0)
FALSE_POSITIVES = Number("weight of false positives", low=0.0)
FALSE_NEGATIVES = Number("weight of false negatives", low=0.0)

Axis = tuple[int, ...] | None

total: Any = np.add.reduce


@loss(
    title="Soft IoU loss",
    formula=r"1 - \frac{\sum pg + s}{\sum p + \sum g - \sum pg + s}",
    family="segmentation",
    domain={"y_true": ZERO_ONE, "y_pred": PROBABILITY},
    parameters={"smooth": SMOOTH, "axis": AXIS},
    aliases=("soft Jaccard loss", "Jaccard loss", "IoU loss for masks"),
    relations=("tversky(alpha=1, beta=1)", "with J = 1 - loss, Dice = 2J / (1 + J)"),
    sections=("000 §2.3", "003 IoU loss", "004"),
)
def soft_iou(y_true: Array, y_pred: Array, *, smooth: float = 0.0, axis: Axis = None) -> Any:
    """1 minus intersection over union, with products of probabilities for the intersection.

        1 - (Σpg + s) / (Σp + Σg - Σpg + s)

    Shapes: y_true, y_pred the same; the axes of one mask are `axis`.
    Relation: |A ∪ B| = |A| + |B| - |A ∩ B|, with a minus.
    Pitfall: IoU is the measure; the loss is 1 - IoU.
    Source: 000 §2.3.

    >>> round(losses.soft_iou([1, 1, 0, 0], [1, 0, 1, 0]), 4)
    0.6667
    >>> losses.soft_iou([0, 0], [0, 0])
    0.0
    """
    axes = mask_axes("soft_iou", axis, y_true.ndim)
    shared, union = _shared_and_union(y_true, y_pred, axes)
    return 1.0 - numerics.ratio(shared + smooth, union + smooth, empty=1.0)


@soft_iou.gradient
def _(y_true: Array, y_pred: Array, *, smooth: float = 0.0, axis: Axis = None) -> Any:
    """(I - g (I + U)) / U², with I and U the smoothed intersection and union."""
    axes = mask_axes("soft_iou", axis, y_true.ndim)
    shared, union = _shared_and_union(y_true, y_pred, axes, keepdims=True)
    shared, union = shared + smooth, union + smooth
    return _line(_quotient(shared, union**2), -_quotient(shared + union, union**2), y_true)


@soft_iou.mean_divisor
def _(y_true: Array, y_pred: Array, *, axis: Axis = None, **_: Any) -> int:
    return mask_count("soft_iou", y_true.shape, axis)


def _shared_and_union(y_true: Array, y_pred: Array, axes: tuple[int, ...], keepdims: bool = False) -> tuple[Any, Any]:
    shared, size_true, size_pred = _sizes(y_true, y_pred, axes, keepdims)
    return shared, size_true + size_pred - shared


def _sizes(y_true: Array, y_pred: Array, axes: tuple[int, ...], keepdims: bool) -> tuple[Any, Any, Any]:
    """Σpg, Σg and Σp of each mask. If p = 0 outside the true mask then Σp - Σpg is exactly 0, likewise Σg - Σpg."""
    return (
        total(y_true * y_pred, axis=axes, keepdims=keepdims),
        total(y_true, axis=axes, keepdims=keepdims),
        total(y_pred, axis=axes, keepdims=keepdims),
    )


def _quotient(numerator: Any, denominator: Any) -> Any:
    """numerator / denominator, and 0 where the denominator is 0: an empty mask has no slope."""
    empty = denominator == 0.0
    return np.where(empty, 0.0, numerator / np.where(empty, 1.0, denominator))


def _line(offset: Any, factor: Any, y_true: Array) -> Any:
    """offset + factor · g, pixel by pixel."""
    slope = factor * y_true
    slope += offset
    return slope


@loss(
    title="Dice loss",
    formula=r"1 - \frac{2\sum pg + s}{\sum p + \sum g + s}",
    family="segmentation",
    domain={"y_true": ZERO_ONE, "y_pred": PROBABILITY},
    parameters={
        "smooth": SMOOTH,
        "squared": Flag("whether the denominator sums squares: Σp² + Σg²"),
        "axis": AXIS,
    },
    aliases=("Dice", "soft Dice loss", "Sorensen-Dice loss", "F1 loss"),
    relations=("tversky(alpha=1/2, beta=1/2)", "1 - F1", "with J the IoU, 1 - 2J / (1 + J)"),
    sections=("000 §2.3", "002 dice", "003 dice", "004"),
)
def dice(y_true: Array, y_pred: Array, *, smooth: float = 0.0, squared: bool = False, axis: Axis = None) -> Any:
    """1 minus the Dice coefficient, which is the F1 score of the pixels.

        1 - (2Σpg + s) / (Σp + Σg + s);  squared: 1 - (2Σpg + s) / (Σp² + Σg² + s)

    Shapes: y_true, y_pred the same; the axes of one mask are `axis`.
    Relation: 1 - 2TP / (2TP + FP + FN).
    Pitfall: libraries give 0, 1 or nothing for two empty masks; and the mean over images is not the batch's Dice.
    Source: Milletari et al., "V-Net", 2016 (squared); 000 §2.3.

    >>> losses.dice([1, 1, 0, 0], [1, 0, 1, 0])
    0.5
    >>> round(losses.dice([1, 0], [0.5, 0.5]), 4), round(losses.dice([1, 0], [0.5, 0.5], squared=True), 4)
    (0.5, 0.3333)
    """
    axes = mask_axes("dice", axis, y_true.ndim)
    top, bottom = _dice_parts(y_true, y_pred, smooth, squared, axes, keepdims=False)
    return 1.0 - numerics.ratio(top, bottom, empty=1.0)


@dice.gradient
def _(y_true: Array, y_pred: Array, *, smooth: float = 0.0, squared: bool = False, axis: Axis = None) -> Any:
    """N/S² · S' - 2g/S with N = 2Σpg + s, S the denominator, and S' = 1, or 2p if squared."""
    axes = mask_axes("dice", axis, y_true.ndim)
    top, bottom = _dice_parts(y_true, y_pred, smooth, squared, axes, keepdims=True)
    growth = _quotient(top, bottom**2)
    return _line(growth * (2.0 * y_pred) if squared else growth, -_quotient(2.0, bottom), y_true)


@dice.mean_divisor
def _(y_true: Array, y_pred: Array, *, axis: Axis = None, **_: Any) -> int:
    return mask_count("dice", y_true.shape, axis)


def _dice_parts(
    y_true: Array, y_pred: Array, smooth: float, squared: bool, axes: tuple[int, ...], keepdims: bool
) -> tuple[Any, Any]:
    """Numerator and denominator of the Dice coefficient; Σg² = Σg."""
    shared, size_true, size_pred = _sizes(y_true, y_pred, axes, keepdims)
    if squared:
        size_pred = total(y_pred * y_pred, axis=axes, keepdims=keepdims)
    return 2.0 * shared + smooth, size_true + size_pred + smooth


@loss(
    title="Tversky loss",
    formula=r"1 - \frac{\mathrm{TP} + s}{\mathrm{TP} + \alpha\,\mathrm{FP} + \beta\,\mathrm{FN} + s}",
    family="segmentation",
    domain={"y_true": ZERO_ONE, "y_pred": PROBABILITY},
    parameters={"alpha": FALSE_POSITIVES, "beta": FALSE_NEGATIVES, "smooth": SMOOTH, "axis": AXIS},
    relations=(
        "alpha = beta = 1/2 gives dice with twice the smoothing",
        "alpha = beta = 1 gives soft_iou",
        "1 - F_b for alpha = 1/(1 + b²), beta = b²/(1 + b²)",
    ),
    sections=("003 Tversky", "004 Tversky"),
)
def tversky(
    y_true: Array, y_pred: Array, *, alpha: float = 0.5, beta: float = 0.5, smooth: float = 0.0, axis: Axis = None
) -> Any:
    """1 minus the Tversky index, which prices false positives and false negatives apart.

        1 - (TP + s) / (TP + α FP + β FN + s)

    Shapes: y_true, y_pred the same; the axes of one mask are `axis`.
    Relation: β > α favours recall, α > β precision.
    Pitfall: half of the literature swaps α and β; here α weighs false positives.
    Source: Salehi et al., "Tversky loss function for image segmentation", 2017; 003 Tversky.

    >>> round(losses.tversky([1, 1, 0, 0], [1, 0, 0, 0], alpha=0.3, beta=0.7), 4)
    0.4118
    """
    return 1.0 - _tversky_index("tversky", y_true, y_pred, alpha, beta, smooth, axis)


@tversky.gradient
def _(
    y_true: Array, y_pred: Array, *, alpha: float = 0.5, beta: float = 0.5, smooth: float = 0.0, axis: Axis = None
) -> Any:
    """(N D' - g D) / D² with N/D the index and D' = α + (1 - α - β) g."""
    return -_tversky_slope("tversky", y_true, y_pred, alpha, beta, smooth, axis)


@tversky.mean_divisor
def _(y_true: Array, y_pred: Array, *, axis: Axis = None, **_: Any) -> int:
    return mask_count("tversky", y_true.shape, axis)


@loss(
    title="Focal Tversky loss",
    formula=r"(1 - \mathrm{TI})^{1/\gamma}",
    family="segmentation",
    domain={"y_true": ZERO_ONE, "y_pred": PROBABILITY},
    parameters={
        "alpha": FALSE_POSITIVES,
        "beta": FALSE_NEGATIVES,
        "gamma": Number("the exponent is 1/gamma", low=0.0, low_open=True),
        "smooth": SMOOTH,
        "axis": AXIS,
    },
    aliases=("FTL",),
    relations=("gamma = 1 gives tversky",),
    sections=("003 Tversky",),
    kinks="a perfect mask, where for gamma > 1 the slope is infinite",
)
def focal_tversky(
    y_true: Array,
    y_pred: Array,
    *,
    alpha: float = 0.5,
    beta: float = 0.5,
    gamma: float = 4 / 3,
    smooth: float = 0.0,
    axis: Axis = None,
) -> Any:
    """Tversky loss raised to the power 1/γ, mask by mask.

        (1 - TI)^(1/γ),  TI = (TP + s) / (TP + α FP + β FN + s)

    Shapes: y_true, y_pred the same; the axes of one mask are `axis`.
    Kink: at a perfect mask the gradient is taken as 0, though for γ > 1 the slope is infinite there.
    Relation: γ > 1 keeps a steep slope for masks that are already good; γ < 1 stresses the bad ones.
    Pitfall: many programs use γ itself as the exponent; their 0.75 is this 4/3. The paper's α and β
    are swapped with respect to this module.
    Source: Abraham and Khan, "A novel focal Tversky loss function", 2018.

    >>> round(losses.focal_tversky([1, 1, 0, 0], [1, 0, 1, 0]), 4)
    0.5946
    """
    return (1.0 - _tversky_index("focal_tversky", y_true, y_pred, alpha, beta, smooth, axis)) ** (1.0 / gamma)


@focal_tversky.gradient
def _(
    y_true: Array,
    y_pred: Array,
    *,
    alpha: float = 0.5,
    beta: float = 0.5,
    gamma: float = 4 / 3,
    smooth: float = 0.0,
    axis: Axis = None,
) -> Any:
    """(1/γ)(1 - TI)^(1/γ - 1) times the gradient of tversky."""
    index = _tversky_index("focal_tversky", y_true, y_pred, alpha, beta, smooth, axis, keepdims=True)
    outer = np.where(index < 1.0, (1.0 - index) ** (1.0 / gamma - 1.0) / gamma, 1.0 if gamma == 1.0 else 0.0)
    return -outer * _tversky_slope("focal_tversky", y_true, y_pred, alpha, beta, smooth, axis)


@focal_tversky.distance_to_kink
def _(
    y_true: Array,
    y_pred: Array,
    *,
    alpha: float = 0.5,
    beta: float = 0.5,
    gamma: float = 4 / 3,
    smooth: float = 0.0,
    axis: Axis = None,
) -> Any:
    return 1.0 - _tversky_index("focal_tversky", y_true, y_pred, alpha, beta, smooth, axis)


@focal_tversky.mean_divisor
def _(y_true: Array, y_pred: Array, *, axis: Axis = None, **_: Any) -> int:
    return mask_count("focal_tversky", y_true.shape, axis)


def _tversky_parts(
    y_true: Array, y_pred: Array, alpha: float, beta: float, smooth: float, axes: tuple[int, ...], keepdims: bool
) -> tuple[Any, Any]:
    """Numerator and denominator of the Tversky index."""
    hits, size_true, size_pred = _sizes(y_true, y_pred, axes, keepdims)
    return hits + smooth, hits + alpha * (size_pred - hits) + beta * (size_true - hits) + smooth


def _tversky_index(
    loss: str,
    y_true: Array,
    y_pred: Array,
    alpha: float,
    beta: float,
    smooth: float,
    axis: Axis,
    keepdims: bool = False,
) -> Any:
    axes = mask_axes(loss, axis, y_true.ndim)
    return numerics.ratio(*_tversky_parts(y_true, y_pred, alpha, beta, smooth, axes, keepdims), empty=1.0)


def _tversky_slope(
    loss: str, y_true: Array, y_pred: Array, alpha: float, beta: float, smooth: float, axis: Axis
) -> Any:
    """The gradient of the Tversky index."""
    axes = mask_axes(loss, axis, y_true.ndim)
    top, bottom = _tversky_parts(y_true, y_pred, alpha, beta, smooth, axes, keepdims=True)
    square = bottom**2
    return _line(-_quotient(alpha * top, square), _quotient(bottom - (1.0 - alpha - beta) * top, square), y_true)
