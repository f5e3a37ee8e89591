"""Breaking styled text into lines of a given width, for Latin and for Chinese, Japanese and Korean text.

Lines break at spaces, after hyphens between letters, and between wide characters. Closing marks and stops
never begin a line and opening marks never end one (kinsoku). A word is broken inside only where it is
wider than a whole line, and a grapheme never.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from studyapp.render.cells import cell_width, graphemes, is_wide, visible
from studyapp.render.spans import Line, Span, merged

NO_LINE_START = frozenset(
    "。，、．；：？！）」』】〕〉》〗］｝·…—～％‰°’”ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.;:?!)]}%'\""
)
NO_LINE_END = frozenset("（「『【〔〈《〖［｛‘“￥＄([{")
NO_BREAK_SPACE = "\u00a0"

Cell = tuple[str, str]  # a grapheme and its style


def _cells(spans: Iterable[Span]) -> list[Cell]:
    return [
        (" " if grapheme == "\n" else grapheme, style) for text, style in spans for grapheme in graphemes(visible(text))
    ]


def _may_break(before: str, here: str, after: str) -> bool:
    """Whether a line may end between `here` and `after`; `before` stands left of `here`."""
    if here == " ":
        return after != " "
    if after == " " or here in NO_LINE_END or after in NO_LINE_START:
        return False
    if NO_BREAK_SPACE in (here, after):
        return False
    if is_wide(here) or is_wide(after):
        return True
    return here in "-–" and before.isalpha() and after.isalpha()


def _pieces(cells: list[Cell]) -> Iterator[list[Cell]]:
    """Runs that stay together on a line; spaces stay at the end of the run that they follow."""
    piece: list[Cell] = []
    for index, cell in enumerate(cells):
        piece.append(cell)
        if index + 1 == len(cells):
            break
        if _may_break(cells[index - 1][0] if index else "", cell[0], cells[index + 1][0]):
            yield piece
            piece = []
    if piece:
        yield piece


def _width(cells: list[Cell]) -> int:
    return sum(cell_width(grapheme) for grapheme, _ in cells)


def _without_trailing_spaces(cells: list[Cell]) -> list[Cell]:
    end = len(cells)
    while end and cells[end - 1][0] == " ":
        end -= 1
    return cells[:end]


def wrap(spans: Iterable[Span], width: int, first: Line = (), rest: Line = ()) -> tuple[Line, ...]:
    """Styled text as lines of at most `width` cells.

    `first` is set before the first line and `rest` before each further one (a bullet and its indent);
    both count towards the width. A grapheme wider than the room left still gets a line of its own. Empty
    text gives one line.
    """
    lines: list[Line] = []
    current: list[Cell] = []
    used = 0
    room_first = max(1, width - sum(_width(_cells([span])) for span in first))
    room_rest = max(1, width - sum(_width(_cells([span])) for span in rest))

    def room() -> int:
        return room_rest if lines else room_first

    def finish() -> None:
        nonlocal current, used
        lead = rest if lines else first
        body = [Span(grapheme, style) for grapheme, style in _without_trailing_spaces(current)]
        lines.append(merged([*lead, *body]))
        current, used = [], 0

    for piece in _pieces(_cells(spans)):
        visible_width = _width(_without_trailing_spaces(piece))
        if current and used + visible_width > room():
            finish()
        if visible_width <= room():
            current += piece
            used += _width(piece)
            continue
        for part in _parts(piece):  # wider than a whole line: break at the spaces that were to be kept
            part_width = _width(_without_trailing_spaces(part))
            if current and used + part_width > room():
                finish()
            for cell in part:  # and a part that still is too wide where the line is full
                cells = cell_width(cell[0])
                if current and used + cells > room() and cell[0] != " ":
                    finish()
                current.append(cell)
                used += cells
    finish()
    return tuple(lines)


def _parts(piece: list[Cell]) -> Iterator[list[Cell]]:
    part: list[Cell] = []
    for grapheme, style in piece:
        part.append((" " if grapheme == NO_BREAK_SPACE else grapheme, style))
        if grapheme == NO_BREAK_SPACE:
            yield part
            part = []
    if part:
        yield part
