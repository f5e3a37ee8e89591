"""Reads a deck file with all that belongs to it: its translations, and the user's own versions of single cards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from studyapp.cards.card import Card
from studyapp.forms.problem import Problem, quoted
from studyapp.locale.message import Message

from .deck_files import DeckFile, original_of
from .overlay import ReadOverlay, fit, read_overlay
from .reader import OnProgress, ReadDeck, read_deck

_NO_ORIGINAL = Message("the deck {deck} has no card {card} any more: your version of it is left out")
_MOVE_IT = Message("to keep it, write it into a deck of your own: studyapp new")
_ORIGINAL_CHANGED = Message("the card {card} that comes with the app has changed since your version was made")
_KEEP_OR_NOT = Message("edit yours to keep it, or take it back")
_NOT_THIS_CARD = Message("this file is your version of {card}: other cards in it are left out")

Overlays: TypeAlias = tuple[tuple[str, ReadOverlay], ...]
"""The translations of a deck with the language that their file names give."""


class OwnVersion(Struct, frozen=True):
    """The user's version of a bundled card: the file of that one card, and its translations."""

    read: ReadDeck
    overlays: Overlays

    @property
    def cards(self) -> tuple[Card, ...]:
        """The good cards of the file: one, where it is as it should be."""
        return self.read.deck.cards if self.read.deck else ()


class ReadFiles(Struct, frozen=True):
    """A deck as its files give it. In ``read`` own versions stand in the place of their originals."""

    read: ReadDeck
    overlays: Overlays
    own: Mapping[str, OwnVersion]
    """Own versions in force, by card id."""

    problems: tuple[Problem, ...]
    """What is wrong with any of the files by itself."""

    others: tuple[OwnVersion, ...] = ()
    """Own versions that cannot be used."""

    def place_of(self, card_id: str) -> tuple[Path, int]:
        """The file and line at which a card is written."""
        own = self.own.get(card_id)
        read = self.read if own is None else own.read
        return read.path, self.read.lines[card_id]

    def translations(self, card: Card) -> Iterator[tuple[str, ReadOverlay, Card | None, tuple[Problem, ...]]]:
        """Each translation of a card, and what does not fit: language, overlay, translated card, problems.

        A translation of the original serves an own version too as far as it fits; that it does not is no problem.
        """
        own = self.own.get(card.id)
        said = dict(own.overlays) if own is not None else {}
        for language, overlay in {**dict(self.overlays), **said}.items():
            localised, problems = fit(card, overlay)
            yield language, overlay, localised, problems if own is None or language in said else ()

    def parts(self) -> Iterator[ReadDeck | ReadOverlay]:
        """Everything that was read, file by file."""
        for read, overlays in self._groups():
            yield read
            yield from (overlay for _, overlay in overlays)

    def _groups(self) -> Iterator[tuple[ReadDeck, Overlays]]:
        yield self.read, self.overlays
        for version in (*self.own.values(), *self.others):
            yield version.read, version.overlays


def read_files(file: DeckFile, with_places: bool = False, on_progress: OnProgress = lambda _share: None) -> ReadFiles:
    """Reads a deck file and what belongs to it. Never raises of itself: what is wrong is among the problems."""
    read = read_deck(file.path, with_places=with_places, on_progress=on_progress)
    overlays = _read_overlays(file)
    problems = [*read.problems, *_problems_of(overlays)]
    own: dict[str, OwnVersion] = {}
    others: list[OwnVersion] = []
    for part in file.own_versions:
        version = OwnVersion(read_deck(part.path, with_places=with_places), _read_overlays(part))
        problems += (*version.read.problems, *_problems_of(version.overlays))
        card_id = part.path.stem
        if card_id in version.read.lines and card_id in read.lines:
            own[card_id] = version
        else:
            others.append(version)
        problems += _misplaced(card_id, read, version)
        if card_id in own and _original_changed(part, read, overlays):
            line = version.read.lines[card_id]
            told = _ORIGINAL_CHANGED(card=quoted(card_id))
            problems.append(Problem(part.path, line, 1, "original-changed", told, "warning", card_id, _KEEP_OR_NOT()))
    return ReadFiles(_with_own(read, own), overlays, own, tuple(problems), tuple(others))


def _read_overlays(file: DeckFile) -> Overlays:
    return tuple((language, read_overlay(path)) for language, path in file.overlays)


def _problems_of(overlays: Overlays) -> Iterable[Problem]:
    return (problem for _, overlay in overlays for problem in overlay.problems)


def _misplaced(card_id: str, read: ReadDeck, version: OwnVersion) -> Iterator[Problem]:
    """Cards of an own version's file that stand for no card of the deck."""
    lines = version.read.lines
    if card_id in lines and card_id not in read.lines and read.deck is not None and read.complete:
        told = _NO_ORIGINAL(deck=quoted(read.deck.deck), card=quoted(card_id))
        yield Problem(version.read.path, lines[card_id], 1, "no-original", told, "warning", card_id, _MOVE_IT())
    for other, line in lines.items():
        if other != card_id:
            told = _NOT_THIS_CARD(card=quoted(card_id))
            yield Problem(version.read.path, line, 1, "other-card", told, "warning", other, _MOVE_IT())


def _original_changed(part: DeckFile, read: ReadDeck, overlays: Overlays) -> bool:
    """Whether the original of an own version is another than when that was begun or last edited."""
    card_id = part.path.stem
    noted = original_of(part.path)
    if not noted.exists():
        return False
    before = read_deck(noted)
    if _card(before, card_id) != _card(read, card_id):
        return True
    for language, overlay in overlays:
        path = original_of(part.path.with_name(f"{card_id}.{language}.yaml"))
        if path.exists() and read_overlay(path).words.get(card_id) != overlay.words.get(card_id):
            return True
    return False


def _card(read: ReadDeck, card_id: str) -> Card | None:
    return next((card for card in read.deck.cards if card.id == card_id), None) if read.deck else None


def _with_own(read: ReadDeck, own: Mapping[str, OwnVersion]) -> ReadDeck:
    """The deck with own versions in the place of their originals."""
    if not own or read.deck is None:
        return read
    mine = {card_id: card for card_id, version in own.items() for card in version.cards if card.id == card_id}
    lines = {
        card_id: own[card_id].read.lines[card_id] if card_id in own else line for card_id, line in read.lines.items()
    }
    places = {place: at for place, at in read.places.items() if place[0] not in own}
    for card_id, version in own.items():
        places.update((place, at) for place, at in version.read.places.items() if place[0] == card_id)
    cards = tuple(mine.get(card.id, card) for card in read.deck.cards)
    return replace(read, deck=replace(read.deck, cards=cards), lines=lines, places=places)
