"""Losses with one parameter worth seeing: what to draw beside the verdict on a card about one of them."""

from __future__ import annotations

from studyapp.locale.message import Message

_CROSS_ENTROPY = Message("Cross-entropy over p of the true class")

FAMILIES: dict[str, tuple[Message, str]] = {
    "focal": (Message("Focal loss (α = 0.5) over p, y = 1"), "gamma=0,1,2,5 alpha=0.5"),
    "balanced_bce": (Message("Balanced cross-entropy over p, y = 1"), "alpha=0.25,0.5,0.75"),
    "cross_entropy": (_CROSS_ENTROPY, "label_smoothing=0,0.1,0.3"),
    "sparse_cross_entropy": (_CROSS_ENTROPY, "label_smoothing=0,0.1,0.3"),
    "huber": (Message("Huber loss over ŷ, y = 0"), "delta=0.5,1,2"),
    "smooth_l1": (Message("Smooth L1 over ŷ, y = 0"), "beta=0.5,1,2"),
    "quantile": (Message("Quantile loss over ŷ, y = 0"), "q=0.1,0.5,0.9"),
    "hinge": (Message("Hinge loss over the score, y = +1"), "margin=0.5,1,2"),
}
"""For each loss what the plot is called, and the values of its parameters that are laid over each other."""

COMPARISONS: tuple[tuple[Message, str, str], ...] = (
    (Message("Focal loss at gamma 0, 1, 2, 5"), "focal", "gamma=0,1,2,5 alpha=0.5"),
    (Message("Squared, absolute and Huber loss"), "mse, mae, huber", ""),
    (Message("Margin losses: hinge, logistic, exponential, 0-1"), "hinge, logistic, exponential, zero_one", ""),
    (Message("Cross-entropy and squared error of a probability"), "bce, mse", ""),
    (Message("Huber loss at delta 0.5, 1, 2"), "huber", "delta=0.5,1,2"),
    (Message("Quantile loss at 0.1, 0.5, 0.9"), "quantile", "q=0.1,0.5,0.9"),
)
"""Comparisons worth a look: title, losses, parameters."""


def comparison(loss: str) -> tuple[str, str] | None:
    """Losses and parameters to lay over a loss: values of its own parameter, or else its usual rivals."""
    if loss in FAMILIES:
        return loss, FAMILIES[loss][1]
    for _, losses, parameters in COMPARISONS:
        if loss in losses.split(", "):
            return losses, parameters
    return None
