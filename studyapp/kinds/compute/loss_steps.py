"""How each reference loss is worked out by hand: short chains of expressions from its arguments to its value.

A chain names the arguments and then one quantity after the other; the last is the value of each sample, or the value
itself. A loss may have several chains, for labels or for parameters that shorten the work: the account of an exercise
takes the first whose last quantity equals the reference, so that none can ever say something else than the reference.
"""

from __future__ import annotations

from typing import NamedTuple


class Chain(NamedTuple):
    """Names for the arguments in order, and the quantities made from them, each with its expression."""

    arguments: tuple[str, ...]
    quantities: tuple[tuple[str, str], ...]


def _chain(arguments: str, *quantities: str) -> Chain:
    """``_chain("y p", "e = p - y", …)``."""
    pairs = [quantity.split(" = ", 1) for quantity in quantities]
    return Chain(tuple(arguments.split()), tuple((name, expression) for name, expression in pairs))


_TRUE_CLASS = "p_t = y*p + (1-y)*(1-p)"
_WEIGHT = "alpha_t = alpha*y + (1-alpha)*(1-y)"
_ERROR = "e = yhat - y"
_MARGIN = "m = y*s"
_OVERLAP = (
    "w = max(0, min(a[2], b[2]) - max(a[0], b[0]))",
    "h = max(0, min(a[3], b[3]) - max(a[1], b[1]))",
    "I = w*h",
    "A = (a[2] - a[0])*(a[3] - a[1])",
    "B = (b[2] - b[0])*(b[3] - b[1])",
    "U = A + B - I",
    "IoU = I/U",
)
_HULL = (
    "W = max(a[2], b[2]) - min(a[0], b[0])",
    "H = max(a[3], b[3]) - min(a[1], b[1])",
)
_GIOU = (*_OVERLAP, *_HULL, "C = W*H", "GIoU = IoU - (C - U)/C")
_CENTRES = (
    *_OVERLAP,
    *_HULL,
    "dx = (a[0] + a[2])/2 - (b[0] + b[2])/2",
    "dy = (a[1] + a[3])/2 - (b[1] + b[3])/2",
    "d2 = dx^2 + dy^2",
    "c2 = W^2 + H^2",
)
_DIOU = (*_CENTRES, "DIoU = IoU - d2/c2")
_CIOU = (
    *_CENTRES,
    "v = 4/pi^2*(atan((a[2] - a[0])/(a[3] - a[1])) - atan((b[2] - b[0])/(b[3] - b[1])))^2",
    "alpha = v/(1 - IoU + v)",
    "CIoU = IoU - d2/c2 - alpha*v",
)
_COUNTS = ("TP = sum(g*p)", "FP = sum((1-g)*p)", "FN = sum(g*(1-p))")
_TVERSKY = (*_COUNTS, "TI = (TP + smooth)/(TP + alpha*FP + beta*FN + smooth)")
_OTHERS = "others = 1 - diag(ones(len(S)))"
_HINGES = (
    _OTHERS,
    "rows = others*relu(margin + transpose(transpose(S) - diag(S)))",
    "columns = others*relu(margin + S - diag(S))",
)

CHAINS: dict[str, tuple[Chain, ...]] = {
    # regression
    "mse": (_chain("y yhat", _ERROR, "loss = e^2"),),
    "mae": (_chain("y yhat", _ERROR, "loss = abs(e)"),),
    "mbe": (_chain("y yhat", "e = yhat - y"),),
    "quadratic_cost": (_chain("y a", "e = a - y", "loss = e^2/2"),),
    "huber": (_chain("y yhat", _ERROR, "loss = where(abs(e) <= delta, e^2/2, delta*(abs(e) - delta/2))"),),
    "smooth_l1": (_chain("y yhat", _ERROR, "loss = where(abs(e) < beta, e^2/(2*beta), abs(e) - beta/2)"),),
    "log_cosh": (_chain("y yhat", _ERROR, "loss = ln(cosh(e))"),),
    "quantile": (_chain("y yhat", "e = y - yhat", "loss = max(q*e, (q - 1)*e)"),),
    # classification by probabilities
    "bce": (
        _chain("y p", _TRUE_CLASS, "loss = -ln(p_t)"),
        _chain("y p", "loss = -(y*ln(p) + (1-y)*ln(1-p))"),
        _chain("y p", _TRUE_CLASS, "w = pos_weight*y + (1-y)", "loss = -w*ln(p_t)"),
        _chain("y p", _TRUE_CLASS, "loss = -sample_weight*ln(p_t)"),
        _chain("y z", "p = sigmoid(z)", _TRUE_CLASS, "loss = -ln(p_t)"),
        _chain("y z", "p = sigmoid(z)", "loss = -(y*ln(p) + (1-y)*ln(1-p))"),
        _chain("y z", "loss = max(z, 0) - z*y + ln(1 + exp(-abs(z)))"),
        _chain("y z", "p = sigmoid(z)", _TRUE_CLASS, "w = pos_weight*y + (1-y)", "loss = -w*ln(p_t)"),
    ),
    "balanced_bce": (
        _chain("y p", _TRUE_CLASS, _WEIGHT, "loss = -alpha_t*ln(p_t)"),
        _chain("y z", "p = sigmoid(z)", _TRUE_CLASS, _WEIGHT, "loss = -alpha_t*ln(p_t)"),
    ),
    "focal": (
        _chain("y p", _TRUE_CLASS, "f = (1 - p_t)^gamma", "loss = -f*ln(p_t)"),
        _chain("y p", _TRUE_CLASS, _WEIGHT, "f = (1 - p_t)^gamma", "loss = -alpha_t*f*ln(p_t)"),
        _chain("y z", "p = sigmoid(z)", _TRUE_CLASS, _WEIGHT, "f = (1 - p_t)^gamma", "loss = -alpha_t*f*ln(p_t)"),
    ),
    "cross_entropy": (
        _chain("y p", "terms = -y*ln(p)", "loss = sum(terms, axis=-1)"),
        _chain("y z", "p = softmax(z)", "terms = -y*ln(p)", "loss = sum(terms, axis=-1)"),
        _chain(
            "y p",
            "t = (1 - label_smoothing)*y + label_smoothing/len(y)",
            "terms = -t*ln(p)",
            "loss = sum(terms)",
        ),
        _chain(
            "y z",
            "p = softmax(z)",
            "t = (1 - label_smoothing)*y + label_smoothing/len(y)",
            "terms = -t*ln(p)",
            "loss = sum(terms)",
        ),
    ),
    # classification by margins
    "hinge": (_chain("y s", _MARGIN, "loss = max(0, margin - m)"),),
    "squared_hinge": (_chain("y s", _MARGIN, "loss = max(0, 1 - m)^2"),),
    "perceptron": (_chain("y s", _MARGIN, "loss = max(0, -m)"),),
    "logistic": (
        _chain("y s", _MARGIN, "loss = ln(1 + exp(-m))"),
        _chain("y s", _MARGIN, "loss = ln(1 + exp(-m))/ln(base)"),
    ),
    "exponential": (_chain("y s", _MARGIN, "loss = exp(-m)"),),
    "zero_one": (_chain("y yhat", "wrong = yhat != y"),),
    # information
    "self_information": (_chain("p", "I = -ln(p)"), _chain("p", "I = -ln(p)/ln(base)")),
    "entropy": (
        _chain("p", "terms = -p*ln(p)", "H = sum(terms, axis=-1)"),
        _chain("p", "terms = -p*ln(p)/ln(base)", "H = sum(terms, axis=-1)"),
    ),
    "cross_entropy_of": (
        _chain("p q", "terms = -p*ln(q)", "H = sum(terms, axis=-1)"),
        _chain("p q", "terms = -p*ln(q)/ln(base)", "H = sum(terms, axis=-1)"),
    ),
    "kl": (
        _chain("p q", "terms = p*ln(p/q)", "KL = sum(terms, axis=-1)"),
        _chain("p q", "terms = p*ln(p/q)/ln(base)", "KL = sum(terms, axis=-1)"),
    ),
    "js": (
        _chain(
            "p q",
            "m = (p + q)/2",
            "KL_pm = sum(p*ln(p/m), axis=-1)",
            "KL_qm = sum(q*ln(q/m), axis=-1)",
            "JS = (KL_pm + KL_qm)/2",
        ),
        _chain(
            "p q",
            "m = (p + q)/2",
            "KL_pm = sum(p*ln(p/m), axis=-1)/ln(base)",
            "KL_qm = sum(q*ln(q/m), axis=-1)/ln(base)",
            "JS = (KL_pm + KL_qm)/2",
        ),
    ),
    "joint_entropy": (
        _chain("P", "terms = -P*ln(P)", "H = sum(terms)"),
        _chain("P", "terms = -P*ln(P)/ln(base)", "H = sum(terms)"),
    ),
    "conditional_entropy": tuple(
        _chain(
            "P",
            f"joint = -sum(P*ln(P)){base}",
            f"m = sum(P, axis={axis})",
            f"known = -sum(m*ln(m)){base}",
            "H = joint - known",
        )
        for axis in (1, 0)
        for base in ("", "/ln(base)")
    ),
    "mutual_information": tuple(
        _chain(
            "P",
            "px = sum(P, axis=1)",
            "py = sum(P, axis=0)",
            f"terms = P*ln(P/outer(px, py)){base}",
            "I = sum(terms)",
        )
        for base in ("", "/ln(base)")
    ),
    # segmentation
    "dice": (
        _chain("g p", "I = sum(g*p)", "S = sum(g) + sum(p)", "loss = 1 - 2*I/S"),
        _chain("g p", "I = sum(g*p)", "S = sum(g) + sum(p)", "loss = 1 - (2*I + smooth)/(S + smooth)"),
        _chain("g p", "I = sum(g*p)", "S = sum(g^2) + sum(p^2)", "loss = 1 - (2*I + smooth)/(S + smooth)"),
    ),
    "soft_iou": (
        _chain("g p", "I = sum(g*p)", "U = sum(g) + sum(p) - I", "loss = 1 - I/U"),
        _chain("g p", "I = sum(g*p)", "U = sum(g) + sum(p) - I", "loss = 1 - (I + smooth)/(U + smooth)"),
    ),
    "tversky": (_chain("g p", *_TVERSKY, "loss = 1 - TI"),),
    "focal_tversky": (_chain("g p", *_TVERSKY, "loss = (1 - TI)^(1/gamma)"),),
    # detection
    "box_iou": (_chain("a b", *_OVERLAP),),
    "iou_loss": (_chain("a b", *_OVERLAP, "loss = 1 - IoU"), _chain("a b", *_OVERLAP, "loss = -ln(IoU)")),
    "giou": (_chain("a b", *_GIOU),),
    "giou_loss": (_chain("a b", *_GIOU, "loss = 1 - GIoU"),),
    "diou": (_chain("a b", *_DIOU),),
    "diou_loss": (_chain("a b", *_DIOU, "loss = 1 - DIoU"),),
    "ciou": (_chain("a b", *_CIOU),),
    "ciou_loss": (_chain("a b", *_CIOU, "loss = 1 - CIoU"),),
    # retrieval
    "triplet": (
        _chain("a p n", "d_ap = norm(a - p)", "d_an = norm(a - n)", "loss = max(0, d_ap - d_an + margin)"),
        _chain("a p n", "d_ap = sum((a - p)^2)", "d_an = sum((a - n)^2)", "loss = max(0, d_ap - d_an + margin)"),
        _chain("a p n", "d_ap = sum(abs(a - p))", "d_an = sum(abs(a - n))", "loss = max(0, d_ap - d_an + margin)"),
    ),
    "sum_hinge": (_chain("S", *_HINGES, "loss = sum(rows) + sum(columns)"),),
    "max_hinge": (
        _chain(
            "S",
            *_HINGES,
            "hardest_rows = max(rows, axis=1)",
            "hardest_columns = max(columns, axis=0)",
            "loss = sum(hardest_rows) + sum(hardest_columns)",
        ),
    ),
    "info_nce": (
        _chain("q K", "s = matmul(K, q)/temperature", "total = sum(exp(s))", "loss = ln(total) - s[0]"),
        _chain("q K i", "s = matmul(K, q)/temperature", "total = sum(exp(s))", "loss = ln(total) - s[0]"),
    ),
    # regularisation
    "l1_penalty": (_chain("w", "size = sum(abs(w))", "penalty = strength*size"),),
    "l2_penalty": (_chain("w", "size = sum(w^2)", "penalty = strength*size"),),
    "elastic_net": (_chain("w", "L1 = sum(abs(w))", "L2 = sum(w^2)", "penalty = l1*L1 + l2*L2"),),
    # activations
    "sigmoid": (_chain("z", "E = exp(-z)", "a = 1/(1 + E)"),),
    "softplus": (_chain("z", "E = exp(z)", "a = ln(1 + E)"),),
    "softmax": (_chain("z", "E = exp(z)", "total = sum(E)", "a = E/total"),),
    "log_softmax": (_chain("z", "M = max(z)", "total = sum(exp(z - M))", "a = z - M - ln(total)"),),
    "logsumexp": (_chain("z", "M = max(z)", "total = sum(exp(z - M))", "a = M + ln(total)"),),
    # gradients, sample by sample
    "mse.grad": (_chain("y yhat", _ERROR, "slope = 2*e"),),
    "mae.grad": (_chain("y yhat", _ERROR, "slope = sign(e)"),),
    "quadratic_cost.grad": (_chain("y a", "slope = a - y"),),
    "huber.grad": (_chain("y yhat", _ERROR, "slope = clip(e, -delta, delta)"),),
    "smooth_l1.grad": (_chain("y yhat", _ERROR, "slope = clip(e/beta, -1, 1)"),),
    "log_cosh.grad": (_chain("y yhat", _ERROR, "slope = tanh(e)"),),
    "quantile.grad": (_chain("y yhat", "slope = where(y > yhat, -q, 1 - q)"),),
    "bce.grad": (
        _chain("y p", "v = p*(1-p)", "slope = (p - y)/v"),
        _chain("y z", "p = sigmoid(z)", "slope = p - y"),
        _chain("y z", "p = sigmoid(z)", "slope = (1-y)*p - pos_weight*y*(1-p)"),
    ),
    "cross_entropy.grad": (
        _chain("y p", "slope = -y/p"),
        _chain("y z", "p = softmax(z)", "slope = p - y"),
        _chain("y z", "p = softmax(z)", "t = (1 - label_smoothing)*y + label_smoothing/len(y)", "slope = p - t"),
    ),
    "focal.grad": (
        _chain(
            "y z",
            "p = sigmoid(z)",
            _TRUE_CLASS,
            _WEIGHT,
            "slope = (2*y - 1)*alpha_t*(1 - p_t)^gamma*(gamma*p_t*ln(p_t) - (1 - p_t))",
        ),
    ),
    "hinge.grad": (_chain("y s", _MARGIN, "slope = where(m < margin, -y, 0)"),),
    "squared_hinge.grad": (_chain("y s", _MARGIN, "slope = -2*y*max(0, 1 - m)"),),
    "perceptron.grad": (_chain("y s", _MARGIN, "slope = where(m < 0, -y, 0)"),),
    "logistic.grad": (
        _chain("y s", _MARGIN, "slope = -y*sigmoid(-m)"),
        _chain("y s", _MARGIN, "slope = -y*sigmoid(-m)/ln(base)"),
    ),
    "exponential.grad": (_chain("y s", _MARGIN, "slope = -y*exp(-m)"),),
    "kl.grad": (_chain("p q", "slope = -p/q"), _chain("p q", "slope = -p/q/ln(base)")),
    "entropy.grad": (_chain("p", "slope = -ln(p) - 1"),),
    "dice.grad": (_chain("g p", "I = sum(g*p)", "S = sum(g) + sum(p)", "slope = (2*I - 2*g*S)/S^2"),),
    "soft_iou.grad": (_chain("g p", "I = sum(g*p)", "U = sum(g) + sum(p) - I", "slope = -(g*U - (1-g)*I)/U^2"),),
    "l1_penalty.grad": (_chain("w", "slope = strength*sign(w)"),),
    "l2_penalty.grad": (_chain("w", "slope = 2*strength*w"),),
    "elastic_net.grad": (_chain("w", "slope = l1*sign(w) + 2*l2*w"),),
    "sigmoid.grad": (_chain("z", "a = sigmoid(z)", "slope = a*(1 - a)"),),
    "softplus.grad": (_chain("z", "slope = sigmoid(z)"),),
    "logsumexp.grad": (_chain("z", "E = exp(z)", "total = sum(E)", "slope = E/total"),),
    "softmax.grad": (_chain("z", "a = softmax(z)", "J = diag(a) - outer(a, a)"),),
}
"""The chains of every loss (``name``) and gradient (``name.grad``) that has some."""
