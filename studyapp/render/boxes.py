"""Boxes of a two-dimensional formula: fractions stacked, limits above and below, delimiters that grow.

Which boxes a formula consists of follows from the tree of `latex.parse`. A box is a canvas (rows of cells, each cell a
string) with the index of its baseline row. A wide character fills one cell with itself and the next with nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from studyapp.render import symbols
from studyapp.render.cells import cell_width, graphemes
from studyapp.render.linear import accented, linear
from studyapp.render.spacing import gaps
from studyapp.render.tree import Accent, Atom, Brace, Fenced, Fraction, Grid, Node, Root, Row, Scripts

Canvas = list[list[str]]
Box = tuple[Canvas, int]

_TALL_DELIMITERS = {
    "(": "⎛⎜⎝", ")": "⎞⎟⎠", "[": "⎡⎢⎣", "]": "⎤⎥⎦", "{": "⎧⎪⎩", "}": "⎫⎪⎭",
    "|": "⎟⎟⎟", "‖": "║║║", "⌊": "⎢⎢⎣", "⌋": "⎥⎥⎦", "⌈": "⎡⎢⎢", "⌉": "⎤⎥⎥",
}  # fmt: skip
"""Top, middle and bottom piece of delimiters that grow."""

_WAISTS = {"{": "⎨", "}": "⎬"}
"""The piece of a brace that points outwards, beside the baseline."""

_EMPTY: Canvas = [[]]
_DEEPEST_LAYOUT = 24


class NoLayoutError(Exception):
    """The formula can't be set in two dimensions."""


def _leaf(text: str) -> Box:
    row: list[str] = []
    for grapheme in graphemes(text):
        row += [grapheme] + [""] * (cell_width(grapheme) - 1)
    return [row], 0


def _beside(boxes: list[Box]) -> Box:
    """Boxes side by side, their baselines on one line."""
    filled = [box for box in boxes if box[0] != _EMPTY]
    if not filled:
        return [[]], 0
    above = max(baseline for _, baseline in filled)
    below = max(len(canvas) - baseline for canvas, baseline in filled)
    rows: Canvas = [[] for _ in range(above + below)]
    for canvas, baseline in filled:
        blank = [" "] * len(canvas[0])
        first = above - baseline
        for place, row in enumerate(rows):
            inside = first <= place < first + len(canvas)
            row += canvas[place - first] if inside else blank
    return rows, above


def _aligned(row: list[str], width: int, align: str) -> list[str]:
    """A row filled with blanks to ``width`` cells; ``align`` is l, c or r."""
    missing = width - len(row)
    left = {"l": 0, "c": missing // 2, "r": missing}[align]
    return [" "] * left + row + [" "] * (missing - left)


def _piled(above: Canvas, box: Box, below: Canvas) -> Box:
    """`above` and `below` set over and under the middle of `box`, whose baseline is kept."""
    canvas, baseline = box
    width = max(len(part[0]) for part in (above, canvas, below))
    parts = [part for part in (above, canvas, below) if part != _EMPTY or part is canvas]
    rows = [_aligned(row, width, "c") for part in parts for row in part]
    return rows, baseline + (0 if above == _EMPTY else len(above))


def box_width(box: Box) -> int:
    """Cells that a box takes from left to right."""
    return len(box[0][0])


def _delimiter(sign: str, height: int, baseline: int) -> Box:
    """A delimiter as high as what it encloses."""
    if not sign:
        return [[]], 0
    if height == 1 or sign not in _TALL_DELIMITERS:
        return _leaf(sign)
    top, middle, bottom = tuple(_TALL_DELIMITERS[sign])
    pieces = [top, *[middle] * (height - 2), bottom]
    if sign in _WAISTS and height > 2:
        pieces[min(max(baseline, 1), height - 2)] = _WAISTS[sign]
    return [[piece] for piece in pieces], baseline


def box_of(node: Node, tight: bool = False, depth: int = 0) -> Box:
    if depth > _DEEPEST_LAYOUT:
        raise NoLayoutError
    depth += 1
    match node:
        case Atom(text, _):
            return _leaf(text)
        case Row(items):
            return box_of_items(items, tight, depth)
        case Fraction(numerator, denominator, binomial):
            return _fraction(box_of(numerator, tight, depth), box_of(denominator, tight, depth), binomial)
        case Root(body, degree):
            return _root(box_of(body, tight, depth), degree)
        case Accent(mark, body):
            return _accent(body, mark, tight, depth)
        case Brace():
            return _brace(node, tight, depth)
        case Scripts():
            return _scripts(node, tight, depth)
        case Fenced():
            return _fenced(node, tight, depth)
        case Grid():
            return _grid(node, depth)


def box_of_items(items: tuple[Node, ...], tight: bool = False, depth: int = 0) -> Box:
    boxes: list[Box] = []
    previous: Box | None = None
    for item, gap in zip(items, gaps(items, tight), strict=True):
        box = box_of(item, tight, depth)
        if not gap and previous is not None and len(previous[0]) > 1 and len(box[0]) > 1:
            gap = int(isinstance(item, Fraction | Grid))
        boxes += [_leaf(" " * gap), box]
        previous = box
    return _beside(boxes) if boxes else ([[]], 0)


def _fraction(upper: Box, lower: Box, binomial: bool) -> Box:
    if binomial:
        body = _piled(upper[0], _leaf(" " * max(box_width(upper), box_width(lower), 1)), lower[0])
        left, right = (_delimiter(sign, len(body[0]), body[1]) for sign in "()")
        return _beside([left, body, right])
    line = ["╶", *["─"] * max(box_width(_filled(upper)), box_width(_filled(lower))), "╴"]
    return _piled(_filled(upper)[0], ([line], 0), _filled(lower)[0])


def _filled(box: Box) -> Box:
    """An empty box takes one cell, so that what is built on it has a place."""
    return box if box[0] != [[]] else ([[" "]], 0)


def _root(body: Box, degree: Row | None) -> Box:
    body = _filled(body)
    canvas, baseline = body
    if len(canvas) == 1 and box_width(body) == 1:
        box = _beside([_leaf("√"), body])
    else:
        roof = [" ", "┌", *["─"] * box_width(body), "╴"]
        stems = [[" ", "│"] for _ in canvas[1:]] + [["╰", "┘"]]
        box = [roof, *([*stem, *row, " "] for stem, row in zip(stems, canvas, strict=True))], baseline + 1
    if degree is None:
        return box
    text = linear(degree, tight=True)
    return _beside([_leaf(symbols.small_script(text, raised=True) or f"[{text}]"), box])


def _accent(body: Row, mark: str, tight: bool, depth: int) -> Box:
    box = _filled(box_of(body, tight, depth))
    if len(box[0]) == 1 and box_width(box) <= 1:
        return _leaf(accented("".join(box[0][0]), mark))
    sign = symbols.ACCENT_ROWS[mark]
    line = [sign] * box_width(box) if mark in symbols.RULE_MARKS else [sign]
    return _piled([[]], box, [line]) if mark == "\u0332" else _piled([line], box, [[]])


def _brace(node: Brace, tight: bool, depth: int) -> Box:
    box = _filled(box_of(node.body, tight, depth))
    label = box_of(node.label, False, depth)[0] if node.label is not None else [[]]
    span = max(3, box_width(box))
    half = (span - 3) // 2
    left, stem, right = ("╭", "┴", "╮") if node.over else ("╰", "┬", "╯")
    line = [left] + ["─"] * half + [stem] + ["─"] * (span - 3 - half) + [right]
    label_height = 0 if label == [[]] else len(label)
    if node.over:
        canvas = _piled(label, ([line], 0), box[0])[0]
        return canvas, label_height + 1 + box[1]
    canvas = _piled(box[0], ([line], 0), label)[0]
    return canvas, box[1]


def _small(row: Row | None, raised: bool) -> str | None:
    if row is None or not row.items:
        return ""
    return symbols.small_script(linear(row, tight=True), raised)


def _scripts(node: Scripts, tight: bool, depth: int) -> Box:
    base = box_of(node.base, tight, depth)
    if node.limits and not tight:
        upper = box_of(node.upper, True, depth)[0] if node.upper is not None else [[]]
        lower = box_of(node.lower, True, depth)[0] if node.lower is not None else [[]]
        return _piled(upper, _filled(base), lower)
    small_lower, small_upper = _small(node.lower, False), _small(node.upper, True)
    if len(base[0]) == 1 and small_lower is not None and small_upper is not None:
        return _beside([base, _leaf(small_lower + small_upper)])
    tall = len(base[0]) > 1
    return _attached(
        _filled(base),
        _leaf(small_upper) if tall and small_upper else _script_box(node.upper, depth),
        _leaf(small_lower) if tall and small_lower else _script_box(node.lower, depth),
    )


def _script_box(row: Row | None, depth: int) -> Box | None:
    if row is None or not row.items:
        return None
    return _filled(box_of(row, True, depth))


def _attached(base: Box, upper: Box | None, lower: Box | None) -> Box:
    """Scripts to the right of a base: beside the ends of a tall one, above and below a flat one."""
    above, below = base[1], len(base[0]) - 1 - base[1]
    rows: dict[int, list[str]] = {0: []}
    if upper is not None:
        bottom = -max(1, above)
        for index, row in enumerate(upper[0]):
            rows[bottom - len(upper[0]) + 1 + index] = row
    if lower is not None:
        for index, row in enumerate(lower[0]):
            rows[max(1, below) + index] = row
    widest = max(map(len, rows.values()))
    canvas = [
        rows.get(line, []) + [" "] * (widest - len(rows.get(line, []))) for line in range(min(rows), max(rows) + 1)
    ]
    return _beside([base, (canvas, -min(rows))])


def _fenced(node: Fenced, tight: bool, depth: int) -> Box:
    parts = [_filled(box_of(part, tight, depth)) for part in node.parts]
    whole = _beside(parts)
    height, baseline = len(whole[0]), whole[1]
    boxes = [_delimiter(node.left, height, baseline), parts[0]]
    for middle, part in zip(node.middles, parts[1:], strict=True):
        boxes += [_leaf(" "), _delimiter(middle, height, baseline), _leaf(" "), part]
    return _beside([*boxes, _delimiter(node.right, height, baseline)])


def _grid(node: Grid, depth: int) -> Box:
    aligned, cases = node.environment in symbols.ALIGNED, node.environment in symbols.CASES
    stacked = node.environment in symbols.CENTRED_ROWS or node.environment == "lines"
    columns = max(map(len, node.rows))
    cells: list[Box] = []
    starts = [0]
    for row in node.rows:
        for index in range(columns):
            cell = row[index] if index < len(row) else Row(())
            if aligned and index % 2 and cell.items:
                cell = Row((Atom("", "ordinary"), *cell.items))
            cells.append(box_of(cell if aligned else _with_small_fractions(cell), False, depth))
        starts.append(len(cells))
    if aligned:
        aligns, gap = ["r", "l"] * columns, 0
    elif cases or node.environment == "lines":
        aligns, gap = ["l"] * columns, 3
    else:
        numbers = [_is_column_of_numbers(node, column) for column in range(columns)]
        aligns = [*node.columns, *("r" if number else "c" for number in numbers[len(node.columns) :])]
        gap = 0 if stacked else 2
    rows = [cells[start:end] for start, end in pairwise(starts)]
    widths = [max(box_width(row[index]) for row in rows) for index in range(columns)]
    if aligned:  # pairs of columns stand apart
        widths = [width + (3 if 0 < index < columns and index % 2 == 0 else 0) for index, width in enumerate(widths)]
    lines = [_grid_row(row, aligns, widths, gap) for row in rows]
    apart = not stacked and len(lines) > 1 and any(len(line[0]) > 1 for line in lines)
    canvas: Canvas = []
    for line in lines:
        if canvas and apart:
            canvas.append([" "] * len(canvas[0]))
        canvas += line[0]
    baseline = len(canvas) // 2 if len(node.rows) > 1 else lines[0][1]
    left, right = symbols.ENVIRONMENTS.get(node.environment, ("", ""))
    if cases and len(canvas) == 2 and left:  # a brace needs a middle to be seen as one
        canvas.insert(1, [" "] * len(canvas[0]))
        baseline = 1
    inner: Box = (canvas, baseline)
    fence_left, fence_right = (_delimiter(sign, len(canvas), baseline) for sign in (left, right))
    return _beside([fence_left, _leaf(" ") if cases and left else ([[]], 0), inner, fence_right])


def _grid_row(cells: list[Box], aligns: Sequence[str], widths: Sequence[int], gap: int) -> Box:
    boxes: list[Box] = []
    for place, ((canvas, baseline), align, width) in enumerate(zip(cells, aligns, widths, strict=False)):
        if place and gap:
            boxes.append(_leaf(" " * gap))
        boxes.append(([_aligned(row, width, align) for row in canvas], baseline))
    return _beside(boxes)


def _is_column_of_numbers(node: Grid, column: int) -> bool:
    texts = [linear(row[column]) for row in node.rows if column < len(row)]
    return all(text.lstrip("−+").replace(".", "", 1).isdecimal() for text in texts)


def _with_small_fractions(row: Row) -> Row:
    """One half and the like as one sign, ½: matrix cells and cases stay one line high."""
    small = []
    for item in row.items:
        if isinstance(item, Fraction) and len(text := linear(item)) == 1:
            item = Atom(text, "ordinary")
        elif isinstance(item, Row):
            item = _with_small_fractions(item)
        small.append(item)
    return Row(tuple(small))
