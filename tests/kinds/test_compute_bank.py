"""Every exercise of the bank against structured answers: equal ones, nearly equal ones, mistakes, infinities, lists."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from studyapp.cards.card import Draw
from studyapp.grading.numbers import grade_value
from studyapp.grading.target import Target
from studyapp.grading.verdict import Outcome
from studyapp.kinds.ask import ask
from studyapp.kinds.compute import ComputeCard
from studyapp.kinds.grade import grade
from tests.kinds.bank import bundled

CARDS = [card for card in bundled() if isinstance(card, ComputeCard)]
RIGHT = (Outcome.CORRECT, Outcome.ROUNDED)
SEEDS = range(2)
MOST_SECONDS = 0.5


def typed(value: Any, form: str = "{}") -> str:
    """A value written out, every entry in this form."""
    if np.ndim(value):
        return "[" + ", ".join(typed(entry, form) for entry in value) + "]"
    return form.format(repr(float(value)))


EQUAL = ["{}", "({})", "{}*1", "{} + 0", "-(-({}))", "2*({})/2", "{}%*100", "  {}", "√(({})^2)*sign({})"]
WRONG_SCALAR = [
    "inf", "-inf", "∞", "1/0", "0/0", "ln(0)", "10^400", "nan", "e^999", "{} + 0.05*(1+abs({}))", "-({}) - 1e-3",
    "1e99", "{}*1.02", "{}*3", "{} > 0", "[1,2,3]/6", "[[1],[2]]/1", "2*[1;2]", "{}, {}", "∞ - ∞", "{}^0.5*0",
]  # fmt: skip


def verdicts(target: Target, answers: list[str]) -> list[Outcome]:
    found = []
    for answer in answers:
        started = time.thread_time()
        found.append(grade_value(target, answer).outcome)
        assert time.thread_time() - started < MOST_SECONDS, answer
    return found


@pytest.mark.parametrize("card", CARDS, ids=[card.id for card in CARDS])
def test_equal_values_are_right_and_others_are_not(card: ComputeCard) -> None:
    for seed in SEEDS:
        for target in ask(card, seed).targets:
            if not np.all(np.isfinite(target.value)):
                continue
            answers = [typed(target.value, form.replace("{}", "{0}")) for form in EQUAL]
            if np.ndim(target.value) == 1:
                listed = typed(target.value)
                answers += [f"{listed}/1", f"2*{listed}/2", f"{listed} + 0", f"({listed})", f"{listed[1:-1]}"]
            assert set(verdicts(target, answers)) <= {Outcome.CORRECT}, (seed, answers)
            scale = np.max(np.abs(target.value))
            if np.ndim(target.value) == 0:
                wrong = [form.replace("{}", repr(float(target.value))) for form in WRONG_SCALAR]
            else:
                moved = np.array(target.value, dtype=float)
                moved.flat[-1] += 0.05 * scale + 1e-3
                infinite = np.array(target.value, dtype=float)
                infinite.flat[0] = np.inf
                wrong = [typed(moved), typed(infinite).replace("inf", "1/0"), "inf", "0",
                "[]", f"{typed(target.value)}/0",
                         f"{typed(target.value)}*1.02", typed(infinite)]  # fmt: skip
            if scale == 0:
                wrong = [answer for answer in wrong if "*" not in answer and "^" not in answer]
            answered = dict(zip(wrong, verdicts(target, wrong), strict=True))
            assert not {answer for answer, outcome in answered.items() if outcome in RIGHT}, (seed, answered)


@pytest.mark.parametrize("card", CARDS, ids=[card.id for card in CARDS])
def test_no_declared_mistake_gives_the_right_number(card: ComputeCard) -> None:
    for seed in range(8):
        for target in ask(card, seed).targets:
            for wrong in target.wrong:
                verdict = grade_value(target, typed(wrong.value))
                assert verdict.misconception == wrong.mistake.id or verdict.outcome is Outcome.INVALID, (seed, verdict)


@pytest.mark.parametrize("card", [card for card in CARDS if card.parts], ids=lambda card: card.id)
def test_parts_are_told_by_their_number_and_read_with_it(card: ComputeCard) -> None:
    question = ask(card, 3)
    values = [typed(target.value) for target in question.targets]
    labels = ["{}) ", "({}) ", "{}. ", "{}、", "（{}）", "第{}问："]
    for label in labels:
        answer = "\n".join(label.format(number) + value for number, value in enumerate(values, 1))
        assert grade(question, answer).outcome is Outcome.CORRECT, answer
    circled = "\n".join(chr(0x2460 + place) + value for place, value in enumerate(values))
    assert grade(question, circled).outcome is Outcome.CORRECT
    if all(np.ndim(target.value) == 0 for target in question.targets):
        for separator in (", ", "，", "、", " ", "；"):
            assert grade(question, separator.join(values)).outcome is Outcome.CORRECT, separator
    wrong = grade(question, "\n".join(["-", *values[1:]]))
    told = " ".join((wrong.message, *(detail.label for detail in wrong.details), wrong.read_as or "", wrong.reference))
    assert not {part.id for part in card.parts if len(part.id) > 3} & set(told.replace(":", " ").split())


@pytest.mark.parametrize(
    ("text", "unit", "outcome"),
    [
        ("3.17 bits", "bits", Outcome.CORRECT), ("3.17 比特", "bits", Outcome.CORRECT),
        ("3.17 bit", "bits", Outcome.CORRECT),
        ("3.17（比特）", "bits", Outcome.CORRECT), ("3.17 nats", "bits", Outcome.INVALID),
        ("3.17 metres", "bits", Outcome.INVALID),
        ("3.17 nats", "nats", Outcome.CORRECT), ("3.17 奈特", "nats", Outcome.CORRECT),
    ],
)  # fmt: skip
def test_the_unit_that_a_question_names_may_follow_the_number(text: str, unit: str, outcome: Outcome) -> None:
    card = ComputeCard(
        id="u", question=f"How many {unit}?", draw={"x": Draw(rule="value", arguments=(3.17,))}, answer="x"
    )
    assert grade(ask(card, 1), text).outcome is outcome


def test_a_tolerance_beside_large_numbers_is_relative_to_the_answer() -> None:
    draw = {"x": Draw(rule="value", arguments=(3000,))}
    card = ComputeCard(id="small", question="1/{x}?", draw=draw, answer="1/x")
    question = ask(card, 1)
    assert grade(question, "3.333e-4").outcome is Outcome.CORRECT
    for wrong in ("0", "0.0", "-0.0003", "0.0004", "3.4e-4", "inf"):
        assert grade(question, wrong).outcome not in RIGHT, wrong
