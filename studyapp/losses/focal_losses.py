"""Focal losses: cross-entropy in which well-classified samples count for little.

One number (binary) or one row (softmax) is a sample. Gradients are with respect to y_pred.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import numerics
from .conversion import Array
from .domain import CLASS, PROBABILITY, REAL, ROW, SCORES, ZERO_ONE
from .errors import LossError
from .labels import at_label, class_numbers, spread_at_label
from .loss import loss
from .parameter import FROM_LOGITS, Number, Weights

GAMMA = Number("focusing exponent; 0 gives plain (balanced) cross-entropy", low=0.0)


@loss(
    title="Focal loss",
    formula=r"\mathrm{FL} = -\alpha_t (1 - p_t)^\gamma \ln p_t",
    family="classification",
    domain={"y_true": ZERO_ONE, "y_pred": PROBABILITY},
    logit_domain={"y_pred": REAL},
    parameters={
        "alpha": Number(
            "weight of class 1, with 1 - alpha for class 0; None for no weights", low=0.0, high=1.0, optional=True
        ),
        "gamma": GAMMA,
        "from_logits": FROM_LOGITS,
    },
    aliases=("binary focal loss", "sigmoid focal loss", "FL"),
    relations=("gamma = 0 gives balanced_bce(alpha)", "gamma = 0 and alpha = None give bce"),
    sections=("000 §2.4", "000 §12", "001 focal", "002 focal", "003 focal", "004"),
)
def focal(
    y_true: Array, y_pred: Array, *, alpha: float | None = 0.25, gamma: float = 2.0, from_logits: bool = False
) -> Any:
    """Binary cross-entropy scaled down where the prediction is already good.

        -α_t (1 - p_t)^γ ln p_t,  p_t = p or 1 - p,  α_t = α or 1 - α  for y = 1 or 0

    Shapes: y_true (…), y_pred (…): probabilities, or logits with from_logits=True. Units: nats.
    Relation: no weight exceeds that of cross-entropy; γ = 2 leaves 0.0025 of it at p_t = 0.95.
    Pitfall: α weighs the positives, and with γ = 2 the best α for rare positives was 0.25, not a large one.
    Source: Lin et al., "Focal loss for dense object detection", 2017; 000 §12.

    >>> round(losses.focal([1], [0.9], alpha=None) / losses.bce([1], [0.9]), 4)
    0.01
    >>> round(losses.focal([1, 0], [0.9, 0.2]), 6)
    0.003479
    """
    _, p_false, log_p_true = _binary_terms(y_true, y_pred, from_logits)
    return numerics.weighted(_alpha_true(y_true, alpha), -_power_times(p_false, gamma, log_p_true))


@focal.gradient
def _(
    y_true: Array, y_pred: Array, *, alpha: float | None = 0.25, gamma: float = 2.0, from_logits: bool = False
) -> Any:
    """With s = 2y - 1: in p  s α_t (1-p_t)^γ (γ ln p_t/(1-p_t) - 1/p_t);
    in the logit  s α_t (1-p_t)^γ (γ p_t ln p_t - (1-p_t))."""
    p_true, p_false, log_p_true = _binary_terms(y_true, y_pred, from_logits)
    sign = (2.0 * y_true - 1.0) * _alpha_true(y_true, alpha)
    if from_logits:
        return sign * p_false**gamma * (gamma * p_true * log_p_true - p_false)
    slope = gamma * _log_over_complement(log_p_true, p_false) if gamma else 0.0
    return numerics.weighted(sign, _power_times(p_false, gamma, slope - 1.0 / p_true))


def _binary_terms(y_true: Array, y_pred: Array, from_logits: bool) -> tuple[Any, Any, Any]:
    """p_t, 1 - p_t and ln p_t, each to full precision."""
    positive = y_true == 1.0
    if from_logits:
        z_true = np.where(positive, y_pred, -y_pred)
        return numerics.sigmoid(z_true), numerics.sigmoid(-z_true), -numerics.softplus(-z_true)
    complement = 1.0 - y_pred
    log_p = np.where(positive, np.log(y_pred), np.log1p(-y_pred))
    return np.where(positive, y_pred, complement), np.where(positive, complement, y_pred), log_p


def _alpha_true(y_true: Array, alpha: float | None) -> Any:
    return 1.0 if alpha is None else np.where(y_true == 1.0, alpha, 1.0 - alpha)


@loss(
    title="Softmax focal loss",
    formula=r"-\frac1n\sum_i \alpha_{y_i} (1 - p_{i,y_i})^\gamma \ln p_{i,y_i}",
    family="classification",
    domain={"y_true": CLASS, "y_pred": ROW},
    logit_domain={"y_pred": SCORES},
    parameters={
        "alpha": Weights("weight of each class", shape="one number for all, or one a class", optional=True),
        "gamma": GAMMA,
        "from_logits": FROM_LOGITS,
    },
    aliases=("multi-class focal loss", "categorical focal loss"),
    relations=("gamma = 0 gives sparse_cross_entropy",),
    sections=("003 focal",),
)
def softmax_focal(
    y_true: Array, y_pred: Array, *, alpha: Array | None = None, gamma: float = 2.0, from_logits: bool = False
) -> Any:
    """Focal loss over several classes.

        -α_y (1 - p_y)^γ ln p_y

    Shapes: y_true (…) class numbers, y_pred (…, C): probabilities, or logits with from_logits=True. Units: nats.
    Means divide by the number of samples, also with alpha.
    Relation: one number for alpha scales all classes alike.
    Pitfall: libraries disagree on what one number for alpha means, and some divide a mean by C as well.
    Source: 003 focal.

    >>> round(losses.softmax_focal([1], [[0.2, 0.7, 0.1]]), 6)
    0.032101
    """
    labels = class_numbers("softmax_focal", y_true, y_pred.shape[-1])
    _, p_false, log_p_true = _row_terms(y_pred, labels, from_logits)
    weight = _class_alpha(alpha, labels, y_pred.shape[-1])
    return numerics.weighted(weight, -_power_times(p_false, gamma, log_p_true))


@softmax_focal.gradient
def _(
    y_true: Array, y_pred: Array, *, alpha: Array | None = None, gamma: float = 2.0, from_logits: bool = False
) -> Any:
    """With A = α_y (1-p_y)^γ (γ p_y ln p_y/(1-p_y) - 1):
    A/p_y at y in the probabilities, A(δ_jy - p_j) in the logits."""
    count = y_pred.shape[-1]
    labels = class_numbers("softmax_focal", y_true, count)
    p_true, p_false, log_p_true = _row_terms(y_pred, labels, from_logits)
    alpha_true = _class_alpha(alpha, labels, count)
    slope = gamma * _log_over_complement(log_p_true, p_false) if gamma else 0.0
    if not from_logits:
        own = numerics.weighted(alpha_true, _power_times(p_false, gamma, slope - 1.0 / p_true))
        return spread_at_label(own, labels, count)
    slope = p_true * np.where(p_true == 0.0, 0.0, slope) if gamma else 0.0
    scale = alpha_true * _power_times(p_false, gamma, slope - 1.0)
    to_label = -numerics.softmax(y_pred)
    np.put_along_axis(to_label, labels[..., None], np.asarray(p_false)[..., None], axis=-1)
    return np.asarray(scale)[..., None] * to_label


def _row_terms(y_pred: Array, labels: Any, from_logits: bool) -> tuple[Any, Any, Any]:
    """p_y, 1 - p_y and ln p_y, each to full precision."""
    if from_logits:
        log_p = at_label(numerics.log_softmax(y_pred), labels)
        return np.exp(log_p), -np.expm1(log_p), log_p
    p = at_label(y_pred, labels)
    return p, 1.0 - p, np.log(p)


def _class_alpha(alpha: Array | None, labels: Any, count: int) -> Any:
    if alpha is None:
        return 1.0
    if alpha.ndim == 0:
        return alpha
    if alpha.shape != (count,):
        raise LossError(
            f"softmax_focal: alpha must be one number or one for each of the {count} classes; got shape {alpha.shape}"
        )
    return alpha[labels]


def _power_times(p_false: Any, gamma: float, factor: Any) -> Any:
    """(1 - p_t)^γ · factor, and 0 where the power is 0."""
    return numerics.weighted(p_false**gamma, factor)


def _log_over_complement(log_p: Any, p_false: Any) -> Any:
    """ln p / (1 - p), whose limit at p = 1 is -1."""
    return np.where(p_false == 0.0, -1.0, log_p / np.where(p_false == 0.0, 1.0, p_false))
