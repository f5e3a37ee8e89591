"""What all formats have in common: decks with cards, media and history, and what could not be kept.

A reader gives a `Collection`, a writer takes one. Cards are those of this app (`studyapp.kinds`); what a format holds
beyond them (the fields and templates of a note) stays beside them, so that it can be written back unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, TypeAlias

import msgspec

from studyapp.cards.card import Card
from studyapp.locale.message import Message
from studyapp.schedule.memory import KnownState

DeckPath: TypeAlias = tuple[str, ...]
"""The names of a deck and of those above it, as the source writes them."""


class FormatError(Exception):
    """A source that cannot be read, or that goes beyond the limits; the message says why."""


class Struct(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of the values of this package."""


class Review(Struct, frozen=True):
    """One answer: when (milliseconds since 1970), the rating (1 to 4), and the milliseconds it took.

    ``schedules`` is False for practice that did not move the schedule. ``raw`` is the row as the source has it;
    ``more`` is what else is known of the answer, by the names of the log's columns.
    """

    at: int
    rating: int
    duration: int | None = None
    schedules: bool = True
    raw: tuple[int, ...] = ()
    more: dict[str, Any] = {}


class NoteType(Struct, frozen=True):
    """A type of notes: its fields, and for each kind of card of it a name and templates of question and answer."""

    id: int
    name: str
    fields: tuple[str, ...]
    templates: tuple[tuple[str, str, str], ...]
    css: str = ""
    cloze: bool = False
    raw: dict[str, Any] = {}


class Note(Struct, frozen=True):
    """A note as its source has it: ``fields`` are HTML, ``modified`` is in seconds since 1970."""

    guid: str
    type: int
    fields: tuple[str, ...]
    tags: tuple[str, ...] = ()
    modified: int = 0


class SourceCard(Struct, frozen=True):
    """One card of a source.

    ``key`` names it in its source. ``note`` and ``ordinal`` say which card of which note it is, where its format has
    notes. ``state`` is how it was scheduled at ``state_at``; ``raw`` is that as the source has it. ``resets`` are the
    moments at which it was made new again; ``unrated`` are the rows of its log that are no answers.
    """

    card: Card
    deck: DeckPath
    key: str
    note: str = ""
    ordinal: int = 0
    reviews: tuple[Review, ...] = ()
    resets: tuple[int, ...] = ()
    state: KnownState | None = None
    state_at: int = 0
    suspended: bool = False
    flagged: bool = False
    media: tuple[str, ...] = ()
    raw: dict[str, int | str] = {}
    unrated: tuple[tuple[int, ...], ...] = ()


class Medium(Struct, frozen=True):
    """A file that cards show or play: its size in bytes, and how to open it."""

    size: int
    open: Callable[[], BinaryIO]


class Loss(Struct, frozen=True):
    """Something that could not be kept: of which card (empty: of the whole), and what."""

    what: Message
    card: str = ""
    values: tuple[tuple[str, str], ...] = ()

    def said(self) -> str:
        """The loss in the current language, without the card."""
        return self.what(**dict(self.values))


def loss(what: Message, card: str = "", **values: object) -> Loss:
    """A loss with the values of its message."""
    return Loss(what=what, card=card, values=tuple((name, str(value)) for name, value in values.items()))


class LoggedReview(Struct, frozen=True):
    """One answer of a review log that comes without its card."""

    card_id: str
    review: Review


class Collection(Struct, frozen=True):
    """What a source holds.

    ``titles`` are those of decks by their paths, where they differ from the last name in it, ``descriptions`` likewise.
    ``reviews`` are answers to cards that the source does not hold.
    """

    name: str
    cards: tuple[SourceCard, ...] = ()
    titles: Mapping[DeckPath, str] = {}
    descriptions: Mapping[DeckPath, str] = {}
    notes: Mapping[str, Note] = {}
    note_types: Mapping[int, NoteType] = {}
    media: Mapping[str, Medium] = {}
    losses: tuple[Loss, ...] = ()
    reviews: tuple[LoggedReview, ...] = ()
