"""The tree of an expression, the same for what a deck declares and for what a learner types.

Nodes compare by content; where they stood in the text (``at``, a column from 0) and how a number was written do not
count.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct

_NOT_COMPARED = ("at", "text")


class _Compared(Struct, frozen=True, eq=False):
    """Base of all nodes: immutable, equal where kind and content are."""

    def _content(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__struct_fields__ if name not in _NOT_COMPARED)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Compared) or type(other) is not type(self):
            return NotImplemented
        return self._content() == other._content()

    def __hash__(self) -> int:
        return hash((type(self).__name__, self._content()))


class Number(_Compared, frozen=True, eq=False):
    """A literal number. ``text`` keeps its digits as written, so that rounding can be taken into account."""

    value: float
    text: str = ""
    at: int = 0


class Text(_Compared, frozen=True, eq=False):
    """A quoted word, or ``True``/``False``/``None``: only ever the value of a keyword argument."""

    value: str | bool | None
    at: int = 0


class Name(_Compared, frozen=True, eq=False):
    """A variable of the question."""

    name: str
    at: int = 0


class Constant(_Compared, frozen=True, eq=False):
    """``pi``, ``e`` or ``inf``."""

    name: str
    at: int = 0


class Negative(_Compared, frozen=True, eq=False):
    """A minus sign before an operand."""

    operand: Node
    at: int = 0


class Percent(_Compared, frozen=True, eq=False):
    """An operand followed by ``%``: a hundredth of it."""

    operand: Node
    at: int = 0


class Binary(_Compared, frozen=True, eq=False):
    """``+ - * / ^`` between two operands."""

    operator: str
    left: Node
    right: Node
    at: int = 0


class Comparison(_Compared, frozen=True, eq=False):
    """``== != < <= > >=``: one where it holds, else zero."""

    operator: str
    left: Node
    right: Node
    at: int = 0


class Logical(_Compared, frozen=True, eq=False):
    """``and`` or ``or`` of two conditions."""

    operator: str
    left: Node
    right: Node
    at: int = 0


class Not(_Compared, frozen=True, eq=False):
    """A condition turned round."""

    operand: Node
    at: int = 0


class Call(_Compared, frozen=True, eq=False):
    """A function of the vocabulary, a reference loss (``bce``), a loss's gradient (``bce.grad``), or a function that
    the deck defines (``choose/2``)."""

    function: str
    arguments: tuple[Node, ...]
    keywords: tuple[tuple[str, Node], ...] = ()
    at: int = 0


class Array(_Compared, frozen=True, eq=False):
    """A vector, or a matrix as a vector of vectors."""

    items: tuple[Node, ...]
    at: int = 0


class Subscript(_Compared, frozen=True, eq=False):
    """``base[index]``, counted from 0; negative ones from the end. The index is a literal integer or an expression."""

    base: Node
    index: int | Node
    at: int = 0


class Comprehension(_Compared, frozen=True, eq=False):
    """``body for variable in sequence``: a vector with the value of ``body`` for each entry of ``sequence``."""

    body: Node
    variable: str
    sequence: Node
    at: int = 0


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
    | Comprehension
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
        case Subscript(base, index):
            return (base,) if isinstance(index, int) else (base, index)
        case Comprehension(_, _, sequence):
            return (sequence,)  # the body has no value without its variable
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, outermost first."""
    yield node
    for child in children(node):
        yield from walk(child)


def names_in(node: Node) -> frozenset[str]:
    """The variables that occur in the tree, and the functions that the deck must define (``choose/2``)."""
    found: set[str] = set()
    for part in walk(node):
        if isinstance(part, Name):
            found.add(part.name)
        elif isinstance(part, Call) and "/" in part.function:
            found.add(part.function)
        elif isinstance(part, Comprehension):
            found |= names_in(part.body) - {part.variable}
    return frozenset(found)


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
            return Subscript(replace(base, old, new), index if isinstance(index, int) else replace(index, old, new), at)
        case Comprehension(body, variable, sequence, at):
            return Comprehension(replace(body, old, new), variable, replace(sequence, old, new), at)
        case _:
            return node
