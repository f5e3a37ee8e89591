"""The cards that one entry of a deck stands for, and what is wrong with them.

An entry is a mapping, or ``front :: back``. Keys that it lacks come from the deck's ``defaults``; an id that it
lacks is made from its front. An entry ``front ::: back`` is two cards, and kinds may make several cards of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from studyapp.cards.card import Card, DrawnCard
from studyapp.cards.card_form import CARD_ID, form_of, record_of
from studyapp.cards.fields import fields_of
from studyapp.cards.rules import Finding
from studyapp.forms.form import Choice, Record
from studyapp.forms.node import ListNode, MapNode, Node, ScalarNode, describe
from studyapp.forms.problem import did_you_mean, quoted
from studyapp.forms.reading import BAD, Bad, Form, JsonSchema, Reading
from studyapp.kinds import KINDS, kind_named, kind_of
from studyapp.kinds.drawn_texts import drawn_card, drawn_findings, has_drawn_texts
from studyapp.locale.message import Message

from .made_ids import REVERSED, made_id
from .short_form import ShortForm, front_of_key, split_short

_CARD = Message("a {kind} card")
_BELONGS_ONE_CARD = Message("belongs to one card")
_NO_KEY_ANY_CARD = Message("is no key of any card")

_CARD_LEADS_ITSELF = Message("the card leads to itself")
_MAPPING_EXPECTED = Message("a mapping was expected, not {found}")
_CARD_EXPECTED = Message("a card was expected, not {found}")
_CARD_BEGINS_ID = Message("a card begins with - id: …")
_CARD_EXPECTED_2 = Message("a card was expected, not {said}")
_SHORT_CARD_NEEDS_FRONT = Message("a short card needs a front and a back")
_SHORT_CARD_CANNOT_CARD = Message("a short card cannot be a {kind} card (defaults)")
_SHORT_CARD_LACKS_KEY = Message("a short {kind} card lacks the key '{missing}'")
_GIVE_CARDS_ARE_SHORT = Message("give it to the cards that are not short")
_CARD_WITHOUT_ID_GOES = Message("a card without an id goes by the deck's name, which is not known")
_WRITE_DECK_ABOVE_CARDS = Message("write deck: above cards:, or give the card an id")
_CARD_NO_KIND = Message("the card has no kind")
_KIND_WRITTEN_TWICE_CARD = Message("'kind' is written twice in this card")
_ONE = Message("one of {kinds}")
_CARD_NEEDS_KEY_ID = Message("the card needs the key 'id'")
_QUESTION_FROM_WHICH_MADE = Message("or a question, from which it is made")

_KIND = Choice(Message("a card kind"), KINDS)
_SHORT_KIND = "recall"
_DRAWING = frozenset({"draw", "rows", "let", "define"})
"""Keys of cards that draw or work out values: for these the definitions of the deck hold."""

_NO_DEFAULTS = ("id", "was", "question", "answer", "text")
_SHORT_HINT = Message("write a short card as front :: back; put it in quotes where it contains ': ' or ' #'")

TEXT_KEY = "card"
"""The key of a short card that stands in quotes beside further keys: ``{id: a, card: "a: b :: c"}``."""


class Shared(Struct, frozen=True):
    """What all cards of a deck share: its names, on which made ids rest, and its defaults."""

    deck: str = ""
    was: tuple[str, ...] = ()
    defaults: tuple[tuple[ScalarNode, Node], ...] = ()
    define: tuple[tuple[ScalarNode, Node], ...] = ()


class ReadCards(Struct, frozen=True):
    """The cards of one entry. ``made`` is the id that was made from the front, where the entry gives none."""

    cards: tuple[Card, ...] = ()
    made: str = ""


_NOTHING = ReadCards()


def card_form(kind: str) -> Record:
    """The form of a kind of card."""
    return record_of(kind_named(kind).card, _CARD(kind=kind), ("kind",))


class DefaultsForm:
    """The keys that hold for every card of a deck that lacks them: pairs of nodes, each known to be good."""

    def read(self, node: Node, reading: Reading) -> Any:
        if type(node) is not MapNode:
            return reading.problem(node, "type", _MAPPING_EXPECTED(found=describe(node)))
        kept = []
        for key, value in node.entries:
            name = key.value if type(key) is ScalarNode else ""
            form: Form | None = _KIND if name == "kind" else self._form(name)
            if form is None or name in _NO_DEFAULTS:
                known = [*self._known(), "kind"]
                why = _BELONGS_ONE_CARD() if name in _NO_DEFAULTS else _NO_KEY_ANY_CARD()
                reading.problem(key, "unknown-key", f"{quoted(name)} {why}", did_you_mean(name, known))
            elif form.read(value, reading) is not BAD and type(key) is ScalarNode:
                kept.append((key, value))
        return tuple(kept)

    def _form(self, name: str) -> Form | None:
        for kind in KINDS:
            form = card_form(kind).fields.get(name)
            if form is not None:
                return form
        return None

    def _known(self) -> list[str]:
        names = dict.fromkeys(name for kind in KINDS for name in card_form(kind).fields)
        return [name for name in names if name not in _NO_DEFAULTS]

    def schema(self) -> JsonSchema:
        properties: JsonSchema = {"kind": _KIND.schema()}
        for kind in KINDS:
            for name, schema in card_form(kind).schema()["properties"].items():
                if name not in _NO_DEFAULTS:
                    properties.setdefault(name, schema)
        return {"type": "object", "properties": properties, "additionalProperties": False}


class DefinitionsForm:
    """The definitions for the expressions of all cards of a deck: pairs of nodes, each known to be good."""

    def read(self, node: Node, reading: Reading) -> Any:
        if self._form().read(node, reading) is BAD or type(node) is not MapNode:
            return BAD
        return tuple((key, value) for key, value in node.entries if type(key) is ScalarNode)

    def schema(self) -> JsonSchema:
        return self._form().schema()

    def _form(self) -> Form:
        return form_of(fields_of(DrawnCard)["define"])


class CardReader:
    """Reads the entries of one deck."""

    def __init__(self, shared: Shared, reading: Reading) -> None:
        self._shared = shared
        self._reading = reading
        self._defaults = {key.value: (key, value) for key, value in shared.defaults}
        kind = self._defaults.get("kind")
        self._kind = kind[1].value if kind and type(kind[1]) is ScalarNode else ""
        self._short: tuple[Any, dict[str, Any]] | Bad | None = None

    def read(self, node: Node) -> ReadCards:
        """The cards written at ``node``; none once their problems are reported."""
        self._reading.card_id = None
        if type(node) is ScalarNode:
            return self._short_text(node)
        if type(node) is not MapNode:
            self._problem(node, "type", _CARD_EXPECTED(found=describe(node)), _CARD_BEGINS_ID())
            return _NOTHING
        if len(node.entries) == 1:
            key, value = node.entries[0]
            if type(key) is ScalarNode and type(value) is ScalarNode:
                front, both = front_of_key(key.value)
                if front:
                    return self._short_card(node, ShortForm(front, value.value.strip(), both), key, value)
        return self._mapping(node)

    # Short cards

    def _short_text(self, node: ScalarNode) -> ReadCards:
        """A text ``front :: back`` in quotes or after a bar."""
        short = split_short(node.value)
        if short is None:
            said = quoted(node.value) if node.value else "nothing"
            self._problem(node, "short-card", _CARD_EXPECTED_2(said=said), _SHORT_HINT())
            return _NOTHING
        return self._short_card(node, short, node, node)

    def _short_card(self, node: Node, short: ShortForm, front: ScalarNode, back: ScalarNode) -> ReadCards:
        """A short card without anything else."""
        if not short.front or not short.back:
            self._problem(node, "short-card", _SHORT_CARD_NEEDS_FRONT(), _SHORT_HINT())
            return _NOTHING
        if self._short is None:
            self._short = self._short_struct(node)
        if isinstance(self._short, Bad) or not self._has_deck(node):
            return _NOTHING
        struct, values = self._short
        card_id = made_id(self._shared.deck, short.front)
        self._reading.card_id = card_id
        for text, place in ((short.front, front), (short.back, back)):
            if "$" in text or len(text) > 10_000 or not text.isprintable():
                written = ScalarNode(text, place.style or "'", place.line, place.column)
                if card_form(self._kind or _SHORT_KIND).fields["question"].read(written, self._reading) is BAD:
                    return _NOTHING
        was = tuple([made_id(name, short.front) for name in self._shared.was])
        card = struct(id=card_id, was=was, question=short.front, answer=short.back, **values)
        return ReadCards(_both(card) if short.both else (card,), card_id)

    def _short_struct(self, node: Node) -> tuple[Any, dict[str, Any]] | Bad:
        """The struct of short cards and the values that they have by default."""
        kind = self._kind or _SHORT_KIND
        record = card_form(kind)
        if not {"question", "answer"} <= record.fields.keys():
            hint = _GIVE_CARDS_ARE_SHORT()
            return self._problem(node, "kind", _SHORT_CARD_CANNOT_CARD(kind=kind), hint)
        values = {
            name: record.fields[name].read(value, self._reading)
            for name, (_, value) in self._defaults.items()
            if name in record.fields
        }
        missing = [name for name in record.required if name not in values and name not in ("id", "question", "answer")]
        if missing:
            return self._problem(node, "missing-key", _SHORT_CARD_LACKS_KEY(kind=kind, missing=missing[0]))
        return kind_named(kind).card, values

    def _has_deck(self, node: Node) -> bool:
        if not self._shared.deck:
            hint = _WRITE_DECK_ABOVE_CARDS()
            self._problem(node, "missing-id", _CARD_WITHOUT_ID_GOES(), hint)
        return bool(self._shared.deck)

    # Mappings

    def _mapping(self, node: MapNode) -> ReadCards:
        written = {key.value for key, _ in node.entries if type(key) is ScalarNode}
        entries = list(node.entries)
        both = self._taken_apart(entries)
        id_node = node.get("id")
        if id_node is None:
            id_node = self._made(node, entries)
            if id_node is None:
                return _NOTHING
        spelled = type(id_node) is ScalarNode and CARD_ID.fits(id_node.value)
        self._reading.card_id = id_node.value if spelled and type(id_node) is ScalarNode else None
        kind = self._kind_of(node, both is not None)
        if kind is None:
            return _NOTHING
        record = card_form(kind)
        entries += [
            (key, value)
            for name, (key, value) in self._defaults.items()
            if name not in written and name in record.fields
        ]
        if self._shared.define and "define" in record.fields and not written.isdisjoint(_DRAWING):
            entries = self._with_definitions(entries, node)
        read = record.read(MapNode(entries, node.line, node.column), self._reading)
        if read is BAD:
            return _NOTHING
        cards: list[Card] = []
        for card in _both(read) if both else (read,):
            cards += kind_of(card).siblings(card)
        return ReadCards(tuple(cards), "" if "id" in written else str(read.id))

    def _with_definitions(self, entries: list[tuple[Node, Node]], node: MapNode) -> list[tuple[Node, Node]]:
        """The entries of a card with the definitions of the deck, but for those that it replaces by its own."""
        own = node.get("define")
        mine = list(own.entries) if type(own) is MapNode else []
        names = {key.value for key, _ in mine if type(key) is ScalarNode}
        all_: list[tuple[Node, Node]] = [(key, value) for key, value in self._shared.define if key.value not in names]
        place: Node = own if own is not None else node
        others = [(key, value) for key, value in entries if not (type(key) is ScalarNode and key.value == "define")]
        key = ScalarNode("define", "", place.line, place.column)
        return [*others, (key, MapNode([*all_, *mine], place.line, place.column))]

    def _kind_of(self, node: MapNode, short: bool) -> str | None:
        kind_node = node.get("kind")
        if kind_node is None and not self._kind and not short:
            hint = _ONE(kinds=", ".join(KINDS))
            if len(node.entries) == 1 and type(value := node.entries[0][1]) is ScalarNode:
                shortly = split_short(value.value) is not None or (not value.value and not value.style)
                hint = _SHORT_HINT() if shortly else hint
            self._problem(node, "missing-key", _CARD_NO_KIND(), hint)
            return None
        if kind_node is None:
            return self._kind or _SHORT_KIND
        kind = _KIND.read(kind_node, self._reading)
        if kind is BAD:
            return None
        if sum(1 for key, _ in node.entries if type(key) is ScalarNode and key.value == "kind") > 1:
            self._problem(node, "duplicate-key", _KIND_WRITTEN_TWICE_CARD())
            return None
        return str(kind)

    def _taken_apart(self, entries: list[tuple[Node, Node]]) -> bool | None:
        """Writes question and answer in place of ``front :: back``; whether both directions are meant, None where there
        is no such entry."""
        for index, (key, value) in enumerate(entries):
            front, both = front_of_key(key.value) if type(key) is ScalarNode else ("", False)
            if type(key) is ScalarNode and key.value == TEXT_KEY and type(value) is ScalarNode:
                short = split_short(value.value)
                if short is None:
                    return None
                front, both = short.front, short.both
                value = ScalarNode(short.back, value.style or "'", value.line, value.column)
            if front:
                question = ScalarNode("question", "", key.line, key.column)
                answer = ScalarNode("answer", "", value.line, value.column)
                entries[index : index + 1] = [
                    (question, ScalarNode(front, "'", key.line, key.column)),
                    (answer, value),
                ]
                return both
        return None

    def _made(self, node: MapNode, entries: list[tuple[Node, Node]]) -> Node | None:
        """Gives the card an id made from its front, and those that it had under earlier names of the deck."""
        values = {key.value: value for key, value in entries if type(key) is ScalarNode}
        front = next((values[name] for name in ("question", "text") if name in values), None)
        if type(front) is not ScalarNode or not front.value.strip():
            self._problem(node, "missing-key", _CARD_NEEDS_KEY_ID(), _QUESTION_FROM_WHICH_MADE())
            return None
        if not self._has_deck(node):
            return None

        def scalar(text: str) -> ScalarNode:
            return ScalarNode(text, "'", node.line, node.column)

        entries.append((scalar("id"), scalar(made_id(self._shared.deck, front.value))))
        if self._shared.was and "was" not in values:
            earlier: list[Node] = [scalar(made_id(name, front.value)) for name in self._shared.was]
            entries.append((scalar("was"), ListNode(earlier, node.line, node.column)))
        return entries[-2 if self._shared.was and "was" not in values else -1][1]

    def _problem(self, node: Node, code: str, message: str, hint: str = "") -> Bad:
        return self._reading.problem(node, code, message, hint)


def _both(card: Any) -> tuple[Card, ...]:
    """A card and the same asked the other way round: siblings, not asked on one day."""
    group = card.group or card.id
    turned = {"question": card.answer, "answer": card.question, "group": group}
    was = tuple(earlier + REVERSED for earlier in card.was)
    return replace(card, group=group), replace(card, id=(card.id + REVERSED)[-80:], was=was, **turned)


def card_findings(card: Card) -> Iterator[Finding]:
    """Everything that is wrong inside a card beyond the form of its keys."""
    yield from _drawn_findings(card) if has_drawn_texts(card) else kind_of(card).rules(card)
    if card.id in card.leads_to:
        yield Finding(("leads_to", card.leads_to.index(card.id)), "leads-to", _CARD_LEADS_ITSELF())


def _drawn_findings(card: Any) -> Iterator[Finding]:
    """The same for a card into whose texts values are filled in: its rules hold for the texts as they are then."""
    from studyapp.grading.draw import DrawError

    found = [*drawn_findings(card)]
    yield from found
    if any(one.severity == "error" for one in found):
        return
    try:
        filled, _ = drawn_card(card, 1)
    except DrawError as error:
        yield Finding(("draw",), "draw", str(error))
    else:
        yield from kind_of(card).rules(filled)
