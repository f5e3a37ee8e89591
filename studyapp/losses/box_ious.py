"""How far two boxes overlap: IoU and its kin, the measures that the box losses subtract from 1.

Boxes are x0, y0, x1, y1 with x0 ≤ x1 and y0 ≤ y1, arrays (…, 4); every pair gets its value. Gradients are with
respect to the predicted box. Where edges coincide they are the mean of the one-sided derivatives. Where two boxes
have no extent together, IoU is taken as 0 and the penalties of GIoU, DIoU and CIoU as 0.
"""

from __future__ import annotations

from typing import Any

from . import overlap
from .conversion import Array
from .domain import BOX
from .loss import loss
from .parameter import Flag

BOXES = {"box_true": BOX, "box_pred": BOX}
EDGES = "edges of the two boxes that coincide, or boxes that touch"
HOLD_ALPHA = Flag(
    "whether the gradient treats alpha as a constant, as the paper and torchvision do; False for the true derivative"
)


@loss(
    title="Box IoU",
    formula=r"\mathrm{IoU} = \frac{|A\cap B|}{|A\cup B|}",
    family="detection",
    domain=BOXES,
    aliases=("IoU", "intersection over union", "Jaccard index"),
    relations=("giou <= box_iou", "diou <= box_iou"),
    sections=("000 §9", "002 §8", "004 IoU"),
    kinks=EDGES,
    reduction=None,
)
def box_iou(box_true: Array, box_pred: Array) -> Any:
    """Intersection over union of two boxes, in [0, 1].

        |A ∩ B| / (|A| + |B| - |A ∩ B|)

    Shapes: box_true, box_pred (…, 4) → (…).
    Kink: where edges coincide or boxes touch, the mean of the one-sided derivatives.
    Edges: touching boxes 0; two boxes without area 0.
    Relation: unchanged when both boxes are scaled alike.
    Pitfall: negative overlaps must be cut at 0 before they are multiplied, or two negatives give an overlap.
    Source: 000 §9.

    >>> losses.box_iou([0, 0, 2, 2], [1, 0, 3, 2])
    0.3333333333333333
    """
    return overlap.iou(box_true, box_pred).value


@box_iou.gradient
def _(box_true: Array, box_pred: Array) -> Any:
    """(I' U - I U') / U²."""
    return overlap.iou(box_true, box_pred, slopes=True).gradient


@loss(
    title="Generalised IoU",
    formula=r"\mathrm{GIoU} = \mathrm{IoU} - \frac{|C \setminus (A\cup B)|}{|C|}",
    family="detection",
    domain=BOXES,
    aliases=("generalized IoU", "generalized intersection over union"),
    relations=("giou <= box_iou", "equals box_iou when one box holds the other"),
    sections=("002 GIoU", "002 §8"),
    kinks=EDGES,
    reduction=None,
)
def giou(box_true: Array, box_pred: Array) -> Any:
    """IoU less the share of the enclosing box that neither box covers; in (-1, 1].

        IoU - |C \\ (A ∪ B)| / |C|,  C the smallest box that holds both

    Shapes: box_true, box_pred (…, 4) → (…).
    Kink: where edges coincide or boxes touch, the mean of the one-sided derivatives.
    Relation: tends to -1 as the boxes move apart; reaches it for two boxes without area that lie apart.
    Pitfall: no better than IoU when one box lies inside the other.
    Source: Rezatofighi et al., "Generalized intersection over union", 2019; 002 GIoU.

    >>> round(losses.giou([0, 0, 2, 2], [1, 1, 3, 3]), 6)
    -0.079365
    """
    return overlap.giou(box_true, box_pred).value


@giou.gradient
def _(box_true: Array, box_pred: Array) -> Any:
    """IoU' + (U / C)'."""
    return overlap.giou(box_true, box_pred, slopes=True).gradient


@loss(
    title="Distance IoU",
    formula=r"\mathrm{DIoU} = \mathrm{IoU} - \frac{d^2}{c^2}",
    family="detection",
    domain=BOXES,
    relations=("diou <= box_iou, with equality for a common centre",),
    sections=("002 DIoU", "002 §8"),
    kinks=EDGES,
    reduction=None,
)
def diou(box_true: Array, box_pred: Array) -> Any:
    """IoU less the squared distance of the centres over the squared diagonal of the enclosing box.

        IoU - d² / c²

    Shapes: box_true, box_pred (…, 4) → (…); in (-1, 1].
    Kink: where edges coincide or boxes touch, the mean of the one-sided derivatives.
    Relation: still moves a box that lies inside the other, where GIoU equals IoU.
    Pitfall: coordinates may be negative: only the sides of the overlap are cut at 0.
    Source: Zheng et al., "Distance-IoU loss", 2020; 002 DIoU.

    >>> round(losses.diou([0, 0, 2, 2], [1, 1, 3, 3]), 6)
    0.031746
    """
    return overlap.diou(box_true, box_pred).value


@diou.gradient
def _(box_true: Array, box_pred: Array) -> Any:
    """IoU' - (d²/c²)'."""
    return overlap.diou(box_true, box_pred, slopes=True).gradient


@loss(
    title="Complete IoU",
    formula=(
        r"\mathrm{CIoU} = \mathrm{IoU} - \frac{d^2}{c^2} - \alpha v,\quad "
        r"v = \tfrac{4}{\pi^2}\bigl(\arctan\tfrac{w_t}{h_t} - \arctan\tfrac{w}{h}\bigr)^2,\quad "
        r"\alpha = \frac{v}{1 - \mathrm{IoU} + v}"
    ),
    family="detection",
    domain=BOXES,
    parameters={"hold_alpha": HOLD_ALPHA},
    relations=("ciou <= diou, with equality for equal aspect ratios",),
    sections=("002 CIoU", "002 §8"),
    kinks=EDGES,
    reduction=None,
)
def ciou(box_true: Array, box_pred: Array) -> Any:
    """DIoU less a penalty on different aspect ratios.

        IoU - d²/c² - αv,  v = 4/π² (atan(w_t/h_t) - atan(w/h))²,  α = v / (1 - IoU + v)

    Shapes: box_true, box_pred (…, 4) → (…).
    Kink: where edges coincide or boxes touch, the mean of the one-sided derivatives.
    Edges: a box of height 0 has the angle π/2, one without any extent 0; α = 0 where IoU = 1 and v = 0.
    Relation: overlap, centre distance and aspect ratio in one number.
    Pitfall: the usual programs hold α constant in the gradient: `.grad(…, hold_alpha=True)`; by default it is
    differentiated. The paper also drops 1/(w² + h²) from v'; here it stays.
    Source: Zheng et al., "Distance-IoU loss", 2020; 002 CIoU.

    >>> round(losses.ciou([0, 0, 2, 2], [0, 0, 2, 1]), 6)
    0.465502
    """
    return overlap.ciou(box_true, box_pred).value


@ciou.gradient
def _(box_true: Array, box_pred: Array, *, hold_alpha: bool = False) -> Any:
    """DIoU' - αv' - vα', without the last term if alpha is held."""
    return overlap.ciou(box_true, box_pred, slopes=True, hold_alpha=hold_alpha).gradient


for measure in (box_iou, giou, diou, ciou):
    measure.distance_to_kink(overlap.distance_to_kink)
