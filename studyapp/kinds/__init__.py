"""The kinds of card: one module each, with all that is said of a kind."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

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


@cache
def kind_named(name: str) -> Kind[Any]:
    """The kind of this name. Raises KeyError where there is none."""
    kind: Kind[Any] = import_module(KINDS[name]).KIND
    return kind


def kind_of(card: Card) -> Kind[Any]:
    """The kind of a card."""
    return kind_named(card.kind)
