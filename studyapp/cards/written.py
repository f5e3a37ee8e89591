"""Cards as the values that decks write: the way back from `card_form`."""

from __future__ import annotations

import json
from typing import Any, get_args, get_origin

import msgspec

from studyapp.cards.card import Card, Domain, Draw, Plain, Point, Struct, Value
from studyapp.cards.field import Field
from studyapp.cards.fields import fields_of, split


class Literal(msgspec.Struct, frozen=True):
    """A value that keeps its type where it is written: texts stand in quotes, lists and mappings on one line."""

    value: Any


def written_card(card: Card) -> dict[str, Any]:
    """The keys of a card with their values, without those that say nothing new. Ids and kind come first.

    Texts, numbers and flags, lists and dicts of them, and `Literal`.
    """
    plain = _fields(card)
    ordered = {"id": plain.pop("id"), "kind": card.kind}
    for name in ("group", "tags", "question", "text", "answer", "options", "points"):
        if name in plain:
            ordered[name] = plain.pop(name)
    return ordered | plain


def _fields(struct: Struct) -> dict[str, Any]:
    written = {}
    given = msgspec.to_builtins(struct)  # leaves out what is as by default
    for name, one in fields_of(type(struct)).items():
        if name in given:
            written[one.field.written or name] = _value(getattr(struct, name), one.type, one.field)
    return written


def _value(value: Any, kind: Any, field: Field) -> Any:
    if kind is Value or kind is Plain:
        return Literal(msgspec.to_builtins(value))
    if isinstance(value, Draw):
        return Literal(_draw(value))
    if isinstance(value, Domain):
        return Literal(_domain(value))
    if isinstance(value, Point) and not value.words:
        return value.text
    if isinstance(value, Struct):
        return _fields(value)
    if get_origin(kind) is tuple:
        inner, said = split(get_args(kind)[0])
        return [_value(one, inner, field if said == Field() else said) for one in value]
    if get_origin(kind) is dict:
        inner, said = split(get_args(kind)[1])
        return {name: _value(one, inner, field if said == Field() else said) for name, one in value.items()}
    if isinstance(value, str) and field.text == "literal":
        return Literal(json.loads(value))
    return value


def _draw(draw: Draw) -> dict[str, Any]:
    """How a draw is written: ``{rule: arguments}`` with its size, its step and whether its values are distinct."""
    arguments: Any = msgspec.to_builtins(draw.arguments)
    more: dict[str, Any] = {}
    size: Any = [Word(entry) if isinstance(entry, str) else entry for entry in draw.size]
    size = size[0] if len(size) == 1 else size
    if draw.rule == "mask":
        argument: Any = size
    else:
        one = draw.rule in ("value", "one_hot", "distribution")
        argument = arguments[0] if one else list(arguments)
        if draw.rule == "distribution":
            more["step"] = arguments[1]
        if draw.size:
            more["size"] = size
    if draw.distinct:
        more["distinct"] = True
    return {draw.rule: argument, **more}


def _domain(domain: Domain) -> Any:
    """How a domain is written: an interval, ``{choice: …}`` or ``{integers: …}``."""
    if domain.between:
        return [Word(end) for end in domain.between]
    if domain.values:
        return {"choice": list(domain.values)}
    ends: list[Any] = [domain.low, domain.high]
    return {"integers": [int(end) for end in ends]} if domain.integer else ends


class Word(str):
    """A text that stands without quotes where YAML allows it: a name or an expression."""
