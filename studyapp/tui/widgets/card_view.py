"""The card on the screen: question, place for the answer, verdict, in one column that scrolls both ways."""

from __future__ import annotations

from textual.app import ComposeResult, RenderResult
from textual.containers import ScrollableContainer
from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget

from studyapp.tui.curves.plot_place import PlotPlace
from studyapp.tui.text import LONGEST_LINE, plain
from studyapp.tui.widgets.blocks import Block, Part

WIDE = 120
"""Cells of a screen on which the verdict on a function stands beside it."""

GUTTER = 2
"""Cells between the two."""

MARGIN = 4
"""Cells beside the text: padding on both sides and the scroll bar."""


class AnswerAndOutcome(Part):
    """The panel and the outcome, below each other or beside each other."""

    def render(self) -> RenderResult:
        return ""


class CardView(ScrollableContainer, Part, can_focus=False):
    """A column of blocks. Lines are never wrapped here: they come laid out for `text_width`."""

    def __init__(self) -> None:
        super().__init__()
        self.question = Block(markup=False, classes="block", id="question")
        self.outcome = Block(markup=False, classes="block", id="outcome")
        self.tail = Block(markup=False, id="tail")
        """A line that introduces what is mounted after it."""
        self.plot = PlotPlace()
        self._panel: Widget | None = None
        self._answered = AnswerAndOutcome(self.outcome)

    def compose(self) -> ComposeResult:
        yield self.question
        yield self._answered
        yield self.tail
        yield self.plot

    @property
    def text_width(self) -> int:
        """Cells that running text may take."""
        return max(12, min(self.app.size.width - MARGIN, LONGEST_LINE))

    @property
    def beside(self) -> bool:
        """Whether the outcome stands beside the answer."""
        return getattr(self._panel, "beside", False) and self.app.size.width >= WIDE

    @property
    def outcome_width(self) -> int:
        """Cells that lines of the outcome may take."""
        return min(self.text_width, (self.app.size.width - MARGIN - GUTTER) // 2) if self.beside else self.text_width

    def place_outcome(self) -> None:
        """Put the outcome below the answer or beside it, as the width of the screen has it."""
        self.set_class(self.beside, "-beside")

    @property
    def panel(self) -> Widget | None:
        """What the learner answers with, between question and outcome."""
        return self._panel

    async def replace_panel(self, panel: Widget | None) -> None:
        """Put another answer panel in the place of the present one."""
        if self._panel is not None:
            await self._panel.remove()
        self._panel = panel
        self.place_outcome()
        if panel is not None and self.is_attached:
            await self._answered.mount(panel, before=self.outcome)

    def show_question(self, text: Content) -> None:
        self.question.update(text)

    def show_outcome(self, text: Content | None) -> None:
        """Show what is said of the answer; None hides it."""
        self.outcome.display = text is not None
        self.outcome.update(text if text is not None else "")

    def reveal(self, widget: Widget, first: int = 0, lines: int | None = None) -> None:
        """Scroll so that lines of ``widget`` are seen, from ``first`` on."""
        region = self._region_of(widget)
        height = region.height - first if lines is None else lines
        target = Region(0, region.y + first, 1, max(1, height))
        self.scroll_to_region(target, animate=False, force=True, x_axis=False, immediate=True)

    def _region_of(self, widget: Widget) -> Region:
        """Where a widget stands on the whole scrolled surface."""
        place = widget.virtual_region
        for ancestor in widget.ancestors:
            if ancestor is self or not isinstance(ancestor, Widget):
                break
            place = place.translate(ancestor.virtual_region.offset)
        return place

    def on_plot_place_shown(self, event: PlotPlace.Shown) -> None:
        event.stop()
        self.call_after_refresh(self.reveal, self.plot)

    def show_tail(self, text: str) -> None:
        """Show a line below the outcome; an empty text hides it."""
        self.tail.display = bool(text)
        self.tail.update(plain(text, "dim"))

    def shows(self, widget: Widget, first: int = 0, lines: int = 1) -> bool:
        """Whether lines of ``widget`` are in sight."""
        top = self._region_of(widget).y + first - self.scroll_offset.y
        return widget.region.height > 0 and top >= 0 and top + min(lines, self._room) <= self._room

    @property
    def _room(self) -> int:
        """Lines of the card that are seen at once."""
        return max(1, self.scrollable_content_region.height)

    def show_block(self, block: Widget, line: int = 0) -> None:
        """Scroll so that a block is seen from its beginning, or from a line on, where not everything fits."""
        if self.max_scroll_y > 0:
            place = max(0, self._region_of(block).y + line - 1)
            self.scroll_to(y=place, animate=False, force=True, immediate=True)

    def show_down_to(self, last: Widget, first: Widget, lines: int | None = None) -> None:
        """Scroll only as far as it takes to see ``last``, or its first lines, and never past where ``first`` begins."""
        region = self._region_of(last)
        needed = region.y + (region.height if lines is None else lines) - self._room
        limit = self._region_of(first).y - 1
        self.scroll_to(y=max(0, min(needed, limit)), animate=False, force=True, immediate=True)

    def show_first_of(self, first: Widget, second: Widget) -> None:
        """Scroll so that two blocks below each other are seen; where there is no room for both, the first one."""
        self.reveal(second)
        self.reveal(first)

    def page(self, direction: int) -> None:
        """Scroll most of a page up (-1) or down (1)."""
        self.scroll_relative(y=direction * max(1, self.size.height - 2), animate=False)

    def sideways(self, direction: int) -> None:
        """Scroll a third of the width to the left (-1) or right (1)."""
        self.scroll_relative(x=direction * max(8, self.size.width // 3), animate=False)
