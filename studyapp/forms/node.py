"""What a YAML file consists of: scalars, lists and mappings, each with the place where it was written.

Scalars keep their spelling. Whether ``12`` is a number or a text is decided by what a deck expects at that
place, so that YAML's own guesses (``no``, ``1_000``, ``12:30``) can be told apart from what the author meant.
"""

from __future__ import annotations

from typing import TypeAlias

from studyapp.locale.message import Message

_SINGLE_VALUE = Message("a single value")
_LIST = Message("a list")
_MAPPING = Message("a mapping")


class ScalarNode:
    """A single value as written. ``plain`` means without quotes or ``|``; ``style`` is YAML's mark for it."""

    __slots__ = ("column", "line", "style", "value")

    def __init__(self, value: str, style: str, line: int, column: int) -> None:
        self.value = value
        self.style = style
        self.line = line
        self.column = column

    @property
    def plain(self) -> bool:
        """True where the value stands without quotes and is not a block text."""
        return not self.style


class ListNode:
    """A sequence of nodes."""

    __slots__ = ("column", "items", "line")

    def __init__(self, items: list[Node], line: int, column: int) -> None:
        self.items = items
        self.line = line
        self.column = column


class MapNode:
    """Keys and values in the order written; a key may occur twice, which is for the reader to report."""

    __slots__ = ("column", "entries", "line")

    def __init__(self, entries: list[tuple[Node, Node]], line: int, column: int) -> None:
        self.entries = entries
        self.line = line
        self.column = column

    def get(self, key: str) -> Node | None:
        """The value of the first entry written with ``key``."""
        for name, value in self.entries:
            if type(name) is ScalarNode and name.value == key:
                return value
        return None


Node: TypeAlias = ScalarNode | ListNode | MapNode
NodePath: TypeAlias = tuple[str | int, ...]
"""The way from a node to one inside it: keys and list positions."""


def node_at(node: Node, path: NodePath) -> Node:
    """The node at the end of ``path``, or the last one on the way that exists."""
    for step in path:
        inner: Node | None = None
        if isinstance(step, str) and type(node) is MapNode:
            inner = node.get(step)
        elif isinstance(step, int) and type(node) is ListNode and 0 <= step < len(node.items):
            inner = node.items[step]
        if inner is None:
            return node
        node = inner
    return node


def describe(node: Node) -> str:
    """What a node is, in the words of a message."""
    if type(node) is ListNode:
        return _LIST()
    if type(node) is MapNode:
        return _MAPPING()
    return _SINGLE_VALUE()
