"""The lint of decks: every problem of every file in one run, and what the decks cover.

What one file shows by itself is found while it is read. Here the files are held against each other, against
the syllabus and against the reference losses.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from studyapp.cards.card import Card
from studyapp.forms.problem import Problem, did_you_mean, quoted
from studyapp.locale.message import Message
from studyapp.nearest import nearest

from .deck_files import find_deck_files, qualified_name
from .index import unknown_cards
from .library import Library
from .overlay import ReadOverlay, untranslated
from .read_files import ReadFiles, read_files
from .reader import ReadDeck
from .syllabus import Coverage, Syllabus, coverage, read_syllabus

_SYLLABUS_POINT = Message("syllabus point")
_REFERENCE_LOSS = Message("reference loss")

_DECKS_ARE_FILES_END = Message("decks are files that end in .yaml")
_FOLDER_HOLDS_NO_DECKS = Message("the folder holds no decks")
_THERE_NO_SUCH_FILE = Message("there is no such file or folder")
_TRANSLATES_DECK = Message("this translates {deck}, the deck is {name}")
_LANGUAGE_FILE_NAME_SAYS = Message("the language is {language}, the file name says {expected}")
_GIVE_ONE_THEM_ANOTHER = Message("give one of them another name")
_CARD_STANDS_ALREADY_WHICH = Message("the card {id} stands at {first}:{first_line} already, which keeps it")
_ID_BELONGS_ONE_CARD = Message("an id belongs to one card: give this one another")
_DECK_DEFINED_ALREADY = Message("the deck {name} is defined in {names} already")
_THERE_NO = Message("{key}: there is no {what} {name}")
_TAG_OCCURS_ONLY_HERE = Message("the tag {tag} occurs only here")
_DID_YOU_MEAN = Message("did you mean '{near}'?")


class CheckedDeck(Struct, frozen=True):
    """One deck file as read with what belongs to it, and its full name (empty where the file cannot be used)."""

    name: str
    files: ReadFiles

    @property
    def read(self) -> ReadDeck:
        """The deck, with own versions in the place of their originals."""
        return self.files.read

    @property
    def overlays(self) -> tuple[ReadOverlay, ...]:
        """The translations of the deck."""
        return tuple(overlay for _, overlay in self.files.overlays)

    @property
    def cards(self) -> tuple[Card, ...]:
        """The good cards of the deck."""
        return self.read.deck.cards if self.read.deck else ()


class TranslationCount(Struct, frozen=True):
    """How far a deck is translated: cards with every text translated, cards begun, all cards."""

    deck: str
    language: str
    complete: int
    begun: int
    total: int
    missing: tuple[tuple[str, tuple[str, ...]], ...]
    """Cards that are not complete, with the keys they lack."""


class CheckReport(Struct, frozen=True):
    """Everything that a check found."""

    problems: tuple[Problem, ...]
    decks: tuple[CheckedDeck, ...]
    coverage: Coverage | None
    translations: tuple[TranslationCount, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that cost a card or a deck."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    def cards(self) -> Iterator[tuple[Card, Path, int]]:
        """Every good card with its file and line, for proofs that need more than the deck."""
        for deck in self.decks:
            for card in deck.cards:
                yield card, *deck.files.place_of(card.id)


def check(
    paths: Sequence[Path],
    *,
    syllabus: Path | None = None,
    library: Library | None = None,
    known_cards: Collection[str] = (),
    known_tags: Collection[str] = (),
) -> CheckReport:
    """Checks deck files and folders of decks.

    ``syllabus`` is used where none of the folders holds a ``syllabus.yaml`` of its own; coverage is computed
    only for a syllabus that was checked along. ``known_cards`` and ``known_tags`` are those of decks that are
    not checked now. Where the bundled decks of ``library`` are
    checked, the user's own versions of their cards are checked in the place of the originals.
    """
    decks, problems = _read_all(paths, library)
    own_syllabus = next((path / "syllabus.yaml" for path in paths if (path / "syllabus.yaml").is_file()), None)
    plan: Syllabus | None = None
    if own_syllabus is not None:
        plan = read_syllabus(own_syllabus)
        problems.extend(plan.problems)
    elif syllabus is not None and syllabus.is_file():
        plan = read_syllabus(syllabus)
    problems.extend(_doubles(decks))
    problems.extend(_references(decks, plan, known_cards))
    problems.extend(_rare_tags(decks, known_tags))
    cards = [card for deck in decks for card in deck.cards]
    covered = coverage(plan, cards) if plan is not None and own_syllabus is not None else None
    unique = sorted(set(problems), key=lambda problem: (problem.position, problem.code, problem.message))
    return CheckReport(tuple(unique), decks, covered, tuple(_translations(decks)))


def _read_all(paths: Sequence[Path], library: Library | None) -> tuple[tuple[CheckedDeck, ...], list[Problem]]:
    decks: dict[str, CheckedDeck] = {}
    problems: list[Problem] = []
    for root in paths:
        bundled = library is not None and root == library.bundled
        found = list(library.bundled_files() if library and bundled else find_deck_files(root, bundled=False))
        if not found:
            why = _FOLDER_HOLDS_NO_DECKS() if root.is_dir() else _THERE_NO_SUCH_FILE()
            problems.append(Problem(root, 1, 1, "no-file", why, hint=_DECKS_ARE_FILES_END()))
        for file in found:
            key = os.path.abspath(file.path)
            if key in decks:
                continue
            files = read_files(file, with_places=True)
            name = qualified_name(files.read.deck.deck, file.folder) if files.read.deck else ""
            decks[key] = CheckedDeck(name, files)
            problems.extend(files.problems)
            for overlay in decks[key].overlays:
                problems.extend(_overlay_problems(decks[key], overlay))
            for card in decks[key].cards:
                problems.extend(one for _, _, _, misfits in files.translations(card) for one in misfits)
    return tuple(decks.values()), problems


def _overlay_problems(deck: CheckedDeck, overlay: ReadOverlay) -> Iterator[Problem]:
    if deck.read.deck is None:
        return
    if overlay.deck and qualified_name(overlay.deck, "") not in (deck.name, deck.read.deck.deck):
        yield Problem(
            overlay.path,
            1,
            1,
            "overlay",
            _TRANSLATES_DECK(deck=quoted(overlay.deck), name=quoted(deck.name)),
        )
    expected = overlay.path.name.removesuffix(overlay.path.suffix).rpartition(".")[2]
    if overlay.language and overlay.language != expected:
        yield Problem(
            overlay.path,
            1,
            1,
            "overlay",
            _LANGUAGE_FILE_NAME_SAYS(language=overlay.language, expected=expected),
        )
    broken = {problem.card_id for problem in deck.read.problems if problem.card_id}
    yield from unknown_cards(overlay, {card.id for card in deck.cards} | broken)


def _doubles(decks: Sequence[CheckedDeck]) -> Iterator[Problem]:
    """Deck names and card ids that occur in several files."""
    names: dict[str, Path] = {}
    ids: dict[str, tuple[Path, int]] = {}
    ordered = sorted((deck for deck in decks if deck.read.deck), key=_study_order)
    for deck in ordered:
        path = deck.read.path
        if deck.name in names:
            message = _DECK_DEFINED_ALREADY(name=quoted(deck.name), names=names[deck.name])
            yield Problem(path, 1, 1, "duplicate-deck", message, hint=_GIVE_ONE_THEM_ANOTHER())
        names.setdefault(deck.name, path)
        for card in deck.cards:
            place, line = deck.files.place_of(card.id)
            if card.id in ids:
                first, first_line = ids[card.id]
                yield Problem(
                    place,
                    line,
                    1,
                    "duplicate-id",
                    _CARD_STANDS_ALREADY_WHICH(id=quoted(card.id), first=first, first_line=first_line),
                    "error",
                    card.id,
                    _ID_BELONGS_ONE_CARD(),
                )
            ids.setdefault(card.id, (place, line))


def _study_order(deck: CheckedDeck) -> tuple[float, str]:
    assert deck.read.deck is not None
    return (deck.read.deck.order, deck.name)


def _references(decks: Sequence[CheckedDeck], plan: Syllabus | None, known_cards: Collection[str]) -> Iterator[Problem]:
    """Names in cards that must exist elsewhere: next cards, syllabus points, losses."""
    ids = set(known_cards)
    for deck in decks:
        ids.update(card.id for card in deck.cards)
        ids.update(problem.card_id for problem in deck.read.problems if problem.card_id)
    points = plan.topic_of.keys() if plan is not None and not plan.problems else None
    losses: frozenset[str] | None = None
    for deck in decks:
        for card in deck.cards:
            for index, name in enumerate(card.leads_to):
                if name not in ids:
                    yield _unknown(deck, card, "leads_to", index, name, "card", ids)
            for index, name in enumerate(card.covers):
                if points is not None and name not in points:
                    yield _unknown(deck, card, "covers", index, name, _SYLLABUS_POINT(), points)
            if card.loss:
                losses = _loss_names() if losses is None else losses
                if card.loss not in losses:
                    yield _unknown(deck, card, "loss", 0, card.loss, _REFERENCE_LOSS(), losses)


def _loss_names() -> frozenset[str]:
    from studyapp import losses

    return frozenset(losses.names())


def _unknown(
    deck: CheckedDeck, card: Card, key: str, index: int, name: str, what: str, known: Collection[str]
) -> Problem:
    """A name for something that does not exist."""
    line, column = deck.read.places[card.id, key, index]
    code = f"unknown-{what.rpartition(' ')[2]}"
    message = _THERE_NO(key=key, what=what, name=quoted(name))
    return Problem(
        deck.files.place_of(card.id)[0], line, column, code, message, "error", card.id, did_you_mean(name, known)
    )


def _rare_tags(decks: Sequence[CheckedDeck], known_tags: Collection[str]) -> Iterator[Problem]:
    """Tags that occur once and look like another one."""
    counts = Counter(tag for deck in decks for card in deck.cards for tag in card.tags)
    common = {tag for tag, count in counts.items() if count > 1} | set(known_tags)
    for deck in decks:
        for card in deck.cards:
            for index, tag in enumerate(card.tags):
                if counts[tag] > 1 or tag in common:
                    continue
                near = nearest(tag, [other for other in common if abs(len(other) - len(tag)) <= 2])
                if near is not None and _similar(tag, near):
                    line, column = deck.read.places[card.id, "tags", index]
                    yield Problem(
                        deck.files.place_of(card.id)[0],
                        line,
                        column,
                        "rare-tag",
                        _TAG_OCCURS_ONLY_HERE(tag=quoted(tag)),
                        "warning",
                        card.id,
                        _DID_YOU_MEAN(near=near),
                    )


def _similar(one: str, other: str) -> bool:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, one, other).ratio() >= 0.8


def _translations(decks: Sequence[CheckedDeck]) -> Iterator[TranslationCount]:
    for deck in decks:
        for overlay in deck.overlays:
            missing = []
            begun = 0
            for card in deck.cards:
                words = overlay.words.get(card.id)
                begun += words is not None
                lacking = untranslated(card, words)
                if lacking:
                    missing.append((card.id, lacking))
            total = len(deck.cards)
            yield TranslationCount(deck.name, overlay.language, total - len(missing), begun, total, tuple(missing))
