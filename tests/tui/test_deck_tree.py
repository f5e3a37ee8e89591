"""Decks as a tree."""

from __future__ import annotations

from pathlib import Path

from studyapp.deck.bank import DeckInfo
from studyapp.tui.deck_tree import Today, deck_rows


def deck(name: str) -> DeckInfo:
    return DeckInfo(name, name.title(), "", Path(f"{name}.yaml"), 1.0, "en", ("en",), 10, 0, False)


def test_folders_gather_their_decks_even_where_the_order_of_study_parts_them():
    decks = [deck("a/one"), deck("b"), deck("a/two"), deck("a/deep/three")]
    rows = deck_rows(decks, {"a/one": Today(1, 2, 3), "a/two": Today(4, 0, 0)})
    assert [(row.depth, row.title) for row in rows] == [
        (0, "All decks"), (0, "a/"), (1, "A/One"), (1, "A/Two"), (1, "deep/"), (2, "A/Deep/Three"), (0, "B"),
    ]  # fmt: skip
    assert rows[1].decks == ("a/one", "a/two", "a/deep/three")
    assert rows[1].today == Today(5, 2, 3)


def test_a_folder_brings_no_more_than_the_limits_leave():
    rows = deck_rows([deck("a/one"), deck("a/two")], {"a/one": Today(20), "a/two": Today(20)}, Today(20))
    assert rows[0].today.new == rows[1].today.new == 20


def test_one_deck_alone_needs_no_line_for_all():
    assert [row.title for row in deck_rows([deck("one")], {})] == ["One"]
    assert deck_rows([], {}) == []
