"""Losses for two classes: the mistake count and the likelihood of labels 0 and 1.

Every number is one sample (for several labels a sample, one label). Gradients are with respect to y_pred.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import numerics
from .conversion import Array
from .domain import LABEL, PROBABILITY, REAL, SOFT_LABEL, ZERO_ONE
from .errors import LossError
from .loss import loss
from .parameter import FROM_LOGITS, Number, Weights


@loss(
    title="0-1 loss",
    formula=r"\frac1n\sum_i \mathbf 1[\hat y_i \ne y_i]",
    family="classification",
    domain={"y_true": LABEL, "y_pred": LABEL},
    aliases=("zero-one loss", "error rate", "misclassification rate"),
    relations=("1 - accuracy", "hinge, logistic(base=2) and exponential loss are convex upper bounds of it"),
    sections=("000 §2.2", "002", "004"),
)
def zero_one(y_true: Array, y_pred: Array) -> Any:
    """Share of wrong labels.

        1 if y_pred ≠ y_true, else 0

    Shapes: y_true (…), y_pred (…): labels in any coding of whole numbers, the same in both.
    Relation: constant wherever it is differentiable: the gradient is 0, so it cannot steer a descent.
    Pitfall: it compares labels, not scores; sign(0) must be decided before.
    Source: 000 §2.2.

    >>> losses.zero_one([1, 0, 1, 1], [1, 1, 1, 1])
    0.25
    """
    return np.not_equal(y_true, y_pred).astype(np.float64)


@zero_one.gradient
def _(y_true: Array, y_pred: Array) -> Any:
    """0 almost everywhere."""
    return np.zeros_like(y_pred)


@loss(
    title="Binary cross-entropy",
    formula=r"\mathrm{BCE} = -\frac1n\sum_i \bigl[y_i\ln p_i + (1 - y_i)\ln(1 - p_i)\bigr]",
    family="classification",
    domain={"y_true": SOFT_LABEL, "y_pred": PROBABILITY},
    logit_domain={"y_pred": REAL},
    parameters={
        "from_logits": FROM_LOGITS,
        "pos_weight": Weights("factor on the term of class 1", shape="one number, or one a label along the last axis"),
        "sample_weight": Weights("factor on each sample", shape="one number, or the shape of y_true", optional=True),
        "eps": Number("clip p into [eps, 1 - eps]; None for none", low=0.0, high=0.5, optional=True),
    },
    aliases=("BCE", "log loss", "weighted binary cross-entropy", "WBCE"),
    relations=(
        "logistic loss with labels ±1 and the logit as score",
        "two-class softmax cross-entropy of the logit difference",
        "d/dz = σ(z) - y when p = σ(z)",
    ),
    sections=("000 §6", "001 BCE", "003 BCE", "003 WBCE", "004 cross-entropy"),
    never_warns=True,
)
def bce(
    y_true: Array,
    y_pred: Array,
    *,
    from_logits: bool = False,
    pos_weight: float | Array = 1.0,
    sample_weight: Array | None = None,
    eps: float | None = None,
) -> Any:
    """Negative log-likelihood of Bernoulli labels.

        -[w₊ y ln p + (1 - y) ln(1 - p)],  and with logits  w₊ y softplus(-z) + (1 - y) softplus(z)

    Shapes: y_true (…), y_pred (…): probabilities, or logits with from_logits=True. Units: nats.
    Edges: p = 0 with y = 1 (or 1 with 0) is inf, and 0 · ln 0 = 0; `eps` clips p before the logarithm, and
    the gradient is 0 where it does. Logits never overflow: z = 1000 with y = 0 costs 1000.
    Means divide by the number of samples, not by the sum of the weights.
    Relation: gradient in the logit σ(z) - y; in the probability (p - y) / (p(1 - p)).
    Pitfall: libraries clip differently, so the loss at p = 0 is 100, 36 or 16 elsewhere.
    Source: 000 §6.

    >>> round(losses.bce([1, 0], [0.9, 0.2]), 4)
    0.1643
    >>> losses.bce([0], [1000], from_logits=True)
    1000.0
    >>> losses.bce([1], [0])
    inf
    """
    pos_weight = _label_weight(pos_weight, y_true)
    if from_logits:
        if eps is not None:
            raise LossError("bce: eps clips probabilities; logits need none, so leave it out with from_logits=True")
        value = _bce_from_logits(y_true, y_pred, pos_weight)
    else:
        p = y_pred if eps is None else np.clip(y_pred, eps, 1.0 - eps)
        value = -(numerics.weighted(pos_weight, numerics.xlogy(y_true, p)) + numerics.xlog1my(1.0 - y_true, p))
    return value if sample_weight is None else numerics.weighted(_sample_weight(sample_weight, y_true), value)


@bce.gradient
def _(
    y_true: Array,
    y_pred: Array,
    *,
    from_logits: bool = False,
    pos_weight: float | Array = 1.0,
    sample_weight: Array | None = None,
    eps: float | None = None,
) -> Any:
    """-w₊ y/p + (1 - y)/(1 - p); in the logit (1 - y) σ(z) - w₊ y σ(-z)."""
    pos_weight = _label_weight(pos_weight, y_true)
    if from_logits:
        if eps is not None:
            raise LossError("bce: eps clips probabilities; logits need none, so leave it out with from_logits=True")
        slope = (1.0 - y_true) * numerics.sigmoid(y_pred) - pos_weight * y_true * numerics.sigmoid(-y_pred)
    else:
        p = y_pred if eps is None else np.clip(y_pred, eps, 1.0 - eps)
        slope = numerics.ratio(1.0 - y_true, 1.0 - p) - numerics.weighted(pos_weight, numerics.ratio(y_true, p))
        if eps is not None:
            slope = np.where(p == y_pred, slope, 0.0)
    return slope if sample_weight is None else numerics.weighted(_sample_weight(sample_weight, y_true), slope)


@loss(
    title="Balanced binary cross-entropy",
    formula=r"-\frac1n\sum_i \bigl[\alpha\, y_i\ln p_i + (1 - \alpha)(1 - y_i)\ln(1 - p_i)\bigr]",
    family="classification",
    domain={"y_true": ZERO_ONE, "y_pred": PROBABILITY},
    logit_domain={"y_pred": REAL},
    parameters={
        "alpha": Number("weight of class 1; class 0 gets 1 - alpha", low=0.0, high=1.0),
        "from_logits": FROM_LOGITS,
    },
    aliases=("balanced cross-entropy", "balanced CE", "alpha-balanced cross-entropy"),
    relations=("focal with gamma = 0", "alpha = 1/2 gives bce / 2"),
    sections=("001 focal",),
)
def balanced_bce(y_true: Array, y_pred: Array, *, alpha: float = 0.5, from_logits: bool = False) -> Any:
    """Cross-entropy with weight alpha on class 1 and 1 - alpha on class 0.

        -α_t ln p_t,  α_t = α or 1 - α,  p_t = p or 1 - p

    Shapes: y_true (…), y_pred (…). Units: nats. Edges as for bce.
    Relation: alpha = the share of class 0 gives both classes equal weight in total.
    Pitfall: it balances classes, not easy against hard samples; that is what focal adds.
    Source: Lin et al., "Focal loss for dense object detection", 2017, §3.1; 001 focal.

    >>> round(losses.balanced_bce([1, 0], [0.9, 0.2], alpha=0.75), 4)
    0.0674
    """
    weight = np.where(y_true == 1.0, alpha, 1.0 - alpha)
    return numerics.weighted(weight, -_log_p_true(y_true, y_pred, from_logits))


@balanced_bce.gradient
def _(y_true: Array, y_pred: Array, *, alpha: float = 0.5, from_logits: bool = False) -> Any:
    """α_t times the gradient of bce: in the probability -s/p_t, in the logit -s σ(-s z); s = 2y - 1."""
    sign = 2.0 * y_true - 1.0
    weight = np.where(y_true == 1.0, alpha, 1.0 - alpha)
    if from_logits:
        return -sign * weight * numerics.sigmoid(-sign * y_pred)
    return numerics.ratio(-sign * weight, np.where(y_true == 1.0, y_pred, 1.0 - y_pred))


def _log_p_true(y_true: Array, y_pred: Array, from_logits: bool) -> Any:
    """ln of the probability given to the label that is true."""
    if from_logits:
        return -numerics.softplus(np.where(y_true == 1.0, -y_pred, y_pred))
    return np.where(y_true == 1.0, np.log(y_pred), np.log1p(-y_pred))


def _bce_from_logits(y_true: Array, z: Array, pos_weight: float | Array) -> Any:
    if isinstance(pos_weight, float) and pos_weight == 1.0:
        # softplus(z) - z y; the difference max(z, 0) - z y is taken first, for it is exact where it is 0
        value = np.maximum(z, 0.0)
        value -= z * y_true
        value += np.log1p(np.exp(-np.abs(z)))
        return value
    return pos_weight * y_true * numerics.softplus(-z) + (1.0 - y_true) * numerics.softplus(z)


def _label_weight(weight: float | Array, y_true: Array) -> float | Array:
    if isinstance(weight, float) or weight.ndim == 0 or weight.shape == y_true.shape[-1:]:
        return weight
    raise LossError(
        f"bce: pos_weight has shape {weight.shape}; it must be one number, "
        f"or one a label along the last axis of y_true, whose shape is {y_true.shape}"
    )


def _sample_weight(weight: Array, y_true: Array) -> Array:
    if weight.ndim == 0 or weight.shape == y_true.shape:
        return weight
    raise LossError(f"bce: sample_weight has shape {weight.shape}; it must be one number or {y_true.shape}, as y_true")
