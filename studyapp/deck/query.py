"""The language of ``studyapp cards``: ``deck:classification kind:compute is:due -tag:whiteboard "log p"``.

A query is a row of terms; a card is found when every term fits it. A term is a word or a quoted text, to be
found anywhere in the card, or ``field:value``. ``-`` in front turns a term round.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from studyapp.forms.problem import did_you_mean, quoted, with_hint
from studyapp.kinds import KINDS
from studyapp.locale.message import Message

from .fold import fold
from .synonyms import synonyms_of

if TYPE_CHECKING:
    from .catalogue import Entry

_NO_FIELD, _QUOTE_IT = Message("there is no field {name}"), Message("{names}; to look for the text, put it in quotes")
_TOO_LONG = Message("a query has at most {most} characters")
_OPEN_QUOTE, _CLOSE_IT = Message("this quote is never closed"), Message('close it with "')
_SOMETHING = Message("something must follow {field}:")
_UNKNOWN_VALUE, _ONE_OF = Message("{field}: knows no {value}"), Message("one of {values}")

Field = Literal["text", "deck", "tag", "kind", "is", "covers", "id"]

FIELDS: tuple[Field, ...] = ("deck", "tag", "kind", "is", "covers", "id", "text")
FLAGS = ("due", "new", "learning", "flagged", "suspended", "buried", "leech")
"""What may follow ``is:``. Only the store knows which cards these are."""

MAX_LENGTH = 1000


class CardSet(Struct, frozen=True):
    """The cards of which something can be said: those of ``ids`` or, with ``others``, all but those."""

    ids: frozenset[str]
    others: bool = False

    def __contains__(self, card_id: str) -> bool:
        return (card_id in self.ids) != self.others


Flags = Mapping[str, CardSet]
"""What the store says: for each flag the cards that carry it."""


class QueryError(ValueError):
    """A query that cannot be read. ``position`` counts from 0; ``hint`` says what was probably meant."""

    def __init__(self, position: int, message: str, hint: str = "") -> None:
        super().__init__(with_hint(message, hint))
        self.position = position
        self.message = message
        self.hint = hint


class Term(Struct, frozen=True):
    """One term. ``value`` is folded for ``text``. ``position`` is its place in the query, from 0.

    ``synonyms`` are other texts, of which one may be found in the place of ``value``.
    """

    field: Field
    value: str
    negated: bool = False
    position: int = 0
    synonyms: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of which one is to be found."""
        return (self.value, *self.synonyms)

    def matches(self, entry: Entry, flags: Flags, text: str = "") -> bool:
        """Whether the term fits a card; ``text`` is the card's folded text, for terms that look into it."""
        return self._holds(entry, flags, text) != self.negated

    def _holds(self, entry: Entry, flags: Flags, text: str) -> bool:
        value = self.value
        if self.field == "deck":
            return deck_matches(entry.deck, "", value)
        if self.field == "tag":
            return value in entry.tags
        if self.field == "kind":
            return entry.kind == value
        if self.field == "covers":
            return any(point == value or point.startswith(value + ".") for point in entry.covers)
        if self.field == "id":
            return entry.card_id == value
        if self.field == "is":
            return entry.card_id in flags[value]
        looked_through = text or fold(f"{entry.card_id} {' '.join(entry.tags)} {entry.title}")
        return any(one in looked_through for one in self.texts)


class Query(Struct, frozen=True):
    """A query that was read: all of ``terms`` must fit."""

    text: str
    terms: tuple[Term, ...]

    @property
    def flags(self) -> frozenset[str]:
        """The flags that the query asks for, so that a caller can look them up once."""
        return frozenset(term.value for term in self.terms if term.field == "is")

    def matches(self, entry: Entry, flags: Flags, text: str = "") -> bool:
        """Whether a card fits. Without ``text`` words are looked for in id, tags and title only."""
        return all(term.matches(entry, flags, text) for term in self.terms)


def in_deck(name: str, wanted: str) -> bool:
    """Whether the deck ``name`` is ``wanted``, lies below that folder, or has it as its last part.

    >>> in_deck("vision/focal", "vision"), in_deck("vision/focal", "focal"), in_deck("vision/focal", "vis")
    (True, True, False)
    """
    return name == wanted or name.startswith(wanted + "/") or name.endswith("/" + wanted)


def deck_matches(name: str, title: str, wanted: str) -> bool:
    """Whether a deck is meant by ``wanted``: as in `in_deck`, or because its name or title holds that text.

    >>> deck_matches("activations", "Sigmoid and tanh", "sigmoid"), deck_matches("vision/focal", "Focal loss", "dice")
    (True, False)
    """
    text = fold(wanted)
    return in_deck(name, wanted) or text in fold(name) or text in fold(title)


def parse_query(text: str) -> Query:
    """Reads a query. Raises QueryError with the place and, where something is misspelt, the nearest name.

    >>> [(term.field, term.value, term.negated) for term in parse_query('deck:focal -is:new "log p"').terms]
    [('deck', 'focal', False), ('is', 'new', True), ('text', 'log p', False)]
    """
    if len(text) > MAX_LENGTH:
        raise QueryError(MAX_LENGTH, _TOO_LONG(most=MAX_LENGTH))
    return Query(text, tuple(_terms(text)))


def _terms(text: str) -> Iterator[Term]:
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        start = position
        negated = text[position] == "-" and position + 1 < len(text) and not text[position + 1].isspace()
        if negated:
            position += 1
        word, position, was_quoted = _piece(text, position)
        name, colon, _ = word.partition(":")
        if was_quoted or not colon or not name.isalpha():
            if fold(word):
                synonyms = () if was_quoted else synonyms_of(fold(word))
                yield Term("text", fold(word), negated, start, synonyms)
            continue
        field = _field(name, start + negated)
        value = word[len(name) + 1 :]
        value_position = start + negated + len(name) + 1
        if not value and position < len(text) and text[position] == '"':
            value, position, _ = _piece(text, position)
        yield Term(field, _value(field, value, value_position), negated, start)


def _piece(text: str, position: int) -> tuple[str, int, bool]:
    """A word or a quoted text, where it ends, and whether it was quoted."""
    if text[position] == '"':
        end = text.find('"', position + 1)
        if end < 0:
            raise QueryError(position, _OPEN_QUOTE(), _CLOSE_IT())
        return text[position + 1 : end], end + 1, True
    end = position
    while end < len(text) and not text[end].isspace() and text[end] != '"':
        end += 1
    return text[position:end], end, False


def _field(name: str, position: int) -> Field:
    for field in FIELDS:
        if name.lower() == field:
            return field
    hint = did_you_mean(name, FIELDS)
    names = hint or f"fields: {', '.join(FIELDS)}"
    raise QueryError(position, _NO_FIELD(name=quoted(name)), _QUOTE_IT(names=names))


def _value(field: Field, value: str, position: int) -> str:
    if not value.strip():
        raise QueryError(position, _SOMETHING(field=field))
    if field == "text":
        return fold(value)
    if field in ("kind", "is"):
        known = tuple(KINDS) if field == "kind" else FLAGS
        if value.lower() not in known:
            hint = did_you_mean(value, known) or _ONE_OF(values=", ".join(known))
            raise QueryError(position, _UNKNOWN_VALUE(field=field, value=quoted(value)), hint)
        return value.lower()
    return value.strip("/") if field == "deck" else value
