"""A tree as one line of text, the same line however the expression was typed."""

from __future__ import annotations

from collections.abc import Mapping

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

_LOOSEST, _COMPARE, _SUM, _PRODUCT, _SIGN, _POWER, _WHOLE = range(7)
_OPERATORS = {
    "+": (" + ", _SUM, _SUM, _PRODUCT),
    "-": (" − ", _SUM, _SUM, _PRODUCT),
    "*": ("·", _PRODUCT, _PRODUCT, _PRODUCT),
    "/": ("/", _PRODUCT, _PRODUCT, _SIGN),
    "^": ("^", _POWER, _WHOLE, _WHOLE),
}
_COMPARISON_SIGNS = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥"}
_CONSTANTS = {"pi": "π", "inf": "∞", "e": "e"}


def to_text(node: Node, values: Mapping[str, str] | None = None) -> str:
    """The tree as text, with ``·`` for products and ``−`` for minus; ``values`` are shown in place of names."""
    return _print(node, _LOOSEST, values or {})


def _print(node: Node, context: int, values: Mapping[str, str]) -> str:
    text, binding = _parts(node, values)
    return f"({text})" if binding < context else text


def _parts(node: Node, values: Mapping[str, str]) -> tuple[str, int]:
    """The text of a node and how tightly it holds together."""
    match node:
        case Number(value, digits):
            return number_text(value, digits), _WHOLE
        case Name(name):
            shown = values.get(name, name)
            return shown, _SUM if shown.startswith(("-", "−")) else _WHOLE
        case Constant(name):
            return _CONSTANTS[name], _WHOLE
        case Negative(operand):
            return "−" + _print(operand, _POWER, values), _SIGN
        case Percent(operand):
            return _print(operand, _WHOLE, values) + "%", _WHOLE
        case Binary(operator, left, right):
            sign, binding, left_context, right_context = _OPERATORS[operator]
            shown_right = _print(right, right_context, values)
            if operator == "*" and isinstance(right, Negative) and not shown_right.startswith("("):
                shown_right = f"({shown_right})"
            return _print(left, left_context, values) + sign + shown_right, binding
        case Comparison(operator, left, right):
            sign = _COMPARISON_SIGNS.get(operator, operator)
            return f"{_print(left, _SUM, values)} {sign} {_print(right, _SUM, values)}", _COMPARE
        case Logical(operator, left, right):
            return f"{_print(left, _COMPARE, values)} {operator} {_print(right, _COMPARE, values)}", _LOOSEST
        case Not(operand):
            return f"not {_print(operand, _COMPARE, values)}", _COMPARE
        case Call():
            return _call(node, values), _WHOLE
        case Array(items):
            return "[" + ", ".join(_print(item, _LOOSEST, values) for item in items) + "]", _WHOLE
        case Subscript(base, index):
            plain = f"{_print(base, _WHOLE, {})}[{_index(index, {})}]"
            shown = values.get(plain) or f"{_print(base, _WHOLE, values)}[{_index(index, values)}]"
            return shown, _SUM if shown.startswith(("-", "−")) else _WHOLE
        case Comprehension(body, variable, sequence):
            inner = _print(body, _LOOSEST, {name: one for name, one in values.items() if name != variable})
            return f"{inner} for {variable} in {_print(sequence, _LOOSEST, values)}", _LOOSEST
        case Text(value):
            return (f"'{value}'" if isinstance(value, str) else str(value)), _WHOLE


def _index(index: int | Node, values: Mapping[str, str]) -> str:
    return str(index) if isinstance(index, int) else _print(index, _LOOSEST, values)


def _call(node: Call, values: Mapping[str, str]) -> str:
    arguments = [_print(argument, _LOOSEST, values) for argument in node.arguments]
    if node.function == "abs":
        return f"|{arguments[0]}|"
    if node.function == "sigmoid":
        return f"σ({arguments[0]})"
    named = [f"{name}={_print(value, _LOOSEST, values)}" for name, value in node.keywords]
    return f"{node.function.partition('/')[0]}({', '.join(arguments + named)})"


def number_text(value: float, digits: str = "") -> str:
    """A number as typed, or else by its shortest digits."""
    if digits:
        return digits if not digits.startswith(".") else f"0{digits}"
    text = f"{value:.12g}"
    return text.replace("-", "−", 1) if text.startswith("-") else text
