"""Where the letters stand that tell curves apart: on their curves, none over another, best where curves part."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

SHARES = (0.15, 0.5, 0.85)
"""Along each curve, about where its letter is wanted."""

REACH = 0.16
"""How far from there, as a share of the curve's length, a letter may move to stand clear."""

CLEAR = 1.5
"""Lines of text between a letter and the next curve that are enough."""

Point = tuple[float, float]


def letter_places(curves: Sequence[Sequence[Point]], columns: float, rows: float) -> list[list[Point]]:
    """For each curve the points at which its letter is written; at least one for each curve that has points.

    ``curves`` are points from left to right inside the plot; the plot has ``columns`` by ``rows`` characters.
    """
    every = [point for curve in curves for point in curve]
    if not every:
        return [[] for _ in curves]
    left, right = min(x for x, _ in every), max(x for x, _ in every)
    low, high = min(y for _, y in every), max(y for _, y in every)

    def cell(point: Point) -> Point:
        return (
            columns * (point[0] - left) / (right - left or 1.0),
            rows * (point[1] - low) / (high - low or 1.0),
        )

    in_cells = [[cell(point) for point in curve] for curve in curves]
    by_column: list[dict[int, float]] = [{round(column): row for column, row in cells} for cells in in_cells]
    taken: list[Point] = []
    places: list[list[Point]] = [[] for _ in curves]
    for share in SHARES:
        for number, cells in enumerate(in_cells):
            best = _best(cells, share, [other for place, other in enumerate(by_column) if place != number], taken)
            if best is not None:
                places[number].append(curves[number][best])
                taken.append(cells[best])
    for number, cells in enumerate(in_cells):
        if cells and not places[number]:  # more letters than room: one over another is better than none
            places[number].append(curves[number][len(cells) // 2])
    return places


def _best(
    cells: Sequence[Point], share: float, others: Sequence[dict[int, float]], taken: Sequence[Point]
) -> int | None:
    """The index of the clearest point near ``share`` of a curve; None where every one is taken."""
    wanted = share * (len(cells) - 1)
    first, last = round(max(0.0, wanted - REACH * len(cells))), round(min(len(cells), wanted + REACH * len(cells)))
    best, least = None, float("inf")
    for index in range(first, last):
        column, row = cells[index]
        if any(abs(column - x) < 2.0 and abs(row - y) < 1.5 for x, y in taken):
            continue
        cost = 3.0 * max(0.0, CLEAR - _gap(column, row, others)) + abs(index - wanted) / (REACH * len(cells))
        before, after = cells[max(0, index - 1)], cells[min(len(cells) - 1, index + 1)]
        cost += 0.5 * abs(after[1] - before[1]) / max(0.1, after[0] - before[0])  # where it is steep, letters crowd
        if cost < least:
            best, least = index, cost
    return best


def _gap(column: float, row: float, others: Sequence[dict[int, float]]) -> float:
    """How far the nearest other curve is, in lines of text; a character is half as wide as it is high."""
    near = range(round(column) - 3, round(column) + 4)
    gaps = [hypot((x - column) / 2, other[x] - row) for other in others for x in near if x in other]
    return min(gaps, default=CLEAR)
