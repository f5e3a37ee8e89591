"""The review screen: a session of spaced repetition, card by card."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import ClassVar

from textual.content import Content
from textual.widget import Widget

from studyapp.grading.question import Question
from studyapp.grading.rating import marked_rating
from studyapp.grading.solution import Reveal
from studyapp.grading.verdict import Outcome, Verdict
from studyapp.locale.durations import when
from studyapp.locale.message import Message, speaking
from studyapp.render.duration import stopwatch
from studyapp.sanitizing import sanitize
from studyapp.schedule.rating import NAMES, Rating
from studyapp.session import Session, Turn, Undone
from studyapp.store.errors import AnsweredElsewhere, StoreError
from studyapp.tui.commands import bindings
from studyapp.tui.screens.card import CardScreen
from studyapp.tui.screens.card_page import JUDGED, RUNNING, SUGGESTED, TICK
from studyapp.tui.text import both_ends, rich_text
from studyapp.tui.widgets.item_list import ItemList
from studyapp.tui.widgets.rating_bar import RatingBar

PHASES = {
    "new": Message("new card"),
    "learning": Message("being learnt"),
    "review": Message("review"),
    "relearning": Message("being relearnt"),
}
"""What the phases of a card are called on the screen."""

_NOT_SAVED, _YOURS = Message("Not saved"), Message("yours")
_LEFT = Message("new {new} · learning {learning} · due {due}")
_NOTHING_LEFT = Message(
    "**Nothing else is left for now.** What you are learning comes back {comes}; this screen goes on by itself.\n\n"
    "Or leave with q: everything is saved and will wait for you."
)
_BURIED = Message("{card} is left for another day. {key} brings it back.")
_SUSPENDED = Message("{card} is suspended. {key} brings it back.")
_ESC_U = Message("esc, then u")


class ReviewScreen(CardScreen):
    """A session on the screen. The session decides everything; this shows it and passes keys on."""

    PLACES = ("review", "card")
    BINDINGS: ClassVar = bindings(*PLACES)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._has_undo = False
        """Whether there is anything to take back."""
        self.ratings = RatingBar()
        self._title = ("", "", "")
        """A card, a language, and the title of the card's deck in it."""
        self._yours = ("", False)
        """A card, and whether it is the user's version of a bundled one."""
        self.pausing = False
        """Whether nothing is left to ask until a card that is being learnt comes back."""
        self._finished = False
        """Whether the summary is shown over this screen."""

    def footer(self) -> list[Widget]:
        return [self.ratings]

    # Where questions and verdicts come from

    @property
    def turn(self) -> Turn | None:
        """The session's present turn."""
        return self.session.turn

    @property
    def question(self) -> Question | None:
        turn = self.session.turn
        return None if turn is None else turn.question

    def grade(self, answer: str) -> Verdict:
        return self.session.answer(answer)

    def tick(self, ticked: set[int]) -> Verdict:
        return self.session.tick(ticked)

    def give_up(self) -> Verdict:
        return self.session.give_up()

    def reveal(self) -> Reveal:
        return self.session.reveal()

    def next_hint(self) -> str | None:
        return self.session.hint()

    # The rating

    async def verdict_shown(self) -> None:
        turn, verdict = self.turn, self.verdict
        if turn is None or verdict is None:
            return
        self.ratings.show(turn.previews, self._marked(turn, verdict), turn.question.language)
        self.set_focus(self.ratings)
        if verdict.outcome is Outcome.SELF_RATED:
            await self.offer_points({place for place, detail in enumerate(verdict.details) if detail.passed})
        self.call_after_refresh(self.session.prepare)  # while the verdict is read

    def ticks_suggested(self, verdict: Verdict) -> None:
        self.session.suggest_ticks(verdict)

    @staticmethod
    def _marked(turn: Turn, verdict: Verdict) -> Rating | None:
        if verdict.outcome is Outcome.SELF_RATED:
            return marked_rating(verdict, turn.hints_shown)
        return turn.suggested or Rating.GOOD

    def on_item_list_changed(self, event: ItemList.Changed) -> None:
        """Points were ticked: the suggested rating follows."""
        if self.stage == JUDGED and self.points is not None and event.items is self.points:
            self.verdict = self.session.tick(set(self.points.ticked))
            if self.turn is not None:
                self.ratings.marked = self._marked(self.turn, self.verdict)

    def points_note(self, ticked: int, count: int) -> str:
        if not ticked or self.turn is None or self.verdict is None:
            return TICK.to(self.language)
        rating = self._marked(self.turn, self.verdict)
        if rating is None:
            return TICK.to(self.language)
        return SUGGESTED.to(self.language, ticked=ticked, count=count, rating=NAMES[rating])

    async def on_rating_bar_chosen(self, event: RatingBar.Chosen) -> None:
        event.stop()
        await self.app.run_action(f"rate('{event.rating.value}')", self)

    async def action_rate(self, number: str) -> None:
        """Give a rating."""
        await self._rate(Rating(int(number)))

    async def action_accept(self) -> None:
        """Give the rating that is marked; where none is, the note above the keys says what to do."""
        if self.ratings.marked is not None:
            await self._rate(self.ratings.marked)

    async def _rate(self, rating: Rating) -> None:
        turn = self.turn
        if self.stage != JUDGED or turn is None:
            return
        with self.app.saying(str(_NOT_SAVED)):
            try:
                self.session.rate(rating)
            except AnsweredElsewhere as error:
                self.app.say(str(error), problem=True)
            else:
                self.app.drafts.put(turn.card.id, "")
            await self._next()

    async def _next(self, draft: str = "") -> None:
        """Show what the session has on the table now; repeats of the key that led here mean nothing for it."""
        self.app.key_guard.arm()
        for notice in self.session.take_notices():
            self.app.say(notice, problem=True, seconds=10)
        await self.show_question(draft)

    async def show_question(self, draft: str = "", keep_hints: bool = False) -> None:
        self.ratings.display = False
        self.pausing = False
        with suppress(StoreError):
            self._has_undo = self.app.services.store.undoable() is not None
        await super().show_question(draft, keep_hints)

    # Other commands

    async def action_undo(self) -> None:
        """Take back the last rating or mark."""
        before = self.question
        undone = self.app.undo_in(self.session)
        if undone is None:
            return
        if self.question is not None and self.question is before:
            self.show_status()  # only a mark of this card was taken back
        else:
            await self._next(undone.answer)

    async def action_was_right(self) -> None:
        """Count the refused answer as right from now on, or take that back."""
        question = self.question
        if self.stage != JUDGED or question is None:
            return
        with self.app.saying(str(_NOT_SAVED)), self.batch_repaint():
            self.verdict = self.session.was_right()
            await self._show_judged(question, self.verdict)

    async def action_bury(self) -> None:
        """Leave the card for another day."""
        await self._put_away(self.session.bury, _BURIED)

    async def action_suspend(self) -> None:
        """Take the card out of all sessions."""
        await self._put_away(self.session.suspend, _SUSPENDED)

    async def _put_away(self, put_away: Callable[[], None], message: Message) -> None:
        from studyapp.tui.notices import first_words

        turn = self.turn
        if turn is None:
            return
        with self.app.saying(str(_NOT_SAVED)):
            put_away()
            await self._next()
            words = first_words(self.app.services.bank, turn.card.id, self.app.language)
            key = _ESC_U() if self.typing else "u"
            self.app.say(message.to(turn.question.language, card=words, key=key), seconds=4)

    def action_new_card(self) -> None:
        """Write a card into a deck of one's own."""
        from studyapp.tui.screens.new_card import write_new_card

        write_new_card(self.app)

    def action_flag(self) -> None:
        """Flag the card, or take the flag away."""
        with self.app.saying(str(_NOT_SAVED)):
            self.session.flag()
            self._has_undo = True
            self.show_status()
            self.refresh_bindings()

    async def action_edit(self) -> None:
        """Open the card in the editor and go on with what it says then."""
        turn = self.turn
        if turn is not None and self.app.edit_card(turn.card.id):
            self.session.reload()
            await self._show_changed(turn.question)

    async def action_take_back_card(self) -> None:
        """Ask the original of this card instead of the user's version."""
        turn = self.turn
        if turn is not None and self.app.take_back_card(turn.card.id):
            self.session.reload()
            await self._show_changed(turn.question)

    async def _deck_changed(self) -> None:
        before = self.question
        if before is None:
            return
        with self.app.saying():
            self.session.refresh()
        if self.question is before:
            self.session.set_language(self.session.language)
        if self.question is not before:
            await self._show_changed(before)

    def bank_changed(self) -> None:
        """Deck files have changed on disk: go on with what they say now."""
        if self.stage != RUNNING and not self._finished:
            self.call_next(self._deck_changed)

    async def _show_changed(self, before: Question) -> None:
        """Show a card whose text may have changed, keeping what was typed or said of it."""
        self._title, self._yours = ("", "", ""), ("", False)
        self._yours = ("", False)
        after = self.question
        if after is not None and after.card.id == before.card.id and self.stage == JUDGED:
            self.lay_out()
        elif after is not before:
            draft = self.panel.draft if self.panel is not None else ""
            same = after is not None and after.card.id == before.card.id
            await self.show_question(draft if same else "", keep_hints=same)

    async def language_switched(self) -> None:
        """Show the card in the other language, with what was typed so far."""
        self.session.set_language(self.app.language)
        if self._finished:
            return
        self.ratings.speak(self.language)
        await self.show_in_other_language()
        self.show_status()

    def action_leave(self) -> None:
        """Leave the answer field; out of it, leave the session."""
        if self.leave_field():
            return
        if self.session.summary().answers:
            self._summary()
        else:
            self.app.leave_screen()

    # The line at the top, and when nothing is left

    def show_status(self) -> None:
        if self._finished:
            return
        now, turn, counts = self.app.services.clock(), self.turn, self.session.counts
        left = _LEFT.to(self.language, new=counts.new, learning=counts.learning, due=counts.review)
        if turn is not None:
            flag = "⚑ " if turn.flagged else ""
            named = f"{flag}{self._deck_title(turn.question)} · {PHASES[turn.phase].to(self.language)}"
            right = f"{left}  {stopwatch(now - turn.shown_at)}"
            self.status.update(both_ends(named, right, self.app.size.width - 3))
            return
        waiting = self.session.waiting
        self.status.update(Content(left))
        if waiting is not None and waiting > now:
            with speaking(self.language):
                self._show_pause(when(waiting, now))
        elif self.pausing:
            with suppress(StoreError):  # the next look tries again
                self.session.refresh()
            if self.turn is not None:
                self.call_next(self.show_question)

    def _deck_title(self, question: Question) -> str:
        card_id, language = question.card.id, question.language
        if self._title[:2] != (card_id, language):
            title = sanitize(self.app.services.bank.deck_title(card_id, language))
            yours = f" · {_YOURS.to(language)}" if self._is_yours(question) else ""
            self._title = (card_id, language, title + yours)
        return self._title[2]

    def _is_yours(self, question: Question) -> bool:
        """Whether the card is the user's version of a bundled one."""
        if self._yours[0] != question.card.id:
            self._yours = (question.card.id, self.app.services.bank.own_version(question.card.id) is not None)
        return self._yours[1]

    async def no_question(self) -> None:
        self.pausing = self.session.waiting is not None
        if not self.pausing:
            self._summary()

    def _show_pause(self, comes: str) -> None:
        self.card_view.show_question(rich_text(_NOTHING_LEFT.to(self.language, comes=comes), self.card_view.text_width))

    def _summary(self) -> None:
        from studyapp.tui.screens.summary import SummaryScreen

        if not self._finished:
            self._finished, self.pausing = True, False
            self.app.push_screen(SummaryScreen(self.session), self._go_on)

    async def _go_on(self, undone: Undone | None) -> None:
        """The summary was left by undoing: show the card that is to be answered again."""
        self._finished = False
        if undone is not None:
            await self._next(undone.answer)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("rate", "accept"):
            return self.stage == JUDGED
        if action == "was_right":
            return self.stage == JUDGED and self.session.may_be_right
        if action == "take_back_card":
            return self.question is not None and self.stage != RUNNING and self._is_yours(self.question)
        if action in ("edit", "flag", "bury", "suspend"):
            return self.question is not None and self.stage != RUNNING
        if action == "undo":
            # In a field ctrl+z takes back what was typed, and nothing else.
            return self._has_undo and self.stage != RUNNING and not self.typing
        return super().check_action(action, parameters)
