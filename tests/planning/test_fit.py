"""Weights fitted to answers: learners with known weights, derivatives, and what is too little to say anything."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from studyapp.planning.answering import FAST
from studyapp.planning.dual import DUALS, parameters
from studyapp.planning.fit import Answers, Fitted, _Steps, fit, log_loss
from studyapp.planning.states import states_of
from studyapp.schedule import fsrs6
from studyapp.schedule.fsrs6 import HIGHEST_WEIGHTS, LOWEST_WEIGHTS
from studyapp.schedule.memory import FSRS6_WEIGHTS, Scheduler, SchedulerSettings
from studyapp.schedule.replay import History, replay

OTHER = tuple(
    np.clip(
        np.array(FSRS6_WEIGHTS) * np.exp(np.random.default_rng(5).normal(0, 0.3, 21)), LOWEST_WEIGHTS, HIGHEST_WEIGHTS
    ).tolist()
)
"""The weights of a learner who differs."""


def log_of(weights: tuple[float, ...], cards: int, seed: int = 1, answers: int = 8) -> Answers:
    """What a learner with these weights would answer, all cards together: their n-th answers at once."""
    chance = np.random.default_rng(seed)
    c = fsrs6.constants(weights, 0.9, 36500)
    day = chance.integers(0, 300, cards)
    s, d = np.ones(cards), np.full(cards, 5.0)
    ratings, days = [], []
    for number in range(answers):
        elapsed = np.zeros(cards)
        if number:
            elapsed = np.maximum(0.0, np.round(s * chance.uniform(0.3, 2.5, cards))) * (chance.random(cards) < 0.85)
        day = day + elapsed.astype(int)
        recalled = chance.random(cards) < (1.0 + c.factor * elapsed / s) ** c.decay
        rating = np.where(recalled, chance.choice([1, 2, 3], cards, p=[0.2, 0.65, 0.15]), 0)
        if not number:
            rating = chance.choice(4, cards, p=[0.25, 0.1, 0.5, 0.15])
        new = np.full(cards, not number)
        after = fsrs6.stabilities(c, new, s, d, elapsed, FAST)
        harder = fsrs6.difficulties(c, new, d, FAST)
        s, d = np.choose(rating, np.broadcast_arrays(*after)), np.choose(rating, np.broadcast_arrays(*harder))
        ratings.append(rating + 1)
        days.append(day)
    by_card = np.array(days).T.ravel()
    return Answers(
        np.repeat(np.arange(cards), answers),
        np.array(ratings).T.ravel(),
        by_card,
        np.tile(np.arange(answers) == 0, cards),
        np.argsort(np.argsort(by_card, kind="stable"), kind="stable"),
    )


def test_the_gradient_is_that_of_the_objective() -> None:
    steps = _Steps(log_of(OTHER, 60))
    chosen = np.ones(steps.count, dtype=bool)
    at = np.array(FSRS6_WEIGHTS) * 1.03
    gradient, _ = steps.scoring(at, chosen)
    for place in range(21):
        move = np.zeros(21)
        move[place] = 1e-6
        slope = (steps.objective(at + move, chosen) - steps.objective(at - move, chosen)) / 2e-6
        assert gradient[place] == pytest.approx(slope, rel=1e-4, abs=1e-4), place


def test_duals_follow_the_rules_of_differentiation() -> None:
    x, y = parameters(np.array([2.0, 3.0]))
    found = DUALS.exp(x * y / 6.0 - 1.0) + 4.0 / y - (1.0 - x) * DUALS.log(y) + DUALS.maximum(x, y) - -x
    e = np.exp(0.0)
    assert found.value[0] == pytest.approx(e + 4 / 3 + np.log(3.0) + 3 + 2)
    assert found.slope[:, 0] == pytest.approx([e / 2 + np.log(3.0) + 1, e / 3 - 4 / 9 + 1 / 3 + 1])


def test_a_learner_who_differs_is_predicted_nearly_as_well_as_by_their_true_weights() -> None:
    answers = log_of(OTHER, 800)
    found = fit(answers)
    assert found is not None
    assert found.is_better
    published, true, fitted = (log_loss(answers, weights) for weights in (FSRS6_WEIGHTS, OTHER, found.weights))
    assert fitted < published
    assert fitted < true + 0.1 * abs(published - true) + 1e-3


def test_a_learner_like_others_keeps_the_published_weights_or_gains_nothing_worth_telling() -> None:
    answers = log_of(FSRS6_WEIGHTS, 400, seed=3)
    found = fit(answers)
    assert found is not None
    assert found.later_loss > found.later_loss_before - 0.005


def test_weights_stay_within_their_bounds_whatever_was_answered() -> None:
    chance = np.random.default_rng(2)
    answers = log_of(OTHER, 100)
    for rating in (np.ones(800), np.full(800, 4), chance.integers(1, 5, 800)):
        odd = Answers(answers.card, rating.astype(np.int64), answers.day, answers.is_first, answers.order)
        found = fit(odd)
        assert found is not None
        weights = np.array(found.weights)
        assert np.isfinite(weights).all()
        assert ((weights >= LOWEST_WEIGHTS) & (weights <= HIGHEST_WEIGHTS)).all()


def test_too_few_reviews_say_nothing() -> None:
    few = log_of(OTHER, 10)
    assert fit(few) is None
    nothing = Answers(
        *(np.zeros(0, dtype=np.int64) for _ in range(3)), np.zeros(0, dtype=bool), np.zeros(0, dtype=np.int64)
    )
    assert fit(nothing) is None
    assert np.isnan(log_loss(nothing, FSRS6_WEIGHTS))
    same_day = log_of(OTHER, 100)
    assert fit(Answers(same_day.card, same_day.rating, same_day.day * 0, same_day.is_first, same_day.order)) is None


def test_answers_before_a_known_beginning_are_left_out() -> None:
    whole = log_of(OTHER, 100)
    cut = np.ones(len(whole.card), dtype=bool)
    cut[::8] = False  # the first answers are gone, as where another program did not tell them
    cut[:400] = True
    rest = Answers(whole.card[cut], whole.rating[cut], whole.day[cut], whole.is_first[cut], whole.order[cut])
    kept = Answers(*(getattr(whole, name)[:400] for name in Answers.__struct_fields__))
    assert log_loss(rest, OTHER) == pytest.approx(log_loss(kept, OTHER))


def test_the_states_are_those_of_the_replay() -> None:
    answers = log_of(OTHER, 40)
    scheduler = Scheduler(SchedulerSettings(weights=OTHER))
    ids = [str(card) for card in range(40)]
    outcome = replay(
        History(ids, answers.card, answers.rating, answers.day, np.zeros(len(answers.card), dtype=np.int64)),
        [scheduler],
    )
    found = list(states_of(answers, OTHER))
    assert len(found) == 40
    for place, stability, difficulty in found:
        assert place % 8 == 7
        assert stability == pytest.approx(outcome.stability[place], rel=1e-9)
        assert difficulty == pytest.approx(outcome.difficulty[place], rel=1e-9)


def test_what_is_equally_good_is_not_better() -> None:
    assert not Fitted(FSRS6_WEIGHTS, 300, 0.4, 0.4).is_better


def test_it_predicts_as_well_as_the_optimizers_of_others() -> None:
    """At most 1 % worse in log loss than py-fsrs and fsrs-rs on the same log; theirs as ``tests/data/fit`` records."""
    recorded = json.loads((Path(__file__).parents[1] / "data" / "fit" / "oracles.json").read_text("utf-8"))
    log = log_of(OTHER, recorded["cards"], recorded["seed"])
    found = fit(log, FSRS6_WEIGHTS)
    assert found is not None
    own = log_loss(log, found.weights)
    for name in ("py-fsrs", "fsrs-rs"):
        assert own <= 1.01 * log_loss(log, tuple(recorded[name])), name
    assert own < log_loss(log, FSRS6_WEIGHTS)
