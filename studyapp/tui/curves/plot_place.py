"""Where the plot of a card's loss stands once it is wanted. What draws it is loaded then, beside the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.message import Message
from textual.widget import Widget

from studyapp import faults
from studyapp.locale.catalogue import ENGLISH

if TYPE_CHECKING:
    from studyapp.tui.curves.loss_curves import Curve


class PlotPlace(Widget):
    """Empty, or with the plot of ``loss``."""

    DEFAULT_CSS: ClassVar = """
    PlotPlace {
        width: 100%;
        height: auto;
    }
    """

    class Shown(Message):
        """The plot that was asked for is there: bring it into sight."""

    def __init__(self) -> None:
        super().__init__()
        self.display = False
        self.loss = ""
        """The loss that is drawn, or is about to be; empty for none."""
        self._language = ENGLISH

    def show(self, loss: str, language: str, seek: bool = False) -> None:
        """Draw a loss of `FAMILIES`; with ``seek`` the card scrolls to it."""
        self.loss = loss
        self._language = language
        self._work_out(loss, seek)

    def speak(self, language: str) -> None:
        """Say what is drawn in another language."""
        from studyapp.tui.curves.verdict_plot import VerdictPlot

        self._language = language
        for plot in self.query_children(VerdictPlot):
            plot.speak(language)

    async def hide(self) -> None:
        """Take the plot away."""
        self.loss = ""
        self.display = False
        await self.remove_children()

    @work(thread=True, exclusive=True, group="plot")
    def _work_out(self, loss: str, seek: bool) -> None:
        from studyapp.tui.curves.verdict_plot import family_curves

        try:
            drawn = family_curves(loss)
        except Exception as error:  # the card goes on without its plot
            faults.record(error, f"drawing the curves of {loss}")
            return
        self.app.call_from_thread(self.call_next, self._put, loss, drawn, seek)

    async def _put(self, loss: str, drawn: tuple[Curve, ...], seek: bool) -> None:
        from studyapp.tui.curves.verdict_plot import VerdictPlot

        if loss != self.loss or self.children or not self.is_attached:
            return
        plot = VerdictPlot(loss, drawn, self._language)
        self.display = True
        await self.mount(plot)
        if self.loss and plot.is_attached:  # it may have been hidden meanwhile
            plot.draw()
            if seek:
                self.post_message(self.Shown())
