"""The review screen: a session of spaced repetition, card by card."""

from __future__ import annotations

from typing import ClassVar

from textual.content import Content
from textual.widget import Widget

from studyapp.deck.bank import UnknownCard
from studyapp.grading.question import Question
from studyapp.grading.rating import marked_rating
from studyapp.grading.solution import Reveal
from studyapp.grading.verdict import Outcome, Verdict
from studyapp.render.duration import stopwatch, when
from studyapp.schedule.rating import Rating
from studyapp.session import Session, Turn
from studyapp.store.errors import AnsweredElsewhere, StoreError
from studyapp.tui.commands import bindings
from studyapp.tui.screens.card import ASKED, JUDGED, RUNNING, CardScreen
from studyapp.tui.text import both_ends, rich_text
from studyapp.tui.widgets.item_list import ItemList
from studyapp.tui.widgets.rating_bar import NAMES, RatingBar

PHASES = {"new": "new card", "learning": "being learnt", "review": "review", "relearning": "being relearnt"}
"""What the phases of a card are called on the screen."""


class ReviewScreen(CardScreen):
    """A session on the screen. The session decides everything; this shows it and passes keys on."""

    PLACES = ("review", "card")
    BINDINGS: ClassVar = bindings(*PLACES)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.ratings = RatingBar()
        self._title = ("", "")
        self.pausing = False
        """Whether nothing is left to ask until a card that is being learnt comes back."""

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

    def concede(self) -> Verdict:
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
        self.ratings.show(turn.previews, self._marked(turn, verdict))
        self.set_focus(self.ratings)
        if verdict.outcome is Outcome.SELF_RATED:
            await self.offer_points({place for place, detail in enumerate(verdict.details) if detail.passed})
        self.call_after_refresh(self.session.prepare)  # while the verdict is read

    @staticmethod
    def _marked(turn: Turn, verdict: Verdict) -> Rating:
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
            return "Tick what you had (space), then rate."
        return f"{ticked} of {count} points: {NAMES[self._marked(self.turn, self.verdict)]} suggested."

    async def on_rating_bar_chosen(self, event: RatingBar.Chosen) -> None:
        event.stop()
        await self._rate(event.rating)

    async def action_rate(self, number: str) -> None:
        """Give a rating."""
        await self._rate(Rating(int(number)))

    async def action_accept(self) -> None:
        """Give the rating that is marked."""
        await self._rate(self.ratings.marked)

    async def _rate(self, rating: Rating) -> None:
        turn = self.turn
        if self.stage != JUDGED or turn is None:
            return
        try:
            self.session.rate(rating)
        except AnsweredElsewhere as error:
            self.app.say(str(error), problem=True)
        except StoreError as error:
            self.app.say(str(error), title="Not saved", problem=True, seconds=15)
            return
        else:
            self.app.drafts.put(turn.card.id, "")
        await self._next()

    async def _next(self) -> None:
        """Show what the session has on the table now; repeats of the key that led here mean nothing for it."""
        self.app.key_guard.arm()
        for notice in self.session.take_notices():
            self.app.say(notice, problem=True, seconds=10)
        await self.show_question()

    async def show_question(self, draft: str = "", keep_hints: bool = False) -> None:
        self.ratings.display = False
        self.pausing = False
        await super().show_question(draft, keep_hints)

    # Other commands

    async def action_undo(self) -> None:
        """Take back the last rating or mark."""
        before = self.question
        try:
            undone = self.session.undo()
        except StoreError as error:
            self.app.say(str(error), title="Not undone", problem=True, seconds=15)
            return
        if undone is None:
            self.app.say("There is nothing to undo.", seconds=2)
            return
        self.app.say_undone(undone.card_id, undone.did)
        if self.question is not None and self.question is before:
            self.show_status()  # only a mark of this card was taken back
        else:
            await self._next()

    async def action_bury(self) -> None:
        """Leave the card for another day."""
        await self._put_away("bury", "is left for another day")

    async def action_suspend(self) -> None:
        """Take the card out of all sessions."""
        await self._put_away("suspend", "is suspended: it will not be asked any more")

    async def _put_away(self, what: str, message: str) -> None:
        from studyapp.tui.undo_text import first_words

        turn = self.turn
        if turn is None:
            return
        try:
            getattr(self.session, what)()
        except StoreError as error:
            self.app.say(str(error), title="Not saved", problem=True, seconds=15)
            return
        await self._next()
        words = first_words(self.app.services.bank, turn.card.id, self.app.language)
        key = "esc, then u" if self.typing else "u"
        self.app.say(f"{words} {message}. {key} brings it back.", seconds=4)

    def action_flag(self) -> None:
        """Flag the card, or take the flag away."""
        try:
            self.session.flag()
        except StoreError as error:
            self.app.say(str(error), title="Not saved", problem=True, seconds=15)
            return
        self.show_status()

    async def action_edit(self) -> None:
        """Open the card in the editor and go on with what it says then."""
        turn = self.turn
        if turn is not None and self.app.edit_card(turn.card.id):
            self.session.reload()
            await self._show_changed(turn.question)

    async def _deck_changed(self) -> None:
        before = self.question
        if before is None:
            return
        self.session.refresh()
        if self.question is before:
            self.session.set_language(self.session.language)
        if self.question is not before:
            await self._show_changed(before)

    def bank_changed(self) -> None:
        """Deck files have changed on disk: go on with what they say now."""
        if self.stage != RUNNING:
            self.call_next(self._deck_changed)

    async def _show_changed(self, before: Question) -> None:
        """Show a card whose text may have changed, keeping what was typed or said of it."""
        after = self.question
        if after is not None and after.card.id == before.card.id and self.stage == JUDGED:
            self.lay_out()
        elif after is not before:
            draft = self.panel.draft if self.panel is not None else ""
            same = after is not None and after.card.id == before.card.id
            await self.show_question(draft if same else "", keep_hints=same)

    async def language_switched(self) -> None:
        """Show the card in the other language, with what was typed so far."""
        draft = self.panel.draft if self.panel is not None else ""
        self.session.set_language(self.app.language)
        if self.stage == ASKED:
            await self.show_question(draft, keep_hints=True)
        else:
            self.lay_out()

    async def action_leave(self) -> None:
        """Leave the answer field; out of it, leave the session."""
        if self.typing:
            self.set_focus(None)
            return
        if self.session.summary().answers:
            self._summary()
        else:
            self.app.leave_screen()

    # The line at the top, and when nothing is left

    def show_status(self) -> None:
        now, turn, counts = self.app.services.clock(), self.turn, self.session.counts
        left = f"new {counts.new} · learning {counts.learning} · due {counts.review}"
        if turn is not None:
            flag = "⚑ " if turn.flagged else ""
            named = f"{flag}{self._deck_title(turn.card.id)} · {PHASES[turn.phase]}"
            right = f"{left}  {stopwatch(now - turn.shown_at)}"
            self.status.update(both_ends(named, right, self.app.size.width - 3))
            return
        waiting = self.session.waiting
        self.status.update(Content(left))
        if waiting is not None and waiting > now:
            self._show_pause(when(waiting, now))
        elif self.pausing:
            self.session.refresh()
            if self.turn is not None:
                self.call_next(self.show_question)

    def _deck_title(self, card_id: str) -> str:
        if self._title[0] != card_id:
            bank = self.app.services.bank
            titles = {deck.name: deck.title for deck in bank.decks()}
            try:
                name = bank.deck_of(card_id)
            except UnknownCard:
                name = ""
            self._title = (card_id, titles.get(name, name))
        return self._title[1]

    async def no_question(self) -> None:
        self.pausing = self.session.waiting is not None
        if not self.pausing:
            self._summary()

    def _show_pause(self, comes: str) -> None:
        self.card_view.show_question(
            rich_text(
                f"**Nothing else is left for now.** What you are learning comes back {comes}; "
                "this screen goes on by itself.\n\nOr leave with q: everything is saved and will wait for you.",
                self.card_view.text_width,
            )
        )

    def _summary(self) -> None:
        from studyapp.tui.screens.summary import SummaryScreen

        self.app.switch_screen(SummaryScreen(self.session))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("rate", "accept"):
            return self.stage == JUDGED
        if action in ("edit", "flag", "bury", "suspend"):
            return self.question is not None and self.stage != RUNNING
        if action == "undo":
            # While something is being typed ctrl+z would cost it.
            written = self.typing and self.panel is not None and bool(self.panel.answer.strip())
            return self.stage != RUNNING and not written
        return super().check_action(action, parameters)
