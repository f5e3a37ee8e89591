"""The nodes of a formula: what `latex.parse` makes and both layouts walk."""

from __future__ import annotations

from msgspec import Struct

from studyapp.render.symbols import Role


class Atom(Struct, frozen=True):
    """One glyph or word. `text` is empty for a place that only separates its neighbours."""

    text: str
    role: Role


class Row(Struct, frozen=True):
    items: tuple[Node, ...]


class Fraction(Struct, frozen=True):
    numerator: Row
    denominator: Row
    binomial: bool = False


class Root(Struct, frozen=True):
    body: Row
    degree: Row | None


class Accent(Struct, frozen=True):
    mark: str
    body: Row


class Brace(Struct, frozen=True):
    """A horizontal brace over or under an expression; its label comes from the script that follows."""

    body: Row
    label: Row | None
    over: bool


class Scripts(Struct, frozen=True):
    base: Node
    upper: Row | None
    lower: Row | None
    limits: bool  # above and below the base rather than beside it


class Fenced(Struct, frozen=True):
    r"""`\left … \middle … \right`: delimiters that grow with what they hold."""

    left: str
    parts: tuple[Row, ...]
    middles: tuple[str, ...]
    right: str


class Grid(Struct, frozen=True):
    """A matrix-like environment, row by row; also rows broken by `\\\\` outside any environment."""

    environment: str
    rows: tuple[tuple[Row, ...], ...]
    columns: str  # alignment letters of `array`, else empty


Node = Atom | Row | Fraction | Root | Accent | Brace | Scripts | Fenced | Grid
