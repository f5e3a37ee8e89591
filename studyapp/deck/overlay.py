"""Translations: ``NAME.zh.yaml`` lays other words over the cards of ``NAME.yaml``.

An overlay says only what is shown: questions, texts, reasons. Expressions, numbers and ids stay the card's
own. What an overlay lacks is shown in the deck's own language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import msgspec
from msgspec import Struct
from yaml.events import MappingEndEvent, MappingStartEvent

from studyapp import faults
from studyapp.cards.card import Card
from studyapp.cards.card_form import CARD_ID, PROSE, form_of, own_form
from studyapp.cards.fields import StructField, fields_of, seen_fields, seen_texts
from studyapp.cards.rules import Finding
from studyapp.forms.form import ListOf, MapOf, Record, Text
from studyapp.forms.node import MapNode, Node, ScalarNode, describe, node_at
from studyapp.forms.problem import Problem, did_you_mean, quoted
from studyapp.forms.reading import BAD, Form, Reading
from studyapp.kinds import KINDS, kind_named, kind_of
from studyapp.locale.message import Message

from .card_reader import card_findings
from .file_text import Signature, UnreadableFile, read_text
from .yaml_events import YamlEvents
from .yaml_trouble import YamlTrouble

_MAPPING = Message("the mapping of {what}")
_TRANSLATED_CARD = Message("a translated card")
_TRANSLATED_ENTRY = Message("a translated entry")
_LIST = Message("the list of {what}")
_FILE_EMPTY = Message("the file is empty")
_TRANSLATION_MAPPING = Message("a translation is a mapping")
_BEGIN_DECK_LANGUAGE_TITLE = Message("begin it with deck:, language:, title:")
_TRANSLATING = Message("translating {id} by {path}")
_EXPRESSION_WHICH_TRANSLATED = Message("an expression, which is not translated")
_KEY_CARD = Message("not a key of a {kind} card")

_TRANSLATION_NEEDS_KEY = Message("a translation needs the key '{name}'")
_WRITTEN_TWICE = Message("{name} is written twice")
_TRANSLATION_NO_KEY = Message("a translation has no key {name}")
_MAPPING_CARD_IDS_EXPECTED = Message("a mapping of card ids was expected, not {found}")
_TRANSLATED_TWICE = Message("{card_id} is translated twice")
_WRITE_EACH_CARD_ID = Message("write each card as ID: {{question: …}}")
_APP_FAILS_USE_TRANSLATION = Message("the app fails to use this translation ({name}: {error})")
_KEY_IS_WHY = Message("'{key}' is {why}")
_CARD_NO_ITS = Message("the card has no {name} in its {key}")
_CARD_TRANSLATION = Message("the card has {count} {key}, the translation {count_2}")

AnyCardT = TypeVar("AnyCardT", bound=Card)


Words: TypeAlias = dict[str, Any]
"""What an overlay says of one card, by key: a text; for a list its entries in order, or by id where they have
one. Of an entry it says the fields that it gives, by name."""


class _EntryForm:
    """The words of one entry of a list: a text for the first field that is shown, or a mapping of those fields."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = tuple(names)
        self._record = Record(_TRANSLATED_ENTRY(), dict, dict.fromkeys(names, PROSE), ())

    def read(self, node: Node, reading: Reading) -> Any:
        if type(node) is MapNode and len(self._names) > 1:
            return self._record.read(node, reading)
        text = PROSE.read(node, reading)
        return BAD if text is BAD else {self._names[0]: text}

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [PROSE.schema(), self._record.schema()]} if len(self._names) > 1 else PROSE.schema()


def _words_form(one: StructField) -> Form:
    """How an overlay says a field in other words."""
    inner = one.inner
    if inner is None:
        return form_of(one)
    entry = own_form(inner) or _EntryForm([field.name for field in seen_fields(inner) if field.type is str])
    what = one.field.what or one.name
    if not one.goes_by_id:
        return ListOf(entry, _LIST(what=what))
    key = form_of(fields_of(inner)["id"])
    assert isinstance(key, Text)
    return MapOf(entry, _MAPPING(what=what), key)


@cache
def _card_form(kinds: tuple[str, ...]) -> Record:
    """What an overlay may say of a card of any of these kinds: of the keys of one kind, then of those of all cards."""
    forms: dict[str, Form] = {}
    for common in (False, True):
        for kind in kinds:
            for one in seen_fields(kind_named(kind).card):
                if (one.name in Card.__struct_fields__) is common:
                    forms.setdefault(one.name, _words_form(one))
    return Record(_TRANSLATED_CARD(), dict, forms, ())


class ReadOverlay(Struct, frozen=True):
    """What an overlay file gave: words by card id, and the place of each entry."""

    path: Path
    deck: str
    language: str
    title: str
    description: str
    words: dict[str, Words]
    nodes: dict[str, Node]
    problems: tuple[Problem, ...]
    signature: Signature | None = None


def read_overlay(path: Path) -> ReadOverlay:
    """Reads an overlay file. Never raises: what is wrong is among the problems."""
    reading = Reading(path)
    try:
        text, signature = read_text(path)
    except UnreadableFile as error:
        problem = Problem(path, error.line, error.column, error.code, error.message, hint=error.hint)
        return ReadOverlay(path, "", "", "", "", {}, {}, (problem,))
    return parse_overlay(text, path, reading, signature)


def parse_overlay(
    text: str, path: Path, reading: Reading | None = None, signature: Signature | None = None
) -> ReadOverlay:
    """Reads an overlay from ``text``; ``path`` is only named in problems. Never raises."""
    from .reader import HEADER

    reading = reading or Reading(path)
    header: dict[str, Any] = {}
    words: dict[str, Words] = {}
    nodes: dict[str, Node] = {}
    fields: dict[str, Form] = {key: HEADER[key] for key in ("deck", "title", "language", "description")}
    events = YamlEvents(text.removeprefix("\ufeff"))
    try:
        event = events.start()
        if event is None:
            raise YamlTrouble(1, 1, "empty-file", _FILE_EMPTY())
        if type(event) is not MappingStartEvent:
            raise events.trouble(event, "type", _TRANSLATION_MAPPING(), _BEGIN_DECK_LANGUAGE_TITLE())
        while type(event := events.next()) is not MappingEndEvent:
            events.begin_value()
            key = events.node(event)
            value = events.next()
            name = key.value if type(key) is ScalarNode else ""
            if name == "cards":
                _entries(events, value, words, nodes, reading)
                continue
            node = events.node(value)
            if name in header:
                reading.problem(key, "duplicate-key", _WRITTEN_TWICE(name=quoted(name)))
            elif name not in fields:
                hint = did_you_mean(name, [*fields, "cards"])
                reading.problem(key, "unknown-key", _TRANSLATION_NO_KEY(name=quoted(name)), hint)
            else:
                header[name] = fields[name].read(node, reading)
        events.finish()
    except YamlTrouble as trouble:
        reading.problems.append(
            Problem(path, trouble.line, trouble.column, trouble.code, trouble.message, hint=trouble.hint)
        )
    for name in ("deck", "language"):
        if name not in header:
            reading.problem(ScalarNode("", "", 1, 1), "missing-key", _TRANSLATION_NEEDS_KEY(name=name))
    given = {name: "" if value is BAD else value for name, value in header.items()}
    return ReadOverlay(
        path,
        given.get("deck", ""),
        given.get("language", ""),
        given.get("title", ""),
        given.get("description", ""),
        words,
        nodes,
        tuple(sorted(reading.problems, key=lambda problem: problem.position)),
        signature,
    )


def _entries(events: YamlEvents, event: Any, words: dict[str, Words], nodes: dict[str, Node], reading: Reading) -> None:
    if type(event) is not MappingStartEvent:
        node = events.node(event)
        if not (type(node) is ScalarNode and not node.value):
            hint = _WRITE_EACH_CARD_ID()
            reading.problem(node, "type", _MAPPING_CARD_IDS_EXPECTED(found=describe(node)), hint)
        return
    while type(event := events.next()) is not MappingEndEvent:
        events.begin_value()
        key = events.node(event)
        card_id = CARD_ID.read(key, reading)
        reading.card_id = None if card_id is BAD else card_id
        node = events.node(events.next())
        entry = _card_form(tuple(KINDS)).read(node, reading)
        if card_id is not BAD and card_id in nodes:
            reading.problem(key, "duplicate-id", _TRANSLATED_TWICE(card_id=quoted(card_id)))
        elif card_id is not BAD:
            nodes[card_id] = node
            if entry is not BAD:
                words[card_id] = entry
        reading.card_id = None


def fit(card: AnyCardT, overlay: ReadOverlay) -> tuple[AnyCardT | None, tuple[Problem, ...]]:
    """``card`` in the words of an overlay, and what does not fit it, at the places in the overlay.

    There is no card where the overlay says nothing of it, or where its words would break the card.
    """
    words = overlay.words.get(card.id)
    if words is None:
        return None, ()
    node = overlay.nodes[card.id]
    try:
        localised, misfits = _apply(card, words)
        broken = [finding for finding in card_findings(localised) if finding.severity == "error"]
    except Exception as error:  # a fault of the app costs this translation alone
        faults.record(error, _TRANSLATING(id=card.id, path=overlay.path))
        why = _APP_FAILS_USE_TRANSLATION(name=type(error).__name__, error=error)
        return None, (Problem(overlay.path, node.line, node.column, "unreadable", why, card_id=card.id),)
    problems = []
    for finding in misfits or broken:
        place = node_at(node, finding.path)
        message, hint = finding.message, finding.hint
        problems.append(Problem(overlay.path, place.line, place.column, finding.code, message, "error", card.id, hint))
    return (None if broken else localised), tuple(problems)


def _apply(card: AnyCardT, words: Words) -> tuple[AnyCardT, list[Finding]]:
    changes: dict[str, Any] = {}
    findings: list[Finding] = []
    fields = fields_of(type(card))
    for key, said in words.items():
        one = fields.get(key)
        if one is None or not one.field.seen:
            why = _EXPRESSION_WHICH_TRANSLATED() if one else _KEY_CARD(kind=card.kind)
            findings.append(Finding((key,), "overlay", _KEY_IS_WHY(key=key, why=why)))
            continue
        own = getattr(card, key)
        if one.goes_by_id:
            known = [entry.id for entries in (own, *_nested(card, key)) for entry in entries]
            for name in said:
                if name not in known:
                    message = _CARD_NO_ITS(name=quoted(name), key=key)
                    findings.append(Finding((key, name), "overlay", message, did_you_mean(name, known)))
            changes[key] = _by_id(own, said)
        elif isinstance(own, str):
            trouble = kind_of(card).misfit(card, key, said)
            if trouble:
                findings.append(Finding((key,), "overlay", trouble))
            else:
                changes[key] = said
        elif len(said) != len(own):
            message = _CARD_TRANSLATION(count=len(own), key=key, count_2=len(said))
            findings.append(Finding((key,), "overlay", message))
        elif one.inner is None:
            changes[key] = said
        else:
            changes[key] = tuple(before.said(after) for before, after in zip(own, said, strict=True))
    for outer, key in _nested_fields(type(card)):
        if key in words:
            entries = changes.get(outer, getattr(card, outer))
            changes[outer] = tuple(
                msgspec.structs.replace(entry, **{key: _by_id(getattr(entry, key), words[key])}) for entry in entries
            )
    return (msgspec.structs.replace(card, **changes) if changes else card), findings


def _by_id(entries: Any, words: Mapping[str, Any]) -> Any:
    return tuple(entry.said(words[entry.id]) if entry.id in words else entry for entry in entries)


@cache
def _nested_fields(struct: Any) -> tuple[tuple[str, str], ...]:
    """Lists inside the entries of lists, such as the wrong answers of parts: translated under their own key."""
    return tuple(
        (one.name, inner.name)
        for one in seen_fields(struct)
        if one.inner is not None
        for inner in seen_fields(one.inner)
        if inner.goes_by_id
    )


def _nested(card: Card, key: str) -> Iterator[Any]:
    """The lists called ``key`` inside the entries of the card's lists."""
    for outer, inner in _nested_fields(type(card)):
        if inner == key:
            for entry in getattr(card, outer):
                yield getattr(entry, inner)


_SAME_IN_ALL_LANGUAGES = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]*`|\$\$.*?\$\$|(?<!\\)\$.*?(?<!\\)\$|<<.*?>>|\{[^{}\n]*\}", re.DOTALL
)
"""Code, formulas and placeholders."""

_WORD = re.compile(r"[^\W\d_]{2,}")


def has_words(text: str) -> bool:
    """Whether there is something to translate in ``text``: formulas and code are the same in every language.

    >>> has_words("$a - y$, `np.sum`"), has_words("So $a - y$ is left.")
    (False, True)
    """
    return bool(_WORD.search(_SAME_IN_ALL_LANGUAGES.sub(" ", text)))


def untranslated(card: Card, words: Words | None) -> tuple[str, ...]:
    """The keys of ``card`` with words that the learner sees and ``words`` does not translate. A unit may stay."""
    given = words or {}
    missing = []
    for one in seen_fields(type(card)):
        value, said = getattr(card, one.name), given.get(one.name)
        if one.goes_by_id:
            entries = [entry for entries in (value, *_nested(card, one.name)) for entry in entries]
            lacking = any(entry.id not in (said or {}) and _any_words(entry) for entry in entries)
        else:
            lacking = one.field.text == "prose" and not said and any(map(has_words, seen_texts(value)))
        if lacking:
            missing.append(one.name)
    return tuple(missing)


def _any_words(entry: Struct) -> bool:
    return any(has_words(getattr(entry, one.name)) for one in seen_fields(type(entry)) if one.type is str)
