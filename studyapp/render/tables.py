"""Tables: columns aligned, numbers on their decimal point, a rule under the header, cells wrapped to fit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from studyapp.render.cells import cell_width, visible
from studyapp.render.spans import Line, Span, line_text, line_width, merged
from studyapp.render.wrap import wrap

Cell = str | Sequence[Span]

GAP = "  "
NARROWEST = 4
ALIGNMENTS = frozenset(["auto", "left", "right", "center", "decimal"])

_NUMBER = re.compile(r"[-+−]?(\d[\d,]*)?(\.\d+)?([eE][-+−]?\d+)?\s*%?|[-+−]?(inf|∞)|nan|–|-|")


def table(rows: Sequence[Sequence[Cell]], aligns: Sequence[str] = (), width: int = 80) -> tuple[Line, ...]:
    """Rows, the first of them the header, as aligned lines.

    `aligns` names for each column `left`, `right`, `center`, `decimal` or `auto` (the default: `decimal`
    where all cells below the header are numbers, else `left`); unknown names count as `auto`. Cells are
    text or spans. Columns too wide together are narrowed and their cells wrapped; the table exceeds
    `width` only when columns of 4 cells do not fit.
    """
    columns = max(map(len, rows), default=0)
    if not columns:
        return ()
    cells = [[_line(row[index]) if index < len(row) else () for index in range(columns)] for row in rows]
    kinds = [_kind(aligns[i] if i < len(aligns) else "auto", [row[i] for row in cells[1:]]) for i in range(columns)]
    for index, kind in enumerate(kinds):
        if kind == "decimal":
            for row, cell in zip(cells[1:], _on_the_point([row[index] for row in cells[1:]]), strict=True):
                row[index] = cell
    widths = _fitted([max(line_width(row[i]) for row in cells) for i in range(columns)], kinds, width)
    wraps = any(line_width(cell) > column for row in cells[1:] for cell, column in zip(row, widths, strict=True))
    lines: list[Line] = []
    for number, row in enumerate(cells):
        lines += _row_lines(row, widths, kinds, "bold" if number == 0 else "")
        if number == 0:
            rule = GAP.replace(" ", "─").join("─" * column for column in widths)
            lines.append((Span(rule, "rule"),))
        elif wraps and number + 1 < len(cells):
            lines.append(())  # wrapped rows stand apart
    return tuple(lines)


def _line(cell: Cell) -> Line:
    if isinstance(cell, str):
        return merged([Span(" ".join(visible(cell).split("\n")))])
    return merged(cell)


def _kind(asked: str, body: list[Line]) -> str:
    if asked in ALIGNMENTS and asked != "auto":
        return asked
    texts = [line_text(cell).strip() for cell in body]
    return "decimal" if any(texts) and all(_NUMBER.fullmatch(text) for text in texts) else "left"


def _on_the_point(column: list[Line]) -> list[Line]:
    """Numbers padded so that their decimal points stand under each other."""
    texts = [line_text(cell).strip() for cell in column]
    parts = [(text.partition(".")[0] if re.search(r"\d", text) else text, text) for text in texts]
    left = max((cell_width(whole) for whole, _ in parts), default=0)
    right = max((cell_width(text) - cell_width(whole) for whole, text in parts), default=0)
    result = []
    for cell, (whole, text) in zip(column, parts, strict=True):
        before = left - cell_width(whole)
        after = right - (cell_width(text) - cell_width(whole))
        result.append(merged([Span(" " * before), *cell, Span(" " * after)]))
    return result


def _fitted(natural: list[int], kinds: list[str], width: int) -> list[int]:
    """Column widths: natural ones if they fit, else the widest text columns are narrowed first."""
    widths = [max(1, column) for column in natural]
    room = width - len(GAP) * (len(widths) - 1)
    while sum(widths) > room:
        flexible = [i for i, column in enumerate(widths) if kinds[i] != "decimal" and column > NARROWEST]
        if not flexible:
            break
        widest = max(widths[i] for i in flexible)
        at_top = [i for i in flexible if widths[i] == widest]
        below = max([widths[i] for i in flexible if widths[i] < widest], default=NARROWEST)
        step = max(1, min(widest - below, -(-(sum(widths) - room) // len(at_top))))
        for index in at_top:
            widths[index] -= min(step, max(0, sum(widths) - room))
    return widths


def _row_lines(row: list[Line], widths: list[int], kinds: list[str], style: str) -> list[Line]:
    wrapped = [
        wrap([Span(s.text, s.style or style) for s in cell], column) if line_width(cell) > column else (cell,)
        for cell, column in zip(row, widths, strict=True)
    ]
    lines = []
    for number in range(max(map(len, wrapped))):
        spans: list[Span] = []
        for index, (cell, column, kind) in enumerate(zip(wrapped, widths, kinds, strict=True)):
            line = cell[number] if number < len(cell) else ()
            missing = max(0, column - line_width(line))
            before = {"right": missing, "decimal": missing, "center": missing // 2}.get(kind, 0)
            last = index + 1 == len(widths)
            spans.append(Span(GAP * bool(index) + " " * before))
            spans += [Span(span.text, span.style or style) for span in line]
            spans.append(Span("" if last else " " * (missing - before)))
        lines.append(_trimmed(merged(spans)))
    return lines


def _trimmed(line: Line) -> Line:
    """A line without spaces at its end."""
    while line and not line[-1].text.strip(" "):
        line = line[:-1]
    return (*line[:-1], Span(line[-1].text.rstrip(" "), line[-1].style)) if line else ()
