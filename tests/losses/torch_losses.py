"""Every loss in PyTorch: its own function where it has one, else a plain composition of its operations.

`LOSSES[name](arguments, reduction, parameters)` takes float64 tensors in this package's argument order. Autograd of
these is the gradient oracle, and they are what the benchmark runs beside the reference losses.

Coinciding edges of boxes go through torch.minimum and torch.maximum, whose gradient at a tie is one half each.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F

Parameters = dict[str, Any]


def reduce(values: torch.Tensor, reduction: str) -> torch.Tensor:
    return values if reduction == "none" else values.sum() if reduction == "sum" else values.mean()


def nats(parameters: Parameters) -> float:
    base = parameters.get("base")
    return 1.0 if base is None else math.log(base)


def elementwise(formula: Callable[..., torch.Tensor]) -> Callable[..., torch.Tensor]:
    """From one value a sample to a reduced loss."""

    def run(
        arguments: list[torch.Tensor], reduction: str = "mean", parameters: Parameters | None = None
    ) -> torch.Tensor:
        return reduce(formula(*arguments, **(parameters or {})), reduction)

    return run


def whole(formula: Callable[..., torch.Tensor]) -> Callable[..., torch.Tensor]:
    """Functions without a reduction."""

    def run(
        arguments: list[torch.Tensor], reduction: str | None = None, parameters: Parameters | None = None
    ) -> torch.Tensor:
        return formula(*arguments, **(parameters or {}))

    return run


def native(formula: Callable[..., torch.Tensor]) -> Callable[..., torch.Tensor]:
    """Functions of torch that reduce themselves."""

    def run(
        arguments: list[torch.Tensor], reduction: str = "mean", parameters: Parameters | None = None
    ) -> torch.Tensor:
        return formula(*arguments, reduction=reduction, **(parameters or {}))

    return run


# ------------------------------------------------------------------ regression


def quadratic_cost(y: torch.Tensor, a: torch.Tensor) -> torch.Tensor:
    cost = 0.5 * (a - y) ** 2
    return cost if cost.ndim < 2 else cost.sum(-1)


def log_cosh(y: torch.Tensor, p: torch.Tensor) -> torch.Tensor:
    error = p - y
    return error + F.softplus(-2.0 * error) - math.log(2.0)


def quantile(y: torch.Tensor, p: torch.Tensor, q: float = 0.5) -> torch.Tensor:
    e = y - p
    return torch.maximum(q * e, (q - 1.0) * e)


def huber(y: torch.Tensor, p: torch.Tensor, reduction: str, delta: float = 1.0) -> torch.Tensor:
    return F.huber_loss(p, y, reduction=reduction, delta=delta)


def smooth_l1(y: torch.Tensor, p: torch.Tensor, reduction: str, beta: float = 1.0) -> torch.Tensor:
    return F.smooth_l1_loss(p, y, reduction=reduction, beta=beta)


# ------------------------------------------------------------------ two classes


def bce(
    y: torch.Tensor,
    p: torch.Tensor,
    reduction: str,
    from_logits: bool = False,
    pos_weight: Any = None,
    sample_weight: Any = None,
    eps: float | None = None,
) -> torch.Tensor:
    weight = None if sample_weight is None else torch.as_tensor(sample_weight, dtype=torch.float64)
    if from_logits:
        positive = None if pos_weight is None else torch.as_tensor(pos_weight, dtype=torch.float64)
        return F.binary_cross_entropy_with_logits(p, y, weight=weight, pos_weight=positive, reduction=reduction)
    if eps is not None:
        p = p.clamp(eps, 1.0 - eps)
    if pos_weight is not None:  # torch has it for logits alone
        positive = torch.as_tensor(pos_weight, dtype=torch.float64)
        return reduce(-(positive * torch.xlogy(y, p) + torch.special.xlog1py(1.0 - y, -p)), reduction)
    return F.binary_cross_entropy(p, y, weight=weight, reduction=reduction)


def balanced_bce(
    y: torch.Tensor, p: torch.Tensor, reduction: str, alpha: float = 0.5, from_logits: bool = False
) -> torch.Tensor:
    weight = alpha * y + (1.0 - alpha) * (1.0 - y)
    form = F.binary_cross_entropy_with_logits if from_logits else F.binary_cross_entropy
    return form(p, y, weight=weight, reduction=reduction)


def focal(
    y: torch.Tensor, p: torch.Tensor, alpha: float | None = 0.25, gamma: float = 2.0, from_logits: bool = False
) -> torch.Tensor:
    if from_logits:
        ce, p = F.binary_cross_entropy_with_logits(p, y, reduction="none"), torch.sigmoid(p)
    else:
        ce = F.binary_cross_entropy(p, y, reduction="none")
    p_t = p * y + (1.0 - p) * (1.0 - y)
    value = ce * (1.0 - p_t) ** gamma
    return value if alpha is None else (alpha * y + (1.0 - alpha) * (1.0 - y)) * value


# ------------------------------------------------------------------ margins


def multiclass_hinge(
    y: torch.Tensor, s: torch.Tensor, margin: float = 1.0, variant: str = "crammer_singer"
) -> torch.Tensor:
    labels = y.long()
    if variant == "weston_watkins":
        rows = s.reshape(-1, s.shape[-1])
        per_row = F.multi_margin_loss(rows, labels.reshape(-1), margin=margin, reduction="none") * s.shape[-1]
        return per_row.reshape(y.shape)
    own = s.gather(-1, labels[..., None])
    rivals = s.masked_fill(F.one_hot(labels, s.shape[-1]).bool(), -math.inf)
    return F.relu(margin + rivals.amax(-1) - own[..., 0])


# ------------------------------------------------------------------ rows of classes


def cross_entropy(
    y: torch.Tensor,
    p: torch.Tensor,
    reduction: str,
    from_logits: bool = False,
    weight: Any = None,
    label_smoothing: float = 0.0,
) -> torch.Tensor:
    if weight is None:
        logits = p if from_logits else p.log()
        if from_logits:
            return _rows(F.cross_entropy, logits, y, reduction, label_smoothing=label_smoothing)
        # log p is not renormalised here: F.cross_entropy would apply log_softmax and change the partial derivatives
        q = (1.0 - label_smoothing) * y + label_smoothing / y.shape[-1]
        return reduce(-(q * logits).sum(-1), reduction)
    w = torch.as_tensor(weight, dtype=torch.float64)
    q = (1.0 - label_smoothing) * y + label_smoothing / y.shape[-1]
    log_p = F.log_softmax(p, -1) if from_logits else p.log()
    values = -(w * q * log_p).sum(-1)
    return values.sum() / (y * w).sum() if reduction == "mean" else reduce(values, reduction)


def _rows(form: Any, rows: torch.Tensor, target: torch.Tensor, reduction: str, **parameters: Any) -> torch.Tensor:
    """Class axis last, any batch shape, for functions that want (N, C)."""
    flat = form(
        rows.reshape(-1, rows.shape[-1]),
        target.reshape(-1, *target.shape[rows.ndim - 1 :]),
        reduction=reduction,
        **parameters,
    )
    return flat.reshape(rows.shape[:-1]) if reduction == "none" else flat


def sparse_cross_entropy(
    y: torch.Tensor,
    p: torch.Tensor,
    reduction: str,
    from_logits: bool = False,
    weight: Any = None,
    label_smoothing: float = 0.0,
    ignore_index: int | None = None,
) -> torch.Tensor:
    w = None if weight is None else torch.as_tensor(weight, dtype=torch.float64)
    ignore = -100 if ignore_index is None else ignore_index
    if from_logits:
        return _rows(
            F.cross_entropy, p, y.long(), reduction, weight=w, label_smoothing=label_smoothing, ignore_index=ignore
        )
    if not label_smoothing:
        return _rows(F.nll_loss, p.log(), y.long(), reduction, weight=w, ignore_index=ignore)
    one_hot = F.one_hot(y.long(), p.shape[-1]).double()
    return cross_entropy(
        one_hot, p, reduction, weight=[1.0] * p.shape[-1] if w is None else w, label_smoothing=label_smoothing
    )


def nll(
    y: torch.Tensor, log_p: torch.Tensor, reduction: str, weight: Any = None, ignore_index: int | None = None
) -> torch.Tensor:
    w = None if weight is None else torch.as_tensor(weight, dtype=torch.float64)
    ignore = -100 if ignore_index is None else ignore_index
    return _rows(F.nll_loss, log_p, y.long(), reduction, weight=w, ignore_index=ignore)


def softmax_focal(
    y: torch.Tensor, p: torch.Tensor, alpha: Any = None, gamma: float = 2.0, from_logits: bool = False
) -> torch.Tensor:
    log_p = F.log_softmax(p, -1) if from_logits else p.log()
    log_true = log_p.gather(-1, y.long()[..., None])[..., 0]
    value = -((1.0 - log_true.exp()) ** gamma) * log_true
    if alpha is None:
        return value
    weights = torch.as_tensor(alpha, dtype=torch.float64)
    return value * (weights if weights.ndim == 0 else weights[y.long()])


# ------------------------------------------------------------------ information


def self_information(p: torch.Tensor, **parameters: Any) -> torch.Tensor:
    return -p.log() / nats(parameters)


def entropy(p: torch.Tensor, **parameters: Any) -> torch.Tensor:
    return torch.special.entr(p).sum(-1) / nats(parameters)


def cross_entropy_of(p: torch.Tensor, q: torch.Tensor, **parameters: Any) -> torch.Tensor:
    return -torch.special.xlogy(p, q).sum(-1) / nats(parameters)


def kl(p: torch.Tensor, q: torch.Tensor, **parameters: Any) -> torch.Tensor:
    return F.kl_div(q.log(), p, reduction="none").sum(-1) / nats(parameters)


def js(p: torch.Tensor, q: torch.Tensor, **parameters: Any) -> torch.Tensor:
    m = 0.5 * (p + q)
    to_p = F.kl_div(m.log(), p, reduction="none").sum(-1)
    to_q = torch.xlogy(q, q / m).sum(-1)
    return 0.5 * (to_p + to_q) / nats(parameters)


def joint_entropy(table: torch.Tensor, **parameters: Any) -> torch.Tensor:
    return torch.special.entr(table).sum((-2, -1)) / nats(parameters)


def conditional_entropy(table: torch.Tensor, given: str = "x", **parameters: Any) -> torch.Tensor:
    margin = table.sum(-1 if given == "x" else -2)
    return (torch.special.entr(table).sum((-2, -1)) - torch.special.entr(margin).sum(-1)) / nats(parameters)


def mutual_information(table: torch.Tensor, **parameters: Any) -> torch.Tensor:
    of_x, of_y = torch.special.entr(table.sum(-1)).sum(-1), torch.special.entr(table.sum(-2)).sum(-1)
    return (of_x + of_y - torch.special.entr(table).sum((-2, -1))) / nats(parameters)


# ------------------------------------------------------------------ segmentation


def _axes(mask: torch.Tensor, axis: Any) -> tuple[int, ...]:
    return tuple(range(mask.ndim)) if axis is None else tuple(axis) if isinstance(axis, (list, tuple)) else (axis,)


def soft_iou(g: torch.Tensor, p: torch.Tensor, smooth: float = 0.0, axis: Any = None) -> torch.Tensor:
    axes = _axes(g, axis)
    shared = (p * g).sum(axes)
    return 1.0 - (shared + smooth) / (p.sum(axes) + g.sum(axes) - shared + smooth)


def dice(
    g: torch.Tensor, p: torch.Tensor, smooth: float = 0.0, squared: bool = False, axis: Any = None
) -> torch.Tensor:
    axes = _axes(g, axis)
    total = (p * p).sum(axes) + (g * g).sum(axes) if squared else p.sum(axes) + g.sum(axes)
    return 1.0 - (2.0 * (p * g).sum(axes) + smooth) / (total + smooth)


def tversky(
    g: torch.Tensor, p: torch.Tensor, alpha: float = 0.5, beta: float = 0.5, smooth: float = 0.0, axis: Any = None
) -> torch.Tensor:
    axes = _axes(g, axis)
    hits, fp, fn = (p * g).sum(axes), (p * (1.0 - g)).sum(axes), ((1.0 - p) * g).sum(axes)
    return 1.0 - (hits + smooth) / (hits + alpha * fp + beta * fn + smooth)


def focal_tversky(g: torch.Tensor, p: torch.Tensor, gamma: float = 4 / 3, **parameters: Any) -> torch.Tensor:
    return tversky(g, p, **parameters) ** (1.0 / gamma)


def lovasz_steps(truth: torch.Tensor) -> torch.Tensor:
    """The gradient of the Jaccard loss along one sorted mask, as in the code published with the paper."""
    total = truth.sum()
    jaccard = 1.0 - (total - truth.cumsum(0)) / (total + (1.0 - truth).cumsum(0))
    return torch.cat([jaccard[:1], jaccard[1:] - jaccard[:-1]])


def lovasz_hinge(g: torch.Tensor, s: torch.Tensor, axis: Any = None) -> torch.Tensor:
    if axis is not None:
        return torch.stack([lovasz_hinge(one, two) for one, two in zip(g, s, strict=True)])
    errors, order = torch.sort((1.0 - (2.0 * g - 1.0) * s).reshape(-1), descending=True, stable=True)
    return F.relu(errors) @ lovasz_steps(g.reshape(-1)[order])


def lovasz_softmax(y: torch.Tensor, p: torch.Tensor, classes: Any = "present", axis: Any = None) -> torch.Tensor:
    if axis is not None:
        return torch.stack([lovasz_softmax(one, two, classes) for one, two in zip(y, p, strict=True)])
    parts = []
    for c in range(p.shape[-1]) if isinstance(classes, str) else classes:
        truth = (y == c).double().reshape(-1)
        if classes == "present" and truth.sum() == 0:
            continue
        errors, order = torch.sort((truth - p[..., c].reshape(-1)).abs(), descending=True, stable=True)
        parts.append(errors @ lovasz_steps(truth[order]))
    return torch.stack(parts).mean() if parts else p.sum() * 0.0


def pixel_cross_entropy(y: torch.Tensor, p: torch.Tensor, reduction: str, **parameters: Any) -> torch.Tensor:
    return sparse_cross_entropy(y, p, reduction, **parameters)


# ------------------------------------------------------------------ boxes


def _overlap(true: torch.Tensor, pred: torch.Tensor) -> tuple[torch.Tensor, ...]:
    low, high = torch.maximum(true[..., :2], pred[..., :2]), torch.minimum(true[..., 2:], pred[..., 2:])
    sides = torch.maximum(high - low, torch.zeros_like(high))
    hull = torch.maximum(true[..., 2:], pred[..., 2:]) - torch.minimum(true[..., :2], pred[..., :2])
    shared = sides[..., 0] * sides[..., 1]
    size = pred[..., 2:] - pred[..., :2]
    size_true = true[..., 2:] - true[..., :2]
    union = size[..., 0] * size[..., 1] + size_true[..., 0] * size_true[..., 1] - shared
    return shared / union, union, hull, size, size_true


def box_iou(true: torch.Tensor, pred: torch.Tensor) -> torch.Tensor:
    return _overlap(true, pred)[0]


def giou(true: torch.Tensor, pred: torch.Tensor) -> torch.Tensor:
    iou, union, hull, _, _ = _overlap(true, pred)
    area = hull[..., 0] * hull[..., 1]
    return iou - (area - union) / area


def diou(true: torch.Tensor, pred: torch.Tensor) -> torch.Tensor:
    iou, _, hull, _, _ = _overlap(true, pred)
    shift = (pred[..., :2] + pred[..., 2:] - true[..., :2] - true[..., 2:]) / 2.0
    return iou - (shift**2).sum(-1) / (hull**2).sum(-1)


def ciou(true: torch.Tensor, pred: torch.Tensor, hold_alpha: bool = False) -> torch.Tensor:
    iou, _, _, size, size_true = _overlap(true, pred)
    angle, angle_true = torch.atan2(size[..., 0], size[..., 1]), torch.atan2(size_true[..., 0], size_true[..., 1])
    v = 4.0 / math.pi**2 * (angle_true - angle) ** 2
    alpha = v / (1.0 - iou + v)
    return diou(true, pred) - (alpha.detach() if hold_alpha else alpha) * v


def iou_loss(true: torch.Tensor, pred: torch.Tensor, form: str = "linear") -> torch.Tensor:
    iou = box_iou(true, pred)
    return -iou.log() if form == "log" else 1.0 - iou


def mean_iou(y: torch.Tensor, p: torch.Tensor, num_classes: int | None = None, absent: str = "skip") -> torch.Tensor:
    y, p = y.long().reshape(-1), p.long().reshape(-1)
    count = int(torch.maximum(y.max(), p.max())) + 1 if num_classes is None else num_classes
    table = torch.bincount(y * count + p, minlength=count * count).reshape(count, count).double()
    hits = table.diagonal()
    union = table.sum(0) + table.sum(1) - hits
    per_class = hits / union.clamp(min=1.0)
    return per_class.mean() if absent == "zero" else per_class[union > 0].mean()


# ------------------------------------------------------------------ retrieval


def triplet(
    anchor: torch.Tensor,
    positive: torch.Tensor,
    negative: torch.Tensor,
    margin: float = 1.0,
    p: float = 2.0,
    squared: bool = False,
    wrt: str = "anchor",
) -> torch.Tensor:
    near = torch.linalg.vector_norm(anchor - positive, ord=p, dim=-1)
    far = torch.linalg.vector_norm(anchor - negative, ord=p, dim=-1)
    return F.relu(near**2 - far**2 + margin) if squared else F.relu(near - far + margin)


def _hinges(s: torch.Tensor, margin: float) -> tuple[torch.Tensor, torch.Tensor]:
    diagonal = s.diagonal(dim1=-2, dim2=-1)
    own = torch.eye(s.shape[-1], dtype=torch.bool)
    rows = F.relu(margin + s - diagonal[..., :, None]).masked_fill(own, 0.0)
    columns = F.relu(margin + s - diagonal[..., None, :]).masked_fill(own, 0.0)
    return rows, columns


def sum_hinge(s: torch.Tensor, margin: float = 0.2) -> torch.Tensor:
    rows, columns = _hinges(s, margin)
    return (rows + columns).sum((-2, -1))


def max_hinge(s: torch.Tensor, margin: float = 0.2) -> torch.Tensor:
    rows, columns = _hinges(s, margin)
    return rows.max(-1).values.sum(-1) + columns.max(-2).values.sum(-1)


def info_nce(
    query: torch.Tensor,
    keys: torch.Tensor,
    positive: torch.Tensor | None = None,
    reduction: str = "mean",
    temperature: float = 0.07,
    wrt: str = "query",
) -> torch.Tensor:
    logits = query @ keys.T if keys.ndim == 2 else (keys @ query[..., None])[..., 0]
    place = torch.zeros(logits.shape[:-1]) if positive is None else positive
    place = place.long().expand(logits.shape[:-1])
    return _rows(F.cross_entropy, logits / temperature, place, reduction)


# ------------------------------------------------------------------ all


def _row_jacobian_free(formula: Callable[..., torch.Tensor]) -> Callable[..., torch.Tensor]:
    return whole(lambda z: formula(z, dim=-1))


LOSSES: dict[str, Callable[..., torch.Tensor]] = {
    "mse": native(lambda y, p, reduction: F.mse_loss(p, y, reduction=reduction)),
    "quadratic_cost": elementwise(quadratic_cost),
    "mae": native(lambda y, p, reduction: F.l1_loss(p, y, reduction=reduction)),
    "mbe": elementwise(lambda y, p: p - y),
    "huber": native(huber),
    "smooth_l1": native(smooth_l1),
    "log_cosh": elementwise(log_cosh),
    "quantile": elementwise(quantile),
    "zero_one": elementwise(lambda y, p: (y != p).double()),
    "bce": native(bce),
    "balanced_bce": native(balanced_bce),
    "cross_entropy": native(cross_entropy),
    "sparse_cross_entropy": native(sparse_cross_entropy),
    "nll": native(nll),
    "hinge": elementwise(lambda y, s, margin=1.0: F.relu(margin - y * s)),
    "squared_hinge": elementwise(lambda y, s: F.relu(1.0 - y * s) ** 2),
    "multiclass_hinge": elementwise(multiclass_hinge),
    "perceptron": elementwise(lambda y, s: F.relu(-y * s)),
    "logistic": elementwise(lambda y, s, **parameters: F.soft_margin_loss(s, y, reduction="none") / nats(parameters)),
    "exponential": elementwise(lambda y, s: torch.exp(-y * s)),
    "focal": elementwise(focal),
    "softmax_focal": elementwise(softmax_focal),
    "self_information": elementwise(self_information),
    "entropy": elementwise(entropy),
    "cross_entropy_of": elementwise(cross_entropy_of),
    "kl": elementwise(kl),
    "js": elementwise(js),
    "joint_entropy": elementwise(joint_entropy),
    "conditional_entropy": elementwise(conditional_entropy),
    "mutual_information": elementwise(mutual_information),
    "soft_iou": elementwise(soft_iou),
    "dice": elementwise(dice),
    "tversky": elementwise(tversky),
    "focal_tversky": elementwise(focal_tversky),
    "lovasz_hinge": elementwise(lovasz_hinge),
    "lovasz_softmax": elementwise(lovasz_softmax),
    "pixel_cross_entropy": native(pixel_cross_entropy),
    "box_iou": whole(box_iou),
    "giou": whole(giou),
    "diou": whole(diou),
    "ciou": whole(ciou),
    "mean_iou": whole(mean_iou),
    "iou_loss": elementwise(iou_loss),
    "giou_loss": elementwise(lambda true, pred: 1.0 - giou(true, pred)),
    "diou_loss": elementwise(lambda true, pred: 1.0 - diou(true, pred)),
    "ciou_loss": elementwise(lambda true, pred, hold_alpha=False: 1.0 - ciou(true, pred, hold_alpha)),
    "triplet": elementwise(triplet),
    "sum_hinge": elementwise(sum_hinge),
    "max_hinge": elementwise(max_hinge),
    "info_nce": native(info_nce),
    "l1_penalty": whole(lambda w, strength=1.0: strength * w.abs().sum()),
    "l2_penalty": whole(lambda w, strength=1.0: strength * (w * w).sum()),
    "elastic_net": whole(lambda w, l1=1.0, l2=1.0: l1 * w.abs().sum() + l2 * (w * w).sum()),
    "sigmoid": whole(torch.sigmoid),
    "softplus": whole(F.softplus),
    "softmax": _row_jacobian_free(torch.softmax),
    "log_softmax": _row_jacobian_free(torch.log_softmax),
    "logsumexp": _row_jacobian_free(torch.logsumexp),
}


def tensors(arguments: list[Any]) -> list[torch.Tensor]:
    return [torch.as_tensor(argument, dtype=torch.float64).clone() for argument in arguments]


def value(name: str, arguments: list[Any], reduction: str | None, parameters: Parameters) -> Any:
    return LOSSES[name](tensors(arguments), reduction, parameters).detach().numpy()


def gradient(name: str, arguments: list[Any], reduction: str | None, parameters: Parameters, place: int) -> Any:
    """Autograd of the reduced loss (of the sum, for "none" and None) in the argument at `place`."""
    prepared = tensors(arguments)
    prepared[place].requires_grad_()
    result = LOSSES[name](prepared, reduction, parameters)
    result.sum().backward()
    return prepared[place].grad.numpy()  # type: ignore[union-attr]


def jacobian(name: str, arguments: list[Any]) -> Any:
    """∂ output / ∂ input of a row function for a batch of rows (n, C) → (n, C, C)."""
    rows = tensors(arguments)[0].reshape(-1, arguments[0].shape[-1])
    one = LOSSES[name]
    parts = [torch.autograd.functional.jacobian(lambda z: one([z], None, {}), row) for row in rows]
    return torch.stack(parts).reshape(*arguments[0].shape, arguments[0].shape[-1]).numpy()
