"""From a card to a question: texts filled in, options shuffled, what was drawn stored and brought back."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

from studyapp.grading.draw import DrawError
from studyapp.grading.question import variant_seed
from studyapp.kinds.ask import ask, drawn, restore
from studyapp.kinds.choice import ChoiceCard
from studyapp.kinds.grade import reveal
from studyapp.kinds.order import OrderCard
from tests.kinds.cards import card

COMPUTE: dict[str, Any] = {
    "id": "bce",
    "kind": "compute",
    "unit": "nats",
    "answer": "bce(y, p)",
    "question": "BCE for y = {y}, p = {p}, $\\frac{1}{<<n>>}$, {{n}}?",
    "draw": {"y": {"choice": [0, 1], "size": 3}, "p": {"grid": [0.1, 0.9, 0.1], "size": 3}},
    "let": {"n": "len(y)", "terms": "bce(y, p, reduction='none')"},
    "hints": ["The first term is {-ln(p[0])}.", "To three digits {terms:3}, with two decimals {terms[0]:.2f}."],
    "solution": "The terms {terms:4} add up to {sum(terms):4}.",
}
CHOICE: dict[str, Any] = {
    "id": "choice",
    "kind": "choice",
    "question": "Which?",
    "options": [{"text": t, "why": f"why {t}", **({"correct": True} if t == "A" else {})} for t in "ABCD"],
}
ORDER: dict[str, Any] = {
    "id": "order",
    "kind": "order",
    "question": "Order.",
    "steps": [{"id": t, "text": t} for t in "abc"],
    "distractors": [{"text": "x", "why": "why x"}],
}


def test_a_question_is_a_function_of_card_and_seed() -> None:
    for fields in (COMPUTE, CHOICE, ORDER):
        assert ask(card(fields), 7) == ask(card(fields), 7)
        assert len({drawn(ask(card(fields), seed)) for seed in range(30)}) > 5


def test_seeds_of_variants_are_fixed_for_ever_and_fit_into_a_column() -> None:
    assert variant_seed("bce-mean", 3) == 165555213326180
    seeds = {variant_seed(name, number) for name in ("a", "b") for number in range(500)}
    assert len(seeds) == 1000 and max(seeds) < 2**48


def test_texts_are_filled_with_the_drawn_numbers() -> None:
    question = ask(card(COMPUTE), 3)
    y, p = question.values["y"], question.values["p"]
    assert question.text == f"BCE for y = {y}, p = {p}, $\\frac{{1}}{{3}}$, {{n}}?"
    assert len(question.hints) == 2
    assert all("{" not in hint for hint in question.hints)
    assert "add up to" in reveal(question).solution


@pytest.mark.parametrize(
    ("fields", "prompt", "chinese"),
    [
        (COMPUTE, "a number, to 3 significant digits, in nats", "一个数，保留 3 位有效数字，单位：nats"),
        (
            {**COMPUTE, "answer": "terms", "digits": 4},
            "a vector of 3 numbers, to 4 significant digits, in nats",
            "含 3 个数的向量，保留 4 位有效数字，单位：nats",
        ),
        (CHOICE, "the number of one option", "一个选项的编号"),
        ({**CHOICE, "multiple": True}, "the numbers of all options to pick", "所有应选的选项的编号"),
        (
            ORDER,
            "the numbers of the steps in order; leave out what does not belong",
            "按顺序写出步骤编号，不属于推导的不写",
        ),
        ({"id": "c", "kind": "cloze", "text": "{{a}} and {{b}}"}, "2 answers, separated by “;”", "2 个答案，用“;”隔开"),
        (
            {"id": "f", "kind": "formula", "question": "?", "answer": "a - y", "variables": {"a": [0, 1], "y": [0, 1]}},
            "a formula in a, y",
            "用 a, y 表示的公式",
        ),
    ],
)
def test_the_prompt_says_what_form_is_expected(fields: dict[str, Any], prompt: str, chinese: str) -> None:
    assert ask(card(fields), 1).prompt == prompt
    assert ask(card(fields), 1, "zh").prompt == chinese


def test_options_stand_in_every_place_equally_often() -> None:
    choice = card(CHOICE)
    assert isinstance(choice, ChoiceCard)
    places = Counter(ask(choice, seed).arrangement.index(0) for seed in range(800))
    assert set(places) == {0, 1, 2, 3} and min(places.values()) > 150
    question = ask(choice, 5)
    assert question.options == tuple(choice.options[place].text for place in question.arrangement)


def test_a_derivation_is_never_shown_in_its_own_order() -> None:
    order = card(ORDER)
    assert isinstance(order, OrderCard)
    for seed in range(200):
        assert [place for place in ask(order, seed).arrangement if place < 3] != [0, 1, 2]


@pytest.mark.parametrize("fields", [COMPUTE, CHOICE, ORDER])
def test_what_was_drawn_comes_back_from_what_is_stored(fields: dict[str, Any]) -> None:
    question = ask(card(fields), 11)
    assert restore(card(fields), 11, drawn(question)) == question
    assert restore(card(fields), 99, drawn(question)).options == question.options


def test_an_old_answer_is_shown_with_its_numbers_after_the_card_changed() -> None:
    question = ask(card(COMPUTE), 11)
    other = card({**COMPUTE, "draw": {**COMPUTE["draw"], "p": {"grid": [0.01, 0.99, 0.01], "size": 3}}})
    assert restore(other, 11, drawn(question)).values["p"] == question.values["p"]


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "{}",
        "null",
        "[1]",
        "not json",
        '{"draw": {"y": [1]}}',
        '{"draw": 3}',
        '{"order": [9, 8]}',
        '{"draw":{"y":"x","p":[]}}',
    ],
)
@pytest.mark.parametrize("fields", [COMPUTE, CHOICE, ORDER])
def test_a_record_that_no_longer_fits_is_asked_anew(fields: dict[str, Any], stored: str) -> None:
    assert restore(card(fields), 4, stored) == ask(card(fields), 4)


def test_a_cloze_shows_numbered_gaps_and_reveals_them_filled() -> None:
    question = ask(card({"id": "c", "kind": "cloze", "text": "The {{median|x}} of $\\frac{{{n}}}{2}$."}), 1)
    assert question.text == "The [1] of $\\frac{[2]}{2}$." or question.text == "The [1] of $\\frac[2]{2}$."
    assert reveal(question).answer.startswith("The **median** of $\\frac")


def test_a_card_that_cannot_be_asked_raises_one_kind_of_error() -> None:
    with pytest.raises(DrawError):
        ask(card({**COMPUTE, "question": "x", "answer": "ln(p - 1)"}), 1)


def test_words_are_graded_without_numpy() -> None:
    program = """if True:
        import sys
        from studyapp.kinds.choice import ChoiceCard, Option
        from studyapp.kinds.cloze import ClozeCard
        from studyapp.kinds.grade import grade
        from studyapp.kinds.ask import ask
        from studyapp.kinds.grade import reveal
        options = (Option(text="a", why="x", correct=True), Option(text="b", why="y"))
        for card in (ChoiceCard(id="x", question="?", options=options), ClozeCard(id="y", text="The {{median}}.")):
            question = ask(card, 1)
            grade(question, "1"), reveal(question)
        print("numpy" in sys.modules)
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_questions_with_vectors_can_be_compared() -> None:
    assert ask(card({**COMPUTE, "answer": "terms"}), 3) == ask(card({**COMPUTE, "answer": "terms"}), 3)
