"""Chosen cards outside of a session, without any screen: practice records nothing, study ahead of schedule does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from studyapp.answer_record import answer_record
from studyapp.clock import Clock
from studyapp.deck.bank import Bank, UnknownCard
from studyapp.grading.draw import DrawError
from studyapp.grading.question import Question, variant_seed
from studyapp.grading.verdict import Verdict
from studyapp.kinds.ask import ask
from studyapp.locale.message import Message
from studyapp.schedule.intervals import Intervals
from studyapp.schedule.rating import Rating
from studyapp.store.database import Recorded, Store
from studyapp.store.errors import AnsweredElsewhere
from studyapp.store.log import Entry, Mode

_LEFT_OUT = Message("{card} is left out: {why}")


class Practice:
    """Cards in the order given, each once; then those that were not remembered, until all were."""

    def __init__(self, bank: Bank, card_ids: Sequence[str], language: str, round_number: int = 0) -> None:
        """Begins with the first card that can be asked. ``round_number`` gives other numbers to the same cards."""
        self._bank = bank
        self._language = language
        self._round = round_number
        self._left = list(card_ids)
        self._missed: list[str] = []
        self._notices: list[str] = []
        self.done = 0
        """The answers given so far."""
        self.question: Question | None = None
        """What is asked now; None when all is done."""
        self._make_question()

    @property
    def left(self) -> int:
        """The cards that are still to come, the current one included."""
        return len(self._left) + len(self._missed)

    def take_notices(self) -> tuple[str, ...]:
        """What the learner should be told, each once: cards that could not be asked, and why."""
        notices = tuple(self._notices)
        self._notices.clear()
        return notices

    def go_on(self, remembered: bool) -> int:
        """Go on with the next card; one that was not remembered comes again in the next round.

        Returns how many come once more where the next round begins here, else 0.
        """
        card_id = self._left.pop(0)
        self.done += 1
        if not remembered:
            self._missed.append(card_id)
        again = 0
        if not self._left and self._missed:
            self._left, self._missed = self._missed, []
            self._round += 1
            again = len(self._left)
        self._make_question()
        return again

    def put_back(self, card_id: str) -> None:
        """Ask a card again that was answered last."""
        self._left.insert(0, card_id)
        self.done -= 1
        self._make_question()

    def set_language(self, language: str) -> None:
        """Ask this card, with its numbers, and the next ones in ``language``."""
        self._language = language
        if self.question is not None:
            card = self._bank.card(self.question.card.id, language)
            self.question = ask(card, self.question.seed, language)

    def _make_question(self) -> None:
        """Make the next card that can be asked into a question."""
        self.question = None
        while self._left and self.question is None:
            card_id = self._left[0]
            try:
                card = self._bank.card(card_id, self._language)
                seed = variant_seed(f"practice {card_id}", self.done + 1000 * self._round)
                self.question = ask(card, seed, self._language)
            except (UnknownCard, DrawError) as error:
                self._notices.append(_LEFT_OUT(card=card_id, why=error))
                self._left.pop(0)


class StudyAhead:
    """Chosen cards ahead of their schedule: each is rated once, its answer recorded, and its schedule follows."""

    def __init__(self, practice: Practice, store: Store, clock: Clock) -> None:
        self.practice = practice
        self._store = store
        self._clock = clock
        self._rated: list[Recorded] = []
        """The ratings given here that can be taken back, the last one at the end."""

    @property
    def can_undo(self) -> bool:
        """Whether a rating was given here that has not been taken back."""
        return bool(self._rated)

    def intervals(self) -> Intervals:
        """The interval that each rating would give the current card now."""
        card_id, store = self._question.card.id, self._store
        return Intervals(lambda: store.scheduler_of(card_id), store.state(card_id), self._clock(), store.days, card_id)

    def rate(self, verdict: Verdict, rating: Rating, answer: str, shown_at: datetime, hints: int = 0) -> None:
        """Record the answer to the current card with ``rating`` and go on. On return it is on disk.

        Raises:
            AnsweredElsewhere: another instance has answered this card meanwhile; this one has gone on.
            StoreError: nothing was recorded; the card stands and `rate` can be called again.
        """
        question = self._question
        took = self._clock() - shown_at
        record = answer_record(question, verdict, rating, answer, took, mode=Mode.AHEAD, hints=hints)
        try:
            self._rated.append(self._store.record(record, expected=self._store.state(question.card.id)))
        except AnsweredElsewhere:
            self.practice.go_on(remembered=True)
            raise
        self.practice.go_on(remembered=True)

    def undo(self) -> Entry | None:
        """Take back the last rating that was given here and ask its card again; returns its entry.

        None where something newer was rated or marked since.

        Raises:
            StoreError: the log could not be written; the rating stands.
        """
        last, newest = self._rated[-1], self._store.undoable()
        if newest is None or newest.sequence != last.sequence:
            return None
        self._store.undo()
        self._rated.pop()
        self.practice.put_back(last.card_id)
        return newest

    @property
    def _question(self) -> Question:
        assert self.practice.question is not None, "rated is what was asked"
        return self.practice.question
