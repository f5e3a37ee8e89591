"""JSON Schema of a deck file, for editors that complete and check while one types."""

from __future__ import annotations

from studyapp.forms.reading import JsonSchema
from studyapp.kinds import KINDS

from .card_reader import card_form
from .reader import HEADER

_HEADER_NOTES = {
    "deck": "The deck's unique name; folders are parted by /.",
    "title": "The title shown in the list of decks.",
    "language": "The language in which the deck is written.",
    "description": "A sentence on what the deck is about.",
    "order": "Decks are studied in this order.",
}


def json_schema() -> JsonSchema:
    """The schema (draft 2020-12) of a deck as it is written in YAML."""
    properties: JsonSchema = {}
    for name, form in HEADER.items():
        properties[name] = {**form.schema(), "description": _HEADER_NOTES[name]}
    properties["cards"] = {
        "description": "The cards, in the order in which they are meant to be learnt.",
        "anyOf": [{"type": "array", "items": {"$ref": "#/$defs/card"}}, {"type": "null"}],
    }
    definitions: JsonSchema = {
        "card": {
            "type": "object",
            "required": ["id", "kind"],
            "properties": {"kind": {"enum": list(KINDS), "description": "How the card is answered and judged."}},
            "allOf": [
                {
                    "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
                    "then": {"$ref": f"#/$defs/{kind}"},
                }
                for kind in KINDS
            ],
        }
    }
    for kind in KINDS:
        schema = card_form(kind).schema()
        schema["properties"] = {"kind": {"const": kind}, **schema["properties"]}
        schema["required"] = ["kind", *schema["required"]]
        definitions[kind] = schema
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "studyapp deck",
        "type": "object",
        "properties": properties,
        "required": ["deck", "title", "cards"],
        "additionalProperties": False,
        "$defs": definitions,
    }
