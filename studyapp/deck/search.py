"""Finding cards: what the index knows is asked of SQLite, what only the store knows of the caller."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from studyapp.forms.problem import did_you_mean, quoted
from studyapp.locale.message import Message

from .query import Flags, Query, QueryError, Term, deck_matches

if TYPE_CHECKING:
    from .bank import Bank
    from .catalogue import Entry

_NO_DECK, _NO_TAG = Message("no card has the deck {name}"), Message("no card has the tag {name}")
_NO_POINT, _NO_ID = Message("no card has the syllabus point {name}"), Message("no card has the card id {name}")
_NEEDS_PROGRESS = Message("is: needs the learner's progress, which is not at hand here")

_AMONG_FEW = "card.card_id IN (SELECT value FROM json_each(?))"
_AMONG_MANY = "+" + _AMONG_FEW
"""The same with the sign by which SQLite goes through the cards in their order, not through those listed."""

_TRIGRAM = 3
_FEW = 2000
"""Up to so many hits are listed first and put in order then; more are met soon enough on the way through the
cards."""


def search(bank: Bank, query: Query, flags: Flags | None = None, limit: int | None = None) -> Iterator[Entry]:
    """The cards that fit ``query``, in study order, at most ``limit`` of them.

    Raises QueryError for a deck, tag or syllabus point that no card has, and for ``is:`` without
    ``flags``.
    """
    if query.flags and flags is None:
        raise QueryError(0, _NEEDS_PROGRESS())
    check_names(bank, query)
    conditions: list[str] = []
    parameters: list[Any] = []

    def require(condition: str, values: Sequence[Any], negated: bool = False) -> None:
        conditions.append(f"NOT ({condition})" if negated else f"({condition})")
        parameters.extend(values)

    wanted = [term.texts for term in query.terms if term.field == "text" and not term.negated]
    numbers = _few(bank, wanted) if wanted else None
    if numbers is not None:
        require(f"card.number IN ({', '.join(map(str, numbers))})", [])
    for term in query.terms:
        if term.field == "is":
            carriers = (flags or {})[term.value]
            among = _AMONG_FEW if len(carriers.ids) <= _FEW else _AMONG_MANY
            require(among, [json.dumps(list(carriers.ids))], term.negated != carriers.others)
        elif not (numbers is not None and term.field == "text" and not term.negated):
            require(*_condition(bank, term), term.negated)
    condition = " AND ".join(conditions) or "1"
    yield from bank.select_entries(condition, parameters, limit)


def _few(bank: Bank, wanted: Sequence[Sequence[str]]) -> list[int] | None:
    """The numbers of all cards that hold a name of each of ``wanted``, or None where they are more than a few."""
    texts = [name for names in wanted for name in names]
    held = " AND ".join(f"({_any_held(names)})" for names in wanted)
    matches = [match for names in wanted if (match := _trigrams_of(names))]
    if matches and bank.full_text:
        sql = (
            "SELECT folded.number FROM card_text CROSS JOIN folded ON folded.number = card_text.rowid"
            f" WHERE card_text MATCH ? AND {held} LIMIT {_FEW + 1}"
        )
        numbers = bank.select_numbers(sql, [" AND ".join(sorted(matches)), *texts])
    else:
        numbers = bank.select_numbers(f"SELECT number FROM folded WHERE {held} LIMIT {_FEW + 1}", texts)
    return numbers if len(numbers) <= _FEW else None


def _any_held(names: Sequence[str]) -> str:
    return " OR ".join(["instr(folded.text, ?)"] * len(names))


def _trigrams_of(names: Sequence[str]) -> str:
    """What the full text must hold for one of ``names`` to be in it; empty where one is too short to say."""
    if min(map(len, names)) < _TRIGRAM:
        return ""
    one_of: list[str] = []
    for name in names:
        trigrams = sorted({name[index : index + _TRIGRAM] for index in range(len(name) - _TRIGRAM + 1)})
        one_of.append(" AND ".join('"' + trigram.replace('"', '""') + '"' for trigram in trigrams))
    return " OR ".join(f"({one})" for one in one_of).join("()")


def check_names(bank: Bank, query: Query) -> None:
    """Raises QueryError for the first name in ``query`` that nothing in the bank has."""
    for term in query.terms:
        if term.field == "deck":
            names = [deck.name for deck in bank.decks()]
            spoken = {part for name in names for part in (name, name.rpartition("/")[0], name.rpartition("/")[2])}
            _require(term, sorted(spoken), bool(_decks(bank, term.value)), _NO_DECK)
        elif term.field in ("tag", "covers", "id"):
            condition, values = _condition(bank, term)
            if not any(True for _ in bank.select_entries(condition, values, 1)):
                what = {"tag": _NO_TAG, "covers": _NO_POINT, "id": _NO_ID}[term.field]
                _require(term, sorted(bank.words(term.field)), False, what)


def _decks(bank: Bank, wanted: str) -> list[str]:
    """The names of the decks that ``deck:`` means."""
    return [deck.name for deck in bank.decks() if deck_matches(deck.name, deck.title, wanted)]


def _require(term: Term, known: Sequence[str], there: bool, missing: Message) -> None:
    if not there:
        place = term.position + term.negated + len(term.field) + 1
        raise QueryError(place, missing(name=quoted(term.value)), did_you_mean(term.value, known))


def _condition(bank: Bank, term: Term) -> tuple[str, list[Any]]:
    """A term as SQL over the tables card and deck."""
    value = term.value
    if term.field == "deck":
        names = _decks(bank, value)
        return f"deck.name IN ({', '.join('?' * len(names))})", names
    if term.field == "tag":
        return "instr(card.tags, ?)", [f" {value} "]
    if term.field == "covers":
        return "instr(card.covers, ?) OR instr(card.covers, ?)", [f" {value} ", f" {value}."]
    if term.field == "kind":
        return "card.kind = ?", [value]
    if term.field == "id":
        return "card.card_id = ?", [value]
    held = _any_held(term.texts)
    return f"EXISTS (SELECT 1 FROM folded WHERE folded.number = card.number AND ({held}))", list(term.texts)
