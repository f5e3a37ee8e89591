"""One study session without any screen: which card is next, what an answer was worth, what was recorded.

A session is deterministic: given the same clock, decks and store it asks the same cards with the same numbers. What
drives it (the terminal app, plain lines, a test) shows the current `Turn` and calls `Session.answer`, then
`Session.rate`. Nothing is recorded before `rate`, and what `rate` returns is on disk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from studyapp import faults
from studyapp.answer_record import answer_record
from studyapp.cards.card import Card
from studyapp.clock import Clock
from studyapp.deck.bank import Bank, UnknownCard
from studyapp.grading.draw import DrawError
from studyapp.grading.question import Question, variant_seed
from studyapp.grading.rating import suggest
from studyapp.grading.solution import Reveal
from studyapp.grading.verdict import Outcome, Verdict, right_by_own_word
from studyapp.kinds import kind_of
from studyapp.kinds.ask import ask, drawn, restore
from studyapp.kinds.grade import give_up, grade, reveal, tick
from studyapp.locale.message import Message
from studyapp.own_answers import OwnAnswers
from studyapp.schedule.intervals import Intervals
from studyapp.schedule.memory import CardState
from studyapp.schedule.queue import Candidate, Limits, Queue, Row
from studyapp.schedule.rating import Rating
from studyapp.settings import Settings
from studyapp.store.database import Store
from studyapp.store.errors import AnsweredElsewhere, StoreError
from studyapp.store.log import LONGEST_COUNTED_MS, AnswerRecord, Entry, Kind, Mark

if TYPE_CHECKING:
    from studyapp.target.today import DayPlanner, PlannedDay

_NO_PLAN = Message("By a fault of the app the plan of the day could not be made ({kind}): what is due is asked.")
_NOT_WRITTEN = Message("It cannot be written down that the answer is right ({why}). Nothing has changed.")
_PASSED_OVER = Message("{card} was passed over: {why}")
_NO_NEXT = Message("All that was rated is saved, but the next card cannot be shown: {why}")


class Turn(Struct, frozen=True):
    """The current card: what is asked, how it has gone so far, and what each rating would do."""

    question: Question
    state: CardState | None
    """The card's memory state when it was shown; None for a card never answered."""
    previews: Mapping[Rating, timedelta]
    """The interval that each rating would give: what `Session.rate` gives within this study day. FSRS is first asked
    when one is looked up."""
    shown_at: datetime
    flagged: bool = False
    hints_shown: int = 0
    tries: int = 0
    """Readable answers so far; the first one counts."""
    verdict: Verdict | None = None
    """The verdict on the latest answer."""
    counted: Verdict | None = None
    """The verdict that will be recorded."""
    answer: str = ""
    """The answer that will be recorded."""
    suggested: Rating | None = None

    @property
    def card(self) -> Card:
        """The card that the question was made from."""
        return self.question.card

    @property
    def phase(self) -> str:
        """``new``, ``learning``, ``review`` or ``relearning``."""
        return "new" if self.state is None else self.state.phase.name.lower()


class Counts(Struct, frozen=True):
    """How much is left of this session, the current card included."""

    new: int
    learning: int
    review: int

    @property
    def total(self) -> int:
        """All cards that are still to come."""
        return self.new + self.learning + self.review


class Recorded(Struct, frozen=True):
    """An answer that is on disk. ``leech`` says that the card has been forgotten so often that it needs a look."""

    card_id: str
    rating: Rating
    due_at: datetime
    leech: bool


class Undone(Struct, frozen=True):
    """What an undo took back, in words (``Good on bce-mean``).

    ``did`` is the rating's name or the kind of mark alone: ``Good``, ``bury``, ``flag``. ``answer`` is what had been
    answered, where the same question is asked again.
    """

    card_id: str
    what: str
    did: str
    answer: str = ""


class Summary(Struct, frozen=True):
    """What was done since the session was opened, and when to come back."""

    answers: int
    cards: int
    by_rating: Mapping[Rating, int]
    right: int
    """Answers rated better than Again."""
    seconds: float
    """Time from showing to rating, over all answers."""
    next_due: datetime | None
    """When the next card of these decks is due; None when none is waiting."""
    held_back: int
    """New and due cards that today's limits keep for another day."""


class _Step(Struct, frozen=True):
    """The queue as it was before the entry ``sequence`` of the log, when ``candidate`` was the current card."""

    sequence: int
    queue: Queue
    candidate: Candidate


def _may_be_right(question: Question, verdict: Verdict, answer: str) -> bool:
    refused = verdict.outcome in (Outcome.WRONG, Outcome.MISCONCEPTION)
    return refused and kind_of(question.card).in_words(question.card) and bool(answer.strip())


class Session:
    """Asks the cards of some decks until today's are done.

    Every method that writes raises `StoreError` when it cannot; the turn then stands as before and the same call can
    be made again.
    """

    def __init__(
        self,
        bank: Bank,
        store: Store,
        settings: Settings,
        clock: Clock,
        decks: Sequence[str] = (),
        language: str = "",
        planner: DayPlanner | None = None,
        own_answers: OwnAnswers | None = None,
    ) -> None:
        """Opens a session over ``decks`` (names or folders; all decks where none is given).

        Where a ``planner`` has cards for today, these are asked until their time is used, in place of what is due.
        What the learner has had counted as right stands in ``own_answers``.

        Raises:
            UnknownDeck: a name that is no deck.
        """
        self._bank = bank
        self._store = store
        self._clock = clock
        self.opened_at = clock()
        self._limits = daily_limits(settings)
        self._ahead = timedelta(minutes=settings.learn_ahead)
        self._decks = bank.resolve_decks(decks)
        self._language = language or settings.language
        self._recorded: dict[int, AnswerRecord] = {}
        self._notices: list[str] = []
        self._day = 0
        self._queue = Queue()
        self._steps: list[_Step] = []
        """What this session has done since the queue was built, oldest first: what an undo goes back to."""
        self._candidate: Candidate | None = None
        self._prepared: Question | None = None
        self._own_answers = own_answers
        self._planner = planner
        self._planned: PlannedDay | None = None
        """What the planner has chosen; None where the session asks what is due."""
        self._seconds_before = 0.0
        """The seconds of answers that this session had when that was chosen."""
        self.turn: Turn | None = None
        """The current card; None when nothing is left, or nothing before `waiting`."""
        self.refresh()

    # The current turn

    @property
    def language(self) -> str:
        """The language in which cards are shown where they have it."""
        return self._language

    @property
    def counts(self) -> Counts:
        """What is left of today's cards."""
        counts = self._queue.counts
        return Counts(counts.new, counts.learning, counts.due)

    @property
    def waiting(self) -> datetime | None:
        """When the next learning card is due, if there is nothing to ask before it."""
        return None if self.turn is not None else self._queue.waiting(self._clock(), self._ahead)

    @property
    def now(self) -> datetime:
        """What the session's clock says."""
        return self._clock()

    def take_notices(self) -> tuple[str, ...]:
        """What the learner should be told, each once: cards that could not be asked, and why."""
        notices = tuple(self._notices)
        self._notices.clear()
        return notices

    def refresh(self) -> None:
        """Rebuild today's queue from the store. The current card stays if it is still to be asked."""
        self._build_queue()
        if self.turn is not None:
            again = self._askable(self.turn.card.id)
            if again is not None and self._store.state(again.card_id) == self.turn.state:
                self._queue = self._queue.put_back(again)
                self._candidate = again
                return
        self._advance()

    def reload(self) -> None:
        """Read changed decks again and go on with the edited text of the current card."""
        changed = self._bank.refresh()
        turn = self.turn
        if changed:
            self._store.use_bank(self._bank.cache_path)
            self.refresh()
        if turn is not None and self.turn is turn:
            self._show_again(self.language)

    def set_language(self, language: str) -> None:
        """Show this card and the next ones in ``language``, where they have it."""
        self._language = language
        if self.turn is not None:
            self._show_again(language)

    # The learner's turn

    def prepare(self) -> None:
        """Draw the numbers of the question that will probably come next, while the learner looks at this one.

        Nothing hangs on it: a question is a pure function of card, seed and language, and where others come up it is
        drawn then.
        """
        if self._candidate is None:
            return
        candidate = self._queue.without(self._candidate.card_id).next(self._clock(), self._ahead)
        if candidate is not None:
            with suppress(UnknownCard, DrawError, StoreError):
                self._prepared = self._question(candidate.card_id, self._store.state(candidate.card_id))

    def hint(self) -> str | None:
        """The next hint, or None when there is none left. A hint lowers the rating that is suggested."""
        turn = self._current_turn()
        if turn.hints_shown >= len(turn.question.hints):
            return None
        self.turn = replace(turn, hints_shown=turn.hints_shown + (turn.counted is None))
        return turn.question.hints[turn.hints_shown]

    def answer(self, text: str) -> Verdict:
        """The verdict on what was typed. An answer that cannot be read counts for nothing."""
        question = self._current_turn().question
        verdict = grade(question, text)
        own = self._own_answers
        if own is not None and _may_be_right(question, verdict, text) and own.accepts(question.card.id, text):
            verdict = right_by_own_word(verdict)
        return self._judge(verdict, text)

    @property
    def may_be_right(self) -> bool:
        """Whether `was_right` has anything to turn: the first answer, in words, that was refused or is right by it."""
        turn = self.turn
        return (
            self._own_answers is not None
            and turn is not None
            and turn.counted is not None
            and turn.verdict is turn.counted
            and (turn.counted.by_own_word or _may_be_right(turn.question, turn.counted, turn.answer))
        )

    def was_right(self) -> Verdict:
        """Count the refused answer as right, now and whenever it is given to this card; or take that back.

        Raises:
            StoreError: it cannot be written down; the turn stands.
        """
        turn, own = self._current_turn(), self._own_answers
        if not self.may_be_right or own is None or turn.counted is None:
            raise ValueError("only an answer in words that was refused can be counted as right")
        taken_back = turn.counted.by_own_word
        try:
            (own.remove if taken_back else own.add)(turn.card.id, turn.answer)
        except OSError as error:
            raise StoreError(_NOT_WRITTEN(why=error.strerror or error)) from None
        verdict = grade(turn.question, turn.answer) if taken_back else right_by_own_word(turn.counted)
        suggested = suggest(verdict, turn.hints_shown, 1)
        self.turn = replace(turn, verdict=verdict, counted=verdict, suggested=suggested)
        return verdict

    def give_up(self) -> Verdict:
        """The verdict for giving up; an answer given before still counts."""
        return self._judge(give_up(self._current_turn().question), "")

    def tick(self, ticked: set[int]) -> Verdict:
        """The learner's own verdict on a recall or explain card: the places of the points that were there."""
        turn = self._current_turn()
        verdict = tick(turn.question, ticked)
        suggested = suggest(verdict, turn.hints_shown, 1)
        self.turn = replace(turn, verdict=verdict, counted=verdict, suggested=suggested, tries=max(1, turn.tries))
        return verdict

    def suggest_ticks(self, verdict: Verdict) -> None:
        """Put other suggested ticks in the place of those by words, which the learner has not looked at yet."""
        turn = self._current_turn()
        if turn.verdict is not None and turn.verdict.suggested and verdict.suggested:
            self.turn = replace(turn, verdict=verdict, counted=verdict)

    def reveal(self) -> Reveal:
        """The right answer and the worked solution of the current card."""
        return reveal(self._current_turn().question)

    def rate(self, rating: Rating) -> Recorded:
        """Record the answer with ``rating`` and go on to the next card. On return it is on disk.

        Raises:
            AnsweredElsewhere: another instance has answered this card meanwhile; the session has gone on.
            StoreError: nothing was recorded; the turn stands and `rate` can be called again.
        """
        turn, candidate = self._current_turn(), self._candidate
        if turn.counted is None or candidate is None:
            raise ValueError("a card is rated after it was answered, revealed or given up")
        now = self._clock()
        record = answer_record(
            turn.question,
            turn.counted,
            rating,
            turn.answer,
            now - turn.shown_at,
            hints=turn.hints_shown,
            tries=turn.tries,
        )
        try:
            written = self._store.record(record, expected=turn.state)
        except AnsweredElsewhere:
            self._candidate = self.turn = None
            self.refresh()
            raise
        state = written.state
        assert state is not None, "an answer in a session always schedules its card"
        self._recorded[written.sequence] = record
        self._steps.append(_Step(written.sequence, self._queue, candidate))
        self._go_on(lambda: self._queue.answered(candidate, state, self._end_of_day))
        return Recorded(turn.card.id, rating, state.due_at, written.alarm)

    # Marks and undo

    def bury(self) -> None:
        """Leave the current card for another study day."""
        self._put_away(Mark.BURY)

    def suspend(self) -> None:
        """Take the current card out of all sessions until it is unsuspended."""
        self._put_away(Mark.SUSPEND)

    def flag(self) -> bool:
        """Flag the current card, or take its flag away; whether it is flagged now."""
        turn = self._current_turn()
        self._store.mark(turn.card.id, Mark.UNFLAG if turn.flagged else Mark.FLAG)
        self.turn = replace(turn, flagged=not turn.flagged)
        return self.turn.flagged

    def undo(self) -> Undone | None:
        """Take back the newest answer or mark, also one of an earlier session; its card comes next if it can.

        None when there is nothing left to take back.
        """
        undone = self._store.undo()
        if undone is None:
            return None
        entry = undone.entry
        self._recorded.pop(entry.sequence, None)
        if entry.kind in (Kind.FLAG, Kind.UNFLAG):
            if self.turn is not None and self.turn.card.id == entry.card_id:
                self.turn = replace(self.turn, flagged=undone.marks.flagged)
        else:
            self._candidate = self.turn = None
            again = self._step_back(entry)
            if again is not None:
                self._queue = self._queue.put_back(again)
            self._advance()
        did, record, answer = what_was_done(entry), entry.answer, ""
        if record is not None and self.turn is not None and self.turn.card.id == entry.card_id:
            answer = (record.answer or "") if record.seed == self.turn.question.seed else ""
        return Undone(entry.card_id, f"{did} {'on' if record is not None else 'of'} {entry.card_id}", did, answer)

    def summary(self) -> Summary:
        """What this session has come to so far."""
        answers = self._recorded.values()
        now = self._clock()
        return Summary(
            answers=len(answers),
            cards=len({answer.card_id for answer in answers}),
            by_rating=Counter(answer.rating for answer in answers),
            right=sum(answer.rating.remembered for answer in answers),
            seconds=sum(answer.duration or 0 for answer in answers) / 1000,
            next_due=self._store.next_due(self._decks, now),
            held_back=self._store.held_back(self._decks, self._limits, now),
        )

    # Inside

    def _build_queue(self) -> None:
        """Today's queue from the store; what was kept for undoing belonged to the queue before."""
        now = self._clock()
        self._day = self._store.days.day_of(now)
        self._end_of_day = self._store.days.start_of(self._day + 1)
        if not self._plan_queue():
            self._queue = self._store.queue(self._limits, self._decks, self._ahead)
        self._steps.clear()

    def _plan_queue(self) -> bool:
        """The queue that the planner wants; False where it wants nothing and never wanted anything in this session."""
        if self._planner is None:
            return False
        try:
            planned = self._planner.plan()
        except StoreError:
            raise
        except Exception as error:
            faults.record(error, "planning the day")
            self._notices.append(_NO_PLAN(kind=type(error).__name__))
            self._planner = self._planned = None
            return False
        if not planned.card_ids and self._planned is None:
            return False
        self._planned, self._seconds_before = planned, self._seconds
        self._queue = self._store.planned_queue(planned.card_ids, self._ahead)
        return True

    @property
    def _seconds(self) -> float:
        """The time of this session's answers, of each as much as counts."""
        return sum(min(answer.duration or 0, LONGEST_COUNTED_MS) for answer in self._recorded.values()) / 1000

    def _keep_to_plan(self) -> None:
        """End with the time that was planned; where cards are at their end before it, see what else is worth it."""
        if self._planned is None:
            return
        used = self._seconds - self._seconds_before
        if used >= self._planned.seconds:
            self._queue = replace(self._queue, main=Row())
        elif not self._queue.main and used > 0:
            self._plan_queue()

    @property
    def planned(self) -> bool:
        """Whether a plan chooses the cards."""
        return self._planned is not None

    def _step_back(self, undone: Entry) -> Candidate | None:
        """The queue as it was before the entry that was undone; the card that was current then.

        Where this session did it on the same study day that queue was kept. Else the queue is rebuilt.
        """
        if self._steps and self._steps[-1].sequence == undone.sequence and self._store.today == self._day:
            step = self._steps.pop()
            self._queue = step.queue
            return step.candidate
        self._build_queue()
        return self._askable(undone.card_id) if undone.kind in _PUT_BACK else None

    def _askable(self, card_id: str) -> Candidate | None:
        """The card as the queue holds it; None where it belongs to other decks or is set aside."""
        candidate = self._store.candidate(card_id)
        if candidate is None or (self._decks and self._bank.deck_of(card_id) not in self._decks):
            return None
        marks = self._store.marks(card_id)
        return None if marks.suspended or marks.buried_on(self._day) else candidate

    def _current_turn(self) -> Turn:
        if self.turn is None:
            raise ValueError("there is no current card")
        return self.turn

    def _judge(self, verdict: Verdict, text: str) -> Verdict:
        turn = self._current_turn()
        if verdict.outcome is Outcome.INVALID:
            self.turn = replace(turn, verdict=verdict)
        elif turn.counted is None:
            suggested = suggest(verdict, turn.hints_shown, 1)
            self.turn = replace(
                turn, verdict=verdict, counted=verdict, answer=text, suggested=suggested, tries=turn.tries + 1
            )
        else:
            self.turn = replace(turn, verdict=verdict, tries=turn.tries + 1)
        return verdict

    def _put_away(self, mark: Mark) -> None:
        turn, candidate = self._current_turn(), self._candidate
        sequence = self._store.mark(turn.card.id, mark)
        if sequence is not None and candidate is not None:
            self._steps.append(_Step(sequence, self._queue, candidate))
        self._go_on(lambda: self._queue.without(turn.card.id))

    def _go_on(self, queue: Callable[[], Queue]) -> None:
        """Make the next card of a changed queue the current one, after something was recorded.

        What fails now takes nothing of that back: it is told, and the session has no card.
        """
        try:
            self._queue = queue()
            self._advance()
        except Exception as error:
            self.turn = self._candidate = None
            if not isinstance(error, StoreError):
                faults.record(error, "going on with the next card")
            self._notices.append(_NO_NEXT(why=error))

    def _advance(self) -> None:
        """Make the next card the current one, skipping those that cannot be asked."""
        now = self._clock()
        if self._store.days.day_of(now) != self._day:
            self._build_queue()
        self._keep_to_plan()
        self.turn = self._candidate = None
        while (candidate := self._queue.next(now, self._ahead)) is not None:
            try:
                self.turn = self._make_turn(candidate, now)
            except (UnknownCard, DrawError) as error:
                self._notices.append(_PASSED_OVER(card=candidate.card_id, why=error))
                self._queue = self._queue.without(candidate.card_id)
                continue
            self._candidate = candidate
            return

    def _make_turn(self, candidate: Candidate, now: datetime) -> Turn:
        card_id = candidate.card_id
        state, marks = self._store.standing(card_id)
        question = self._question(card_id, state)
        previews = Intervals(lambda: self._store.scheduler_of(card_id), state, now, self._store.days, card_id)
        return Turn(question, state, previews, now, marks.flagged)

    def _question(self, card_id: str, state: CardState | None) -> Question:
        """The card's next question, the prepared one if it is that."""
        card, seed = (
            self._bank.card(card_id, self._language),
            variant_seed(card_id, 0 if state is None else state.answers),
        )
        ready = self._prepared
        if ready is not None and (ready.card, ready.seed, ready.language) == (card, seed, self._language):
            return ready
        return ask(card, seed, self._language)

    def _show_again(self, language: str) -> None:
        """The current card with its present text, the same numbers where it still draws them."""
        turn = self._current_turn()
        old = turn.question
        try:
            card = self._bank.card(old.card.id, language)
            if card == old.card and language == old.language:
                return
            question = restore(card, old.seed, drawn(old), language)
        except (UnknownCard, DrawError) as error:
            self._notices.append(_PASSED_OVER(card=old.card.id, why=error))
            self._queue = self._queue.without(old.card.id)
            self._advance()
            return
        self.turn = replace(turn, question=question)


_PUT_BACK = (Kind.ANSWER, Kind.BURY, Kind.SUSPEND)
"""What an undo takes back to the moment at which the card was current."""


def daily_limits(settings: Settings) -> Limits:
    """The limits that the user has set; a negative number is no limit."""
    new, reviews = settings.new_per_day, settings.reviews_per_day
    return Limits(None if new < 0 else new, None if reviews < 0 else reviews)


def what_was_done(entry: Entry) -> str:
    """The name of the rating that was given, or the kind of mark that was made."""
    return entry.kind.value if entry.answer is None else entry.answer.rating.name.capitalize()
