"""Small pictures in text for statistics: bars, sparklines and heat cells."""

from __future__ import annotations

import math
from collections.abc import Sequence

_EIGHTHS_ACROSS = " ▏▎▍▌▋▊▉"
_EIGHTHS_UP = "▁▂▃▄▅▆▇█"
_SHADES = "·░▒▓█"


def _share(value: float, maximum: float) -> float:
    """`value` as a share of `maximum`, within 0 and 1; what is no number counts as nothing."""
    if math.isnan(value) or math.isnan(maximum) or maximum <= 0 or value <= 0:
        return 0.0
    return 1.0 if value >= maximum else value / maximum


def bar(value: float, maximum: float, width: int) -> str:
    """A horizontal bar, exactly `width` cells long with spaces after it, in steps of an eighth of a cell.

    A value above 0 is never drawn as nothing, and only the maximum fills the bar.
    """
    width = max(0, width)
    share = _share(value, maximum)
    eighths = round(share * width * 8)
    if share > 0:
        eighths = max(1, eighths)
    if share < 1:
        eighths = min(eighths, width * 8 - 1)
    full, part = divmod(max(0, eighths), 8)
    return ("█" * full + (_EIGHTHS_ACROSS[part] if part else "")).ljust(width)[:width]


def sparkline(values: Sequence[float], width: int) -> str:
    """Values as a row of columns, one cell each, scaled from 0 to the largest.

    More values than cells are averaged in groups. Nothing is drawn for NaN; zero is the lowest column.
    """
    width = max(0, width)
    if not values or not width:
        return ""
    numbers = _averaged([float(value) for value in values], width)
    largest = max((value for value in numbers if not math.isnan(value)), default=0.0)
    return "".join(
        " " if math.isnan(value) else _EIGHTHS_UP[round(_share(value, largest) * (len(_EIGHTHS_UP) - 1))]
        for value in numbers
    )


def _averaged(values: list[float], width: int) -> list[float]:
    if len(values) <= width:
        return values
    groups = [values[len(values) * i // width : len(values) * (i + 1) // width] for i in range(width)]
    known = [[value for value in group if not math.isnan(value)] for group in groups]
    return [sum(group) / len(group) if group else math.nan for group in known]


def heat_level(value: float, maximum: float, levels: int = len(_SHADES)) -> int:
    """Which of `levels` shades a value takes: 0 only for nothing, the last only near the maximum."""
    share = _share(value, maximum)
    return 0 if share <= 0 else min(levels - 1, 1 + int(share * (levels - 1)))


def heat_cell(value: float, maximum: float) -> str:
    """A shade from · (nothing) to █, readable without colour."""
    return _SHADES[heat_level(value, maximum)]
