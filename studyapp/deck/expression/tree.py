"""The tree of an expression, the same for what a deck declares and for what a learner types.

Nodes compare by content; where they stood in the text (``at``, a column from 0) does not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Number:
    """A literal number. ``text`` keeps its digits as written, so that rounding can be taken into account."""

    value: float
    text: str = field(default="", compare=False)
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted word, or ``True``/``False``/``None``: only ever the value of a keyword argument."""

    value: str | bool | None
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A variable of the question."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Constant:
    """``pi``, ``e`` or ``inf``."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Negative:
    """A minus sign before an operand."""

    operand: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Percent:
    """An operand followed by ``%``: a hundredth of it."""

    operand: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """``+ - * / ^`` between two operands."""

    operator: str
    left: Node
    right: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """``== != < <= > >=``: one where it holds, else zero."""

    operator: str
    left: Node
    right: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Logical:
    """``and`` or ``or`` of two conditions."""

    operator: str
    left: Node
    right: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """A condition turned round."""

    operand: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the vocabulary, a reference loss (``bce``) or a loss's gradient (``bce.grad``)."""

    function: str
    arguments: tuple[Node, ...]
    keywords: tuple[tuple[str, Node], ...] = ()
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Array:
    """A vector, or a matrix as a vector of vectors."""

    items: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Subscript:
    """``base[index]`` with literal integers, counted from 0; negative ones from the end."""

    base: Node
    index: int
    at: int = field(default=0, compare=False)


Node: TypeAlias = (
    Number
    | Text
    | Name
    | Constant
    | Negative
    | Percent
    | Binary
    | Comparison
    | Logical
    | Not
    | Call
    | Array
    | Subscript
)


def children(node: Node) -> tuple[Node, ...]:
    """The operands of a node, in the order in which they are written."""
    match node:
        case Negative(operand) | Percent(operand) | Not(operand):
            return (operand,)
        case Binary(_, left, right) | Comparison(_, left, right) | Logical(_, left, right):
            return (left, right)
        case Call(_, arguments, keywords):
            return (*arguments, *(value for _, value in keywords))
        case Array(items):
            return items
        case Subscript(base, _):
            return (base,)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, outermost first."""
    yield node
    for child in children(node):
        yield from walk(child)


def names_in(node: Node) -> frozenset[str]:
    """The variables that occur in the tree."""
    return frozenset(part.name for part in walk(node) if isinstance(part, Name))


def replace(node: Node, old: Node, new: Node) -> Node:
    """The tree with every part equal to ``old`` replaced by ``new``."""
    if node == old:
        return new
    match node:
        case Negative(operand, at):
            return Negative(replace(operand, old, new), at)
        case Percent(operand, at):
            return Percent(replace(operand, old, new), at)
        case Not(operand, at):
            return Not(replace(operand, old, new), at)
        case Binary(operator, left, right, at):
            return Binary(operator, replace(left, old, new), replace(right, old, new), at)
        case Comparison(operator, left, right, at):
            return Comparison(operator, replace(left, old, new), replace(right, old, new), at)
        case Logical(operator, left, right, at):
            return Logical(operator, replace(left, old, new), replace(right, old, new), at)
        case Call(function, arguments, keywords, at):
            return Call(
                function,
                tuple(replace(argument, old, new) for argument in arguments),
                tuple((key, replace(value, old, new)) for key, value in keywords),
                at,
            )
        case Array(items, at):
            return Array(tuple(replace(item, old, new) for item in items), at)
        case Subscript(base, index, at):
            return Subscript(replace(base, old, new), index, at)
        case _:
            return node
