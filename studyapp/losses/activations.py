"""Activations: what turns raw scores (logits) into probabilities, each with its derivative.

They return every value and reduce nothing. Row functions work along the last axis, one row a sample.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import numerics
from .conversion import Array
from .domain import REAL, SCORES
from .loss import loss


@loss(
    title="Sigmoid",
    formula=r"\sigma(z) = \frac{1}{1 + e^{-z}}",
    family="activations",
    domain={"z": REAL},
    aliases=("logistic function", "expit"),
    relations=("sigmoid(z) is the first entry of softmax([z, 0])", "sigmoid(-z) = 1 - sigmoid(z)"),
    sections=("000 §4", "000 §6", "004 derive cross-entropy"),
    reduction=None,
    never_warns=True,
)
def sigmoid(z: Array) -> Any:
    """The probability that belongs to a logit.

        σ(z) = 1 / (1 + e^-z)

    Shapes: any; the result has the same.
    Relation: σ'(z) = σ(z)(1 - σ(z)), at most 1/4, at z = 0.
    Pitfall: the derivative vanishes for large |z|, which is why squared error on a sigmoid learns slowly.
    Source: 000 §4 and §6.

    >>> losses.sigmoid([0, 1000, -1000])
    array([0.5, 1. , 0. ])
    """
    return numerics.sigmoid(z)


@sigmoid.gradient
def _(z: Array) -> Any:
    """σ'(z) = σ(z) σ(-z), element by element."""
    decay = np.exp(-np.abs(z))
    return decay / (1.0 + decay) ** 2


@loss(
    title="Softplus",
    formula=r"\operatorname{softplus}(z) = \ln(1 + e^z)",
    family="activations",
    domain={"z": REAL},
    aliases=("log1pexp",),
    relations=("softplus(-y s) is the logistic loss", "-ln sigmoid(z) = softplus(-z)"),
    sections=("002 §3",),
    reduction=None,
    never_warns=True,
)
def softplus(z: Array) -> Any:
    """A smooth max(z, 0), and the negative logarithm of σ(-z).

        softplus(z) = ln(1 + e^z) = max(z, 0) + ln(1 + e^-|z|)

    Shapes: any; the result has the same. Units: nats.
    Relation: its derivative is σ(z).
    Pitfall: ln(1 + e^z) as written overflows from z = 710 on.
    Source: 002 §3.

    >>> losses.softplus([0, 1000])
    array([6.93147181e-01, 1.00000000e+03])
    """
    return numerics.softplus(z)


@softplus.gradient
def _(z: Array) -> Any:
    """σ(z), element by element."""
    return numerics.sigmoid(z)


@loss(
    title="Softmax",
    formula=r"\operatorname{softmax}(z)_i = \frac{e^{z_i}}{\sum_k e^{z_k}}",
    family="activations",
    domain={"z": SCORES},
    relations=(
        "unchanged when a constant is added to a row",
        "of two classes: sigmoid of the difference of the logits",
    ),
    sections=("000 §6", "002 §3"),
    reduction=None,
    never_warns=True,
)
def softmax(z: Array) -> Any:
    """The probabilities that belong to a row of logits.

        softmax(z)_i = e^z_i / Σ_k e^z_k

    Shapes: z (…, C) → (…, C); `.grad` gives the Jacobian (…, C, C).
    Relation: shift invariant, so the row's maximum is subtracted before the exponentials.
    Pitfall: the exponents are +z; with -z the smallest score would win.
    Source: 000 §6.

    >>> losses.softmax([1000, 1000])
    array([0.5, 0.5])
    """
    return numerics.softmax(z)


@softmax.gradient
def _(z: Array) -> Any:
    """The Jacobian ∂p_i/∂z_j = p_i(δ_ij - p_j), that is diag(p) - p pᵀ."""
    p = numerics.softmax(z)
    jacobian = -p[..., :, None] * p[..., None, :]
    diagonal = np.arange(p.shape[-1])
    jacobian[..., diagonal, diagonal] += p
    return jacobian


@loss(
    title="Log-softmax",
    formula=r"\operatorname{log\,softmax}(z)_i = z_i - M - \ln\sum_k e^{z_k - M},\quad M = \max_k z_k",
    family="activations",
    domain={"z": SCORES},
    relations=("the log-probabilities that nll takes", "z - logsumexp(z)"),
    sections=("002 §3",),
    reduction=None,
    never_warns=True,
)
def log_softmax(z: Array) -> Any:
    """The log-probabilities that belong to a row of logits, in nats.

        log_softmax(z)_i = z_i - M - ln Σ_k e^(z_k - M),  M = max z

    Shapes: z (…, C) → (…, C); `.grad` gives the Jacobian (…, C, C).
    Pitfall: ln(softmax(z)) is -inf as soon as a probability underflows; this form never is.
    Source: 002 §3.

    >>> losses.log_softmax([0, 1000])
    array([-1000.,     0.])
    """
    return numerics.log_softmax(z)


@log_softmax.gradient
def _(z: Array) -> Any:
    """The Jacobian ∂/∂z_j = δ_ij - p_j."""
    p = numerics.softmax(z)
    return np.eye(p.shape[-1]) - p[..., None, :]


@loss(
    title="Log-sum-exp",
    formula=r"\operatorname{LSE}(z) = M + \ln\sum_k e^{z_k - M},\quad M = \max_k z_k",
    family="activations",
    domain={"z": SCORES},
    relations=("a smooth maximum: max z <= LSE(z) <= max z + ln C", "its gradient is softmax(z)"),
    sections=("002 §3",),
    reduction=None,
    never_warns=True,
)
def logsumexp(z: Array) -> Any:
    """The normaliser of softmax, in nats.

        LSE(z) = ln Σ_k e^z_k = M + ln Σ_k e^(z_k - M),  M = max z

    Shapes: z (…, C) → (…).
    Relation: LSE(z + c) = LSE(z) + c.
    Pitfall: the direct sum overflows from z = 710 on.
    Source: 002 §3.

    >>> round(losses.logsumexp([1000, 1000]), 4)
    1000.6931
    """
    return numerics.logsumexp(z)[..., 0]


@logsumexp.gradient
def _(z: Array) -> Any:
    """softmax(z), row by row."""
    return numerics.softmax(z)
