"""Derivations put in order: what is allowed, what it is worth, and what is said of the first step out of place."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyapp.grading.question import Question
from studyapp.grading.verdict import Outcome
from studyapp.kinds.ask import ask
from studyapp.kinds.grade import grade
from studyapp.kinds.order import OrderCard, Step, longest_consistent, requirements
from tests.kinds.cards import card

PROOF: dict[str, Any] = {
    "id": "proof",
    "kind": "order",
    "question": "Order.",
    "steps": [
        {"id": "define", "text": "define"},
        {"id": "left", "text": "left", "after": ["define"]},
        {"id": "right", "text": "right", "after": ["define"]},
        {"id": "join", "text": "join", "after": ["left", "right"], "why": "There is nothing to join yet."},
    ],
    "distractors": [{"text": "divide by n", "why": "There is no n here."}],
}


def numbers(question: Question, *steps: int) -> str:
    return " ".join(str(question.arrangement.index(step) + 1) for step in steps)


@pytest.mark.parametrize(
    ("order", "score"),
    [
        ((0, 1, 2, 3), 1),
        ((0, 2, 1, 3), 1),
        ((0, 1, 2), 0.75),
        ((1, 0, 2, 3), 0.75),
        ((3, 0, 1, 2), 0.75),
        ((3, 2, 1, 0), 0.5),
        ((0, 1, 2, 3, 4), 0.75),
        ((4,), 0),
        ((4, 3), 0),
        ((0,), 0.25),
    ],
)
def test_credit_is_for_what_can_stay(order: tuple[int, ...], score: float) -> None:
    question = ask(card(PROOF), 3)
    verdict = grade(question, numbers(question, *order))
    assert verdict.score == pytest.approx(score)
    assert (verdict.outcome is Outcome.CORRECT) == (score == 1)


def test_the_first_step_out_of_place_is_named_with_the_reason() -> None:
    question = ask(card(PROOF), 3)
    shown = {step: numbers(question, step) for step in range(5)}
    early = grade(question, numbers(question, 0, 3, 1, 2))
    assert early.message.startswith(f"Step {shown[3]} cannot stand here: step {shown[1]} must come before it.")
    assert "nothing to join" in early.message
    strange = grade(question, numbers(question, 0, 4, 1, 2, 3))
    assert strange.message == f"Step {shown[4]} does not belong to this derivation. There is no n here."
    assert [detail.passed for detail in strange.details] == [True, False, True, True, True]
    missing = grade(question, numbers(question, 0, 1, 2))
    assert f"step {shown[3]} is missing" in missing.message


def test_without_requirements_the_written_order_is_the_only_one() -> None:
    steps = tuple(Step(id=name, text=name) for name in "abc")
    assert requirements(OrderCard(id="x", question="", steps=steps)) == {0: frozenset(), 1: {0}, 2: {0, 1}}


RELATIONS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=8)


@settings(max_examples=150, deadline=None)
@given(pairs=RELATIONS, order=st.permutations(range(6)))
def test_the_longest_consistent_part_is_what_trying_all_parts_finds(
    pairs: list[tuple[int, int]], order: list[int]
) -> None:
    after = {place: tuple(str(low) for low, high in pairs if high == place and low < place) for place in range(6)}
    steps = tuple(Step(id=str(place), text="", after=after[place]) for place in range(6))
    before = requirements(OrderCard(id="x", question="", steps=steps))
    consistent = max(
        len(part)
        for size in range(7)
        for part in itertools.combinations(order, size)
        if not any(part[j] in before[part[i]] for i in range(size) for j in range(i + 1, size))
    )
    assert longest_consistent(order, before) == consistent
