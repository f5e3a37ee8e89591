"""Constants and functions that decks define, sums over an index, and entries picked by a drawn number."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.deck.reader import parse_deck
from studyapp.formula import FORMULA, ExpressionError, budget, parse
from studyapp.formula.definitions import defined_values
from studyapp.kinds.ask import ask
from studyapp.kinds.grade import reveal

CHOOSE = {"choose(n, k)": "factorial(n) / (factorial(k) * factorial(n - k))"}


def value(text: str, define: dict[str, str] | None = None, **values: Any) -> Any:
    known = {**defined_values(define or {}), **values}
    return parse(text, known).evaluate(known).tolist()


class TestEntries:
    @given(st.lists(st.integers(-9, 9), min_size=1, max_size=6), st.data())
    def test_an_entry_is_picked_by_any_whole_number(self, x: list[int], data: st.DataObject):
        k = data.draw(st.integers(-len(x), len(x) - 1))
        assert value("x[k]", x=x, k=k) == value("x[k + 1 - 1]", x=x, k=k) == x[k]

    def test_of_a_matrix_a_row_and_an_entry(self):
        assert value("A[i, j] + A[i][j] + A[1, 0]", A=[[1, 2], [30, 4]], i=0, j=1) == 34
        assert value("A[argmax(x)]", A=[5, 6, 7], x=[1, 3, 2]) == 6

    @pytest.mark.parametrize("index", ["3", "-4", "k", "k / 2", "x", "x[0] / 3", "1.5", "1e0"])
    def test_what_is_no_place_is_refused(self, index: str):
        with pytest.raises(ExpressionError):
            value(f"x[{index}]", x=[1, 2, 3], k=5)


class TestSums:
    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("sum(1 / i for i in range(1, n + 1))", sum(1 / i for i in range(1, 8))),
            ("sum(i * j for i in range(n) for_", None),
            ("prod(i for i in range(1, n + 1))", math.factorial(7)),
            ("max(x[i] - x[i - 1] for i in range(1, len(x)))", 4),
            ("sum(sum(i * j for j in range(i)) for i in range(n))", sum(i * j for i in range(7) for j in range(i))),
            ("sum(n for n in x)", 8),
            ("sum(n for n in x) + n", 15),
            ("mean(i^2 if i > 2 else 0 for i in x)", (9 + 0 + 25 * 0) / 3),
            ("len(i for i in [5])", 1),
        ],
    )
    def test_a_sum_over_an_index_is_that_of_python(self, text: str, wanted: float | None):
        x = [3, 0, 5] if "mean" not in text else [3, 0, 2]
        x = [1, 2, 6] if "x[i]" in text else x
        if wanted is None:
            with pytest.raises(ExpressionError):
                value(text, n=7, x=x)
        else:
            assert value(text, n=7, x=x) == pytest.approx(wanted)

    def test_the_index_means_nothing_outside(self):
        with pytest.raises(ExpressionError, match="i"):
            value("sum(i for i in x) + i", x=[1, 2])

    def test_learners_cannot_type_one(self):
        with pytest.raises(ExpressionError):
            parse("sum(i for i in x)", ("x",), FORMULA)

    @pytest.mark.parametrize(
        "text",
        [
            "sum(sum(sum(1 for k in range(9999)) for j in range(9999)) for i in range(9999))",
            "sum(sum(range(9999) + i + j) for i in range(9999) for j in range(2))",
        ],
    )
    def test_no_sum_keeps_the_app_busy(self, text: str):
        started = time.perf_counter()
        with pytest.raises((budget.OutOfBudget, ExpressionError)), budget.limited(0.3):
            value(text)
        assert time.perf_counter() - started < 5

    def test_the_entries_together_are_bounded(self):
        with pytest.raises(ExpressionError, match="too many"):
            value("sum(range(200) for i in range(200))")

    def test_it_is_shown_as_it_was_written(self):
        assert str(parse("sum(x[i] / i for i in range(1, n))", ("x", "n"))) == "sum(x[i]/i for i in range(1, n))"


class TestDefinitions:
    @given(st.integers(0, 20), st.integers(0, 20))
    def test_a_function_is_what_its_body_says(self, n: int, k: int):
        if k <= n:
            assert value("choose(n, k)", CHOOSE, n=n, k=k) == pytest.approx(math.comb(n, k))

    def test_constants_and_functions_may_use_those_before_them(self):
        define = {"rate": "0.05", "grow(x)": "x * (1 + rate)", "twice(x)": "grow(grow(x))", "ten": "twice(10)"}
        assert value("ten", define) == pytest.approx(11.025)

    @pytest.mark.parametrize("define", [{"f(n)": "f(n - 1)"}, {"f(n)": "g(n)", "g(n)": "n"}, {"a": "b", "b": "1"}])
    def test_nothing_may_use_itself_or_what_comes_later(self, define: dict[str, str]):
        with pytest.raises(ExpressionError):
            defined_values(define)

    def test_a_parameter_hides_a_constant_and_nothing_of_the_card_is_seen_inside(self):
        assert value("f(2)", {"x": "100", "f(x)": "x + 1"}) == 3
        with pytest.raises(ExpressionError):
            value("f(2)", {"f(x)": "x + drawn"}, drawn=1)

    @pytest.mark.parametrize("text", ["choose(5)", "choose(5, 2, 1)", "choose(5, k=2)", "choose"])
    def test_the_count_of_arguments_is_checked(self, text: str):
        with pytest.raises(ExpressionError):
            value(text, CHOOSE)

    def test_functions_that_double_each_other_run_out_of_their_budget(self):
        define = {"f0(x)": "x + 1"} | {f"f{n}(x)": f"f{n - 1}(x) + f{n - 1}(x)" for n in range(1, 40)}
        started = time.perf_counter()
        with pytest.raises(budget.OutOfBudget), budget.limited(0.3):
            value("f39(1)", define)
        assert time.perf_counter() - started < 5

    def test_an_expression_that_was_read_where_a_name_was_a_function_is_not_reused_where_it_is_none(self):
        assert value("f(3)", {"f(x)": "x + 1"}) == 4
        assert value("f(3)", {"f": "2"}) == 6


DECK = """
deck: defined
title: Defined
define: {rate: 0.05, 'choose(n, k)': factorial(n) / (factorial(k) * factorial(n - k))}
cards:
  - {id: a, kind: compute, question: 'Ways to choose 2 of {n}?', draw: {n: {integers: [5, 9]}}, answer: 'choose(n, 2)'}
  - {id: b, kind: compute, question: 'Twice {n}, at {rate:%}?', draw: {n: {integers: [5, 9]}}, define: {rate: 0.1},
     answer: '2 * n * (1 + rate)'}
  - {id: c, kind: recall, question: 'What is {this}?', answer: A brace.}
"""


class TestDecks:
    def cards(self, text: str = DECK) -> tuple[Any, list[str]]:
        read = parse_deck(text, Path("defined.yaml"))
        return read.deck.cards if read.deck else (), [f"{one.code}: {one.message}" for one in read.problems]

    def test_definitions_of_the_deck_hold_for_cards_that_draw_and_those_of_a_card_come_before_them(self):
        (a, b, c), problems = self.cards()
        assert problems == []
        question = ask(a, 1)
        assert question.targets[0].value == math.comb(question.values["n"], 2)
        assert "10%" in ask(b, 1).text
        assert ask(c, 1).text == "What is {this}?"

    def test_the_worked_solution_shows_the_name_that_the_author_chose(self):
        question = ask(self.cards()[0][0], 1)
        assert f"choose({question.values['n']}, 2) = " in reveal(question).solution

    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ("rate: 0.05", "mean: 0.05", "reserved-name"),
            ("rate: 0.05", "'f(x)': y", "expression"),
            ("rate: 0.05", "'f(x, x)': x", "duplicate-name"),
            ("rate: 0.05", "n: 3, rate: 2", "duplicate-name"),
            ("rate: 0.05", "'choose(n)': 3, rate: 2", "duplicate-name"),
            ("rate: 0.05", "'f(': 3", "spelling"),
            ("'choose(n, 2)'", "'choose(n)'", "expression"),
        ],
    )
    def test_what_cannot_be_defined_is_told(self, old: str, new: str, told: str):
        assert old in DECK
        _, problems = self.cards(DECK.replace(old, new, 1))
        assert any(problem.startswith(told) for problem in problems), problems

    def test_the_cards_of_a_deck_come_after_its_definitions(self):
        head, _, cards = DECK.partition("cards:")
        lines = head.strip().split("\n")
        _, problems = self.cards("\n".join([*lines[:2], "cards:" + cards.rstrip(), lines[2], ""]))
        assert [problem for problem in problems if problem.startswith("order: ")]
