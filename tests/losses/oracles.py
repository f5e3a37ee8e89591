"""The independent libraries that the reference losses are proven against.

`SECOND[name]` maps a library to a function (arguments, reduction, parameters) → value, or None where that library
does not cover the parameters. Together with PyTorch (`torch_losses`), whose autograd gives the gradients, they
are run by tests/data/losses/record.py, and live by test_oracles.py where they are installed.

The library called "identity" is an independent formulation where no second library has the loss.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "torch")

import jax
import keras
import monai.losses
import numpy as np
import optax
import scipy.special
import scipy.stats
import sklearn
import sklearn._loss
import sklearn.metrics
import torch
from keras.src.layers.preprocessing.image_preprocessing.bounding_boxes.iou import compute_ciou, compute_iou
from monai.data.box_utils import box_iou as monai_box_iou
from monai.data.box_utils import box_pair_giou as monai_giou
from scipy.spatial.distance import jensenshannon

jax.config.update("jax_enable_x64", True)
keras.backend.set_floatx("float64")

Oracle = Callable[[list[Any], str | None, dict[str, Any]], Any]

VERSIONS = {
    "torch": torch.__version__,
    "optax": optax.__version__,
    "jax": jax.__version__,
    "scikit-learn": sklearn.__version__,
    "scipy": scipy.__version__,
    "monai": monai.__version__,
    "keras": keras.__version__,
    "numpy": np.__version__,
}


def reduce(values: Any, reduction: str | None) -> Any:
    values = np.asarray(values, dtype=np.float64)
    return values if reduction in (None, "none") else values.sum() if reduction == "sum" else values.mean()


def each(formula: Callable[..., Any], *allowed: str) -> Oracle:
    """From a library's value a sample; it covers calls whose parameters are all among `allowed`."""

    def run(arguments: list[Any], reduction: str | None, parameters: dict[str, Any]) -> Any:
        if not set(parameters) <= set(allowed):
            return None
        values = formula(*arguments, **parameters)
        return None if values is None else reduce(values, reduction)

    return run


def mean_only(formula: Callable[..., Any], *allowed: str) -> Oracle:
    """From a library's mean over the samples of one axis."""

    def run(arguments: list[Any], reduction: str | None, parameters: dict[str, Any]) -> Any:
        count = len(arguments[0])
        if not set(parameters) <= set(allowed) or reduction == "none" or count == 0:
            return None
        mean = float(formula(*arguments, **parameters))
        return mean * count if reduction == "sum" else mean

    return run


def tensor(values: Any) -> torch.Tensor:
    """Keras keeps float64 only of tensors of its backend."""
    return torch.as_tensor(np.asarray(values, dtype=np.float64))


def column(values: Any) -> torch.Tensor:
    """(n,) → (n, 1): Keras averages over the last axis."""
    return tensor(values)[..., None]


def to_numpy(values: Any) -> Any:
    return np.asarray(values.detach() if isinstance(values, torch.Tensor) else values)


def nats(base: float | None) -> float:
    return 1.0 if base is None else float(np.log(base))


def one_hot(labels: Any, count: int) -> Any:
    return np.eye(count)[np.asarray(labels).astype(int)]


def ints(labels: Any) -> Any:
    return np.asarray(labels).astype(int)


# ------------------------------------------------------------------ formulations by library


def optax_bce(y: Any, z: Any, from_logits: bool = False) -> Any:
    return optax.sigmoid_binary_cross_entropy(z, y) if from_logits else None


def sklearn_binomial(y: Any, raw: Any) -> Any:
    return sklearn._loss.HalfBinomialLoss().loss((np.ravel(y) + 1.0) / 2.0, np.ravel(raw)).reshape(np.shape(y))


def sklearn_hinge(arguments: list[Any], reduction: str | None, parameters: dict[str, Any]) -> Any:
    """Labels of one class alone are relabelled by scikit-learn, so it is asked only where both occur."""
    if len(np.unique(arguments[0])) < 2:
        return None
    return mean_only(sklearn.metrics.hinge_loss)(arguments, reduction, parameters)


def sklearn_exponential(y: Any, raw: Any) -> Any:
    return sklearn._loss.loss.ExponentialLoss().loss((np.ravel(y) + 1.0) / 2.0, np.ravel(raw)).reshape(np.shape(y))


def keras_focal(y: Any, p: Any, alpha: float | None = 0.25, gamma: float = 2.0, from_logits: bool = False) -> Any:
    balance = {} if alpha is None else {"apply_class_balancing": True, "alpha": alpha}
    return to_numpy(
        keras.losses.binary_focal_crossentropy(column(y), column(p), gamma=gamma, from_logits=from_logits, **balance)
    )


def optax_focal(y: Any, z: Any, alpha: float | None = 0.25, gamma: float = 2.0, from_logits: bool = False) -> Any:
    return optax.sigmoid_focal_loss(z, y, alpha=alpha, gamma=gamma) if from_logits else None


def keras_softmax_focal(y: Any, p: Any, alpha: Any = None, gamma: float = 2.0, from_logits: bool = False) -> Any:
    if isinstance(alpha, list):
        return None
    scale = 1.0 if alpha is None else alpha
    return to_numpy(
        keras.losses.categorical_focal_crossentropy(
            tensor(one_hot(y, np.shape(p)[-1])), tensor(p), alpha=scale, gamma=gamma, from_logits=from_logits
        )
    )


def optax_cross_entropy(y: Any, p: Any, from_logits: bool = False, label_smoothing: float = 0.0) -> Any:
    target = optax.smooth_labels(np.asarray(y), label_smoothing)
    return optax.softmax_cross_entropy(p if from_logits else np.log(p), target)


def optax_sparse(y: Any, p: Any, from_logits: bool = False) -> Any:
    return optax.softmax_cross_entropy_with_integer_labels(p if from_logits else np.log(p), ints(y))


def optax_crammer_singer(y: Any, s: Any, variant: str = "crammer_singer") -> Any:
    return optax.losses.multiclass_hinge_loss(np.asarray(s), ints(y)) if variant == "crammer_singer" else None


def scipy_entropy(p: Any, base: float | None = None) -> Any:
    return scipy.stats.entropy(p, base=base, axis=-1)


def scipy_cross_entropy(p: Any, q: Any, base: float | None = None) -> Any:
    return (scipy.special.entr(p) + scipy.special.rel_entr(p, q)).sum(-1) / nats(base)


def scipy_kl(p: Any, q: Any, base: float | None = None) -> Any:
    return scipy.special.rel_entr(p, q).sum(-1) / nats(base)


def scipy_joint(table: Any, base: float | None = None) -> Any:
    return scipy.stats.entropy(np.reshape(table, (*np.shape(table)[:-2], -1)), base=base, axis=-1)


def scipy_conditional(table: Any, base: float | None = None, given: str = "x") -> Any:
    margin = np.sum(table, axis=-1 if given == "x" else -2)
    return scipy_joint(table, base) - scipy.stats.entropy(margin, base=base, axis=-1)


def sklearn_mutual_information(table: Any, base: float | None = None) -> Any:
    """Takes counts: the recorded tables are multiples of 1/1000."""
    counts = np.rint(np.asarray(table) * 1000).astype(int).reshape(-1, *np.shape(table)[-2:])
    values = [sklearn.metrics.mutual_info_score(None, None, contingency=one) for one in counts]
    return np.reshape(values, np.shape(table)[:-2]) / nats(base)


def monai_overlap(form: Callable[..., Any], g: Any, p: Any, axis: Any) -> Any:
    """MONAI wants (batch, channel, pixels) and gives a value for each batch entry."""
    if axis not in (None, -1):
        return None
    shape = (1, 1, -1) if axis is None else (np.shape(g)[0], 1, -1)
    true, guess = (torch.as_tensor(np.asarray(part, dtype=np.float64)).reshape(shape) for part in (g, p))
    values = form(guess, true).numpy().reshape(-1)
    return values[0] if axis is None else values


def monai_dice(g: Any, p: Any, smooth: float = 0.0, squared: bool = False, axis: Any = None) -> Any:
    form = monai.losses.DiceLoss(smooth_nr=smooth, smooth_dr=smooth, squared_pred=squared, reduction="none")
    return monai_overlap(form, g, p, axis)


def monai_jaccard(g: Any, p: Any, smooth: float = 0.0, axis: Any = None) -> Any:
    form = monai.losses.DiceLoss(jaccard=True, smooth_nr=2 * smooth, smooth_dr=2 * smooth, reduction="none")
    return monai_overlap(form, g, p, axis)


def monai_tversky(g: Any, p: Any, alpha: float = 0.5, beta: float = 0.5, smooth: float = 0.0, axis: Any = None) -> Any:
    form = monai.losses.TverskyLoss(alpha=alpha, beta=beta, smooth_nr=smooth, smooth_dr=smooth, reduction="none")
    return monai_overlap(form, g, p, axis)


def monai_focal_tversky(g: Any, p: Any, gamma: float = 4 / 3, **parameters: Any) -> Any:
    value = monai_tversky(g, p, **parameters)
    return None if value is None else value ** (1.0 / gamma)


def threshold_integral(truth: Any, errors: Any) -> float:
    """∫ J({m ≥ θ}) dθ over θ > 0, with J(M) = |M| / |g ∪ M|: another definition of the Lovász extension."""
    truth, errors = np.ravel(truth) == 1.0, np.ravel(errors)
    total, below = 0.0, 0.0
    for level in np.unique(errors[errors > 0.0]):
        wrong = errors >= level
        total += (level - below) * wrong.sum() / (wrong | truth).sum()
        below = level
    return total


def lovasz_hinge_integral(g: Any, s: Any, axis: Any = None) -> Any:
    if axis is not None:
        return [lovasz_hinge_integral(one, two) for one, two in zip(g, s, strict=True)]
    return threshold_integral(g, 1.0 - (2.0 * np.asarray(g) - 1.0) * np.asarray(s))


def lovasz_softmax_integral(y: Any, p: Any, classes: Any = "present", axis: Any = None) -> Any:
    if axis is not None:
        return [lovasz_softmax_integral(one, two, classes) for one, two in zip(y, p, strict=True)]
    y, p = np.asarray(y), np.asarray(p)
    chosen = range(p.shape[-1]) if isinstance(classes, str) else classes
    parts = [
        threshold_integral(y == c, np.abs((y == c) - p[..., c]))
        for c in chosen
        if classes != "present" or np.any(y == c)
    ]
    return np.mean(parts) if parts else 0.0


def monai_iou(true: Any, pred: Any) -> Any:
    return np.diagonal(monai_box_iou(np.asarray(true), np.asarray(pred)))


def keras_iou(true: Any, pred: Any) -> Any:
    return np.diagonal(to_numpy(compute_iou(tensor(true), tensor(pred), "xyxy")))


def keras_ciou(true: Any, pred: Any) -> Any:
    return to_numpy(compute_ciou(tensor(true), tensor(pred), "xyxy"))


def rational(measure: str) -> Callable[..., Any]:
    """IoU, GIoU or DIoU of one pair of boxes after another, in exact fractions."""

    def one(true: Any, pred: Any) -> float:
        (a, b, c, d), (e, f, g, h) = ([Fraction(float(edge)) for edge in box] for box in (true, pred))
        columns, rows = sorted((a, c, e, g)), sorted((b, d, f, h))
        covered = {"both": Fraction(0), "any": Fraction(0)}
        # The edges cut the plane into at most nine cells, each wholly inside or outside of either box.
        for left, right in pairwise(columns):
            for bottom, top in pairwise(rows):
                x, y = (left + right) / 2, (bottom + top) / 2
                inside = (a < x < c and b < y < d, e < x < g and f < y < h)
                area = (right - left) * (top - bottom)
                covered["both"] += area * all(inside)
                covered["any"] += area * any(inside)
        iou = covered["both"] / covered["any"] if covered["any"] else Fraction(0)
        width, height = columns[-1] - columns[0], rows[-1] - rows[0]
        if measure == "giou" and width * height:
            return float(iou - 1 + covered["any"] / (width * height))
        if measure == "diou" and (width or height):
            shift = ((a + c - e - g) / 2) ** 2 + ((b + d - f - h) / 2) ** 2
            return float(iou - shift / (width**2 + height**2))
        return float(iou)

    return lambda true, pred: np.array([one(*pair) for pair in zip(true, pred, strict=True)])


def sklearn_mean_iou(y: Any, p: Any, num_classes: int | None = None, absent: str = "skip") -> Any:
    y, p = ints(y).ravel(), ints(p).ravel()
    labels = None if absent == "skip" else np.arange(num_classes or max(y.max(), p.max()) + 1)
    return sklearn.metrics.jaccard_score(y, p, labels=labels, average="macro", zero_division=0.0)


def optax_triplet(anchor: Any, positive: Any, negative: Any, margin: float = 1.0) -> Any:
    parts = (np.asarray(part) for part in (anchor, positive, negative))
    return optax.losses.triplet_margin_loss(*parts, margin=margin, eps=0.0)


def multi_margin(s: Any, margin: float = 0.2) -> Any:
    """Sum hinge as two Weston-Watkins losses whose true classes are the diagonal; torch divides by their number."""

    def one(matrix: Any) -> float:
        scores, count = torch.as_tensor(matrix), len(matrix)
        both = [
            torch.nn.functional.multi_margin_loss(part, torch.arange(count), margin=margin, reduction="sum")
            for part in (scores, scores.T)
        ]
        return count * float(sum(both))

    return np.array([one(matrix) for matrix in np.asarray(s).reshape(-1, *np.shape(s)[-2:])]).reshape(np.shape(s)[:-2])


def crammer_singer(s: Any, margin: float = 0.2) -> Any:
    """Max hinge as two Crammer-Singer losses with margin 1 of s / margin."""
    matrices = np.asarray(s).reshape(-1, *np.shape(s)[-2:])
    labels = np.arange(matrices.shape[-1])

    def one(matrix: Any) -> float:
        return sum(sklearn.metrics.hinge_loss(labels, part / margin, labels=labels) for part in (matrix, matrix.T))

    return np.array([len(labels) * margin * one(matrix) for matrix in matrices]).reshape(np.shape(s)[:-2])


def optax_info_nce(query: Any, keys: Any, positive: Any = 0, temperature: float = 0.07) -> Any:
    query, keys = np.asarray(query), np.asarray(keys)
    logits = query @ keys.T if keys.ndim == 2 else np.einsum("...kd,...d->...k", keys, query)
    places = np.broadcast_to(ints(positive), logits.shape[:-1])
    return optax.softmax_cross_entropy_with_integer_labels(logits / temperature, places)


def keras_penalty(weights: Any, l1: float, l2: float) -> Any:
    return float(keras.regularizers.L1L2(l1=l1, l2=l2)(tensor(weights)))


SECOND: dict[str, dict[str, Oracle]] = {
    "mse": {
        "scikit-learn": mean_only(sklearn.metrics.mean_squared_error),
        "optax": each(lambda y, p: optax.squared_error(np.asarray(p), np.asarray(y))),
    },
    "quadratic_cost": {"optax": each(lambda y, a: _sum_outputs(optax.l2_loss(np.asarray(a), np.asarray(y))))},
    "mae": {"scikit-learn": mean_only(sklearn.metrics.mean_absolute_error)},
    "mbe": {"identity": mean_only(lambda y, p: np.mean(p) - np.mean(y))},
    "huber": {
        "optax": each(lambda y, p, delta=1.0: optax.huber_loss(np.asarray(p), np.asarray(y), delta=delta), "delta")
    },
    "smooth_l1": {"optax": each(lambda y, p, beta=1.0: _smooth_l1(y, p, beta), "beta")},
    "log_cosh": {
        "optax": each(lambda y, p: optax.log_cosh(np.asarray(p), np.asarray(y))),
        "keras": each(lambda y, p: to_numpy(keras.losses.log_cosh(column(y), column(p)))),
    },
    "quantile": {"scikit-learn": mean_only(lambda y, p, q=0.5: sklearn.metrics.mean_pinball_loss(y, p, alpha=q), "q")},
    "zero_one": {"scikit-learn": mean_only(lambda y, p: sklearn.metrics.zero_one_loss(ints(y), ints(p)))},
    "bce": {
        "optax": each(optax_bce, "from_logits"),
        "scipy": each(
            lambda y, p: -scipy.special.xlogy(y, p) - scipy.special.xlog1py(1.0 - np.asarray(y), -np.asarray(p))
        ),
    },
    "balanced_bce": {
        "optax": each(
            lambda y, z, alpha=0.5, from_logits=False: optax_focal(y, z, alpha, 0.0, from_logits),
            "alpha",
            "from_logits",
        ),
        "keras": each(
            lambda y, p, alpha=0.5, from_logits=False: keras_focal(y, p, alpha, 0.0, from_logits),
            "alpha",
            "from_logits",
        ),
    },
    "cross_entropy": {"optax": each(optax_cross_entropy, "from_logits", "label_smoothing")},
    "sparse_cross_entropy": {"optax": each(optax_sparse, "from_logits")},
    "nll": {"scikit-learn": mean_only(lambda y, lp: sklearn.metrics.log_loss(ints(y), np.exp(lp), labels=[0, 1, 2]))},
    "hinge": {
        "scikit-learn": sklearn_hinge,
        "optax": each(lambda y, s: optax.hinge_loss(np.asarray(s), np.asarray(y))),
    },
    "squared_hinge": {
        "optax": each(lambda y, s: optax.hinge_loss(np.asarray(s), np.asarray(y)) ** 2),
        "keras": each(lambda y, s: to_numpy(keras.losses.squared_hinge(column(y), column(s)))),
    },
    "multiclass_hinge": {"optax": each(optax_crammer_singer, "variant")},
    "perceptron": {"optax": each(lambda y, s: optax.losses.perceptron_loss(np.asarray(s), np.asarray(y)))},
    "logistic": {"scikit-learn": each(lambda y, s, base=None: sklearn_binomial(y, s) / nats(base), "base")},
    "exponential": {"scikit-learn": each(sklearn_exponential)},
    "focal": {
        "optax": each(optax_focal, "alpha", "gamma", "from_logits"),
        "keras": each(keras_focal, "alpha", "gamma", "from_logits"),
    },
    "softmax_focal": {"keras": each(keras_softmax_focal, "alpha", "gamma", "from_logits")},
    "self_information": {"scipy": each(lambda p, base=None: scipy.special.entr(p) / p / nats(base), "base")},
    "entropy": {"scipy": each(scipy_entropy, "base")},
    "cross_entropy_of": {"scipy": each(scipy_cross_entropy, "base")},
    "kl": {"scipy": each(scipy_kl, "base")},
    "js": {"scipy": each(lambda p, q, base=None: jensenshannon(p, q, base=base, axis=-1) ** 2, "base")},
    "joint_entropy": {"scipy": each(scipy_joint, "base")},
    "conditional_entropy": {"scipy": each(scipy_conditional, "base", "given")},
    "mutual_information": {"scikit-learn": each(sklearn_mutual_information, "base")},
    "soft_iou": {"monai": each(monai_jaccard, "smooth", "axis")},
    "dice": {"monai": each(monai_dice, "smooth", "squared", "axis")},
    "tversky": {"monai": each(monai_tversky, "alpha", "beta", "smooth", "axis")},
    "focal_tversky": {"monai": each(monai_focal_tversky, "alpha", "beta", "gamma", "smooth", "axis")},
    "lovasz_hinge": {"identity": each(lovasz_hinge_integral, "axis")},
    "lovasz_softmax": {"identity": each(lovasz_softmax_integral, "classes", "axis")},
    "pixel_cross_entropy": {"optax": each(optax_sparse, "from_logits")},
    "box_iou": {"identity": each(rational("iou")), "monai": each(monai_iou), "keras": each(keras_iou)},
    "giou": {
        "identity": each(rational("giou")),
        "monai": each(lambda true, pred: monai_giou(np.asarray(true), np.asarray(pred))),
    },
    "diou": {"identity": each(rational("diou"))},
    "ciou": {"keras": each(keras_ciou, "hold_alpha")},
    "mean_iou": {"scikit-learn": each(sklearn_mean_iou, "num_classes", "absent")},
    "iou_loss": {
        "identity": each(lambda true, pred, form="linear": _iou_loss(true, pred, form), "form"),
        "monai": each(lambda true, pred: 1.0 - monai_iou(true, pred)),
    },
    "giou_loss": {
        "identity": each(lambda true, pred: 1.0 - rational("giou")(true, pred)),
        "monai": each(lambda true, pred: 1.0 - monai_giou(np.asarray(true), np.asarray(pred))),
    },
    "diou_loss": {"identity": each(lambda true, pred: 1.0 - rational("diou")(true, pred))},
    "ciou_loss": {"keras": each(lambda true, pred: 1.0 - keras_ciou(true, pred))},
    "triplet": {"optax": each(optax_triplet, "margin")},
    "sum_hinge": {"torch multi_margin": each(multi_margin, "margin")},
    "max_hinge": {"scikit-learn": each(crammer_singer, "margin")},
    "info_nce": {"optax": each(optax_info_nce, "temperature")},
    "l1_penalty": {"keras": each(lambda w, strength=1.0: keras_penalty(w, strength, 0.0), "strength")},
    "l2_penalty": {"keras": each(lambda w, strength=1.0: keras_penalty(w, 0.0, strength), "strength")},
    "elastic_net": {"keras": each(lambda w, l1=1.0, l2=1.0: keras_penalty(w, l1, l2), "l1", "l2")},
    "sigmoid": {"scipy": each(scipy.special.expit)},
    "softplus": {"scipy": each(lambda z: -scipy.special.log_expit(-np.asarray(z)))},
    "softmax": {"scipy": each(lambda z: scipy.special.softmax(z, axis=-1))},
    "log_softmax": {"scipy": each(lambda z: scipy.special.log_softmax(z, axis=-1))},
    "logsumexp": {"scipy": each(lambda z: scipy.special.logsumexp(z, axis=-1))},
}


def _sum_outputs(values: Any) -> Any:
    values = np.asarray(values)
    return values if values.ndim < 2 else values.sum(-1)


def _smooth_l1(y: Any, p: Any, beta: float) -> Any:
    return None if beta == 0.0 else np.asarray(optax.huber_loss(np.asarray(p), np.asarray(y), delta=beta)) / beta


def _iou_loss(true: Any, pred: Any, form: str) -> Any:
    iou = rational("iou")(true, pred)
    return -np.log(iou) if form == "log" else 1.0 - iou


JAX: dict[str, Callable[..., Any]] = {
    "mse": lambda y, p: optax.squared_error(p, y),
    "huber": lambda y, p, delta=1.0: optax.huber_loss(p, y, delta=delta),
    "log_cosh": lambda y, p: optax.log_cosh(p, y),
    "hinge": lambda y, s: optax.hinge_loss(s, y),
    "perceptron": lambda y, s: optax.losses.perceptron_loss(s, y),
    "kl": lambda p, q: optax.kl_divergence(jax.numpy.log(q), p),
}
"""Losses per sample whose gradient jax takes as a second opinion; called without parameters."""

JAX_LOGITS: dict[str, Callable[..., Any]] = {
    "bce": lambda y, z: optax.sigmoid_binary_cross_entropy(z, y),
    "cross_entropy": lambda y, z: optax.softmax_cross_entropy(z, y),
    "sparse_cross_entropy": lambda y, z: optax.softmax_cross_entropy_with_integer_labels(z, y.astype(int)),
    "pixel_cross_entropy": lambda y, z: optax.softmax_cross_entropy_with_integer_labels(z, y.astype(int)),
    "focal": lambda y, z: optax.sigmoid_focal_loss(z, y, alpha=0.25, gamma=2.0),
}
"""The same from logits, called with from_logits=True and no other parameter."""


def jax_gradient(name: str, arguments: list[Any], reduction: str | None, parameters: dict[str, Any]) -> Any:
    """jax.grad of the reduced loss in the last argument, or None if optax has no such loss."""
    formula = JAX.get(name) if not parameters else JAX_LOGITS.get(name) if parameters == {"from_logits": True} else None
    if formula is None:
        return None
    *fixed, last = (jax.numpy.asarray(np.asarray(argument, dtype=np.float64)) for argument in arguments)

    def reduced(prediction: Any) -> Any:
        values = formula(*fixed, prediction)
        return values.mean() if reduction == "mean" else values.sum()

    return np.asarray(jax.grad(reduced)(last))
