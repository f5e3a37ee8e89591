"""Writing an Anki package: schema 11 in a zip file, which every version of Anki since 2.1 reads."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

from studyapp.formats.anki_outgoing import CLOZE, RECALL, OutNote, notes_of, used_media
from studyapp.formats.build import deck_path
from studyapp.formats.outgoing import Outgoing, OutgoingCard
from studyapp.formats.value import NoteType, Review
from studyapp.schedule.day import StudyDays
from studyapp.schedule.memory import Phase

_SCHEMA = """
CREATE TABLE col (id integer PRIMARY KEY, crt integer NOT NULL, mod integer NOT NULL, scm integer NOT NULL,
    ver integer NOT NULL, dty integer NOT NULL, usn integer NOT NULL, ls integer NOT NULL, conf text NOT NULL,
    models text NOT NULL, decks text NOT NULL, dconf text NOT NULL, tags text NOT NULL);
CREATE TABLE notes (id integer PRIMARY KEY, guid text NOT NULL, mid integer NOT NULL, mod integer NOT NULL,
    usn integer NOT NULL, tags text NOT NULL, flds text NOT NULL, sfld integer NOT NULL, csum integer NOT NULL,
    flags integer NOT NULL, data text NOT NULL);
CREATE TABLE cards (id integer PRIMARY KEY, nid integer NOT NULL, did integer NOT NULL, ord integer NOT NULL,
    mod integer NOT NULL, usn integer NOT NULL, type integer NOT NULL, queue integer NOT NULL, due integer NOT NULL,
    ivl integer NOT NULL, factor integer NOT NULL, reps integer NOT NULL, lapses integer NOT NULL,
    left integer NOT NULL, odue integer NOT NULL, odid integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
CREATE TABLE revlog (id integer PRIMARY KEY, cid integer NOT NULL, usn integer NOT NULL, ease integer NOT NULL,
    ivl integer NOT NULL, lastIvl integer NOT NULL, factor integer NOT NULL, time integer NOT NULL,
    type integer NOT NULL);
CREATE TABLE graves (usn integer NOT NULL, oid integer NOT NULL, type integer NOT NULL);
CREATE INDEX ix_notes_usn ON notes (usn);
CREATE INDEX ix_cards_usn ON cards (usn);
CREATE INDEX ix_revlog_usn ON revlog (usn);
CREATE INDEX ix_cards_nid ON cards (nid);
CREATE INDEX ix_cards_sched ON cards (did, queue, due);
CREATE INDEX ix_revlog_cid ON revlog (cid);
CREATE INDEX ix_notes_csum ON notes (csum);
"""


def write(outgoing: Outgoing, path: Path) -> None:
    """Writes a new package with notes, media, states and the review log. Raises OSError."""
    notes = notes_of(outgoing)
    with tempfile.TemporaryDirectory(prefix="studyapp-") as folder:
        database = Path(folder) / "collection.anki21"
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.executescript(_SCHEMA)
            _Writing(outgoing, connection).write(notes)
        wanted = sorted({name for note in notes for name in used_media(note)} & outgoing.media.keys())
        wanted += sorted(name for name in outgoing.media if name not in wanted)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
            zipped.write(database, "collection.anki21")
            zipped.writestr("media", json.dumps({str(place): name for place, name in enumerate(wanted)}))
            for place, name in enumerate(wanted):
                with outgoing.media[name].open() as source, zipped.open(str(place), "w") as target:
                    shutil.copyfileobj(source, target)


class _Writing:
    """Fills the tables of a new collection."""

    def __init__(self, outgoing: Outgoing, connection: sqlite3.Connection) -> None:
        self.outgoing = outgoing
        self.connection = connection
        self.days = StudyDays()
        self.now = outgoing.now // 1000
        due = [card.state.due_day for card in outgoing.cards if card.state is not None]
        due += [_told_day(card) for card in outgoing.cards if _told_day(card)]
        self.created = max(1, min([outgoing.today, *due]))
        self.next_id = outgoing.now - 1_000_000
        self.used: set[int] = set()
        self.deck_ids: dict[str, int] = {}

    def write(self, notes: list[OutNote]) -> None:
        models = {note.type.id: _model(note.type, self.now) for note in notes}
        for one in (RECALL, CLOZE):
            models.setdefault(one.id, _model(one, self.now))
        position = 0
        for note in notes:
            number = self._id()
            fields = note.note.fields + ("",) * (len(note.type.fields) - len(note.note.fields))
            first = _stripped(fields[0]) if fields else ""
            checksum = int(hashlib.sha1(first.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()[:8], 16)
            tags = f" {' '.join(note.note.tags)} " if note.note.tags else ""
            self.connection.execute(
                "INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, ?, 0, '')",
                (number, note.note.guid, note.type.id, note.note.modified or self.now, tags, "\x1f".join(fields),
                 first, checksum),
            )  # fmt: skip
            for ordinal, card in sorted(note.cards.items()):
                position += 1
                self._card(number, ordinal, card, position)
        conf = {
            "schedVer": 2, "sched2021": True, "rollover": 4, "curModel": str(RECALL.id), "nextPos": position + 1,
            "creationOffset": -self.days.utc_offset_minutes(self.days.start_of(self.created)), "activeDecks": [1],
            "curDeck": 1, "newSpread": 0, "collapseTime": 1200, "timeLim": 0, "estTimes": True, "dueCounts": True,
            "sortType": "noteFld", "sortBackwards": False, "addToCur": True, "dayLearnFirst": False,
        }  # fmt: skip
        decks = {"1": _deck(1, "Default", self.now)}
        decks |= {str(number): _deck(number, name, self.now) for name, number in self.deck_ids.items()}
        # The first second of the study day, but not earlier than the midnight that begins its date.
        crt = int(self.days.start_of(self.created).timestamp())
        self.connection.execute(
            "INSERT INTO col VALUES (1, ?, ?, ?, 11, 0, 0, 0, ?, ?, ?, ?, '{}')",
            (crt, self.outgoing.now, self.outgoing.now, json.dumps(conf),
             json.dumps({str(number): model for number, model in models.items()}), json.dumps(decks),
             json.dumps({"1": _PRESET})),
        )  # fmt: skip

    def _id(self, wanted: int = 0) -> int:
        """An id that was not used yet."""
        if wanted <= 0:
            self.next_id += 1
            wanted = self.next_id
        while wanted in self.used:
            wanted += 1
        self.used.add(wanted)
        return wanted

    def _deck(self, card: OutgoingCard) -> int:
        source = card.source
        name = "::".join(source.deck) if source is not None else "::".join(deck_path(card.deck, "/"))
        if name == "Default":
            return 1
        if name not in self.deck_ids:
            self.deck_ids[name] = self.outgoing.now + 1 + len(self.deck_ids)
        return self.deck_ids[name]

    def _card(self, note: int, ordinal: int, card: OutgoingCard, position: int) -> None:
        state = card.state
        raw = card.source.raw if card.source is not None and not card.answered_here else {}
        number = self._id(_int(raw, "id"))
        if raw and (state is not None) == (_int(raw, "type") != 0):
            kind, ivl, factor = _int(raw, "type"), _int(raw, "ivl"), _int(raw, "factor")
            reps, lapses, left, data = (
                _int(raw, "reps"),
                _int(raw, "lapses"),
                _int(raw, "left"),
                str(raw.get("data", "{}")),
            )
            queue = {0: 0, 1: 1, 2: 2, 3: 1}.get(kind, 0)
            due = _int(raw, "due")
            if kind == 0:
                due = position
            elif kind == 2 or _int(raw, "queue") == 3 or due < 1_000_000:
                due = _told_day(card) - self.created
                queue = 2 if kind == 2 else 3
        elif state is None:
            kind, queue, due, ivl, factor, reps, lapses, left, data = 0, 0, position, 0, 0, 0, 0, 0, "{}"
        else:
            reps, lapses = state.answers, state.lapses
            data = json.dumps({"s": round(state.stability, 4), "d": round(state.difficulty, 3)}, separators=(",", ":"))
            factor = 2500
            if state.phase is Phase.REVIEW:
                kind, queue, due, ivl, left = 2, 2, state.due_day - self.created, max(1, state.interval), 0
            else:
                kind, queue, due, ivl, left = int(state.phase), 1, int(state.due_at.timestamp()), 0, 1001
        if card.suspended:
            queue = -1
        flags = _int(raw, "flags") & 7 or 1 if card.flagged else 0
        self.connection.execute(
            "INSERT INTO cards VALUES (?, ?, ?, ?, ?, -1, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?)",
            (number, note, self._deck(card), ordinal, _int(raw, "mod") or self.now, kind, queue, due, ivl, factor, reps,
             lapses, left, flags, data),
        )  # fmt: skip
        for row in _log(card):
            at, ease, interval, last, ease_factor, took, entry = row
            self.connection.execute(
                "INSERT INTO revlog VALUES (?, ?, -1, ?, ?, ?, ?, ?, ?)",
                (self._review_id(at), number, ease, interval, last, ease_factor, took, entry),
            )

    def _review_id(self, at: int) -> int:
        wanted = at
        while -wanted in self.used:
            wanted += 1
        self.used.add(-wanted)
        return wanted


def _log(card: OutgoingCard) -> list[tuple[int, ...]]:
    """The rows of the review log of a card: as its source had them, where they came from there."""
    source = card.source
    if source is None:
        return [_row(review) for review in card.reviews]
    known = {review.at: review.raw for review in source.reviews} | {row[0]: row for row in source.unrated}
    rows = {row[0]: row for row in source.unrated}
    for review in card.reviews:
        # A reset that no row tells was only read from the card being new.
        if review.rating or review.at in known or card.answered_here:
            rows[review.at] = known.get(review.at) or _row(review)
    return [rows[at] for at in sorted(rows)]


def _row(review: Review) -> tuple[int, ...]:
    """A review as a row of the log: with its interval where that is known, and how it was learnt."""
    if review.raw:
        return review.raw
    return (review.at, review.rating, 0, 0, 0 if not review.schedules else 2500, min(review.duration or 0, 60_000_000),
            1 if review.schedules else 3)  # fmt: skip


def _told_day(card: OutgoingCard) -> int:
    """The study day on which its source has a card due; 0 where that is no day."""
    raw = {} if card.source is None or card.answered_here else card.source.raw
    if not raw or _int(raw, "type") == 0 or (_int(raw, "type") != 2 and _int(raw, "due") >= 1_000_000):
        return 0
    return _int(raw, "created") + _int(raw, "due")


def _int(raw: dict[str, int | str], name: str) -> int:
    value = raw.get(name, 0)
    return value if isinstance(value, int) else 0


def _stripped(field: str) -> str:
    import html
    import re

    return html.unescape(re.sub(r"<[^>]*>", "", field)).strip()


def _model(note_type: NoteType, now: int) -> dict[str, Any]:
    return {
        "id": note_type.id, "name": note_type.name, "type": int(note_type.cloze), "mod": now, "usn": -1, "sortf": 0,
        "did": 1, "css": note_type.css, "tags": [], "vers": [], "req": [[0, "any", [0]]],
        "latexPre": "\\documentclass[12pt]{article}\n\\special{papersize=3in,5in}\n\\usepackage{amssymb,amsmath}\n"
                    "\\pagestyle{empty}\n\\setlength{\\parindent}{0in}\n\\begin{document}\n",
        "latexPost": "\\end{document}", "latexsvg": False,
        "flds": [
            {"name": name, "ord": place, "sticky": False, "rtl": False, "font": "Arial", "size": 20, "media": []}
            for place, name in enumerate(note_type.fields)
        ],
        "tmpls": [
            {"name": name, "ord": place, "qfmt": front, "afmt": back, "bqfmt": "", "bafmt": "", "did": None}
            for place, (name, front, back) in enumerate(note_type.templates)
        ],
    }  # fmt: skip


def _deck(number: int, name: str, now: int) -> dict[str, Any]:
    return {
        "id": number, "name": name, "mod": now, "usn": -1, "conf": 1, "desc": "", "dyn": 0, "collapsed": False,
        "browserCollapsed": False, "extendNew": 0, "extendRev": 0, "newToday": [0, 0], "revToday": [0, 0],
        "lrnToday": [0, 0], "timeToday": [0, 0],
    }  # fmt: skip


_PRESET: dict[str, Any] = {
    "id": 1, "name": "Default", "mod": 0, "usn": 0, "maxTaken": 60, "autoplay": True, "timer": 0, "replayq": True,
    "dyn": False,
    "new": {"bury": True, "delays": [1.0, 10.0], "initialFactor": 2500, "ints": [1, 4, 0], "order": 1, "perDay": 20},
    "rev": {"bury": True, "ease4": 1.3, "ivlFct": 1.0, "maxIvl": 36500, "perDay": 200, "hardFactor": 1.2},
    "lapse": {"delays": [10.0], "leechAction": 1, "leechFails": 8, "minInt": 1, "mult": 0.0},
}  # fmt: skip
