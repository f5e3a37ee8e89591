"""The memory model: what is known about a card, and what an answer makes of it.

The mathematics is FSRS-6 by py-fsrs. Three things are done here and not there: elapsed time is counted in
study days (py-fsrs counts whole spans of 24 hours, by which a card answered yesterday evening counts as
answered today), the fuzz is seeded, and the moment at which a card is due comes from the study day.
"""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, Self

from msgspec import Struct
from msgspec.structs import replace

from studyapp.clock import whole_milliseconds
from studyapp.schedule.day import LAST_DAY, StudyDays
from studyapp.schedule.fuzz import fuzzed, unit_interval
from studyapp.schedule.rating import Rating

if TYPE_CHECKING:
    import fsrs

FSRS6_WEIGHTS = (
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
    1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
)  # fmt: skip
"""The published default weights of FSRS-6, fitted to many people's reviews."""

_SYNTHETIC_START = datetime(2000, 1, 1, tzinfo=UTC)
_LONGEST_ELAPSED = 2_000_000


class Phase(IntEnum):
    """Where a card stands, with FSRS's numbers. A card without a state is new."""

    LEARNING = 1
    REVIEW = 2
    RELEARNING = 3


class CardState(Struct, frozen=True):
    """What is known about a card that has been answered.

    ``step`` counts the learning steps taken (None in review). ``stability`` is the number of days after
    which the chance of remembering has fallen to 90 %, ``difficulty`` runs from 1 to 10. ``due_at`` is an
    instant in UTC, ``due_day`` the study day it falls on; ``last_at`` and ``last_day`` say the same of the
    last answer. ``answers`` counts the answers so far, ``lapses`` those that forgot a card in review.
    """

    phase: Phase
    step: int | None
    stability: float
    difficulty: float
    due_at: datetime
    due_day: int
    last_at: datetime
    last_day: int
    answers: int
    lapses: int

    @property
    def interval(self) -> int:
        """Study days between the last answer and the day it is due on."""
        return max(0, self.due_day - self.last_day)


class SchedulerSettings(Struct, frozen=True):
    """What the learner can choose about scheduling; steps are in seconds, the maximum interval in days.

    Raises:
        ValueError: for a value that FSRS could not work with.
    """

    retention: float = 0.9
    learning_steps: tuple[float, ...] = (60.0, 600.0)
    relearning_steps: tuple[float, ...] = (600.0,)
    maximum_interval: int = 36500
    weights: tuple[float, ...] = FSRS6_WEIGHTS

    def __post_init__(self) -> None:
        if not 0.0 < self.retention < 1.0:
            raise ValueError(f"retention: expected a share between 0 and 1, got {self.retention!r}")
        if not 1 <= self.maximum_interval <= 36500:
            raise ValueError(f"maximum_interval: expected 1 to 36500 days, got {self.maximum_interval!r}")
        for name in ("learning_steps", "relearning_steps"):
            steps = getattr(self, name)
            if not all(0.0 < step <= 30 * 86400.0 for step in steps):
                raise ValueError(f"{name}: expected seconds above 0 and up to 30 days, got {steps!r}")
        if len(self.weights) != len(FSRS6_WEIGHTS) or not all(map(math.isfinite, self.weights)):
            expected = f"the {len(FSRS6_WEIGHTS)} numbers of FSRS-6"
            raise ValueError(f"weights: expected {expected}, got {self.weights!r}")

    def to_json(self) -> str:
        """The settings as JSON, the same text for equal settings."""
        chosen = {name: getattr(self, name) for name in self.__struct_fields__}
        chosen |= {name: [float(entry) for entry in chosen[name]] for name in _NUMBER_LISTS}
        return json.dumps(chosen | {"retention": float(self.retention)}, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The settings that `to_json` wrote.

        Raises:
            ValueError: for anything else.
        """
        chosen = json.loads(text)
        try:
            return cls(**(chosen | {name: tuple(chosen[name]) for name in _NUMBER_LISTS}))
        except (TypeError, KeyError) as error:
            raise ValueError(f"not the settings of a scheduler: {text[:200]}") from error


_NUMBER_LISTS = ("learning_steps", "relearning_steps", "weights")


class Transition(Struct, frozen=True):
    """What one answer does to the memory: the new values, and the wait until the next time.

    In review the wait is ``days`` study days; in a learning step it is ``step_wait``.
    """

    phase: Phase
    step: int | None
    stability: float
    difficulty: float
    days: int = 0
    step_wait: timedelta = timedelta()


class Scheduler:
    """FSRS-6 with one choice of settings. Every method is a pure function of its arguments."""

    def __init__(self, settings: SchedulerSettings | None = None) -> None:
        self.settings = settings or SchedulerSettings()
        self._others: dict[float, Scheduler] = {}

    @cached_property
    def settings_text(self) -> str:
        """The settings as they are stored."""
        return self.settings.to_json()

    def with_retention(self, retention: float) -> Scheduler:
        """The scheduler that differs from this one in nothing but the desired retention."""
        if retention == self.settings.retention:
            return self
        if retention not in self._others:
            self._others[retention] = Scheduler(replace(self.settings, retention=retention))
        return self._others[retention]

    def answer(
        self, state: CardState | None, rating: Rating, now: datetime, days: StudyDays, card_id: str
    ) -> CardState:
        """The state after answering with ``rating`` at ``now``; ``state`` None is a new card."""
        now = whole_milliseconds(now)
        today = days.day_of(now)
        change = self.transition(state, rating, today, card_id)
        if change.phase is Phase.REVIEW:
            due_day = min(today + change.days, LAST_DAY)
            due_at = days.start_of(due_day)
        else:
            due_at = whole_milliseconds(now + change.step_wait)
            due_day = days.day_of(due_at)
        forgotten = state is not None and state.phase is Phase.REVIEW and rating is Rating.AGAIN
        return CardState(
            phase=change.phase,
            step=change.step,
            stability=change.stability,
            difficulty=change.difficulty,
            due_at=due_at,
            due_day=due_day,
            last_at=now,
            last_day=today,
            answers=(state.answers if state else 0) + 1,
            lapses=(state.lapses if state else 0) + forgotten,
        )

    def preview(self, state: CardState | None, now: datetime, days: StudyDays, card_id: str) -> dict[Rating, CardState]:
        """For each rating the state that `answer` would give."""
        return {rating: self.answer(state, rating, now, days, card_id) for rating in Rating}

    def transition(self, state: CardState | None, rating: Rating, today: int, card_id: str) -> Transition:
        """What an answer on study day ``today`` does to the memory.

        Days that the clock went backwards count as none at all.
        """
        import fsrs

        at = _SYNTHETIC_START
        card = fsrs.Card(card_id=0, due=at)
        if state is not None:
            elapsed = min(max(0, today - state.last_day), _LONGEST_ELAPSED)
            card.state = fsrs.State(state.phase)
            card.step = state.step
            card.stability, card.difficulty = state.stability, state.difficulty
            card.last_review = at
            at += timedelta(days=elapsed)
        card, _ = self._fsrs.review_card(card, fsrs.Rating(rating), at)
        assert card.stability is not None and card.difficulty is not None
        wait = card.due - at
        change = Transition(Phase(card.state), card.step, card.stability, card.difficulty)
        if change.phase is not Phase.REVIEW:
            return replace(change, step_wait=wait)
        chance = unit_interval(card_id, state.answers if state else 0)
        return replace(change, days=fuzzed(wait.days, self.settings.maximum_interval, chance))

    def retrievability(self, state: CardState, today: int) -> float:
        """The chance, 0 to 1, of remembering the card on study day ``today``."""
        return self.recall(max(0, today - state.last_day), state.stability)

    def recall(self, elapsed: float, stability: float) -> float:
        """The chance, 0 to 1, of remembering after ``elapsed`` days: R = (1 + F t/S)^(-w20), F = 0.9^(-1/w20) - 1."""
        decay = -self.settings.weights[20]
        factor = 0.9 ** (1 / decay) - 1
        return float((1 + factor * elapsed / stability) ** decay)

    @cached_property
    def _fsrs(self) -> fsrs.Scheduler:
        from fsrs import Scheduler as FsrsScheduler

        return FsrsScheduler(
            parameters=self.settings.weights,
            desired_retention=self.settings.retention,
            learning_steps=tuple(timedelta(seconds=step) for step in self.settings.learning_steps),
            relearning_steps=tuple(timedelta(seconds=step) for step in self.settings.relearning_steps),
            maximum_interval=self.settings.maximum_interval,
            enable_fuzzing=False,
        )
