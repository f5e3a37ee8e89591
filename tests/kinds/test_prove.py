"""Proof of cards: what `check` finds by playing a card over many seeds."""

from __future__ import annotations

from typing import Any

import pytest

from studyapp.kinds.code.proof import code_in
from studyapp.kinds.prove import prove
from tests.kinds.cards import card

COMPUTE: dict[str, Any] = {
    "id": "x",
    "kind": "compute",
    "question": "BCE of {y}, {p}?",
    "draw": {"y": {"choice": [0, 1], "size": 3}, "p": {"grid": [0.1, 0.9, 0.1], "size": 3}},
    "answer": "bce(y, p)",
    "wrong": [{"id": "sum", "value": "bce(y, p, reduction='sum')", "say": "Divide by {len(y)}."}],
}
FORMULA: dict[str, Any] = {
    "id": "f",
    "kind": "formula",
    "question": "?",
    "answer": "a - y",
    "variables": {"a": [0.1, 0.9], "y": {"choice": [0, 1]}},
    "wrong": [{"id": "sign", "value": "y - a", "say": "Reversed."}],
}
CODE: dict[str, Any] = {
    "id": "c",
    "kind": "code",
    "question": "?",
    "signature": "def mae(y, yhat)",
    "reference": "mae",
    "draw": {"y": {"grid": [-3, 3, 0.5], "size": 3}, "yhat": {"grid": [-3, 3, 0.5], "size": 3}},
    "wrong": [{"id": "squared", "value": "mse(y, yhat)", "say": "Squares."}],
    "starter": "def mae(y, yhat):\n    ...",
    "solution": "Like this:\n\n```python\ndef mae(y, yhat):\n    return abs(y - yhat).mean()\n```",
}
SOUND: list[dict[str, Any]] = [
    COMPUTE,
    FORMULA,
    CODE,
    {**COMPUTE, "draw": {"y": [1, 0, 1], "p": [0.9, 0.2, 0.6]}},
    {
        "id": "p",
        "kind": "compute",
        "question": "?",
        "draw": {"x": {"grid": [0.1, 0.9, 0.1]}},
        "parts": [{"id": "a", "ask": "?", "answer": "[x, 2x]"}, {"id": "b", "ask": "{a}?", "answer": "sum(a)"}],
    },
    {**FORMULA, "lines": True, "start": "a*1 - y"},
    {"id": "o", "kind": "order", "question": "?", "steps": [{"id": t, "text": t} for t in "abcd"]},
    {
        "id": "m",
        "kind": "choice",
        "question": "?",
        "options": [{"text": t, "why": t, **({"correct": True} if t == "a" else {})} for t in "abc"],
    },
    {"id": "g", "kind": "cloze", "text": "The {{median}} is $x = {{\\frac12}}$."},
    {"id": "r", "kind": "recall", "question": "?", "answer": "x", "points": ["a point"]},
]


@pytest.mark.parametrize("fields", SOUND, ids=lambda fields: fields["id"])
def test_a_sound_card_has_no_problem(fields: dict[str, Any]) -> None:
    assert prove(card(fields), seeds=40) == ()


@pytest.mark.parametrize(
    ("fields", "code", "words"),
    [
        (
            {**COMPUTE, "wrong": [{"id": "same", "value": "mean(-y*ln(p) - (1-y)*ln(1-p))", "say": "."}]},
            "draw",
            "“same” comes too close",
        ),
        ({**COMPUTE, "hints": ["{p[7]}"]}, "draw", "no entry 7"),
        ({**COMPUTE, "solution": "{p[7]}"}, "text", "no entry 7"),
        ({**COMPUTE, "answer": "ln(p - 1)"}, "draw", "undefined"),
        ({**COMPUTE, "draw": {"y": [1, 0], "p": {"choice": [0.5, 0.6], "size": 2}}}, "variants", "different variants"),
        (
            {**FORMULA, "variables": {"a": [-5, -1], "y": [0, 1]}, "answer": "ln(a)", "wrong": []},
            "expression",
            "no value at most points",
        ),
        (
            {**FORMULA, "wrong": [{"id": "same", "value": "a - y^2", "say": "."}]},
            "misconception",
            "“same” is taken for “correct”",
        ),
        (
            {
                **FORMULA,
                "wrong": [{"id": "one", "value": "y - a", "say": "."}, {"id": "two", "value": "-(a - y)", "say": "."}],
            },
            "misconception",
            "“two” is taken for “one”",
        ),
        ({**FORMULA, "lines": True, "start": "a + y"}, "right-answer", "the start followed by the answer"),
        (
            {**CODE, "wrong": [{"id": "same", "value": "mean(abs(y - yhat))", "say": "."}]},
            "misconception",
            "“same” is taken for “correct”",
        ),
        ({**CODE, "solution": CODE["solution"].replace("mean", "sum")}, "right-answer", "the code of the solution"),
        ({**CODE, "starter": "def mae(y):\n    ..."}, "text", "starter"),
        (
            {**CODE, "starter": CODE["solution"].split("python\n")[1].removesuffix("```")},
            "blank",
            "starter code is graded correct",
        ),
        ({**CODE, "cases": [{"args": [[1, 2], [3]], "why": "short"}]}, "draw", "the case “short”"),
        ({**CODE, "reference": "hinge"}, "draw", "inputs were wanted"),
    ],
)
def test_an_unsound_card_is_found_out(fields: dict[str, Any], code: str, words: str) -> None:
    problems = prove(card(fields), seeds=40)
    assert any(found == code and words in message for found, message in problems), problems


def test_the_code_of_a_solution_is_the_block_that_defines_the_function() -> None:
    text = "Text.\n```\ndef other(): ...\n```\n```python\nimport math\n\ndef mae(y):\n    return 1\n```\n"
    assert code_in(text, "mae") == "import math\n\ndef mae(y):\n    return 1\n"
    assert code_in(text, "iou") is None
