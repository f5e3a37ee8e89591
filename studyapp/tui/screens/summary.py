"""The end of a session: what was done and when to come back."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from studyapp.beyond import Opened, open_learnt
from studyapp.locale.durations import when
from studyapp.locale.message import Message
from studyapp.locale.sentences import LIST_COMMA
from studyapp.render import bar, pad
from studyapp.render.duration import stopwatch
from studyapp.schedule.rating import Rating
from studyapp.session import Session, Summary, Undone
from studyapp.tui.commands import bindings
from studyapp.tui.host import Page
from studyapp.tui.text import join_blocks, plain
from studyapp.tui.widgets.key_bar import KeyBar
from studyapp.tui.widgets.rating_bar import NAMES

_HEAD = Message("{cards}, {answers}, {time} on the cards")
_CARDS, _ANSWERS = Message("{count} card", "{count} cards"), Message("{count} answer", "{count} answers")
_FINISHED, _LEFT = Message("Session finished"), Message("Session left")
_REMEMBERED = Message("{share} of the answers were remembered (Hard, Good or Easy).")
NOTHING_NOW = Message("Nothing to study right now")
_LEFT_TODAY = Message("Left for today: {parts}.")
_NEW, _LEARNING, _DUE = Message("{count} new"), Message("{count} being learnt"), Message("{count} due")
NEXT_DUE, _DUE_NOW = Message("The next card is due {when}."), Message("A card is due now.")
NOTHING_WAITS = Message("No card is waiting to come back.")
_KEPT = Message(
    "Today's limits keep {count} more for another day.", "Today's limits keep {count} more for another day."
)


class SummaryScreen(Page[Undone]):
    """Figures of the session, over its screen; dismissed with what was undone, it goes on there."""

    PLACES = ("summary",)
    BINDINGS: ClassVar = bindings(*PLACES)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.words = Static(markup=False)
        self._opened: tuple[Opened, ...] = ()
        self._offer = ""

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="body", can_focus=False):
            yield self.words
        yield KeyBar()

    def on_mount(self) -> None:
        from studyapp.fitting import offer

        if self.session.summary().answers:
            services = self.app.services
            self._opened = open_learnt(services.bank, services.store, services.topics)
            self._offer = offer(services.store, services.folders.weights)
        self.words.update(self._text(self.session.summary()))

    async def language_switched(self) -> None:
        self.words.update(self._text(self.session.summary()))

    def _text(self, summary: Summary) -> Content:
        if not summary.answers:
            return self._nothing(summary)
        share = summary.right / summary.answers
        head = _HEAD(
            cards=_CARDS(count=summary.cards),
            answers=_ANSWERS(count=summary.answers),
            time=stopwatch(timedelta(seconds=summary.seconds)),
        )
        most = max(summary.by_rating.values(), default=1)
        width = max(8, min(40, self.app.size.width - 20))
        rows = [
            f"{pad(str(NAMES[rating]), 6, 'right')} {summary.by_rating.get(rating, 0):4d} "
            f"{bar(summary.by_rating.get(rating, 0), most, width)}"
            for rating in Rating
        ]
        return join_blocks(
            [
                plain(str(_FINISHED if self.session.turn is None else _LEFT), "bold underline"),
                Content(head),
                Content(_REMEMBERED(share=f"{share:.0%}")),
                Content("\n".join(rows)),
                self._outlook(summary),
            ]
        )

    def _nothing(self, summary: Summary) -> Content:
        return join_blocks([plain(str(NOTHING_NOW), "bold underline"), self._outlook(summary)])

    def _outlook(self, summary: Summary) -> Content:
        lines = []
        now = self.app.services.clock()
        left = self.session.counts
        if left.new or left.review:
            counts = ((left.new, _NEW), (left.learning, _LEARNING), (left.review, _DUE))
            lines.append(_LEFT_TODAY(parts=LIST_COMMA().join(told(count=count) for count, told in counts if count)))
        elif summary.next_due is None:
            lines.append(NOTHING_WAITS())
        elif summary.next_due <= now:
            lines.append(_DUE_NOW())
        else:
            lines.append(NEXT_DUE(when=when(summary.next_due, now)))
        lines += map(str, self._opened)
        lines += [self._offer] if self._offer else []
        if summary.held_back:
            lines.append(_KEPT(count=summary.held_back))
        return Content("\n".join(lines))

    async def action_undo(self) -> None:
        """Take back the last rating and go on with that card."""
        undone = self.app.undo_in(self.session)
        if undone is not None:
            self.dismiss(undone)

    def action_leave(self) -> None:
        """Leave the session."""
        self.app.leave_screen(2)
