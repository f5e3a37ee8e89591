"""A formula in two dimensions as lines of text, broken where it is wider than the screen."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from itertools import pairwise

from studyapp.render.boxes import Box, NoLayoutError, box_of, box_of_items, box_width
from studyapp.render.cells import cell_width, visible
from studyapp.render.latex import LatexError, parse
from studyapp.render.linear import linear
from studyapp.render.spacing import roles
from studyapp.render.tree import Atom, Grid, Node, Row


def formula_block(latex: str, width: int) -> tuple[str, ...]:
    """A formula as lines of text in two dimensions.

    Where it is wider than `width`, it is broken before a relation or a sum's sign, as print does; what
    still is too wide stays so and is for the screen to scroll. A formula without a reading is given as
    its source, line by line.
    """
    lines = _layout(latex, None)
    if lines is not None and max(map(cell_width, lines), default=0) > width:
        lines = _layout(latex, max(1, width))
    return _source(latex) if lines is None else lines


def has_layout(latex: str) -> bool:
    """Whether `formula_block` sets the formula in two dimensions rather than showing its source."""
    return _layout(latex, None) is not None


def _source(latex: str) -> tuple[str, ...]:
    return tuple(line.rstrip() for line in visible(latex).strip("\n").split("\n")) or ("",)


@lru_cache(maxsize=1024)
def _layout(latex: str, width: int | None) -> tuple[str, ...] | None:
    try:
        tree = parse(visible(latex))
        boxes = [box_of(tree)] if width is None else _broken(tree, width)
    except (LatexError, NoLayoutError, RecursionError):
        return None
    lines: list[str] = []
    for canvas, _ in boxes:
        if lines and (len(canvas) > 1 or len(boxes[0][0]) > 1):
            lines.append("")
        lines += ["".join(row).rstrip() for row in canvas]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    margin = min((len(line) - len(line.lstrip(" ")) for line in lines if line), default=0)
    return tuple(line[margin:] for line in lines) or ("",)


# ---- formulas wider than the screen

_INDENT = 4
_SEPARATING = 3  # cells of a space that parts two formulas


def _broken(tree: Row, width: int) -> list[Box]:
    """The lines of a formula too wide for one: its statements, each broken at its operators."""
    items = tree.items
    if len(items) == 1 and isinstance(items[0], Grid) and items[0].environment == "lines":
        return [line for row in items[0].rows for line in _broken(row[0], width)]
    starts = [0, *(i + 1 for i, item in enumerate(items) if _separates(item)), len(items)]
    statements = [items[a:b] for a, b in pairwise(starts) if a < b]
    if len(statements) > 1:
        return [line for statement in statements for line in _statement(statement, width)]
    return _statement(items, width)


def _separates(item: Node) -> bool:
    return isinstance(item, Atom) and item.role == "space" and len(item.text) >= _SEPARATING


def _statement(items: tuple[Node, ...], width: int) -> list[Box]:
    """One equation in lines: of the ways of breaking, the first that fits, else the narrowest."""
    whole = box_of_items(items)
    if box_width(whole) <= width:
        return [whole]
    relations, sums = _break_points(items)
    tried = []
    for left_side_alone in (False, True):
        preferred = relations if left_side_alone else relations[1:]
        for deepest in range(3):
            others = [place for place, level in sums if level <= deepest]
            lines = _filled_lines(items, set(preferred), sorted({*preferred, *others}), width)
            if max(map(box_width, lines)) <= width:
                return lines
            tried.append(lines)
    return min(tried, key=lambda lines: max(map(box_width, lines)))


def _break_points(items: tuple[Node, ...]) -> tuple[list[int], list[tuple[int, int]]]:
    """Places before relations outside brackets, and before signs of sums with the depth of their brackets."""
    relations: list[int] = []
    sums: list[tuple[int, int]] = []
    open_signs: list[str] = []
    kinds = roles(items)
    for index, (item, kind) in enumerate(zip(items, kinds, strict=True)):
        if kind == "close" and open_signs:
            open_signs.pop()
        if kind == "relation" and index and not open_signs and kinds[index - 1] != "relation":
            relations.append(index)
        if kind == "binary" and linear(item) in ("+", "−") and not {"|", "‖"} & set(open_signs):
            sums.append((index, len(open_signs)))
        if kind == "open":
            open_signs.append(linear(item)[:1])
    return relations, sums


def _filled_lines(items: tuple[Node, ...], preferred: set[int], points: list[int], width: int) -> list[Box]:
    """Lines filled up to a break point each, to a preferred one where there is one."""
    lines: list[Box] = []
    start = 0
    while start < len(items):
        lead = (Atom(" " * _INDENT, "text"), Atom("", "ordinary")) if start else ()
        end, line = start, None
        for point in [*points[bisect_right(points, start) :], len(items)]:
            piece = box_of_items((*lead, *items[start:point]))
            fits = box_width(piece) <= width
            if line is not None and not fits:
                break
            if line is None or point == len(items) or point in preferred or end not in preferred:
                end, line = point, piece
            if not fits:
                break
        assert line is not None
        lines.append(line)
        start = end
    return lines
