"""Decks for tests: small YAML texts put together from cards."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

CHOICE = """\
id: {id}
kind: choice
question: Which constant minimises the squared error?
options:
  - {{text: the mean, correct: true, why: the derivative vanishes there}}
  - {{text: the median, why: that minimises the absolute error}}"""


def deck_text(*cards: str, name: str = "example", header: str = "") -> str:
    """A deck of cards, each given as the YAML of its mapping."""
    items = "".join(indent("- " + card.strip().replace("\n", "\n  ") + "\n", "  ") for card in cards)
    return f"deck: {name}\ntitle: Example\n{header}cards:\n{items}"


def cloze(card_id: str, text: str = "The minimiser of MAE is the {{median}}.") -> str:
    """A cloze card."""
    return f"id: {card_id}\nkind: cloze\ntext: {text!r}"


def choice(card_id: str) -> str:
    """A choice card."""
    return CHOICE.format(id=card_id)


def write(path: Path, text: str) -> Path:
    """Writes a file, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
    return path
