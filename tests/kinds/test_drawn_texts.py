"""Fresh values in the texts of cards of every kind: drawn, filled in, stored and asked again as they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studyapp.deck.fold import title_of
from studyapp.deck.overlay import fit, parse_overlay
from studyapp.deck.reader import parse_deck
from studyapp.grading.question import fill_text
from studyapp.grading.verdict import Outcome
from studyapp.kinds import kind_of
from studyapp.kinds.ask import ask, drawn, restore
from studyapp.kinds.grade import grade, reveal
from studyapp.kinds.prove import prove

HEAD = "deck: drawn\ntitle: Drawn\ncards:\n"

CARDS: dict[str, str] = {
    "typed": """
  - id: x
    kind: typed
    question: How many legs do {n} {animal}s have?
    rows: [{animal: cat, legs: 4}, {animal: spider, legs: 8}, {animal: hen, legs: 2}]
    draw: {n: {integers: [2, 9]}}
    let: {total: n * legs}
    answer: '{total}'
    as: integer
    hints: ['One {animal} has {legs}.']
    solution: '{n} times {legs} is {total}.'
""",
    "recall": r"""
  - {id: x, kind: recall, question: 'What is $<<a>>^2$?', draw: {a: {integers: [11, 99]}}, answer: '{a^2}',
     points: [{text: 'It is {a^2}.', words: ['{a^2}']}]}
""",
    "explain": """
  - {id: x, kind: explain, question: 'Why does a batch of {b} need less memory than {2*b}?',
     draw: {b: {choice: [8, 16]}}, answer: 'There are {b} samples, not {2*b}.', points: ['There are {b} samples.']}
""",
    "cloze": """
  - {id: x, kind: cloze, text: 'A batch of {b} on {g} devices is {{ {b*g} }} samples, \\{{not}} more.',
     draw: {b: {choice: [8, 16]}, g: {integers: [2, 8]}}}
""",
    "choice": """
  - {id: x, kind: choice, question: 'What is {a} squared?', draw: {a: {integers: [3, 9]}},
     options: [{text: '{a^2}', correct: true}, {text: '{2*a}', why: 'That is twice {a}.'}, {text: '{a+90}'}]}
""",
    "order": """
  - {id: x, kind: order, question: 'Sort for $n = <<n>>$, the smallest first.', draw: {n: {integers: [10, 99]}},
     steps: [{id: a, text: 'log {n}'}, {id: b, text: '{n}'}, {id: c, text: '{n^2}'}]}
""",
    "formula": """
  - {id: x, kind: formula, question: 'Differentiate $<<k>> x^2$ by $x$.', draw: {k: {integers: [2, 9]}},
     variables: {x: [-3, 3]}, where: x != 0, answer: '2 * {k} * x',
     wrong: [{id: half, value: '{k} * x', say: 'The 2 comes down in front of {k}.'}]}
""",
    "compute": """
  - {id: x, kind: compute, question: 'A {animal} has {legs} legs; how many have {n}?', draw: {n: {integers: [2, 9]}},
     rows: [{animal: cat, legs: 4}, {animal: spider, legs: 8}], answer: n * legs}
""",
}


def read(text: str) -> Any:
    """The one card of a deck, and what is wrong with the deck."""
    found = parse_deck(HEAD + text, Path("drawn.yaml"))
    assert found.deck is not None
    return (found.deck.cards[0] if found.deck.cards else None), [f"{one.code}: {one.message}" for one in found.problems]


def card_of(kind: str) -> Any:
    card, problems = read(CARDS[kind])
    assert problems == []
    return card


@pytest.mark.parametrize("kind", CARDS)
class TestEveryKind:
    def test_it_is_sound(self, kind: str):
        assert prove(card_of(kind)) == ()

    def test_nothing_is_left_to_be_filled_in(self, kind: str):
        for seed in range(30):
            question = ask(card_of(kind), seed)
            shown = reveal(question)
            texts = [question.text, *question.options, *question.hints, shown.answer, shown.solution, *shown.points]
            assert not [text for text in texts if "<<" in text or "{" in text.replace("{{not}}", "")]

    def test_the_values_are_fresh_and_a_function_of_the_seed(self, kind: str):
        texts = {ask(card_of(kind), seed).text for seed in range(40)}
        assert len(texts) > 1
        assert ask(card_of(kind), 7) == ask(card_of(kind), 7)

    def test_what_was_asked_comes_back_from_the_log(self, kind: str):
        card = card_of(kind)
        for seed in range(10):
            question = ask(card, seed)
            again = restore(card, seed + 1000, drawn(question))
            assert (again.text, again.options, again.hints) == (question.text, question.options, question.hints)
            assert kind_of(card).reference(again.card, again) == kind_of(card).reference(question.card, question)

    def test_lists_leave_open_what_is_drawn(self, kind: str):
        if kind != "compute":
            assert "…" in title_of(card_of(kind)) and "<<" not in title_of(card_of(kind))


def test_the_right_answer_follows_the_draw():
    for seed in range(20):
        question = ask(card_of("typed"), seed)
        n, legs = question.values["n"], question.values["legs"]
        assert grade(question, str(n * legs)).outcome is Outcome.CORRECT
        assert grade(question, str(n * legs + 1)).outcome is Outcome.WRONG
        assert (question.values["animal"], legs) in {("cat", 4), ("spider", 8), ("hen", 2)}


def test_a_declared_mistake_of_a_drawn_formula_is_told_with_its_numbers():
    question = ask(card_of("formula"), 3)
    verdict = grade(question, f"{question.values['k']} x")
    assert verdict.misconception == "half" and str(question.values["k"]) in verdict.message


def test_a_translation_has_the_same_values():
    card = card_of("typed")
    overlay = parse_overlay(
        "deck: drawn\nlanguage: zh\ncards:\n  x:\n    question: '{n} 只有 {legs} 条腿的动物共有几条腿？'\n",
        Path("drawn.zh.yaml"),
    )
    translated, problems = fit(card, overlay)
    assert problems == () and translated is not None
    english = ask(card, 5)
    chinese = restore(translated, 5, drawn(english), "zh")
    assert chinese.text == fill_text("{n} 只有 {legs} 条腿的动物共有几条腿？", english.values)


def test_a_condition_is_met_by_every_draw():
    card, problems = read(
        CARDS["recall"].replace("draw:", "where: a % 1 == 0 and a > 90, draw:").replace("a % 1 == 0 and ", "")
    )
    assert problems == []
    assert all(ask(card, seed).values["a"] > 90 for seed in range(30))


@pytest.mark.parametrize(
    ("kind", "old", "new", "told"),
    [
        ("recall", "'{a^2}',", "'{b}',", "placeholder: "),
        ("recall", "'What is $<<a>>^2$?'", "'What is $<<a>^2$?'", "placeholder: "),
        (
            "typed",
            "{animal: hen, legs: 2}",
            "{animal: hen, wings: 2}",
            "rows: every row has the same names: animal, legs",
        ),
        ("typed", "let: {total: n * legs}", "let: {total: n * toes}", "expression: "),
        ("typed", "draw: {n:", "draw: {legs: 3, n:", "duplicate-name: 'legs' is drawn already"),
        ("typed", "'{total}'\n", "'{total} or so'\n", "typed-answer: "),
        ("choice", "'{a+90}'", "'{a^2}'", "duplicate"),
        ("recall", "draw:", "where: a > 1000, draw:", "draw: 200 draws were refused"),
        ("compute", "draw: {n: {integers: [2, 9]}},", "", "expression: "),
    ],
)
def test_what_cannot_be_filled_in_is_told_by_check(kind: str, old: str, new: str, told: str):
    assert old in CARDS[kind]
    _, problems = read(CARDS[kind].replace(old, new))
    assert any(problem.startswith(told) for problem in problems), problems


def test_options_that_come_out_alike_for_some_draw_are_told():
    card, problems = read(CARDS["choice"].replace("'{a+90}'", "'{a+20}'"))
    assert problems == []
    assert [message for _, message in prove(card) if "there is an earlier option" in message]


def test_a_card_without_draws_keeps_its_braces():
    card, problems = read("  - {id: x, kind: recall, question: 'What is f\"{x}\"?', answer: 'A {placeholder}.'}\n")
    assert problems == [] and ask(card, 1).text == 'What is f"{x}"?'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{p:%}", "5%"),
        ("{p:.1%}", "5.0%"),
        ("{q:frac}", "5/36"),
        ("{n:frac}", "3"),
        ("{n/7:frac}", "3/7"),
        ("{p:frac}", "1/20"),
        ("{pi:frac}", "3.14159265359"),
        ("{v:%}", "[50%, 50%]"),
        ("{A:table}", "\n```\n 1  2.5\n10    3\n```\n"),
        ("{v:table}", "\n```\n0.5  0.5\n```\n"),
        ("{n:table}", "\n```\n3\n```\n"),
    ],
)
def test_formats(text: str, shown: str):
    values = {"p": 0.05, "q": 5 / 36, "n": 3, "v": [0.5, 0.5], "A": [[1, 2.5], [10, 3]]}
    assert fill_text(text, values) == shown
