"""A mock interview on the screen: question after question against the clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import ClassVar

from msgspec.structs import replace
from textual.content import Content

from studyapp.answer_record import answer_record
from studyapp.deck.bank import UnknownCard
from studyapp.grading.draw import DrawError
from studyapp.grading.question import Question
from studyapp.grading.rating import suggest
from studyapp.grading.solution import Reveal
from studyapp.grading.verdict import Outcome, Verdict
from studyapp.interview.course import Interview, OnTable, Record, Topic, next_card, question_seed, title_of
from studyapp.interview.saving import save, storable
from studyapp.interview.stopwatch import Stopwatch
from studyapp.kinds import kind_of
from studyapp.kinds.ask import ask
from studyapp.kinds.grade import reveal
from studyapp.locale.message import Message
from studyapp.locale.sentences import join_sentences
from studyapp.render.duration import stopwatch
from studyapp.store.errors import StoreError
from studyapp.store.log import Mode
from studyapp.tui.commands import bindings
from studyapp.tui.screens.card_page import ASKED, JUDGED, RUNNING
from studyapp.tui.screens.outside_session import OutsideSession
from studyapp.tui.widgets.item_list import ItemList

SAVE_EVERY = 10.0
"""Seconds of answering after which the interview is saved, so that little is lost if the app is killed."""

_NOT_IN_LOG, _NOT_PAUSED = Message("Not in the log"), Message("Not paused")
_NOT_SAVED = Message("The interview cannot be saved: {why}.")
_SO_FAR, _SO_FAR_REVEALED = Message("{answered}."), Message("{answered}, one more revealed.")
_WOULD_NOT_COUNT = Message("The question on the screen would not count.")
_GO_ON, _END_IT = Message("Go on with it"), Message("End it now and see the report")
_PAUSE_IT, _END = Message("Pause: keep it for later"), Message("End the interview?")
_MAY_BE_LOST = Message("The interview cannot be saved: {why}. Once more leaves it; what is not saved is lost.")
_PAUSED_AND_KEPT = Message("Paused and kept: {answered}. m on the first screen goes on with it.")
_TITLE = Message("mock interview")
_QUESTION, _QUESTION_OF = Message("question {number}"), Message("question {number} of {count}")
_TIME_LEFT = Message("{clock} left")
_CLOCK_PAUSED, _PAUSED = Message("clock paused"), Message("paused")
_LAST_ONE, _ENDS_IT = Message("the last one: enter ends it"), Message("enter ends it")
_TIME_IS_UP = Message("Time is up: this is the last question")
_NO_HURRY = Message("Time is up: this is the last question. Finish it without hurry.")
_KNEW_IT = Message("I knew it.")
_NOTED = Message("Noted.")
_TICKED = Message("{ticked} of {count} points. Enter goes on; nothing is rated here.")
_TICK = Message("Tick what you had with space; enter goes on. Nothing is rated here.")
_TICK_BRIEFLY = Message("Space ticks; enter goes on, unrated.")


class InterviewScreen(OutsideSession):
    """Asks what `next_card` says, keeps a record of each answer, and saves the interview after every one.

    The clock runs while a question waits for its answer on the screen, and stands still at any other time: while
    feedback is read, while help or a dialog lies over the question, and while the interview is paused.
    """

    PLACES = ("interview", "card")
    BINDINGS: ClassVar = bindings(*PLACES)

    def __init__(self, interview: Interview, topics: Sequence[Topic], weakness: Mapping[str, float]) -> None:
        super().__init__()
        self.interview = interview
        self._topics = tuple(topics)
        self._by_id = {topic.card_id: topic for topic in topics}
        self._weakness = weakness
        self._question: Question | None = None
        self._watch = Stopwatch()
        self._kept = False
        """Whether the question on the screen is answered and in the records."""
        self._ticked_here = False
        """Whether the learner has ticked or unticked a point of the question on the screen."""
        self._saved_at = 0.0
        """What the watch showed when the interview was last saved."""
        self._time_is_up = False
        self._is_over = False
        self._may_be_lost = False
        """Whether the learner was told that leaving would lose the interview."""
        self._unsaved = ""
        """Why the interview could not be saved the last time, which is said once."""

    @property
    def question(self) -> Question | None:
        return self._question

    async def on_mount(self) -> None:
        self._draw()  # what comes next is for `CardScreen.on_mount`, which Textual calls after this one

    def on_unmount(self) -> None:
        if self._question is not None:
            self._save()

    def _draw(self) -> None:
        """Make the next card into a question; cards that cannot be asked are passed over."""
        services = self.app.services
        self._question = None
        self._kept = self._ticked_here = False
        while (card_id := next_card(self.interview, self._topics, self._weakness)) is not None:
            plan, place = self.interview.plan, len(self.interview.records)
            try:
                card = services.bank.card(card_id, plan.language)
                self._question = ask(card, question_seed(card_id, plan.seed, place), plan.language)
            except (UnknownCard, DrawError):
                self.interview = self.interview.passing_over(card_id)
                continue
            before = self.interview.on_table
            self._watch = Stopwatch(before.seconds if before is not None and before.card_id == card_id else 0.0)
            return

    async def show_question(self, draft: str = "", keep_hints: bool = False) -> None:
        on_table, question = self.interview.on_table, self._question
        if not draft and on_table is not None and question is not None and on_table.card_id == question.card.id:
            draft = on_table.draft
        await super().show_question(draft, keep_hints)
        if self.stage == ASKED and self.is_current:
            self._watch.start(self.app.services.clock())
            self._save()
        self.show_status()

    def reveal(self) -> Reveal:
        shown = super().reveal()
        if kind_of(self._asked.card).self_rated and not shown.points:
            return replace(shown, points=(_KNEW_IT.to(self.language),))
        return shown

    def next_hint(self) -> str | None:
        return None

    # From verdict to record

    async def verdict_shown(self) -> None:
        self._watch.stop(self.app.services.clock())
        question, verdict = self._question, self.verdict
        if question is None or verdict is None:
            return
        if verdict.outcome is Outcome.SELF_RATED:
            await self.offer_points({place for place, one in enumerate(verdict.details) if one.passed})
        else:
            self._keep(question, verdict)
            if self.interview.plan.feedback_at_end:
                if not self.interview.is_over:
                    self.app.say(_NOTED.to(self.language), seconds=1.5)
                self.call_next(self.action_next)
        self.show_status()

    def points_note(self, ticked: int, count: int) -> str:
        if ticked:
            return _TICKED.to(self.language, ticked=ticked, count=count)
        return (_TICK_BRIEFLY if self.app.size.width < 64 else _TICK).to(self.language)

    def show_outcome(self) -> None:
        hidden = (
            self.interview.plan.feedback_at_end
            and self.verdict is not None
            and self.verdict.outcome not in (Outcome.SELF_RATED, Outcome.INVALID)
        )
        if not hidden:
            super().show_outcome()

    async def action_next(self) -> None:
        """Go on with the next question."""
        if self.stage != JUDGED or self._question is None:
            return
        self._keep_ticked(agreed=True)
        self._draw()
        self.app.key_guard.arm()
        await self.show_question()

    def on_item_list_changed(self, event: ItemList.Changed) -> None:
        """The learner ticks: from now on the ticks are theirs, not proposed ones."""
        self._ticked_here = True
        super().on_item_list_changed(event)

    def _keep_ticked(self, agreed: bool = False) -> None:
        """Keep the record of a question that was revealed, with the points ticked up to now.

        Ticks that were proposed count once the learner has ``agreed`` by going on; without a tick nothing is judged.
        """
        question, verdict = self._question, self.verdict
        if self._kept or self.stage != JUDGED or question is None or verdict is None:
            return
        judged = True
        if self.points is not None:
            ticked = set(self.points.ticked)
            judged = self._ticked_here or (agreed and bool(ticked))
            has_points = bool(reveal(question).points)
            verdict = self.tick(ticked) if has_points else replace(verdict, score=float(bool(ticked)))
        self._keep(question, verdict, judged)

    def _keep(self, question: Question, verdict: Verdict, judged: bool = True) -> None:
        services, card = self.app.services, question.card
        seconds = self._watch.seconds(services.clock())
        answer = storable(self.answered)
        topic = self._by_id[card.id]
        self.interview = self.interview.with_record(
            Record(
                card.id,
                topic.deck,
                card.kind,
                storable(title_of(question.text)),
                verdict.outcome.value,
                verdict.score if judged else 0.0,
                seconds,
                answer,
                str(verdict.message) if verdict.outcome is Outcome.MISCONCEPTION else "",
                card.leads_to,
                judged,
            )
        )
        self._kept = True
        record = answer_record(
            question,
            verdict,
            suggest(verdict, len(self.hints), 1),
            answer,
            timedelta(seconds=seconds),
            mode=Mode.AHEAD if self.interview.plan.schedules and judged else Mode.MOCK,
            judged=judged,
        )
        try:
            services.store.record(record, expected=services.store.state(card.id))
        except StoreError as error:
            self.app.say(str(error), title=str(_NOT_IN_LOG), problem=True, seconds=10)
        self.app.drafts.put(card.id, "")
        self._save()

    def _save(self) -> None:
        """Save the interview with the question that waits: its time and what is written so far."""
        question = self._question
        if question is not None and not self._kept:
            seconds = self._watch.seconds(self.app.services.clock())
            draft = self.answered if self.stage == JUDGED or self.panel is None else self.panel.draft
            self.interview = replace(self.interview, on_table=OnTable(question.card.id, seconds, storable(draft)))
            self._saved_at = seconds
        try:
            save(self.app.interview_file, self.interview)
            self._unsaved = ""
        except OSError as error:
            if not self._unsaved:
                self.app.say(_NOT_SAVED(why=error.strerror), problem=True, seconds=10)
            self._unsaved = error.strerror or str(error)

    async def no_question(self) -> None:
        from studyapp.tui.screens.report import finish

        self._is_over = True
        if self.is_current:  # else something lies over this screen, and the report comes when that is gone
            finish(self.app, self.interview)

    # The clock

    def on_screen_suspend(self) -> None:
        self._watch.stop(self.app.services.clock())
        self.show_status()

    def on_screen_resume(self) -> None:
        if self._is_over:
            self.call_next(self.no_question)
        elif self.stage in (ASKED, RUNNING):
            self._watch.start(self.app.services.clock())
            self.show_status()

    def show_status(self) -> None:
        on_question = 0.0 if self._kept else self._watch.seconds(self.app.services.clock())
        if self._watch.running and on_question - self._saved_at >= SAVE_EVERY:
            self._save()
        left = self.interview.seconds_left(on_question)
        if left == 0 and self.stage == ASKED and not self._time_is_up:
            self._time_is_up = True
            self.app.say(_NO_HURRY.to(self.language), seconds=6)
        words = [_TITLE.to(self.language)] if self.app.size.width >= 64 else []
        words += self._words_of_status(on_question, left)
        line = " · ".join(words)
        self.status.update(Content(line[0].upper() + line[1:]))

    def _words_of_status(self, on_question: float, left: float | None) -> list[str]:
        plan, done, language = self.interview.plan, len(self.interview.records), self.language
        wide = self.app.size.width >= 64
        number = done if self._kept else done + 1
        if left == 0 and self.stage in (ASKED, RUNNING):
            return [_TIME_IS_UP.to(language)]
        where = _QUESTION.to(language, number=number)
        if plan.questions is not None:
            where = _QUESTION_OF.to(language, number=number, count=plan.questions)
        clock = stopwatch(timedelta(seconds=self.interview.seconds + on_question))
        if left is not None:
            clock = _TIME_LEFT.to(language, clock=stopwatch(timedelta(seconds=left)))
        if self._watch.running:
            return [where, clock]
        if self.stage == JUDGED and (left == 0 or (plan.questions is not None and number >= plan.questions)):
            return [where, (_LAST_ONE if wide else _ENDS_IT).to(language)]
        return [where, clock, (_CLOCK_PAUSED if wide else _PAUSED).to(language)]

    # Commands

    def action_finish(self) -> None:
        """Ask whether to end the interview now and see the report."""
        from studyapp.tui.screens.ask import AskScreen

        waiting = self.stage == JUDGED and not self._kept
        words = (_SO_FAR_REVEALED if waiting else _SO_FAR)(answered=self.interview.answered())
        if not self._kept and not waiting:
            words = join_sentences(words, _WOULD_NOT_COUNT())
        answers = [(str(_GO_ON), ""), (str(_END_IT), "end"), (str(_PAUSE_IT), "pause")]

        def decided(answer: str | None) -> None:
            if answer == "end":
                self.call_next(self._end)
            elif answer == "pause":
                self._pause()

        self.app.push_screen(AskScreen(str(_END), words, answers), decided)

    async def _end(self) -> None:
        self._keep_ticked()
        self._question = None
        await self.show_question()

    def action_leave(self) -> None:
        """Leave the answer field; out of it, pause the interview."""
        if not self.leave_field():
            self._pause()

    def _pause(self) -> None:
        """Keep the interview and go back; where it cannot be kept, only when asked to a second time."""
        self._stop.set()
        self._keep_ticked()
        self._save()
        if self._unsaved and not self._may_be_lost:
            self._may_be_lost = True
            self.app.say(_MAY_BE_LOST(why=self._unsaved), title=str(_NOT_PAUSED), problem=True, seconds=10)
            return
        self._watch.stop(self.app.services.clock())
        if not self._unsaved:
            self.app.say(_PAUSED_AND_KEPT(answered=self.interview.answered()), seconds=6)
        self.app.leave_screen()

    async def language_switched(self) -> None:
        """Ask this question and the next ones in the other language."""
        language, old = self.app.language, self._question
        self.interview = replace(self.interview, plan=replace(self.interview.plan, language=language))
        if old is None:
            return
        try:
            self._question = ask(self.app.services.bank.card(old.card.id, language), old.seed, language)
        except (UnknownCard, DrawError):
            return
        await self.show_in_other_language()
        self.show_status()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "next":
            return self.stage == JUDGED
        if action == "finish":
            return self.stage != RUNNING
        if action in ("hint", "retry", "explore"):
            return False
        return super().check_action(action, parameters)
