"""Every formula card of the bank against structured answers: equal, nearly equal, wrong and degenerate ones."""

from __future__ import annotations

import math
import time

import pytest

from studyapp.formula import parse
from studyapp.grading.equality import value_at
from studyapp.grading.verdict import Outcome
from studyapp.kinds.ask import ask
from studyapp.kinds.formula import FormulaCard
from studyapp.kinds.formula.grading import points_of
from studyapp.kinds.grade import grade
from tests.kinds.bank import bundled

CARDS = [card for card in bundled() if isinstance(card, FormulaCard)]
RIGHT = (Outcome.CORRECT, Outcome.ROUNDED)
MOST_SECONDS = 0.5

EQUAL = [
    "{a}", "({a})", "1*({a})", "({a}) + 0", "-(-({a}))", "2*({a})/2", "({a}) + {v} - {v}", "({a})*exp({v})/exp({v})",
    "({a}) + tan(atan(1)) - 1", "({a}) + ({v}+1)^2 - {v}^2 - 2*{v} - 1", "({a})·(1+1e-15)", "({a})*ln(e)",
    "({a})+{v}*0",
    "{v}/{v}*({a})", "{a} = {a}", "result = {a}", "  {a}  ", "$({a})$", "\ufeff{a}\u200b", "5\n7\n{a}",
    "({a})^1", "({a}) if {v} == {v} else 0", "({a}) + 3e−99", "max({a}, {a})",
]  # fmt: skip
"""The right formula in other words."""

WRONG = [
    "inf", "-inf", "∞", "1/0", "-1/0", "ln(0)", "ln({v}-{v})", "1/({v}-{v})", "0/0", "inf - inf", "10^400", "exp(1e9)",
    "({a}) + inf", "({a}) - inf*0", "({a}) + ln(-1)", "({a})/0", "({a})*0", "{a} = inf", "{a} = inf = 5", "{a}\ninf",
    "inf\n5", "inf = inf", "0", "1e-30", "({a}) + 0.05", "({a})*1.001", "({a}) + 1e-4", "-({a})", "2*({a})", "({a})/2",
    "({a}) + ({a})", "({a})/ln(2)", "1.01*({a})", "12345", "({a})*sign({v}-{v})", "sqrt(-1)*({a})", "({a}) + 1 = {a}",
]  # fmt: skip
"""What is not equal, be it a hair, an infinity or a chain that breaks."""


def filled(template: str, card: FormulaCard) -> str:
    variable = next(iter(card.variables), "1")
    return template.replace("{a}", str(parse(card.answer, card.variables))).replace("{v}", variable)


@pytest.mark.parametrize("card", CARDS, ids=[card.id for card in CARDS])
def test_equal_formulas_are_right_and_no_other_is(card: FormulaCard) -> None:
    question = ask(card, 1)
    for template in EQUAL:
        started = time.thread_time()
        verdict = grade(question, filled(template, card))
        assert verdict.outcome in RIGHT, (filled(template, card), verdict.message)
        assert time.thread_time() - started < MOST_SECONDS
    for template in WRONG:
        started = time.thread_time()
        verdict = grade(question, filled(template, card))
        assert verdict.outcome not in RIGHT, filled(template, card)
        assert verdict.message and "nan" not in verdict.message
        assert time.thread_time() - started < MOST_SECONDS
    for mistake in card.wrong:
        assert grade(question, mistake.value).misconception == mistake.id


@pytest.mark.parametrize("card", CARDS, ids=[card.id for card in CARDS])
def test_an_infinite_formula_is_told_where_it_is_infinite(card: FormulaCard) -> None:
    verdict = grade(ask(card, 1), "1/(1 - 1)")
    assert verdict.outcome is Outcome.WRONG
    assert "no finite value at" in verdict.message, verdict.message


@pytest.mark.parametrize("card", CARDS, ids=[card.id for card in CARDS])
def test_a_constant_cut_to_seven_digits_is_rounded_and_to_two_is_wrong(card: FormulaCard) -> None:
    """Every constant in the answer, written as a decimal number."""
    question, answer = ask(card, 1), parse(card.answer, card.variables)
    points = points_of(card, answer)
    for constant, text in (("ln(2)", "0.6931472"), ("pi", "3.141593")):
        if constant not in card.answer:
            continue
        assert grade(question, card.answer.replace(constant, text)).outcome is Outcome.ROUNDED
        assert grade(question, card.answer.replace(constant, text[:3])).outcome is Outcome.WRONG
        assert all(math.isfinite(value_at(answer, point)) for point in points)


JACOBIAN = next(card for card in CARDS if card.id == "grad-softmax-jacobian")


@pytest.mark.parametrize("typed", ["d*p*(1-p)-(1-d)*p*q", "p*(1-p) if d == 1 else -p*q", "p(d - q)", "p_i(δ_ij - p_j)"])
def test_the_softmax_jacobian_is_compared_where_it_can_be(typed: str) -> None:
    assert grade(ask(JACOBIAN, 1), typed).outcome is Outcome.CORRECT
    points = points_of(JACOBIAN, parse(JACOBIAN.answer, JACOBIAN.variables))
    assert {point["d"] for point in points} == {0, 1}
    assert all(point["q"] == point["p"] if point["d"] else point["p"] + point["q"] < 1 for point in points)
