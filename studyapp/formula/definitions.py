"""Constants and functions that a deck defines for its expressions.

A constant is a value like any other. A function ``choose(n, k)`` is known to expressions as ``choose/2``: its name and
how many arguments it takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from studyapp.formula import Expression

_HEAD = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9_]*)\s*(?:\((?P<parameters>[^()]*)\))?")


class Head(Struct, frozen=True):
    """The left side of a definition: ``rate``, or ``choose(n, k)``."""

    name: str
    parameters: tuple[str, ...] | None

    @property
    def key(self) -> str:
        """The name by which expressions know it: ``rate``, ``choose/2``."""
        return self.name if self.parameters is None else f"{self.name}/{len(self.parameters)}"


class Defined(Struct, frozen=True):
    """A function that can be applied: its parameters, its body, and what was defined before it."""

    parameters: tuple[str, ...]
    body: Expression
    known: Mapping[str, Any]


def read_head(text: str) -> Head:
    """The left side of a definition, which has the form that decks allow."""
    found = _HEAD.fullmatch(text.strip())
    assert found is not None, "the form of the key was checked"
    inner = found["parameters"]
    return Head(found["name"], None if inner is None else tuple(one.strip() for one in inner.split(",")))


def definition_names(define: Iterable[str]) -> tuple[str, ...]:
    """The names by which expressions know what is defined."""
    return tuple(read_head(text).key for text in define)


def defined_values(define: Mapping[str, str]) -> dict[str, Any]:
    """The values of definitions, each of which may use those before it: numbers and functions.

    Raises:
        ExpressionError: one cannot be read or computed.
    """
    from studyapp.formula import parse

    known: dict[str, Any] = {}
    for text, expression in define.items():
        head = read_head(text)
        if head.parameters is None:
            known[head.key] = parse(expression, known).evaluate(known).tolist()
        else:
            body = parse(expression, (*(name for name in known if name not in head.parameters), *head.parameters))
            known[head.key] = Defined(head.parameters, body, dict(known))
    return known
