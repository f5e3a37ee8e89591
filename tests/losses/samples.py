"""Parameters and random arguments for tests that run over all losses, drawn from the losses' own cards."""

from __future__ import annotations

from typing import Any

import numpy as np

from studyapp import losses
from studyapp.losses import Loss

LENGTHS = {"C": 3, "D": 4, "K": 3, "N": 3, "X": 2, "Y": 3, "4": 4}
LOGITS = {"from_logits": True}

VARIANTS: dict[str, list[dict[str, Any]]] = {
    "huber": [{"delta": 0.5}, {"delta": 3.0}],
    "smooth_l1": [{"beta": 0.5}, {"beta": 0.0}],
    "quantile": [{"q": 0.9}],
    "bce": [LOGITS, {"pos_weight": 3.0}, {"pos_weight": 3.0, **LOGITS}, {"eps": 0.1}, {"sample_weight": 0.5}],
    "balanced_bce": [{"alpha": 0.2}, {"alpha": 0.2, **LOGITS}],
    "cross_entropy": [LOGITS, {"weight": [1, 2, 3], "label_smoothing": 0.1}, {"weight": [1, 2, 3], **LOGITS}],
    "sparse_cross_entropy": [
        LOGITS,
        {"weight": [1, 2, 3], "label_smoothing": 0.1},
        {"ignore_index": 1},
        {"ignore_index": 1, "weight": [1, 2, 3], "label_smoothing": 0.2, **LOGITS},
    ],
    "nll": [{"weight": [1, 2, 3]}, {"ignore_index": 0}],
    "hinge": [{"margin": 0.5}],
    "multiclass_hinge": [{"variant": "weston_watkins"}, {"margin": 0.3}],
    "logistic": [{"base": 2}],
    "focal": [LOGITS, {"gamma": 0.5, "alpha": None}, {"gamma": 0.5, **LOGITS}, {"gamma": 0.0}],
    "softmax_focal": [
        LOGITS,
        {"gamma": 0.5, "alpha": [1, 2, 3]},
        {"gamma": 0.5, "alpha": 2.0, **LOGITS},
        {"gamma": 0.0},
    ],
    **{name: [{"base": 2}] for name in losses.names("information")},
    "conditional_entropy": [{"base": 2}, {"given": "y"}],
    "soft_iou": [{"smooth": 1.0}, {"axis": -1}],
    "dice": [{"smooth": 1.0}, {"squared": True, "axis": 0}],
    "tversky": [{"alpha": 0.3, "beta": 0.9}, {"smooth": 1.0, "axis": (0, 1)}],
    "focal_tversky": [{"gamma": 0.5, "alpha": 0.2}, {"gamma": 2.0, "smooth": 0.5, "axis": -1}],
    "lovasz_hinge": [{"axis": -1}],
    "lovasz_softmax": [{"classes": "all"}, {"classes": [0, 2]}, {"axis": -1}],
    "pixel_cross_entropy": [LOGITS, {"ignore_index": 1, "weight": [1, 2, 3], **LOGITS}],
    "iou_loss": [{"form": "log"}],
    "triplet": [{"p": 1}, {"p": 3}, {"squared": True}, {"wrt": "positive", "p": 1.5}, {"wrt": "negative"}],
    "sum_hinge": [{"margin": 1.0}],
    "max_hinge": [{"margin": 1.0}],
    "info_nce": [{"temperature": 1.0}, {"wrt": "keys", "temperature": 0.5}],
    "l1_penalty": [{"strength": 0.1}],
    "l2_penalty": [{"strength": 0.1}],
    "elastic_net": [{"l1": 0.1, "l2": 0.5}],
}
GRADIENT_ONLY = ("wrt", "hold_alpha")
CALLS = [(name, parameters) for name in losses.names() for parameters in [{}, *VARIANTS.get(name, [])]]
"""Every loss with its defaults and with each of its variants."""


def identify(call: tuple[str, dict[str, Any]]) -> str:
    name, parameters = call
    return f"{name}({', '.join(f'{key}={value}' for key, value in parameters.items())})"


def of_value(parameters: dict[str, Any]) -> dict[str, Any]:
    """Without the parameters that only the gradient takes."""
    return {key: value for key, value in parameters.items() if key not in GRADIENT_ONLY}


def shape_of(loss: Loss, name: str, batch: tuple[int, ...], *, logits: bool = False) -> tuple[int, ...]:
    trailing = (loss.logit_domain if logits else loss.domain)[name].trailing
    return (*batch, *(LENGTHS[axis] for axis in trailing))


def draw(
    loss: Loss,
    random: np.random.Generator,
    parameters: dict[str, Any],
    batch: tuple[int, ...] = (2, 3),
    away_from_kinks: float = 1e-3,
) -> list[Any]:
    """Valid arguments with these batch axes, at which the loss has a derivative."""
    logits = parameters.get("from_logits", False)
    domain = loss.logit_domain if logits else loss.domain
    while True:
        arguments = [entry.sample(random, shape_of(loss, name, batch, logits=logits)) for name, entry in domain.items()]
        if parameters.get("form") == "log" and np.any(losses.box_iou(*arguments) < 0.01):
            arguments[1] = arguments[0] + random.uniform(0.0, 0.2, size=arguments[0].shape) * [-1, -1, 1, 1]
        if "ignore_index" in parameters:
            arguments[0].flat[0] = 2 - parameters["ignore_index"]
        if loss.kink_distance(*arguments, **of_value(parameters)) > away_from_kinks:
            return arguments


def place_of_gradient(loss: Loss, parameters: dict[str, Any]) -> int:
    """Which argument the gradient is taken in."""
    if "wrt" in parameters:
        return list(loss.domain).index(parameters["wrt"])
    return 0 if loss.name in ("triplet", "info_nce") else len(loss.domain) - 1
