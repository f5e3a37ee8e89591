"""The kinds of card: one module each, with all that is said of a kind."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from studyapp.locale.message import Message

if TYPE_CHECKING:
    from studyapp.cards.card import Card
    from studyapp.kinds.kind import Kind

KINDS = {
    "recall": "studyapp.kinds.recall",
    "explain": "studyapp.kinds.explain",
    "cloze": "studyapp.kinds.cloze",
    "choice": "studyapp.kinds.choice",
    "compute": "studyapp.kinds.compute",
    "formula": "studyapp.kinds.formula",
    "order": "studyapp.kinds.order",
    "code": "studyapp.kinds.code",
    "typed": "studyapp.kinds.typed",
}
"""Every kind by the word that decks use for it, with the module that holds it as ``KIND``: imported when the first card
of the kind is met."""


KIND_NAMES = {
    "recall": Message("recall"),
    "explain": Message("explain"),
    "cloze": Message("cloze"),
    "choice": Message("choice"),
    "compute": Message("compute"),
    "formula": Message("formula"),
    "order": Message("order"),
    "code": Message("code"),
    "typed": Message("typed"),
}
"""The kinds as people read them."""


def kind_name(kind: str) -> str:
    """A kind in the current language; one without a name goes by its word."""
    return str(KIND_NAMES.get(kind, kind))


@cache
def kind_named(name: str) -> Kind[Any]:
    """The kind of this name. Raises KeyError where there is none."""
    kind: Kind[Any] = import_module(KINDS[name]).KIND
    return kind


def kind_of(card: Card) -> Kind[Any]:
    """The kind of a card."""
    return kind_named(card.kind)
