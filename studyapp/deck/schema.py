"""JSON Schema of a deck file, for editors that complete and check while one types."""

from __future__ import annotations

from studyapp.forms.reading import JsonSchema
from studyapp.kinds import KINDS

from .card_reader import TEXT_KEY, card_form
from .reader import HEADER

_HEADER_NOTES = {
    "deck": "The deck's unique name; folders are parted by /.",
    "title": "The title shown in the list of decks.",
    "language": "The language in which the deck is written.",
    "description": "A sentence on what the deck is about.",
    "order": "Decks are studied in this order.",
    "was": "Earlier names of the deck: history, limits and retention follow.",
    "defaults": "Keys that hold for every card that lacks them, such as tags.",
    "define": "Constants and functions for the expressions of the cards that draw values: choose(n, k): …",
}
_SHORT = "A short card, front :: back; with ::: it is asked in both directions."


def json_schema() -> JsonSchema:
    """The schema (draft 2020-12) of a deck as it is written in YAML."""
    properties: JsonSchema = {}
    for name, form in HEADER.items():
        properties[name] = {**form.schema(), "description": _HEADER_NOTES[name]}
    properties["cards"] = {
        "description": "The cards, in the order in which they are meant to be learnt.",
        "anyOf": [{"type": "array", "items": {"$ref": "#/$defs/card"}}, {"type": "null"}],
    }
    kind = {"enum": list(KINDS), "description": "How the card is answered and judged."}
    given = {"required": ["kind"]}
    definitions: JsonSchema = {
        "card": {
            "anyOf": [
                {"type": "string", "pattern": r"\s:::?\s", "description": _SHORT},
                {"$ref": "#/$defs/short"},
                {
                    "type": "object",
                    "properties": {"kind": kind},
                    "required": ["kind"],
                    "allOf": [
                        {"if": {"properties": {"kind": {"const": name}}, **given}, "then": {"$ref": f"#/$defs/{name}"}}
                        for name in KINDS
                    ],
                },
                {"type": "object", "not": given, "anyOf": [_by_default(name) for name in KINDS]},
            ]
        },
        "short": _short(),
    }
    for name in KINDS:
        schema = _form_schema(name)
        schema["properties"] = {"kind": {"const": name}, **schema["properties"]}
        schema["required"] = ["kind", *schema["required"]]
        definitions[name] = schema
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "studyapp deck",
        "type": "object",
        "properties": properties,
        "required": ["deck", "title", "cards"],
        "additionalProperties": False,
        "$defs": definitions,
    }


def _form_schema(kind: str) -> JsonSchema:
    """A card of a kind; its id may be left out, and what it requires may come from the deck's defaults."""
    schema = card_form(kind).schema()
    schema["required"] = [name for name in schema["required"] if name != "id"]
    return schema


def _by_default(kind: str) -> JsonSchema:
    """A card whose kind is the deck's default."""
    return {"required": _form_schema(kind)["required"], **{"properties": _form_schema(kind)["properties"]}}


def _short() -> JsonSchema:
    """A short card as YAML takes it, with further keys or without."""
    form = _form_schema("recall")
    del form["properties"]["question"], form["properties"]["answer"]
    text = {"type": ["string", "number", "boolean"], "description": _SHORT}
    return {
        "type": "object",
        "properties": {**form["properties"], "kind": {"enum": list(KINDS)}, TEXT_KEY: text},
        "patternProperties": {" ::?$": text},
        "anyOf": [{"required": [TEXT_KEY]}, {"minProperties": 1, "not": {"required": ["question"]}}],
        "additionalProperties": False,
    }
