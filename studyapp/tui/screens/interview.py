"""A mock interview on the screen: question after question against the clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from textual.content import Content

from studyapp.deck.bank import UnknownCard
from studyapp.grading.draw import DrawError
from studyapp.grading.grade import give_up, grade, tick
from studyapp.grading.question import Question, ask, drawn, variant_seed
from studyapp.grading.rating import suggest
from studyapp.grading.solution import Reveal, reveal
from studyapp.grading.verdict import Outcome, Verdict
from studyapp.interview import Interview, Record, Topic, next_card, save, to_json
from studyapp.render.duration import stopwatch
from studyapp.store.errors import StoreError
from studyapp.store.log import AnswerRecord, Mode
from studyapp.tui.commands import bindings
from studyapp.tui.screens.card import ASKED, JUDGED, CardScreen


class InterviewScreen(CardScreen):
    """Asks what `next_card` says, keeps a record of each answer, and saves the interview after every one."""

    PLACES = ("interview", "card")
    BINDINGS: ClassVar = bindings(*PLACES)

    def __init__(
        self,
        interview: Interview,
        topics: Sequence[Topic],
        titles: Mapping[str, str],
        weakness: Mapping[str, float],
    ) -> None:
        super().__init__()
        self.interview = interview
        self._topics = tuple(topics)
        self._by_id = {topic.card_id: topic for topic in topics}
        self._titles = titles
        self._weakness = weakness
        self._question: Question | None = None
        self._shown_at: datetime | None = None
        self._answered_at: datetime | None = None

    async def on_mount(self) -> None:
        self._draw()
        await super().on_mount()

    @property
    def question(self) -> Question | None:
        return self._question

    def _draw(self) -> None:
        """Make the next card into a question; cards that cannot be asked are passed over."""
        services, plan = self.app.services, self.interview.plan
        self._question = None
        self._answered_at = None
        while (card_id := next_card(self.interview, self._topics, self._weakness)) is not None:
            try:
                card = services.bank.card(card_id, plan.language)
                seed = variant_seed(f"interview {card_id}", plan.seed + len(self.interview.records))
                self._question = ask(card, seed, plan.language)
            except (UnknownCard, DrawError):
                self.interview = self.interview.passing_over(card_id)
                continue
            self._shown_at = services.clock()
            return

    def grade(self, answer: str) -> Verdict:
        assert self._question is not None
        return grade(self._question, answer)

    def tick(self, ticked: set[int]) -> Verdict:
        assert self._question is not None
        return tick(self._question, ticked)

    def concede(self) -> Verdict:
        assert self._question is not None
        return give_up(self._question)

    def reveal(self) -> Reveal:
        assert self._question is not None
        return reveal(self._question)

    def next_hint(self) -> str | None:
        return None

    # From verdict to record

    async def verdict_shown(self) -> None:
        self._answered_at = self.app.services.clock()
        verdict = self.verdict
        if verdict is None:
            return
        if verdict.outcome is Outcome.SELF_RATED:
            await self.offer_points({place for place, one in enumerate(verdict.details) if one.passed})
        elif self.interview.plan.feedback_at_end:
            self.app.say("Noted.", seconds=1.5)
            self.call_next(self.action_next)

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
        question, verdict = self._question, self.verdict
        if self.stage != JUDGED or question is None or verdict is None:
            return
        if self.points is not None:
            verdict = self.tick(set(self.points.ticked))
        self._keep(question, verdict)
        self._draw()
        self.app.key_guard.arm()
        await self.show_question()

    def _keep(self, question: Question, verdict: Verdict) -> None:
        services, card = self.app.services, question.card
        ended = self._answered_at or services.clock()
        seconds = max(0.0, (ended - self._shown_at).total_seconds()) if self._shown_at is not None else 0.0
        topic = self._by_id[card.id]
        self.interview = self.interview.with_record(
            Record(
                card.id,
                topic.deck,
                card.kind,
                self._titles.get(card.id, card.id),
                verdict.outcome.value,
                verdict.score,
                seconds,
                self.answered,
                verdict.message if verdict.outcome is Outcome.MISCONCEPTION else "",
                card.leads_to,
            )
        )
        record = AnswerRecord(
            card_id=card.id,
            rating=suggest(verdict, len(self.hints), 1),
            mode=Mode.AHEAD if self.interview.plan.schedules else Mode.MOCK,
            outcome=verdict.outcome.value,
            score=verdict.score,
            misconception=verdict.misconception,
            seed=question.seed,
            drawn=drawn(question),
            answer=self.answered,
            duration=round(1000 * seconds),
        )
        try:
            services.store.record(record, expected=services.store.state(card.id))
        except StoreError as error:
            self.app.say(str(error), title="Not in the log", problem=True, seconds=10)
        self.app.drafts.put(card.id, "")
        self._save()

    def _save(self) -> None:
        try:
            save(self.app.interview_file, to_json(self.interview))
        except OSError as error:
            self.app.say(f"The interview could not be saved: {error.strerror}.", problem=True, seconds=10)

    async def no_question(self) -> None:
        from studyapp.tui.screens.report import finish

        finish(self.app, self.interview)

    # The clock

    def show_status(self) -> None:
        interview = self.interview
        now = self.app.services.clock()
        used = interview.seconds
        if self._shown_at is not None and self.stage == ASKED:
            used += max(0.0, (now - self._shown_at).total_seconds())
        number = len(interview.records) + 1
        of = f" of {interview.plan.questions}" if interview.plan.questions is not None else ""
        clock = stopwatch(timedelta(seconds=used))
        if interview.plan.minutes is not None:
            left = 60 * interview.plan.minutes - used
            clock = f"{stopwatch(timedelta(seconds=left))} left" if left > 0 else "time is up: the last question"
        self.status.update(Content(f"Mock interview · question {number}{of} · {clock}"))

    # Commands

    async def action_finish(self) -> None:
        """End the interview now and see the report."""
        self._question = None
        await self.show_question()

    def action_leave(self) -> None:
        """Leave the answer field; out of it, pause the interview."""
        if self.typing:
            self.set_focus(None)
            return
        self._save()
        self.app.say("The interview is paused; start one again to go on with it.", seconds=4)
        self.app.leave_screen()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "next":
            return self.stage == JUDGED
        if action in ("hint", "retry", "explore"):
            return False
        return super().check_action(action, parameters)
