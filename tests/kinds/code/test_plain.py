"""Code cards on any problem: cases with plain values, and what counts as the same value."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from studyapp.cards.card import Card
from studyapp.deck.reader import parse_deck
from studyapp.grading.verdict import Outcome, Verdict
from studyapp.kinds.ask import ask
from studyapp.kinds.code import Case, CodeCard
from studyapp.kinds.code.plain import same
from studyapp.kinds.grade import grade, reveal
from studyapp.kinds.prove import prove

TWO_SUM = """
deck: python
title: Python
cards:
  - id: two-sum
    kind: code
    question: Give the places of two numbers that add up to the target.
    signature: def two_sum(numbers, target)
    compare: unordered
    cases:
      - {args: [[2, 7, 11], 9], expect: [0, 1]}
      - {args: [[3, 3], 6], expect: [0, 1], why: the same number twice}
      - {args: [[], 1], expect: null, why: there is no pair}
    solution_code: |
      def two_sum(numbers, target):
          seen = {}
          for place, number in enumerate(numbers):
              if target - number in seen:
                  return place, seen[target - number]
              seen[number] = place
"""


def read(text: str) -> Card:
    found = parse_deck(text, Path("python.yaml"))
    assert found.deck is not None and not found.problems, found.problems
    return found.deck.cards[0]


def judged(card: Card, source: str, language: str = "en") -> Verdict:
    return grade(ask(card, 1, language), source)


def case_card(*cases: tuple[list[Any], Any], signature: str = "def f(x)", **more: Any) -> CodeCard:
    made = tuple(Case(args=tuple(args), expect=json.dumps(expect)) for args, expect in cases)
    return CodeCard(id="a", question="?", signature=signature, cases=made, **more)


def test_a_usual_interview_question_is_asked_proved_and_graded() -> None:
    card = read(TWO_SUM)
    assert prove(card, 1) == ()
    assert prove(card, 1, run_solutions=True) == ()
    assert "def two_sum" in reveal(ask(card, 1, "en")).answer
    assert judged(card, card.solution_code).outcome is Outcome.CORRECT  # type: ignore[attr-defined]
    brute = (
        "def two_sum(n, t):\n    pairs = [[j, i] for i in range(len(n)) for j in range(i) if n[i] + n[j] == t]\n"
        "    return pairs[0] if pairs else None"
    )
    assert judged(card, brute).outcome is Outcome.CORRECT
    wrong = judged(card, "def two_sum(n, t):\n    return [0, 1]")
    assert wrong.outcome is Outcome.WRONG
    assert "`two_sum([], 1)` (there is no pair): expected None, got [0, 1]" in wrong.message
    assert 0 < wrong.score < 0.8


def test_the_authors_code_runs_only_when_that_is_asked_for() -> None:
    card = read(TWO_SUM.replace("seen = {}", "seen = undefined"))
    assert prove(card, 1) == ()
    ((code, message),) = prove(card, 1, run_solutions=True)
    assert code == "right-answer" and "solution_code" in message


@pytest.mark.parametrize(
    ("cases", "source"),
    [
        ([(["abc"], "cba"), ([""], "")], "def f(x):\n    return x[::-1]"),
        ([([{"a": 1}], ["a"]), ([{}], [])], "def f(x):\n    return list(x)"),
        ([([[1, 2]], True), ([[2, 1]], False)], "def f(x):\n    return x == sorted(x)"),
        ([([[1, 2]], True)], "def f(x):\n    return np.all(np.array(x) > 0)"),
        ([([[1, 1, 2]], {"1": 2, "2": 1})],
            "from collections import Counter\ndef f(x):\n    return Counter(map(str, x))"),
        ([([3], None)], "def f(x):\n    pass"),
        ([([[3, 1, 2]], [1, 2, 3])], "import heapq\ndef f(x):\n    return heapq.nsmallest(3, x)"),
        ([(["a1b22"], ["1", "22"])], "import re\ndef f(x):\n    return re.findall(r'\\d+', x)"),
        ([([4], 0.25)], "from fractions import Fraction\ndef f(x):\n    return float(Fraction(1, x))"),
        ([([[1, 2]], [[1], [2]])], "def f(x):\n    return [(one,) for one in x]"),
        ([([[1, 2]], 1.5)], "def f(x):\n    return np.mean(x)"),
    ],
)  # fmt: skip
def test_plain_values_go_in_and_come_back(cases: list[tuple[list[Any], Any]], source: str) -> None:
    verdict = judged(case_card(*cases), source)
    assert verdict.outcome is Outcome.CORRECT, verdict.message


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def f(x):\n    return x + 1", "got 2"),
        ("def f(x):\n    return object()", "a object, which is no plain value"),
        ("def f(x):\n    return lambda: 1", "function"),
        ("def f(x):\n    raise ValueError('no')", "ValueError in line 2: no"),
        ("def f(x):\n    while True: pass", "no end"),
        ("def f(x):\n    return [0] * 10**6", "20,000"),
        ("def f(x):\n    a = []\n    a.append(a)\n    return a", "20,000"),
        ("import os\ndef f(x):\n    return 1", "os"),
    ],
)
def test_what_is_no_right_value_is_said(source: str, said: str) -> None:
    verdict = judged(case_card(([1], 1)), source)
    assert verdict.outcome is not Outcome.CORRECT
    assert said in verdict.message


def test_arguments_are_lists_or_arrays_and_fresh_for_each_case() -> None:
    source = "def f(x):\n    x.sort()\n    return type(x).__name__"
    lists = judged(case_card(([[2, 1]], "list"), ([[2, 1]], "list")), source)
    assert lists.outcome is Outcome.CORRECT
    assert "modifies its argument x" in lists.details[1].text
    assert judged(case_card(([[2, 1]], "ndarray"), inputs="numpy"), source).outcome is Outcome.CORRECT


def test_a_verdict_is_given_in_chinese() -> None:
    assert "还不对" in judged(case_card(([1], 2)), "def f(x):\n    return 1", "zh").message


@pytest.mark.parametrize(
    ("given", "expected", "how", "equal"),
    [
        (1, 1.0, "close", True), (1.0000001, 1, "close", True), (1.001, 1.0, "close", False),
        (0.30000000000000004, 0.3, "exact", False), (0.30000000000000004, 0.3, "close", True),
        (True, 1, "close", False), (1, True, "close", False), (True, True, "exact", True),
        ("a", "A", "close", False), ([1, 2], [2, 1], "close", False), ([1, 2], [2, 1], "unordered", True),
        ([1, 1, 2], [1, 2, 2], "unordered", False), ([[2, 1]], [[1, 2]], "unordered", False),
        ({"a": [1]}, {"a": [1]}, "exact", True), ({"a": 1}, {"a": 1, "b": 2}, "exact", False),
        (None, None, "close", True), (None, 0, "close", False), ([], None, "close", False),
        (float("inf"), float("inf"), "close", True), (1e308, float("inf"), "close", False),
        (float("nan"), float("nan"), "close", True), ("1", 1, "close", False),
    ],
)  # fmt: skip
def test_what_counts_as_the_same_value(given: Any, expected: Any, how: str, equal: bool) -> None:
    assert same(given, expected, how) is equal


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ("cases: [{args: [1]}]", "missing-key"),
        ("question: Again?", "duplicate-key"),
        ("draw: {x: {integers: [1, 2]}}, cases: [{args: [1], expect: 1}]", "draw"),
        ("cases: [{args: [1, 2], expect: 1}]", "signature"),
        ("cases: [{args: [1], expect: 1}], compare: roughly", "compare"),
        ("cases: [{args: [1], expect: 1}], inputs: lists", "inputs"),
        ("reference: x + 1", "missing-key"),
        ("reference: x + 1, draw: {x: {integers: [1, 9]}}, cases: [{args: [1], expect: 2}]", "expect"),
        ("reference: x + 1, draw: {x: {integers: [1, 9]}}, inputs: python", "inputs"),
        ("difficulty: 1", "missing-key"),
    ],
)
def test_what_does_not_go_together_is_an_error_at_its_place(keys: str, code: str) -> None:
    text = f"deck: a\ntitle: A\ncards:\n  - {{id: b, kind: code, question: What?, signature: def f(x), {keys}}}\n"
    problems = parse_deck(text, Path("a.yaml")).problems
    assert [problem.code for problem in problems if problem.severity == "error"][:1] == [code]


def test_a_condition_may_be_a_truth_value_of_numpy_or_python() -> None:
    card = CodeCard(
        id="a", question="?", signature="def f(x)", reference="all(x >= 0)",
        draw=read("deck: d\ntitle: D\ncards:\n  - {id: a, kind: code, question: q, signature: def f(x), "
                  "reference: sum(x), draw: {x: {grid: [-1, 3, 0.5], size: 3}}}\n").draw,  # type: ignore[attr-defined]
    )  # fmt: skip
    assert judged(card, "def f(x):\n    return bool(all(x >= 0))").outcome is Outcome.CORRECT
    assert judged(card, "def f(x):\n    return np.all(x >= 0)").outcome is Outcome.CORRECT
