"""Choice, cloze, rubric and rating: what is said beyond right or wrong."""

from __future__ import annotations

from typing import Any

import pytest

from studyapp.cards.card import Point
from studyapp.grading.rating import suggest
from studyapp.grading.rubric import evidence
from studyapp.grading.verdict import Outcome, Verdict
from studyapp.kinds.ask import ask
from studyapp.kinds.grade import give_up, grade, reveal, tick
from studyapp.schedule.rating import Rating
from tests.kinds.cards import card

OPTIONS: dict[str, Any] = {
    "id": "options", "kind": "choice", "multiple": True, "question": "Which?",
    "options": [{"text": "A", "correct": True, "why": "A holds."}, {"text": "B", "why": "B fails."},
                {"text": "C", "correct": True, "why": "C holds."}, {"text": "D", "why": "D fails."}],
}  # fmt: skip
EXPLAIN: dict[str, Any] = {
    "id": "explain", "kind": "explain", "question": "MAE or MSE?", "answer": "It depends.",
    "points": ["robust to outliers", {"text": "kink at zero", "words": ["kink", "not differentiable", "不可导"]}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("picked", "score"), [((0, 2), 1), ((0,), 0.5), ((0, 1), 0), ((0, 1, 2), 0.5), ((1, 3), 0), ((0, 1, 2, 3), 0)]
)
def test_a_choice_is_worth_what_was_right_less_what_was_wrong(picked: tuple[int, ...], score: float) -> None:
    question = ask(card(OPTIONS), 2)
    answer = " ".join(str(question.arrangement.index(place) + 1) for place in picked)
    assert grade(question, answer).score == score


def test_a_choice_says_why_of_what_was_picked_wrongly_and_of_what_was_missed() -> None:
    question = ask(card(OPTIONS), 2)
    shown = [question.arrangement.index(place) + 1 for place in range(4)]
    verdict = grade(question, f"{shown[0]} {shown[1]}")
    assert verdict.message.split("\n") == [
        f"{shown[1]} is not to be picked. B fails.",
        f"{shown[2]} is to be picked too. C holds.",
    ]
    signs = {detail.label: detail.passed for detail in verdict.details}
    assert signs == {
        f"{shown[0]} (chosen)": True,
        f"{shown[1]} (chosen)": False,
        str(shown[2]): True,
        str(shown[3]): False,
    }, "the sign says whether the option is right, the word which one was chosen"


def test_the_details_do_not_say_again_what_the_message_says() -> None:
    choice = card({
        "id": "c", "kind": "choice", "question": "Which?",
        "options": [{"text": "A", "correct": True, "why": "A holds."}, {"text": "B", "why": "B fails."},
                    {"text": "C", "why": "C too."}],
    })  # fmt: skip
    question = ask(choice, 1)
    verdict = grade(question, str(question.arrangement.index(1) + 1))
    said = " ".join((verdict.message, *(detail.text for detail in verdict.unsaid_details)))
    assert [said.count(why) for why in ("A holds.", "B fails.", "C too.")] == [1, 1, 1]
    assert [one.label for one in verdict.unsaid_details] == [one.label for one in verdict.details]


def test_a_spelling_slip_is_asked_again_and_partial_clozes_count() -> None:
    cloze = card({"id": "c", "kind": "cloze", "text": "The {{gradient}} of the {{hinge}}."})
    slipped = grade(ask(cloze, 1), "graident; hinge")
    assert slipped.outcome is Outcome.INVALID and "Check the spelling of “graident”" in slipped.message
    beside_a_wrong_one = grade(ask(cloze, 1), "graident; squared")
    assert beside_a_wrong_one.score == 0.5 and "Mind the spelling: gradient." in beside_a_wrong_one.message
    half = grade(ask(cloze, 1), "slope; hinge")
    assert half.score == 0.5 and half.message == "1 of 2 gaps is right."
    assert [detail.text for detail in half.details] == ["“slope”, right is “gradient”", "hinge"]


@pytest.mark.parametrize(
    "answer",
    ["gradient; ; squared; ", "gradient\n\nsquared\n", "gradient;;squared;;", "1) gradient; 2) ; 3) squared; "],
)
def test_a_gap_left_empty_is_wrong_and_the_others_count(answer: str) -> None:
    text = "The {{gradient}} of the {{hinge}} is not that of the {{squared}} {{loss}}."
    verdict = grade(ask(card({"id": "c", "kind": "cloze", "text": text}), 1), answer)
    assert verdict.outcome is Outcome.WRONG and verdict.score == 0.5
    assert [detail.passed for detail in verdict.details] == [True, False, True, False]
    assert verdict.details[1].text == "left empty, right is “hinge”"
    assert verdict.read_as == "gradient; –; squared; –"


@pytest.mark.parametrize(
    ("point", "said", "expected"),
    [
        (Point(text="robust to outliers"), "MAE is more robust against outliers", True),
        (Point(text="robust to outliers"), "its robustness to an outlier", True),
        (Point(text="robust to outliers"), "it is smooth everywhere", False),
        (Point(text="x", words=("kink", "not differentiable")), "There is a kink.", True),
        (Point(text="x", words=("kink", "not differentiable")), "not Differentiable at 0", True),
        (Point(text="x", words=("kink",)), "kinky", False),
        (Point(text="x", words=("cross entropy",)), "minimise the cross-entropy", True),
        (Point(text="x", words=("cross-entropy",)), "the crossentropy", True),
        (Point(text="x", words=("regularise",)), "we regularize it", True),
        (Point(text="x", words=("不可导",)), "在零点处不可导。", True),
        (Point(text="x", words=("不可导",)), "处处可导", False),
        (Point(text="x", words=("p - y",)), "the gradient is p−y", True),
        (Point(text="x", words=("\\sigma(z)",)), "using σ(z)", True),
        (Point(text="x", words=("-log",)), "L=−log p", True),
        (Point(text="x", words=("Σ p(x)",)), "∑ p(x) ln p(x)", True),
        (Point(text="gradient $2(\\hat y - y)$ grows"), "it is 2(ŷ - y)", False),
        (Point(text="gradient $\\frac{1}{n}(a - y)x$"), "dL/dw = 1/n (a-y) x", False),
        (Point(text="gradient $(a - y)x$"), "dL/dw = (a-y) x", True),
        (Point(text="对离群点不敏感"), "它对离群点不敏感，更稳健", True),
        (Point(text="对离群点不敏感"), "它处处光滑", False),
        (Point(text="anything"), "   ", False),
    ],
)
def test_points_are_recognised_in_english_chinese_and_formulas(point: Point, said: str, expected: bool) -> None:
    assert bool(evidence(point, said)) is expected


def test_recognised_points_only_suggest_ticks_and_the_learner_decides() -> None:
    question = ask(card(EXPLAIN), 1)
    suggested = grade(question, "MAE is robust to outliers")
    assert suggested.outcome is Outcome.SELF_RATED and suggested.score == 0.5
    assert [detail.passed for detail in suggested.details] == [True, None]
    ticked = tick(question, {0, 1})
    assert ticked.score == 1 and [detail.passed for detail in ticked.details] == [True, True]
    assert [detail.passed for detail in tick(question, set()).details] == [False, False]
    with pytest.raises(ValueError, match="no point 2"):
        tick(question, {2})


def test_giving_up_shows_the_answer_and_scores_nothing() -> None:
    verdict = give_up(ask(card(EXPLAIN), 1))
    assert (verdict.outcome, verdict.score, verdict.reference) == (Outcome.GAVE_UP, 0, "It depends.")
    assert reveal(ask(card(EXPLAIN), 1)).points == ("robust to outliers", "kink at zero")


@pytest.mark.parametrize(
    ("outcome", "score", "hints", "tries", "rating"),
    [
        (Outcome.CORRECT, 1, 0, 1, Rating.GOOD), (Outcome.CORRECT, 1, 1, 1, Rating.HARD),
        (Outcome.CORRECT, 1, 0, 2, Rating.AGAIN),
        (Outcome.ROUNDED, 0.8, 0, 1, Rating.HARD), (Outcome.ROUNDED, 0.8, 2, 3, Rating.AGAIN),
        (Outcome.CLOSE, 0.5, 0, 1, Rating.AGAIN),
        (Outcome.MISCONCEPTION, 0.7, 0, 1, Rating.AGAIN), (Outcome.WRONG, 0.5, 0, 1, Rating.AGAIN),
        (Outcome.WRONG, 0.75, 0, 1, Rating.HARD), (Outcome.WRONG, 0.75, 1, 1, Rating.HARD),
        (Outcome.GAVE_UP, 0, 0, 1, Rating.AGAIN),
        (Outcome.SELF_RATED, 1, 0, 1, Rating.GOOD), (Outcome.SELF_RATED, 1, 1, 1, Rating.HARD),
        (Outcome.SELF_RATED, 0.67, 0, 1, Rating.HARD),
        (Outcome.SELF_RATED, 0.5, 0, 1, Rating.AGAIN), (Outcome.SELF_RATED, 0, 0, 1, Rating.AGAIN),
    ],
)  # fmt: skip
def test_the_verdict_suggests_a_rating(outcome: Outcome, score: float, hints: int, tries: int, rating: Rating) -> None:
    assert suggest(Verdict(outcome, score), hints, tries) is rating
