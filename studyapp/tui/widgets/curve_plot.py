"""A plot of a few curves that can be told apart without colour: each carries a letter."""

from __future__ import annotations

import math
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static
from textual_plot import HiResMode, PlotWidget

from studyapp.tui.loss_curves import Curve

_ON_DARK = ("#5fd7ff", "#ffd75f", "#ff87d7", "#87ff87", "#ff8787", "#afafff", "#ffffff", "#d7af87")
_ON_LIGHT = ("#005faf", "#af5f00", "#87005f", "#005f00", "#af0000", "#5f00af", "#000000", "#5f5f00")
_LETTERS = "abcdefgh"
NO_BREAK = "\u00a0"
HIGHEST = 8.0
"""Values beyond this (or below its negative) are cut off, so that a pole does not flatten the rest."""


class CurvePlot(Vertical):
    """The plot and, below it, which letter is which curve."""

    def __init__(self, still: bool = False) -> None:
        """``still``: a picture only, which keys and mouse do not move."""
        super().__init__()
        self.plot = PlotWidget(allow_pan_and_zoom=not still)
        self.plot.can_focus = not still
        self.legend = Static(markup=False, classes="legend")

    def compose(self) -> ComposeResult:
        yield self.plot
        yield self.legend

    def on_mount(self) -> None:
        self.plot.margin_top = 0
        self.plot.margin_bottom = 2
        self.plot.margin_left = 7

    def draw(self, curves: Sequence[Curve]) -> None:
        """Show these curves; None of them clears the plot."""
        colours = _ON_DARK if self.app.current_theme.dark else _ON_LIGHT
        self.plot.clear()
        parts: list[tuple[str, str]] = []
        shown = [value for curve in curves for value in curve.ys if math.isfinite(value)]
        if not shown:
            self.legend.update("")
            return
        low, high = max(-HIGHEST, min(shown)), min(HIGHEST, max(shown))
        margin = 0.05 * (high - low or 1.0)
        self.plot.set_xlimits(curves[0].xs[0], curves[0].xs[-1])
        self.plot.set_ylimits(low - margin, high + margin)
        for number, curve in enumerate(curves):
            colour = colours[number % len(colours)]
            inside = [(x, y) for x, y in zip(curve.xs, curve.ys, strict=True) if low - margin <= y <= high + margin]
            if not inside:
                continue
            self.plot.plot([x for x, _ in inside], [y for _, y in inside], colour, HiResMode.BRAILLE)
            for share in (0.12, 0.5, 0.88):
                x, y = inside[int((len(inside) - 1) * min(0.98, share + 0.035 * number))]
                self.plot.scatter([x], [y], marker=_LETTERS[number], marker_style=f"bold {colour}")
            label = curve.label.replace(" ", NO_BREAK)
            parts += [(f" {_LETTERS[number]}{NO_BREAK}", f"bold {colour}"), (f"{label} ", "")]
        self.legend.update(Content.assemble(*parts))
