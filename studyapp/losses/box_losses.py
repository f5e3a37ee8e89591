"""Box losses: 1 minus a measure of overlap.

A pair of boxes (…, 4) is one sample. Gradients, conventions at coinciding edges and for boxes without extent are
those of the measures.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import overlap
from .box_ious import BOXES, EDGES, HOLD_ALPHA
from .conversion import Array
from .loss import loss
from .parameter import Option


@loss(
    title="IoU loss",
    formula=r"1 - \mathrm{IoU} \quad\text{or}\quad -\ln\mathrm{IoU}",
    family="detection",
    domain=BOXES,
    parameters={"form": Option("1 - IoU, or -ln IoU", choices=("linear", "log"))},
    aliases=("box IoU loss", "UnitBox loss"),
    relations=("linear: 1 - box_iou", "log: -ln box_iou >= 1 - box_iou"),
    sections=("001 IoU", "002 IoU", "004"),
    kinks=EDGES,
)
def iou_loss(box_true: Array, box_pred: Array, *, form: str = "linear") -> Any:
    """What is missing to full overlap.

        linear  1 - IoU
        log     -ln IoU

    Shapes: box_true, box_pred (…, 4).
    Kink: where edges coincide or boxes touch, the mean of the one-sided derivatives.
    Edges: boxes that do not overlap cost 1, or inf in the log form, and have the gradient 0 there.
    Relation: scale invariant, unlike L1 and L2 on the coordinates.
    Pitfall: no gradient between disjoint boxes, so nothing pulls them together.
    Source: Yu et al., "UnitBox", 2016 (log); 002 IoU.

    >>> round(losses.iou_loss([0, 0, 2, 2], [1, 0, 3, 2]), 4)
    0.6667
    >>> round(losses.iou_loss([0, 0, 2, 2], [1, 0, 3, 2], form="log"), 4)
    1.0986
    """
    iou = overlap.iou(box_true, box_pred).value
    return -np.log(iou) if form == "log" else 1.0 - iou


@iou_loss.gradient
def _(box_true: Array, box_pred: Array, *, form: str = "linear") -> Any:
    """-IoU', or -IoU'/IoU."""
    iou = overlap.iou(box_true, box_pred, slopes=True)
    if form == "linear":
        return -iou.gradient
    value = np.asarray(iou.value)[..., None]
    return np.where(value == 0.0, 0.0, -iou.gradient / np.where(value == 0.0, 1.0, value))


@loss(
    title="GIoU loss",
    formula=r"1 - \mathrm{GIoU}",
    family="detection",
    domain=BOXES,
    aliases=("generalized IoU loss",),
    relations=("1 - giou", ">= iou_loss"),
    sections=("002 GIoU",),
    kinks=EDGES,
)
def giou_loss(box_true: Array, box_pred: Array) -> Any:
    """1 minus generalised IoU, in [0, 2).

        1 - IoU + |C \\ (A ∪ B)| / |C|

    Shapes: box_true, box_pred (…, 4).
    Kink: where edges coincide or boxes touch, the mean of the one-sided derivatives.
    Relation: has a gradient for disjoint boxes, which iou_loss lacks.
    Pitfall: it first grows the predicted box towards the other, and so converges slowly.
    Source: Rezatofighi et al., 2019; 002 GIoU.

    >>> round(losses.giou_loss([0, 0, 2, 2], [1, 1, 3, 3]), 5)
    1.07937
    """
    return 1.0 - overlap.giou(box_true, box_pred).value


@giou_loss.gradient
def _(box_true: Array, box_pred: Array) -> Any:
    """-GIoU'."""
    return -overlap.giou(box_true, box_pred, slopes=True).gradient


@loss(
    title="DIoU loss",
    formula=r"1 - \mathrm{IoU} + \frac{d^2}{c^2}",
    family="detection",
    domain=BOXES,
    aliases=("distance IoU loss",),
    relations=("1 - diou", ">= iou_loss"),
    sections=("002 DIoU",),
    kinks=EDGES,
)
def diou_loss(box_true: Array, box_pred: Array) -> Any:
    """1 minus distance IoU, in [0, 2).

        1 - IoU + d²/c²

    Shapes: box_true, box_pred (…, 4).
    Kink: where edges coincide or boxes touch, the mean of the one-sided derivatives.
    Relation: tends to 2 for boxes far apart.
    Pitfall: blind to the aspect ratio when the centres agree; CIoU adds it.
    Source: Zheng et al., 2020; 002 DIoU.

    >>> round(losses.diou_loss([0, 0, 2, 2], [1, 1, 3, 3]), 6)
    0.968254
    """
    return 1.0 - overlap.diou(box_true, box_pred).value


@diou_loss.gradient
def _(box_true: Array, box_pred: Array) -> Any:
    """-DIoU'."""
    return -overlap.diou(box_true, box_pred, slopes=True).gradient


@loss(
    title="CIoU loss",
    formula=r"1 - \mathrm{IoU} + \frac{d^2}{c^2} + \alpha v",
    family="detection",
    domain=BOXES,
    parameters={"hold_alpha": HOLD_ALPHA},
    aliases=("complete IoU loss",),
    relations=("1 - ciou", ">= diou_loss"),
    sections=("002 CIoU",),
    kinks=EDGES,
)
def ciou_loss(box_true: Array, box_pred: Array) -> Any:
    """1 minus complete IoU.

        1 - IoU + d²/c² + αv

    Shapes: box_true, box_pred (…, 4).
    Kink: where edges coincide or boxes touch, the mean of the one-sided derivatives.
    Relation: equals diou_loss for equal aspect ratios.
    Pitfall: `.grad` differentiates α unless hold_alpha=True, as the paper and torchvision have it.
    Source: Zheng et al., 2020; 002 CIoU.

    >>> round(losses.ciou_loss([0, 0, 2, 2], [0, 0, 2, 1]), 6)
    0.534498
    """
    return 1.0 - overlap.ciou(box_true, box_pred).value


@ciou_loss.gradient
def _(box_true: Array, box_pred: Array, *, hold_alpha: bool = False) -> Any:
    """-CIoU', with alpha held constant if asked for."""
    return -overlap.ciou(box_true, box_pred, slopes=True, hold_alpha=hold_alpha).gradient


for box_loss in (iou_loss, giou_loss, diou_loss, ciou_loss):
    box_loss.distance_to_kink(overlap.distance_to_kink)
