"""From a deck file to cards and problems.

A mistake costs the card in which it stands. That holds for broken YAML too: where the parser gives up,
reading goes on at the next card.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from msgspec import Struct, field
from yaml.events import MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent

from studyapp import faults
from studyapp.cards.card import Card, Deck
from studyapp.cards.card_form import ID, PROSE
from studyapp.forms.form import ListOf, Number, Text
from studyapp.forms.node import MapNode, Node, ScalarNode, node_at
from studyapp.forms.problem import Problem, did_you_mean, quoted
from studyapp.forms.reading import BAD, Form, Reading
from studyapp.locale.message import Message

from .card_reader import CardReader, DefaultsForm, DefinitionsForm, Shared, card_findings
from .file_text import Signature, UnreadableFile, read_text
from .yaml_events import YamlEvents
from .yaml_trouble import YamlTrouble

_FILE_HOLDS_NOTHING_BUT = Message("the file holds nothing but comments")
_DECK_MAPPING = Message("a deck is a mapping")
_BEGIN_FILE_DECK_TITLE = Message("begin the file with deck: and title:")
_READING_CARD = Message("reading the card at {path}:{line}")

_FILE_EMPTY = Message("the file is empty")
_DECK_NO_CARDS_YET = Message("the deck has no cards yet")
_LIST_CARDS_EXPECTED = Message("a list of cards was expected")
_EACH_CARD_BEGINS_ID = Message("each card begins with - id: …")
_APP_FAILS_READ_CARD = Message("the app fails to read this card ({name}: {error})")
_CARD_LINE_SAME_FRONT = Message("the card at line {line} has the same front")
_GIVE_ONE_THEM_ID = Message("give one of them an id")
_ID_CARD_LINE_ALREADY = Message("{id} is the id of the card at line {line} already")
_KEY_SINGLE_WORD = Message("a key is a single word")
_MUST_STAND_ABOVE_CARDS = Message("{name} must stand above the cards, which go by it")
_WRITTEN_TWICE = Message("{name} is written twice")
_DECK_NO_KEY = Message("a deck has no key {name}")
_KNOWN_KEYS_CARDS = Message("known keys: {header}, cards")
_DECK_NEEDS_KEY_CARDS = Message("the deck needs the key 'cards'")
_LIST_CARDS = Message("a list of cards")
_DECK_NEEDS_KEY = Message("the deck needs the key '{name}'")

DECK_NAME = Text(
    Message("a deck name (lower-case letters, digits and - _ . in folders parted by /)"),
    pattern=rf"(?=.{{1,120}}$){ID}(?:/{ID}){{0,7}}",
)
LANGUAGE = Text(Message("a language code such as en or zh"), pattern=r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?")

HEADER: dict[str, Form] = {
    "deck": DECK_NAME,
    "title": PROSE,
    "language": LANGUAGE,
    "description": Text(Message("a text"), prose=True, may_be_empty=True),
    "order": Number("order"),
    "was": ListOf(DECK_NAME, Message("the list of earlier names")),
    "defaults": DefaultsForm(),
    "define": DefinitionsForm(),
}
"""The keys of a deck beside ``cards``."""

_ABOVE_CARDS = ("was", "defaults", "define")

OnProgress: TypeAlias = Callable[[float], None]
"""Is called with the share of a file that has been read; what it raises ends the reading."""

_NEXT_CARD = re.compile(r"^( *)-(?= |$)", re.MULTILINE)


class ReadDeck(Struct, frozen=True):
    """What a deck file gave.

    ``deck`` is None where the file as a whole cannot be used. ``lines`` says at which line each card begins.
    ``complete`` is False where part of the file could not be read as YAML (it may be half-written).
    ``places`` says where the names stand that refer to something outside of the card: by card id, key and
    index.
    """

    path: Path
    deck: Deck | None
    lines: dict[str, int]
    problems: tuple[Problem, ...]
    complete: bool = True
    signature: Signature | None = None
    places: dict[tuple[str, str, int], tuple[int, int]] = field(default_factory=dict)
    made: tuple[MadeId, ...] = ()


class MadeId(Struct, frozen=True):
    """An id that the file does not say, made from the front of the card that is written at ``line`` and ``column``."""

    card_id: str
    line: int
    column: int
    is_text: bool = False
    """Whether the card is a text in quotes, without any key."""


class _Parts(Struct):
    """The parts of a deck while its file is read."""

    header: dict[str, Any] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    cards: list[Card] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    entries: int = 0
    made: list[MadeId] = field(default_factory=list)
    reader: CardReader | None = None
    card_line: int = 0
    card_done: bool = True
    in_cards: bool = False
    places: dict[tuple[str, str, int], tuple[int, int]] | None = None
    length: int = 0
    on_progress: OnProgress = lambda _share: None


def _ignore_progress(_share: float) -> None:
    """Tells nobody."""


def read_deck(path: Path, with_places: bool = False, on_progress: OnProgress = _ignore_progress) -> ReadDeck:
    """Reads a deck file. Never raises of itself: what is wrong with the file is among the problems."""
    try:
        text, signature = read_text(path)
    except UnreadableFile as error:
        problem = Problem(path, error.line, error.column, error.code, error.message, hint=error.hint)
        return ReadDeck(path, None, {}, (problem,), complete=False)
    read = parse_deck(text, path, with_places, on_progress)
    return ReadDeck(path, read.deck, read.lines, read.problems, read.complete, signature, read.places, read.made)


def parse_deck(
    text: str, path: Path, with_places: bool = False, on_progress: OnProgress = _ignore_progress
) -> ReadDeck:
    """Reads a deck from ``text``; ``path`` is only named in problems. Never raises of itself."""
    reading = Reading(path)
    text = text.removeprefix("\ufeff")
    parts = _Parts(places={} if with_places else None, length=len(text), on_progress=on_progress)
    complete = True
    if not text.strip():
        return ReadDeck(path, None, {}, (Problem(path, 1, 1, "empty-file", _FILE_EMPTY()),), complete=False)
    events = YamlEvents(text)
    try:
        _document(events, parts, reading)
    except YamlTrouble as trouble:
        complete = False
        _resume(text, trouble, events, parts, reading)
    deck = _finish(parts, reading) if complete or parts.seen else None
    problems = tuple(sorted(reading.problems, key=lambda problem: problem.position))
    lines, made = (parts.lines, tuple(parts.made)) if deck else ({}, ())
    return ReadDeck(path, deck, lines, problems, complete, places=parts.places or {}, made=made)


def _document(events: YamlEvents, parts: _Parts, reading: Reading) -> None:
    """The whole file: a mapping of header keys and ``cards``."""
    event = events.start()
    if event is None:
        raise YamlTrouble(1, 1, "empty-file", _FILE_HOLDS_NOTHING_BUT())
    if type(event) is not MappingStartEvent:
        raise events.trouble(event, "type", _DECK_MAPPING(), _BEGIN_FILE_DECK_TITLE())
    while type(event := events.next()) is not MappingEndEvent:
        events.begin_value()
        key = events.node(event)
        value = events.next()
        if type(key) is ScalarNode and key.value == "cards" and "cards" not in parts.seen:
            parts.seen.add("cards")
            _cards(events, value, parts, reading)
        else:
            _header_entry(key, events.node(value), parts, reading)
    events.finish()


def _cards(events: YamlEvents, event: Any, parts: _Parts, reading: Reading) -> None:
    """The list under ``cards``, card by card."""
    if type(event) is not SequenceStartEvent:
        node = events.node(event)
        if type(event) is ScalarEvent and not event.value:
            reading.problem(node, "no-cards", _DECK_NO_CARDS_YET(), severity="warning")
        else:
            reading.problem(node, "type", _LIST_CARDS_EXPECTED(), _EACH_CARD_BEGINS_ID())
        return
    parts.in_cards = True
    while type(event := events.next()) is not SequenceEndEvent:
        parts.card_line = events.line(event)
        parts.card_done = False
        parts.on_progress(event.start_mark.index / parts.length)
        events.begin_value()
        _card(events.node(event), parts, reading)
        parts.card_done = True
    parts.in_cards = False


def _card(node: Node, parts: _Parts, reading: Reading) -> None:
    """One entry. A fault of the app in reading it costs this entry alone."""
    try:
        _read_card(node, parts, reading)
    except Exception as error:
        faults.record(error, _READING_CARD(path=reading.path, line=node.line))
        reading.problem(node, "unreadable", _APP_FAILS_READ_CARD(name=type(error).__name__, error=error))
        reading.card_id = None


def _read_card(node: Node, parts: _Parts, reading: Reading) -> None:
    """One entry: read, its cards checked by the rules, kept where nothing is wrong with them."""
    parts.entries += 1
    if parts.reader is None:
        parts.reader = CardReader(_shared(parts), reading)
    read = parts.reader.read(node)
    if not read.cards:
        return
    good = True
    for finding in card_findings(read.cards[0]):
        place = node_at(node, finding.path)
        reading.problem(place, finding.code, finding.message, finding.hint, finding.severity, finding.at)
        good = good and finding.severity != "error"
    if read.made:
        parts.made.append(MadeId(read.made, *_start(node), is_text=type(node) is ScalarNode))
    for card in read.cards:
        reading.card_id = card.id
        if card.id in parts.lines:
            place = node_at(node, ("id",))
            line = parts.lines[card.id]
            if read.made:
                message, hint = _CARD_LINE_SAME_FRONT(line=line), _GIVE_ONE_THEM_ID()
            else:
                message, hint = _ID_CARD_LINE_ALREADY(id=quoted(card.id), line=line), ""
            reading.problem(place, "duplicate-id", message, hint)
        elif good:
            parts.lines[card.id] = node.line
            parts.cards.append(card)
            if parts.places is not None:
                parts.places.update(_places(card, node))
    reading.card_id = None


def _shared(parts: _Parts) -> Shared:
    """What the header says of all cards, as far as it stands above them."""
    header = {name: value for name, value in parts.header.items() if value is not BAD}
    return Shared(header.get("deck", ""), header.get("was", ()), header.get("defaults", ()), header.get("define", ()))


def _start(node: Node) -> tuple[int, int]:
    """Where the first key of a card stands, or its text."""
    if type(node) is MapNode and node.entries:
        node = node.entries[0][0]
    return node.line, node.column


def _places(card: Card, node: Node) -> Iterator[tuple[tuple[str, str, int], tuple[int, int]]]:
    """Where the names stand that the card has for things outside of it."""
    for key in ("leads_to", "covers", "tags"):
        for index in range(len(getattr(card, key))):
            place = node_at(node, (key, index))
            yield (card.id, key, index), (place.line, place.column)
    if card.loss:
        place = node_at(node, ("loss",))
        yield (card.id, "loss", 0), (place.line, place.column)


def _header_entry(key: Node, value: Node, parts: _Parts, reading: Reading) -> None:
    if type(key) is not ScalarNode:
        reading.problem(key, "key", _KEY_SINGLE_WORD())
        return
    name = key.value
    form = HEADER.get(name)
    if name in _ABOVE_CARDS and "cards" in parts.seen:
        reading.problem(key, "order", _MUST_STAND_ABOVE_CARDS(name=quoted(name)))
    if name in parts.seen:
        reading.problem(key, "duplicate-key", _WRITTEN_TWICE(name=quoted(name)))
    elif form is None:
        hint = did_you_mean(name, [*HEADER, "cards"]) or _KNOWN_KEYS_CARDS(header=", ".join(HEADER))
        reading.problem(key, "unknown-key", _DECK_NO_KEY(name=quoted(name)), hint)
    else:
        parts.header[name] = form.read(value, reading)
    parts.seen.add(name)


def _finish(parts: _Parts, reading: Reading) -> Deck | None:
    """The deck of all good cards, or None without a usable name."""
    top = ScalarNode("", "", 1, 1)
    for name in ("deck", "title"):
        if name not in parts.seen:
            reading.problem(top, "missing-key", _DECK_NEEDS_KEY(name=name))
    if "cards" not in parts.seen:
        reading.problem(top, "missing-key", _DECK_NEEDS_KEY_CARDS(), _LIST_CARDS())
    header = {name: value for name, value in parts.header.items() if value is not BAD}
    if "deck" not in header:
        return None
    header.setdefault("title", header["deck"])
    header.pop("defaults", None)
    header.pop("define", None)
    return Deck(**header, cards=tuple(parts.cards))


def _resume(text: str, trouble: YamlTrouble, events: YamlEvents, parts: _Parts, reading: Reading) -> None:
    """After broken YAML: reports it, and reads every later card for itself."""
    if not parts.in_cards:
        _report(trouble, None, reading)
        return
    lines = text.split("\n")
    indentation = _indentation(lines[parts.card_line - 1]) if parts.card_line else None
    if indentation is None:
        _report(trouble, None, reading)
        return
    starts = [index for index in range(parts.card_line - 1, len(lines)) if _indentation(lines[index]) == indentation]
    if parts.card_done:
        starts = starts[1:]
    first = True
    for start, end in zip(starts, (*starts[1:], len(lines)), strict=False):
        end = _dedent(lines, start, end, indentation)
        parts.on_progress(start / len(lines))
        piece = YamlEvents("\n".join(lines[start:end]), start, events.anchors)
        try:
            event = piece.start()
            if type(event) is not SequenceStartEvent:
                continue
            node = piece.node(piece.next())
            parts.card_line = start + 1
            _card(node, parts, reading)
        except YamlTrouble as broken:
            _report(broken, _id_in(lines[start:end]), reading)
            first = False
    if first:
        _report(trouble, None, reading)


def _report(trouble: YamlTrouble, card_id: str | None, reading: Reading) -> None:
    reading.problems.append(
        Problem(
            reading.path,
            trouble.line,
            trouble.column,
            trouble.code,
            trouble.message,
            "error",
            card_id,
            trouble.hint,
        )
    )


def _indentation(line: str) -> int | None:
    match = _NEXT_CARD.match(line)
    return len(match.group(1)) if match else None


def _dedent(lines: list[str], start: int, end: int, indentation: int) -> int:
    """Where the card that begins at ``start`` ends: before a header key that follows the cards."""
    for index in range(start + 1, end):
        line = lines[index]
        if indentation and line[:1] not in ("", " ", "\t", "#", "\r"):
            return index
        if not indentation and re.match(r"[a-z_]+:", line):
            return index
    return end


def _id_in(lines: list[str]) -> str | None:
    """The id that a broken card seems to have."""
    for line in lines:
        match = re.match(rf"\s*(?:- )?\s*id:\s*['\"]?({ID})\b", line)
        if match:
            return match.group(1)
    return None
