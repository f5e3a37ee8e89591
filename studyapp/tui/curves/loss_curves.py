"""The mathematics behind the explorer: values, gradients and curves of the reference losses, as plain numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from msgspec import Struct

from studyapp.formula import ExpressionError
from studyapp.grading.reading import read_value
from studyapp.locale.message import Message
from studyapp.losses import Loss, LossError, get, zero_one
from studyapp.render.number import format_value, significant

_OVER, _GRADIENT_OVER = Message("{loss} over {argument}"), Message("gradient of {loss} over {argument}")
_FLAT = Message("the 0-1 loss has no gradient to follow: it is flat wherever it has one")
_NO_CURVE = Message("{loss} has no curve over one number; its value and gradient are shown")
_ROWS = Message("{loss} takes rows of scores: there is no curve over one number")
_TYPE_NUMBERS = Message("{name}: type a number or a list such as [1, 0]")
_UNREADABLE = Message("{name}: {why} (at “{place}”)")
_WRITE_PARAMETERS, _NONE = Message("write parameters as name=value; {loss} has {known}"), Message("none")
_LOSS = Message("loss")
_NO_PARAMETER = Message("no chosen loss has a parameter {name}; known: {known}")
_TOO_MANY = Message("that makes {count} curves; at most {most} can be told apart")
_SUM, _MEAN = Message("sum = {terms} = {value}"), Message("mean = ({terms}) / {count} = {value}")

POINTS = 241
"""Points of a curve."""

MOST_CURVES = 8

_EXAMPLES: dict[str, tuple[str, ...]] = {
    "box": ("[0, 0, 2, 2]", "[1, 1, 3, 3]"),
    "triplet": ("[1, 0]", "[0.9, 0.1]", "[0, 1]"),
    "info_nce": ("[1, 0]", "[[0.9, 0.1], [0, 1], [-1, 0]]", "0"),
    "zero_one": ("[1, 0, 2]", "[1, 2, 2]"),
    "mean_iou": ("[1, 0, 2, 2]", "[1, 2, 2, 2]"),
    "nll": ("[1]", "[[ln(0.2), ln(0.7), ln(0.1)]]"),
    "margin": ("[1, -1, 1]", "[0.3, -2, -0.5]"),
}


class InputProblem(ValueError):
    """Something typed into the explorer that cannot be used; the message says what."""


class Curve(Struct, frozen=True):
    """A loss over its last argument, as parallel tuples; ``label`` says which loss and which parameters."""

    label: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]


class Evaluation(Struct, frozen=True):
    """What a loss gives for typed arguments, as text. ``rows`` has a header and one row a sample."""

    value: str
    gradient: str
    rows: tuple[tuple[str, ...], ...]
    reduction: str


def example_arguments(loss: Loss) -> dict[str, str]:
    """Text for every argument of a loss that makes a first example."""
    texts = _example_texts(loss)
    return dict(zip(loss.domain, texts, strict=True))


def _example_texts(loss: Loss) -> tuple[str, ...]:
    domains = list(loss.domain.values())
    kinds = [domain.kind for domain in domains]
    if loss.name in _EXAMPLES:
        return _EXAMPLES[loss.name]
    if kinds[0] == "box":
        return _EXAMPLES["box"]
    if kinds[0] == "choice" and domains[0].values[0] == -1:  # type: ignore[attr-defined]
        return _EXAMPLES["margin"]
    if loss.family == "retrieval":
        return ("[[0.9, 0.2, 0.1], [0.3, 0.8, 0.4], [0, 0.5, 0.7]]",)
    return tuple(_example(domain, first=number == 0 and len(domains) > 1) for number, domain in enumerate(domains))


def _example(domain: Any, first: bool) -> str:
    trailing = len(domain.trailing)
    if domain.kind == "choice":
        return "[1, 0, 1]"
    if domain.kind == "class":
        return "[1, 0, 2]" if not first else "[1]"
    if trailing == 2:
        return "[[0.3, 0.2], [0.1, 0.4]]"
    if trailing == 1:
        if domain.kind == "distribution":
            return "[[0, 1, 0]]" if first else "[[0.2, 0.7, 0.1]]"
        if domain.kind == "interval":
            return "[[2, 1, 0.5]]"
        return "[[-1.6, -0.3, -2.5]]"
    if domain.low == 0 and domain.high == 1:
        return "[1, 0, 1]" if first else "[0.9, 0.2, 0.6]"
    return "[1, 2, 3]" if first else "[1.5, 2, 5]"


def read_arguments(loss: Loss, texts: Mapping[str, str]) -> list[Any]:
    """The typed arguments as arrays.

    Raises:
        InputProblem: naming the argument that cannot be read.
    """
    values = []
    for name in loss.domain:
        text = texts.get(name, "").strip()
        if not text:
            raise InputProblem(_TYPE_NUMBERS(name=name))
        try:
            listed = any(sign in text for sign in "[,; ")
            values.append(read_value(text, listed=listed).value)
        except ExpressionError as error:
            raise InputProblem(
                _UNREADABLE(name=name, why=error.message, place=text[error.column : error.column + 8])
            ) from None
    return values


def read_parameters(loss: Loss, text: str) -> dict[str, list[Any]]:
    """Parameters from ``gamma=0,1,2,5 alpha=0.5``: for each name the values to lay over each other.

    Raises:
        InputProblem: for what is not of that form; whether a value is allowed is left to the loss.
    """
    chosen: dict[str, list[Any]] = {}
    words = re.split(r"\s+(?=[A-Za-z_]\w*\s*=)|;", text.strip())
    for word in filter(None, (word.strip() for word in words)):
        name, equals, values = word.partition("=")
        name = name.strip()
        if not equals or not values.strip():
            known = ", ".join(loss.parameters) or str(_NONE)
            raise InputProblem(_WRITE_PARAMETERS(loss=loss.name, known=known))
        chosen[name] = [_parameter_value(part) for part in re.split(r"[,\s]+", values.strip()) if part]
    return chosen


def _parameter_value(text: str) -> Any:
    words: dict[str, Any] = {"true": True, "false": False, "none": None}
    if text.lower() in words:
        return words[text.lower()]
    try:
        return read_value(text).value.item()
    except ExpressionError:
        return text.strip("'\"")


def combinations(parameters: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Every choice of one value for each parameter."""
    names = list(parameters)
    return [dict(zip(names, values, strict=True)) for values in product(*parameters.values())]


def evaluate(loss: Loss, arguments: Sequence[Any], parameters: Mapping[str, Any]) -> Evaluation:
    """Value, gradient and the loss of each sample.

    Raises:
        LossError: the loss refuses an argument or a parameter.
    """
    value = loss(*arguments, **parameters)
    gradient = "–"
    if loss.slope is not None:
        gradient = _text(loss.grad(*arguments, **parameters))
    rows: list[tuple[str, ...]] = []
    reduction = ""
    if loss.reduction is not None:
        single = dict(parameters, reduction="none")
        samples = _flat(loss(*arguments, **single))
        columns = [_rows(argument, len(samples)) for argument in arguments]
        if all(column is not None for column in columns):
            header = ("", *loss.domain, str(_LOSS))
            rows = [header]
            for place, sample in enumerate(samples):
                cells = [column[place] for column in columns if column is not None]
                rows.append((str(place + 1), *cells, significant(sample, 5)))
        reduction = _reduction_line(samples, value, str(parameters.get("reduction", loss.reduction)))
    return Evaluation(_text(value), gradient, tuple(rows), reduction)


def compare(
    plan: Sequence[tuple[Loss, dict[str, Any], str]], arguments: Sequence[Any]
) -> tuple[Evaluation | None, ...]:
    """What each loss of `variants` gives for the same arguments; None for one that refuses what the first accepts.

    Raises:
        LossError: the first loss refuses the arguments.
    """
    over_scores = any(_first_values(loss) == (-1.0, 1.0) for loss, _, _ in plan)
    found: list[Evaluation | None] = []
    for loss, choice, _ in plan:
        # A score counts for the 0-1 loss by its sign, as in its curve.
        used = [arguments[0], *map(_signs, arguments[1:])] if loss is zero_one and over_scores else arguments
        try:
            found.append(evaluate(loss, used, choice))
        except LossError:
            if not found:
                raise
            found.append(None)
    return tuple(found)


def _signs(scores: Any) -> Any:
    import numpy

    return numpy.sign(scores)


def _reduction_line(samples: Sequence[float], value: Any, reduction: str) -> str:
    if reduction == "none" or not 1 < len(samples) <= 6:
        return ""
    total = " + ".join(significant(sample, 4) for sample in samples)
    if reduction == "sum":
        return _SUM(terms=total, value=_text(value))
    plain_mean = sum(samples) / len(samples)
    if not math.isclose(plain_mean, float(value), rel_tol=1e-9, abs_tol=1e-12):
        return ""  # a weighted mean divides by something else
    return _MEAN(terms=total, count=len(samples), value=_text(value))


def _flat(value: Any) -> list[float]:
    flat = getattr(value, "ravel", None)
    return [float(entry) for entry in (flat() if flat is not None else [value])]


def _rows(argument: Any, count: int) -> list[str] | None:
    """One text a sample, where the argument has that many entries along its first axis."""
    if getattr(argument, "ndim", 0) == 0:
        return [_text(argument)] if count == 1 else None
    if len(argument) != count:
        return [_text(argument)] if count == 1 else None
    return [_text(entry) for entry in argument]


def _text(value: Any) -> str:
    if getattr(value, "ndim", 0):
        return "[" + ", ".join(_text(entry) for entry in value) + "]"
    number = float(value)
    exact = format_value(number)
    return exact if len(exact) <= 8 else significant(number, 5)


# ---------------------------------------------------------------------- curves


def variants(
    names: Sequence[str], parameters: Mapping[str, Sequence[Any]]
) -> tuple[tuple[Loss, dict[str, Any], str], ...]:
    """What is compared: every loss with every combination of those parameters that it has, and a label for each.

    Raises:
        InputProblem: a parameter that no loss has, or too many curves.
        LossError: an unknown loss.
    """
    losses = [get(name) for name in names]
    known = {name for loss in losses for name in loss.parameters}
    for name in parameters:
        if name not in known:
            raise InputProblem(_NO_PARAMETER(name=name, known=", ".join(sorted(known)) or _NONE))
    plan = [
        (loss, choice)
        for loss in losses
        for choice in combinations({name: values for name, values in parameters.items() if name in loss.parameters})
    ]
    if len(plan) > MOST_CURVES:
        raise InputProblem(_TOO_MANY(count=len(plan), most=MOST_CURVES))
    told_apart = {name for name, values in parameters.items() if len(values) > 1}
    return tuple((loss, choice, _label(loss, choice, told_apart, len(losses) == 1)) for loss, choice in plan)


def curves(
    names: Sequence[str], target: float | None, parameters: Mapping[str, Sequence[Any]], gradient: bool = False
) -> tuple[Curve, ...]:
    """Curves of several losses, each for every combination of those parameters that it has.

    Raises:
        InputProblem: a loss that has no curve over one number, or too many curves.
        LossError: an unknown loss or a refused parameter.
    """
    plan = variants(names, parameters)
    over_scores = any(_first_values(loss) == (-1.0, 1.0) for loss, _, _ in plan)
    return tuple(_curve(loss, choice, target, gradient, over_scores, label) for loss, choice, label in plan)


def _label(loss: Loss, choice: Mapping[str, Any], told_apart: set[str], alone: bool) -> str:
    """What tells a curve from the others: the loss, where there are several, and parameters of several values."""
    settings = ", ".join(f"{name}={_parameter_text(choice[name])}" for name in choice if name in told_apart)
    if not settings:
        return loss.name
    return settings if alone else f"{loss.name}({settings})"


def heading(
    names: Sequence[str], target: float | None, parameters: Mapping[str, Sequence[Any]], gradient: bool = False
) -> str:
    """What a plot of `curves` shows: over which argument, for which target, and with which fixed parameters.

    >>> heading(["focal"], 1.0, {"gamma": [0.0, 2.0], "alpha": [0.5]})
    'focal over y_pred, y_true=1, alpha=0.5'
    """
    loss = get(names[0])
    fixed = {name: values[0] for name, values in parameters.items() if len(values) == 1}
    domains = loss.logit_domain if fixed.get("from_logits") else loss.domain
    what = loss.name if len(names) == 1 else ", ".join(names)
    parts = [(_GRADIENT_OVER if gradient else _OVER)(loss=what, argument=list(domains)[-1])]
    if len(domains) > 1:
        used = _target(loss, domains, target)
        shown = f"[{', '.join(map(_parameter_text, used))}]" if isinstance(used, list) else _parameter_text(used)
        parts.append(f"{next(iter(domains))}={shown}")
    parts += [f"{name}={_parameter_text(value)}" for name, value in fixed.items()]
    return ", ".join(parts)


def _first_values(loss: Loss) -> tuple[float, float] | None:
    domain = next(iter(loss.domain.values()))
    return domain.values if domain.kind == "choice" and len(loss.domain) > 1 else None  # type: ignore[attr-defined]


def _curve(
    loss: Loss, choice: dict[str, Any], target: float | None, gradient: bool, over_scores: bool, label: str
) -> Curve:
    if loss is zero_one and over_scores:
        if gradient:
            raise InputProblem(_FLAT())
        xs = _grid(-3.0, 3.0)
        sign = -1.0 if target is not None and target < 0 else 1.0
        return Curve(label, xs, tuple(0.0 if sign * x > 0 else 1.0 for x in xs))
    domains = loss.logit_domain if choice.get("from_logits") else loss.domain
    argument = list(domains.values())[-1]
    if len(domains) > 2 or argument.kind not in ("interval", "distribution") or len(argument.trailing) > 1:
        raise InputProblem(_NO_CURVE(loss=loss.name))
    if argument.trailing and (argument.kind != "distribution" or choice.get("from_logits")):
        raise InputProblem(_ROWS(loss=loss.name))
    choice = dict(choice)
    if loss.reduction is not None:
        choice["reduction"] = "none"
    bounded = argument.kind == "distribution" or (argument.low, argument.high) == (0, 1)  # type: ignore[attr-defined]
    centre = target if target is not None and _is_real(domains) else 0.0
    xs = _grid(0.005, 0.995) if bounded else _grid(centre - 3.0, centre + 3.0)
    function = loss.grad if gradient else loss
    ys = []
    for x in xs:
        prediction: Any = [x, 1.0 - x] if argument.kind == "distribution" else x
        arguments = [prediction] if len(domains) == 1 else [_target(loss, domains, target), prediction]
        result = function(*arguments, **choice)
        ys.append(_flat(result)[0])
    return Curve(label, xs, tuple(ys))


def _is_real(domains: Mapping[str, Any]) -> bool:
    first = next(iter(domains.values()))
    return len(domains) > 1 and first.kind == "interval" and not math.isfinite(first.low)


def _target(loss: Loss, domains: Mapping[str, Any], target: float | None) -> Any:
    first = next(iter(domains.values()))
    if first.kind == "distribution":
        share = 1.0 if target is None or not 0 <= target <= 1 else target
        return [share, 1.0 - share]
    if first.kind == "class":
        return 0
    if first.kind == "choice":
        low, high = first.values
        return low if target is not None and target <= 0 else high
    if target is None:
        return 1.0 if math.isfinite(first.low) else 0.0
    return min(first.high, max(first.low, target))


def _parameter_text(value: Any) -> str:
    return format_value(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _grid(low: float, high: float) -> tuple[float, ...]:
    step = (high - low) / (POINTS - 1)
    return tuple(low + step * place for place in range(POINTS))


__all__ = [
    "Curve",
    "Evaluation",
    "InputProblem",
    "LossError",
    "combinations",
    "compare",
    "curves",
    "evaluate",
    "example_arguments",
    "heading",
    "read_arguments",
    "read_parameters",
    "variants",
]
