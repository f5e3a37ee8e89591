"""Regression losses: functions of the error e = y_pred - y_true.

All but `quadratic_cost` treat every number as one sample. Gradients are with respect to y_pred.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .conversion import Array
from .domain import REAL
from .loss import loss
from .parameter import Number

LN2 = float(np.log(2.0))


@loss(
    title="Mean squared error",
    formula=r"\mathrm{MSE} = \frac1n\sum_i (\hat y_i - y_i)^2",
    family="regression",
    domain={"y_true": REAL, "y_pred": REAL},
    aliases=("MSE", "squared error", "squared loss", "L2 loss", "quadratic loss"),
    relations=("half of it, per sample, is the quadratic cost", "its minimiser among constants is the mean"),
    sections=("000 §2.1", "001 L2", "002 squared", "004"),
    never_warns=True,
)
def mse(y_true: Array, y_pred: Array) -> Any:
    """Mean of the squared errors.

        e²,  e = y_pred - y_true

    Shapes: y_true (…), y_pred (…). Units: those of y, squared.
    Relation: the negative log-likelihood of Gaussian errors, up to scale and a constant.
    Pitfall: some libraries' "L2 loss" carries a factor ½; this one does not.
    Source: 000 §2.1.

    >>> losses.mse([1, 2], [2, 4])
    2.5
    >>> losses.mse.grad([1, 2], [2, 4])
    array([1., 2.])
    """
    error = y_pred - y_true
    error *= error
    return error


@mse.gradient
def _(y_true: Array, y_pred: Array) -> Any:
    """2e."""
    slope = y_pred - y_true
    slope *= 2.0
    return slope


@loss(
    title="Quadratic cost",
    formula=r"C = \frac{1}{2n}\sum_{i=1}^n \lVert a_i - y_i\rVert^2",
    family="regression",
    domain={"y_true": REAL, "y_pred": REAL},
    aliases=("half mean squared error", "quadratic cost function"),
    relations=("mse / 2 where each sample has one output", "with d outputs a sample: d · mse / 2"),
    sections=("004 quadratic cost", "000 §4"),
    never_warns=True,
)
def quadratic_cost(y_true: Array, y_pred: Array) -> Any:
    """Half the squared distance of each sample's output vector, averaged over the n samples.

        ½ ‖a - y‖²

    Shapes: (n,) holds n samples of one output; from two axes on, the last axis is one sample's output vector.
    Relation: d/da = a - y, without the factor 2 of mse.
    Pitfall: n counts samples, not numbers; with a sigmoid output the gradient in z carries σ'(z) and stalls.
    Source: 004, "quadratic cost".

    >>> losses.quadratic_cost([1, 0], [0.5, 1])
    0.3125
    >>> losses.quadratic_cost([[1, 0]], [[0.5, 1]])
    0.625
    """
    error = y_pred - y_true
    error *= error
    error *= 0.5
    return error if error.ndim < 2 else np.add.reduce(error, axis=-1)


@quadratic_cost.gradient
def _(y_true: Array, y_pred: Array) -> Any:
    """a - y."""
    return y_pred - y_true


@quadratic_cost.mean_divisor
def _(y_true: Array, y_pred: Array) -> int:
    """The number of samples: of vectors, from two axes on."""
    return y_true.size if y_true.ndim < 2 else int(np.prod(y_true.shape[:-1]))


@loss(
    title="Mean absolute error",
    formula=r"\mathrm{MAE} = \frac1n\sum_i |\hat y_i - y_i|",
    family="regression",
    domain={"y_true": REAL, "y_pred": REAL},
    aliases=("MAE", "L1 loss", "L1", "absolute error", "absolute loss"),
    relations=("twice the quantile loss at q = 1/2", "its minimiser among constants is the median"),
    sections=("000 §2.1", "001 L1", "002 absolute"),
    kinks="y_pred = y_true",
    never_warns=True,
)
def mae(y_true: Array, y_pred: Array) -> Any:
    """Mean of the absolute errors.

        |e|,  e = y_pred - y_true

    Shapes: y_true (…), y_pred (…). Units: those of y.
    Kink: at e = 0 the subgradient 0 is taken.
    Relation: the negative log-likelihood of Laplace errors, up to scale and a constant.
    Pitfall: the gradient does not shrink near the optimum, so the learning rate must.
    Source: 000 §2.1.

    >>> losses.mae([1, 2], [2, 4])
    1.5
    """
    error = y_pred - y_true
    return np.abs(error)


@mae.gradient
def _(y_true: Array, y_pred: Array) -> Any:
    """sign(e)."""
    return np.sign(y_pred - y_true)


@mae.distance_to_kink
def _(y_true: Array, y_pred: Array) -> Any:
    return np.abs(y_pred - y_true)


@loss(
    title="Mean bias error",
    formula=r"\mathrm{MBE} = \frac1n\sum_i (\hat y_i - y_i)",
    family="regression",
    domain={"y_true": REAL, "y_pred": REAL},
    aliases=("MBE", "bias error", "mean error"),
    relations=("|mbe| <= mae",),
    sections=("004 related: common losses",),
    never_warns=True,
)
def mbe(y_true: Array, y_pred: Array) -> Any:
    """Mean of the signed errors: above 0 where predictions are too high on the whole.

        e = y_pred - y_true

    Shapes: y_true (…), y_pred (…). Units: those of y.
    Pitfall: errors of opposite sign cancel, so 0 does not mean a good fit; texts disagree on the sign.
    Source: 004, related articles.

    >>> losses.mbe([1, 2], [2, 4])
    1.5
    >>> losses.mbe([1, 2], [3, 0])
    0.0
    """
    return y_pred - y_true


@mbe.gradient
def _(y_true: Array, y_pred: Array) -> Any:
    """1."""
    return np.ones_like(y_pred)


@loss(
    title="Huber loss",
    formula=(
        r"H_\delta(e) = \begin{cases} \frac12 e^2 & |e| \le \delta \\ "
        r"\delta(|e| - \frac12\delta) & |e| > \delta \end{cases}"
    ),
    family="regression",
    domain={"y_true": REAL, "y_pred": REAL},
    parameters={"delta": Number("error at which the parabola turns into a line", low=0.0, low_open=True)},
    aliases=("Huber",),
    relations=(
        "huber(delta) = delta · smooth_l1(beta=delta)",
        "delta → ∞ gives mse / 2",
        "huber / delta → mae as delta → 0",
    ),
    sections=("001 Huber", "002 Huber", "002 §14"),
    never_warns=True,
)
def huber(y_true: Array, y_pred: Array, *, delta: float = 1.0) -> Any:
    """Quadratic near 0, linear beyond delta.

        ½e²             for |e| ≤ delta
        delta(|e| - ½delta)  for |e| > delta

    Shapes: y_true (…), y_pred (…). Units: those of y, squared.
    Relation: equals smooth_l1 only at delta = beta = 1; in general it is delta times that.
    Pitfall: as delta → 0 the loss itself vanishes; only huber/delta tends to |e|.
    Source: Huber, "Robust estimation of a location parameter", 1964; 001 Huber.

    >>> losses.huber([0, 0], [0.5, 3], delta=2, reduction="none")
    array([0.125, 4.   ])
    """
    size = np.abs(y_pred - y_true)
    inner = np.minimum(size, delta)
    size -= 0.5 * inner
    size *= inner  # inner (|e| - ½ inner): ½e² where inner = |e|, delta(|e| - ½delta) where inner = delta
    return size


@huber.gradient
def _(y_true: Array, y_pred: Array, *, delta: float = 1.0) -> Any:
    """e, clipped to [-delta, delta]."""
    return np.minimum(np.maximum(y_pred - y_true, -delta), delta)


@loss(
    title="Smooth L1 loss",
    formula=(
        r"\mathrm{SL1}_\beta(e) = \begin{cases} \frac{e^2}{2\beta} & |e| < \beta \\ "
        r"|e| - \frac12\beta & |e| \ge \beta \end{cases}"
    ),
    family="regression",
    domain={"y_true": REAL, "y_pred": REAL},
    parameters={"beta": Number("error at which the parabola turns into a line; 0 gives |e|", low=0.0)},
    aliases=("Smooth L1", "SLL"),
    relations=("smooth_l1(beta) = huber(delta=beta) / beta", "beta = 0 gives mae"),
    sections=("000 §2.4", "001 Smooth L1", "002 location loss", "004 vision"),
    kinks="y_pred = y_true, for beta = 0 only",
    never_warns=True,
)
def smooth_l1(y_true: Array, y_pred: Array, *, beta: float = 1.0) -> Any:
    """Absolute error with a rounded tip.

        e² / (2 beta)   for |e| < beta
        |e| - ½beta     for |e| ≥ beta

    Shapes: y_true (…), y_pred (…). Units: those of y.
    Kink: none, but for beta = 0, where the subgradient 0 is taken at e = 0.
    Relation: its slope is never steeper than 1, whatever beta is.
    Pitfall: often called Huber loss, which is beta times as large.
    Source: Girshick, "Fast R-CNN", 2015 (beta = 1); 000 §2.4.

    >>> losses.smooth_l1([0, 0], [0.5, 3], beta=2, reduction="none")
    array([0.0625, 2.    ])
    """
    size = np.abs(y_pred - y_true)
    if beta == 0.0:
        return size
    inner = np.minimum(size, beta)
    size -= 0.5 * inner
    inner /= beta
    size *= inner  # (inner/beta)(|e| - ½ inner): e²/(2 beta) where inner = |e|, |e| - ½beta where inner = beta
    return size


@smooth_l1.gradient
def _(y_true: Array, y_pred: Array, *, beta: float = 1.0) -> Any:
    """e / beta, clipped to [-1, 1]."""
    error = y_pred - y_true
    return np.sign(error) if beta == 0.0 else np.minimum(np.maximum(error / beta, -1.0), 1.0)


@smooth_l1.distance_to_kink
def _(y_true: Array, y_pred: Array, *, beta: float = 1.0) -> Any:
    return np.abs(y_pred - y_true) if beta == 0.0 else np.full(y_true.shape, np.inf)


@loss(
    title="Log-cosh loss",
    formula=r"\frac1n\sum_i \ln\cosh(\hat y_i - y_i)",
    family="regression",
    domain={"y_true": REAL, "y_pred": REAL},
    aliases=("log cosh", "logcosh"),
    relations=("about e²/2 near 0", "about |e| - ln 2 far from 0"),
    sections=("002 log-cosh",),
    never_warns=True,
)
def log_cosh(y_true: Array, y_pred: Array) -> Any:
    """Squared error for small errors, absolute error for large ones, smooth throughout.

        ln cosh e,  e = y_pred - y_true

    Shapes: y_true (…), y_pred (…).
    Relation: gradient tanh e, second derivative 1/cosh² e.
    Pitfall: cosh overflows from e = 711 on, and |e| + ln(1 + e^(-2|e|)) - ln 2 loses its digits near 0;
    so two forms are joined at |e| = 1.
    Source: 002, log-cosh.

    >>> round(losses.log_cosh([0, 0], [1, 1000], reduction="sum"), 4)
    999.7406
    """
    size = np.abs(y_pred - y_true)
    near = np.sinh(0.5 * np.minimum(size, 1.0))
    # cosh e = 1 + 2 sinh²(e/2) for small e;  cosh e = e^|e| (1 + e^(-2|e|)) / 2 for large e
    return np.where(size < 1.0, np.log1p(2.0 * near * near), size + np.log1p(np.exp(-2.0 * size)) - LN2)


@log_cosh.gradient
def _(y_true: Array, y_pred: Array) -> Any:
    """tanh e."""
    return np.tanh(y_pred - y_true)


@loss(
    title="Quantile loss",
    formula=r"\rho_q(y, \hat y) = \max\bigl(q(y - \hat y),\ (q - 1)(y - \hat y)\bigr)",
    family="regression",
    domain={"y_true": REAL, "y_pred": REAL},
    parameters={"q": Number("the quantile to be predicted", low=0.0, high=1.0)},
    aliases=("pinball loss", "pinball", "check loss"),
    relations=("q = 1/2 gives mae / 2", "its minimiser among constants is the q-quantile"),
    sections=("001 quantile", "002 quantile"),
    kinks="y_pred = y_true",
    never_warns=True,
)
def quantile(y_true: Array, y_pred: Array, *, q: float = 0.5) -> Any:
    """An absolute error that weighs under- and over-prediction differently.

        q (y_true - y_pred)        where the prediction is too low
        (1 - q)(y_pred - y_true)   where it is too high

    Shapes: y_true (…), y_pred (…). Units: those of y.
    Kink: at y_pred = y_true the subgradient 0 is taken.
    Relation: two quantiles, such as 0.05 and 0.95, bound a prediction interval.
    Pitfall: at q = ½ it is half of the mean absolute error, not the whole.
    Source: Koenker and Bassett, "Regression quantiles", 1978; 002 quantile.

    >>> losses.quantile([3, 3], [1, 5], q=0.9, reduction="none")
    array([1.8, 0.2])
    """
    shortfall = y_true - y_pred
    return np.maximum(q * shortfall, (q - 1.0) * shortfall)


@quantile.gradient
def _(y_true: Array, y_pred: Array, *, q: float = 0.5) -> Any:
    """-q where the prediction is too low, 1 - q where it is too high."""
    return (y_pred > y_true) * (1.0 - q) - (y_pred < y_true) * q


@quantile.distance_to_kink
def _(y_true: Array, y_pred: Array, *, q: float = 0.5) -> Any:
    return np.abs(y_pred - y_true)
