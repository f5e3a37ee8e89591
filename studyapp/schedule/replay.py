"""Replaying whole logs: what all answers to all cards led to, computed for many cards at once in NumPy.

`replay` gives bit by bit what `Scheduler.transition` gives one answer at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from studyapp.digest import blake2b
from studyapp.schedule import fsrs6
from studyapp.schedule.day import LAST_DAY
from studyapp.schedule.fsrs6 import Constants, Operations, SameEverywhere, Values
from studyapp.schedule.fuzz import fuzzed, in_order, kept_interval
from studyapp.schedule.memory import LONGEST_ELAPSED, Phase, Scheduler, step_after
from studyapp.schedule.rating import Rating

Whole = NDArray[np.int64]
Real = NDArray[np.float64]

NOTHING = -1
"""Stands for None in arrays of whole numbers that are never negative."""

RESET = 0
"""The rating of an entry that makes its card new again."""

TOLD = 5
"""The rating of an entry that tells how another program had scheduled its card."""


class _Arrays(SameEverywhere):
    """Operations on arrays."""

    where = staticmethod(np.where)
    minimum = staticmethod(np.minimum)
    maximum = staticmethod(np.maximum)
    rint = staticmethod(np.rint)
    frexp = staticmethod(np.frexp)

    def floor(self, values: Values) -> Values:
        return np.floor(values)

    def ldexp(self, values: Values, exponents: Values) -> Values:
        return np.ldexp(values, np.asarray(exponents, dtype=np.int32))


ARRAYS: Operations = _Arrays()


class Told(Struct, frozen=True, eq=False):
    """What the entries of rating `TOLD` tell (`memory.KnownState`), an array of one value for each of them.

    ``stability`` and ``difficulty`` are NaN where they stay as they were, ``due_day`` and ``step_wait`` (milliseconds
    until a learning step is due) `NOTHING` where there is none.
    """

    place: Whole
    phase: Whole
    stability: Real
    difficulty: Real
    due_day: Whole
    step_wait: Whole
    answers: Whole
    lapses: Whole


class History(Struct, frozen=True, eq=False):
    """The entries that move the schedule, none of them taken back: by card, those of one card in canonical order.

    Arrays of one length, but for ``card_ids``. ``card`` points into ``card_ids``, ``rating`` is 1 to 4, `RESET` or
    `TOLD`, ``day`` the study day, ``scheduler`` points into the schedulers given to `replay` (of a reset and of what
    was told it means nothing). ``told`` has the places of the entries of rating `TOLD` in ascending order.
    """

    card_ids: Sequence[str]
    card: Whole
    rating: Whole
    day: Whole
    scheduler: Whole
    told: Told | None = None


class Outcome(Struct, frozen=True, eq=False):
    """What each entry of a `History` led to; of a reset the values mean nothing.

    ``phase_before``, ``days_before`` and ``interval_before`` are `NOTHING` where the card was new, ``step`` and
    ``due_day`` where there is none, ``step_wait`` (milliseconds) in review. ``answers`` and ``lapses`` count up to and
    with the entry, since the card was last new.
    """

    phase_before: Whole
    days_before: Whole
    interval_before: Whole
    phase: Whole
    step: Whole
    stability: Real
    difficulty: Real
    due_day: Whole
    step_wait: Whole
    answers: Whole
    lapses: Whole

    @classmethod
    def empty(cls, size: int) -> Outcome:
        """Nothing yet, for so many entries."""
        fields: dict[str, Any] = {
            name: np.zeros(size) if name in ("stability", "difficulty") else np.full(size, NOTHING)
            for name in cls.__struct_fields__
        }
        return cls(**fields)


def replay(
    history: History, schedulers: Sequence[Scheduler], progress: Callable[[int, int], None] | None = None
) -> Outcome:
    """What the entries of ``history`` led to, each with its own scheduler.

    All cards take their n-th step together. ``progress`` is told how many of how many entries are done.
    """
    size = len(history.card)
    found = Outcome.empty(size)
    if size == 0:
        return found
    table = _Table(schedulers)
    starts = np.flatnonzero(np.r_[True, history.card[1:] != history.card[:-1]])
    lengths = np.diff(np.r_[starts, size])
    rank = np.arange(size) - np.repeat(starts, lengths)
    order = np.argsort(rank, kind="stable")
    ends = np.cumsum(np.bincount(rank))
    card = np.repeat(np.arange(len(starts)), lengths)
    cards = _Cards.new(len(starts))
    seeds = _Seeds(history.card_ids)
    begin = 0
    for end in ends:
        if progress is not None:
            progress(begin, size)
        entries = order[begin:end]
        begin = int(end)
        reset = history.rating[entries] == RESET
        if reset.any():
            cards.reset(card[entries[reset]])
            entries = entries[~reset]
        told = history.rating[entries] == TOLD
        if told.any():
            _tell(history, found, cards, entries[told], card[entries[told]])
            entries = entries[~told]
        if len(entries):
            _step(history, found, table, cards, seeds, entries, card[entries])
    return found


class _Cards(Struct, eq=False):
    """How each card stands; `phase` `NOTHING` is new."""

    phase: Whole
    step: Whole
    stability: Real
    difficulty: Real
    day: Whole
    interval: Whole
    answers: Whole
    lapses: Whole

    @classmethod
    def new(cls, count: int) -> _Cards:
        def zeros() -> Whole:
            return np.zeros(count, dtype=np.int64)

        return cls(zeros() + NOTHING, zeros(), np.ones(count), np.full(count, 5.0), zeros(), zeros(), zeros(), zeros())

    def reset(self, cards: Whole) -> None:
        self.phase[cards] = NOTHING
        self.step[cards] = self.answers[cards] = self.lapses[cards] = 0
        self.stability[cards], self.difficulty[cards] = 1.0, 5.0


class _Table:
    """What follows from the settings of each scheduler, ready to be looked up for many entries at once."""

    def __init__(self, schedulers: Sequence[Scheduler]) -> None:
        self.constants = [scheduler.constants for scheduler in schedulers]
        self.keeps_order = np.array([scheduler.keeps_order for scheduler in schedulers])
        self.has_relearning = np.array([bool(one.settings.relearning_steps) for one in schedulers])
        chosen = [(one.settings.learning_steps, one.settings.relearning_steps) for one in schedulers]
        self.longest = max((len(steps) for pair in chosen for steps in pair), default=0)
        shape = (len(schedulers), 2, self.longest + 1, 4)
        self.step_after = np.full(shape, NOTHING)
        self.wait_after = np.full(shape, NOTHING)
        for number, pair in enumerate(chosen):
            for relearning, steps in enumerate(pair):
                for step in range(self.longest + 1):
                    for rating in Rating:
                        after = step_after(steps, step, rating)
                        if after is not None:
                            place = (number, relearning, step, rating - 1)
                            self.step_after[place], self.wait_after[place] = after

    def of(self, scheduler: Whole) -> Constants:
        """The constants for each entry; plain numbers where all entries have the same scheduler."""
        first = int(scheduler[0])
        if (scheduler == first).all():
            return self.constants[first]
        fields: dict[str, Any] = {}
        for name in Constants.__struct_fields__:
            values = np.array([getattr(one, name) for one in self.constants])[scheduler]
            fields[name] = tuple(values.T) if values.ndim == 2 else values
        return Constants(**fields)


class _Seeds:
    """`fuzz.unit_interval` of many cards."""

    def __init__(self, card_ids: Sequence[str]) -> None:
        self._begun = [f"{card_id}\n".encode("utf-8", "surrogatepass") for card_id in card_ids]

    def chances(self, cards: Whole, answers: Whole) -> Real:
        begun, number = self._begun, int.from_bytes
        drawn = [
            number(blake2b(b"%s%d" % (begun[card], count), digest_size=8).digest(), "big") >> 11
            for card, count in zip(cards.tolist(), answers.tolist(), strict=True)
        ]
        return np.array(drawn, dtype=np.int64) / 2**53


def _tell(history: History, found: Outcome, cards: _Cards, entries: Whole, card: Whole) -> None:
    """What other programs told of some cards, no card twice."""
    assert history.told is not None
    told = history.told
    at = np.searchsorted(told.place, entries)
    due_day = told.due_day[at]
    in_review = told.phase[at] == Phase.REVIEW
    cards.phase[card] = found.phase[entries] = told.phase[at]
    found.step[entries] = np.where(in_review, NOTHING, 0)
    cards.step[card] = 0
    for name in ("stability", "difficulty"):
        values, before = getattr(told, name)[at], getattr(cards, name)[card]
        getattr(cards, name)[card] = getattr(found, name)[entries] = np.where(np.isnan(values), before, values)
    found.due_day[entries] = due_day
    found.step_wait[entries] = told.step_wait[at]
    cards.day[card] = history.day[entries]
    cards.interval[card] = np.where(in_review, np.maximum(0, due_day - history.day[entries]), 0)
    cards.answers[card] = found.answers[entries] = np.maximum(1, np.maximum(cards.answers[card], told.answers[at]))
    cards.lapses[card] = found.lapses[entries] = np.maximum(cards.lapses[card], told.lapses[at])


def _step(
    history: History, found: Outcome, table: _Table, cards: _Cards, seeds: _Seeds, entries: Whole, card: Whole
) -> None:
    """One answer to each of some cards, no card twice."""
    rating = history.rating[entries] - 1
    today = history.day[entries]
    scheduler = history.scheduler[entries]
    phase, step = cards.phase[card], cards.step[card]
    stability, difficulty = cards.stability[card], cards.difficulty[card]
    interval_before, answers = cards.interval[card], cards.answers[card]
    is_new = phase == NOTHING
    was_review = phase == Phase.REVIEW
    elapsed = np.where(is_new, 0, np.clip(today - cards.day[card], 0, LONGEST_ELAPSED))
    c = table.of(scheduler)

    stabilities = fsrs6.stabilities(c, is_new, stability, difficulty, elapsed, ARRAYS)
    difficulties = fsrs6.difficulties(c, is_new, difficulty, ARRAYS)

    relearning = (~is_new & (phase != Phase.LEARNING)).astype(np.int64)
    # A review has no step: Again begins the relearning steps, the others go on in review.
    place = np.minimum(np.where(is_new | was_review, 0, step), table.longest)
    by_rating = table.step_after[scheduler, relearning, place]
    waits = table.wait_after[scheduler, relearning, place]
    leaves_review = was_review & (rating == 0) & table.has_relearning[scheduler]
    rows = np.arange(len(entries))
    next_step = np.where(was_review, np.where(leaves_review, 0, NOTHING), by_rating[rows, rating])
    wait = np.where(was_review & ~leaves_review, NOTHING, waits[rows, rating])
    to_review = next_step == NOTHING
    good_to_review = was_review | (by_rating[:, 2] == NOTHING)

    days = np.zeros(len(entries), dtype=np.int64)
    if to_review.any():
        days[to_review] = _intervals(
            table, c, to_review, scheduler, stabilities, stability, rating, elapsed,
            np.where(was_review, interval_before, NOTHING), good_to_review, seeds, history.card[entries], answers,
        )  # fmt: skip

    found.phase_before[entries] = phase
    found.days_before[entries] = np.where(is_new, NOTHING, np.maximum(0, today - cards.day[card]))
    found.interval_before[entries] = np.where(is_new, NOTHING, np.where(was_review, interval_before, 0))
    new_phase = np.where(to_review, Phase.REVIEW, np.where(relearning == 1, Phase.RELEARNING, Phase.LEARNING))
    due_day = np.where(to_review, np.minimum(today + days, LAST_DAY), NOTHING)
    lapsed = was_review & (rating == 0)

    cards.phase[card] = found.phase[entries] = new_phase
    found.step[entries] = next_step
    cards.step[card] = np.maximum(next_step, 0)
    cards.stability[card] = found.stability[entries] = _chosen(stabilities, rating)
    cards.difficulty[card] = found.difficulty[entries] = _chosen(difficulties, rating)
    found.due_day[entries] = due_day
    found.step_wait[entries] = wait
    cards.day[card] = today
    cards.interval[card] = np.where(to_review, np.maximum(0, due_day - today), 0)
    cards.answers[card] = found.answers[entries] = answers + 1
    cards.lapses[card] = found.lapses[entries] = cards.lapses[card] + lapsed


def _intervals(
    table: _Table,
    c: Constants,
    chosen: NDArray[np.bool_],
    scheduler: Whole,
    stabilities: Sequence[Real],
    stability: Real,
    rating: Whole,
    elapsed: Whole,
    reviewed_after: Whole,
    good_to_review: NDArray[np.bool_],
    seeds: _Seeds,
    ids: Whole,
    answers: Whole,
) -> Whole:
    """The days until the next review for the entries ``chosen``; ``reviewed_after`` is the interval before, or
    `NOTHING`."""
    only = _only(c, chosen)
    most = only.maximum_interval
    chance = seeds.chances(ids[chosen], answers[chosen])
    plain = [fsrs6.interval(only, np.broadcast_to(one, chosen.shape)[chosen], ARRAYS) for one in stabilities]
    again, hard, good, easy = (fuzzed(one, most, chance, ARRAYS) for one in plain)
    before = reviewed_after[chosen]
    could_be = fsrs6.interval(only, stability[chosen], ARRAYS)
    kept = np.where(
        (before != NOTHING) & (elapsed[chosen] >= before), kept_interval(before, could_be, plain[2], most, ARRAYS), 0
    )
    hard_in_order, good_in_order, easy_in_order = in_order(hard, good, easy, kept, good_to_review[chosen], most, ARRAYS)
    again_in_order = np.minimum(again, hard_in_order)
    ordered = (again_in_order, hard_in_order, good_in_order, easy_in_order)
    keeps = table.keeps_order[scheduler[chosen]]
    unordered = (again, hard, good, easy)
    return np.asarray(
        np.where(keeps, _chosen(ordered, rating[chosen]), _chosen(unordered, rating[chosen])), dtype=np.int64
    )


def _chosen(by_rating: Sequence[Values], rating: Whole) -> Values:
    """Of four arrays, for each entry the one of its rating."""
    return np.choose(rating, by_rating)


def _only(c: Constants, chosen: NDArray[np.bool_]) -> Constants:
    """The constants of some of the entries."""

    def part(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(part, value))
        return value[chosen] if isinstance(value, np.ndarray) else value

    return Constants(**{name: part(getattr(c, name)) for name in Constants.__struct_fields__})
