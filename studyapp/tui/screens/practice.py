"""Practice: a chosen row of cards, asked without touching their schedule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.content import Content

from studyapp.grading.question import Question
from studyapp.grading.rating import ENOUGH
from studyapp.grading.verdict import Outcome
from studyapp.locale.message import Message
from studyapp.practice import Practice
from studyapp.tui.commands import bindings
from studyapp.tui.screens.card_page import JUDGED
from studyapp.tui.screens.outside_session import OutsideSession
from studyapp.tui.text import rich_text

_PRACTICE = Message("Practice")
_LEFT = Message("{title} · {left} left · not scheduled")
_ENOUGH = Message("{ticked} of {count} points: enough for this round.")
_COMES_AGAIN = Message("{ticked} of {count} points: comes again.")
_TICK = Message("Tick what you had; none: comes again.")
_ONCE_MORE = Message("{count} once more.")
_DONE = Message("**Done.** {count} answers.\n\nGo back with q.")


class PracticeScreen(OutsideSession):
    """Cards in the order given, each once; then those that were not right, until all were or the learner leaves."""

    PLACES = ("practice", "card")
    BINDINGS: ClassVar = bindings(*PLACES)

    def __init__(self, card_ids: Sequence[str], title: str = "") -> None:
        super().__init__()
        self._title = title or str(_PRACTICE)
        self._card_ids = tuple(card_ids)
        self._practice: Practice | None = None
        """None before the screen is mounted: only then the app, and with it the decks, is at hand."""

    @property
    def question(self) -> Question | None:
        return None if self._practice is None else self._practice.question

    @property
    def practice(self) -> Practice:
        """The cards and how far the learner is with them."""
        assert self._practice is not None, "begun when the screen was mounted"
        return self._practice

    async def on_mount(self) -> None:
        self.begin()  # what comes next is for `CardScreen.on_mount`, which Textual calls after this one

    def begin(self) -> None:
        """Begin with the first card."""
        self._practice = Practice(self.app.services.bank, self._card_ids, self.app.language)

    async def show_question(self, draft: str = "", keep_hints: bool = False) -> None:
        for notice in self.practice.take_notices():
            self.app.say(notice, problem=True)
        await super().show_question(draft, keep_hints)

    async def show_next(self, draft: str = "") -> None:
        """Show the question that has come up."""
        self.app.key_guard.arm()
        await self.show_question(draft)

    async def verdict_shown(self) -> None:
        if self.verdict is not None and self.verdict.outcome is Outcome.SELF_RATED:
            await self.offer_points({place for place, one in enumerate(self.verdict.details) if one.passed})

    def points_note(self, ticked: int, count: int) -> str:
        if ticked / count >= ENOUGH:
            return _ENOUGH.to(self.language, ticked=ticked, count=count)
        return _COMES_AGAIN.to(self.language, ticked=ticked, count=count) if ticked else _TICK.to(self.language)

    async def action_next(self) -> None:
        """Go on with the next card."""
        if self.stage != JUDGED:
            return
        verdict = self.verdict
        if verdict is not None and self.points is not None:
            verdict = self.tick(set(self.points.ticked))
        again = self.practice.go_on(remembered=verdict is not None and verdict.score >= ENOUGH)
        if again:
            self.app.say(_ONCE_MORE.to(self.language, count=again), seconds=2)
        await self.show_next()

    async def no_question(self) -> None:
        text = _DONE.to(self.language, count=self.practice.done)
        self.card_view.show_question(rich_text(text, self.card_view.text_width))

    async def language_switched(self) -> None:
        """Show the card in the other language."""
        self.practice.set_language(self.app.language)
        if self.question is not None:
            await self.show_in_other_language()
        self.show_status()

    def show_status(self) -> None:
        self.status.update(Content(_LEFT.to(self.language, title=self._title, left=self.practice.left)))

    def action_leave(self) -> None:
        """Leave the answer field; out of it, leave the practice."""
        if not self.leave_field():
            self.app.leave_screen()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "next":
            return self.stage == JUDGED
        return super().check_action(action, parameters)
