"""One card as it is written in a deck, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator

from studyapp.cards.card import Card
from studyapp.cards.card_form import CARD_ID, record_of
from studyapp.cards.rules import Finding
from studyapp.forms.form import Choice, Record
from studyapp.forms.node import MapNode, Node, ScalarNode, describe
from studyapp.forms.reading import BAD, Reading
from studyapp.kinds import KINDS, kind_named, kind_of

_KIND = Choice("a card kind", KINDS)


def card_form(kind: str) -> Record:
    """The form of a kind of card."""
    return record_of(kind_named(kind).card, f"a {kind} card", ("kind",))


def read_card(node: Node, reading: Reading) -> Card | None:
    """The card written at ``node``, or None once its problems are reported."""
    if type(node) is not MapNode:
        reading.problem(node, "type", f"a card was expected, not {describe(node)}", "a card begins with - id: …")
        return None
    id_node = node.get("id")
    spelled = type(id_node) is ScalarNode and CARD_ID.fits(id_node.value)
    reading.card_id = id_node.value if spelled and type(id_node) is ScalarNode else None
    kind_node = node.get("kind")
    if kind_node is None:
        reading.problem(node, "missing-key", "the card has no kind", f"one of {', '.join(KINDS)}")
        return None
    kind = _KIND.read(kind_node, reading)
    if kind is BAD:
        return None
    if sum(1 for key, _ in node.entries if type(key) is ScalarNode and key.value == "kind") > 1:
        reading.problem(node, "duplicate-key", "'kind' is written twice in this card")
        return None
    card = card_form(kind).read(node, reading)
    return None if card is BAD else card


def card_findings(card: Card) -> Iterator[Finding]:
    """Everything that is wrong inside a card beyond the form of its keys."""
    yield from kind_of(card).rules(card)
    if card.id in card.leads_to:
        yield Finding(("leads_to", card.leads_to.index(card.id)), "leads-to", "the card leads to itself")
