"""Typed answers: what is right in each form, what is wrong, and what is asked for again."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.deck.reader import parse_deck
from studyapp.grading.match import letter_by_letter, matches
from studyapp.grading.verdict import Outcome
from studyapp.kinds.ask import ask
from studyapp.kinds.grade import grade
from studyapp.kinds.typed import FORMS, TypedCard
from studyapp.kinds.typed.values import read_fraction, read_interval

RIGHT, WRONG, ASKED_AGAIN = Outcome.CORRECT, Outcome.WRONG, Outcome.INVALID


def card(form: str, answer: str, **more: Any) -> TypedCard:
    return TypedCard(id="a", question="?", answer=answer, form=form, **more)


def verdict(one: TypedCard, answer: str, language: str = "en") -> Any:
    return grade(ask(one, 1, language), answer)


@pytest.mark.parametrize(
    ("form", "answer", "more", "right", "wrong", "again"),
    [
        ("text", "the dog", {}, ["The Dog", "the  dog.", "“the dog”"], ["dog", "the dogs", "a dog"], ["", "  "]),
        ("text", "Äpfel", {"accept": ("Aepfel",)}, ["äpfel", "Aepfel", "A\u0308pfel"], ["Apfel", "Äpfeln"], []),
        ("text", "das Mädchen", {"fold": {"ä": "ae", "ö": "oe"}}, ["das Maedchen", "DAS MÄDCHEN"], ["das Madchen"], []),
        ("text", "True", {"match": "exact"}, ["True", " True "], ["true", "TRUE", "True."], []),
        ("text", "__init__", {"match": "case"}, ["__INIT__"], ["init", "_init_"], []),
        ("text", "*args", {"match": "words"}, ["*args", "*ARGS"], ["args", "**args"], []),
        ("text", "!=", {}, ["!="], ["==", "="], []),
        ("text", "quantiles", {"match": "loose"}, ["the quantile", "Quantiles"], ["quartile"], []),
        ("text", "交叉熵", {}, ["交叉熵", "交叉熵。"], ["熵"], []),
        ("integer", "120", {}, ["120", "120.0", "1.2e2", "240/2", "１２０"], ["121", "-120"], ["many", "120.5", "1/0"]),
        ("integer", "1000000", {}, ["1,000,000", "1 000 000", "1e6"], ["100000"], []),
        ("fraction", "5/36", {}, ["5/36", "10/72", " 5 / 36 "], ["0.1389", "5/35", "-5/36", "0.13888888888"],
            ["5//36", "5/0", "pi"]),
        ("fraction", "1/4", {}, ["0.25", "25%", "2/8", ".25"], ["0.250001", "25"], ["a quarter of it"]),
        ("fraction", "-3/2", {}, ["−3/2", "-1 1/2", "-1.5"], ["3/2"], []),
        ("number", "300", {"tolerance": "factor 2"}, ["150", "600", "300"], ["149", "601", "-300", "0"], ["about"]),
        ("number", "9.81", {"tolerance": "5%"}, ["10", "9.4"], ["9", "11"], []),
        ("number", "2.5", {"tolerance": "0.1"}, ["2.6", "2.4"], ["2.7"], []),
        ("number", "0", {}, ["0", "0.0", "-0"], ["0.001", "1e-9"], []),
        ("number", "290", {"unit": "GB"}, ["290", "290 GB"], ["29 GB"], ["290 apples"]),
        ("set", "{1, 2, 3}", {}, ["3, 2, 1", "{1,2,3}", "1; 2; 3", "1、2、3", "{1, 1, 2, 3}", "1.0, 4/2, 3"],
            ["1, 2", "1, 2, 3, 4", "∅"], ["{1, 2", "1,,2"]),
        ("set", "precision, recall", {}, ["Recall, precision"], ["precision, accuracy", "precision"], []),
        ("set", "∅", {}, ["{}", "∅"], ["0"], []),
        ("interval", "(0, 4]", {}, ["(0; 4]", "]0, 4]", "0 < x <= 4", "0<x≤4", "4 >= x > 0", "(0, 8/2]"],
            ["(0, 4)", "[0, 4]", "0 < x < 4", "(0, 5]"], ["0..4", "(4, 0]", "x"]),
        ("interval", "[3, ∞)", {}, ["x >= 3", "3 <= x", "[3, inf)", "[3, oo]"], ["x > 3", "(3, ∞)"], []),
        ("interval", "x < -1", {}, ["(-∞, -1)", "(−inf; −1)", "-1 > x"], ["x <= -1"], []),
        ("yes-no", "no", {}, ["No.", "n", "false", "否", "不是"], ["yes", "是", "true"], ["maybe", "ye s"]),
    ],
)  # fmt: skip
def test_right_wrong_and_asked_again(
    form: str, answer: str, more: Any, right: list[str], wrong: list[str], again: list[str]
) -> None:
    one = card(form, answer, **more)
    for answers, outcome in ((right, RIGHT), (wrong, WRONG), (again, ASKED_AGAIN)):
        for typed in answers:
            found = verdict(one, typed)
            assert found.outcome is outcome, (typed, found.message)
            assert (found.score == 1.0) is (outcome is RIGHT)


class TestWhatIsSaid:
    def test_a_wrong_letter_is_shown_letter_by_letter(self) -> None:
        found = verdict(card("text", "das Mädchen"), "das Madchen")
        assert "das M[a→ä]dchen" in found.details[0].text
        assert "das Mädchen" in found.message

    def test_texts_with_little_in_common_are_not_compared(self) -> None:
        assert verdict(card("text", "entropy"), "banana").details == ()

    def test_a_set_says_what_does_not_belong_and_how_many_are_missing(self) -> None:
        found = verdict(card("set", "{1, 2, 3}"), "1, 5")
        assert [detail.passed for detail in found.details] == [True, False, False]
        assert "2 members are missing." in found.details[-1].text
        assert "3" not in found.details[-1].text

    def test_right_ends_that_are_open_or_closed_the_wrong_way_are_named(self) -> None:
        assert "The ends are right" in verdict(card("interval", "(0, 4]"), "[0, 4]").details[0].text

    def test_it_is_said_in_chinese(self) -> None:
        assert "不对" in verdict(card("integer", "120"), "121", "zh").message
        assert "整数" in verdict(card("integer", "120"), "很多", "zh").message


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ("answer: x, as: word", "typed-form"),
        ("answer: x, match: fuzzy", "typed-form"),
        ("answer: five, as: integer", "typed-answer"),
        ("answer: 1/0, as: fraction", "typed-answer"),
        ('answer: "5", accept: [many], as: number', "typed-answer"),
        ('answer: "(4, 0]", as: interval', "typed-answer"),
        ("answer: maybe, as: yes-no", "typed-answer"),
        ('answer: "5", as: number, tolerance: some', "tolerance"),
        ('answer: "5", as: integer, tolerance: 5%', "tolerance"),
        ("answer: x, unit: GB", "unit"),
        ('answer: "5", as: integer, fold: {ä: ae}', "fold"),
        ("as: text", "missing-key"),
    ],
)
def test_what_cannot_be_graded_is_an_error_at_its_place(keys: str, code: str) -> None:
    text = f"deck: a\ntitle: A\ncards:\n  - {{id: b, kind: typed, question: What?, {keys}}}\n"
    problems = parse_deck(text, Path("a.yaml")).problems
    assert [problem.code for problem in problems if problem.severity == "error"][:1] == [code]
    assert all(problem.line == 4 for problem in problems)


def test_plain_scalars_and_defaults_are_enough() -> None:
    text = (
        "deck: words\ntitle: Words\ndefaults: {kind: typed, match: exact}\n"
        "cards:\n  - der Hund :: the dog\n  - {question: Is it?, answer: no, as: yes-no}\n"
        "  - {question: How many?, answer: 12, as: integer}\n"
    )
    read = parse_deck(text, Path("words.yaml"))
    assert read.deck is not None and not read.problems
    assert [(one.answer, one.form, one.match) for one in read.deck.cards] == [  # type: ignore[attr-defined]
        ("the dog", "text", "exact"), ("no", "yes-no", "exact"), ("12", "integer", "exact"),
    ]  # fmt: skip


@given(st.fractions(max_denominator=10**6))
def test_every_fraction_is_read_as_itself(value: Fraction) -> None:
    assert read_fraction(str(value)) == value
    assert read_fraction(f"{value.numerator} / {value.denominator}") == value


@given(st.integers(-50, 50), st.integers(0, 50), st.booleans(), st.booleans())
def test_an_interval_is_the_same_in_brackets_and_as_inequality(
    low: int, length: int, first: bool, second: bool
) -> None:
    high = low + length
    brackets = f"{'[' if first else '('}{low}, {high}{']' if second else ')'}"
    inequality = f"{low} {'<=' if first else '<'} x {'<=' if second else '<'} {high}"
    turned = f"{high} {'>=' if second else '>'} x {'>=' if first else '>'} {low}"
    assert read_interval(brackets) == read_interval(inequality) == read_interval(turned) is not None


@given(st.sampled_from(FORMS), st.text(max_size=60))
def test_whatever_is_typed_gets_a_verdict(form: str, typed: str) -> None:
    right = {"text": "a", "interval": "(0, 1)", "yes-no": "yes"}.get(form, "1")
    assert verdict(card(form, right), typed).outcome in (RIGHT, WRONG, ASKED_AGAIN)


@given(st.text(max_size=40), st.text(max_size=40))
def test_letters_compared_lead_from_one_to_the_other(typed: str, right: str) -> None:
    compared = letter_by_letter(typed, right)
    assert not compared or not matches(typed, right, "exact")
