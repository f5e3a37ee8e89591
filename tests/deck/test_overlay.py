"""Translations laid over the cards of a deck."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studyapp.cards.card import Point
from studyapp.deck.overlay import ReadOverlay, fit, parse_overlay
from studyapp.deck.reader import parse_deck
from studyapp.kinds.choice import ChoiceCard
from studyapp.kinds.cloze import ClozeCard
from studyapp.kinds.compute import ComputeCard
from studyapp.kinds.order import OrderCard
from studyapp.kinds.recall import RecallCard

from .decks import choice, cloze, deck_text

PATH = Path("example.zh.yaml")
RECALL = "id: r\nkind: recall\nquestion: Q?\nanswer: A.\npoints: [{text: one, words: [uno]}, two]"
ORDER = """\
id: o
kind: order
question: Q?
steps: [{id: s, text: x, why: w}, {id: t, text: y}]
distractors: [{text: d, why: e}]"""
COMPUTE = """\
id: c
kind: compute
question: What is {x}?
draw: {x: 2}
parts:
  - {id: p, ask: First?, answer: x, wrong: [{id: w, value: x + 1, say: Too much.}]}"""


def overlay(cards: str, header: str = "deck: example\nlanguage: zh\ntitle: 例\n") -> ReadOverlay:
    return parse_overlay(f"{header}cards:\n{cards}", PATH)


def cards_of(*cards: str) -> list[object]:
    deck = parse_deck(deck_text(*cards), Path("example.yaml")).deck
    assert deck is not None
    return list(deck.cards)


def localise(card: Any, entry: str) -> Any:
    """The card in the words of an overlay's entry that fits it."""
    read = overlay(f"  {card.id}: {entry}\n")
    assert read.problems == ()
    localised, problems = fit(card, read)
    assert problems == ()
    return localised


def test_texts_are_replaced_and_the_rest_stays() -> None:
    (card,) = cards_of(cloze("a"))
    assert isinstance(card, ClozeCard)
    localised = localise(card, "{text: 'MAE 的最优常数是{{中位数|median}}。'}")
    assert localised.text == "MAE 的最优常数是{{中位数|median}}。"
    assert localised.id == card.id


def test_points_keep_the_words_by_which_they_are_recognised() -> None:
    (card,) = cards_of(RECALL)
    assert isinstance(card, RecallCard)
    localised = localise(card, "{answer: 答, points: [一, {text: 二, words: [贰]}]}")
    assert localised.points == (Point(text="一", words=("uno",)), Point(text="二", words=("贰",)))
    assert (localised.question, localised.answer) == ("Q?", "答")


def test_options_keep_which_is_right_and_what_is_not_translated() -> None:
    (card,) = cards_of(choice("a"))
    assert isinstance(card, ChoiceCard)
    localised = localise(card, "{options: [{text: 均值, why: 导数为零}, {why: 那是绝对误差}]}")
    assert [(option.text, option.correct) for option in localised.options] == [("均值", True), ("the median", False)]


def test_steps_parts_and_mistakes_go_by_their_ids() -> None:
    order, compute = cards_of(ORDER, COMPUTE)
    assert isinstance(order, OrderCard)
    assert isinstance(compute, ComputeCard)
    steps = localise(order, "{steps: {t: 乙, s: {why: 因为}}, distractors: [丁]}")
    assert [(step.text, step.why) for step in steps.steps] == [("x", "因为"), ("乙", "")]
    assert [(entry.text, entry.why) for entry in steps.distractors] == [("丁", "e")]
    parts = localise(compute, "{parts: {p: 先求？}, wrong: {w: 太大}}")
    assert (parts.parts[0].ask, parts.parts[0].wrong[0].say) == ("先求？", "太大")


@pytest.mark.parametrize(
    ("card", "entry", "place", "words"),
    [
        (cloze("a"), "{text: 'no gap'}", "'no gap'", "has 1 gaps, the translation 0"),
        (cloze("a"), "{answer: x}", "x}", "not a key of a cloze card"),
        (choice("a"), "{options: [{text: x}]}", "[{text", "has 2 options, the translation 1"),
        (choice("a"), "{options: [{text: x}, {text: x}]}", "x}]", "this text"),
        (ORDER.replace("id: o", "id: a"), "{steps: {u: x}}", "x}", "no 'u'"),
        (COMPUTE.replace("id: c", "id: a"), "{wrong: {ww: x}}", "x}", "did you mean 'w'?"),
        (COMPUTE.replace("id: c", "id: a"), "{question: '{y}是多少？'}", "'{y}", "y"),
        (
            "id: a\nkind: formula\nquestion: Q?\nanswer: x\nvariables: {x: [0, 1]}",
            "{answer: 2*x}",
            "2*x",
            "an expression",
        ),
    ],
)
def test_what_does_not_fit_the_card_is_a_problem_in_the_overlay(card: str, entry: str, place: str, words: str) -> None:
    (target,) = cards_of(card)
    read = overlay(f"  a: {entry}\n")
    assert read.problems == ()
    problems = fit(target, read)[1]  # type: ignore[type-var]
    assert len(problems) == 1
    assert words in f"{problems[0].message} {problems[0].hint}"
    line = f"  a: {entry}"
    assert (problems[0].path, problems[0].line) == (PATH, 5)
    assert line[problems[0].column - 1 :].startswith(place)


def test_misspelt_and_double_entries_are_reported() -> None:
    read = overlay("  a: {questoin: x}\n  b: {question: x}\n  b: {question: y}\n")
    assert [(problem.line, problem.code) for problem in read.problems] == [(5, "unknown-key"), (7, "duplicate-id")]
    assert "did you mean 'question'?" in read.problems[0].hint
