"""A plot of a few curves that can be told apart without colour: each carries a letter."""

from __future__ import annotations

import math
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Grid, Vertical
from textual.content import Content
from textual.strip import Strip
from textual.widgets import Static
from textual_hires_canvas import Canvas
from textual_plot import HiResMode, PlotWidget
from textual_plot.plot_widget import Legend

from studyapp.render import cell_width
from studyapp.tui.curves.letters import letter_places
from studyapp.tui.curves.loss_curves import Curve

_ON_DARK = ("#5fd7ff", "#ffd75f", "#ff87d7", "#87ff87", "#ff8787", "#afafff", "#ffffff", "#d7af87")
_ON_LIGHT = ("#005faf", "#af5f00", "#87005f", "#005f00", "#af0000", "#5f00af", "#000000", "#5f5f00")
LETTERS = "abcdefgh"
"""The first curve is a, and so on, in the plot, in the legend and in tables beside it."""

HIGHEST = 8.0
"""Values beyond this (or below its negative) are cut off, so that a pole does not flatten the rest."""


class _StyledCanvas(Canvas):
    """A canvas whose lines have a style before its size is known too: without colours the app asks every line for
    its style."""

    def render_line(self, y: int) -> Strip:
        line = super().render_line(y)
        return line if line.cell_length else Strip.blank(self.size.width, self.rich_style)


class _Plot(PlotWidget):
    """The plot on such canvases."""

    def compose(self) -> ComposeResult:
        with Grid():
            for place in ("margin-top", "margin-left", "plot", "margin-bottom"):
                yield _StyledCanvas(1, 1, id=place)
        yield Legend(id="legend")


class CurvePlot(Vertical):
    """What the plot shows, the plot and, below it, which letter is which curve."""

    def __init__(self, still: bool = False) -> None:
        """``still``: a picture only, which keys and mouse do not move."""
        super().__init__()
        self.heading = Static(markup=False, classes="heading")
        self.plot = _Plot(allow_pan_and_zoom=not still)
        self.plot.can_focus = not still
        self.legend = Static(markup=False, classes="legend")
        self._drawn: tuple[Curve, ...] = ()
        self._heading = ""

    def compose(self) -> ComposeResult:
        yield self.heading
        yield self.plot
        yield self.legend

    def on_mount(self) -> None:
        self.heading.display = False
        self.plot.margin_top = 0
        self.plot.margin_bottom = 1
        self.plot.margin_left = 7

    def on_resize(self) -> None:
        """Letters are placed by character cells, so they move when the plot gets another size."""
        self.draw(self._drawn, self._heading)

    def draw(self, curves: Sequence[Curve], heading: str = "") -> None:
        """Show these curves with a line above them; none of them clears the plot."""
        self._drawn, self._heading = tuple(curves), heading
        self.heading.display = bool(heading and curves)
        self.heading.update(Content.styled(heading, "bold"))
        labels = [curve.label for curve in curves]
        self.legend.update(_legend(labels, self._colours, max(20, self.size.width)))
        # The plot has its size only once the lines above and below it have theirs.
        self.call_after_refresh(self._plot_curves)

    @property
    def _colours(self) -> Sequence[str]:
        return _ON_DARK if self.app.current_theme.dark else _ON_LIGHT

    def _plot_curves(self) -> None:
        self.plot.clear()
        shown = [value for curve in self._drawn for value in curve.ys if math.isfinite(value)]
        if not shown:
            return
        low, high = max(-HIGHEST, min(shown)), min(HIGHEST, max(shown))
        margin = 0.05 * (high - low or 1.0)
        low, high = low - margin, high + margin
        self.plot.set_xlimits(self._drawn[0].xs[0], self._drawn[0].xs[-1])
        self.plot.set_ylimits(low, high)
        inside = [
            [(x, y) for x, y in zip(curve.xs, curve.ys, strict=True) if low <= y <= high] for curve in self._drawn
        ]
        for number, points in enumerate(inside):
            if points:
                colour = self._colours[number % len(self._colours)]
                self.plot.plot([x for x, _ in points], [y for _, y in points], colour, HiResMode.BRAILLE)
        columns, rows = max(10, self.plot.size.width - 9), max(4, self.plot.size.height - 4)
        # After all lines, so that no line hides a letter.
        for number, places in enumerate(letter_places(inside, columns, rows)):
            style = f"bold {self._colours[number % len(self._colours)]}"
            for x, y in places:
                self.plot.scatter([x], [y], marker=LETTERS[number], marker_style=style)


def _legend(labels: Sequence[str], colours: Sequence[str], width: int) -> Content:
    """Letters with their labels; lines break between entries only."""
    lines: list[list[Content]] = [[]]
    room = width
    for number, label in enumerate(labels):
        needed = 4 + cell_width(label)
        if needed > room and lines[-1]:
            lines.append([])
            room = width
        room -= needed
        letter = (f" {LETTERS[number]} ", f"bold {colours[number % len(colours)]}")
        lines[-1].append(Content.assemble(letter, f"{label} "))
    return Content("\n").join(Content("").join(line) for line in lines)
