"""What a learner has chosen for decks: read, written, and honoured by the bank."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from studyapp.deck.bank import Bank
from studyapp.deck.choices import DeckChoice, moved, plain_choices, read_choices
from studyapp.deck.library import Library, LibraryError

from .decks import cloze, deck_text, write


@pytest.fixture
def library(tmp_path: Path) -> Library:
    for number, name in enumerate(("one", "two", "three"), start=1):
        write(
            tmp_path / "content" / f"{name}.yaml",
            deck_text(cloze(name), name=name, header=f"order: {number}\n"),
        )
    return Library(tmp_path / "home", tmp_path / "content")


@pytest.fixture
def bank(library: Library):
    with Bank.open(library, library.home / "cache.db") as bank:
        yield bank


def names(bank: Bank) -> list[str]:
    return [deck.name for deck in bank.decks()]


def test_choices_are_kept_beside_the_list_of_decks(library: Library, tmp_path: Path) -> None:
    chosen = DeckChoice(enabled=False, order=2.5, new_per_day=0, reviews_per_day=7, desired_retention=0.95)
    library.choose({"two": chosen, "one": DeckChoice()})
    mine = write(tmp_path / "mine.yaml", deck_text(cloze("x"), name="mine"))
    library.add(mine)
    assert library.choices() == {"two": chosen}
    library.choose({"two": DeckChoice()})
    assert library.choices() == {} and library.own() == (mine,)


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"two": {"new_per_day": -1}}, "choices of two: new_per_day: expected a whole number from 0"),
        ({"two": {"enabled": 1}}, "expected true or false"),
        ({"two": {"desired_retention": 0.2}}, "expected a number from 0.7 to 0.99"),
        ({"two": {"enable": True}}, "did you mean 'enabled'?"),
        ({"two": 3}, "choices of two"),
        ([], "choices: expected"),
    ],
)
def test_wrong_choices_are_a_problem_and_the_decks_stay(library: Library, choices: object, words: str) -> None:
    library.home.mkdir()
    (library.home / "library.json").write_text(json.dumps({"version": 1, "decks": [], "choices": choices}))
    with pytest.raises(LibraryError, match=r"library\.json"):
        library.choices()
    with Bank.open(library, library.home / "cache.db") as bank:
        (problem,) = bank.problems()
        assert words in problem.message
        assert names(bank) == ["one", "two", "three"]


def test_the_bank_shows_choices_and_a_change_counts_as_a_change_of_the_deck(bank: Bank, library: Library) -> None:
    chosen = DeckChoice(enabled=False, new_per_day=3)
    library.choose({"two": chosen})
    assert bank.refresh() == {"two"}
    assert [deck.choice for deck in bank.decks()] == [DeckChoice(), chosen, DeckChoice()]
    assert bank.refresh() == frozenset()
    assert Bank.open(library, bank.cache_path).decks() == bank.decks()


def test_a_chosen_order_moves_the_cards(bank: Bank, library: Library) -> None:
    library.choose({"three": DeckChoice(order=0.5)})
    assert bank.refresh() == {"three"}
    assert names(bank) == ["three", "one", "two"]
    assert [entry.card_id for entry in bank.entries()] == ["three", "one", "two"]
    library.choose({"three": DeckChoice()})
    bank.refresh()
    assert names(bank) == ["one", "two", "three"]


@given(
    orders=some.lists(some.floats(-50, 50) | some.integers(-3, 3), min_size=1, max_size=6),
    moves=some.lists(some.tuples(some.integers(0, 5), some.sampled_from((-1, 1))), max_size=12),
)
def test_moving_moves_one_deck_by_one_place(orders: list[float], moves: list[tuple[int, int]]) -> None:
    decks = sorted(
        ((f"d{number}", float(order)) for number, order in enumerate(orders)), key=lambda one: (one[1], one[0])
    )
    for place, step in moves:
        expected = [name for name, _ in decks]
        if place < len(decks) and 0 <= place + step < len(decks):
            expected.insert(place + step, expected.pop(place))
        after = {**dict(decks), **moved(decks, place, step)}
        decks = sorted(after.items(), key=lambda one: (one[1], one[0]))
        assert [name for name, _ in decks] == expected


def test_what_is_written_is_read_back() -> None:
    choices = {"a": DeckChoice(False, 1.5, 0, 3, 0.9), "b": DeckChoice(order=-2)}
    assert read_choices(json.loads(json.dumps(plain_choices(choices)))) == choices
