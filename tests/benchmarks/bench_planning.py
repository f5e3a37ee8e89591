"""How much is known on the day: the plan against eight rules by hand, with simulated learners.

    python -m tests.benchmarks.bench_planning [--seeds N] [--scenarios N] [--greedy] [--forecast]

A learner's true memory differs from what the app believes: other weights, each card easier or harder than believed,
each kind of card with its own time. What the plan and the rules see is the belief: FSRS-6 with the default weights,
replayed from the ratings that the learner gave. What is measured is the true chance of recall at the end of the last
day, the mean over all cards.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studyapp.planning import choose, forecast
from studyapp.planning.answering import Memory, Real
from studyapp.schedule.memory import FSRS6_WEIGHTS

Order = NDArray[np.int64]


class Scenario:
    """So many cards, days and minutes a day, with some of the cards known already."""

    def __init__(self, cards: int, days: int, minutes: float, seen: float) -> None:
        self.cards, self.days, self.minutes, self.seen = cards, days, minutes, seen

    def __str__(self) -> str:
        return f"{self.cards:6d} cards, {self.days:2d} days of {self.minutes:g} min, {self.seen:.0%} seen before"


SCENARIOS = (
    Scenario(120, 7, 10, 0.0),
    Scenario(120, 14, 20, 0.5),
    Scenario(300, 7, 40, 0.0),
    Scenario(300, 14, 20, 0.3),
    Scenario(500, 14, 40, 0.0),
    Scenario(500, 30, 20, 0.0),
    Scenario(500, 60, 10, 0.5),
    Scenario(1000, 30, 40, 0.3),
    Scenario(1000, 60, 20, 0.0),
    Scenario(1000, 14, 60, 0.7),
    Scenario(3000, 60, 60, 0.3),
    Scenario(10000, 30, 60, 0.5),
)


class Learner:
    """A person whose memory the app does not know; ``belief`` is what the app makes of the ratings."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        chance = self.chance = np.random.default_rng(seed)
        n = scenario.cards
        weights = np.array(FSRS6_WEIGHTS) * np.exp(chance.normal(0, 0.15, len(FSRS6_WEIGHTS)))
        weights[20] = np.clip(weights[20], 0.1, 0.35)
        self.memory, self.belief = Memory(tuple(weights)), Memory()
        self.ease = np.exp(chance.normal(0, 0.35, n))
        """How much longer than the weights say each card lasts."""
        self.first = chance.dirichlet(np.array([0.28, 0.1, 0.45, 0.17]) * 20)
        kind = chance.choice(4, n)
        self.seconds = np.array([10.0, 18.0, 30.0, 55.0])[kind] * np.exp(chance.normal(0, 0.15, n))
        self.new = np.ones(n, dtype=bool)
        self.s, self.d, self.e = np.ones(n), np.full(n, 5.0), np.zeros(n)
        self.true_s, self.true_d = np.ones(n), np.full(n, 5.0)
        self.due = np.zeros(n)
        self._study_before(scenario.seen)

    def _study_before(self, share: float) -> None:
        """Some cards have been answered a few times, with the intervals of plain settings."""
        seen = np.flatnonzero(self.chance.random(len(self.s)) < share)
        if not len(seen):
            return
        self.answer(seen)
        for _ in range(4):
            again = seen[self.chance.random(len(seen)) < 0.6]
            wait = np.maximum(1.0, np.round(self.s[again] * self.chance.uniform(0.6, 1.6, len(again))))
            self.e[again] = wait
            self.answer(again)
        self.e[seen] = np.round(self.s[seen] * self.chance.uniform(0.1, 1.5, len(seen))) + 1
        self.due[seen] = np.round(self.s[seen]) - self.e[seen]

    def recall(self) -> Real:
        """The true chance of remembering each card now; 0 for one never seen."""
        return np.where(self.new, 0.0, self.memory.recall(self.true_s * self.ease, self.e))

    def answer(self, cards: Order) -> Real:
        """One turn with each of the cards; the seconds that each took."""
        new = self.new[cards]
        first = self.chance.choice(4, len(cards), p=self.first)
        good = self.chance.random(len(cards)) < self.recall()[cards]
        for memory, stability, difficulty, ease in (
            (self.belief, self.s, self.d, 1.0),
            (self.memory, self.true_s, self.true_d, self.ease[cards]),
        ):
            firsts = np.array([(float(s), float(d)) for s, d in memory.first])[first]
            turn = memory.turn(stability[cards] * ease, difficulty[cards], self.e[cards])
            after = np.where(good, turn.remembered[0], turn.forgotten[0]) / ease
            hard = np.where(good, turn.remembered[1], turn.forgotten[1])
            stability[cards] = np.where(new, firsts[:, 0], after)
            difficulty[cards] = np.where(new, firsts[:, 1], hard)
        self.e[cards] = 0.0
        self.new[cards] = False
        return self.seconds[cards] * np.where(new | ~good, 2.0, 1.0)

    def sleep(self) -> None:
        """A day goes by."""
        self.e[~self.new] += 1.0


Rule = Callable[[Learner, int, Scenario], Order]
"""The cards of one day in the order in which they are asked, of which the time may cut off the rest."""


def by_intervals(new_a_day: Callable[[Scenario, int], int], retention: float = 0.9, capped: bool = False) -> Rule:
    """What spaced repetition asks: due cards, the most overdue first, then so many new ones."""

    def rule(learner: Learner, day: int, scenario: Scenario) -> Order:
        c = learner.belief.constants
        wait = np.maximum(1.0, np.round(learner.s / c.factor * (retention ** (1 / c.decay) - 1.0)))
        if capped:
            wait = np.minimum(wait, np.maximum(1.0, scenario.days - 1 - day))
        late = learner.e - wait
        due = np.flatnonzero(~learner.new & (late >= 0))
        due = due[np.argsort(-late[due] / wait[due], kind="stable")]
        fresh = np.flatnonzero(learner.new)[: new_a_day(scenario, day)]
        return np.concatenate([due, fresh])

    return rule


def all_new_first(learner: Learner, day: int, scenario: Scenario) -> Order:
    """All new cards before any review."""
    due = by_intervals(lambda _scenario, _day: 0)(learner, day, scenario)
    return np.concatenate([np.flatnonzero(learner.new), due])


def evenly(scenario: Scenario, day: int) -> int:
    """The new cards spread over all days."""
    return -(-scenario.cards // scenario.days)


def two_thirds(scenario: Scenario, day: int) -> int:
    """The new cards spread over the first two thirds."""
    days = max(1, round(scenario.days * 2 / 3))
    return -(-scenario.cards // days) if day < days else 0


RULES: dict[str, Rule] = {
    "all new first": all_new_first,
    "N/T a day": by_intervals(evenly),
    "two thirds, then review": by_intervals(two_thirds),
    "interval capped at the date": by_intervals(evenly, capped=True),
    "retention 0.85": by_intervals(evenly, 0.85),
    "retention 0.95": by_intervals(evenly, 0.95),
    "retention 0.97": by_intervals(evenly, 0.97),
    "plain settings": by_intervals(lambda _scenario, _day: 20),
}


def seen(learner: Learner) -> tuple[Real, Real, Real, Real]:
    """The cards as the plan sees them."""
    nothing = np.where(learner.new, np.nan, 0.0)
    return learner.s + nothing, learner.d + nothing, learner.e + nothing, learner.seconds


def planned(learner: Learner, day: int, scenario: Scenario) -> Order:
    """What the plan asks."""
    seconds = 60 * scenario.minutes
    return choose(*seen(learner), days_left=scenario.days - day, seconds_today=1.3 * seconds, seconds_later=seconds)


def greedy(learner: Learner, day: int, scenario: Scenario) -> Order:
    """What adds most per second if the card is never asked again."""
    memory, left = learner.belief, scenario.days - day - 1
    recall = np.where(learner.new, 0.0, memory.recall(learner.s, learner.e))
    turn = memory.turn(learner.s, learner.d, learner.e)
    after = turn.recall * memory.recall(turn.remembered[0], left) + (1 - turn.recall) * memory.recall(
        turn.forgotten[0], left
    )
    fresh = sum(
        p * float(memory.recall(s, left)) for p, (s, _) in zip((0.24, 0.094, 0.495, 0.171), memory.first, strict=True)
    )
    gain = np.where(learner.new, fresh, after - memory.recall(learner.s, learner.e + left))
    rate = gain / (learner.seconds * np.where(learner.new, 2.0, 2.0 - recall))
    order = np.argsort(-rate, kind="stable")
    return order[rate[order] > 0]


def play(rule: Rule, scenario: Scenario, seed: int) -> Learner:
    """A learner after all days under a rule."""
    learner = Learner(scenario, seed)
    for day in range(scenario.days):
        left = 60.0 * scenario.minutes
        order = rule(learner, day, scenario)
        place = 0
        while left > 0 and place < len(order):
            some = order[place : place + max(1, int(left / 120))]
            place += len(some)
            left -= float(learner.answer(some).sum())
        if day < scenario.days - 1:
            learner.sleep()
    return learner


def forecasts(scenario: Scenario, seeds: int) -> list[tuple[float, float, bool]]:
    """For each seed what came, what was forecast on the first day, and whether it lay in the band."""
    found = []
    seconds = 60 * scenario.minutes
    for seed in range(100, 100 + seeds):
        said = forecast(
            *seen(Learner(scenario, seed)), days_left=scenario.days, seconds_today=seconds, seconds_later=seconds
        ).plan
        came = float(play(planned, scenario, seed).recall().mean())
        found.append((came, said.mean, said.low <= came <= said.high))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--scenarios", type=int, default=len(SCENARIOS))
    parser.add_argument("--greedy", action="store_true", help="also the choice that looks at no later day")
    parser.add_argument("--forecast", action="store_true", help="also how far the forecast was off")
    given = parser.parse_args()
    if given.forecast:
        every = []
        for scenario in SCENARIOS[: given.scenarios]:
            one = forecasts(scenario, given.seeds)
            every += one
            off = [100 * (said - came) for came, said, _ in one]
            print(
                f"{scenario}: forecast minus came {np.mean(off):+5.1f} (each {np.mean(np.abs(off)):.1f}),"
                f" in the band {np.mean([inside for *_, inside in one]):.0%}",
                flush=True,
            )
        off = [100 * (said - came) for came, said, _ in every]
        print(
            f"all: mean {np.mean(off):+.1f}, mean distance {np.mean(np.abs(off)):.1f} points, "
            f"in the band {np.mean([inside for *_, inside in every]):.0%} of {len(every)}"
        )
        return
    over_best, over_plain = [], []
    wins: dict[str, int] = {}
    for scenario in SCENARIOS[: given.scenarios]:
        found: dict[str, Any] = {}
        rules = {**RULES, "plan": planned, **({"greedy": greedy} if given.greedy else {})}
        begin = time.perf_counter()
        for name, rule in rules.items():
            found[name] = np.mean([play(rule, scenario, seed).recall().mean() for seed in range(given.seeds)])
        best = max(RULES, key=lambda name: found[name])
        wins[best] = wins.get(best, 0) + 1
        over_best.append(100 * (found["plan"] - found[best]))
        over_plain.append(100 * (found["plan"] - found["plain settings"]))
        extra = f"  greedy {100 * found['greedy']:5.1f}" if given.greedy else ""
        print(
            f"{scenario}: plan {100 * found['plan']:5.1f}  best rule {100 * found[best]:5.1f} ({best})"
            f"  plain {100 * found['plain settings']:5.1f}{extra}   [{time.perf_counter() - begin:.0f} s]",
            flush=True,
        )
    print(f"above the best rule: mean {np.mean(over_best):.1f}, least {np.min(over_best):.1f} points")
    print(f"above the plain settings: mean {np.mean(over_plain):.1f} points")
    print(f"closest rule: {max(wins, key=lambda name: wins[name])}")


if __name__ == "__main__":
    main()
