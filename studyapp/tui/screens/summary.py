"""The end of a session: what was done and when to come back."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from studyapp.beyond import open_learnt
from studyapp.render import bar
from studyapp.render.duration import stopwatch, when
from studyapp.schedule.rating import Rating
from studyapp.session import Session, Summary, Undone
from studyapp.tui.commands import bindings
from studyapp.tui.host import Page
from studyapp.tui.text import join_blocks, plain
from studyapp.tui.widgets.key_bar import KeyBar
from studyapp.tui.widgets.rating_bar import NAMES


class SummaryScreen(Page[Undone]):
    """Figures of the session, over its screen; dismissed with what was undone, it goes on there."""

    PLACES = ("summary",)
    BINDINGS: ClassVar = bindings(*PLACES)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="body", can_focus=False):
            yield Static(self._text(self.session.summary()), markup=False)
        yield KeyBar()

    def _text(self, summary: Summary) -> Content:
        if not summary.answers:
            return self._nothing(summary)
        share = summary.right / summary.answers
        cards = "card" if summary.cards == 1 else "cards"
        answers = "answer" if summary.answers == 1 else "answers"
        head = f"{summary.cards} {cards}, {summary.answers} {answers}, {stopwatch_of(summary.seconds)} on the cards"
        most = max(summary.by_rating.values(), default=1)
        width = max(8, min(40, self.app.size.width - 20))
        rows = [
            f"{NAMES[rating]:>6} {summary.by_rating.get(rating, 0):4d} "
            f"{bar(summary.by_rating.get(rating, 0), most, width)}"
            for rating in Rating
        ]
        return join_blocks(
            [
                plain("Session finished" if self.session.turn is None else "Session left", "bold underline"),
                Content(head),
                Content(f"{share:.0%} of the answers were remembered (Hard, Good or Easy)."),
                Content("\n".join(rows)),
                self._outlook(summary),
            ]
        )

    def _nothing(self, summary: Summary) -> Content:
        return join_blocks([plain("Nothing to study right now", "bold underline"), self._outlook(summary)])

    def _outlook(self, summary: Summary) -> Content:
        lines = []
        now = self.app.services.clock()
        left = self.session.counts
        if left.new or left.review:
            counts = ((left.new, "new"), (left.learning, "being learnt"), (left.review, "due"))
            lines.append("Left for today: " + ", ".join(f"{count} {word}" for count, word in counts if count) + ".")
        elif summary.next_due is None:
            lines.append("No card is waiting to come back.")
        elif summary.next_due <= now:
            lines.append("A card is due now.")
        else:
            lines.append(f"The next card is due {when(summary.next_due, now)}.")
        if summary.answers:
            services = self.app.services
            lines += map(str, open_learnt(services.bank, services.store, services.topics))
        if summary.held_back:
            lines.append(f"Today's limits keep {summary.held_back} more for another day.")
        return Content("\n".join(lines))

    async def action_undo(self) -> None:
        """Take back the last rating and go on with that card."""
        undone = self.app.undo_in(self.session)
        if undone is not None:
            self.dismiss(undone)

    def action_leave(self) -> None:
        """Leave the session."""
        self.app.leave_screen(2)


def stopwatch_of(seconds: float) -> str:
    """Seconds as minutes and seconds."""
    from datetime import timedelta

    return stopwatch(timedelta(seconds=seconds))
