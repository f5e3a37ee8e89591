"""How decks write a card: forms made from what is said of each field."""

from __future__ import annotations

from functools import cache
from typing import Any, get_args, get_origin

from studyapp.cards.card import Domain, Draw, Plain, Point, Value
from studyapp.cards.domain_form import DomainForm
from studyapp.cards.draw_form import DrawForm
from studyapp.cards.field import Field
from studyapp.cards.fields import StructField, fields_of, split
from studyapp.forms.form import Expression, Flag, ListOf, MapOf, Number, Record, Text, record
from studyapp.forms.literal import LITERAL, PLAIN, JsonText
from studyapp.forms.node import MapNode, Node
from studyapp.forms.reading import BAD, Form, JsonSchema, Reading
from studyapp.locale.message import Message

_LIST = Message("the list of {value}")
_MAPPING = Message("the mapping of {value}")

ID = r"[a-z0-9]+(?:[-_.][a-z0-9]+)*"
NAME = r"[A-Za-z][A-Za-z0-9_]{0,39}"
TAG = r"\w[\w.+/-]{0,49}"

PROSE = Text(Message("a text"), prose=True)
LINE = Text(Message("a text"), longest=400)
CARD_ID = Text(
    Message("a card id (lower-case letters, digits and - _ . only, at most 80)"), pattern=rf"(?=.{{1,80}}$){ID}"
)
INNER_ID = Text(Message("an id (lower-case letters, digits and - _ . only)"), pattern=rf"(?=.{{1,80}}$){ID}")
PLAIN_NAME = Text(Message("a name (letters, digits and _)"), pattern=NAME)
TAG_NAME = Text(Message("a tag (one word of letters, digits and - _ . + /)"), pattern=TAG, ascii_only=False)
FORMULA = Expression()
DEFINITION = Text(
    Message("a name, or a function such as choose(n, k)"),
    pattern=rf"{NAME}(?:\s*\(\s*{NAME}(?:\s*,\s*{NAME}){{0,9}}\s*\))?",
)

TEXTS: dict[str, Form] = {
    "prose": PROSE,
    "line": LINE,
    "card id": CARD_ID,
    "id": INNER_ID,
    "name": PLAIN_NAME,
    "tag": TAG_NAME,
    "expression": FORMULA,
    "definition": DEFINITION,
    "literal": JsonText(),
}
"""The texts that a field can be (`Field.text`)."""


@cache
def record_of(struct: Any, what: str | Message = "", ignored: tuple[str, ...] = ()) -> Record:
    """A mapping with the fields of a struct as its keys; those with a default may be left out."""
    fields = {one.field.written or name: one for name, one in fields_of(struct).items()}
    forms = {key: form_of(one) for key, one in fields.items()}
    notes = {key: one.field.note for key, one in fields.items() if one.field.note}
    names = {key: one.name for key, one in fields.items() if key != one.name}
    return record(what or struct.what, struct, forms, names=names, notes=notes, ignored=ignored)


def form_of(one: StructField) -> Form:
    """How one field is written."""
    return _form(one.type, one.field, one.name)


def _form(kind: Any, field: Field, name: str) -> Form:
    """The form of a type."""
    if kind is Value:
        return LITERAL
    if kind is Plain:
        return PLAIN
    if kind is bool:
        return Flag()
    if kind in (int, float):
        return Number(field.what or name, field.least, field.most, integer=kind is int)
    if kind is str:
        return Text(field.what, longest=field.longest) if field.text == "plain" else TEXTS[field.text]
    if get_origin(kind) is tuple:
        inner, said = split(get_args(kind)[0])
        what = _LIST(value=field.what or name)
        return ListOf(_form(inner, _inside(field, said), name), what, least=field.least, most=field.most)
    if get_origin(kind) is dict:
        inner, said = split(get_args(kind)[1])
        key = TEXTS[field.key]
        assert isinstance(key, Text)
        return MapOf(
            _form(inner, _inside(field, said), name), _MAPPING(value=field.what or name), key, least=field.least
        )
    return own_form(kind) or record_of(kind)


def _inside(field: Field, said: Field) -> Field:
    """What is said of the entries of a list or mapping: their own metadata, or that of the whole."""
    return said if said != Field() else field


class PointForm:
    """A rubric point: a text, or ``{text, words}``."""

    def read(self, node: Node, reading: Reading) -> Any:
        if type(node) is MapNode:
            return record_of(Point).read(node, reading)
        text = PROSE.read(node, reading)
        return BAD if text is BAD else Point(text=text)

    def schema(self) -> JsonSchema:
        return {"anyOf": [PROSE.schema(), record_of(Point).schema()]}


_OWN_FORMS: dict[Any, Form] = {Point: PointForm(), Draw: DrawForm(), Domain: DomainForm()}


def own_form(struct: Any) -> Form | None:
    """How decks write a struct, where that is not a mapping of its fields."""
    return _OWN_FORMS.get(struct)
