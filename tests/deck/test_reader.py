"""Reading a deck: a mistake costs its card, and every mistake of a file is reported in one run, at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.cards.card import Draw, Point
from studyapp.deck.reader import ReadDeck, parse_deck, read_deck
from studyapp.kinds.choice import ChoiceCard
from studyapp.kinds.cloze import ClozeCard
from studyapp.kinds.recall import RecallCard

from .decks import choice, cloze, deck_text, write

PATH = Path("deck.yaml")


def read(text: str) -> ReadDeck:
    return parse_deck(text, PATH)


def ids(result: ReadDeck) -> list[str]:
    assert result.deck is not None
    return [card.id for card in result.deck.cards]


def test_a_good_deck_has_its_cards_in_order_with_their_lines() -> None:
    result = read(deck_text(cloze("one"), choice("two"), header="order: 3\ndescription: Two cards.\n"))
    assert result.problems == ()
    assert result.deck is not None
    assert (result.deck.deck, result.deck.order, result.deck.language) == ("example", 3.0, "en")
    assert [type(card) for card in result.deck.cards] == [ClozeCard, ChoiceCard]
    assert result.lines == {"one": 6, "two": 9}
    assert result.complete


def test_points_are_texts_or_texts_with_words() -> None:
    result = read(
        deck_text("id: a\nkind: recall\nquestion: Q?\nanswer: A.\npoints: [mean, {text: robust, words: [outlier]}]")
    )
    assert result.deck is not None
    card = result.deck.cards[0]
    assert isinstance(card, RecallCard)
    assert card.points == (Point(text="mean"), Point(text="robust", words=("outlier",)))


@pytest.mark.parametrize(
    ("card", "place", "code", "words"),
    [
        ("id: a\nkind: clozze\ntext: x", "clozze", "unknown-kind", "did you mean 'cloze'?"),
        ("id: a\ntext: x", "id: a", "missing-key", "no kind"),
        ("id: a\nkind: cloze\ntxt: 'A {{b}}'", "txt", "unknown-key", "did you mean 'text'?"),
        ("id: a\nkind: cloze\ntext: 'A {{b}}'\ntext: 'C {{d}}'", "text: 'C", "duplicate-key", "twice"),
        ("id: A b\nkind: cloze\ntext: 'A {{b}}'", "A b", "spelling", "write a-b"),
        ("id: ../../etc\nkind: cloze\ntext: 'A {{b}}'", "../..", "spelling", "card id"),
        ("id: a\nkind: cloze\ntext:", "", "empty", "nothing stands here"),
        ("id: a\nkind: cloze\ntext: '  '", "'  '", "empty", "is empty"),
        ("id: a\nkind: cloze\ntext: [x]", "[x]", "type", "not a list"),
        ("id: a\nkind: cloze\ntext: 'A {{b}}'\ntags: sum", "sum", "type", "write it as a list"),
        ("id: a\nkind: cloze\ntext: 'A {{b}}'\ndifficulty: 4", "4", "range", "from 1 to 3"),
        ("id: a\nkind: cloze\ntext: 'A {{b}}'\ndifficulty: 0x1", "0x1", "number", "write 1"),
        ("id: a\nkind: cloze\ntext: 'A {{b}}'\ndifficulty: '2'", "'2'", "number", "quotes away"),
        ("id: a\nkind: cloze\ntext: 'A {{b}}'\nhints: [a, '']", "'']", "empty", "is empty"),
        ("id: a\nkind: cloze\ntext: ~", "~", "empty", "nothing stands here"),
        ("[a, b]", "[a", "type", "a card was expected"),
        ("'no mark at all'", "'no", "short-card", "front :: back"),
        ("' :: back'", "' ::", "short-card", "front :: back"),
        ("front ::", "front", "short-card", "needs a front and a back"),
        ("kind: order\nsteps: [a, b]", "kind", "missing-key", "from which it is made"),
    ],
)
def test_a_mistake_costs_its_card_and_is_reported_at_the_key_or_value(
    card: str, place: str, code: str, words: str
) -> None:
    text = deck_text(cloze("before"), card, cloze("after"))
    result = read(text)
    assert ids(result) == ["before", "after"]
    assert [problem.code for problem in result.problems] == [code]
    problem = result.problems[0]
    assert words in f"{problem.message} {problem.hint}"
    if place:
        line = text.split("\n")[problem.line - 1] + "\n"
        assert line[problem.column - 1 :].startswith(place)


def test_every_problem_of_a_file_is_found_in_one_run() -> None:
    text = deck_text(
        "id: a\nkind: cloze\ntext: no gap\nhint: [x]",
        "id: b\nkind: choice\nquestion:\noptions: [{text: a, why: b, corect: true}, {why: c}]",
        cloze("c"),
        cloze("c"),
        header="lnguage: en\n",
    )
    found = [(problem.line, problem.code) for problem in read(text).problems]
    assert found == [
        (3, "unknown-key"),
        (8, "unknown-key"),
        (11, "empty"),
        (12, "unknown-key"),
        (12, "missing-key"),
        (16, "duplicate-id"),
    ]


@pytest.mark.parametrize("text", ["no", "12", "1e3", "12:30", "1_000", "2024-01-01", "NULL", "true", "="])
def test_a_plain_value_is_a_text_where_a_text_is_wanted(text: str) -> None:
    result = read(deck_text(f"id: a\nkind: recall\nquestion: Q?\nanswer: {text}\ntags: [x]"))
    assert result.problems == ()
    assert result.deck is not None
    assert isinstance(card := result.deck.cards[0], RecallCard)
    assert card.answer == text


def test_truth_stands_without_quotes() -> None:
    quoted = read(deck_text(choice("a").replace("the median", "'no'")))
    assert quoted.problems == ()
    loose = read(deck_text(choice("a").replace("correct: true", "correct: yes")))
    assert [problem.code for problem in loose.problems] == ["type"]


def test_names_of_draws_are_taken_as_written() -> None:
    result = read(
        deck_text("id: a\nkind: compute\nquestion: 'y = {y}, n = {n}?'\ndraw: {y: [1, 2], n: 2}\nanswer: sum(y)/n")
    )
    assert result.problems == ()
    assert result.deck is not None
    draws = result.deck.cards[0].draw  # type: ignore[union-attr]
    assert draws == {
        "y": Draw(rule="value", arguments=([1, 2],)),
        "n": Draw(rule="value", arguments=(2,)),
    }


def test_broken_yaml_costs_the_card_in_which_it_stands() -> None:
    text = deck_text(
        cloze("one"), "id: two\nkind: cloze\ntext: what: now {{b}}", cloze("three"), "id: 'four\nkind: x", cloze("five")
    )
    result = read(text)
    assert ids(result) == ["one", "three", "five"]
    assert not result.complete
    ends = read(deck_text(cloze("one"), "id: two\nkind: cloze\ntext: what: now {{b}}"))
    assert [(problem.code, problem.card_id) for problem in ends.problems] == [("yaml", "two")]
    assert [(problem.code, problem.card_id) for problem in result.problems] == [("yaml", "two"), ("yaml", "four")]
    assert result.lines["five"] == text[: text.index("- id: five")].count("\n") + 1


def test_a_file_cut_off_in_the_middle_keeps_the_cards_before() -> None:
    text = deck_text(cloze("one"), cloze("two"), cloze("three"))
    result = read(text[: text.index("three") + 14] + '  text: "half')
    assert ids(result) == ["one", "two"]
    assert not result.complete


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty-file"),
        ("\n# nothing but a comment\n", "empty-file"),
        ("- a\n- b\n", "type"),
        ("just words\n", "type"),
    ],
)
def test_a_file_that_is_no_deck_is_one_problem(text: str, code: str) -> None:
    result = read(text)
    assert result.deck is None
    assert [problem.code for problem in result.problems] == [code]


def test_a_deck_needs_a_name_and_cards() -> None:
    assert {problem.message for problem in read("language: en\n").problems} == {
        "the deck needs the key 'deck'",
        "the deck needs the key 'title'",
        "the deck needs the key 'cards'",
    }
    empty = read("deck: a\ntitle: A\ncards:\n")
    assert [problem.severity for problem in empty.problems] == ["warning"]
    assert empty.deck is not None


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    text = deck_text(cloze("one"), "id: two\nkind: clozze\ntext: x", cloze("three"))
    plain = read_deck(write(tmp_path / "plain.yaml", text))
    windows = read_deck(write(tmp_path / "windows.yaml", "\ufeff" + text.replace("\n", "\r\n")))
    assert windows.deck == plain.deck
    assert windows.lines == plain.lines
    assert [p.position[1:] for p in windows.problems] == [p.position[1:] for p in plain.problems]


def test_problems_print_as_file_line_column_code_message() -> None:
    result = read("deck: a\ntitle: A\ncrds: []\ncards: []\n")
    assert str(result.problems[0]) == ("deck.yaml:3:1: unknown-key: a deck has no key 'crds' (did you mean 'cards'?)")
