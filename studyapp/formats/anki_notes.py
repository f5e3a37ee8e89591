"""From Anki's notes and cards to cards of this app."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from studyapp.cards.card import Card
from studyapp.clock import to_milliseconds
from studyapp.formats import anki_cloze, build
from studyapp.formats.anki_database import EARLIEST, LATEST, AnkiCard, Database
from studyapp.formats.anki_outgoing import OWN_TYPES, own_card
from studyapp.formats.anki_templates import Fields, fields_used, shown, uses
from studyapp.formats.delimited import html_losses
from studyapp.formats.html import CLOSE, OPEN, to_markdown
from studyapp.formats.value import (
    Collection,
    DeckPath,
    Loss,
    Medium,
    Note,
    NoteType,
    Review,
    SourceCard,
    loss,
)  # fmt: skip
from studyapp.locale.message import Message
from studyapp.schedule.day import LAST_DAY, StudyDays
from studyapp.schedule.memory import KnownState
from studyapp.schedule.sm2 import memory_state_from_sm2

_NO_NOTE = Message("its note or note type is missing")
_NO_TEMPLATE = Message("its note type {type} has no template for it")
_EMPTY_FRONT = Message("its front is empty; it is left out")
_EMPTY_BACK = Message("its back is empty; a dash stands there")
_OCCLUSION = Message("image occlusion cannot be shown here; the card is left out")
_SCRIPTED = Message("the note type {type} computes what it shows by a script, which is not run")
_SOUND = Message("sound cannot be played here; the file is kept and named")
_PRESETS = Message("options of decks (limits, steps, FSRS parameters) are not taken over")
_ODD_REVIEW = Message("{count} review at an impossible time", "{count} reviews at impossible times")
_NO_GAP = Message("gap {number} is not in its text; the card is left out")

_TYPE = re.compile(r"\[\[type:[^\]]*\]\]")
_RULE = re.compile(r"\A(?:---\s*)+")
_MANUAL, _CRAM = 4, 3


def collection_of(
    name: str, database: Database, media: Mapping[str, Medium], progress: Callable[[int, int], None]
) -> Collection:
    """The whole collection as cards of this app."""
    cards: list[SourceCard] = []
    losses: list[Loss] = []
    ids: set[str] = set()
    counts = Counter(card.note for card in database.cards)
    scripted: set[int] = set()
    fields: tuple[int, Fields | None] = (-1, None)
    by_note = sorted(range(len(database.cards)), key=lambda place: database.cards[place].note)
    made: dict[int, SourceCard] = {}
    for done, place in enumerate(by_note):
        one = database.cards[place]
        if done % 200 == 0:
            progress(len(database.cards) + done, 2 * len(database.cards))
        note = database.notes.get(one.note)
        note_type = None if note is None else database.note_types.get(note.type)
        if note is None or note_type is None:
            losses.append(loss(_NO_NOTE, f"{one.id}"))
            continue
        if fields[0] != one.note or fields[1] is None:
            fields = one.note, Fields(_named(note, note_type))
        assert fields[1] is not None
        card, problems, used = _card(one, note, note_type, fields[1], counts[one.note] > 1, database, scripted)
        losses += problems
        if card is None or card.id in ids:
            continue
        ids.add(card.id)
        made[place] = _with_history(one, card, note, used, database, losses)
    cards = [made[place] for place in sorted(made)]
    if database.configured > 1:
        losses.append(loss(_PRESETS))
    titles = {build.deck_path(full): build.deck_path(full)[-1] for full, _ in database.decks.values()}
    described = {build.deck_path(full): _described(text) for full, text in database.decks.values() if text.strip()}
    notes = {note.guid: note for note in database.notes.values()}
    return Collection(
        name=name, cards=tuple(cards), titles=titles, descriptions=described, notes=notes,
        note_types=database.note_types, media=media, losses=tuple(losses),
    )  # fmt: skip


def _described(html: str) -> str:
    return " ".join(to_markdown(html[:5000]).text.split())[:1000]


def _named(note: Note, note_type: NoteType) -> dict[str, str]:
    values = dict(zip(note_type.fields, note.fields, strict=False))
    return {name: values.get(name, "") for name in note_type.fields}


def _card(
    one: AnkiCard, note: Note, note_type: NoteType, fields: Fields, siblings: bool, database: Database,
    scripted: set[int],
) -> tuple[Card | None, list[Loss], tuple[str, ...]]:  # fmt: skip
    """The card, what is lost of it, and the media that it names."""
    name = build.excerpt(re.sub(r"<[^>]*>", " ", next(iter(note.fields), ""))) or note.guid
    place = 0 if note_type.cloze else one.ordinal
    if not 0 <= place < len(note_type.templates):
        return None, [loss(_NO_TEMPLATE, name, type=note_type.name)], ()
    _, front, back = note_type.templates[place]
    losses: list[Loss] = []
    if ("<script" in front.lower() or "<script" in back.lower()) and note_type.id not in scripted:
        scripted.add(note_type.id)
        losses.append(loss(_SCRIPTED, type=note_type.name))
    whole = own_card(note, note_type)
    if whole is not None:
        return whole, losses, tuple(name for text in note.fields[:-1] for name in to_markdown(text).media)
    common: dict[str, Any] = {"tags": build.tags_of(note.tags)}
    is_own = note_type.name in OWN_TYPES and build.is_card_id(note.guid)
    identity = note.guid if is_own else build.card_id("anki", note.guid)
    if siblings:
        common["group"] = identity
    card_id = build.numbered(identity, one.ordinal)
    everything = Fields(_special(note, note_type, one, database) | dict(fields.values))
    everything._converted = fields._converted
    gap_fields = uses(front, "cloze")
    media: list[str] = []
    dropped: set[str] = set()

    def side(template: str, without: frozenset[str] = frozenset(), gap: int = 0) -> str:
        converted = shown(template, everything, without=without, gap=gap)
        media.extend(converted.media)
        dropped.update(converted.dropped)
        return _TYPE.sub("", converted.text).strip()

    card: Card | None
    if note_type.cloze or gap_fields:
        if any("image-occlusion:" in fields.values.get(field, "") for field in gap_fields):
            return None, [loss(_OCCLUSION, name)], ()
        number = one.ordinal + 1
        marked = side(front, gap=number)
        if OPEN not in marked:
            return None, [loss(_NO_GAP, name, number=number)], ()
        hints = [hint for field in gap_fields for hint in anki_cloze.marked(fields.values.get(field, ""), number)[1]]
        if hints:
            common["hints"] = tuple(filter(None, (to_markdown(hint).text for hint in hints)))
        rest = _rest(side(back, frozenset({"FrontSide", *gap_fields, "type:", "cloze:"})))
        if rest:
            common["solution"] = rest
        card = build.cloze(card_id, marked, **common)
    else:
        typed = uses(front, "type")
        question = side(front, frozenset({"type:"}))
        if not question and not typed:
            return None, [loss(_EMPTY_FRONT, name)], ()
        shown_again = frozenset({"FrontSide", "type:"})
        if typed and not anki_cloze.numbers(fields.values.get(typed[0], "")):
            answer = everything.markdown(typed[0])
            media.extend(answer.media)
            rest = _below(side(back, shown_again | {typed[0]}), question)
            if rest:
                common["solution"] = rest
            text = answer.text or "–"
            if not answer.text:
                losses.append(loss(_EMPTY_BACK, name))
            card = build.typed(card_id, question or name, text, **common)
        else:
            answer_text = _rest(side(back, shown_again))
            if "FrontSide" not in fields_used(back):
                answer_text = _below(answer_text, question) or answer_text
            if not answer_text:
                losses.append(loss(_EMPTY_BACK, name))
                answer_text = "–"
            card = build.recall(card_id, question, answer_text, **common)
    if card is None:
        return None, [*losses, loss(_EMPTY_FRONT, name)], ()
    if not build.fits(card):
        return None, [*losses, build.too_long(name)], ()
    losses += html_losses(name, dropped)
    if any(_is_sound(one) for one in media):
        losses.append(loss(_SOUND, name))
    return card, losses, tuple(dict.fromkeys(media))


def _is_sound(name: str) -> bool:
    return name.lower().rpartition(".")[2] in ("mp3", "ogg", "oga", "wav", "m4a", "flac", "opus", "aac", "mp4", "webm")


def _below(text: str, question: str) -> str:
    """What stands on the back without the front, where that is repeated there."""
    return _rest(text[len(question) :]) if question and text.startswith(question) else _rest(text)


def _rest(text: str) -> str:
    """What stands on the back below the line."""
    return _RULE.sub("", text.replace(OPEN, "").replace(CLOSE, "").strip()).strip()


def _special(note: Note, note_type: NoteType, one: AnkiCard, database: Database) -> dict[str, str]:
    deck = database.decks.get(one.deck, ("Default", ""))[0]
    place = 0 if note_type.cloze else one.ordinal
    return {
        "Tags": " ".join(note.tags),
        "Type": note_type.name,
        "Deck": deck,
        "Subdeck": deck.rpartition("::")[2],
        "Card": note_type.templates[place][0],
    }


def _with_history(
    one: AnkiCard, card: Card, note: Note, media: tuple[str, ...], database: Database, losses: list[Loss]
) -> SourceCard:
    deck: DeckPath = build.deck_path(database.decks.get(one.deck, ("Default", ""))[0])
    reviews: list[Review] = []
    resets: list[int] = []
    unrated: list[tuple[int, ...]] = []
    odd = 0
    for raw in one.reviews:
        at, ease, _, _, factor, took, kind = raw
        if not EARLIEST <= at <= LATEST:
            odd += 1
        elif 1 <= ease <= 4:
            if database.scheduler == 1 and kind in (0, 2) and ease in (2, 3):
                ease += 1  # learning had three buttons then
            duration = took if 0 < took < 86_400_000 else None
            reviews.append(Review(at, ease, duration, not (kind == _CRAM and factor == 0), raw))
        else:
            unrated.append(raw)
            if kind == _MANUAL and factor == 0:
                resets.append(at)
    if odd:
        losses.append(loss(_ODD_REVIEW, card.id, count=odd))
    moved = [review.at for review in reviews if review.schedules]
    state, state_at = _state(one, bool(moved), max(moved, default=0), database)
    if one.type == 0 and moved and max(moved) > max(resets, default=0):
        resets.append(max(moved) + 1)
    raw_state: dict[str, int | str] = {
        "id": one.id, "mod": one.modified, "type": one.type, "queue": one.queue, "ivl": one.interval,
        "factor": one.factor, "reps": one.reps, "lapses": one.lapses, "left": one.left, "flags": one.flags,
        "due": one.due, "created": database.created,
    }  # fmt: skip
    if one.data:
        import json

        raw_state["data"] = json.dumps(one.data, separators=(",", ":"))
    return SourceCard(
        card=card, deck=deck, key=f"{note.guid}/{one.ordinal}", note=note.guid, ordinal=one.ordinal,
        reviews=tuple(reviews), resets=tuple(resets), state=state, state_at=state_at, suspended=one.queue == -1,
        flagged=bool(one.flags & 7), media=media, unrated=tuple(unrated), raw=raw_state,
    )  # fmt: skip


def _state(one: AnkiCard, has_log: bool, last: int, database: Database) -> tuple[KnownState | None, int]:
    """How a card was scheduled, and when it was answered last."""
    if one.type not in (1, 2, 3):
        return None, 0
    counts: dict[str, Any] = {"answers": min(max(one.reps, 0), 10**9), "lapses": min(max(one.lapses, 0), 10**9)}
    memory: dict[str, Any] = {}
    if not has_log:
        memory = dict(_memory(one))
    in_review = one.type == 2
    if in_review or one.queue == 3 or one.due < 1_000_000:
        due_day = min(max(1, database.created + one.due), LAST_DAY)
    else:
        due_day = 0
    if in_review:
        where: dict[str, Any] = {"phase": 2, "due_day": due_day}
        answered = due_day - max(one.interval, 0)
    else:
        due_at = to_milliseconds(StudyDays().start_of(due_day)) if due_day else one.due * 1000
        where = {"phase": 1 if one.type == 1 else 3, "due_at": min(max(due_at, 0), LATEST)}
        answered = 0
    told = one.data.get("lrt")
    at = last
    if not at and isinstance(told, int) and EARLIEST <= told * 1000 <= LATEST:
        at = told * 1000
    if not at and answered > 0:
        at = to_milliseconds(StudyDays().start_of(answered) + timedelta(hours=8))
    if not EARLIEST <= at <= LATEST:
        at = min(max(one.modified * 1000, EARLIEST), LATEST)
    return KnownState(**where, **memory, **counts), at


def _memory(one: AnkiCard) -> Iterator[tuple[str, float]]:
    """Stability and difficulty of a card without a log: FSRS's own, or those that SM-2's ease and interval come to."""
    stability, difficulty = one.data.get("s"), one.data.get("d")
    if isinstance(stability, (int, float)) and isinstance(difficulty, (int, float)) and stability > 0:
        yield "stability", min(max(float(stability), 0.001), 36500.0)
        yield "difficulty", min(max(float(difficulty), 1.0), 10.0)
        return
    ease = one.factor / 1000 if one.factor >= 1300 else 2.5
    found = memory_state_from_sm2(ease, float(min(max(one.interval, 1), 36500)))
    yield from zip(("stability", "difficulty"), found, strict=True)
