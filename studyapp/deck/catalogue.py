"""What the bank tells of its decks and cards without the cards themselves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from studyapp.locale.message import Message

from .choices import NO_CHOICE, DeckChoice

OR = Message(" or ")
_NO_CARD, _NO_CARD_NEAR = Message("there is no card {card}"), Message("there is no card {card}: did you mean {near}?")
_NO_DECK, _NO_DECK_NEAR = Message("there is no deck {deck}"), Message("there is no deck {deck}: did you mean {near}?")


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
        told = _NO_CARD_NEAR if self.suggestions else _NO_CARD
        return told(card=self.card_id, near=str(OR).join(self.suggestions))


class UnknownDeck(KeyError):
    """There is no deck of that name; ``suggestions`` are names that look like it."""

    def __init__(self, name: str, suggestions: Sequence[str] = ()) -> None:
        super().__init__(name)
        self.name = name
        self.suggestions = tuple(suggestions)

    def __str__(self) -> str:
        told = _NO_DECK_NEAR if self.suggestions else _NO_DECK
        return told(deck=self.name, near=str(OR).join(self.suggestions))
