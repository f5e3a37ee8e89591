"""Expressions: what decks declare and what learners type, read into one tree and computed by one evaluator.

Reading needs no NumPy. An expression is data: it can name the variables that it is given, a fixed list of functions
and the reference losses, and nothing else of Python.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from studyapp.formula.errors import ExpressionError
from studyapp.formula.grammar import DECK, FORMULA, LIST, NUMBER, Grammar
from studyapp.formula.parser import parse_tree
from studyapp.formula.placeholder import Placeholder, fill, split_placeholders
from studyapp.formula.printing import to_text
from studyapp.formula.spelling import spelling_key
from studyapp.formula.tokens import Token
from studyapp.formula.tree import Node, names_in

if TYPE_CHECKING:
    from studyapp.formula.evaluate import Program

__all__ = [
    "DECK",
    "FORMULA",
    "LIST",
    "NUMBER",
    "Expression",
    "ExpressionError",
    "Grammar",
    "Placeholder",
    "fill",
    "parse",
    "spelling_key",
    "split_placeholders",
]


class Expression(Struct, frozen=True, eq=False):
    """An expression that was read: its text, its tree and the variables that occur in it."""

    text: str
    tree: Node
    names: frozenset[str] = frozenset()
    _program: list[Program] = []

    @classmethod
    def of(cls, tree: Node) -> Expression:
        """The expression that is a part of another one."""
        return cls("", tree, names_in(tree))

    def evaluate(self, values: Mapping[str, object], strict: bool = False) -> Any:
        """Its value as ``numpy.float64`` or a float64 array.

        ``strict`` refuses overflow and division by zero with their place instead of giving an infinity.

        Raises:
            ExpressionError: no value: a name is missing, shapes do not fit, a loss refuses its arguments.
        """
        if not self._program:
            from studyapp.formula.evaluate import Program

            self._program.append(Program(self.tree, self.names))
        return self._program[0].run(values, strict)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Expression):
            return NotImplemented
        return (self.text, self.tree, self.names) == (other.text, other.tree, other.names)

    def __hash__(self) -> int:
        return hash((self.text, self.tree, self.names))

    def __str__(self) -> str:
        """The expression in its canonical form, ``−ln(0.7)/2``."""
        return to_text(self.tree)


def parse(
    text: str,
    names: Iterable[str] = (),
    grammar: Grammar = DECK,
    aliases: Mapping[str, Node] | None = None,
    rewrite: Callable[[list[Token]], list[Token]] | None = None,
) -> Expression:
    """Read an expression over the variables ``names``; as a deck writes it unless another grammar is given.

    ``aliases`` are further names that stand for a tree; ``rewrite`` may change the tokens before they are read.

    Raises:
        ExpressionError: with a message that says what to write, and the column in ``text``.
    """
    if aliases or rewrite:
        tree = parse_tree(text, names, grammar, aliases, rewrite)
        return Expression(text, tree, names_in(tree))
    return _parse(text, tuple(names), grammar)


@lru_cache(maxsize=2_048)
def _parse(text: str, names: tuple[str, ...], grammar: Grammar) -> Expression:
    tree = parse_tree(text, names, grammar)
    return Expression(text, tree, names_in(tree))
