"""A tree as LaTeX, for formulas that are shown in two dimensions."""

from __future__ import annotations

import re

from studyapp.formula.printing import number_text
from studyapp.formula.spelling import GREEK_NAMES
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
_COMPARISON_SIGNS = {"==": "=", "!=": r"\ne", "<=": r"\le", ">=": r"\ge"}
_CONSTANTS = {"pi": r"\pi", "inf": r"\infty", "e": "e"}
_COMMANDS = frozenset({"ln", "exp", "max", "min", "tanh", "cosh", "sinh", "sin", "cos", "tan"})
_ACCENTS = {"hat", "bar", "tilde", "dot", "vec"}


def to_latex(node: Node) -> str:
    """The tree as LaTeX: built-up fractions, Greek letters, indices and accents."""
    return _print(node, _LOOSEST)


def name_to_latex(name: str) -> str:
    """A variable's name as LaTeX: ``alpha_t`` as ``\\alpha_{t}``, ``y_hat`` as ``\\hat{y}``."""
    base, *tails = name.split("_")
    match = re.fullmatch(r"([A-Za-z])(\d+)", base)
    if match is not None:
        base, tails = match[1], [match[2], *tails]
    letter = base if len(base) == 1 else f"\\mathrm{{{base}}}"
    shown = f"\\{base}" if base in GREEK_NAMES else letter
    for accent in [tail for tail in tails if tail in _ACCENTS]:
        shown = f"\\{accent}{{{shown}}}"
    index = ",".join(tail for tail in tails if tail not in _ACCENTS)
    return f"{shown}_{{{index}}}" if index else shown


def _print(node: Node, context: int) -> str:
    text, binding = _parts(node)
    return rf"\left({text}\right)" if binding < context else text


def _parts(node: Node) -> tuple[str, int]:
    """The LaTeX of a node and how tightly it holds together."""
    match node:
        case Number(value, digits):
            return number_text(value, digits).replace("−", "-"), _WHOLE
        case Name(name):
            return name_to_latex(name), _WHOLE
        case Constant(name):
            return _CONSTANTS[name], _WHOLE
        case Negative(operand):
            return "-" + _print(operand, _POWER), _SIGN
        case Percent(operand):
            return _print(operand, _WHOLE) + r"\%", _WHOLE
        case Binary():
            return _binary(node)
        case Comparison(operator, left, right):
            sign = _COMPARISON_SIGNS.get(operator, operator)
            return rf"\mathbf{{1}}[{_print(left, _SUM)} {sign} {_print(right, _SUM)}]", _WHOLE
        case Logical(operator, left, right):
            return rf"{_print(left, _COMPARE)}\ \text{{{operator}}}\ {_print(right, _COMPARE)}", _LOOSEST
        case Not(operand):
            return rf"\text{{not}}\ {_print(operand, _COMPARE)}", _COMPARE
        case Call():
            return _call(node)
        case Array(items):
            return "[" + ",\\ ".join(_print(item, _LOOSEST) for item in items) + "]", _WHOLE
        case Subscript(base, index):
            return f"{_print(base, _WHOLE)}_{{{index if isinstance(index, int) else _print(index, _LOOSEST)}}}", _WHOLE
        case Comprehension(body, variable, sequence):
            inner = rf"{_print(body, _LOOSEST)}\ \text{{for}}\ {name_to_latex(variable)}\in"
            return f"{inner} {_print(sequence, _LOOSEST)}", _LOOSEST
        case Text(value):
            return rf"\text{{{value}}}", _WHOLE


def _binary(node: Binary) -> tuple[str, int]:
    left, right = node.left, node.right
    if node.operator == "/":
        return rf"\frac{{{_print(left, _LOOSEST)}}}{{{_print(right, _LOOSEST)}}}", _POWER
    if node.operator == "^":
        return f"{_print(left, _WHOLE)}^{{{_print(right, _LOOSEST)}}}", _POWER
    if node.operator == "*":
        second = _print(right, _SIGN)
        if isinstance(right, Negative):
            second = rf"\left({_print(right, _LOOSEST)}\right)"
        sign = r" \cdot " if second[0].isdigit() else r"\,"
        return _print(left, _PRODUCT) + sign + second, _PRODUCT
    return f"{_print(left, _SUM)} {node.operator} {_print(right, _PRODUCT)}", _SUM


def _call(node: Call) -> tuple[str, int]:
    arguments = [_print(argument, _LOOSEST) for argument in node.arguments]
    inner = ",\\ ".join(arguments)
    if node.function == "sqrt":
        return rf"\sqrt{{{inner}}}", _WHOLE
    if node.function == "abs":
        return rf"\left|{inner}\right|", _WHOLE
    if node.function == "norm":
        return rf"\lVert {inner} \rVert", _WHOLE
    if node.function == "relu":
        return rf"\max\left(0,\ {inner}\right)", _POWER
    if node.function in ("log2", "log10"):
        return rf"\log_{{{node.function[3:]}}}\left({inner}\right)", _POWER
    if node.function == "sigmoid":
        command = r"\sigma"
    elif node.function in _COMMANDS:
        command = f"\\{node.function}"
    else:
        command = rf"\operatorname{{{node.function.partition('/')[0].replace('_', chr(92) + '_')}}}"
    return rf"{command}\left({inner}\right)", _POWER
