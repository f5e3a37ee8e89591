"""Where libraries or texts disagree: which convention this module follows, what the others give, and why.

Each entry holds the call, the value here, and the value of another convention, computed by hand beside it.
"""

# ruff: noqa: E501 - a row of a table reads best on one line

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

from studyapp import losses

LN2 = np.log(2.0)


def ciou_of_height(height: float) -> float:
    """CIoU of the box (0, 0, 2, 2) and one of the same width and corner, of this smaller height."""
    v = 4 / np.pi**2 * (np.pi / 4 - np.arctan(2 / height)) ** 2
    return height / 2 - (1 - height / 2) ** 2 / 8 - v**2 / (1 - height / 2 + v)


class Convention(NamedTuple):
    here: Callable[[], Any]
    value: Any
    elsewhere: Any
    reason: str


CONVENTIONS = {
    "mse has no factor one half": Convention(
        lambda: losses.mse([0.0], [3.0]), 9.0, 4.5, "optax l2_loss and scikit-learn's HalfSquaredError carry ½"
    ),
    "quadratic cost counts samples, not numbers": Convention(
        lambda: losses.quadratic_cost([[0.0, 0.0]], [[1.0, 3.0]]), 5.0, 2.5, "C = 1/(2n) Σ‖a - y‖², n samples"
    ),
    "mean bias error is prediction minus truth": Convention(
        lambda: losses.mbe([1.0], [3.0]), 2.0, -2.0, "positive then means predictions too high"
    ),
    "huber is not smooth L1": Convention(
        lambda: losses.huber([0.0], [3.0], delta=2), 4.0, 2.0, "Huber carries delta; Fast R-CNN's loss is divided by it"
    ),
    "quantile loss at one half is half of MAE": Convention(
        lambda: losses.quantile([0.0], [3.0], q=0.5), 1.5, 3.0, "same minimiser, half the value"
    ),
    "bce is exact at probability 0": Convention(
        lambda: losses.bce([1.0], [0.0]), np.inf, 100.0, "torch clamps ln p at -100; every library clips elsewhere"
    ),
    "bce clips only when asked, as keras does at 1e-7": Convention(
        lambda: losses.bce([1.0], [0.0], eps=1e-7), -np.log(1e-7), np.inf, "16.118 in keras"
    ),
    "bce clips only when asked, as scikit-learn does at float64's eps": Convention(
        lambda: losses.bce([1.0], [0.0], eps=2.0**-52), 52 * LN2, np.inf, "36.04 in scikit-learn"
    ),
    "the gradient of bce at a certain and right prediction": Convention(
        lambda: losses.bce.grad([1.0], [1.0]), np.array([-1.0]), np.array([0.0]), "-1/p at p = 1; torch returns 0"
    ),
    "a weighted bce divides by the number of samples": Convention(
        lambda: losses.bce([1.0, 1.0], [0.5, 0.5], sample_weight=[3.0, 1.0]), 2 * LN2, LN2, "torch; scikit-learn divides by Σw"
    ),
    "a class-weighted cross-entropy divides by the sum of the weights": Convention(
        lambda: losses.sparse_cross_entropy([0, 1], [[0.5, 0.5], [0.5, 0.5]], weight=[1.0, 3.0]),
        LN2,
        2 * LN2,
        "torch with class numbers; with probability targets torch divides by N",
    ),
    "and one-hot labels follow the class numbers": Convention(
        lambda: losses.cross_entropy([[1, 0], [0, 1]], [[0.5, 0.5], [0.5, 0.5]], weight=[1.0, 3.0]),
        LN2,
        2 * LN2,
        "the same data must not cost differently in another notation",
    ),
    "label smoothing spreads epsilon over all classes": Convention(
        lambda: losses.cross_entropy([[1, 0, 0]], [[0.5, 0.25, 0.25]], label_smoothing=0.3),
        0.8 * LN2 + 0.2 * 2 * LN2,
        0.7 * LN2 + 0.3 * 2 * LN2,
        "ε/C as in torch and the paper, not ε/(C - 1) over the others",
    ),
    "Weston-Watkins is a sum": Convention(
        lambda: losses.multiclass_hinge([0], [[1.0, 0.5, 0.8]], variant="weston_watkins"),
        0.5 + 0.8,
        1.3 / 3,
        "torch multi_margin_loss divides by C",
    ),
    "multi-class hinge compares with the true rival": Convention(
        lambda: losses.multiclass_hinge([0], [[-2.0, -5.0, -6.0]]), 0.0, 3.0, "keras categorical_hinge floors it at 0"
    ),
    "the hinge has slope 0 at its kink": Convention(
        lambda: losses.hinge.grad([1.0], [1.0]), np.array([0.0]), np.array([-0.5]), "jax takes the middle"
    ),
    "logistic loss does not overflow": Convention(
        lambda: losses.logistic([-1.0], [1e4]), 1e4, np.inf, "torch soft_margin_loss computes e^(-ys)"
    ),
    "focal's alpha weighs the positives": Convention(
        lambda: losses.focal([1.0], [0.5], alpha=0.25, gamma=0), 0.25 * LN2, 0.75 * LN2, "the paper, optax, MONAI"
    ),
    "softmax focal averages over samples": Convention(
        lambda: losses.softmax_focal([0], [[0.5, 0.25, 0.25]], gamma=0), LN2, LN2 / 3, "kornia and MONAI divide by N·C"
    ),
    "one alpha scales all classes of softmax focal": Convention(
        lambda: losses.softmax_focal([0], [[0.5, 0.5]], gamma=0, alpha=0.25), 0.25 * LN2, 0.75 * LN2, "keras; kornia gives class 0 1 - alpha"
    ),
    "kl averages over distributions": Convention(
        lambda: losses.kl([[1.0, 0.0]] * 2, [[0.5, 0.5]] * 2), LN2, LN2 / 2, "torch's 'batchmean'; its 'mean' divides by C too"
    ),
    "js is the divergence, not its root": Convention(
        lambda: losses.js([1.0, 0.0], [0.0, 1.0]), LN2, np.sqrt(LN2), "SciPy's jensenshannon returns the distance"
    ),
    "two empty masks agree": Convention(
        lambda: losses.dice([0, 0], [0.0, 0.0]), 0.0, 1.0, "MONAI says perfect, keras says worst"
    ),
    "the squared Dice denominator is an option": Convention(
        lambda: losses.dice([1, 0], [0.5, 0.5], squared=True), 1 - 1 / 1.5, 0.5, "V-Net squares, most do not"
    ),
    "tversky's alpha weighs false positives": Convention(
        lambda: losses.tversky([1, 0], [1.0, 1.0], alpha=0.3, beta=0.7), 1 - 1 / 1.3, 1 - 1 / 1.7, "Salehi; keras to 3.15.1 swaps them"
    ),
    "focal Tversky takes the power 1/gamma": Convention(
        lambda: losses.focal_tversky([1, 0], [1.0, 1.0], gamma=2), np.sqrt(1 / 3), (1 / 3) ** 2, "Abraham and Khan; many programs use gamma"
    ),
    "Lovász-softmax averages the classes present": Convention(
        lambda: losses.lovasz_softmax([0, 0], [[0.75, 0.25], [1.0, 0.0]]), 0.125, (0.125 + 0.25) / 2, "Berman's default; kornia takes all"
    ),
    "mean IoU leaves absent classes out": Convention(
        lambda: losses.mean_iou([0, 0, 1, 1], [0, 1, 1, 1], num_classes=3), (1 / 2 + 2 / 3) / 2, (1 / 2 + 2 / 3) / 3, "0/0 is no zero"
    ),
    "mean IoU can count them as 0": Convention(
        lambda: losses.mean_iou([0, 0, 1, 1], [0, 1, 1, 1], num_classes=3, absent="zero"),
        (1 / 2 + 2 / 3) / 3,
        (1 / 2 + 2 / 3) / 2,
        "as scikit-learn does for labels that are listed",
    ),
    "two boxes without area do not overlap": Convention(
        lambda: losses.giou_loss([1, 1, 1, 1], [1, 1, 1, 1]), 1.0, 0.0, "MONAI; torchvision gives NaN"
    ),
    "ciou differentiates alpha": Convention(
        lambda: round(losses.ciou.grad([0, 0, 2, 2], [0, 0, 2, 1])[3], 8),
        round((ciou_of_height(1 + 1e-6) - ciou_of_height(1 - 1e-6)) / 2e-6, 8),
        losses.ciou.grad([0, 0, 2, 2], [0, 0, 2, 1], hold_alpha=True)[3],
        "the true derivative; torchvision holds alpha, here hold_alpha=True",
    ),
    "triplet adds nothing to the distances": Convention(
        lambda: losses.triplet([0.0, 0.0], [0.0, 0.0], [0.3, 0.4], margin=1), 0.5, 0.5000024, "torch adds 1e-6 to differences"
    ),
    "triplet's distances are not squared": Convention(
        lambda: losses.triplet([0.0], [2.0], [1.0], margin=0), 1.0, 3.0, "FaceNet squares: squared=True"
    ),
    "triplet in the 1-norm takes absolute values": Convention(
        lambda: losses.triplet([0.0, 0.0], [1.0, -1.0], [0.0, 2.75], p=1), 0.25, 1.75, "optax forgets them"
    ),
    "sum hinge is a sum over the batch": Convention(
        lambda: losses.sum_hinge(np.zeros((3, 3)), margin=1), 12.0, 12.0 / 9, "VSE sums over all pairs, both ways"
    ),
    "info_nce counts the positive in the denominator": Convention(
        lambda: losses.info_nce([0.0], [[1.0], [1.0]], temperature=1), LN2, 0.0, "a (K+1)-way softmax"
    ),
    "the L2 penalty has no factor one half": Convention(
        lambda: losses.l2_penalty([3.0]), 9.0, 4.5, "keras' L2; torch's weight_decay is the gradient of ½λΣw²"
    ),
    "conditional entropy names the known variable": Convention(
        lambda: losses.conditional_entropy([[0.5, 0.5], [0.0, 0.0]]), LN2, 0.0, "H(Y|X) with x in the rows; given='y' gives H(X|Y)"
    ),
}  # fmt: skip


@pytest.mark.parametrize("convention", CONVENTIONS.values(), ids=CONVENTIONS)
def test_convention(convention: Convention) -> None:
    value = convention.here()
    np.testing.assert_allclose(value, convention.value, rtol=1e-12, atol=1e-15, err_msg=convention.reason)
    assert not np.allclose(value, convention.elsewhere, rtol=1e-6, atol=0), (
        "the two conventions agree here: pick another case"
    )
