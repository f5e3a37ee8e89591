"""Answers from a fuzzer: every kind of card takes any text with a verdict, never with an exception, never for long."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyapp.cards.card import Card
from studyapp.deck.reader import parse_deck
from studyapp.deck.template import starter_deck
from studyapp.folders import content_folder
from studyapp.grading.draw import DrawError
from studyapp.grading.question import Question
from studyapp.grading.verdict import Outcome
from studyapp.kinds.ask import ask
from studyapp.kinds.grade import grade

from .mutants import NASTY

TOKENS = (
    *"0123456789.,;:[](){}+-*/^=%\n\t _'\"|", "1/2", "5e-1", "ln(", "log2(", "sqrt(", "exp(", "−", "·", "×", "π", "inf",
    "nan", "a", "y", "p", "e", "1e400", "**", "==", "²", "½", "０", "٣", "x" * 500, "9" * 500, "(" * 200,
)  # fmt: skip


def some_cards() -> list[Card]:
    """Cards of every kind: the starter's, and one of each kind from every bundled deck."""
    from pathlib import Path

    texts = [starter_deck("kinds")]
    texts += [path.read_text("utf-8") for path in sorted(content_folder().rglob("*.yaml"))[::5]]
    found: list[Card] = []
    for text in texts:
        read = parse_deck(text, Path("deck.yaml"))
        kinds = {card.kind: card for card in (read.deck.cards if read.deck else ())}
        found += [card for kind, card in kinds.items() if kind != "code"]  # type: ignore[misc]
    return found


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    asked = []
    for card in some_cards():
        try:
            asked.append(ask(card, 12345))
        except DrawError:
            pytest.fail(f"{card.id} cannot be asked")
    return asked


def check(question: Question, answer: str) -> None:
    begun = time.process_time()
    verdict = grade(question, answer)
    assert time.process_time() - begun < 3, (question.card.id, answer[:200])
    assert 0 <= verdict.score <= 1
    if verdict.outcome is Outcome.INVALID:
        assert verdict.message, (question.card.id, answer)
    if verdict.position is not None:
        assert 0 <= verdict.position <= len(answer), (question.card.id, answer, verdict.position)


@pytest.mark.parametrize("seed", range(3))
def test_random_tokens(seed: int, questions: list[Question]) -> None:
    rng = random.Random(seed)
    for _ in range(150):
        answer = "".join(rng.choice(TOKENS) for _ in range(rng.randint(0, 12)))
        check(rng.choice(questions), answer)


def test_nasty_texts(questions: list[Question]) -> None:
    for number, answer in enumerate(NASTY):
        for question in questions[number % 7 :: 7]:
            check(question, answer)


@given(data=st.data(), answer=st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_text(questions: list[Question], data: st.DataObject, answer: str) -> None:
    check(data.draw(st.sampled_from(questions)), answer)
