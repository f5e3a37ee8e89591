"""The JSON Schema says of decks what the reader says."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from studyapp.cards.fields import fields_of
from studyapp.deck.schema import json_schema
from studyapp.deck.template import starter_deck
from studyapp.folders import content_folder
from studyapp.kinds import KINDS, kind_named

from .decks import choice, cloze, deck_text


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_every_key_of_every_kind_is_described() -> None:
    definitions: dict[str, Any] = json_schema()["$defs"]
    for kind in KINDS:
        properties = definitions[kind]["properties"]
        keys = {one.field.written or name for name, one in fields_of(kind_named(kind).card).items()}
        assert set(properties) == {"kind", *keys}
        assert all("description" in schema for key, schema in properties.items() if key != "kind")


def test_good_decks_fit_the_schema(validator: Draft202012Validator) -> None:
    short = """\
deck: a
title: A
was: [b]
defaults: {tags: [x], difficulty: 1}
cards:
  - front :: back
  - no ::: 12
    tags: [y]
  - "in: quotes :: back"
  - {id: c, card: "in: quotes ::: back"}
  - {kind: recall, question: 1e3, answer: no}
"""
    for text in (starter_deck("mine"), deck_text(cloze("a"), choice("b")), short):
        assert list(validator.iter_errors(yaml.safe_load(text))) == []


def test_bundled_decks_fit_the_schema(validator: Draft202012Validator) -> None:
    paths = [
        path
        for path in sorted(content_folder().rglob("*.yaml"))
        if path.name not in ("syllabus.yaml", "sources.yaml") and "." not in path.stem
    ]
    for path in paths:
        errors = [error.message for error in validator.iter_errors(yaml.load(path.read_bytes(), yaml.CSafeLoader))]
        assert errors == [], path


@pytest.mark.parametrize(
    "card",
    [
        "id: a\nkind: clozze\ntext: x",
        "id: a\nkind: cloze\ntxt: x",
        "id: A\nkind: cloze\ntext: x",
        "id: a\nkind: cloze\ntext: [yes]",
        "front : back",
        "id: a\nkind: choice\nquestion: Q?\noptions: [{text: x, why: y}]",
        "id: a\nkind: compute\nquestion: Q?\nanswer: x\ndraw: {x: {choise: [1]}}",
        "id: a\nkind: formula\nquestion: Q?\nanswer: x\nvariables: {x: [1]}",
    ],
)
def test_what_the_reader_refuses_the_schema_refuses(validator: Draft202012Validator, card: str) -> None:
    assert list(validator.iter_errors(yaml.safe_load(deck_text(card))))
