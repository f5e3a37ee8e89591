"""Records values and gradients of the oracle libraries, in float64, one JSON file a loss.

    python tests/data/losses/record.py [NAME …]

Needs the libraries of the extra "oracles", and optax with jax. Each file holds the libraries' versions, random
cases drawn from the loss's stated domains (away from its kinks) and hand-picked edge cases. A value or gradient is
left out where a library has no answer: NaN, or parameters that it does not know.
"""

# ruff: noqa: E501 - a row of a table reads best on one line

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2]))

from studyapp import losses  # noqa: E402

LENGTHS = {"C": 3, "D": 3, "K": 3, "N": 3, "X": 2, "Y": 3, "4": 4}
BATCH = 3
RANDOM_CASES = 54
LEAST_DISTANCE_TO_KINK = 2e-3

LOGITS = {"from_logits": True}
VARIANTS: dict[str, list[dict[str, Any]]] = {
    "huber": [{}, {"delta": 0.5}, {"delta": 3.0}],
    "smooth_l1": [{}, {"beta": 0.5}, {"beta": 3.0}, {"beta": 0.0}],
    "quantile": [{}, {"q": 0.1}, {"q": 0.9}],
    "bce": [
        {},
        LOGITS,
        {"pos_weight": 3.0},
        {"pos_weight": [2.0, 0.5, 1.5], **LOGITS},
        {"sample_weight": [0.5, 2.0, 1.0]},
        {"sample_weight": [0.5, 2.0, 1.0], **LOGITS},
        {"eps": 0.2},
    ],
    "balanced_bce": [{}, {"alpha": 0.8}, {"alpha": 0.2, **LOGITS}],
    "cross_entropy": [
        {},
        LOGITS,
        {"label_smoothing": 0.1},
        {"label_smoothing": 0.2, **LOGITS},
        {"weight": [1.0, 2.0, 0.5]},
        {"weight": [1.0, 2.0, 0.5], "label_smoothing": 0.1, **LOGITS},
    ],
    "sparse_cross_entropy": [
        {},
        LOGITS,
        {"label_smoothing": 0.1},
        {"weight": [1.0, 2.0, 0.5]},
        {"weight": [1.0, 2.0, 0.5], "label_smoothing": 0.1, **LOGITS},
        {"ignore_index": 1, **LOGITS},
        {"ignore_index": 1, "weight": [1.0, 2.0, 0.5]},
    ],
    "nll": [{}, {"weight": [1.0, 2.0, 0.5]}, {"ignore_index": 1}],
    "hinge": [{}, {"margin": 0.5}],
    "multiclass_hinge": [{}, {"variant": "weston_watkins"}, {"margin": 2.0}],
    "logistic": [{}, {"base": 2.0}],
    "focal": [{}, LOGITS, {"gamma": 0.5}, {"alpha": None, "gamma": 3.0, **LOGITS}, {"gamma": 0.0, "alpha": 0.75}],
    "softmax_focal": [{}, LOGITS, {"alpha": [1.0, 2.0, 0.5], "gamma": 1.0}, {"alpha": 0.25, **LOGITS}],
    "self_information": [{}, {"base": 2.0}],
    "entropy": [{}, {"base": 2.0}],
    "cross_entropy_of": [{}, {"base": 2.0}],
    "kl": [{}, {"base": 2.0}],
    "js": [{}, {"base": 2.0}],
    "joint_entropy": [{}, {"base": 2.0}],
    "conditional_entropy": [{}, {"base": 2.0}, {"given": "y"}],
    "mutual_information": [{}, {"base": 2.0}],
    "soft_iou": [{}, {"smooth": 1.0}, {"axis": -1}],
    "dice": [{}, {"smooth": 1.0}, {"squared": True}, {"axis": -1}],
    "tversky": [{}, {"alpha": 0.3, "beta": 0.7}, {"alpha": 1.0, "beta": 1.0, "smooth": 1.0}, {"axis": -1}],
    "focal_tversky": [{}, {"alpha": 0.3, "beta": 0.7, "gamma": 0.75}, {"smooth": 1.0, "axis": -1}],
    "lovasz_hinge": [{}, {"axis": -1}],
    "lovasz_softmax": [{}, {"classes": "all"}, {"classes": [0, 2]}, {"axis": -1}],
    "pixel_cross_entropy": [{}, LOGITS, {"weight": [1.0, 2.0, 0.5], "ignore_index": 1, **LOGITS}],
    "ciou": [{}, {"hold_alpha": True}],
    "ciou_loss": [{}, {"hold_alpha": True}],
    "mean_iou": [{}, {"num_classes": 4, "absent": "zero"}],
    "iou_loss": [{}, {"form": "log"}],
    "triplet": [
        {},
        {"margin": 0.2},
        {"p": 1.0},
        {"p": 3.0},
        {"squared": True},
        {"wrt": "positive"},
        {"wrt": "negative"},
    ],
    "sum_hinge": [{}, {"margin": 1.0}],
    "max_hinge": [{}, {"margin": 1.0}],
    "info_nce": [{}, {"temperature": 0.5}, {"wrt": "keys", "temperature": 1.0}],
    "l1_penalty": [{}, {"strength": 0.1}],
    "l2_penalty": [{}, {"strength": 0.1}],
    "elastic_net": [{}, {"l1": 0.1, "l2": 0.5}],
}

RESIDUALS = [[1.0, -1.0, 0.0], [1.5, 1e4, -1e4]]
FAR = [0.0, 1e4, -1e4, 30.0, -30.0, 1e-9]
ROWS_FAR = [[0.0, 0.0, 0.0], [1e4, 0.0, -1e4], [-1e4, -1e4, -1e4], [30.0, -30.0, 1e-9]]
CERTAIN = [[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.0, 0.25, 0.75]]
SPREAD = [[0.25, 0.25, 0.5], [0.5, 0.25, 0.25], [0.125, 0.125, 0.75]]
BOX = [0.0, 0.0, 2.0, 2.0]
BOX_PAIRS = [
    (
        [BOX] * 6,
        [
            BOX,
            [2.0, 0.0, 4.0, 2.0],
            [0.5, 0.5, 1.5, 1.0],
            [5.0, 5.0, 6.0, 7.0],
            [-1.0, -1.0, 3.0, 3.0],
            [1.0, 1.0, 3.0, 3.0],
        ],
    ),
    ([[-3.0, -2.0, -1.0, -1.0]], [[-2.5, -1.5, 4.0, 5.0]]),
]
ZERO_AREA = ([BOX, [1.0, 1.0, 1.0, 1.0]], [[1.0, 1.0, 1.0, 1.0], [0.0, 0.0, 2.0, 2.0]])

EDGES: dict[str, list[tuple[list[Any], dict[str, Any]]]] = {
    **{name: [(RESIDUALS, {}), ([[2.0], [2.0]], {}), ([[7.0], [5.0]], {})] for name in ("mse", "mae", "mbe", "huber", "smooth_l1", "log_cosh", "quantile", "quadratic_cost")},
    "zero_one": [([[1.0, 0.0], [1.0, 0.0]], {}), ([[1.0], [0.0]], {})],
    "bce": [([[0.0, 1.0, 0.0, 1.0, 1.0, 0.0], FAR], LOGITS), ([[1.0, 0.0], [1.0, 0.0]], {}), ([[0.3, 0.7], [0.3, 0.5]], {}), ([[1.0, 0.0], [0.0, 1.0]], {"eps": 1e-7})],
    "balanced_bce": [([[0.0, 1.0, 0.0, 1.0, 1.0, 0.0], FAR], {"alpha": 0.25, **LOGITS})],
    "cross_entropy": [([CERTAIN, ROWS_FAR[:3]], LOGITS), ([SPREAD, ROWS_FAR[1:]], LOGITS), ([CERTAIN, SPREAD], {})],
    "sparse_cross_entropy": [([[0, 1, 2, 0], ROWS_FAR], LOGITS), ([[0, 1, 2], SPREAD], {}), ([[0, 0, 2], CERTAIN], {})],
    "nll": [([[0, 1, 2], np.log(SPREAD).tolist()], {})],
    "pixel_cross_entropy": [([[0, 1, 2, 0], ROWS_FAR], LOGITS)],
    **{name: [([[1.0, -1.0, 1.0, -1.0, 1.0, 1.0], FAR], {}), ([[1.0, -1.0], [2.0, -2.0]], {})] for name in ("hinge", "squared_hinge", "perceptron", "logistic")},
    "exponential": [([[1.0, -1.0, 1.0], [1e4, 0.0, 30.0]], {}), ([[-1.0], [1e4]], {})],
    "multiclass_hinge": [([[0, 1, 0, 2], ROWS_FAR], {"variant": variant}) for variant in ("crammer_singer", "weston_watkins")],
    "focal": [([[0.0, 1.0, 0.0, 1.0, 1.0, 0.0], FAR], LOGITS), ([[1.0, 0.0], [1.0, 0.0]], {})],
    "softmax_focal": [([[0, 1, 2, 0], ROWS_FAR], LOGITS)],
    "self_information": [([[1.0, 0.5]], {})],
    "entropy": [([CERTAIN], {}), ([[[1 / 3] * 3]], {"base": 3.0})],
    "cross_entropy_of": [([CERTAIN, SPREAD], {}), ([SPREAD, CERTAIN], {}), ([CERTAIN, CERTAIN], {"base": 2.0})],
    "kl": [([CERTAIN, SPREAD], {}), ([SPREAD, CERTAIN], {}), ([SPREAD, SPREAD], {})],
    "js": [([CERTAIN, SPREAD], {}), ([[[1.0, 0.0]], [[0.0, 1.0]]], {"base": 2.0}), ([SPREAD, SPREAD], {})],
    **{name: [([[[0.5, 0.0], [0.0, 0.5]]], {}), ([[[0.25, 0.25], [0.25, 0.25]]], {}), ([[[1.0, 0.0], [0.0, 0.0]]], {})] for name in ("joint_entropy", "conditional_entropy", "mutual_information")},
    **{name: [([[1.0, 0.0, 1.0], [1.0, 0.0, 1.0]], {}), ([[1.0, 0.0], [0.0, 1.0]], {}), ([[0.0, 0.0], [0.0, 0.0]], {"smooth": 1.0}), ([[0.0, 0.0], [0.5, 0.25]], {}), ([[1.0, 1.0], [0.0, 0.0]], {}), ([[1.0], [0.25]], {})] for name in ("soft_iou", "dice", "tversky", "focal_tversky")},
    "lovasz_hinge": [([[0.0, 0.0, 0.0], [0.5, -0.25, -3.0]], {}), ([[1.0, 1.0], [-1e4, 1e4]], {}), ([[1.0, 0.0], [2.0, -2.0]], {}), ([[1.0], [0.25]], {})],
    "lovasz_softmax": [([[0, 1, 2], np.eye(3).tolist()], {"classes": "all"}), ([[0, 0, 0], SPREAD], {}), ([[0, 0, 0], SPREAD], {"classes": "all"}), ([[1], [[0.2, 0.7, 0.1]]], {})],
    **{name: [([list(true), list(pred)], {}) for true, pred in [*BOX_PAIRS, ZERO_AREA]] for name in ("box_iou", "giou", "diou", "ciou", "giou_loss", "diou_loss", "ciou_loss", "iou_loss")},
    "mean_iou": [([[0, 0, 1, 1], [0, 1, 1, 1]], {}), ([[0, 0], [2, 2]], {}), ([[1, 1], [1, 1]], {})],
    "triplet": [([[[0.0, 0.0]], [[3.0, 4.0]], [[0.0, 1.0]]], {}), ([[[0.0, 0.0]], [[0.0, 1.0]], [[30.0, 40.0]]], {})],
    "sum_hinge": [([np.eye(3).tolist()], {}), ([[[0.0, 1.0, 0.5], [1.0, 0.0, 0.25], [0.5, 0.75, 0.0]]], {})],
    "max_hinge": [([np.eye(3).tolist()], {}), ([[[0.0, 1.0, 0.5], [1.0, 0.0, 0.25], [0.5, 0.75, 0.0]]], {})],
    "info_nce": [([[[1.0, 0.0]], [[1.0, 0.0]], 0], {}), ([[[100.0, 0.0]], [[1.0, 0.0], [-1.0, 0.0]], 1], {"temperature": 0.01}), ([[[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]], [0, 1]], {"temperature": 0.5})],
    **{name: [([[0.0, 0.0]], {}), ([[-3.0]], {})] for name in ("l1_penalty", "l2_penalty", "elastic_net")},
    **{name: [([FAR], {})] for name in ("sigmoid", "softplus")},
    **{name: [([ROWS_FAR], {}), ([[[5.0]]], {})] for name in ("softmax", "log_softmax", "logsumexp")},
}  # fmt: skip


UNFIT_AT_EDGES = {
    # Keras clips probabilities at 1e-7 even where they come from logits; torch's soft margin loss overflows.
    "balanced_bce": ("keras",),
    "focal": ("keras",),
    "softmax_focal": ("keras",),
    "logistic": ("torch",),
}
CLAMPED_GRADIENTS = ("bce",)
"""torch bounds p(1 - p) below in the gradient at probabilities 0 and 1; test_conventions.py states ours."""


def rounded(domain: Any, values: Any) -> Any:
    """Three decimals, so that the files stay small; rows still sum to 1."""
    values = np.round(values, 3)
    if domain.kind == "distribution":
        flat = values.reshape(*values.shape[: values.ndim - len(domain.trailing)], -1)
        flat[..., 0] = np.round(1.0 - flat[..., 1:].sum(-1), 3)
    return values


def draw(loss: Any, parameters: dict[str, Any], random: np.random.Generator) -> list[Any]:
    """Arguments at which the loss has a derivative."""
    own = {name: value for name, value in parameters.items() if name not in ("wrt", "hold_alpha")}
    logits = parameters.get("from_logits", False)
    while True:
        arguments = []
        for domain in (loss.logit_domain if logits else loss.domain).values():
            shape = (BATCH, *(LENGTHS[axis] for axis in domain.trailing))
            if "axis" in parameters:
                shape = (2, 4, *shape[1:])
            elif loss.family == "segmentation" and loss.name != "pixel_cross_entropy":
                shape = (5, *shape[1:])
            if domain.kind == "log-distribution":
                arguments.append(domain.sample(random, shape))
            else:
                arguments.append(rounded(domain, domain.sample(random, shape)))
        if "ignore_index" in parameters and np.all(arguments[0] == parameters["ignore_index"]):
            continue
        if parameters.get("form") == "log" and np.any(losses.box_iou(*arguments) == 0.0):
            continue
        if loss.kink_distance(*arguments, **own) > LEAST_DISTANCE_TO_KINK:
            return arguments


def plain(values: Any) -> Any:
    """JSON data; infinities as text. Whole numbers lose their ".0"."""
    if isinstance(values, (list, tuple)):
        return [plain(value) for value in values]
    if isinstance(values, np.ndarray):
        return plain(values.tolist())
    value = float(values)
    if np.isinf(value):
        return "inf" if value > 0 else "-inf"
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def usable(values: Any) -> bool:
    return values is not None and not np.isnan(np.asarray(values, dtype=np.float64)).any()


def run_oracles(
    name: str, arguments: list[Any], reduction: str | None, parameters: dict[str, Any], *, is_edge: bool
) -> dict[str, Any]:
    """Values and gradients of every library that has an answer, and at edges is fit to give one."""
    from tests.losses import oracles, torch_losses

    loss = losses.get(name)
    arguments = [np.asarray(argument, dtype=np.float64) for argument in arguments]
    plain_parameters = {key: value for key, value in parameters.items() if key not in ("wrt", "hold_alpha")}
    values = {"torch": torch_losses.value(name, arguments, reduction, parameters)}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for library, oracle in oracles.SECOND.get(name, {}).items():
            values[library] = oracle(arguments, reduction, plain_parameters)
        gradients: dict[str, Any] = {}
        if name in ("softmax", "log_softmax"):
            gradients["torch"] = torch_losses.jacobian(name, arguments)
        elif name not in ("zero_one", "mean_iou"):
            place = (
                list(loss.domain).index(parameters["wrt"])
                if "wrt" in parameters
                else (0 if name in ("triplet", "info_nce") else len(arguments) - 1)
            )
            gradients["torch"] = torch_losses.gradient(name, arguments, reduction, parameters, place)
            gradients["jax"] = oracles.jax_gradient(name, arguments, reduction, parameters)
    if is_edge:
        for library in UNFIT_AT_EDGES.get(name, ()):
            values.pop(library, None)
        if name in CLAMPED_GRADIENTS or not is_smooth(name, arguments, parameters):
            gradients = {}
    return {
        "values": {library: value for library, value in values.items() if usable(value)},
        "gradients": {library: value for library, value in gradients.items() if usable(value)},
    }


def is_smooth(name: str, arguments: list[Any], parameters: dict[str, Any]) -> bool:
    """Whether the loss has a derivative there: at a kink the libraries choose different subgradients.

    Boxes with coinciding edges are kept: torch_losses takes the mean of both sides there, as this module does.
    """
    if losses.get(name).family == "detection":
        return True
    own = {key: value for key, value in parameters.items() if key not in ("wrt", "hold_alpha")}
    return losses.get(name).kink_distance(*arguments, **own) > 0.0


def record(name: str) -> dict[str, Any]:
    """All cases of one loss."""
    from tests.losses import oracles

    loss = losses.get(name)
    random = np.random.default_rng(crc32(name.encode()))
    variants = VARIANTS.get(name, [{}])
    cases = []
    for number in range(RANDOM_CASES):
        parameters = variants[number % len(variants)]
        reduction = None if loss.reduction is None else ("mean", "sum", "none")[(number // len(variants)) % 3]
        cases.append(("random", draw(loss, parameters, random), reduction, parameters))
    for arguments, parameters in EDGES.get(name, []):
        for reduction in (None,) if loss.reduction is None else ("mean", "none"):
            cases.append(("edge", arguments, reduction, parameters))
    recorded, libraries = [], set()
    for kind, arguments, reduction, parameters in cases:
        found = run_oracles(name, arguments, reduction, parameters, is_edge=kind == "edge")
        libraries |= {*found["values"], *found["gradients"]}
        recorded.append(
            {
                "kind": kind,
                "arguments": plain(arguments),
                "parameters": parameters,
                "reduction": reduction,
                **{
                    part: {library: plain(value) for library, value in found[part].items()}
                    for part in ("values", "gradients")
                },
            }
        )
    versions = {library: oracles.VERSIONS[library] for library in sorted(libraries) if library in oracles.VERSIONS}
    return {"loss": name, "libraries": versions, "cases": recorded}


def write(name: str) -> None:
    recording = record(name)
    lines = ",\n".join(json.dumps(case, separators=(",", ":"), allow_nan=False) for case in recording.pop("cases"))
    head = json.dumps(recording)[:-1]
    (HERE / f"{name}.json").write_text(f'{head}, "cases": [\n{lines}\n]}}\n', encoding="utf-8")
    print(name, recording["libraries"], flush=True)


def main() -> int:
    for name in sys.argv[1:] or losses.names():
        write(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
