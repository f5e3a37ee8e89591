"""Reference losses: exact values and closed-form gradients in NumPy, for every loss that the decks teach.

    >>> from studyapp import losses
    >>> round(losses.bce([1, 0], [0.9, 0.2]), 4)                      # value
    0.1643
    >>> losses.bce.grad([1, 0], [0.9, 0.2])                           # gradient in the second argument
    array([-0.55555556,  0.625     ])
    >>> losses.get("log loss").title                                  # the loss card, by any of its names
    'Binary cross-entropy'

Conventions, the same for all:

Arguments    in the order (target, prediction): (y_true, y_pred), (y_true, score) with labels ±1, (p, q) for
             distributions, (box_true, box_pred) as x0, y0, x1, y1. Any leading batch shape; the class axis is last.
             Anything that NumPy reads as real numbers; computed in float64. Inputs are never changed.
Parameters   by keyword. `reduction` is "mean" (the default), "sum" or "none"; a mean over nothing is an error,
             a sum over nothing is 0. Measures, activations and penalties have nothing to reduce.
Results      a float for one number, else a float64 array.
Gradients    `.grad` of the reduced loss, in the shape of the prediction; with reduction="none" each sample's own.
             At a kink the docstring says which subgradient is taken.
Units        nats, unless `base` is given.
Edges        exact mathematics: -ln 0 is inf and 0 · ln 0 is 0; nothing is clipped unless `eps` asks for it. Beyond
             the range of float64 the result is inf, or an error where not even that is certain. Never NaN, never
             a warning.
Errors       LossError (a ValueError): which argument, what was expected, what came. Nothing is broadcast.
"""

from .activations import log_softmax, logsumexp, sigmoid, softmax, softplus
from .binary import balanced_bce, bce, zero_one
from .box_ious import box_iou, ciou, diou, giou
from .box_losses import ciou_loss, diou_loss, giou_loss, iou_loss
from .categorical import cross_entropy, nll, sparse_cross_entropy
from .class_overlap import mean_iou
from .errors import LossError
from .focal_losses import focal, softmax_focal
from .information import (
    conditional_entropy,
    cross_entropy_of,
    entropy,
    joint_entropy,
    js,
    kl,
    mutual_information,
    self_information,
)
from .loss import Loss
from .lovasz import lovasz_hinge, lovasz_softmax
from .margin import exponential, hinge, logistic, multiclass_hinge, perceptron, squared_hinge
from .pixelwise import pixel_cross_entropy
from .regression import huber, log_cosh, mae, mbe, mse, quadratic_cost, quantile, smooth_l1
from .regularisation import elastic_net, l1_penalty, l2_penalty
from .retrieval import info_nce, max_hinge, sum_hinge, triplet
from .segmentation import dice, focal_tversky, soft_iou, tversky
from .table import FAMILIES, Table

__all__ = [
    "Loss",
    "LossError",
    "balanced_bce",
    "bce",
    "box_iou",
    "ciou",
    "ciou_loss",
    "conditional_entropy",
    "cross_entropy",
    "cross_entropy_of",
    "dice",
    "diou",
    "diou_loss",
    "elastic_net",
    "entropy",
    "exponential",
    "families",
    "focal",
    "focal_tversky",
    "get",
    "giou",
    "giou_loss",
    "hinge",
    "huber",
    "info_nce",
    "iou_loss",
    "joint_entropy",
    "js",
    "kl",
    "l1_penalty",
    "l2_penalty",
    "log_cosh",
    "log_softmax",
    "logistic",
    "logsumexp",
    "lovasz_hinge",
    "lovasz_softmax",
    "mae",
    "max_hinge",
    "mbe",
    "mean_iou",
    "mse",
    "multiclass_hinge",
    "mutual_information",
    "names",
    "nll",
    "perceptron",
    "pixel_cross_entropy",
    "quadratic_cost",
    "quantile",
    "self_information",
    "sigmoid",
    "smooth_l1",
    "soft_iou",
    "softmax",
    "softmax_focal",
    "softplus",
    "sparse_cross_entropy",
    "squared_hinge",
    "sum_hinge",
    "triplet",
    "tversky",
    "zero_one",
]

_table = Table(value for value in tuple(globals().values()) if isinstance(value, Loss))
get, names = _table.get, _table.names


def families() -> tuple[str, ...]:
    """The names of the families, in the order in which they are listed."""
    return FAMILIES
