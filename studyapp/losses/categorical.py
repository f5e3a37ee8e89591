"""Cross-entropies over rows of classes, the class axis last. One row is one sample.

Gradients are with respect to the second argument: probabilities, logits or log-probabilities.

With class weights the mean divides by the sum of the samples' weights, Σ_i w_{y_i}, as is usual for class
numbers; a soft label weighs Σ_c y_c w_c. So sparse and one-hot labels give the same value.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import numerics
from .conversion import Array
from .domain import CLASS, LOG_ROW, ROW, SCORES
from .labels import at_label, class_numbers, class_weights, label_weights, spread_at_label
from .loss import loss
from .parameter import FROM_LOGITS, Integer, Number, Weights

WEIGHT = Weights("factor on each class", shape="one a class", optional=True)
IGNORE_INDEX = Integer("label of samples to leave out", optional=True)
LABEL_SMOOTHING = Number("share ε taken from the labels and spread evenly over all C classes", low=0.0, high=1.0)


@loss(
    title="Cross-entropy",
    formula=r"\mathrm{CE} = -\frac1n\sum_i\sum_c y_{ic}\ln p_{ic}",
    family="classification",
    domain={"y_true": ROW, "y_pred": ROW},
    logit_domain={"y_pred": SCORES},
    parameters={"from_logits": FROM_LOGITS, "weight": WEIGHT, "label_smoothing": LABEL_SMOOTHING},
    aliases=("CE", "categorical cross-entropy", "CCE", "softmax loss", "multi-class log loss"),
    relations=(
        "sparse_cross_entropy with one-hot labels",
        "entropy(y) + kl(y, p)",
        "for two classes bce of the logit difference",
        "d/dz = p - y when p = softmax(z)",
    ),
    sections=("000 §2.2", "000 §6", "001 CE", "002 §4", "003 CCE", "003 label smoothing", "004"),
)
def cross_entropy(
    y_true: Array,
    y_pred: Array,
    *,
    from_logits: bool = False,
    weight: Array | None = None,
    label_smoothing: float = 0.0,
) -> Any:
    """Negative log-likelihood of class labels given as one-hot or soft rows.

        -Σ_c w_c q_c ln p_c,  q = (1 - ε) y + ε/C

    Shapes: y_true (…, C), y_pred (…, C): probabilities, or logits with from_logits=True. Units: nats.
    Edges: p_c = 0 where q_c > 0 is inf; 0 · ln 0 = 0.
    Relation: with one-hot labels it is -ln of the true class's probability; in the logits the gradient is p - q.
    Pitfall: smoothing over the other C - 1 classes alone is another convention, with another value.
    Source: 000 §6; label smoothing: Szegedy et al., "Rethinking the Inception architecture", 2016.

    >>> round(losses.cross_entropy([[0, 1, 0]], [[0.2, 0.7, 0.1]]), 4)
    0.3567
    >>> round(losses.cross_entropy([[0, 1, 0]], [[0.2, 0.7, 0.1]], label_smoothing=0.1), 4)
    0.4633
    """
    target = _weighted_target(y_true, weight, label_smoothing)
    if from_logits:
        return -numerics.row_sums(numerics.weighted(target, numerics.log_softmax(y_pred)))
    return -numerics.row_sums(numerics.xlogy(target, y_pred))


@cross_entropy.gradient
def _(
    y_true: Array,
    y_pred: Array,
    *,
    from_logits: bool = False,
    weight: Array | None = None,
    label_smoothing: float = 0.0,
) -> Any:
    """-w_c q_c / p_c; in the logits p_c Σ_k w_k q_k - w_c q_c, which is p - q without weights."""
    target = _weighted_target(y_true, weight, label_smoothing)
    if from_logits:
        slope = numerics.softmax(y_pred)
        slope *= numerics.row_sums(target, keepdims=True)
        slope -= target
        return slope
    return -numerics.ratio(target, y_pred)


@cross_entropy.mean_divisor
def _(y_true: Array, y_pred: Array, *, weight: Array | None = None, **_: Any) -> float:
    """Σ_i Σ_c y_ic w_c: the number of rows without weights."""
    if weight is None:
        return int(np.prod(y_true.shape[:-1]))
    return float(np.add.reduce(y_true * weight, axis=None))


def _weighted_target(y_true: Array, weight: Array | None, label_smoothing: float) -> Array:
    """w_c ((1 - ε) y_c + ε/C)."""
    count = y_true.shape[-1]
    weight = class_weights("cross_entropy", weight, count)
    target = y_true if label_smoothing == 0.0 else (1.0 - label_smoothing) * y_true + label_smoothing / count
    return target if weight is None else target * weight


@loss(
    title="Sparse cross-entropy",
    formula=r"-\frac1n\sum_i \ln p_{i,y_i} = \frac1n\sum_i\bigl[\operatorname{LSE}(z_i) - z_{i,y_i}\bigr]",
    family="classification",
    domain={"y_true": CLASS, "y_pred": ROW},
    logit_domain={"y_pred": SCORES},
    parameters={
        "from_logits": FROM_LOGITS,
        "weight": WEIGHT,
        "label_smoothing": LABEL_SMOOTHING,
        "ignore_index": IGNORE_INDEX,
    },
    aliases=("sparse categorical cross-entropy", "SCE"),
    relations=("cross_entropy with one-hot labels", "nll of log_softmax(z)"),
    sections=("003 sparse",),
)
def sparse_cross_entropy(
    y_true: Array,
    y_pred: Array,
    *,
    from_logits: bool = False,
    weight: Array | None = None,
    label_smoothing: float = 0.0,
    ignore_index: int | None = None,
) -> Any:
    """Cross-entropy with class numbers instead of one-hot rows.

        -[(1 - ε) w_y ln p_y + ε/C Σ_c w_c ln p_c]

    Shapes: y_true (…), y_pred (…, C): probabilities, or logits with from_logits=True. Units: nats.
    Edges: ignored samples cost 0 and do not count; with none left there is no mean.
    Relation: from logits it is logsumexp(z) - z_y.
    Pitfall: a mean with class weights divides by Σ w_y, not by n.
    Source: 003 sparse.

    >>> round(losses.sparse_cross_entropy([1], [[0.2, 0.7, 0.1]]), 4)
    0.3567
    >>> losses.sparse_cross_entropy([1], [[1000, 0]], from_logits=True)
    1000.0
    """
    count = y_pred.shape[-1]
    labels = class_numbers("sparse_cross_entropy", y_true, count, ignore_index)
    weight = class_weights("sparse_cross_entropy", weight, count)
    if from_logits:
        log_p = numerics.log_softmax(y_pred)
        value = -at_label(log_p, labels)
    else:
        value = -np.log(at_label(y_pred, labels))
    if weight is not None:
        value = numerics.weighted(weight[labels], value)
    if label_smoothing:
        log_p = log_p if from_logits else np.log(y_pred)
        spread = -numerics.row_sums(log_p if weight is None else numerics.weighted(weight, log_p))
        value = numerics.weighted(1.0 - label_smoothing, value) + spread * (label_smoothing / count)
    return value if ignore_index is None else np.where(y_true == ignore_index, 0.0, value)


@sparse_cross_entropy.gradient
def _(
    y_true: Array,
    y_pred: Array,
    *,
    from_logits: bool = False,
    weight: Array | None = None,
    label_smoothing: float = 0.0,
    ignore_index: int | None = None,
) -> Any:
    """-w_c q_c / p_c with q the smoothed one-hot row; in the logits p_c Σ_k w_k q_k - w_c q_c."""
    count = y_pred.shape[-1]
    labels = class_numbers("sparse_cross_entropy", y_true, count, ignore_index)
    weight = class_weights("sparse_cross_entropy", weight, count)
    if from_logits and weight is None and not label_smoothing:
        slope = numerics.softmax(y_pred)
        slope -= spread_at_label(np.ones(labels.shape), labels, count)
    else:
        target = spread_at_label(np.full(labels.shape, 1.0 - label_smoothing), labels, count)
        target += label_smoothing / count
        target *= 1.0 if weight is None else weight
        if from_logits:
            slope = numerics.softmax(y_pred) * numerics.row_sums(target, keepdims=True) - target
        else:
            slope = -numerics.ratio(target, y_pred)
    return slope if ignore_index is None else np.where((y_true == ignore_index)[..., None], 0.0, slope)


@sparse_cross_entropy.mean_divisor
def _(y_true: Array, y_pred: Array, *, weight: Array | None = None, ignore_index: int | None = None, **_: Any) -> float:
    """Σ_i w_{y_i} over the samples that are not ignored."""
    return _total_weight("sparse_cross_entropy", y_true, y_pred, weight, ignore_index)


@loss(
    title="Negative log-likelihood",
    formula=r"\mathrm{NLL} = -\frac1n\sum_i \ln P(y_i \mid x_i)",
    family="classification",
    domain={"y_true": CLASS, "log_prob": LOG_ROW},
    parameters={"weight": WEIGHT, "ignore_index": IGNORE_INDEX},
    aliases=("NLL", "NLL loss", "log-likelihood cost"),
    relations=("nll(y, log_softmax(z)) = sparse_cross_entropy(y, z, from_logits=True)",),
    sections=("004 log-likelihood cost", "004 log loss"),
)
def nll(y_true: Array, log_prob: Array, *, weight: Array | None = None, ignore_index: int | None = None) -> Any:
    """Picks minus the log-probability of the true class.

        -w_y log_prob_y

    Shapes: y_true (…) class numbers, log_prob (…, C), rows of ln p. Units: nats.
    Edges: log-probability -inf (probability 0) of the true class is inf.
    Pitfall: it takes log-probabilities; fed with probabilities it would return a negative "loss".
    Source: 004, log-likelihood cost.

    >>> round(losses.nll([1], np.log([[0.2, 0.7, 0.1]])), 4)
    0.3567
    """
    count = log_prob.shape[-1]
    labels = class_numbers("nll", y_true, count, ignore_index)
    weights = label_weights(y_true, labels, class_weights("nll", weight, count), ignore_index)
    value = -at_label(log_prob, labels)
    return value if weights is None else numerics.weighted(weights, value)


@nll.gradient
def _(y_true: Array, log_prob: Array, *, weight: Array | None = None, ignore_index: int | None = None) -> Any:
    """-w_y at the true class, 0 elsewhere."""
    count = log_prob.shape[-1]
    labels = class_numbers("nll", y_true, count, ignore_index)
    weights = label_weights(y_true, labels, class_weights("nll", weight, count), ignore_index)
    return spread_at_label(np.full(labels.shape, -1.0) if weights is None else -weights, labels, count)


@nll.mean_divisor
def _(y_true: Array, log_prob: Array, *, weight: Array | None = None, ignore_index: int | None = None) -> float:
    """Σ_i w_{y_i} over the samples that are not ignored."""
    return _total_weight("nll", y_true, log_prob, weight, ignore_index)


def _total_weight(loss: str, y_true: Array, rows: Array, weight: Array | None, ignore_index: int | None) -> float:
    if weight is None and ignore_index is None:
        return y_true.size
    labels = class_numbers(loss, y_true, rows.shape[-1], ignore_index)
    return float(np.add.reduce(label_weights(y_true, labels, weight, ignore_index), axis=None))
