"""Formulas: counterexamples, declared spellings, derivations line by line."""

from __future__ import annotations

import re
from typing import Any

import pytest

from studyapp.cards.card import Domain
from studyapp.grading.verdict import Outcome, Verdict
from studyapp.kinds.ask import ask
from studyapp.kinds.formula import FormulaCard
from studyapp.kinds.formula.points import LEAST, sample_points
from studyapp.kinds.grade import grade
from tests.kinds.cards import card

LOGIT: dict[str, Any] = {
    "id": "logit", "kind": "formula", "question": "?", "answer": "a - y",
    "variables": {"a": [0.05, 0.95], "y": {"choice": [0, 1]}},
    "symbols": {"a": ["p", "σ(z)"], "a*(1-a)": ["σ'(z)", "s'"]},
    "wrong": [{"id": "reversed", "value": "y - a", "say": "Reversed."}],
}  # fmt: skip
DERIVATION: dict[str, Any] = {
    **LOGIT, "id": "derivation", "lines": True, "start": "-y*(1-a) + (1-y)*a",
    "wrong": [{"id": "lost-term", "value": "a - y - 2*y*a", "say": "−y·(−a) is +y·a."}],
}  # fmt: skip


def verdict(fields: dict[str, Any], answer: str) -> Verdict:
    return grade(ask(card(fields), 1), answer)


def test_a_counterexample_shows_the_point_and_both_values() -> None:
    message = verdict(LOGIT, "a + y").message
    found = re.search(r"At a = ([\d.]+), y = 1: yours gives ([\d.]+), right is (-[\d.]+)\.", message)
    assert found, message
    a, yours, right = map(float, found.groups())
    assert (yours, right) == pytest.approx((a + 1, a - 1), abs=1e-4)


def test_a_formula_without_a_value_where_one_is_asked_says_where() -> None:
    message = verdict(LOGIT, "ln(a - 1) + y").message
    assert re.search(r"no finite value at a = [\d.]+, y = [01]; the right one gives", message)


def test_undefined_on_both_sides_is_never_agreement() -> None:
    both = {**LOGIT, "answer": "ln(a)", "symbols": {}, "wrong": [], "variables": {"a": [-0.9, 0.9], "y": [0, 1]}}
    assert verdict(both, "ln(a)").outcome is Outcome.CORRECT
    assert verdict(both, "ln(a) + 0*ln(a)").outcome is Outcome.CORRECT
    assert verdict(both, "ln(-a)").outcome is Outcome.WRONG
    hopeless = {**both, "variables": {"a": [-0.9, 0.1], "y": [0, 1]}}
    assert verdict(hopeless, "1").outcome is Outcome.INVALID, "too few points to judge by"


@pytest.mark.parametrize("typed", ["p - y", "σ(z) - y", "\\sigma(z) - y", "sigmoid(z) - y", "σ( z )-y", "p - y + 0·p"])
def test_declared_spellings_stand_for_the_variable(typed: str) -> None:
    assert verdict(LOGIT, typed).outcome is Outcome.CORRECT


@pytest.mark.parametrize("typed", ["1 - i/(A + B - i)", "1 - i/(|A| + |B| - i)", "1 - i/(|A| + b - i)"])
def test_a_name_inside_a_declared_phrase_is_still_a_spelling_of_its_own(typed: str) -> None:
    overlap = {
        "id": "overlap", "kind": "formula", "question": "?", "answer": "1 - i/(a + b - i)",
        "variables": {"a": [4, 9], "b": [4, 9], "i": [1, 3]}, "symbols": {"a": ["A", "|A|"], "b": ["B", "|B|"]},
    }  # fmt: skip
    assert verdict(overlap, typed).outcome is Outcome.CORRECT


@pytest.mark.parametrize(
    ("answer", "typed"), [("1/cosh(a)^2", "sech(a)^2"), ("min(max(a, 0.2), 0.8)", "clip(a, .2, .8)")]
)
def test_functions_of_the_field_are_known(answer: str, typed: str) -> None:
    fields = {**LOGIT, "answer": answer, "symbols": {}, "wrong": []}
    assert verdict(fields, typed).outcome is Outcome.CORRECT


def test_declared_spellings_may_stand_for_an_expression() -> None:
    slope = {**LOGIT, "answer": "(a - y)*a*(1 - a)", "wrong": []}
    assert verdict(slope, "(a - y) σ'(z)").outcome is Outcome.CORRECT
    assert verdict(slope, "(p - y)·s'").outcome is Outcome.CORRECT


@pytest.mark.parametrize(
    ("typed", "words", "position"),
    [
        ("a - z", "“z” is no variable of this question; it has a, y", 4),
        ("ŷ - y", "", 0),
        ("a - y = q", "“q”", 8),
        ("a -\n", "breaks off", 3),
    ],
)
def test_what_cannot_be_read_points_at_its_place(typed: str, words: str, position: int) -> None:
    result = verdict(LOGIT, typed)
    assert result.outcome is Outcome.INVALID and words in result.message and result.position == position


@pytest.mark.parametrize(
    ("typed", "outcome", "marks", "words"),
    [
        ("-y + y a + a - y a\na - y", "correct", [True, True], "line by line"),
        ("-y + y a + a - y a = a - y", "correct", [True, True], "line by line"),
        ("-y - y a + a - y a\na - y - 2 y a", "misconception", [False, None], "−y·(−a) is +y·a."),
        ("-y + y a + a - y a\na - y - 2y a\na - y", "close", [True, False, None], "Line 2 does not follow from line 1"),
        ("-y + y a + a - y a\na + y", "wrong", [True, False], "does not follow from line 1"),
        ("a\na - y", "close", [False, None], "does not follow from the expression it starts from"),
    ],
)
def test_a_derivation_breaks_at_its_first_wrong_line(typed: str, outcome: str, marks: list[Any], words: str) -> None:
    result = verdict(DERIVATION, typed)
    assert result.outcome == outcome and [detail.passed for detail in result.details] == marks
    assert words.casefold() in result.message.casefold()


@pytest.mark.parametrize("typed", ["-y*(1-a) + (1-y)*a", "-y (1-a) + (1-y) a", "a - y\n-y(1-a) + (1-y)a"])
def test_the_start_is_no_result(typed: str) -> None:
    assert verdict(DERIVATION, typed).outcome is Outcome.INVALID


def test_points_lie_inside_the_domains_and_meet_every_value() -> None:
    variables = {"p": Domain(low=0.05, high=0.95), "y": Domain(values=(-1.0, 1.0)), "t": Domain(values=(-1.0, 1.0)),
                 "n": Domain(low=2, high=5, integer=True), "z": Domain()}  # fmt: skip
    points = sample_points(variables, "seed")
    assert points == sample_points(variables, "seed") != sample_points(variables, "other")
    assert all(0.05 < point["p"] < 0.95 and -4 <= point["z"] <= 4 for point in points)
    first = points[:LEAST]
    assert {point["y"] for point in first} == {-1, 1}
    assert {(point["y"], point["t"]) for point in points} == {(a, b) for a in (-1, 1) for b in (-1, 1)}
    assert {point["n"] for point in points} == {2, 3, 4, 5}


def test_a_constant_formula_needs_no_points() -> None:
    constant = {"id": "c", "kind": "formula", "question": "Minimum of x·ln x?", "answer": "-1/e", "variables": {}}
    assert verdict(constant, "-e^-1").outcome is Outcome.CORRECT
    assert "yours gives 0.367" in verdict(constant, "1/e").message.replace("It is -0.36788, ", "")


ZERO: dict[str, Any] = {**LOGIT, "answer": "a - a", "symbols": {}, "wrong": []}


@pytest.mark.parametrize("typed", ["0", "sin(pi)", "(a+1)^2-a^2-2a-1", "a*y - y*a", "1e3*a - 1000*a", "ln(e^a) - a"])
def test_zero_is_whatever_is_zero_up_to_rounding(typed: str) -> None:
    assert verdict(ZERO, typed).outcome is Outcome.CORRECT


@pytest.mark.parametrize("typed", ["1e-9", "a*1e-7", "1e12 + 1e-3 - 1e12", "inf", "y - y + 1e-12", "ln(a - a)", "y"])
def test_what_is_small_is_not_zero(typed: str) -> None:
    assert verdict(ZERO, typed).outcome in (Outcome.WRONG, Outcome.INVALID)


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [
        ("1.442695*a", "rounded"), ("1.4427 a", "rounded"), ("1.44*a", "rounded"), ("1.43*a", "wrong"),
        ("1.4*a", "wrong"), ("a*1.442695 + 0", "rounded"), ("a/0.6931", "rounded"), ("1.442695041*a", "correct"),
    ],
)  # fmt: skip
def test_a_rounded_constant_is_told_as_rounded(typed: str, outcome: str) -> None:
    result = verdict({**LOGIT, "answer": "a/ln(2)", "symbols": {}, "wrong": []}, typed)
    assert result.outcome == outcome, result.message
    assert "1 times" not in result.message
    assert outcome != "rounded" or "a/ln(2)" in result.message


def test_two_numbers_that_differ_are_shown_with_digits_that_differ() -> None:
    message = verdict({**LOGIT, "answer": "a + 1000", "wrong": []}, "a + 1000.0002·1").message
    given, right = re.findall(r"(?:gives|is) ([\d.]+\d)", message)[-2:]
    assert given != right, message


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("a > y", "condition"), ("e - y", "Euler"), ("1/(1 + e)", "Euler"), ("sigmoid(a)", "Write out"),
        ("\n".join(["a"] * 50), "at most 40"), ("=".join(["a"] * 50), "at most 40"), ("(a - y)*y/y", "no value at"),
    ],
)  # fmt: skip
def test_what_is_asked_back_costs_nothing(typed: str, words: str) -> None:
    fields = {**LOGIT, "answer": "1/(1 + exp(-a))" if "sigmoid" in typed else "a - y"}
    if "y/y" in typed:
        fields["variables"] = {"a": [0.05, 0.95], "y": {"choice": [0, 1, 2, 3]}}
    result = verdict(fields, typed)
    assert result.outcome is Outcome.INVALID and words in result.message, result


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [
        ("L = (a-y)^2/2\nL' = a - y", "correct"), ("(a-y)^2/2\na - y", "correct"), ("dL/dz = a - y", "correct"),
        ("a - y\n(a-y)^2/2", "wrong"), ("a - y = a - y", "correct"), ("5 = a - y", "close"), ("a - y = 5", "wrong"),
        ("a - y = inf = 5", "wrong"), ("a - y = inf = a - y", "close"), ("f(a) = a - y", "correct"),
    ],
)  # fmt: skip
def test_only_the_last_line_counts_where_no_derivation_is_asked(typed: str, outcome: str) -> None:
    assert verdict({**LOGIT, "wrong": []}, typed).outcome == outcome


@pytest.mark.parametrize("line", ["inf", "1/(a - a)", "ln(y - y)", "0/0", "10^400", "-inf"])
def test_a_derivation_breaks_at_a_line_without_a_finite_value(line: str) -> None:
    result = verdict(DERIVATION, f"-y + y a + a - y a\n{line}\na - y")
    assert result.outcome is Outcome.CLOSE and "line 2 does not follow" in result.message.casefold()
    assert verdict(DERIVATION, f"{line}\n{line}").outcome is Outcome.WRONG


def test_variables_may_depend_on_each_other() -> None:
    tied = {"id": "t", "kind": "formula", "question": "?", "answer": "p*(d - q)",
            "variables": {"p": [0.05, 0.95], "d": {"choice": [0, 1]},
                          "q": ["where(d == 1, p, 0)", "where(d == 1, p, 1 - p)"]}}  # fmt: skip
    assert verdict(tied, "d p (1-p) - (1-d) p q").outcome is Outcome.CORRECT
    assert verdict(tied, "p (1-p)").outcome is Outcome.WRONG
    sorted_pair = {"id": "w", "kind": "formula", "question": "?", "answer": "b - a", "where": "a < b",
                   "variables": {"a": [0, 1], "b": [0, 1]}}  # fmt: skip
    assert verdict(sorted_pair, "|a - b|").outcome is Outcome.CORRECT
    never = {**sorted_pair, "where": "a > 2"}
    assert verdict(never, "b - a").outcome is Outcome.INVALID


@pytest.mark.parametrize("low", [-1e15, -1e308])
def test_the_largest_domains_are_graded_too(low: float) -> None:
    wide = FormulaCard(id="wide", question="?", answer="x + 1", variables={"x": Domain(low=low, high=-low)})
    assert grade(ask(wide, 1), "1 + x").outcome is Outcome.CORRECT
    assert grade(ask(wide, 1), "x").outcome is not None
