"""Practice: a chosen row of cards, asked without touching their schedule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.content import Content

from studyapp.deck.bank import UnknownCard
from studyapp.grading.draw import DrawError
from studyapp.grading.question import variant_seed
from studyapp.grading.verdict import Outcome
from studyapp.kinds.ask import ask
from studyapp.locale.message import Message
from studyapp.tui.commands import bindings
from studyapp.tui.screens.card_page import JUDGED
from studyapp.tui.screens.outside_session import OutsideSession
from studyapp.tui.text import rich_text

_LEFT = Message("{title} · {left} left · not scheduled")
_ENOUGH = Message("{ticked} of {count} points: enough for this round.")
_COMES_AGAIN = Message("{ticked} of {count} points: comes again.")
_TICK = Message("Tick what you had; none: comes again.")
_ONCE_MORE = Message("{count} once more.")
_DONE = Message("**Done.** {count} answers.\n\nGo back with q.")

PASSED = 0.6
"""A score from which a card is not asked again in the next round."""


class PracticeScreen(OutsideSession):
    """Cards in the order given, each once; then those that were not right, until all were or the learner leaves."""

    PLACES = ("practice", "card")
    BINDINGS: ClassVar = bindings(*PLACES)

    def __init__(self, card_ids: Sequence[str], title: str = "Practice", round_number: int = 0) -> None:
        super().__init__()
        self._title = title
        self._left = list(card_ids)
        self._missed: list[str] = []
        self._done = 0
        self._round = round_number

    async def on_mount(self) -> None:
        self._draw()  # what comes next is for `CardScreen.on_mount`, which Textual calls after this one

    def _draw(self) -> None:
        """Make the next card that can be asked into a question."""
        self._question = None
        while self._left and self._question is None:
            card_id = self._left[0]
            try:
                card = self.app.services.bank.card(card_id, self.app.language)
                seed = variant_seed(f"practice {card_id}", self._done + 1000 * self._round)
                self._question = ask(card, seed, self.app.language)
            except (UnknownCard, DrawError) as error:
                self.app.say(f"{card_id} is left out: {error}", problem=True)
                self._left.pop(0)

    async def verdict_shown(self) -> None:
        if self.verdict is not None and self.verdict.outcome is Outcome.SELF_RATED:
            await self.offer_points({place for place, one in enumerate(self.verdict.details) if one.passed})

    def points_note(self, ticked: int, count: int) -> str:
        if ticked / count >= PASSED:
            return _ENOUGH.to(self.language, ticked=ticked, count=count)
        return _COMES_AGAIN.to(self.language, ticked=ticked, count=count) if ticked else _TICK.to(self.language)

    async def action_next(self) -> None:
        """Go on with the next card."""
        if self.stage != JUDGED:
            return
        verdict = self.verdict
        if verdict is not None and self.points is not None:
            verdict = self.tick(set(self.points.ticked))
        await self.go_on(remembered=verdict is not None and verdict.score >= PASSED)

    async def go_on(self, remembered: bool) -> None:
        """Show the next card; one that was not remembered comes again in the next round."""
        card_id = self._left.pop(0)
        self._done += 1
        if not remembered:
            self._missed.append(card_id)
        if not self._left and self._missed:
            self._left, self._missed = self._missed, []
            self._round += 1
            self.app.say(_ONCE_MORE.to(self.language, count=len(self._left)), seconds=2)
        self._draw()
        self.app.key_guard.arm()
        await self.show_question()

    async def no_question(self) -> None:
        text = _DONE.to(self.language, count=self._done)
        self.card_view.show_question(rich_text(text, self.card_view.text_width))

    async def language_switched(self) -> None:
        """Show the card in the other language."""
        if self._question is not None:
            old = self._question
            card = self.app.services.bank.card(old.card.id, self.app.language)
            self._question = ask(card, old.seed, self.app.language)
            await self.show_in_other_language()
        self.show_status()

    def show_status(self) -> None:
        left = len(self._left) + len(self._missed)
        self.status.update(Content(_LEFT.to(self.language, title=self._title, left=left)))

    def action_leave(self) -> None:
        """Leave the answer field; out of it, leave the practice."""
        if not self.leave_field():
            self.app.leave_screen()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "next":
            return self.stage == JUDGED
        return super().check_action(action, parameters)
