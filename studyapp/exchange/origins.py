"""Where imported cards come from: as their source had them when they came, kept beside the imports.

By that a further import knows what was edited here and what there, and an export gives back what cards do not hold.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import msgspec

from studyapp.exchange.journal import journals
from studyapp.formats.value import Note, NoteType, Review
from studyapp.plain_file import read_plain

FILE = "origin.json.z"
_LARGEST = 1_000_000_000


class Origin(msgspec.Struct, frozen=True, omit_defaults=True):
    """One card as its source had it: the card, its deck there, and which card of which note it is.

    ``suspended`` and ``flagged`` are None where they were not taken over. ``raw`` is how it was scheduled there.
    """

    card: dict[str, Any]
    deck: tuple[str, ...]
    note: str = ""
    ordinal: int = 0
    suspended: bool | None = None
    flagged: bool | None = None
    raw: dict[str, int | str] = {}
    reviews: tuple[Review, ...] = ()
    unrated: tuple[tuple[int, ...], ...] = ()


class Origins(msgspec.Struct, omit_defaults=True):
    """The origins of cards by their ids, and what they refer to. ``media`` are, by the names in the source, those in
    the folder beside the deck and their digests, by the folder."""

    cards: dict[str, Origin] = {}
    notes: dict[str, Note] = {}
    note_types: dict[int, NoteType] = {}
    media: dict[str, dict[str, tuple[str, str]]] = {}
    files: dict[str, str] = {}
    """The files of decks by their paths in the source (a JSON list)."""

    def save(self, folder: Path) -> None:
        """Writes them into the folder of an import. Raises OSError."""
        (folder / FILE).write_bytes(zlib.compress(msgspec.json.encode(self), 1))

    def add(self, later: Origins) -> None:
        """Takes in those of a later import."""
        for card_id, origin in later.cards.items():
            known = self.cards.get(card_id)
            if known is not None:
                origin = msgspec.structs.replace(
                    origin,
                    suspended=known.suspended if origin.suspended is None else origin.suspended,
                    flagged=known.flagged if origin.flagged is None else origin.flagged,
                    raw=origin.raw or known.raw,
                    reviews=origin.reviews or known.reviews,
                    unrated=origin.unrated or known.unrated,
                )
            self.cards[card_id] = origin
        self.notes.update(later.notes)
        self.note_types.update(later.note_types)
        for folder, names in later.media.items():
            self.media.setdefault(folder, {}).update(names)
        self.files.update(later.files)


def load(imports: Path) -> Origins:
    """What all imports that were not undone have brought; damaged records are passed over."""
    found = Origins()
    for journal in journals(imports):
        if journal.record.stage != "done":
            continue
        try:
            unpacker = zlib.decompressobj()
            data = unpacker.decompress(read_plain(journal.folder / FILE, _LARGEST), _LARGEST)
            found.add(msgspec.json.decode(data, type=Origins))
        except (OSError, zlib.error, msgspec.DecodeError):
            continue
    return found


def card_data(card: Any) -> dict[str, Any]:
    """A card as plain data, as it comes back from a file."""
    data: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(card))
    return data
