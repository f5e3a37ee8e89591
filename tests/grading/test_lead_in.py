"""Words around a number or a formula are no part of it; a word that turns its meaning round is."""

from __future__ import annotations

import pytest

from studyapp.grading.verdict import Outcome
from studyapp.kinds.ask import ask
from studyapp.kinds.grade import grade
from tests.kinds.cards import card

NUMBER = card({"id": "number", "kind": "compute", "question": "How much is {x}?", "draw": {"x": 0.378}, "answer": "x"})
FORMULA = card({
    "id": "formula", "kind": "formula", "question": "The gradient?", "answer": "a - y",
    "variables": {"a": [0.1, 0.9], "y": [0, 1]},
})  # fmt: skip

LEADS = (
    "", "约", "大约", "约为", "约等于", "大概是", "答：", "答案是", "答案：", "等于", "结果为", "结果是", "结果约是",
    "平均为", "平均值是", "损失：", "所以答案是", "因此等于", "the answer is ", "the final answer is ", "answer: ",
    "result: ",
    "so it is ", "it's ", "I get ", "hence the value is ", "= ", "≈ ", "loss = ",
)  # fmt: skip
TRAILS = ("", "。", ".", "；", ";", " ")
NEGATIONS = ("不是", "并不是", "不等于", "非", "没有", "not ", "无")


@pytest.mark.parametrize("lead", LEADS)
def test_words_before_and_after_are_left_away(lead: str) -> None:
    for trail in TRAILS:
        for asked, answer in ((NUMBER, "0.378"), (FORMULA, "a - y")):
            typed = f"{lead}{answer}{trail}"
            assert grade(ask(asked, 1), typed).outcome is Outcome.CORRECT, typed


@pytest.mark.parametrize("trail", ["左右", " 上下", "吧"])
def test_words_after_a_number_are_left_away(trail: str) -> None:
    assert grade(ask(NUMBER, 1), f"0.378{trail}").outcome is Outcome.CORRECT


@pytest.mark.parametrize("negation", NEGATIONS)
def test_a_negation_is_not(negation: str) -> None:
    for asked, answer in ((NUMBER, "0.378"), (FORMULA, "a - y")):
        assert grade(ask(asked, 1), f"{negation}{answer}").outcome is Outcome.INVALID
        assert grade(ask(asked, 1), f"答案{negation}{answer}").outcome is Outcome.INVALID
