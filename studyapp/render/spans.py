"""Styled text without a screen: spans, lines and what `render` returns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct

from studyapp.render.cells import cell_width

STYLES = frozenset(
    {
        "",  # running text
        "bold",
        "italic",
        "bold italic",
        "code",  # code spans and fenced code
        "keyword",  # the next four: parts of fenced Python
        "string",
        "number",
        "comment",
        "math",  # inline and block formulas
        "heading",
        "quote",
        "marker",  # list bullets, quote bars
        "rule",  # lines of a table, thematic breaks
    }
)
"""Every style that a span can carry. A screen maps each to its own look."""


class Span(NamedTuple):
    """A run of text in one style of `STYLES`. The text holds no line break and no control character."""

    text: str
    style: str = ""


Line = tuple[Span, ...]


class Rendered(Struct, frozen=True):
    """Lines ready for the screen.

    `width` is the widest line in terminal cells. It may exceed the width that was asked for: formulas in
    two dimensions and code are never wrapped, the screen scrolls sideways instead.
    """

    lines: tuple[Line, ...]
    width: int


def line_text(line: Line) -> str:
    """The text of a line without its styles."""
    return "".join(span.text for span in line)


def line_width(line: Line) -> int:
    """Terminal cells that a line takes."""
    return cell_width(line_text(line))


def rendered(lines: Iterable[Line]) -> Rendered:
    """Lines with their width measured."""
    kept = tuple(lines)
    return Rendered(kept, max((line_width(line) for line in kept), default=0))


def plain(rendered: Rendered) -> str:
    """The text of all lines, joined by line feeds, without styles."""
    return "\n".join(line_text(line) for line in rendered.lines)


def merged(spans: Iterable[Span]) -> Line:
    """Neighbouring spans of one style joined, empty ones dropped."""
    result: list[Span] = []
    for span in spans:
        if not span.text:
            continue
        if result and result[-1].style == span.style:
            result[-1] = Span(result[-1].text + span.text, span.style)
        else:
            result.append(span)
    return tuple(result)
