"""What must hold inside a card beyond the form of its keys: each rule with a card that breaks it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from studyapp.deck.reader import parse_deck
from studyapp.kinds.code.source import signature_names
from studyapp.locale.message import use_language

from .decks import deck_text

OPTIONS = "id: a\nkind: choice\nquestion: Q?\noptions:\n"
ORDER = "id: a\nkind: order\nquestion: Q?\nsteps:\n"
COMPUTE = "id: a\nkind: compute\nquestion: Q?\n"
CODE = "id: a\nkind: code\nquestion: Q?\nreference: mse\n"


BROKEN: list[tuple[str, str, str]] = [
    (OPTIONS + "  - {text: x, why: y}\n  - {text: z, why: y}", "no-correct-option", "correct: true"),
    (
        OPTIONS + "  - {text: x, why: y, correct: true}\n  - {text: z, why: y, correct: true}",
        "several-correct-options",
        "multiple: true",
    ),
    (OPTIONS + "  - {text: x, why: y, correct: true}", "length", "at least 2"),
    (OPTIONS + "  - {text: x, why: y, correct: true}\n  - {text: x, why: z}", "duplicate", "this text"),
    ("id: a\nkind: cloze\ntext: no gap", "no-gap", "{{median}}"),
    ("id: a\nkind: cloze\ntext: 'an {{}} gap'", "gap", "gap 1 is empty"),
    ("id: a\nkind: cloze\ntext: 'an {{open gap'", "gap", "never closed"),
    ("id: a\nkind: cloze\ntext: 'by {{|A|}} here'", "gap", r"\|"),
    (ORDER + "  - {id: s, text: x}\n  - {id: s, text: y}", "duplicate", "'s'"),
    (ORDER + "  - {id: one, text: x}\n  - {id: two, text: y, after: [oen]}", "after", "did you mean 'one'?"),
    (ORDER + "  - {id: one, text: x}\n  - {id: two, text: y, after: [two]}", "after", "after itself"),
    (
        ORDER + "  - {id: p, text: x, after: [r]}\n  - {id: q, text: y, after: [p]}\n  - {id: r, text: z, after: [q]}",
        "circle",
        "wait for each other",
    ),
    (
        ORDER + "  - {id: p, text: x}\n  - {id: q, text: y}\ndistractors: [{text: y, why: w}]",
        "duplicate",
        "also a step",
    ),
    (COMPUTE + "draw: {x: 1}", "answer", "has no answer"),
    (COMPUTE + "draw: {x: 1}\nanswer: x\nparts: [{id: p, ask: Q?, answer: x}]", "answer", "not both"),
    (COMPUTE + "draw: {x: 1}\nanswer: x\nlet: {x: 2}", "duplicate-name", "drawn already"),
    (COMPUTE + "draw: {x: 1}\nparts: [{id: x, ask: Q?, answer: x}]", "duplicate-name", "drawn already"),
    (COMPUTE + "draw: {e: 1}\nanswer: e", "reserved-name", "means something"),
    (COMPUTE + "draw: {x: {choice: [0, 1], size: n}}\nanswer: sum(x)", "draw", "not drawn"),
    (
        COMPUTE + "draw: {x: {choice: [0, 1], size: n}, n: {integers: [2, 4]}}\nanswer: sum(x)/n",
        "draw",
        "before it",
    ),
    (COMPUTE + "draw: {x: 1}\nanswer: y + x", "expression", "y"),
    (COMPUTE + "draw: {x: 1}\nanswer: __import__('os')", "expression", ""),
    (COMPUTE.replace("Q?", "'What is {y}?'") + "draw: {x: 1}\nanswer: x", "placeholder", "y"),
    (COMPUTE.replace("Q?", "'What is {x?'") + "draw: {x: 1}\nanswer: x", "placeholder", "not closed"),
    (COMPUTE + "draw: {x: 1}\nanswer: x\nwrong: [{id: w, value: z, say: That is z.}]", "expression", "z"),
    (CODE + "signature: def f(x, y\ndraw: {x: 1, y: 2}", "signature", "not Python"),
    (CODE + "signature: def f(x, *y)\ndraw: {x: 1, y: 2}", "signature", "without defaults"),
    (CODE + "signature: def f(x, yy)\ndraw: {x: 1, y: 2}", "signature", "no argument 'y'"),
    (CODE + "signature: def f(x, y)\ndraw: {y: 1, x: 2}", "signature", "in their order: x, y"),
    (CODE + "signature: def f(x, y)\ndraw: {x: 1}", "signature", "nothing is drawn"),
    (CODE + "signature: def f(x, y)\ndraw: {x: 1, y: 2}\ncases: [{args: [1], why: w}]", "signature", "gives 1"),
    ("id: a\nkind: cloze\ntext: 'A {{b}}'\nleads_to: [a]", "leads-to", "itself"),
]


@pytest.mark.parametrize(("card", "code", "words"), BROKEN)
def test_a_card_that_breaks_a_rule_is_left_out(card: str, code: str, words: str) -> None:
    result = parse_deck(deck_text(card), Path("x.yaml"))
    assert result.deck is not None
    assert result.deck.cards == ()
    assert [problem.code for problem in result.problems] == [code]
    assert words in f"{result.problems[0].message} {result.problems[0].hint}"


@pytest.mark.parametrize(
    "card",
    [
        OPTIONS + "  - {text: x, why: y, correct: true}\n  - {text: z, why: y, correct: true}\nmultiple: true",
        ORDER + "  - {id: p, text: x, after: [r]}\n  - {id: q, text: y, after: [r]}\n  - {id: r, text: z}",
        r"id: a" + "\nkind: cloze\n" + r"text: 'So $x = {{\frac{1}{n}|1/n}}$ and {{\|A\|}}.'",
        COMPUTE + "draw: {n: {integers: [2, 4]}, x: {choice: [0, 1], size: n}}\nlet: {m: sum(x)}\nanswer: m/n",
        COMPUTE + "draw: {x: 2}\nparts: [{id: p, ask: Q?, answer: x^2}, {id: q, ask: '{x}?', answer: p + x}]",
        CODE + "signature: 'def f(x, y):'\ndraw: {x: [1], y: [2]}\ncases: [{args: [[1], [.inf]], why: w}]",
    ],
)
def test_a_card_that_keeps_the_rules_is_taken(card: str) -> None:
    result = parse_deck(deck_text(card), Path("x.yaml"))
    assert result.problems == ()
    assert result.deck is not None
    assert len(result.deck.cards) == 1


def test_a_problem_inside_an_expression_points_at_the_word() -> None:
    text = deck_text(COMPUTE + "draw: {x: 1}\nanswer: 'x + yy'")
    problem = parse_deck(text, Path("x.yaml")).problems[0]
    line = text.split("\n")[problem.line - 1]
    assert line[problem.column - 1 :].startswith("yy")


def test_a_signature_gives_its_argument_names() -> None:
    assert signature_names("def iou(box_a, box_b) -> float") == ["box_a", "box_b"]
    for wrong in ("iou(a)", "def f(a): import os", "lambda x: x", "def f()", "class A", "def f(a)\ndef g(b)"):
        with pytest.raises(ValueError, match=r"signature|arguments"):
            signature_names(wrong)


@pytest.mark.parametrize(("card", "code", "words"), BROKEN)
def test_a_broken_rule_is_told_in_chinese(card: str, code: str, words: str) -> None:
    """Words of the card, names of keys and what formulas mean stand in it as they are."""
    use_language("zh")
    problems = parse_deck(deck_text(card), Path("deck.yaml")).problems
    assert code in [problem.code for problem in problems], words
    for problem in problems:
        for said in filter(None, (problem.message, problem.hint)):
            own = re.sub(r"'[^']*'|“[^”]*”|\{.*\}|as: number|def .*\)", "", said)
            assert not re.search(r"[a-z]{3,},? [a-z]{2,}", own), said
