"""The starter deck: right at once, and never written over anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.cards.card import Card
from studyapp.deck.check import check
from studyapp.deck.template import deck_name_for, starter_deck, write_new_deck
from studyapp.kinds import KINDS
from studyapp.kinds.prove import prove
from studyapp.locale.message import use_language


def test_a_new_deck_has_every_kind_and_passes_the_check(tmp_path: Path) -> None:
    name = write_new_deck(tmp_path / "new" / "My Deck.yaml")
    assert name == "my-deck"
    report = check([tmp_path / "new"])
    assert report.problems == ()
    assert {card.kind for card, _, _ in report.cards()} == set(KINDS)
    assert {deck.name for deck in report.decks} == {"my-deck"}


def test_the_cards_are_explained_where_they_stand() -> None:
    text = starter_deck("mine", "mine.yaml")
    for kind in KINDS:
        assert f"\n  # {kind}: " in text
    assert "studyapp check mine.yaml" in text


def test_the_starter_deck_speaks_chinese(tmp_path: Path) -> None:
    """It has the cards of the English one, in the same order, and passes the check as well."""
    english = check_of(tmp_path / "en" / "mine.yaml")
    use_language("zh")
    chinese = check_of(tmp_path / "zh" / "mine.yaml")
    assert [(card.id, card.kind) for card in chinese] == [(card.id, card.kind) for card in english]
    text = starter_deck("mine", "mine.yaml")
    assert "studyapp check mine.yaml" in text and "{name} 显示一个值" in text
    for kind in KINDS:
        assert f"\n  # {kind}：" in text


def check_of(path: Path) -> list[Card]:
    write_new_deck(path)
    report = check([path])
    assert report.problems == ()
    assert [problem for card, _, _ in report.cards() for problem in prove(card, 20)] == []
    return [card for card, _, _ in report.cards()]


def test_nothing_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("precious")
    with pytest.raises(FileExistsError, match="left as it is"):
        write_new_deck(path)
    (tmp_path / "link.yaml").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        write_new_deck(tmp_path / "link.yaml")
    assert path.read_text() == "precious"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["link.yaml", "mine.yaml"]


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("studyapp.deck.atomic.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_new_deck(tmp_path / "mine.yaml")
    assert list(tmp_path.iterdir()) == []


def test_names_are_made_of_what_the_file_name_offers() -> None:
    assert deck_name_for(Path("Loss_Functions 2.yaml")) == "loss-functions-2"
    with pytest.raises(ValueError, match="no deck name"):
        deck_name_for(Path("损失.yaml"))
    with pytest.raises(ValueError, match=r"\.yaml"):
        write_new_deck(Path("deck.txt"))
    with pytest.raises(ValueError, match="is not a deck name"):
        starter_deck("No Deck")
