"""From cards of this app to Anki's notes.

Cards that came from Anki go back into their notes, field by field as they were where they were not edited here. All
others become notes of types of our own, which hold the card itself in a field, so that it comes back whole.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from studyapp.cards.card import Card
from studyapp.formats import anki_cloze
from studyapp.formats.html import to_html, to_markdown
from studyapp.formats.outgoing import AS_QUESTION, NO_VARIANT, ONE_VARIANT, Outgoing, OutgoingCard, as_question
from studyapp.formats.value import Note, NoteType, loss
from studyapp.kinds import kind_named
from studyapp.kinds.cloze import ClozeCard
from studyapp.kinds.cloze.gaps import find_gaps
from studyapp.kinds.recall import RecallCard
from studyapp.locale.message import Message

_SPLIT = Message("was edited here, and its note makes several cards; it becomes a note of its own")

_CSS = ".card { font-family: arial; font-size: 20px; text-align: left; color: black; background-color: white; }"

RECALL = NoteType(
    id=1_732_000_000_001,
    name="studyapp question",
    fields=("Front", "Back", "Solution", "Hints", "Source"),
    templates=((
        "Card 1",
        "{{Front}}",
        "{{FrontSide}}\n\n<hr id=answer>\n\n{{Back}}{{#Solution}}<hr>{{Solution}}{{/Solution}}",
    ),),
    css=_CSS,
)  # fmt: skip
CLOZE = NoteType(
    id=1_732_000_000_002,
    name="studyapp cloze",
    fields=("Text", "Extra", "Hints", "Source"),
    templates=(("Cloze", "{{cloze:Text}}", "{{cloze:Text}}{{#Extra}}<hr>{{Extra}}{{/Extra}}"),),
    css=_CSS + " .cloze { font-weight: bold; color: blue; }",
    cloze=True,
)
OWN_TYPES = {RECALL.name: RECALL, CLOZE.name: CLOZE}


class OutNote(msgspec.Struct):
    """A note on its way out, with those of its cards that there are, by their ordinals."""

    note: Note
    type: NoteType
    cards: dict[int, OutgoingCard]


def notes_of(outgoing: Outgoing) -> list[OutNote]:
    """The notes of all cards, in their order; what is lost is added to ``outgoing.losses``."""
    found: dict[str, OutNote] = {}
    for one in outgoing.cards:
        placed = _placed(one, outgoing, found)
        if placed:
            continue
        made = _own(one, outgoing)
        if made is not None:
            found[made.note.guid] = made
    return list(found.values())


def _placed(one: OutgoingCard, outgoing: Outgoing, found: dict[str, OutNote]) -> bool:
    """Whether the card could go back into the note that it came from."""
    source = one.source
    note = None if source is None else outgoing.notes.get(source.note)
    note_type = None if note is None else outgoing.note_types.get(note.type)
    if source is None or note is None or note_type is None:
        return False
    present = found.get(note.guid)
    if present is None:
        present = OutNote(note, note_type, {})
    own = msgspec.json.decode(msgspec.json.encode(one.card))
    edited = [name for name in {**own, **source.card} if own.get(name) != source.card.get(name)]
    if edited:
        changed = _edited(present.note, note_type, one.card, source.card, edited)
        if changed is None:
            outgoing.losses.append(loss(_SPLIT, one.card.id))
            return False
        present.note = changed
    present.cards[source.ordinal] = one
    found[note.guid] = present
    return True


def _edited(note: Note, note_type: NoteType, card: Card, base: dict[str, Any], edited: list[str]) -> Note | None:
    """The note with what was edited here; None where it cannot be said which field that is."""
    fields = list(note.fields)
    tags = note.tags
    for name in edited:
        value = getattr(card, name, None)
        if name == "tags":
            tags = tuple(tag.replace("/", "::") for tag in card.tags)
        elif name in ("question", "answer", "solution") and isinstance(value, str):
            places = [place for place, field in enumerate(note.fields) if to_markdown(field).text == base.get(name)]
            if len(places) != 1 or not base.get(name):
                return None
            fields[places[0]] = to_html(value)[0]
        elif name == "text" and isinstance(card, ClozeCard):
            place = next((place for place, field in enumerate(note.fields) if anki_cloze.deletions(field)), None)
            if place is None or len(anki_cloze.numbers(note.fields[place])) != 1:
                return None
            fields[place] = cloze_html(card.text, anki_cloze.numbers(note.fields[place])[0], card.hints)
        elif name != "group":
            return None
    return msgspec.structs.replace(note, fields=tuple(fields), tags=tags, modified=note.modified + 1)


def _own(one: OutgoingCard, outgoing: Outgoing) -> OutNote | None:
    card = one.card
    made = own_fields(card, outgoing.language)
    if made is None:
        outgoing.losses.append(loss(NO_VARIANT, card.id))
        return None
    note_type, fields = made
    if card.kind not in ("recall", "cloze"):
        what = ONE_VARIANT if card.kind in ("compute", "formula") else AS_QUESTION
        outgoing.losses.append(loss(what, card.id, kind=card.kind))
    tags = tuple(tag.replace("/", "::") for tag in card.tags)
    source = {"language": outgoing.language, "card": msgspec.to_builtins(card)}
    text = html.escape(json.dumps(source, ensure_ascii=False), quote=False)
    note = Note(card.id, note_type.id, (*fields, text), tags, outgoing.now // 1000)
    return OutNote(note, note_type, {0: one})


def own_fields(card: Card, language: str) -> tuple[NoteType, tuple[str, ...]] | None:
    """The type of note that a card becomes, and its fields but the last; None where no variant of it can be made."""
    hints = "<br>".join(to_html(hint)[0] for hint in card.hints)
    if isinstance(card, ClozeCard):
        text = cloze_html(card.text, 1, ())
        if card.question:
            text = f"{to_html(card.question)[0]}<br><br>{text}"
        return CLOZE, (text, to_html(card.solution)[0], hints)
    try:
        plain = as_question(card, language)
    except ValueError:
        return None
    answer = plain.answer
    if isinstance(card, RecallCard) and card.points:
        answer += "\n\n" + "\n".join(f"- {point.text}" for point in card.points)
    return RECALL, (to_html(plain.question)[0], to_html(answer)[0], to_html(plain.solution)[0], hints)


def cloze_html(text: str, number: int, hints: tuple[str, ...]) -> str:
    """A text with our gaps as one with Anki's."""
    marked, position = "", 0
    for place, gap in enumerate(find_gaps(text)):
        hint = f"::{hints[place]}" if place < len(hints) else ""
        answer = next(filter(None, gap.alternatives), "")
        marked += text[position : gap.start] + f"\ue004{answer}{hint}\ue005"
        position = gap.end
    converted = to_html_keeping(marked + text[position:])
    # Two braces that close a formula would close the gap.
    between = re.compile("\ue004(.*?)\ue005", re.DOTALL)
    inner = between.sub(lambda match: "\ue004" + match[1].replace("}}", "} }") + "\ue005", converted)
    return inner.replace("\ue004", f"{{{{c{number}::").replace("\ue005", "}}")


def to_html_keeping(text: str) -> str:
    """`to_html` of a text with marks for gaps, which stay."""
    first, second = "GAPOPENXQ", "GAPCLOSEXQ"
    made = to_html(text.replace("\ue004", first).replace("\ue005", second))[0]
    return made.replace(first, "\ue004").replace(second, "\ue005")


def own_card(note: Note, note_type: NoteType) -> Card | None:
    """The card that a note of our own types holds, with the fields that were edited in Anki."""
    mine = OWN_TYPES.get(note_type.name)
    if mine is None or len(note.fields) != len(mine.fields):
        return None
    try:
        held = json.loads(html.unescape(note.fields[-1]))
        card: Card = msgspec.convert(held["card"], kind_named(held["card"]["kind"]).card, strict=False)
        language = str(held["language"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if card.id != note.guid or any(finding.severity == "error" for finding in kind_named(card.kind).rules(card)):
        return None
    made = own_fields(card, language)
    if made is None or made[0].name != note_type.name:
        return None
    changed: dict[str, Any] = {"tags": _tags(card, note)}
    for name, written, now in zip(mine.fields, made[1], note.fields, strict=False):
        if written != now and now.strip():
            key = {"Front": "question", "Back": "answer", "Solution": "solution", "Extra": "solution"}.get(name)
            if key is None or not isinstance(card, (RecallCard, ClozeCard)):
                continue  # what was edited in the text of one variant cannot come back
            changed[key] = to_markdown(now).text
        elif written != now and name in ("Solution", "Extra"):
            changed["solution"] = ""
    return msgspec.structs.replace(card, **changed)


def _tags(card: Card, note: Note) -> tuple[str, ...]:
    from studyapp.formats.build import tags_of

    found = tags_of(note.tags)
    return card.tags if sorted(found) == sorted(card.tags) else found


def used_media(note: OutNote) -> Iterator[str]:
    """The names of the media that the fields of a note show or play."""
    for field in note.note.fields:
        yield from to_markdown(field).media
