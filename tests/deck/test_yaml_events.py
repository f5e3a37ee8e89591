"""YAML that decks may not use, and broken YAML: refused with a place and a word on what to do."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from studyapp.deck.reader import parse_deck
from studyapp.forms.problem import Problem

HEAD = "deck: x\ntitle: X\ncards:\n"


def only_problem(text: str) -> Problem:
    problems = parse_deck(text, Path("x.yaml")).problems
    assert len(problems) == 1, problems
    return problems[0]


@pytest.mark.parametrize(
    ("card", "code", "place", "words"),
    [
        ("- !!python/object/apply:os.system ['id']", "tag", (4, 3), "!!python/object/apply:os.system"),
        ("- {id: !mine a}", "tag", (4, 8), "quotes"),
        ("- &a [*a]", "recursive-alias", (4, 7), "inside the value"),
        ("- *nobody", "unknown-alias", (4, 3), "in quotes"),
        ("- " + "[" * 100_000, "too-deep", (4, 35), "32 levels"),
        ("- " + "- " * 100_000, "too-deep", (4, 67), "32 levels"),
        ("- [" + "a," * 30_000 + "]", "too-many-values", None, "20,000"),
        ("- id: a\n\tkind: cloze", "tab", None, "spaces"),
        ("- id: a\n  question: what: now", "yaml", (5, 17), "in quotes"),
        ('- {id: a, answer: "\\sigma"}', "yaml", (4, 20), "single quotes"),
        ("- {id: a, answer: 'open}", "yaml", None, "never closed"),
        ("- {id: a, answer: @x}", "yaml", (4, 19), "quotes"),
        ("- id: a\n  text: |p| + |q|", "yaml", None, "begins with |"),
        ("- {id: a", "yaml", None, "comma or }"),
    ],
)
def test_unusable_yaml_is_one_problem_at_its_place(
    card: str, code: str, place: tuple[int, int] | None, words: str
) -> None:
    problem = only_problem(HEAD + card + "\n")
    assert problem.code == code
    assert place is None or (problem.line, problem.column) == place
    assert words in str(problem)


@pytest.mark.parametrize("levels", [33, 999, 1_000, 1_001, 1_002, 5_000, 100_000])
@pytest.mark.parametrize(
    ("opening", "column"),
    [("[", 35), ("{", 35), ("- ", 67), ("{a: ", 131), ("[{a: ", 83), ("? ", 67)],
)
def test_too_deep_is_the_same_problem_whether_libyaml_or_the_app_refuses_it(
    opening: str, column: int, levels: int
) -> None:
    good = "- {id: a, kind: cloze, text: 'A {{gap}}.'}\n"
    read = parse_deck(f"{HEAD}{good}- {opening * levels}\n{good.replace('id: a', 'id: b')}", Path("x.yaml"))
    problem = read.problems[0]
    assert (problem.code, problem.line, problem.column) == ("too-deep", 5, column)
    assert read.deck is not None
    assert read.deck.cards[0].id == "a"


def test_aliases_that_multiply_are_counted_as_often_as_they_are_used() -> None:
    laughs = ["- &a0 [x, x, x, x, x, x, x, x, x, x]"]
    laughs += [f"- &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    started = time.perf_counter()
    read = parse_deck(HEAD + "\n".join(laughs) + "\n", Path("x.yaml"))
    assert "too-many-values" in {problem.code for problem in read.problems}
    assert time.perf_counter() - started < 2


def test_an_alias_that_stays_small_is_welcome() -> None:
    text = HEAD + "- {id: a, kind: cloze, text: &t 'A {{gap}}.'}\n- {id: b, kind: cloze, text: *t}\n"
    read = parse_deck(text, Path("x.yaml"))
    assert not read.problems
    assert read.deck is not None
    assert [card.id for card in read.deck.cards] == ["a", "b"]


def test_merge_keys_and_second_documents_are_refused() -> None:
    merged = only_problem(HEAD + "- {<<: {a: b}, id: a, kind: cloze, text: 'A {{gap}}.'}\n")
    assert (merged.code, "merge keys" in merged.hint) == ("unknown-key", True)
    second = only_problem("deck: x\ntitle: X\ncards: []\n---\ndeck: y\n")
    assert (second.code, second.line) == ("several-documents", 4)
