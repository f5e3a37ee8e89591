"""Studying chosen cards ahead of schedule: each once, and its schedule follows the rating."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from textual.content import Content
from textual.widget import Widget

from studyapp.grading.rating import marked_rating
from studyapp.grading.verdict import Outcome
from studyapp.locale.message import Message
from studyapp.practice import StudyAhead
from studyapp.schedule.rating import NAMES, Rating
from studyapp.session import what_was_done
from studyapp.store.errors import AnsweredElsewhere, StoreError
from studyapp.tui.commands import bindings
from studyapp.tui.screens.card_page import JUDGED, RUNNING, SUGGESTED, TICK
from studyapp.tui.screens.practice import PracticeScreen
from studyapp.tui.widgets.item_list import ItemList
from studyapp.tui.widgets.rating_bar import RatingBar

_NOT_SAVED, _UNDO_FAILED = Message("Not saved"), Message("Undo failed")
_NEWER = Message("Something newer was rated or marked since. Undo that first, on the first screen.")
_LEFT = Message("{title} · {left} left · ratings count")


class AheadScreen(PracticeScreen):
    """As practice, but every card is rated and its answer recorded."""

    PLACES = ("ahead", "card")
    BINDINGS: ClassVar = bindings(*PLACES)

    def __init__(self, card_ids: list[str], title: str) -> None:
        super().__init__(card_ids, title)
        self.ratings = RatingBar()
        self._ahead: StudyAhead | None = None
        self._shown_at: datetime | None = None

    @property
    def ahead(self) -> StudyAhead:
        """What is recorded of the cards."""
        assert self._ahead is not None, "begun when the screen was mounted"
        return self._ahead

    def begin(self) -> None:
        super().begin()
        self._ahead = StudyAhead(self.practice, self.app.services.store, self.app.services.clock)

    def footer(self) -> list[Widget]:
        return [self.ratings]

    async def show_question(self, draft: str = "", keep_hints: bool = False) -> None:
        self.ratings.display = False
        self._shown_at = self.app.services.clock()
        await super().show_question(draft, keep_hints)

    async def verdict_shown(self) -> None:
        question, verdict = self.question, self.verdict
        if question is None or verdict is None:
            return
        self.ratings.show(self.ahead.intervals(), self._suggested(), question.language)
        self.set_focus(self.ratings)
        if verdict.outcome is Outcome.SELF_RATED:
            await super().verdict_shown()

    def _suggested(self) -> Rating | None:
        assert self.verdict is not None
        return marked_rating(self.verdict, len(self.hints))

    def points_note(self, ticked: int, count: int) -> str:
        rating = self._suggested()
        if not ticked or rating is None:
            return TICK.to(self.language)
        return SUGGESTED.to(self.language, ticked=ticked, count=count, rating=NAMES[rating])

    def on_item_list_changed(self, event: ItemList.Changed) -> None:
        """Points were ticked: the suggested rating follows."""
        if self.stage == JUDGED and self.points is not None and event.items is self.points:
            self.verdict = self.tick(set(self.points.ticked))
            self.ratings.marked = self._suggested()

    async def on_rating_bar_chosen(self, event: RatingBar.Chosen) -> None:
        event.stop()
        await self.app.run_action(f"rate('{event.rating.value}')", self)

    async def action_rate(self, number: str) -> None:
        """Give a rating."""
        await self._rate(Rating(int(number)))

    async def action_accept(self) -> None:
        """Give the rating that is marked."""
        if self.ratings.marked is not None:
            await self._rate(self.ratings.marked)

    async def _rate(self, rating: Rating) -> None:
        verdict, shown_at = self.verdict, self._shown_at
        if self.stage != JUDGED or self.question is None or verdict is None or shown_at is None:
            return
        try:
            self.ahead.rate(verdict, rating, self.answered, shown_at, len(self.hints))
        except AnsweredElsewhere as error:
            self.app.say(str(error), problem=True)
        except StoreError as error:
            self.app.say(str(error), title=str(_NOT_SAVED), problem=True, seconds=15)
            return
        await self.show_next()

    async def action_undo(self) -> None:
        """Take back the last rating that was given here, and ask its card again."""
        if not self.ahead.can_undo or self.stage == RUNNING:
            return
        try:
            undone = self.ahead.undo()
        except StoreError as error:
            self.app.say(str(error), title=str(_UNDO_FAILED), problem=True, seconds=15)
            return
        if undone is None:
            self.app.say(_NEWER.to(self.language), problem=True, seconds=6)
            return
        self.app.say_undone(undone.card_id, what_was_done(undone))
        record, question, draft = undone.answer, self.question, ""
        if record is not None and question is not None and record.seed == question.seed:
            draft = record.answer or ""
        await self.show_next(draft)

    async def language_switched(self) -> None:
        await super().language_switched()
        self.ratings.speak(self.language)

    def show_status(self) -> None:
        self.status.update(Content(_LEFT.to(self.language, title=self._title, left=self.practice.left)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("rate", "accept"):
            return self.stage == JUDGED
        if action == "undo":
            return self._ahead is not None and self._ahead.can_undo and self.stage != RUNNING and not self.typing
        return super().check_action(action, parameters)
