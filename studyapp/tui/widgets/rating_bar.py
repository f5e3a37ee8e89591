"""The four ratings with the interval that each would give."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from studyapp.locale.catalogue import ENGLISH
from studyapp.locale.durations import short_interval
from studyapp.locale.message import speaking
from studyapp.render import cell_width
from studyapp.schedule.rating import NAMES as NAMES
from studyapp.schedule.rating import Rating
from studyapp.tui.text import shortened
from studyapp.tui.widgets.blocks import Part


class RatingBar(Part, can_focus=True):
    """Four cells in a row, or two rows of two where the screen is narrow; one of them is marked."""

    marked: reactive[Rating | None] = reactive(None)
    """The rating that enter takes; none where the learner has to choose."""

    class Chosen(Message):
        """A rating was clicked."""

        def __init__(self, rating: Rating) -> None:
            super().__init__()
            self.rating = rating

    def __init__(self) -> None:
        super().__init__()
        self._intervals: Mapping[Rating, timedelta] = {}
        self._language = ENGLISH

    def show(self, intervals: Mapping[Rating, timedelta], marked: Rating | None, language: str = ENGLISH) -> None:
        """Show what each rating would give, with ``marked`` as the one that enter takes, if any."""
        self._intervals = intervals
        self._language = language
        self.marked = marked
        self.display = True
        self.refresh(layout=True)

    @property
    def _columns(self) -> int:
        return 4 if self.app.size.width >= 64 else 2

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return 4 // self._columns

    def render(self) -> RenderResult:
        columns = self._columns
        width = max(1, self.size.width // columns)
        rows = []
        for start in range(0, 4, columns):
            cells = [self._cell(Rating(start + column + 1), width) for column in range(columns)]
            rows.append(Content.assemble(*cells))
        return Content("\n").join(rows)

    def _cell(self, rating: Rating, width: int) -> Content:
        interval = self._intervals.get(rating)
        with speaking(self._language):
            shown = short_interval(interval) if interval is not None else ""
        pointer = "▸" if rating == self.marked else " "
        named = f" {pointer}{int(rating)} {NAMES[rating].to(self._language)}"
        text = shortened(f"{named} {shown}", width)
        text += " " * (width - cell_width(text))
        if rating == self.marked:
            return Content.styled(text, "bold reverse")
        return Content.assemble((text[: len(named)], "bold"), text[len(named) :])

    def speak(self, language: str) -> None:
        """Go on in another language."""
        self._language = language
        self.refresh()

    def action_move(self, step: int) -> None:
        """Mark the rating ``step`` places further."""
        self.marked = Rating(min(4, max(1, self._here + step)))

    @property
    def _here(self) -> int:
        """From where the arrows move."""
        return Rating.GOOD if self.marked is None else self.marked

    def on_key(self, event: events.Key) -> None:
        rows = {"up": -2, "down": 2} if self._columns == 2 else {}
        step = {"left": -1, "right": 1, **rows}.get(event.key)
        if step and 1 <= self._here + step <= 4:
            self.action_move(step)
            event.stop()

    def on_click(self, event: events.Click) -> None:
        columns = self._columns
        width = max(1, self.size.width // columns)
        column, row = min(columns - 1, event.x // width), event.y
        number = row * columns + column + 1
        if 1 <= number <= 4:
            self.post_message(self.Chosen(Rating(number)))
