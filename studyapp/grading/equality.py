"""When two values of formulas are the same number: up to rounding, and what is not finite only where it is the same."""

from __future__ import annotations

import math
from collections.abc import Mapping

from studyapp.formula import Expression, ExpressionError
from studyapp.formula.tree import Array, Call, Number, Text, replace, walk

RELATIVE = 1e-8
_FLOOR = 1e-11
_ROUNDING = 1e-13
_LEAST_DIGITS = 3

NAMED = frozenset({"sigmoid", "logit", "softplus", "relu", "tanh", "softmax", "log_softmax", "logsumexp"})
"""Functions that a question may ask to be worked out: to type their name is to type the question back."""


def value_at(expression: Expression, point: Mapping[str, object]) -> float:
    """The value of a formula at a point; not a number where it has none or is a list."""
    try:
        value = expression.evaluate(point)
    except ExpressionError:
        return math.nan
    return float(value) if getattr(value, "ndim", 0) == 0 else math.nan


def same_number(first: float, second: float, scale: float = 0.0, slack: float = 0.0) -> bool:
    """Whether two values are equal up to rounding.

    ``scale`` is the size of the values at other points, ``slack`` an absolute difference that is allowed. A value that
    is not finite equals only the same one, and what is undefined equals nothing.
    """
    if not (math.isfinite(first) and math.isfinite(second)):
        return first == second
    return abs(first - second) <= RELATIVE * max(abs(first), abs(second)) + _FLOOR * scale + slack


def rounding_slack(expression: Expression, point: Mapping[str, object], scale: float) -> float:
    """How far the value may lie from zero by rounding alone, from its largest intermediate value.

    Never more than a millionth of the size that the value has elsewhere, or of 1.
    """
    largest = 0.0
    for node in walk(expression.tree):
        if isinstance(node, (Array, Text)):
            continue
        value = value_at(Expression.of(node), point)
        if math.isfinite(value):
            largest = max(largest, abs(value))
    return min(_ROUNDING * largest, 1e-6 * max(scale, 1.0))


def same_at(first: Expression, second: Expression, point: Mapping[str, object], scale: float = 0.0) -> bool:
    """Whether two formulas have the same value at a point."""
    a, b = value_at(first, point), value_at(second, point)
    if same_number(a, b, scale):
        return True
    if not (math.isfinite(a) and math.isfinite(b)) or abs(a - b) > 1e-6 * max(scale, 1.0):
        return False
    slack = rounding_slack(first, point, scale) + rounding_slack(second, point, scale)
    return same_number(a, b, scale, slack)


def is_rounded(typed: Expression, right: Expression, points: list[Mapping[str, float]]) -> bool:
    """Whether the typed formula is the right one but for constants written to three digits or more.

    That is where the difference at every point is no more than what the last digits of its decimal numbers leave open.
    """
    constants = [
        node for node in dict.fromkeys(walk(typed.tree)) if isinstance(node, Number) and _digits(node) >= _LEAST_DIGITS
    ]
    if not constants:
        return False
    varied: list[tuple[Expression, Expression]] = []
    for constant in constants:
        half = 0.5 * 10.0 ** -len(constant.text.partition(".")[2])
        varied.append(
            (
                Expression.of(replace(typed.tree, constant, Number(constant.value + half))),
                Expression.of(replace(typed.tree, constant, Number(constant.value - half))),
            )
        )
    for point in points:
        given, wanted = value_at(typed, point), value_at(right, point)
        slack = sum(
            max(abs(value_at(more, point) - given), abs(value_at(less, point) - given)) for more, less in varied
        )
        if not (math.isfinite(given) and math.isfinite(slack) and same_number(given, wanted, slack=1.05 * slack)):
            return False
    return True


def _digits(number: Number) -> int:
    """The significant digits of a decimal number; none of one without a point."""
    if "." not in number.text or "e" in number.text.lower():
        return 0
    return len(number.text.replace(".", "").lstrip("0"))


def named_functions(expression: Expression) -> frozenset[str]:
    """The functions with a name of their own, such as the sigmoid, that a formula calls."""
    return frozenset(part.function for part in walk(expression.tree) if isinstance(part, Call)) & NAMED


def is_typed_back(typed: Expression, right: Expression) -> str | None:
    """The function that is asked for, where the typed formula only calls it; None otherwise."""
    tree = typed.tree
    if not isinstance(tree, Call) or tree.function not in NAMED or tree.function in named_functions(right):
        return None
    inside = {node for argument in tree.arguments for node in walk(argument)}
    return None if any(isinstance(node, Call) for node in inside) else tree.function
