"""An edit of a bundled card goes into a copy in the user's folder, which is asked instead until it is taken back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from studyapp.deck.bank import Bank
from studyapp.deck.check import check
from studyapp.deck.deck_files import find_deck_files
from studyapp.deck.library import Library
from studyapp.deck.overlay import parse_overlay
from studyapp.deck.own_versions import OwnFiles, begin, compared, cut_card, cut_words, first_line, settle, take_back
from studyapp.deck.reader import parse_deck

CONTENT = Path(__file__).parents[2] / "content"

DECK = """\
# All about it.
deck: topics/losses
title: Losses
language: en
cards:
  # The first one.
  - id: loss-one
    kind: recall
    question: What is one?
    answer: One.

  # About two.
  - id: loss-two
    kind: recall
    question: What is two?
    answer: Two.
"""

WORDS = """\
deck: topics/losses
language: zh
title: 损失
cards:
  loss-one:
    question: 一是什么？
    answer: 一。
  loss-two:
    question: 二是什么？
    answer: 二。
"""


class World:
    """A bundled deck of two cards in two languages, and a user."""

    def __init__(self, folder: Path) -> None:
        self.deck = folder / "content" / "topics" / "losses.yaml"
        self.words = self.deck.with_name("losses.zh.yaml")
        self.deck.parent.mkdir(parents=True)
        self.library = Library(folder / "home", folder / "content")
        self._ticks = 0
        self.write(self.deck, DECK)
        self.write(self.words, WORDS)
        self.bank = Bank.open(self.library, folder / "cache.db")

    def write(self, path: Path, text: str) -> None:
        path.write_text(text, encoding="utf-8")
        self._ticks += 1
        os.utime(path, ns=(self._ticks * 10**9, self._ticks * 10**9))

    def edit(self, card_id: str, old: str, new: str, language: str = "en") -> None:
        """What the app does around the user's editor."""
        own = self.own(card_id)
        begin(own)
        path = own.file_for(language)
        self.write(path, path.read_text(encoding="utf-8").replace(old, new))
        settle(own)
        self.bank.refresh()

    def own(self, card_id: str) -> OwnFiles:
        own = self.bank.own_files(card_id)
        assert own is not None
        return own

    def question(self, card_id: str, language: str = "en") -> str:
        return self.bank.card(card_id, language).question

    def codes(self) -> list[str]:
        return [problem.code for problem in self.bank.problems()]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.bank.close()


def test_an_edited_card_is_asked_and_the_installation_stays(world: World):
    before = world.deck.read_bytes(), world.words.read_bytes()
    world.edit("loss-two", "What is two?", "What comes after one?")
    assert world.question("loss-two") == "What comes after one?"
    assert world.question("loss-one") == "What is one?"
    assert world.question("loss-two", "zh") == "二是什么？"
    assert (world.deck.read_bytes(), world.words.read_bytes()) == before
    assert world.bank.own_version("loss-two") is not None and world.bank.own_version("loss-one") is None
    assert world.codes() == []


def test_the_copy_is_one_card_and_an_editor_is_led_to_it(world: World):
    own = world.own("loss-one")
    begin(own)
    text = own.path.read_text(encoding="utf-8")
    assert "loss-two" not in text and "About two" not in text and "# All about it." in text
    assert (
        text.splitlines()[first_line(own.path) - 1] == "  # The first one."
        or "id: loss-one" in text.splitlines()[first_line(own.path) - 1]
    )
    assert world.own("loss-one").file_for("zh").name == "loss-one.zh.yaml"


def test_the_words_of_the_language_that_is_shown_are_edited(world: World):
    world.edit("loss-two", "二是什么", "一之后是什么", language="zh")
    assert world.question("loss-two", "zh") == "一之后是什么？"
    assert world.question("loss-two") == "What is two?"


def test_a_copy_in_which_nothing_was_changed_is_no_version_of_ones_own(world: World):
    world.edit("loss-two", "nothing of the kind", "")
    assert world.bank.own_version("loss-two") is None
    assert not [path for path in (world.library.home / "edited").rglob("*.yaml") if path.is_file()]


def test_taking_it_back_brings_the_original_and_loses_nothing(world: World):
    world.edit("loss-two", "What is two?", "What comes after one?")
    aside = take_back(world.own("loss-two"))
    world.bank.refresh()
    assert world.question("loss-two") == "What is two?"
    assert world.bank.own_version("loss-two") is None
    assert aside is not None and "What comes after one?" in aside.read_text(encoding="utf-8")
    assert take_back(world.own("loss-two")) is None


def test_a_change_of_the_original_is_told_until_the_own_version_is_edited_again(world: World):
    world.edit("loss-two", "What is two?", "What comes after one?")
    world.write(world.deck, DECK.replace("answer: Two.", "answer: The first prime."))
    world.bank.refresh()
    assert world.codes() == ["original-changed"]
    assert world.question("loss-two") == "What comes after one?"
    assert [
        line for line in compared(world.own("loss-two")) if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ] == [
        "-    question: What is two?",
        "-    answer: The first prime.",
        "+    question: What comes after one?",
        "+    answer: Two.",
    ]
    world.edit("loss-two", "answer: Two.", "answer: 2.")
    assert world.codes() == []
    assert world.question("loss-two") == "What comes after one?"


def test_a_change_of_the_translated_original_is_told_too(world: World):
    world.edit("loss-two", "What is two?", "What comes after one?")
    world.write(world.words, WORDS.replace("二。", "最小的素数。"))
    world.bank.refresh()
    assert world.codes() == ["original-changed"]


@pytest.mark.parametrize("broken", ["cards: [", "deck: topics/losses\ntitle: x\ncards:\n  - id: loss-two\n", ""])
def test_a_broken_version_leaves_the_original_and_is_told_at_its_place(world: World, broken: str):
    world.edit("loss-two", "What is two?", "What comes after one?")
    path = world.own("loss-two").path
    world.write(path, broken)
    world.bank.refresh()
    assert world.question("loss-two") == "What is two?"
    assert {problem.path for problem in world.bank.problems() if problem.severity == "error"} == {path}
    assert world.bank.location("loss-two").path == path


def test_a_version_whose_original_is_gone_is_told(world: World):
    world.edit("loss-two", "What is two?", "What comes after one?")
    world.write(world.deck, DECK[: DECK.index("  # About two")])
    world.write(world.words, WORDS[: WORDS.index("  loss-two")])
    world.bank.refresh()
    assert world.codes() == ["no-original"]


def test_check_reads_the_own_version_in_the_place_of_its_original(world: World):
    world.edit("loss-two", "What is two?", "What comes after one?")
    report = check(world.library.roots(), library=world.library)
    assert [(card.question, path.name) for card, path, _ in report.cards()] == [
        ("What is one?", "losses.yaml"),
        ("What comes after one?", "loss-two.yaml"),
    ]
    assert report.problems == ()


def test_a_deck_of_ones_own_has_no_own_versions(world: World, tmp_path: Path):
    mine = tmp_path / "mine.yaml"
    world.write(mine, DECK.replace("topics/losses", "mine").replace("loss-", "my-"))
    world.bank.add(mine)
    assert world.bank.own_files("my-one") is None
    assert world.bank.location("my-one").path == mine


@pytest.mark.parametrize("file", [*find_deck_files(CONTENT, bundled=True)], ids=lambda file: file.path.stem)
def test_every_bundled_card_can_be_copied_out_of_its_deck(file):
    text = file.path.read_text(encoding="utf-8")
    read = parse_deck(text, file.path)
    assert read.deck is not None
    assert [card.id for card in read.deck.cards if cut_card(text, read, card.id) is None] == []
    for _, path in file.overlays:
        said = path.read_text(encoding="utf-8")
        overlay = parse_overlay(said, path)
        assert [card_id for card_id in overlay.words if cut_words(said, overlay, card_id) is None] == []
