"""Slips in texts: warnings, since the card can still be studied."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.deck.reader import parse_deck
from tests.deck.decks import deck_text


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (r"'costs $5'", "maths", "never closed"),
        (r"'so $$x = 1$ it is'", "maths", "never closed"),
        (r"'so $$ $$ it is'", "maths", "nothing stands between"),
        (r"'so $\frac{1}{n$ it is'", "maths", "{ without }"),
        (r"'so $x}$ it is'", "maths", "} without {"),
        (r'"so $\frac{1}{n}$"', "escape", "single quotes"),
        (r'"so $\theta$"', "escape", "TAB"),
        (r'"so $\nabla L$"', "escape", "LINE BREAK"),
        (r'"red \e[31m text"', "escape", "ESCAPE"),
        ("'abc\u202edef'", "odd-character", "RIGHT-TO-LEFT OVERRIDE"),
        ("'ab\u200bcd'", "odd-character", "ZERO WIDTH SPACE"),
        ("'line\u2028separator'", "odd-character", "LINE SEPARATOR"),
    ],
)
def test_a_slip_is_named_and_costs_nothing(answer: str, code: str, words: str) -> None:
    result = parse_deck(deck_text(f"id: a\nkind: recall\nquestion: Q?\nanswer: {answer}"), Path("x.yaml"))
    assert result.deck is not None
    assert len(result.deck.cards) == 1
    assert [(problem.code, problem.severity) for problem in result.problems] == [(code, "warning")]
    assert words in f"{result.problems[0].message} {result.problems[0].hint}"


def test_a_message_never_repeats_a_character_that_does_harm() -> None:
    deck = deck_text("id: a\nkind: recall\nquestion: Q?\nanswer: 'so $x\u202e'\ntags: [\u202e]")
    for problem in parse_deck(deck, Path("x.yaml")).problems:
        assert str(problem).isprintable()


@pytest.mark.parametrize(
    "answer",
    [
        r"'costs \$5, and $x$'",
        r"'$a$$b$'",
        r"'$$\frac{a}{b}$$ and $\{x\}$'",
        "'`$HOME` is code'",
        '"two\\nlines"',
        r"'$\begin{cases} a & b \\ c & d \end{cases}$'",
        "'交叉熵，σ(z)，− × ½'",
    ],
)
def test_good_prose_passes(answer: str) -> None:
    result = parse_deck(deck_text(f"id: a\nkind: recall\nquestion: Q?\nanswer: {answer}"), Path("x.yaml"))
    assert result.problems == ()
