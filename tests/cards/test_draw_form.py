"""How draws and domains are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.cards.card import Domain, Draw
from studyapp.deck.reader import ReadDeck, parse_deck
from tests.deck.decks import deck_text


def with_draw(written: str) -> ReadDeck:
    card = f"id: a\nkind: compute\nquestion: Q?\ndraw:\n  n: {{integers: [2, 4]}}\n  x: {written}\nanswer: sum(x)"
    return parse_deck(deck_text(card), Path("x.yaml"))


def with_domain(written: str) -> ReadDeck:
    card = f"id: a\nkind: formula\nquestion: Q?\nanswer: x\nvariables: {{x: {written}}}"
    return parse_deck(deck_text(card), Path("x.yaml"))


@pytest.mark.parametrize(
    ("written", "draw"),
    [
        ("0.25", Draw(rule="value", arguments=(0.25,))),
        ("[1, 0, 1]", Draw(rule="value", arguments=([1, 0, 1],))),
        ("1e-3", Draw(rule="value", arguments=(0.001,))),
        ("{choice: [0, 1], size: 3}", Draw(rule="choice", arguments=(0, 1), size=(3,))),
        (
            "{grid: [0.05, 0.95, 0.05], size: [2, 3], distinct: true}",
            Draw(rule="grid", arguments=(0.05, 0.95, 0.05), size=(2, 3), distinct=True),
        ),
        ("{integers: [2, 5]}", Draw(rule="integers", arguments=(2, 5))),
        ("{box: [0, 10], size: n}", Draw(rule="box", arguments=(0, 10), size=("n",))),
        ("{distribution: 3}", Draw(rule="distribution", arguments=(3, 0.05))),
        ("{distribution: 4, step: 0.1, size: n}", Draw(rule="distribution", arguments=(4, 0.1), size=("n",))),
        ("{one_hot: 3, size: [n, 2]}", Draw(rule="one_hot", arguments=(3,), size=("n", 2))),
        ("{mask: [3, 3]}", Draw(rule="mask", size=(3, 3))),
    ],
)
def test_a_draw_is_one_rule_with_its_arguments(written: str, draw: Draw) -> None:
    result = with_draw(written)
    assert result.problems == ()
    assert result.deck is not None
    assert result.deck.cards[0].draw["x"] == draw  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("{grid: [0, 1, 0.3]}", "write 0.9"),
        ("{grid: [1, 0, 0.1]}", "low ≤ high"),
        ("{grid: [0, 1]}", "3 numbers"),
        ("{grid: [0, 1, 0x1]}", "write 1"),
        ("{grid: [0, 1000000, 0.001]}", "100,000 points"),
        ("{grid: [0, 1, 1e400]}", "too large"),
        ("{integers: [0.5, 2]}", "whole numbers"),
        ("{choice: []}", "list of values"),
        ("{choice: [0, 1], size: 3, distinct: true}", "3 distinct values"),
        ("{choice: [0, 1], size: [200, 200]}", "10,000 entries"),
        ("{choice: [0, 1], size: 0}", "from 1 to"),
        ("{choice: [0, 1], sise: 3}", "did you mean 'size'?"),
        ("{choice: [0, 1], grid: [0, 1, 1]}", "exactly one rule"),
        ("{size: 3}", "exactly one rule"),
        ("{choice: [0, 1], step: 0.1}", "only a distribution"),
        ("{distribution: 3, step: 0.3}", "whole number of steps"),
        ("{distribution: 30, step: 0.05}", "smaller"),
        ("{one_hot: 1}", "from 2"),
        ("{box: [3, 3]}", "low < high"),
        ("{mask: 1}", "at least two"),
        ("{mask: [2, 2], size: 3}", "size itself"),
        ("0x10", "write 16"),
        ("12:30", "write 750"),
        ("1_000", "write 1000"),
        ("010", "write 10"),
    ],
)
def test_a_draw_that_cannot_be_is_refused_with_a_way_out(written: str, words: str) -> None:
    result = with_draw(written)
    assert len(result.problems) == 1
    assert words in f"{result.problems[0].message} {result.problems[0].hint}"


@pytest.mark.parametrize(
    ("written", "domain"),
    [
        ("[0.05, 0.95]", Domain(low=0.05, high=0.95)),
        ("{choice: [0, 1]}", Domain(values=(0.0, 1.0))),
        ("{integers: [2, 9]}", Domain(low=2.0, high=9.0, integer=True)),
    ],
)
def test_a_domain_is_an_interval_or_a_choice(written: str, domain: Domain) -> None:
    result = with_domain(written)
    assert result.problems == ()
    assert result.deck is not None
    assert result.deck.cards[0].variables == {"x": domain}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "written", ["[1, 1]", "[1]", "[1, b]", "{choise: [1]}", "{choice: []}", "{integers: [0.5, 1]}", "3"]
)
def test_an_empty_or_misspelt_domain_is_refused(written: str) -> None:
    assert len(with_domain(written).problems) == 1


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("[1%, 0.02, 1/4, -1/2]", (0.01, 0.02, 0.25, -0.5)),
        ("['1%', \"1/2\"]", ("1%", "1/2")),
        ("[[1/2, 50%], [0, 1]]", ([0.5, 0.5], [0, 1])),
        ("[1/0, a/b]", ("1/0", "a/b")),
    ],
)
def test_shares_and_fractions_are_numbers_as_learners_write_them(written: str, values: tuple[object, ...]) -> None:
    card = f"{{id: b, kind: compute, question: '{{x}}', draw: {{x: {{choice: {written}}}}}, answer: x}}"
    text = f"deck: a\ntitle: A\ncards:\n  - {card}\n"
    deck = parse_deck(text, Path("a.yaml")).deck
    assert deck is not None
    assert deck.cards[0].draw["x"].arguments == values  # type: ignore[attr-defined]
