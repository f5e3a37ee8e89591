"""The memory model: what is known about a card, and what an answer makes of it.

The mathematics is FSRS-6 (`fsrs6`). Elapsed time is counted in study days, so that a card answered yesterday evening
was answered a day ago; the fuzz is seeded; and what an answer makes of a card depends on nothing but the log, so that
all machines that have the same log agree.
"""

from __future__ import annotations

import json
import math
from datetime import datetime, timedelta
from enum import IntEnum
from functools import cached_property
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from studyapp.clock import from_milliseconds, whole_milliseconds
from studyapp.schedule import fsrs6
from studyapp.schedule.day import LAST_DAY, StudyDays
from studyapp.schedule.fsrs6 import FLOATS
from studyapp.schedule.fuzz import fuzzed, in_order, kept_interval, unit_interval
from studyapp.schedule.rating import Rating

FSRS6_WEIGHTS = (
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
    1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
)  # fmt: skip
"""The published default weights of FSRS-6, fitted to many people's reviews."""

ENGINE = "studyapp 2"
"""Names the rules by which an answer is scheduled; the log keeps it with the settings.

Answers logged by the package fsrs (its version stands there, ``6.3.2``) are replayed without the rules of
`fuzz.in_order` and `fuzz.kept_interval`, which it did not have.
"""

LONGEST_ELAPSED = 2_000_000
"""Days; more count as so many."""


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
        """Study days between the last answer and the day a review is due on; none in learning steps."""
        return max(0, self.due_day - self.last_day) if self.phase is Phase.REVIEW else 0


class KnownState(Struct, frozen=True, omit_defaults=True):
    """How another program had scheduled a card when it was last answered there.

    ``stability`` (days) and ``difficulty`` (1 to 10) are None where what was answered before says them. A card in
    review is due on study day ``due_day``, one in a learning step at ``due_at``, in milliseconds since 1970.
    ``answers`` and ``lapses`` count what happened there, in case that not all of it was recorded.

    Raises:
        ValueError: for what no state can be.
    """

    phase: int
    stability: float | None = None
    difficulty: float | None = None
    due_at: int | None = None
    due_day: int | None = None
    answers: int = 0
    lapses: int = 0

    def __post_init__(self) -> None:
        if self.phase not in (1, 2, 3):
            raise ValueError(f"phase: expected 1, 2 or 3, got {self.phase!r}")
        if (self.phase == Phase.REVIEW) != (self.due_day is not None) or (self.due_day is None) != (
            self.due_at is not None
        ):
            raise ValueError("expected due_day of a card in review, due_at of one in a learning step")
        if self.due_day is not None and not 1 <= self.due_day <= LAST_DAY:
            raise ValueError(f"due_day: expected a day of the calendar, got {self.due_day!r}")
        if self.due_at is not None and not 0 <= self.due_at <= _LAST_MILLISECOND:
            raise ValueError(f"due_at: expected milliseconds from 1970 to 9999, got {self.due_at!r}")
        if self.stability is not None and not 0.001 <= self.stability <= 36500:
            raise ValueError(f"stability: expected 0.001 to 36500 days, got {self.stability!r}")
        if self.difficulty is not None and not 1 <= self.difficulty <= 10:
            raise ValueError(f"difficulty: expected 1 to 10, got {self.difficulty!r}")
        if min(self.answers, self.lapses) < 0 or max(self.answers, self.lapses) > 10**9:
            raise ValueError(f"answers, lapses: expected counts, got {self.answers!r}, {self.lapses!r}")

    def to_json(self) -> str:
        """The state as it is stored in the log."""
        import msgspec

        return msgspec.json.encode(self).decode()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The state that `to_json` wrote. Raises ValueError (or its subclass) for anything else."""
        import msgspec

        return msgspec.json.decode(text, type=cls)

    def after(self, state: CardState | None, at: datetime, day: int, days: StudyDays) -> CardState:
        """The card's state, told at ``at`` on study day ``day``; ``state`` is what was known before."""
        stability = self.stability or (1.0 if state is None else state.stability)
        difficulty = self.difficulty or (5.0 if state is None else state.difficulty)
        if self.due_day is not None:
            due_day, due_at = self.due_day, days.start_of(self.due_day)
        else:
            assert self.due_at is not None
            due_at = max(at, from_milliseconds(self.due_at))
            due_day = days.day_of(due_at)
        return CardState(
            phase=Phase(self.phase),
            step=None if self.phase == Phase.REVIEW else 0,
            stability=stability,
            difficulty=difficulty,
            due_at=due_at,
            due_day=due_day,
            last_at=at,
            last_day=day,
            answers=max(1, self.answers, state.answers if state else 0),
            lapses=max(self.lapses, state.lapses if state else 0),
        )


_LAST_MILLISECOND = 253_370_000_000_000


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
        bounds = zip(fsrs6.LOWEST_WEIGHTS, self.weights, fsrs6.HIGHEST_WEIGHTS, strict=True)
        for place, (lowest, weight, highest) in enumerate(bounds):
            if not lowest <= weight <= highest:
                raise ValueError(f"weights: expected {lowest} to {highest} at place {place}, got {weight!r}")

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

    In review the wait is ``days`` study days; in a learning step it is ``step_wait`` milliseconds.
    """

    phase: Phase
    step: int | None
    stability: float
    difficulty: float
    days: int = 0
    step_wait: int = 0


class Scheduler:
    """FSRS-6 with one choice of settings. Every method is a pure function of its arguments."""

    def __init__(self, settings: SchedulerSettings | None = None, engine: str = ENGINE) -> None:
        """``engine`` names the rules besides FSRS-6 itself; see `ENGINE`."""
        self.settings = settings or SchedulerSettings()
        self.engine = engine
        self._others: dict[float, Scheduler] = {}

    @cached_property
    def settings_text(self) -> str:
        """The settings as they are stored."""
        return self.settings.to_json()

    @cached_property
    def constants(self) -> fsrs6.Constants:
        """What follows from the settings alone."""
        chosen = self.settings
        return fsrs6.constants(chosen.weights, chosen.retention, chosen.maximum_interval)

    @property
    def keeps_order(self) -> bool:
        """Whether `fuzz.in_order` and `fuzz.kept_interval` apply."""
        return self.engine == ENGINE

    def with_retention(self, retention: float) -> Scheduler:
        """The scheduler that differs from this one in nothing but the desired retention."""
        if retention == self.settings.retention:
            return self
        if retention not in self._others:
            self._others[retention] = Scheduler(replace(self.settings, retention=retention), self.engine)
        return self._others[retention]

    def answer(
        self, state: CardState | None, rating: Rating, now: datetime, days: StudyDays, card_id: str
    ) -> CardState:
        """The state after answering with ``rating`` at ``now``; ``state`` None is a new card."""
        now = whole_milliseconds(now)
        today = days.day_of(now)
        return self.state_after(state, self.transition(state, rating, today, card_id), rating, now, today, days)

    def state_after(
        self, state: CardState | None, change: Transition, rating: Rating, now: datetime, today: int, days: StudyDays
    ) -> CardState:
        """The state that ``change`` makes of ``state`` by an answer at ``now``, on study day ``today``."""
        if change.phase is Phase.REVIEW:
            due_day = min(today + change.days, LAST_DAY)
            due_at = days.start_of(due_day)
        else:
            due_at = now + timedelta(milliseconds=change.step_wait)
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
        now = whole_milliseconds(now)
        today = days.day_of(now)
        changes = self.transitions(state, today, card_id)
        return {rating: self.state_after(state, changes[rating], rating, now, today, days) for rating in Rating}

    def transition(self, state: CardState | None, rating: Rating, today: int, card_id: str) -> Transition:
        """What an answer on study day ``today`` does to the memory."""
        return self.transitions(state, today, card_id)[rating]

    def transitions(self, state: CardState | None, today: int, card_id: str) -> dict[Rating, Transition]:
        """What each rating would do to the memory on study day ``today``.

        Days that the clock went backwards count as none at all. `replay.replay` does the same for many cards at once.
        """
        c = self.constants
        is_new = state is None
        stability = 1.0 if state is None else state.stability
        difficulty = 5.0 if state is None else state.difficulty
        elapsed = 0 if state is None else min(max(0, today - state.last_day), LONGEST_ELAPSED)
        stabilities = fsrs6.stabilities(c, is_new, stability, difficulty, elapsed, FLOATS)
        difficulties = fsrs6.difficulties(c, is_new, difficulty, FLOATS)
        steps = {rating: self._step_after(state, rating) for rating in Rating}
        plain = [fsrs6.interval(c, one, FLOATS) for one in stabilities]
        days = dict.fromkeys(Rating, 0)
        if any(step is None for step in steps.values()):
            most = self.settings.maximum_interval
            chance = unit_interval(card_id, state.answers if state else 0)
            again, hard, good, easy = (fuzzed(one, most, chance) for one in plain)
            if self.keeps_order:
                kept = 0
                if state is not None and state.phase is Phase.REVIEW and elapsed >= state.interval:
                    kept = kept_interval(state.interval, fsrs6.interval(c, stability, FLOATS), plain[2], most)
                hard, good, easy = in_order(hard, good, easy, kept, steps[Rating.GOOD] is None, most)
                again = min(again, hard)
            days = dict(zip(Rating, (again, hard, good, easy), strict=True))
        relearning = state is not None and state.phase is not Phase.LEARNING
        found = {}
        for place, (rating, step) in enumerate(steps.items()):
            memory = (stabilities[place], difficulties[place])
            if step is None:
                found[rating] = Transition(Phase.REVIEW, None, *memory, days=days[rating])
            else:
                phase = Phase.RELEARNING if relearning else Phase.LEARNING
                found[rating] = Transition(phase, step[0], *memory, step_wait=step[1])
        return found

    def _step_after(self, state: CardState | None, rating: Rating) -> tuple[int, int] | None:
        """The step that follows and the milliseconds until it; None where the card goes to review."""
        learning = state is None or state.phase is Phase.LEARNING
        steps = self.settings.learning_steps if learning else self.settings.relearning_steps
        if state is not None and state.phase is Phase.REVIEW:
            return (0, milliseconds(steps[0])) if rating is Rating.AGAIN and steps else None
        return step_after(steps, (state.step or 0) if state else 0, rating)

    def retrievability(self, state: CardState, today: int) -> float:
        """The chance, 0 to 1, of remembering the card on study day ``today``."""
        return self.recall(max(0, today - state.last_day), state.stability)

    def recall(self, elapsed: float, stability: float) -> float:
        """The chance, 0 to 1, of remembering after ``elapsed`` days: R = (1 + F t/S)^(-w20), F = 0.9^(-1/w20) - 1."""
        c = self.constants
        return float((1 + c.factor * elapsed / stability) ** c.decay)


def step_after(steps: tuple[float, ...], step: int, rating: Rating) -> tuple[int, int] | None:
    """In (re)learning: the step that follows ``step`` and the milliseconds until it; None for review.

    ``steps`` are in seconds, as FSRS has them: Hard repeats a step, at the first one half way to the second.
    """
    if not steps or (step >= len(steps) and rating is not Rating.AGAIN) or rating is Rating.EASY:
        return None
    if rating is Rating.AGAIN:
        return 0, milliseconds(steps[0])
    if rating is Rating.HARD:
        if step == 0:
            return 0, milliseconds(steps[0] * 1.5 if len(steps) == 1 else (steps[0] + steps[1]) / 2)
        return step, milliseconds(steps[step])
    return None if step + 1 == len(steps) else (step + 1, milliseconds(steps[step + 1]))


def milliseconds(seconds: float) -> int:
    """Whole milliseconds, what is below left out."""
    return int(seconds * 1000)
