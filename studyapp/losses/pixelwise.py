"""The segmentation loss that judges every pixel by itself: cross-entropy, with each pixel one sample."""

from __future__ import annotations

from typing import Any

from .categorical import IGNORE_INDEX, WEIGHT, sparse_cross_entropy
from .conversion import Array
from .domain import CLASS, ROW, SCORES
from .loss import loss
from .parameter import FROM_LOGITS


@loss(
    title="Pixel cross-entropy",
    formula=r"-\frac{1}{\sum_i w_{y_i}}\sum_i w_{y_i}\ln p_{i,y_i}",
    family="segmentation",
    domain={"y_true": CLASS, "y_pred": ROW},
    logit_domain={"y_pred": SCORES},
    parameters={"from_logits": FROM_LOGITS, "weight": WEIGHT, "ignore_index": IGNORE_INDEX},
    aliases=("segmentation cross-entropy", "per-pixel cross-entropy"),
    relations=("sparse_cross_entropy with every pixel a sample",),
    sections=("002 segmentation", "002 weighted CE", "003 segmentation CE"),
)
def pixel_cross_entropy(
    y_true: Array,
    y_pred: Array,
    *,
    from_logits: bool = False,
    weight: Array | None = None,
    ignore_index: int | None = None,
) -> Any:
    """Cross-entropy of every pixel, averaged over the pixels that count.

        -w_y ln p_y

    Shapes: y_true (…, H, W) class numbers, y_pred (…, H, W, C), the class axis last. Units: nats.
    Edges: ignored pixels cost 0 and do not count; with none left there is no mean.
    Relation: a weight such as (N - N_c)/N for N pixels, N_c of class c, lifts rare classes.
    Pitfall: torch puts the class axis second: np.moveaxis(scores, 1, -1) brings it here.
    Source: 002 segmentation.

    >>> round(losses.pixel_cross_entropy([[0, 1]], [[[0.5, 0.5], [0.2, 0.8]]]), 4)
    0.4581
    """
    return sparse_cross_entropy.value(y_true, y_pred, from_logits=from_logits, weight=weight, ignore_index=ignore_index)


@pixel_cross_entropy.gradient
def _(
    y_true: Array,
    y_pred: Array,
    *,
    from_logits: bool = False,
    weight: Array | None = None,
    ignore_index: int | None = None,
) -> Any:
    """That of sparse_cross_entropy, pixel by pixel."""
    return sparse_cross_entropy.slope(y_true, y_pred, from_logits=from_logits, weight=weight, ignore_index=ignore_index)


@pixel_cross_entropy.mean_divisor
def _(y_true: Array, y_pred: Array, *, weight: Array | None = None, ignore_index: int | None = None, **_: Any) -> float:
    """Σ_i w_{y_i} over the pixels that are not ignored."""
    return float(sparse_cross_entropy.divisor(y_true, y_pred, weight=weight, ignore_index=ignore_index))
