"""A card written from front and back into a deck of one's own, which is begun where it is not there yet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from studyapp.cards.card import Card
from studyapp.cards.card_form import TAG_NAME
from studyapp.deck.atomic import write_atomically
from studyapp.deck.bank import Bank, DeckInfo
from studyapp.deck.file_text import UnreadableFile, read_text
from studyapp.deck.made_ids import REVERSED, made_id
from studyapp.deck.reader import DECK_NAME, parse_deck
from studyapp.exchange.deck_text import CannotEdit, changed_deck, deck_head
from studyapp.forms.problem import quoted
from studyapp.kinds.recall import RecallCard
from studyapp.locale.message import Message

_NO_FRONT, _NO_BACK = Message("the front is empty"), Message("the back is empty")
_NO_TAG = Message("{tag} is no tag: one word of letters, digits and - _ . + /")
_NO_NAME = Message("{name} is no name of a deck: small letters, digits and - _ . with / between folders")
_BUNDLED = Message("{deck} comes with the app: name a deck of your own")
_THERE = Message("{deck} has a card with this front already: {card}")
_UNWRITTEN = Message("{path} cannot be written: {why}")
_UNREADABLE = Message("{path} cannot be read: {why}")
_TAKEN = Message("{path} is there already and is not the deck {deck}: add it, or name another deck")

DEFAULT_DECK = "notes"
"""The deck that is begun where no other is named and there is none of one's own."""


class NotWritten(Exception):
    """The card cannot be written; the message says why. Everything is as it was."""

    def __init__(self, why: str, field: str = "") -> None:
        super().__init__(why)
        self.field = field
        """The entry that has to be changed: ``front``, ``back``, ``tags`` or ``deck``; empty for another reason."""


class Written(Struct, frozen=True):
    """Where a card was written, and its id."""

    card_id: str
    deck: str
    path: Path
    line: int


def own_decks(bank: Bank) -> tuple[str, ...]:
    """The decks of one's own, those that can be written into by name."""
    return tuple(deck.name for deck in bank.decks() if not deck.bundled)


def write_card(
    bank: Bank, front: str, back: str, deck: str = "", tags: Sequence[str] = (), both: bool = False
) -> Written:
    """Writes a card into a deck of one's own and reads that deck again.

    Args:
        deck: the name of the deck; without one the first of one's own. A name that no deck has begins a new one.
        both: the card is asked in both directions, as two siblings.

    Raises:
        NotWritten: a text is missing, the front is there already, or the deck cannot be written into.
        LibraryError: a new deck cannot be registered.
    """
    front, back = front.strip(), back.strip()
    if not front or not back:
        raise NotWritten(_NO_BACK() if front else _NO_FRONT(), "back" if front else "front")
    for tag in tags:
        if not TAG_NAME.fits(tag):
            raise NotWritten(_NO_TAG(tag=quoted(tag)), "tags")
    name = deck.strip() or next(iter(own_decks(bank)), DEFAULT_DECK)
    info = next((one for one in bank.decks() if one.name == name), None)
    if info is not None and info.bundled:
        raise NotWritten(_BUNDLED(deck=quoted(name)), "deck")
    path, text = _begun(bank, name) if info is None else _present(info)
    read = parse_deck(text, path)
    header = read.deck.deck if read.deck is not None else name
    cards = _cards(made_id(header, front), front, back, tuple(tags), both)
    for card in cards:
        if card.id in bank or card.id in read.lines:
            raise NotWritten(_THERE(deck=name, card=card.id), "front")
    try:
        changed = changed_deck(text, path, {}, cards)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(path, changed)
    except CannotEdit as error:
        raise NotWritten(str(error)) from None
    except OSError as error:
        raise NotWritten(_UNWRITTEN(path=path, why=error.strerror)) from None
    if info is None:
        bank.library.add(path)
    bank.refresh()
    return Written(cards[0].id, name, path, parse_deck(changed, path).lines[cards[0].id])


def _present(info: DeckInfo) -> tuple[Path, str]:
    try:
        return info.path, read_text(info.path)[0]
    except UnreadableFile as error:
        raise NotWritten(_UNREADABLE(path=info.path, why=error.message)) from None


def _begun(bank: Bank, name: str) -> tuple[Path, str]:
    """The file and the head of a deck that is not there yet."""
    if not DECK_NAME.fits(name):
        raise NotWritten(_NO_NAME(name=quoted(name)), "deck")
    path = bank.library.home / "decks" / f"{name.replace('/', '-')}.yaml"
    if path.exists():
        raise NotWritten(_TAKEN(path=path, deck=quoted(name)), "deck")
    return path, deck_head(name, name.rpartition("/")[2].replace("-", " ").capitalize())


def _cards(card_id: str, front: str, back: str, tags: tuple[str, ...], both: bool) -> list[Card]:
    group = card_id if both else ""
    cards: list[Card] = [RecallCard(id=card_id, question=front, answer=back, tags=tags, group=group)]
    if both:
        turned = (card_id + REVERSED)[-80:]
        cards.append(RecallCard(id=turned, question=back, answer=front, tags=tags, group=group))
    return cards
