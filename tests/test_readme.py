"""What the README shows is true: its deck passes the check, its figures are those of the losses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from studyapp import losses
from studyapp.cli.group import SUMMARIES
from studyapp.deck.check import check
from studyapp.kinds.prove import prove

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


CHINESE = (Path(__file__).parents[1] / "README.zh.md").read_text(encoding="utf-8")


def commands_of(text: str) -> list[str]:
    """The code blocks without their comments, which are translated."""
    blocks = re.findall(r"```\w+\n.*?```", text, re.DOTALL)
    return [re.sub(r"\s*#.*", "", block) for block in blocks]


def block(language: str) -> str:
    """The first code block of a language."""
    found = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found, f"the README has no block of {language}"
    return found[1]


def test_its_deck_passes_the_check(tmp_path: Path) -> None:
    path = tmp_path / "optimisers.yaml"
    path.write_text(block("yaml"), encoding="utf-8")
    report = check([path])
    assert report.problems == ()
    assert [problem for deck in report.decks for card in deck.cards for problem in prove(card, 20)] == []


def test_its_losses_are_called_as_shown() -> None:
    assert "losses.bce([1, 0], [0.9, 0.2])  # 0.164…" in block("python")
    assert f"{losses.bce([1, 0], [0.9, 0.2]):.4f}".startswith("0.164")
    assert losses.get("cross entropy").name == "cross_entropy"


@pytest.mark.parametrize("text", [README, CHINESE], ids=["en", "zh"])
def test_it_names_every_command(text: str) -> None:
    assert [name for name in SUMMARIES if not re.search(rf"\b{name}\b", text)] == []


def test_both_languages_show_the_same_commands() -> None:
    assert commands_of(CHINESE) == commands_of(README)


@pytest.mark.parametrize("text", [README, CHINESE], ids=["en", "zh"])
def test_what_it_links_to_is_there(text: str) -> None:
    links = re.findall(r"\]\(((?!https?:)[^)#]+)", text)
    assert len(links) > 5
    assert [link for link in links if not (Path(__file__).parents[1] / link).exists()] == []


def test_each_line_of_what_can_be_asked_is_a_card_that_proves(tmp_path: Path) -> None:
    table = README.partition("What can be asked, a line of YAML each")[2].partition("Plain cards are")[0]
    lines = re.findall(r"`(- .*?)` *(?:·.*)?\|$", table, re.MULTILINE)
    answers = re.findall(r"`(answer: .*?)`", table)
    rest = [f"- {{kind: typed, question: Which {place}?, {keys}}}" for place, keys in enumerate(answers)]
    assert len(lines) >= 13 and len(rest) >= 4
    path = tmp_path / "asked.yaml"
    path.write_text("deck: asked\ntitle: Asked\ncards:\n" + "".join(f"  {line}\n" for line in [*lines, *rest]), "utf-8")
    report = check([path])
    assert [problem for problem in report.problems if problem.severity == "error"] == []
    assert [problem for deck in report.decks for card in deck.cards for problem in prove(card, 20)] == []
