"""A small plot below a verdict: the card's loss for several values of its parameter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from studyapp.losses import get
from studyapp.tui.curves.curve_plot import CurvePlot
from studyapp.tui.curves.families import FAMILIES
from studyapp.tui.curves.loss_curves import Curve, curves, read_parameters
from studyapp.tui.text import plain


def family_curves(loss: str) -> tuple[Curve, ...]:
    """The curves of a loss of `FAMILIES`."""
    return curves([loss], None, read_parameters(get(loss), FAMILIES[loss][1]))


class VerdictPlot(Vertical):
    """The plot with its title. It takes no input, so that keys and wheel go to the card."""

    DEFAULT_CSS: ClassVar = """
    VerdictPlot {
        width: 100%;
        max-width: 72;
        height: auto;
        margin-bottom: 1;
    }
    VerdictPlot Static {
        text-wrap: wrap;
    }
    VerdictPlot CurvePlot {
        height: auto;
    }
    VerdictPlot PlotWidget {
        height: 12;
    }
    .-short VerdictPlot PlotWidget {
        height: 8;
    }
    """

    def __init__(self, loss: str, drawn: Sequence[Curve], language: str) -> None:
        super().__init__()
        self._loss = loss
        self.title = Static(self._named(language), markup=False)
        self.plot = CurvePlot(still=True)
        self._drawn = tuple(drawn)

    def compose(self) -> ComposeResult:
        yield self.title
        yield self.plot

    def _named(self, language: str) -> Content:
        return plain(FAMILIES[self._loss][0].to(language), "bold underline")

    def speak(self, language: str) -> None:
        """Say what is drawn in another language."""
        self.title.update(self._named(language))

    def draw(self) -> None:
        """Draw the curves, once everything is mounted."""
        self.plot.draw(self._drawn)
