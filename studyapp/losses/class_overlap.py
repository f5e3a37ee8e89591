"""Mean IoU: the overlap of whole class maps, class by class."""

from __future__ import annotations

from typing import Any

import numpy as np

from .conversion import Array
from .domain import LABEL
from .errors import LossError
from .loss import loss
from .parameter import Integer, Option


@loss(
    title="Mean IoU",
    formula=(
        r"\mathrm{mIoU} = \frac{1}{|C|}\sum_{c\in C}"
        r"\frac{\mathrm{TP}_c}{\mathrm{TP}_c + \mathrm{FP}_c + \mathrm{FN}_c}"
    ),
    family="detection",
    domain={"y_true": LABEL, "y_pred": LABEL},
    parameters={
        "num_classes": Integer("number of classes; None for the largest label + 1", low=1, optional=True),
        "absent": Option(
            "what a class absent from both does to the mean: left out, or counted as 0", choices=("skip", "zero")
        ),
    },
    aliases=("mIoU", "mean intersection over union"),
    relations=("mean over classes of Dice/(2 - Dice)",),
    sections=("000 §10",),
    reduction=None,
)
def mean_iou(y_true: Array, y_pred: Array, *, num_classes: int | None = None, absent: str = "skip") -> Any:
    """IoU of each class from the confusion matrix, averaged over the classes.

        mean over c of TP_c / (TP_c + FP_c + FN_c)

    Shapes: y_true, y_pred the same, class numbers of the pixels → one number.
    Relation: constant wherever it is differentiable, so the gradient is 0: lovasz_softmax is its surrogate.
    Pitfall: a class in neither mask is 0/0; it is left out unless absent="zero".
    Source: 000 §10.

    >>> losses.mean_iou([0, 0, 1, 1], [0, 1, 1, 1])
    0.5833333333333333
    """
    truth, guess, count = _class_maps(y_true, y_pred, num_classes)
    hits = np.bincount(truth[truth == guess], minlength=count)
    union = np.bincount(truth, minlength=count) + np.bincount(guess, minlength=count) - hits
    per_class = hits / np.maximum(union, 1)
    return np.float64(per_class.mean() if absent == "zero" else per_class[union > 0].mean())


@mean_iou.gradient
def _(y_true: Array, y_pred: Array, *, num_classes: int | None = None, absent: str = "skip") -> Any:
    """0 almost everywhere."""
    _class_maps(y_true, y_pred, num_classes)
    return np.zeros_like(y_pred)


def _class_maps(y_true: Array, y_pred: Array, num_classes: int | None) -> tuple[Any, Any, int]:
    """Both masks as flat class numbers, checked, and the number of classes."""
    truth, guess = y_true.astype(np.intp).ravel(), y_pred.astype(np.intp).ravel()
    if truth.size == 0:
        raise LossError("mean_iou: there are no pixels to count")
    lowest, highest = min(truth.min(), guess.min()), max(truth.max(), guess.max())
    if lowest < 0:
        raise LossError(f"mean_iou: class numbers must be 0 or more; got {lowest}")
    count = int(highest) + 1 if num_classes is None else num_classes
    if highest >= count:
        raise LossError(f"mean_iou: num_classes is {count}, but there is a class {highest}")
    return truth, guess, count
