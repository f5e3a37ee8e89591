"""Writing decks: a card from the shell, a deck that is not registered shown and watched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from studyapp.cli import watching
from studyapp.deck.reader import parse_deck

from .conftest import DECK, Studyapp

LOOSE = """\
deck: loose
title: Loose
cards:
  - {id: l-sum, kind: compute, question: "Two more than {x}?", draw: {x: {integers: [2, 90]}}, answer: x + 2}
  - {id: l-word, kind: cloze, text: "The {{median}}."}
"""


class TestCard:
    def test_a_card_goes_into_the_deck_that_is_named_and_the_rest_stays(self, studyapp: Studyapp, deck: Path) -> None:
        result = studyapp("card", "What is ε?", "A small number: > 0", "--deck", "mine", "--tag", "maths")
        assert result.code == 0
        assert deck.read_text(encoding="utf-8").startswith(DECK.rstrip("\n"))
        assert "A small number: > 0" in studyapp("show", result.out.strip(), "--answer").out
        assert studyapp("cards", "tag:maths").out.count("\n") == 1
        assert studyapp("check", str(deck)).code == 0

    def test_a_new_name_begins_a_deck_and_without_one_the_first_of_ones_own_is_taken(
        self, studyapp: Studyapp, home: Path
    ) -> None:
        first = studyapp("card", "der Hund", "the dog", "--deck", "life/german", "--both")
        assert first.code == 0
        path = home / "decks" / "life-german.yaml"
        assert [card.question for card in parse_deck(path.read_text(), path).deck.cards] == ["der Hund", "the dog"]  # type: ignore[union-attr]
        assert studyapp("card", "die Katze", "the cat").code == 0
        assert "die Katze" in path.read_text()

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (["", "back"], "the front is empty"),
            (["front", " "], "the back is empty"),
            (["front", "back", "--tag", "two words"], "is no tag"),
            (["front", "back", "--deck", "Ü b"], "is no name of a deck"),
        ],
    )
    def test_what_cannot_be_written_is_said_and_nothing_is_written(
        self, studyapp: Studyapp, deck: Path, words: list[str], told: str
    ) -> None:
        result = studyapp("card", *words)
        assert result.code == 1 and told in result.err
        assert deck.read_text(encoding="utf-8") == DECK

    def test_the_same_front_is_not_written_twice(self, studyapp: Studyapp, deck: Path) -> None:
        assert studyapp("card", "One", "1").code == 0
        before = deck.read_text()
        result = studyapp("card", " One ", "eins")
        assert result.code == 1 and "with this front already" in result.err
        assert deck.read_text() == before

    def test_a_deck_in_a_layout_that_cannot_be_added_to_is_left_alone(self, studyapp: Studyapp, tmp_path: Path) -> None:
        path = tmp_path / "flow.yaml"
        path.write_text("{deck: flow, title: F, cards: [{id: a, kind: recall, question: Q?, answer: A.}]}\n")
        assert studyapp("add", str(path)).code == 0
        before = path.read_text()
        assert studyapp("card", "One", "1", "--deck", "flow").code == 1
        assert path.read_text() == before


class TestShow:
    def test_all_cards_of_a_file_or_one_are_shown_without_registering_it(
        self, studyapp: Studyapp, tmp_path: Path
    ) -> None:
        path = tmp_path / "loose.yaml"
        path.write_text(LOOSE)
        shown = studyapp("show", str(path)).out
        assert "l-sum" in shown and "Two more than" in shown and "The […]." in shown
        one = studyapp("show", str(path), "l-word", "--answer").out
        assert "The median." in one and "l-sum" not in one
        data = studyapp("show", str(path), "--json").data
        assert [card["card_id"] for card in data] == ["l-sum", "l-word"]  # type: ignore[attr-defined, index]
        assert "loose" not in studyapp("decks").out

    def test_the_nearest_card_of_the_file_is_named_and_errors_are_counted(
        self, studyapp: Studyapp, tmp_path: Path
    ) -> None:
        path = tmp_path / "loose.yaml"
        path.write_text(LOOSE + "  - {id: broken, kind: recall}\n")
        result = studyapp("show", str(path), "l-wrd")
        assert result.code == 1 and "did you mean l-word" in result.err
        assert "has 2 errors" in studyapp("show", str(path)).err or "has 1 error" in studyapp("show", str(path)).err

    def test_a_card_of_a_card_is_refused(self, studyapp: Studyapp, deck: Path) -> None:
        assert studyapp("show", "mine-half", "mine-word").code == 1


class TestWatch:
    def test_it_checks_again_after_a_change_until_it_is_interrupted(
        self, studyapp: Studyapp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "loose.yaml"
        path.write_text(LOOSE)
        texts = iter([LOOSE.replace("x + 2}", "x + two}"), LOOSE])

        def someone_edits(_seconds: float) -> None:
            text = next(texts, None)
            if text is None:
                raise KeyboardInterrupt
            path.write_text(text)
            os.utime(path, ns=(0, len(text) * 1000))

        monkeypatch.setattr(watching.changes, "__defaults__", (someone_edits,))
        result = studyapp("check", str(path), "--watch", "--seeds", "3")
        assert result.code == 0
        assert result.out.count("expression: ") == 1
        assert result.err.count("1 deck, 2 cards: 0 errors") == 2
        assert "ctrl+c ends" in result.err

    def test_a_file_that_goes_and_comes_is_a_change(self, tmp_path: Path) -> None:
        path = tmp_path / "loose.yaml"
        path.write_text(LOOSE)
        steps = iter([path.unlink, lambda: None, lambda: path.write_text(LOOSE)])
        seen = []

        def wait(_seconds: float) -> None:
            step = next(steps, None)
            if step is None:
                raise KeyboardInterrupt
            step()

        with pytest.raises(KeyboardInterrupt):
            for _ in watching.changes([path], wait):
                seen.append(path.exists())
        assert seen == [False, True]
