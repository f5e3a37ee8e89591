"""From a tree to a program, and from the values of its names to a number or an array. Importing this loads NumPy.

A program is a tree of closures, made once for an expression and run for every draw. Everything is float64; nothing
here reaches attributes, files or names other than those given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np

from studyapp.formula import budget
from studyapp.formula.definitions import Defined
from studyapp.formula.errors import ExpressionError
from studyapp.formula.functions import CONSTANTS, FUNCTIONS, MOST_ENTRIES, bounded
from studyapp.formula.tree import (
    Array,
    Binary,
    Call,
    Comparison,
    Comprehension,
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
from studyapp.locale.message import Message

_JACOBIAN_ENTRIES_TOO_LARGE = Message("a Jacobian of {entries} entries is too large")

_WORD = Message("a word cannot stand where a number belongs")
_NO_VALUE = Message("“{name}” has no value here")
_BY_ZERO = Message("this divides by zero")
_TOO_LARGE = Message("this number is too large to be computed")
_UNEQUAL_ROWS = Message("the rows of this matrix are not equally long")
_NO_ENTRIES = Message("a single number has no entries")
_WHOLE_INDEX = Message("the place of an entry is a whole number")
_NO_ENTRY = Message("there is no entry {place}: the last one is {last}")
_SHAPES = Message("the shapes {first} and {second} do not fit together")
_TOO_MANY = Message("{count} entries are too many: at most {most}")
_FUNCTION = Message("{function}: {error}")

_MOST_FOR_JACOBIANS = 500
_JACOBIANS = frozenset({"softmax.grad", "log_softmax.grad"})
_LOGARITHMS = frozenset({"ln", "log", "log2", "log10", "log1p", "logit"})
"""Functions that are infinite at the edge of their domain, where that may be meant."""

_OTHER_SHAPES = frozenset({"dot", "matmul", "outer", "concat"})
"""Functions whose arguments need not have the same shape."""

_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": lambda a, b: a**b,
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}

Values: TypeAlias = Mapping[str, Any]
Step: TypeAlias = Callable[[Values, bool], Any]
"""One node of a program: from the values of the names, and whether to be strict, to the node's value."""


class Program:
    """An expression ready to be run many times."""

    def __init__(self, node: Node, names: frozenset[str]) -> None:
        self._step = _step(node)
        self._names = names

    def run(self, values: Mapping[str, Any], strict: bool = False) -> Any:
        """The value: ``numpy.float64`` or a float64 array.

        ``strict`` refuses overflow and division by zero of plain numbers with the place in the text, instead of
        giving an infinity.

        Raises:
            ExpressionError: a name without a value, shapes that do not fit, an argument outside a loss's domain, a
                size beyond the limits.
            OutOfBudget: the time of the budget around this call, or the memory of the machine, is used up.
        """
        budget.check()
        numbers = {name: _number(values[name]) for name in self._names if name in values and values[name] is not None}
        try:
            with np.errstate(all="ignore"):
                result = self._step(numbers, strict)
        except MemoryError:
            raise budget.OutOfBudget from None
        return result if type(result) is np.float64 else np.asarray(result, dtype=np.float64)[()]


def _number(value: Any) -> Any:
    if isinstance(value, Defined):
        return value
    if type(value) is float or type(value) is int:
        return np.float64(value)
    return np.asarray(value, dtype=np.float64)[()]


def _step(node: Node) -> Step:
    return _STEPS[type(node)](node)


def _number_step(node: Number) -> Step:
    value = np.float64(node.value)
    return lambda values, strict: value


def _constant_step(node: Constant) -> Step:
    value = np.float64(CONSTANTS[node.name])
    return lambda values, strict: value


def _text_step(node: Text) -> Step:
    def refuse(values: Values, strict: bool) -> Any:
        raise ExpressionError(_WORD(), node.at)

    return refuse


def _name_step(node: Name) -> Step:
    name = node.name

    def look_up(values: Values, strict: bool) -> Any:
        try:
            return values[name]
        except KeyError:
            raise ExpressionError(_NO_VALUE(name=name), node.at) from None

    return look_up


def _negative_step(node: Negative) -> Step:
    operand = _step(node.operand)
    return lambda values, strict: -operand(values, strict)


def _percent_step(node: Percent) -> Step:
    operand = _step(node.operand)
    return lambda values, strict: operand(values, strict) / 100.0


def _not_step(node: Not) -> Step:
    operand = _step(node.operand)
    return lambda values, strict: _truth(np.equal(operand(values, strict), 0))


def _logical_step(node: Logical) -> Step:
    left, right = _step(node.left), _step(node.right)
    combine = np.logical_and if node.operator == "and" else np.logical_or

    def run(values: Values, strict: bool) -> Any:
        a, b = left(values, strict), right(values, strict)
        _check_shapes(a, b, at=node.at)
        return _truth(combine(a, b))

    return run


def _comparison_step(node: Comparison) -> Step:
    left, right, compare = _step(node.left), _step(node.right), _OPERATIONS[node.operator]

    def run(values: Values, strict: bool) -> Any:
        a, b = left(values, strict), right(values, strict)
        _check_shapes(a, b, at=node.at)
        return _truth(compare(a, b))

    return run


def _truth(condition: Any) -> Any:
    return np.asarray(condition, dtype=np.float64)[()]


def _binary_step(node: Binary) -> Step:
    left, right, operate = _step(node.left), _step(node.right), _OPERATIONS[node.operator]
    division, at = node.operator == "/", node.at

    def run(values: Values, strict: bool) -> Any:
        a, b = left(values, strict), right(values, strict)
        if type(a) is not np.float64 and type(b) is not np.float64:
            _check_shapes(a, b, at=at)
        if strict and division and np.any(np.equal(b, 0)):
            raise ExpressionError(_BY_ZERO(), at)
        result = operate(a, b)
        if strict and np.any(np.isinf(result)) and np.all(np.isfinite(a)) and np.all(np.isfinite(b)):
            raise ExpressionError(_TOO_LARGE(), at)
        return result

    return run


def _array_step(node: Array) -> Step:
    items = [_step(item) for item in node.items]

    def run(values: Values, strict: bool) -> Any:
        entries = [item(values, strict) for item in items]
        if any(type(entry) is not np.float64 for entry in entries):
            if len({np.shape(entry) for entry in entries}) > 1:
                raise ExpressionError(_UNEQUAL_ROWS(), node.at)
            _check_size(sum(int(np.size(entry)) for entry in entries), node.at)
        return np.array(entries, dtype=np.float64)

    return run


def _subscript_step(node: Subscript) -> Step:
    base, literal = _step(node.base), node.index
    place = None if isinstance(literal, int) else _step(literal)

    def run(values: Values, strict: bool) -> Any:
        array = base(values, strict)
        if type(array) is np.float64:
            raise ExpressionError(_NO_ENTRIES(), node.at)
        index = literal if place is None else _whole(place(values, strict), node.at)
        assert isinstance(index, int)
        if not -len(array) <= index < len(array):
            raise ExpressionError(_NO_ENTRY(place=index, last=len(array) - 1), node.at)
        return array[index]

    return run


def _whole(value: Any, at: int) -> int:
    if type(value) is not np.float64 or not float(value).is_integer():
        raise ExpressionError(_WHOLE_INDEX(), at)
    return int(value)


def _comprehension_step(node: Comprehension) -> Step:
    sequence, body, variable = _step(node.sequence), _step(node.body), node.variable

    def run(values: Values, strict: bool) -> Any:
        entries = []
        for entry in np.atleast_1d(sequence(values, strict)):
            budget.check()
            entries.append(body({**values, variable: entry}, strict))
        if len({np.shape(entry) for entry in entries}) > 1:
            raise ExpressionError(_UNEQUAL_ROWS(), node.at)
        _check_size(sum(int(np.size(entry)) for entry in entries), node.at)
        return np.array(entries, dtype=np.float64)

    return run


def _defined_step(node: Call) -> Step:
    """A function that the deck defines, applied to its arguments."""
    steps = [_step(argument) for argument in node.arguments]

    def run(values: Values, strict: bool) -> Any:
        budget.check()
        function = values.get(node.function)
        if not isinstance(function, Defined):
            raise ExpressionError(_NO_VALUE(name=node.function.partition("/")[0]), node.at)
        arguments = [step(values, strict) for step in steps]
        try:
            known = dict(zip(function.parameters, arguments, strict=True))
            result = function.body.evaluate({**function.known, **known}, strict)
        except ExpressionError as error:
            raise ExpressionError(error.message, node.at) from None
        _check_size(np.size(result), node.at)
        return result

    return run


def _call_step(node: Call) -> Step:
    if "/" in node.function:
        return _defined_step(node)
    steps = [_step(argument) for argument in node.arguments]
    keywords = [(name, _keyword(value)) for name, value in node.keywords]
    own = FUNCTIONS.get(node.function)
    same_shapes = len(steps) > 1 and node.function not in _OTHER_SHAPES
    finite = node.function not in _LOGARITHMS

    def run(values: Values, strict: bool) -> Any:
        budget.check()
        arguments = [step(values, strict) for step in steps]
        if same_shapes and own is not None:
            _check_shapes(*arguments, at=node.at)
        elif same_shapes:
            _check_pairs(arguments, node.at)
        function = own if own is not None else _loss(node, arguments)
        named = {name: step(values, strict) for name, step in keywords}
        try:
            result = np.asarray(function(*arguments, **named), dtype=np.float64)[()]
        except ExpressionError as error:
            raise ExpressionError(error.message, node.at) from None
        except (ValueError, TypeError, IndexError, OverflowError, ZeroDivisionError, FloatingPointError) as error:
            raise ExpressionError(_FUNCTION(function=node.function, error=str(error)), node.at) from None
        _check_size(result.size, node.at)
        overflow = strict and finite and bool(np.any(np.isinf(result)))
        if overflow and all(np.all(np.isfinite(argument)) for argument in arguments):
            raise ExpressionError(_TOO_LARGE(), node.at)
        return result

    return run


def _loss(node: Call, arguments: list[Any]) -> Callable[..., Any]:
    """The reference loss or its gradient."""
    from studyapp import losses

    if node.function in _JACOBIANS:
        entries = max((int(np.size(argument)) for argument in arguments), default=0)
        if entries > _MOST_FOR_JACOBIANS:
            raise ExpressionError(_JACOBIAN_ENTRIES_TOO_LARGE(entries=entries), node.at)
    try:
        reference = losses.get(node.function.removesuffix(".grad"))
    except (KeyError, ValueError) as error:
        raise ExpressionError(str(error), node.at) from None
    return reference.grad if node.function.endswith(".grad") else reference


def _keyword(node: Node) -> Step:
    """A named argument: words as they are, whole numbers as integers."""
    if isinstance(node, Text):
        word = node.value
        return lambda values, strict: word
    step = _step(node)
    literal = isinstance(node, Number) or (isinstance(node, Negative) and isinstance(node.operand, Number))

    def run(values: Values, strict: bool) -> Any:
        value = step(values, strict)
        return int(value) if literal and float(value).is_integer() else value

    return run


_STEPS: dict[type, Callable[[Any], Step]] = {
    Number: _number_step,
    Constant: _constant_step,
    Text: _text_step,
    Name: _name_step,
    Negative: _negative_step,
    Percent: _percent_step,
    Not: _not_step,
    Logical: _logical_step,
    Comparison: _comparison_step,
    Binary: _binary_step,
    Array: _array_step,
    Subscript: _subscript_step,
    Comprehension: _comprehension_step,
    Call: _call_step,
}


# ---------------------------------------------------------------------- limits


def _check_shapes(*arrays: Any, at: int) -> None:
    """Refuse operands that do not fit, or whose combination, of all of them together, would be too large."""
    shapes = [np.shape(array) for array in arrays if np.ndim(array)]
    if len(shapes) < 2:
        return
    try:
        bounded(math.prod(np.broadcast_shapes(*shapes)))
    except ExpressionError as error:
        raise ExpressionError(error.message, at) from None
    except ValueError:
        first = next(shape for shape in shapes if not _fit(shapes[0], shape) or shape is shapes[-1])
        words = ("×".join(map(str, shape)) for shape in (shapes[0], first))
        raise ExpressionError(_SHAPES(first=next(words), second=next(words)), at) from None


def _fit(first: tuple[int, ...], second: tuple[int, ...]) -> bool:
    try:
        np.broadcast_shapes(first, second)
    except ValueError:
        return False
    return True


def _check_pairs(arrays: list[Any], at: int) -> None:
    """Refuse arguments of a loss that, spread over each other, would be too large; the loss checks how they fit."""
    shapes = [np.shape(array) for array in arrays]
    if all(_fit(shapes[0], shape) for shape in shapes) and math.prod(np.broadcast_shapes(*shapes)) > MOST_ENTRIES:
        raise ExpressionError(_TOO_MANY(count=math.prod(np.broadcast_shapes(*shapes)), most=MOST_ENTRIES), at)


def _check_size(entries: int, at: int) -> None:
    if entries > MOST_ENTRIES:
        raise ExpressionError(_TOO_MANY(count=entries, most=MOST_ENTRIES), at)
