"""Decks of CrowdAnki: a folder with ``deck.json`` and ``media``, or the JSON file alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from studyapp.formats import anki_cloze
from studyapp.formats.anki_database import AnkiCard, Database, text
from studyapp.formats.anki_notes import collection_of
from studyapp.formats.anki_templates import Fields, shown, uses
from studyapp.formats.limits import MOST_MEDIA_FILES, MOST_NOTES, MOST_TEXT
from studyapp.formats.source import Source, decoded, read_file
from studyapp.formats.value import Collection, FormatError, Medium, Note, NoteType
from studyapp.locale.message import Message

_BROKEN = Message("{path} is no deck of CrowdAnki: {reason}.")
_TOO_MANY = Message("{path} holds more than {count} entries of {table}; that many are not read.")
_DEEPEST = 20


def looks_like(source: Source) -> bool:
    """Whether it is, or holds, a JSON object that says that it is a deck."""
    if source.is_folder:
        return _file(source.path) is not None
    return _says_so(source.head_text)


def _says_so(head: str) -> bool:
    return head.lstrip().startswith("{") and ('"crowdanki_uuid"' in head or '"__type__"' in head)


def _file(folder: Path) -> Path | None:
    for path in (folder / "deck.json", folder / f"{folder.name}.json"):
        try:
            with open(path, "rb") as file:
                if _says_so(file.read(4096).decode("utf-8", "replace")):
                    return path
        except OSError:
            continue
    return None


def read(source: Source, progress: Callable[[int, int], None] = lambda done, total: None) -> Collection:
    """All notes of the deck and those below it.

    Raises:
        FormatError: it is damaged, or beyond the limits.
    """
    path = _file(source.path) if source.is_folder else source.path
    if path is None:
        raise FormatError(_BROKEN(path=source.path, reason="deck.json"))
    data = decoded(read_file(path, MOST_TEXT), path)
    try:
        deck = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise FormatError(_BROKEN(path=path, reason=error)) from None
    if not isinstance(deck, dict):
        raise FormatError(_BROKEN(path=path, reason="{}"))
    reading = _Reading(path)
    reading.deck(deck, "", 0)
    database = Database(1, 2, reading.decks, reading.types, reading.notes, reading.cards)
    return collection_of(source.name, database, dict(_media(path.parent / "media")), progress)


class _Reading:
    """What the JSON says, as rows of a collection."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.decks: dict[int, tuple[str, str]] = {}
        self.types: dict[int, NoteType] = {}
        self.by_uuid: dict[str, int] = {}
        self.notes: dict[int, Note] = {}
        self.cards: list[AnkiCard] = []

    def deck(self, deck: Mapping[str, Any], above: str, depth: int) -> None:
        """A deck and those below it."""
        name = text(deck.get("name")) or "Default"
        full = name if not above or name.startswith(above + "::") else f"{above}::{name}"
        number = len(self.decks) + 1
        self.decks[number] = (full, text(deck.get("desc")))
        for model in _dicts(deck.get("note_models")):
            self._model(model)
        for note in _dicts(deck.get("notes")):
            self._note(note, number)
        for child in _dicts(deck.get("children")):
            if depth < _DEEPEST:
                self.deck(child, full, depth + 1)

    def _model(self, model: Mapping[str, Any]) -> None:
        number = len(self.types) + 1
        self.by_uuid[text(model.get("crowdanki_uuid"))] = number
        templates = [(text(one.get("name")), text(one.get("qfmt")), text(one.get("afmt")))
                     for one in sorted(_dicts(model.get("tmpls")), key=_place)]  # fmt: skip
        fields = tuple(text(one.get("name")) for one in sorted(_dicts(model.get("flds")), key=_place))
        self.types[number] = NoteType(
            number, text(model.get("name")), fields, tuple(templates), text(model.get("css")), model.get("type") == 1
        )

    def _note(self, note: Mapping[str, Any], deck: int) -> None:
        kind = self.by_uuid.get(text(note.get("note_model_uuid")), 0)
        fields = note.get("fields")
        tags = note.get("tags")
        number = len(self.notes) + 1
        if number > MOST_NOTES:
            raise FormatError(_TOO_MANY(path=self.path, count=MOST_NOTES, table="notes"))
        values = tuple(map(text, fields)) if isinstance(fields, list) else ()
        words = tuple(map(text, tags)) if isinstance(tags, list) else ()
        made = Note(text(note.get("guid")), kind, values, words)
        self.notes[number] = made
        for ordinal in _ordinals(made, self.types.get(kind)):
            self.cards.append(AnkiCard(len(self.cards) + 1, number, deck, ordinal, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, {}))


def _ordinals(note: Note, kind: NoteType | None) -> Iterator[int]:
    """The cards that Anki makes of a note."""
    if kind is None:
        yield 0
        return
    values = dict(zip(kind.fields, note.fields, strict=False))
    if kind.cloze and kind.templates:
        texts = [values.get(name, "") for name in uses(kind.templates[0][1], "cloze")]
        found = {number for one in texts for number in anki_cloze.numbers(one)}
        yield from (number - 1 for number in sorted(found))
        return
    nothing = Fields(dict.fromkeys(kind.fields, ""))
    filled = Fields({name: values.get(name, "") for name in kind.fields})
    for place, (_, front, _) in enumerate(kind.templates):
        if place == 0 or shown(front, filled).text != shown(front, nothing).text:
            yield place


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _place(entry: Mapping[str, Any]) -> int:
    place = entry.get("ord")
    return place if isinstance(place, int) else 0


def _media(folder: Path) -> Iterator[tuple[str, Medium]]:
    """The files of the folder of media; links are passed over."""
    if not folder.is_dir() or folder.is_symlink():
        return
    for count, path in enumerate(sorted(folder.iterdir())):
        if count >= MOST_MEDIA_FILES:
            return
        if path.is_file() and not path.is_symlink():
            yield path.name, Medium(path.stat().st_size, partial(_open, path))


def _open(path: Path) -> BinaryIO:
    return open(path, "rb")
