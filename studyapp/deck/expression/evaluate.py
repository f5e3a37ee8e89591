"""From a tree and the values of its names to a number or an array. Importing this module loads NumPy.

Everything is float64; nothing here reaches attributes, files or names other than those given.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from studyapp.deck.expression.errors import ExpressionError
from studyapp.deck.expression.functions import CONSTANTS, FUNCTIONS, MOST_ENTRIES, bounded
from studyapp.deck.expression.tree import (
    Array,
    Binary,
    Call,
    Comparison,
    Constant,
    Logical,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Percent,
    Subscript,
    Text,
)

_MOST_FOR_JACOBIANS = 500
_JACOBIANS = frozenset({"softmax.grad", "log_softmax.grad"})
_LOGARITHMS = frozenset({"ln", "log", "log2", "log10", "log1p", "logit"})
"""Functions that are infinite at the edge of their domain, where that may be meant."""


def evaluate_tree(node: Node, values: Mapping[str, Any], strict: bool = False) -> Any:
    """The value of a tree: ``numpy.float64`` or a float64 array.

    ``strict`` refuses overflow and division by zero of plain numbers with the place in the text, instead of giving
    an infinity.

    Raises:
        ExpressionError: a name without a value, shapes that do not fit, an argument outside a loss's domain, a size
            beyond the limits.
    """
    with np.errstate(all="ignore"):
        result = np.asarray(_Evaluation(values, strict).value(node), dtype=np.float64)
    return result[()] if result.ndim == 0 else result


class _Evaluation:
    """One walk through one tree."""

    def __init__(self, values: Mapping[str, Any], strict: bool) -> None:
        self.values = values
        self.strict = strict

    def value(self, node: Node) -> Any:
        match node:
            case Number(value):
                return value
            case Name(name):
                return self.name(node, name)
            case Constant(name):
                return CONSTANTS[name]
            case Negative(operand):
                return -self.value(operand)
            case Percent(operand):
                return self.value(operand) / 100.0
            case Binary(operator, left, right, at):
                return self.binary(operator, self.value(left), self.value(right), at)
            case Call():
                return self.call(node)
            case Array(items, at):
                return self.array([self.value(item) for item in items], at)
            case Subscript():
                return self.subscript(node)
            case Comparison(operator, left, right, at):
                return self.comparison(operator, self.value(left), self.value(right), at)
            case Logical(operator, left, right, at):
                a, b = np.asarray(self.value(left)) != 0, np.asarray(self.value(right)) != 0
                self.same_shape(a, b, at)
                return np.asarray(a & b if operator == "and" else a | b, dtype=np.float64)
            case Not(operand):
                return np.asarray(np.asarray(self.value(operand)) == 0, dtype=np.float64)
            case Text(_, at):
                raise ExpressionError("a word cannot stand where a number belongs", at)

    def name(self, node: Name, name: str) -> Any:
        if name not in self.values:
            raise ExpressionError(f"“{name}” has no value here", node.at)
        value = np.asarray(self.values[name], dtype=np.float64)
        return value[()] if value.ndim == 0 else value

    def same_shape(self, a: Any, b: Any, at: int) -> None:
        """Refuse operands that do not fit, or whose combination would be too large."""
        if np.ndim(a) == 0 or np.ndim(b) == 0:
            return
        try:
            bounded(math.prod(np.broadcast_shapes(np.shape(a), np.shape(b))))
        except ExpressionError as error:
            raise ExpressionError(error.message, at) from None
        except ValueError:
            message = f"the shapes {_shape(a)} and {_shape(b)} do not fit together"
            raise ExpressionError(message, at) from None

    def binary(self, operator: str, a: Any, b: Any, at: int) -> Any:
        self.same_shape(a, b, at)
        a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
        if operator == "+":
            result = a + b
        elif operator == "-":
            result = a - b
        elif operator == "*":
            result = a * b
        elif operator == "/":
            if self.strict and np.any(b == 0):
                raise ExpressionError("this divides by zero", at)
            result = a / b
        else:
            result = a**b
        if self.strict and np.any(np.isinf(result)) and np.all(np.isfinite(a)) and np.all(np.isfinite(b)):
            raise ExpressionError("this number is too large to be computed", at)
        return result

    def comparison(self, operator: str, a: Any, b: Any, at: int) -> Any:
        self.same_shape(a, b, at)
        a, b = np.asarray(a), np.asarray(b)
        result = {
            "==": np.equal,
            "!=": np.not_equal,
            "<": np.less,
            "<=": np.less_equal,
            ">": np.greater,
            ">=": np.greater_equal,
        }[operator](a, b)
        return np.asarray(result, dtype=np.float64)

    def array(self, items: list[Any], at: int) -> Any:
        if len({np.shape(item) for item in items}) > 1:
            raise ExpressionError("the rows of this matrix are not equally long", at)
        self.check_size(sum(int(np.size(item)) for item in items), at)
        return np.array(items, dtype=np.float64)

    @staticmethod
    def check_size(entries: int, at: int) -> None:
        if entries > MOST_ENTRIES:
            raise ExpressionError(f"{entries} entries are too many: at most {MOST_ENTRIES}", at)

    def subscript(self, node: Subscript) -> Any:
        base = np.asarray(self.value(node.base))
        if base.ndim == 0:
            raise ExpressionError("a single number has no entries", node.at)
        if not -len(base) <= node.index < len(base):
            raise ExpressionError(f"there is no entry {node.index}: the last one is {len(base) - 1}", node.at)
        return base[node.index]

    def call(self, node: Call) -> Any:
        arguments = [self.value(argument) for argument in node.arguments]
        keywords = {name: self.keyword(value) for name, value in node.keywords}
        function = FUNCTIONS.get(node.function)
        if node.function in FUNCTIONS and function is not None:
            if len(arguments) > 1:
                for other in arguments[1:]:
                    if node.function not in ("dot", "matmul", "outer", "concat"):
                        self.same_shape(arguments[0], other, node.at)
        else:
            function = self.loss(node, arguments)
        try:
            result = np.asarray(function(*arguments, **keywords), dtype=np.float64)
        except ExpressionError as error:
            raise ExpressionError(error.message, node.at) from None
        except (
            ValueError,
            TypeError,
            IndexError,
            OverflowError,
            ZeroDivisionError,
            FloatingPointError,
        ) as error:
            raise ExpressionError(f"{node.function}: {error}", node.at) from None
        self.check_size(result.size, node.at)
        overflow = self.strict and bool(np.any(np.isinf(result))) and node.function not in _LOGARITHMS
        if overflow and all(np.all(np.isfinite(argument)) for argument in arguments):
            raise ExpressionError("this number is too large to be computed", node.at)
        return result[()] if result.ndim == 0 else result

    def loss(self, node: Call, arguments: list[Any]) -> Any:
        from studyapp import losses

        if node.function in _JACOBIANS:
            entries = max((int(np.size(argument)) for argument in arguments), default=0)
            if entries > _MOST_FOR_JACOBIANS:
                raise ExpressionError(f"a Jacobian of {entries} entries is too large", node.at)
        try:
            reference = losses.get(node.function.removesuffix(".grad"))
        except (KeyError, ValueError) as error:
            raise ExpressionError(str(error), node.at) from None
        return reference.grad if node.function.endswith(".grad") else reference

    def keyword(self, node: Node) -> Any:
        """A named argument: words as they are, whole numbers as integers."""
        if isinstance(node, Text):
            return node.value
        value = self.value(node)
        whole = isinstance(node, Number) or (isinstance(node, Negative) and isinstance(node.operand, Number))
        return int(value) if whole and float(value).is_integer() else value


def _shape(a: Any) -> str:
    return "×".join(str(size) for size in np.shape(a))
