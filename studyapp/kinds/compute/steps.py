"""The worked solution of an exercise, step by step from its own numbers down to the reference's value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from msgspec import Struct

from studyapp.formula import Expression, ExpressionError, parse
from studyapp.formula.definitions import Defined
from studyapp.formula.printing import to_text
from studyapp.formula.tree import (
    Binary,
    Call,
    Comparison,
    Constant,
    Name,
    Node,
    Number,
    Subscript,
    children,
)
from studyapp.grading.numbers import shown_value
from studyapp.grading.target import Target
from studyapp.kinds.compute.card import ComputeCard
from studyapp.kinds.compute.loss_steps import CHAINS, Chain
from studyapp.locale.message import Message

_SAMPLES = Message("- sample by sample: {values}")
_MEAN = Message("- mean: `{terms} = {result}`")
_SUM = Message("- sum: `{terms} = {result}`")
_DIVIDED = Message("- divided by {count}, for the mean: `{result}`")

_MOST_LINES = 16
_MOST_ROWS = 12
_MOST_TERMS = 8
_MOST_LISTED = 6


class Quantity(Struct, frozen=True):
    """One named intermediate result."""

    name: str
    expression: Expression
    value: Any


class Breakdown(Struct, frozen=True):
    """A call of a loss taken apart: its arguments, the quantities in order, and how the samples are reduced.

    ``reduction`` is ``mean``, ``sum`` or ``none``; ``result`` is the reference's own value.
    """

    arguments: tuple[tuple[str, Any], ...]
    parameters: Mapping[str, float]
    quantities: tuple[Quantity, ...]
    reduction: str
    result: Any


def worked(card: ComputeCard, targets: tuple[Target, ...], values: Mapping[str, Any]) -> str:
    """The account of all parts of the exercise, as light Markdown."""
    blocks: list[str] = []
    lets = [
        f"- `{name} = {_substituted(parse(text, values).tree, values)} = {_number(values[name])}`"
        for name, text in card.let.items()
    ]
    if lets:
        blocks.append("\n".join(lets))
    for number, target in enumerate(targets, 1):
        head = [f"**{number}.**"] if target.part else []
        blocks += [*head, *account(target.expression, target.values, target.digits)]
    return "\n\n".join(blocks)


def results(targets: tuple[Target, ...]) -> str:
    """The reference's own values and nothing else, one line a part."""
    lines = []
    for number, target in enumerate(targets, 1):
        head = f"{number}. " if target.part else ""
        expression = _substituted(target.expression.tree, target.values)
        lines.append(f"- {head}`{expression} = {_number(target.value, target.digits)}`")
    return "\n".join(lines)


def account(expression: Expression, values: Mapping[str, Any], digits: int = 3) -> list[str]:
    """The blocks of an account: every intermediate value of the expression, innermost first, its own value last."""
    blocks: list[str] = []
    lines: list[str] = []
    seen: set[Node] = set()

    def flush() -> None:
        if lines:
            blocks.append("\n".join(dict.fromkeys(lines)))
            lines.clear()

    def visit(node: Node) -> None:
        if node in seen or isinstance(node, Subscript):
            return
        seen.add(node)
        for child in children(node):
            visit(child)
        if not isinstance(node, (Call, Binary, Comparison)) or _is_plain(node) or len(lines) >= _MOST_LINES:
            return
        breakdown = break_down(node, values) if isinstance(node, Call) else None
        if breakdown is not None:
            flush()
            blocks.extend(_blocks(breakdown, digits))
        elif isinstance(node, Call) and (terms := _terms(node, values)) is not None:
            lines.append(_SAMPLES(values=_number(terms, digits + 1)))
        value = Expression.of(node).evaluate(values)
        lines.append(f"- `{_substituted(node, values)} = {_number(value, digits + 1)}`")

    visit(expression.tree)
    if not isinstance(expression.tree, (Call, Binary, Comparison)) or not (lines or blocks):
        lines.append(f"- `{expression} = {_number(expression.evaluate(values), digits)}`")
    flush()
    return blocks


def break_down(call: Call, values: Mapping[str, Any]) -> Breakdown | None:
    """The call of a loss as a chain of quantities that ends in the reference's value; None where no chain fits it.

    Raises:
        ExpressionError: the call itself has no value.
    """
    from studyapp import losses

    chains = CHAINS.get(call.function, ())
    if not chains:
        return None
    loss = losses.get(call.function.removesuffix(".grad"))
    given = [np.asarray(Expression.of(argument).evaluate(values)) for argument in call.arguments]
    parameters = dict(loss.defaults)
    for name, node in call.keywords:
        if isinstance(node, (Number, Name)) or not hasattr(node, "value"):
            parameters[name] = Expression.of(node).evaluate(values)
        else:
            parameters[name] = node.value
    reduction = str(parameters.pop("reduction", "none") or "none")
    numbers = {name: value for name, value in parameters.items() if _is_number(value)}
    result = Expression.of(call).evaluate(values)
    for chain in chains:
        if len(chain.arguments) == len(given):
            quantities = _follow(chain, given, numbers)
            if quantities and _agrees(quantities[-1].value, result, reduction):
                arguments = tuple(zip(chain.arguments, given, strict=True))
                return Breakdown(arguments, numbers, quantities, reduction, result)
    return None


def _is_number(value: Any) -> bool:
    return not isinstance(value, (bool, str)) and value is not None and np.ndim(value) <= 1


def _follow(chain: Chain, given: list[Any], parameters: Mapping[str, Any]) -> tuple[Quantity, ...] | None:
    known = {**parameters, **dict(zip(chain.arguments, given, strict=True))}
    quantities: list[Quantity] = []
    for name, text in chain.quantities:
        try:
            expression = parse(text, tuple(known))
            value = expression.evaluate(known)
        except ExpressionError:
            return None
        quantities.append(Quantity(name, expression, value))
        known[name] = value
    return tuple(quantities)


def _agrees(last: Any, result: Any, reduction: str) -> bool:
    """Whether the last quantity of a chain is the reference's value, before or after the reduction."""
    last, result = np.asarray(last), np.asarray(result)
    reduced = last
    if last.shape != result.shape:
        reduced = np.asarray(last.mean() if reduction == "mean" else last.sum())
    elif reduction == "mean" and last.ndim:
        reduced = last / last.shape[0]  # the gradient of a mean
        if not np.allclose(reduced, result, rtol=1e-9, atol=1e-12):
            reduced = last
    return reduced.shape == result.shape and bool(np.allclose(reduced, result, rtol=1e-9, atol=1e-12))


# ---------------------------------------------------------------------- as text


def _blocks(breakdown: Breakdown, digits: int) -> Iterator[str]:
    """Columns of equal length as a table, single numbers as lines, then the reduction."""
    columns = {
        name: value for name, value in breakdown.arguments if np.ndim(value) == 1 and 1 < np.size(value) <= _MOST_ROWS
    }
    lengths = {np.size(quantity.value) for quantity in breakdown.quantities if np.ndim(quantity.value) == 1}
    length = next(iter(lengths)) if len(lengths) == 1 and lengths <= {np.size(one) for one in columns.values()} else 0
    known = {**breakdown.parameters, **dict(breakdown.arguments)}
    lines: list[str] = []
    for quantity in breakdown.quantities:
        tree = quantity.expression.tree
        if length and np.shape(quantity.value) == (length,):
            lines.append(f"- `{quantity.name} = {to_text(tree, _shown(known, lists=False))}`")
            columns[quantity.name] = quantity.value
        else:
            shown = to_text(tree, _shown(known, lists=not length))
            lines.append(f"- `{quantity.name} = {shown} = {_number(quantity.value, digits + 1)}`")
        known[quantity.name] = quantity.value
    yield "\n".join(lines)
    if len(columns) > len(breakdown.arguments):
        yield _table({name: column for name, column in columns.items() if np.size(column) == length}, digits)
    reduction = _reduction(breakdown, digits)
    if reduction:
        yield reduction


def _reduction(breakdown: Breakdown, digits: int) -> str:
    """The line from the values of the samples to their mean or sum; empty where there is nothing to reduce."""
    last = np.asarray(breakdown.quantities[-1].value)
    if last.ndim and np.shape(breakdown.result) != last.shape and last.size <= _MOST_TERMS:
        total = " + ".join(_bracketed(_number(term, digits + 1)) for term in last.ravel())
        mean = breakdown.reduction == "mean"
        result = _number(breakdown.result, digits + 1)
        return _MEAN(terms=f"({total})/{last.size}", result=result) if mean else _SUM(terms=total, result=result)
    if last.shape == np.shape(breakdown.result) and last.ndim and not np.allclose(last, breakdown.result):
        return _DIVIDED(count=last.shape[0], result=_number(breakdown.result, digits + 1))
    return ""


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith("−") else text


def _table(columns: Mapping[str, Any], digits: int) -> str:
    names = list(columns)
    rows = ["| " + " | ".join(["i", *names]) + " |", "|" + "---:|" * (len(names) + 1)]
    for index in range(len(columns[names[0]])):
        cells = [_number(columns[name][index], digits + 1) for name in names]
        rows.append("| " + " | ".join([str(index + 1), *cells]) + " |")
    return "\n".join(rows)


def _terms(call: Call, values: Mapping[str, Any]) -> Any:
    """The values of the samples where a loss reduces several of them; None otherwise."""
    from studyapp import losses

    if call.function not in losses.names() or losses.get(call.function).reduction is None:
        return None
    keywords = {name: node for name, node in call.keywords if name != "reduction"}
    arguments = [Expression.of(argument).evaluate(values) for argument in call.arguments]
    parameters = {name: getattr(node, "value", None) for name, node in keywords.items()}
    if any(value is None for value in parameters.values()):
        return None
    try:
        terms = np.asarray(losses.get(call.function)(*arguments, **parameters, reduction="none"))
    except (ValueError, TypeError):
        return None
    return terms if 1 < terms.size <= _MOST_ROWS else None


def _substituted(node: Node, values: Mapping[str, Any]) -> str:
    """The expression with every name of a single number, or of a short list, replaced by it."""
    return to_text(node, _shown(values, lists=True))


def _shown(values: Mapping[str, Any], lists: bool) -> dict[str, str]:
    """What to write in place of names and of their entries ``a[0]``; with ``lists`` also of short lists."""
    shown: dict[str, str] = {}
    for name, value in values.items():
        if value is None or isinstance(value, (str, Defined)):
            continue
        array = np.asarray(value)
        if array.ndim == 0:
            shown[name] = _number(array)
        elif array.ndim == 1:
            for index, entry in enumerate(array[:10]):
                shown[f"{name}[{index}]"] = _number(entry)
            if lists and array.size <= _MOST_LISTED:
                shown[name] = _number(array)
    return shown


def _number(value: Any, digits: int = 4) -> str:
    """A value with one digit more than asked for, its minus signs as in formulas."""
    return shown_value(np.asarray(value, dtype=np.float64)[()], digits).replace("-", "−").replace("e−", "e-")


def _is_plain(node: Node) -> bool:
    """Whether the node only writes down a number, as ``1/2`` does."""
    return isinstance(node, Binary) and all(isinstance(child, (Number, Constant)) for child in children(node))
