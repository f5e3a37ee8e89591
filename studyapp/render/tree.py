"""The nodes of a formula: what `latex.parse` makes and both layouts walk.

Named tuples rather than dataclasses: they are quicker to define when the app starts.
"""

from __future__ import annotations

from typing import NamedTuple

from studyapp.render.symbols import Role


class Atom(NamedTuple):
    """One glyph or word. `text` is empty for a place that only separates its neighbours."""

    text: str
    role: Role


class Row(NamedTuple):
    items: tuple[Node, ...]


class Fraction(NamedTuple):
    numerator: Row
    denominator: Row
    binomial: bool = False


class Root(NamedTuple):
    body: Row
    degree: Row | None


class Accent(NamedTuple):
    mark: str
    body: Row


class Brace(NamedTuple):
    """A horizontal brace over or under an expression; its label comes from the script that follows."""

    body: Row
    label: Row | None
    over: bool


class Scripts(NamedTuple):
    base: Node
    upper: Row | None
    lower: Row | None
    limits: bool  # above and below the base rather than beside it


class Fenced(NamedTuple):
    r"""`\left … \middle … \right`: delimiters that grow with what they hold."""

    left: str
    parts: tuple[Row, ...]
    middles: tuple[str, ...]
    right: str


class Grid(NamedTuple):
    """A matrix-like environment, row by row; also rows broken by `\\\\` outside any environment."""

    environment: str
    rows: tuple[tuple[Row, ...], ...]
    columns: str  # alignment letters of `array`, else empty


Node = Atom | Row | Fraction | Root | Accent | Brace | Scripts | Fenced | Grid
