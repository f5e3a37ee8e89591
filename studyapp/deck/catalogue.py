"""What the bank tells of its decks and cards without the cards themselves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from .choices import NO_CHOICE, DeckChoice


class DeckInfo(Struct, frozen=True):
    """What is known of a deck without its cards. ``languages`` begins with the deck's own; ``order`` is what its
    file says."""

    name: str
    title: str
    description: str
    path: Path
    order: float
    language: str
    languages: tuple[str, ...]
    card_count: int
    problem_count: int
    bundled: bool
    choice: DeckChoice = NO_CHOICE
    beyond_count: int = 0
    """Its cards that are tagged `beyond`."""

    @property
    def place(self) -> float:
        """The number by which the deck is put in order: the one chosen, or else its own."""
        return self.order if self.choice.order is None else self.choice.order


class Location(Struct, frozen=True):
    """Where a card is written: for an editor."""

    path: Path
    line: int


class Entry(Struct, frozen=True):
    """A card in a list: enough to show and filter it."""

    card_id: str
    deck: str
    kind: str
    position: int
    group: str
    tags: tuple[str, ...]
    covers: tuple[str, ...]
    title: str


class UnknownCard(KeyError):
    """There is no card of that id; ``suggestions`` are ids that look like it."""

    def __init__(self, card_id: str, suggestions: Sequence[str] = ()) -> None:
        super().__init__(card_id)
        self.card_id = card_id
        self.suggestions = tuple(suggestions)

    def __str__(self) -> str:
        hint = f": did you mean {' or '.join(self.suggestions)}?" if self.suggestions else ""
        return f"there is no card {self.card_id}{hint}"


class UnknownDeck(KeyError):
    """There is no deck of that name; ``suggestions`` are names that look like it."""

    def __init__(self, name: str, suggestions: Sequence[str] = ()) -> None:
        super().__init__(name)
        self.name = name
        self.suggestions = tuple(suggestions)

    def __str__(self) -> str:
        hint = f": did you mean {' or '.join(self.suggestions)}?" if self.suggestions else ""
        return f"there is no deck {self.name}{hint}"
