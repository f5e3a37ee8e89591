"""Gathering what is exported (cards in one language with history and media), and writing it whole or not at all."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote

from studyapp.cards.fields import seen_texts
from studyapp.clock import to_milliseconds
from studyapp.deck.bank import Bank
from studyapp.exchange import origins
from studyapp.exchange.importing import imports_folder
from studyapp.exchange.preview import AS_WRITTEN
from studyapp.formats.limits import MOST_MEDIUM
from studyapp.formats.outgoing import Outgoing, OutgoingCard, Source
from studyapp.formats.table import Format
from studyapp.formats.value import Medium, Review, loss
from studyapp.locale.message import Message
from studyapp.store.database import Store

Progress = Callable[[int, int], None]

_NO_FILE = Message("the file {name} is not beside its deck")
_OUTSIDE = Message("the file {name} lies outside the folder of its deck and is not taken along")
_TARGET = re.compile(r"\]\((<[^>\n]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")


def gather(
    bank: Bank, store: Store, home: Path, decks: Sequence[str], language: str, progress: Progress | None = None,
    *, cards: bool = True,
) -> Outgoing:  # fmt: skip
    """The cards of the decks (all, where none is named), in ``language`` where they are translated.

    Without ``cards`` the answers alone, as the log has them.
    """
    now = to_milliseconds(store.clock())
    if not cards:
        wanted = {entry.card_id for entry in bank.entries(tuple(decks))} if decks else None
        answers = [row for row in store.all_answers() if wanted is None or row["card_id"] in wanted]
        return Outgoing(name="studyapp", cards=[], today=store.today, now=now, language=language, answers=answers)
    known = origins.load(imports_folder(home))
    history = _reviews(store)
    here = store.changed_here()
    infos = {deck.name: deck for deck in bank.decks()}
    entries = list(bank.entries(tuple(decks)))
    out = Outgoing(
        name="studyapp", cards=[], today=store.today, now=now, language=language, notes=known.notes,
        note_types=known.note_types,
    )  # fmt: skip
    names = {
        str(Path(folder) / "media" / target): name
        for folder, files in known.media.items()
        for name, (target, _) in files.items()
    }
    for place, entry in enumerate(entries):
        if progress is not None and place % 100 == 0:
            progress(place, len(entries))
        card = bank.card(entry.card_id, language)
        origin = known.cards.get(entry.card_id)
        state, marks = store.standing(entry.card_id)
        source = None
        if origin is not None and card == bank.card(entry.card_id, AS_WRITTEN):
            source = Source(
                origin.note, origin.ordinal, origin.deck, origin.card, origin.raw, origin.reviews, origin.unrated
            )
        out.cards.append(
            OutgoingCard(
                card, entry.deck, infos[entry.deck].title, state, tuple(history.get(entry.card_id, ())),
                marks.suspended, marks.flagged, entry.card_id in here, source,
            )
        )  # fmt: skip
        folder = infos[entry.deck].path.parent
        for text in seen_texts(card):
            for target in _targets(text):
                _take_along(target, folder, names, entry.card_id, out)
    used = {str(infos[card.deck].path.parent) for card in out.cards if card.source is not None}
    for path_text, name in names.items():
        path = Path(path_text)
        if str(path.parent.parent) in used and name not in out.media and path.is_file():
            out.media[name] = Medium(path.stat().st_size, partial(_open, path))
    return out


def _targets(text: str) -> Iterator[str]:
    for match in _TARGET.finditer(text):
        target = unquote(match[1].strip("<>"))
        if target and not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|/|#", target):
            yield target


def _take_along(target: str, folder: Path, names: dict[str, str], card: str, out: Outgoing) -> None:
    path = (folder / target).resolve()
    if not path.is_relative_to(folder.resolve()):
        out.losses.append(loss(_OUTSIDE, card, name=target))
        return
    name = names.get(str(path), path.name)
    if not path.is_file() or path.stat().st_size > MOST_MEDIUM:
        if Path(target).suffix:
            out.losses.append(loss(_NO_FILE, card, name=target))
        return
    out.media.setdefault(name, Medium(path.stat().st_size, partial(_open, path)))


def _open(path: Path) -> BinaryIO:
    return open(path, "rb")


def _reviews(store: Store) -> dict[str, list[Review]]:
    """The answers to each card, as rows of Anki's log say them, with resets among them."""
    found: dict[str, list[Review]] = {}
    for row in store.all_answers():
        found.setdefault(row["card_id"], []).append(_review(row))
    for card_id, moments in store.all_resets().items():
        reviews = found.setdefault(card_id, [])
        reviews += [Review(at, 0, None, False, (at, 0, 0, 0, 0, 0, 4)) for at in moments]
        reviews.sort(key=lambda review: review.at)
    return found


def _review(row: dict[str, Any]) -> Review:
    """An answer as a row of Anki's log: id, ease, ivl, lastIvl, factor, time, type."""
    at, rating, duration = row["at"], row["rating"], row["duration"]
    took = min(duration or 0, 60_000_000)
    if row["phase"] is None:
        return Review(at, rating, duration, False, (at, rating, 0, 0, 0, took, 3))
    interval = _interval(row["phase"], row["due_day"], row["day"], row["due_at"], at)
    before = row["interval_before"] or 0
    factor = round(((row["difficulty"] - 1) / 9 + 0.1) * 1000)
    kind = {None: 0, 1: 0, 2: 1, 3: 2}[row["phase_before"]]
    return Review(at, rating, duration, True, (at, rating, interval, before, factor, took, kind))


def _interval(phase: int, due_day: int | None, day: int, due_at: int | None, at: int) -> int:
    """Days until the next review; of a learning step the seconds until it, negative, as Anki has them."""
    if phase == 2 and due_day is not None:
        return max(1, due_day - day)
    return -max(1, ((due_at or at) - at) // 1000)


def write(outgoing: Outgoing, chosen: Format, path: Path) -> None:
    """Writes a file in a format, whole or not at all; a file that is there is replaced.

    Raises:
        OSError: it cannot be written; what was there is as it was.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    os.close(descriptor)
    temporary = Path(name)
    try:
        chosen.writer.write(outgoing, temporary)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
