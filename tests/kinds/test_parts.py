"""Exercises with several parts: each judged on its own, an early slip carried forward."""

from __future__ import annotations

from typing import Any

import pytest

from studyapp.grading.verdict import Outcome
from studyapp.kinds.ask import ask
from studyapp.kinds.grade import grade
from tests.kinds.cards import card

NEURON: dict[str, Any] = {
    "id": "neuron", "kind": "compute", "question": "w = {w}, x = {x}, label {y}", "draw": {"w": 0.5, "x": 2, "y": 1},
    "parts": [
        {"id": "z", "ask": "z = w·x?", "answer": "w*x"},                         # 1
        {"id": "a", "ask": "a = σ(z)?", "answer": "sigmoid(z)"},                 # 0.731
        {"id": "g", "ask": "dL/dz?", "answer": "a - y"},                         # −0.269
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "passed", "outcome"),
    [
        ("1\n0.731\n-0.269", [True, True, True], Outcome.CORRECT),
        ("2.5\n0.924\n-0.0759", [False, False, False], Outcome.WRONG),       # σ(2.5), then σ(2.5) − 1
        ("2.5\n0.924\n-0.0760", [False, False, False], Outcome.WRONG),  # the same from the rounded 0.924
        ("1\n0.6\n-0.4", [True, False, False], Outcome.WRONG),
        ("1\n0.6\n-0.269", [True, False, True], Outcome.WRONG),
        ("2.5\n-\n-0.0759", [False, False, False], Outcome.WRONG),           # through a part left out
        ("1\n\n-0.269", [True, False, True], Outcome.WRONG),                 # nothing on the second line
        ("1\n\n", [True, False, False], Outcome.WRONG),
        ("\n\n-0.269", [False, False, True], Outcome.WRONG),
        ("2.5\n0.731\n-0.269", [False, True, True], Outcome.WRONG),          # the true a and g are right all the same
    ],
)  # fmt: skip
def test_each_part_has_a_line(answer: str, passed: list[bool], outcome: Outcome) -> None:
    verdict = grade(ask(card(NEURON), 1), answer)
    assert [detail.passed for detail in verdict.details] == passed
    assert verdict.outcome is outcome


def test_a_slip_is_carried_forward_with_most_of_the_credit() -> None:
    carried = grade(ask(card(NEURON), 1), "2.5\n0.924\n-0.0759")
    rounded = grade(ask(card(NEURON), 1), "2.5\n0.924\n-0.0760")
    guessed = grade(ask(card(NEURON), 1), "2.5\n0.1\n0.1")
    assert [detail.text for detail in carried.details][1:] == [
        "Consistent with your part 1; part 1 itself was wrong.",
        "Consistent with your part 1; part 1 itself was wrong.",
    ]
    assert rounded.details == carried.details
    assert carried.score == pytest.approx(0.5) and guessed.score == 0


def test_the_verdict_shows_how_every_part_was_read_and_what_is_right() -> None:
    verdict = grade(ask(card(NEURON), 1), "z = 1; a: 1/(1+e^-1); -0.27")
    assert verdict.read_as == "1) 1\n2) 1/(1 + e^(−1)) = 0.731059\n3) −0.27"
    assert verdict.reference == "1) 1\n2) 0.7311\n3) -0.2689"
    assert verdict.outcome is Outcome.ROUNDED


def test_a_part_that_cannot_be_read_costs_nothing_and_is_named_with_its_place() -> None:
    answer = "1\n0.731\n-0.2x69"
    verdict = grade(ask(card(NEURON), 1), answer)
    assert verdict.outcome is Outcome.INVALID and verdict.message.startswith("Part 3: ")
    assert verdict.position == answer.index("x")


VALUE_AND_GRADIENT: dict[str, Any] = {
    "id": "mae", "kind": "compute", "question": "y = {y}, p = {p}", "draw": {"y": [1, 5], "p": [3, 4]},
    "parts": [{"id": "value", "ask": "Loss?", "answer": "mean(abs(y - p))"},
              {"id": "gradient", "ask": "Gradient in p?", "answer": "sign(p - y)/2"}],
}  # fmt: skip


@pytest.mark.parametrize(
    "answer",
    [
        "1.5\n[0.5, -0.5]", "1.5; [0.5, -0.5]", "1.5；[0.5，-0.5]", "1.5, [0.5, -0.5]", "1.5，[0.5，-0.5]",
        "1.5 [0.5, -0.5]", "1、1.5 2、[0.5, -0.5]", "（1）1.5（2）[0.5, -0.5]", "(1) 1.5 (2) [0.5, -0.5]",
        "(a) 1.5 (b) [0.5, -0.5]", "①1.5②[0.5, -0.5]", "1) 1.5, 2) [0.5, -0.5]", "第1问 1.5；第2问 [0.5, -0.5]",
        "第一问：1.5\n第二问：[0.5, -0.5]", "损失：1.5\n梯度：[0.5, -0.5]", "loss: 1.5\ngradient: [0.5, -0.5]",
        "value: 1.5\ngradient: (0.5, -0.5)^T", "1.5\n[0.5, -0.5]ᵀ", "1.5\n0.5、-0.5", "1. 1.5\n2. [0.5, -0.5]",
    ],
)  # fmt: skip
def test_parts_stand_on_lines_or_on_one(answer: str) -> None:
    verdict = grade(ask(card(VALUE_AND_GRADIENT), 1), answer)
    assert verdict.outcome is Outcome.CORRECT, verdict


@pytest.mark.parametrize("answer", ["1.5", "1.5 0.5 -0.5", "（2）1.5（1）[0.5, -0.5]", "[0.5, -0.5]"])
def test_what_could_be_several_things_is_asked_again(answer: str) -> None:
    assert grade(ask(card(VALUE_AND_GRADIENT), 1), answer).outcome is Outcome.INVALID


def test_numbers_in_brackets_are_answers_where_nothing_stands_beside_them() -> None:
    two = {"id": "two", "kind": "compute", "question": "Count {n}", "draw": {"n": 2}, "parts": [
        {"id": "a", "ask": "one?", "answer": "1"}, {"id": "b", "ask": "two?", "answer": "2"}]}  # fmt: skip
    assert grade(ask(card(two), 1), "(1) (2)").outcome is Outcome.CORRECT
    assert grade(ask(card(two), 1), "(1) 2 (2) 1").outcome is Outcome.WRONG
