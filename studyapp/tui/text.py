"""From rendered lines to Textual content. Text of decks and users never meets the markup parser."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content, Span

from studyapp.render import Rendered, cell_width, graphemes, render, wrap
from studyapp.render import Span as StyledText
from studyapp.render.spans import rendered

LONGEST_LINE = 96
"""Running text is not set wider than this: longer lines are hard to read."""

_LOOKS: dict[str, str] = {
    "bold": "bold",
    "italic": "italic",
    "bold italic": "bold italic",
    "code": "$text-secondary",
    "keyword": "bold $text-accent",
    "string": "$text-success",
    "number": "$text-warning",
    "comment": "italic dim",
    "math": "$text-primary",
    "heading": "bold underline",
    "quote": "italic dim",
    "marker": "$text-accent",
    "rule": "dim",
}
"""How each style of `studyapp.render` looks, in terms of the theme."""


def content(lines: Rendered) -> Content:
    """Rendered lines as content, one line each."""
    parts: list[str] = []
    spans: list[Span] = []
    position = 0
    for number, line in enumerate(lines.lines):
        if number:
            parts.append("\n")
            position += 1
        for text, style in line:
            look = _LOOKS.get(style)
            if look:
                spans.append(Span(position, position + len(text), look))
            parts.append(text)
            position += len(text)
    return Content("".join(parts), spans)


def rich_text(source: str, width: int) -> Content:
    """Light Markdown with LaTeX as content of at most ``width`` cells (wide formulas and code excepted)."""
    return content(render(source, max(8, min(width, LONGEST_LINE))))


def plain(text: str, style: str = "") -> Content:
    """Text as it stands, in one style."""
    return Content.styled(text, style) if style else Content(text)


def plain_wrapped(text: str, width: int, style: str = "") -> Content:
    """Text as it stands over lines of at most ``width`` cells."""
    lines = [line for part in text.split("\n") for line in wrap([StyledText(part)], max(8, width))]
    shown = content(rendered(lines))
    return shown.stylize(style) if style else shown


def both_ends(left: str, right: str, width: int) -> Content:
    """One line with a text at each end. Where there is no room for both, the left one is cut."""
    room = width - cell_width(right) - 2
    if room < 4:
        return Content(right)
    left = shortened(left, room)
    return Content(left + " " * (width - cell_width(left) - cell_width(right)) + right)


def shortened(text: str, width: int) -> str:
    """``text``, or its beginning and an ellipsis where it is wider than ``width`` cells."""
    if cell_width(text) <= width:
        return text
    kept, used = "", 1
    for grapheme in graphemes(text):
        used += cell_width(grapheme)
        if used > width:
            break
        kept += grapheme
    return kept + "…"


def join_blocks(blocks: Iterable[Content], gap: int = 1) -> Content:
    """Blocks below each other with ``gap`` empty lines between them; empty blocks are left out."""
    return Content("\n" * (gap + 1)).join([block for block in blocks if block.plain])


def indented(block: Content, prefix: Content, follow: Content) -> Content:
    """``block`` with ``prefix`` before its first line and ``follow`` before the others."""
    lines = block.split("\n", allow_blank=True)
    return Content("\n").join((prefix if number == 0 else follow) + line for number, line in enumerate(lines))
