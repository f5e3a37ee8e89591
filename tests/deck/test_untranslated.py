"""What of a card still needs translating."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.cards.card import Card
from studyapp.deck.overlay import Words, has_words, untranslated
from studyapp.deck.reader import parse_deck

from .decks import deck_text

RECALL = "id: r\nkind: recall\nquestion: What?\nanswer: This.\npoints: [{text: one, words: [uno]}, two]\nhints: ['$x$']"
COMPUTE = """\
id: c
kind: compute
question: What is {x}?
draw: {x: 2}
parts:
  - {id: p, ask: First?, answer: x, wrong: [{id: w, value: x + 1, say: Too much.}]}
solution: '$<<x>> = {x}$'"""
ORDER = """\
id: o
kind: order
question: Why?
steps: [{id: s, text: $x = y$}, {id: t, text: so $x$}, {id: u, text: $z$, why: because}]"""


def card(text: str) -> Card:
    deck = parse_deck(deck_text(text), Path("x.yaml")).deck
    assert deck is not None
    return deck.cards[0]


@pytest.mark.parametrize(
    ("text", "words", "missing"),
    [
        (RECALL, None, ("question", "answer", "points")),
        (COMPUTE, {"question": "?"}, ("wrong", "parts")),
        (COMPUTE, {"question": "?", "parts": {"p": {"ask": "?"}}, "wrong": {"w": {"say": "!"}}}, ()),
        (ORDER, {"question": "?"}, ("steps",)),
        (ORDER, {"question": "?", "steps": {"t": {"text": "!"}}}, ("steps",)),
        (ORDER, {"question": "?", "steps": {"t": {"text": "!"}, "u": {"why": "!"}}}, ()),
    ],
)
def test_keys_with_words_and_without_translation_are_listed(
    text: str, words: Words | None, missing: tuple[str, ...]
) -> None:
    assert untranslated(card(text), words) == missing


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"$$\frac{a}{b}$$ and $c$", True),
        (r"$$\frac{a}{b}$$, $c$", False),
        ("```python\nimport numpy\n```", False),
        ("`loss` {p[0]:.3f} <<mean(y)>>", False),
        ("x = 3", False),
        ("costs \\$5 or \\$6", True),
    ],
)
def test_formulas_and_code_need_no_translation(text: str, expected: bool) -> None:
    assert has_words(text) is expected
