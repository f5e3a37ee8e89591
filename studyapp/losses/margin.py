"""Margin losses: functions of a score whose sign decides; labels are -1 and +1.

Gradients are with respect to the score.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import numerics
from .conversion import Array
from .domain import CLASS, REAL, SCORES, SIGN
from .errors import LossError
from .labels import class_numbers
from .loss import loss
from .parameter import BASE, Number, Option

MARGIN = Number("score beyond the boundary from which on a sample costs nothing", low=0.0)


@loss(
    title="Hinge loss",
    formula=r"\frac1n\sum_i \max(0,\ m - y_i s_i)",
    family="classification",
    domain={"y_true": SIGN, "score": REAL},
    parameters={"margin": MARGIN},
    aliases=("hinge", "SVM loss"),
    relations=("upper bound of the 0-1 loss at margin 1", "margin 0 gives the perceptron loss"),
    sections=("000 §2.2", "001 hinge", "002 hinge", "002 §15", "003 hinge", "004"),
    kinks="y_true · score = margin",
    never_warns=True,
)
def hinge(y_true: Array, score: Array, *, margin: float = 1.0) -> Any:
    """Zero only beyond the margin: right but unsure predictions still pay.

        max(0, margin - y s),  y = ±1

    Shapes: y_true (…), score (…).
    Kink: at y s = margin the subgradient 0 is taken.
    Relation: with an L2 penalty on the weights it makes the soft-margin support vector machine.
    Pitfall: labels are -1/+1; with 0/1 every label 0 would cost the whole margin whatever the score.
    Source: 001 hinge.

    >>> losses.hinge([1, -1, 1], [2, 0.5, 0.2], reduction="none")
    array([0. , 1.5, 0.8])
    """
    return np.maximum(margin - y_true * score, 0.0)


@hinge.gradient
def _(y_true: Array, score: Array, *, margin: float = 1.0) -> Any:
    """-y where y s < margin, else 0."""
    return -y_true * (y_true * score < margin)


@hinge.distance_to_kink
def _(y_true: Array, score: Array, *, margin: float = 1.0) -> Any:
    return np.abs(margin - y_true * score)


@loss(
    title="Squared hinge loss",
    formula=r"\frac1n\sum_i \max(0,\ 1 - y_i s_i)^2",
    family="classification",
    domain={"y_true": SIGN, "score": REAL},
    aliases=("L2 hinge",),
    relations=("the square of hinge, sample by sample",),
    sections=("001 hinge", "002 classification"),
    never_warns=True,
)
def squared_hinge(y_true: Array, score: Array) -> Any:
    """Hinge without a kink: the slope goes to 0 at the margin.

        max(0, 1 - y s)²,  y = ±1

    Shapes: y_true (…), score (…).
    Relation: differentiable everywhere; the second derivative jumps at y s = 1.
    Pitfall: outliers weigh more than with hinge.
    Source: 001 hinge.

    >>> losses.squared_hinge([1, -1], [2, 0.5], reduction="none")
    array([0.  , 2.25])
    """
    short = np.maximum(1.0 - y_true * score, 0.0)
    return short * short


@squared_hinge.gradient
def _(y_true: Array, score: Array) -> Any:
    """-2y max(0, 1 - y s)."""
    return -2.0 * y_true * np.maximum(1.0 - y_true * score, 0.0)


@loss(
    title="Multi-class hinge loss",
    formula=r"\max_{j\ne y}(m + s_j - s_y)_+ \quad\text{or}\quad \sum_{j\ne y}(m + s_j - s_y)_+",
    family="classification",
    domain={"y_true": CLASS, "score": SCORES},
    parameters={
        "margin": MARGIN,
        "variant": Option(
            "the worst rival class alone, or the sum over all", choices=("crammer_singer", "weston_watkins")
        ),
    },
    aliases=("multi-class SVM loss", "multi-margin loss", "categorical hinge", "Crammer-Singer", "Weston-Watkins"),
    relations=("for two classes both variants are hinge of s_1 - s_0",),
    sections=("001 hinge", "003 hinge"),
    kinks="s_j - s_y = -margin for a class j; for crammer_singer also a tie of the best rivals",
)
def multiclass_hinge(y_true: Array, score: Array, *, margin: float = 1.0, variant: str = "crammer_singer") -> Any:
    """The true class must beat the others by the margin.

        crammer_singer   max over j ≠ y of max(0, margin + s_j - s_y)
        weston_watkins   sum over j ≠ y of max(0, margin + s_j - s_y)

    Shapes: y_true (…) class numbers, score (…, C), C ≥ 2.
    Kink: a violation of exactly 0 counts as none; of tied rivals the first class takes the gradient.
    Relation: weston_watkins ≥ crammer_singer.
    Pitfall: torch divides the Weston-Watkins sum by C; some "categorical hinge" floors the rival's score at 0.
    Source: Crammer and Singer 2001; Weston and Watkins 1999; 003 hinge.

    >>> losses.multiclass_hinge([0], [[1, 0.5, 0.8]])
    0.8
    >>> losses.multiclass_hinge([0], [[1, 0.5, 0.8]], variant="weston_watkins")
    1.3
    """
    violation = _violations(y_true, score, margin)
    if variant == "crammer_singer":
        return np.maximum.reduce(violation, axis=-1)
    return np.add.reduce(violation, axis=-1)


@multiclass_hinge.gradient
def _(y_true: Array, score: Array, *, margin: float = 1.0, variant: str = "crammer_singer") -> Any:
    """+1 for each rival that counts, minus their number for the true class."""
    violation = _violations(y_true, score, margin)
    counts = violation > 0.0
    if variant == "crammer_singer":
        counts &= np.arange(score.shape[-1]) == violation.argmax(axis=-1)[..., None]
    slope = counts.astype(np.float64)
    labels = class_numbers("multiclass_hinge", y_true, score.shape[-1])
    np.put_along_axis(slope, labels[..., None], -np.add.reduce(slope, axis=-1, keepdims=True), axis=-1)
    return slope


@multiclass_hinge.distance_to_kink
def _(y_true: Array, score: Array, *, margin: float = 1.0, variant: str = "crammer_singer") -> Any:
    labels = class_numbers("multiclass_hinge", y_true, score.shape[-1])[..., None]
    gap = margin + score - np.take_along_axis(score, labels, axis=-1)
    np.put_along_axis(gap, labels, -np.inf, axis=-1)
    if variant == "weston_watkins" or score.shape[-1] < 3:
        return np.abs(gap)
    best = np.sort(gap, axis=-1)[..., -2:]
    tie = np.where(best[..., 1] > 0.0, best[..., 1] - best[..., 0], np.inf)
    return np.minimum(np.abs(best[..., 1]), tie)


def _violations(y_true: Array, score: Array, margin: float) -> Any:
    """max(0, margin + s_j - s_y) for every class j, and 0 for the true one."""
    if score.shape[-1] < 2:
        raise LossError(f"multiclass_hinge: score needs at least 2 classes; got {score.shape[-1]}")
    labels = class_numbers("multiclass_hinge", y_true, score.shape[-1])[..., None]
    violation = np.maximum(margin + score - np.take_along_axis(score, labels, axis=-1), 0.0)
    np.put_along_axis(violation, labels, 0.0, axis=-1)
    return violation


@loss(
    title="Perceptron loss",
    formula=r"\frac1n\sum_i \max(0,\ -y_i s_i)",
    family="classification",
    domain={"y_true": SIGN, "score": REAL},
    aliases=("perceptron criterion",),
    relations=("hinge with margin 0",),
    sections=("004 related: cs231n losses", "004 losses you know"),
    kinks="score = 0",
    never_warns=True,
)
def perceptron(y_true: Array, score: Array) -> Any:
    """Hinge without a margin: being on the right side is enough.

        max(0, -y s),  y = ±1

    Shapes: y_true (…), score (…).
    Kink: at s = 0 the subgradient 0 is taken.
    Pitfall: s = 0 everywhere costs nothing though nothing is decided.
    Source: 004, related articles.

    >>> losses.perceptron([1, -1, 1], [2, 0.5, 0], reduction="none")
    array([0. , 0.5, 0. ])
    """
    return np.maximum(-(y_true * score), 0.0)


@perceptron.gradient
def _(y_true: Array, score: Array) -> Any:
    """-y where y s < 0, else 0."""
    return -y_true * (y_true * score < 0.0)


@perceptron.distance_to_kink
def _(y_true: Array, score: Array) -> Any:
    return np.abs(score)


@loss(
    title="Logistic loss",
    formula=r"\frac1n\sum_i \ln\bigl(1 + e^{-y_i s_i}\bigr)",
    family="classification",
    domain={"y_true": SIGN, "score": REAL},
    parameters={"base": BASE},
    aliases=("logistic loss (margin form)", "soft margin loss", "binomial deviance"),
    relations=("bce from logits with labels (y + 1)/2", "with base 2 an upper bound of the 0-1 loss"),
    sections=("002 logistic", "002 classification"),
    never_warns=True,
)
def logistic(y_true: Array, score: Array, *, base: float | None = None) -> Any:
    """The margin form of binary cross-entropy.

        ln(1 + e^(-y s)) / ln(base),  y = ±1

    Shapes: y_true (…), score (…). Units: nats, or bits with base=2.
    Relation: convex and smooth; every sample pays a little, however right.
    Pitfall: with the natural logarithm it is ln 2 < 1 at s = 0, so no bound of the 0-1 loss; base 2 is.
    Source: 002 logistic.

    >>> losses.logistic([1], [0], base=2)
    1.0
    """
    value = numerics.softplus(-y_true * score)
    return value if base is None else value / numerics.nats(base)


@logistic.gradient
def _(y_true: Array, score: Array, *, base: float | None = None) -> Any:
    """-y σ(-y s) / ln(base)."""
    return -y_true * numerics.sigmoid(-y_true * score) / numerics.nats(base)


@loss(
    title="Exponential loss",
    formula=r"\frac1n\sum_i e^{-y_i s_i}",
    family="classification",
    domain={"y_true": SIGN, "score": REAL},
    aliases=("AdaBoost loss",),
    relations=("upper bound of the 0-1 loss and of logistic loss",),
    sections=("000 §2.2", "002 exponential", "004"),
    never_warns=True,
)
def exponential(y_true: Array, score: Array) -> Any:
    """The loss of AdaBoost.

        e^(-y s),  y = ±1

    Shapes: y_true (…), score (…).
    Edges: beyond y s = -709 the value exceeds float64 and is inf.
    Pitfall: one mislabelled point far on the wrong side outweighs all others.
    Source: 000 §2.2.

    >>> round(losses.exponential([1, -1], [1, 1]), 4)
    1.5431
    """
    return np.exp(-y_true * score)


@exponential.gradient
def _(y_true: Array, score: Array) -> Any:
    """-y e^(-y s)."""
    return -y_true * np.exp(-y_true * score)
