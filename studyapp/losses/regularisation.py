"""Penalties on the weights of a model, to be added to its loss.

A penalty is one number for all weights together, so there is nothing to reduce.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .conversion import Array
from .domain import REAL
from .loss import loss
from .parameter import Number

STRENGTH = Number("factor λ on the penalty", low=0.0)


@loss(
    title="L1 penalty",
    formula=r"\lambda\sum_j |w_j|",
    family="regularisation",
    domain={"weights": REAL},
    parameters={"strength": STRENGTH},
    aliases=("lasso penalty", "L1 regularisation"),
    relations=("elastic_net(l1=strength, l2=0)", "the negative log of a Laplace prior, up to a constant"),
    sections=("001 regularisation",),
    kinks="a weight of 0",
    reduction=None,
    never_warns=True,
)
def l1_penalty(weights: Array, *, strength: float = 1.0) -> Any:
    """Pulls weights to exactly 0.

        λ Σ |w|

    Shapes: weights of any shape → one number.
    Kink: at w = 0 the subgradient 0 is taken, of all those in [-λ, λ].
    Relation: the pull has the same size however small the weight: hence sparse weights.
    Pitfall: biases are usually left out; pass the weights alone.
    Source: 001 regularisation.

    >>> losses.l1_penalty([1, -2, 0], strength=0.5)
    1.5
    """
    return strength * np.add.reduce(np.abs(weights), axis=None)


@l1_penalty.gradient
def _(weights: Array, *, strength: float = 1.0) -> Any:
    """λ sign(w)."""
    return strength * np.sign(weights)


@l1_penalty.distance_to_kink
def _(weights: Array, *, strength: float = 1.0) -> Any:
    return np.abs(weights)


@loss(
    title="L2 penalty",
    formula=r"\lambda\sum_j w_j^2",
    family="regularisation",
    domain={"weights": REAL},
    parameters={"strength": STRENGTH},
    aliases=("ridge penalty", "L2 regularisation"),
    relations=("elastic_net(l1=0, l2=strength)", "the negative log of a Gaussian prior, up to a constant"),
    sections=("001 regularisation",),
    reduction=None,
    never_warns=True,
)
def l2_penalty(weights: Array, *, strength: float = 1.0) -> Any:
    """Shrinks weights in proportion to their size.

        λ Σ w²

    Shapes: weights of any shape → one number.
    Relation: gradient 2λw; a "weight decay" of λ is the gradient of λ/2 Σ w².
    Pitfall: texts differ by a factor of 2; here there is no ½.
    Source: 001 regularisation.

    >>> losses.l2_penalty([1, -2, 0], strength=0.5)
    2.5
    """
    return strength * np.add.reduce(weights * weights, axis=None)


@l2_penalty.gradient
def _(weights: Array, *, strength: float = 1.0) -> Any:
    """2λw."""
    return (2.0 * strength) * weights


@loss(
    title="Elastic-net penalty",
    formula=r"\lambda_1\sum_j |w_j| + \lambda_2\sum_j w_j^2",
    family="regularisation",
    domain={"weights": REAL},
    parameters={
        "l1": Number("factor on the absolute values", low=0.0),
        "l2": Number("factor on the squares", low=0.0),
    },
    aliases=("elastic net",),
    relations=("l1_penalty(strength=l1) + l2_penalty(strength=l2)",),
    sections=("001 regularisation",),
    kinks="a weight of 0",
    reduction=None,
    never_warns=True,
)
def elastic_net(weights: Array, *, l1: float = 1.0, l2: float = 1.0) -> Any:
    """Both penalties: sparse, and steady where features are correlated.

        l1 Σ |w| + l2 Σ w²

    Shapes: weights of any shape → one number.
    Kink: at w = 0 the subgradient 0 is taken.
    Relation: the sum of the two penalties.
    Pitfall: scikit-learn writes it with one strength and a ratio, and ½ on the squares.
    Source: Zou and Hastie, "Regularization and variable selection via the elastic net", 2005.

    >>> losses.elastic_net([1, -2, 0], l1=0.5, l2=0.1)
    2.0
    """
    return l1 * np.add.reduce(np.abs(weights), axis=None) + l2 * np.add.reduce(weights * weights, axis=None)


@elastic_net.gradient
def _(weights: Array, *, l1: float = 1.0, l2: float = 1.0) -> Any:
    """l1 sign(w) + 2 l2 w."""
    return l1 * np.sign(weights) + (2.0 * l2) * weights


@elastic_net.distance_to_kink
def _(weights: Array, *, l1: float = 1.0, l2: float = 1.0) -> Any:
    return np.abs(weights)
