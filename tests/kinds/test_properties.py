"""What holds for every value and every way of writing it."""

from __future__ import annotations

import string
from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from studyapp.cards.card import Draw
from studyapp.grading.question import Question
from studyapp.grading.tolerance import relative_tolerance
from studyapp.grading.verdict import Outcome
from studyapp.grading.wording import is_slip
from studyapp.kinds.ask import ask
from studyapp.kinds.cloze.matching import same_wording
from studyapp.kinds.compute import ComputeCard
from studyapp.kinds.grade import grade
from studyapp.render.number import significant
from tests.kinds.cards import card

RIGHT = (Outcome.CORRECT, Outcome.ROUNDED)
MAGNITUDES = st.floats(1e-4, 1e5, allow_nan=False)
VALUES = st.builds(lambda x, sign: sign * x, MAGNITUDES, st.sampled_from([1, -1]))


def asking_for(value: Any, digits: int = 3) -> Question:
    drawn = Draw(rule="value", arguments=(value,))
    return ask(ComputeCard(id="x", question="x?", draw={"x": drawn}, answer="x", digits=digits), 0)


def forms(x: float) -> list[str]:
    """Ways to write a number to at least four digits."""
    mantissa, exponent = f"{x:.6e}".split("e")
    return [
        repr(x),
        significant(x, 4),
        significant(x, 9),
        f"{x:.5e}",
        f"{x:.5E}",
        f"{mantissa}*10^{int(exponent)}",
        f"{mantissa}×10^({int(exponent)})",
        f"{significant(100 * x, 6)}%",
        f"{2 * x!r}/2",
        f"\\frac{{{3 * x!r}}}{{3}}",
        f"{x / 2!r} + {x / 2!r}".replace("+ -", "- "),
        f"({x!r})",
        f"  {x!r} ",
        repr(x).replace("-", "−"),
        "".join(chr(ord(c) + 0xFEE0) if c in string.digits + ".-" else c for c in repr(x)),
        f"exp(ln({abs(x)!r}))" if x > 0 else f"-exp(ln({abs(x)!r}))",
        f"x = {x!r}",
        f"√({x * x!r})" if x > 0 else f"-sqrt({x * x!r})",
    ]


@settings(max_examples=150, deadline=None)
@given(x=VALUES, data=st.data())
def test_any_form_of_the_right_value_is_correct(x: float, data: st.DataObject) -> None:
    typed = data.draw(st.sampled_from(forms(x)))
    verdict = grade(asking_for(x), typed)
    assert verdict.outcome is Outcome.CORRECT, (typed, verdict)


@settings(max_examples=200, deadline=None)
@given(x=VALUES, factor=st.floats(-3, 3), digits=st.integers(2, 5))
def test_a_value_outside_the_tolerance_is_never_right(x: float, factor: float, digits: int) -> None:
    assume(abs(factor - 1) > 1.001 * relative_tolerance(digits))
    typed = x * factor
    verdict = grade(asking_for(x, digits), repr(typed))
    assert verdict.outcome not in RIGHT, verdict


@settings(max_examples=200, deadline=None)
@given(x=VALUES, shown=st.integers(1, 6), digits=st.integers(2, 5))
def test_a_rounded_value_is_right_with_enough_digits_and_never_wrong(x: float, shown: int, digits: int) -> None:
    verdict = grade(asking_for(x, digits), significant(x, shown))
    assert verdict.outcome in (*RIGHT, Outcome.INVALID), verdict
    if shown >= digits:
        assert verdict.outcome is Outcome.CORRECT


@settings(max_examples=100, deadline=None)
@given(xs=st.lists(VALUES, min_size=2, max_size=6), data=st.data())
def test_a_vector_is_right_only_in_its_order(xs: list[float], data: st.DataObject) -> None:
    separator = data.draw(st.sampled_from([", ", " ", "; ", "\n", "，"]))
    brackets = data.draw(st.sampled_from(["{}", "[{}]", "({})"] if separator == ", " else ["{}", "[{}]"]))
    text = brackets.format(separator.join(map(repr, xs)))
    assert grade(asking_for(xs), text).outcome is Outcome.CORRECT
    other = data.draw(st.permutations(xs))
    if not np.allclose(other, xs, rtol=2e-3, atol=2e-4 * max(map(abs, xs))):
        assert grade(asking_for(xs), ", ".join(map(repr, other))).outcome not in RIGHT


KINDS: list[dict[str, Any]] = [
    {"id": "n", "kind": "compute", "question": "?", "draw": {"x": {"grid": [0.1, 0.9, 0.1]}}, "answer": "bce(1, x)"},
    {"id": "v", "kind": "compute", "question": "?", "draw": {"x": [0.1, 0.7, 0.2]}, "answer": "ln(x)"},
    {"id": "p", "kind": "compute", "question": "?", "draw": {"x": 0.3},
     "parts": [{"id": "a", "ask": "?", "answer": "2x"}, {"id": "b", "ask": "?", "answer": "a^2"}]},
    {"id": "f", "kind": "formula", "question": "?", "answer": "a - y",
     "variables": {"a": [0.1, 0.9], "y": {"choice": [0, 1]}}},
    {"id": "l", "kind": "formula", "lines": True, "question": "?", "answer": "a^2", "start": "a*a",
     "variables": {"a": [0.1, 0.9]}},
    {"id": "c", "kind": "cloze", "text": "The {{median}} and $x = {{\\frac{1}{2}}}$."},
    {"id": "o", "kind": "order", "question": "?", "steps": [{"id": "a", "text": "a"}, {"id": "b", "text": "b"}]},
    {"id": "m", "kind": "choice", "multiple": True, "question": "?",
     "options": [{"text": "A", "correct": True, "why": "a"}, {"text": "B", "why": "b"}]},
    {"id": "e", "kind": "explain", "question": "?", "answer": "x", "points": ["robust to outliers", "gradient $2e$"]},
    {"id": "r", "kind": "recall", "question": "?", "answer": "x", "points": ["two words"]},
]  # fmt: skip
QUESTIONS = [ask(card(fields), 1) for fields in KINDS]
PIECES = [
    *"0123456789.,;+-*/^()[]{}|= \nabxy_%$\\<>'\"#@~`?!&",
    "ln", "σ", "中位数", "½", "\\frac{", "inf", "e^",
]  # fmt: skip
ANSWERS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@settings(max_examples=400, deadline=None)
@given(question=st.sampled_from(QUESTIONS), answer=ANSWERS | st.text(max_size=60))
def test_anything_typed_gets_a_verdict(question: Question, answer: str) -> None:
    verdict = grade(question, answer)
    assert 0 <= verdict.score <= 1
    assert verdict.message
    assert verdict.position is None or 0 <= verdict.position <= len(answer)
    if verdict.outcome is Outcome.CORRECT:
        assert verdict.score == 1


WORDS = st.text(alphabet=string.ascii_lowercase, min_size=3, max_size=14)


@settings(max_examples=200, deadline=None)
@given(word=WORDS, place=st.integers(0, 20), letter=st.sampled_from(string.ascii_lowercase))
def test_one_slip_is_seen_in_words_of_four_letters_or_more_and_never_two(word: str, place: int, letter: str) -> None:
    place %= len(word)
    slipped = word[:place] + letter + word[place:]
    twice = "q" + slipped[::-1] + "qq"
    if not same_wording(slipped, word):
        assert is_slip(slipped, word) <= (len(word) >= 4 and slipped[0] == word[0])
    assert not is_slip(twice, word)
