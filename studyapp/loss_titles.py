"""Titles of the reference losses in the language of the app, and the names by which they are found in any."""

from __future__ import annotations

from studyapp.locale.catalogue import ENGLISH, languages
from studyapp.locale.message import Message, current_language
from studyapp.losses import Loss, LossError, get, names

_TITLES = {
    "mse": Message("Mean squared error"),
    "quadratic_cost": Message("Quadratic cost"),
    "mae": Message("Mean absolute error"),
    "mbe": Message("Mean bias error"),
    "huber": Message("Huber loss"),
    "smooth_l1": Message("Smooth L1 loss"),
    "log_cosh": Message("Log-cosh loss"),
    "quantile": Message("Quantile loss"),
    "zero_one": Message("0-1 loss"),
    "bce": Message("Binary cross-entropy"),
    "balanced_bce": Message("Balanced binary cross-entropy"),
    "cross_entropy": Message("Cross-entropy"),
    "sparse_cross_entropy": Message("Sparse cross-entropy"),
    "nll": Message("Negative log-likelihood"),
    "focal": Message("Focal loss"),
    "softmax_focal": Message("Softmax focal loss"),
    "hinge": Message("Hinge loss"),
    "squared_hinge": Message("Squared hinge loss"),
    "multiclass_hinge": Message("Multi-class hinge loss"),
    "perceptron": Message("Perceptron loss"),
    "logistic": Message("Logistic loss"),
    "exponential": Message("Exponential loss"),
    "self_information": Message("Self-information"),
    "entropy": Message("Entropy"),
    "cross_entropy_of": Message("Cross-entropy of two distributions"),
    "kl": Message("Kullback-Leibler divergence"),
    "js": Message("Jensen-Shannon divergence"),
    "joint_entropy": Message("Joint entropy"),
    "conditional_entropy": Message("Conditional entropy"),
    "mutual_information": Message("Mutual information"),
    "lovasz_hinge": Message("Lovász hinge"),
    "lovasz_softmax": Message("Lovász-softmax"),
    "pixel_cross_entropy": Message("Pixel cross-entropy"),
    "soft_iou": Message("Soft IoU loss"),
    "dice": Message("Dice loss"),
    "tversky": Message("Tversky loss"),
    "focal_tversky": Message("Focal Tversky loss"),
    "box_iou": Message("Box IoU"),
    "giou": Message("Generalised IoU"),
    "diou": Message("Distance IoU"),
    "ciou": Message("Complete IoU"),
    "iou_loss": Message("IoU loss"),
    "giou_loss": Message("GIoU loss"),
    "diou_loss": Message("DIoU loss"),
    "ciou_loss": Message("CIoU loss"),
    "mean_iou": Message("Mean IoU"),
    "triplet": Message("Triplet loss"),
    "sum_hinge": Message("Sum hinge loss"),
    "max_hinge": Message("Max hinge loss"),
    "info_nce": Message("InfoNCE"),
    "l1_penalty": Message("L1 penalty"),
    "l2_penalty": Message("L2 penalty"),
    "elastic_net": Message("Elastic-net penalty"),
    "sigmoid": Message("Sigmoid"),
    "softplus": Message("Softplus"),
    "softmax": Message("Softmax"),
    "log_softmax": Message("Log-softmax"),
    "logsumexp": Message("Log-sum-exp"),
}
_FAMILIES = {
    "regression": Message("regression"),
    "classification": Message("classification"),
    "information": Message("information"),
    "segmentation": Message("segmentation"),
    "detection": Message("detection"),
    "retrieval": Message("retrieval"),
    "regularisation": Message("regularisation"),
    "activations": Message("activations"),
}
_NO_LOSS = Message("there is no loss called {name}")

_OTHER_NAMES = {
    "mse": ("均方误差损失", "平方损失", "L2 损失"),
    "mae": ("平均绝对误差损失", "绝对值损失", "L1 损失"),
    "bce": ("二分类交叉熵", "对数损失"),
    "cross_entropy": ("交叉熵损失", "多分类交叉熵"),
    "logistic": ("对率损失", "逻辑回归损失"),
    "hinge": ("合页", "铰链损失", "hinge 损失"),
    "exponential": ("AdaBoost 损失",),
    "kl": ("KL 散度", "相对熵"),
    "js": ("JS 散度",),
    "entropy": ("信息熵", "香农熵"),
    "self_information": ("信息量",),
    "box_iou": ("交并比",),
    "quantile": ("弹球损失", "分位损失"),
    "info_nce": ("对比损失",),
    "dice": ("Dice 系数损失",),
    "l1_penalty": ("L1 正则化",),
    "l2_penalty": ("L2 正则化", "权重衰减"),
}
"""What Chinese books call a loss beside its title; found whatever the language of the app."""


def loss_title(loss: Loss) -> str:
    """The title of a loss in the current language; one without a message here has its own."""
    return str(_TITLES.get(loss.name, loss.title))


def loss_family(loss: Loss) -> str:
    """The family of a loss in the current language."""
    return str(_FAMILIES.get(loss.family, loss.family))


def search_words(loss: Loss) -> str:
    """All that a loss is called, in every language, for lists that are searched by typing."""
    titles = [_TITLES[loss.name].to(language) for language in languages()] if loss.name in _TITLES else [loss.title]
    return " ".join((loss.name, *titles, *loss.aliases, *_OTHER_NAMES.get(loss.name, ())))


def find_loss(name: str) -> Loss:
    """The loss of a name as `get` knows it, or of a title or other name in any language.

    Raises:
        LossError: as `get`.
    """
    try:
        return get(name)
    except LossError:
        wanted = _folded(name)
        for known in names():
            loss = get(known)
            titles = [_TITLES[known].to(language) for language in languages()] if known in _TITLES else []
            if wanted and wanted in map(_folded, (*titles, *_OTHER_NAMES.get(known, ()))):
                return loss
        if current_language() == ENGLISH:
            raise
    raise LossError(_NO_LOSS(name=name))


def _folded(name: str) -> str:
    return "".join(name.casefold().split())
