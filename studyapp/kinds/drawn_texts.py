"""Fresh values in the texts of a card of any kind: drawn, worked out, and filled in before the card is asked.

An exercise (`compute`) fills its own texts, and the draws of code cards are arguments of a function.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

import msgspec

from studyapp.cards.card import Card, DrawnCard, Point
from studyapp.cards.field import Field
from studyapp.cards.fields import fields_of
from studyapp.cards.rules import Finding, drawn_names, placeholders
from studyapp.forms.node import NodePath
from studyapp.formula import ExpressionError, split_placeholders
from studyapp.grading.draw import DrawError
from studyapp.grading.drawn_values import complete, draw_values
from studyapp.grading.question import fill_text
from studyapp.kinds import kind_of

C = TypeVar("C", bound=Card)


def has_drawn_texts(card: Card) -> bool:
    """Whether values are filled into the card's texts before it is asked."""
    drawn = isinstance(card, DrawnCard) and bool(card.draw or card.rows or card.let or card.define)
    return drawn and kind_of(card).fills_texts


def drawn_card(card: C, seed: int) -> tuple[C, dict[str, Any]]:
    """The card with the values of a seed in its texts, and these values.

    Raises:
        DrawError: no values can be drawn, or a text cannot be filled in.
    """
    assert isinstance(card, DrawnCard)
    return _filled(card, draw_values(card, seed, kind_of(card).draw_condition(card)))


def redrawn_card(card: C, stored: Mapping[str, Any]) -> tuple[C, dict[str, Any]]:
    """The same for values that were stored when the card was asked.

    Raises:
        KeyError, DrawError, ExpressionError: they do not fit the card as it is now.
    """
    assert isinstance(card, DrawnCard)
    return _filled(card, complete(card, {name: stored[name] for name in card.drawn_names}))


def _filled(card: C, values: dict[str, Any]) -> tuple[C, dict[str, Any]]:
    kind = kind_of(card)
    changes = {}
    for name, one in fields_of(type(card)).items():
        if one.field.seen or name in kind.drawn_fields:
            doubles = name in kind.double_braces
            changes[name] = _fill(getattr(card, name), one.field, values, doubles)
    try:
        return msgspec.structs.replace(card, **changes), values
    except ExpressionError as error:
        raise DrawError(f"{card.id}: {error.message}") from None


def _fill(value: Any, field: Field, values: Mapping[str, Any], doubles: bool) -> Any:
    if isinstance(value, str):
        return fill_text(value, values, doubles) if field.text != "id" else value
    if isinstance(value, tuple):
        return tuple(_fill(entry, field, values, doubles) for entry in value)
    if isinstance(value, msgspec.Struct):
        names = [name for name, one in fields_of(type(value)).items() if one.field.text in ("prose", "expression")]
        names += ["words"] if isinstance(value, Point) else []
        said = fields_of(type(value))
        filled = {name: _fill(getattr(value, name), said[name].field, values, doubles) for name in names}
        return msgspec.structs.replace(value, **filled)
    return value


def open_heading(card: Card, heading: str) -> str:
    """A heading in which what is filled in is left open."""
    try:
        pieces = [*split_placeholders(heading, bool(kind_of(card).double_braces))]
    except ExpressionError:
        return heading
    return "".join(piece if isinstance(piece, str) else "…" for piece in pieces)


def drawn_findings(card: DrawnCard) -> Iterator[Finding]:
    """What is wrong in the draws and placeholders of a card whose texts are filled in."""
    known = yield from drawn_names(card)
    kind = kind_of(card)
    for name, one in fields_of(type(card)).items():
        if one.field.seen or name in kind.drawn_fields:
            yield from _placeholders((name,), getattr(card, name), known, name in kind.double_braces)


def _placeholders(path: NodePath, value: Any, known: tuple[str, ...], doubles: bool) -> Iterator[Finding]:
    below = partial(_placeholders, known=known, doubles=doubles)
    if isinstance(value, str):
        yield from placeholders(path, value, known, doubles)
    elif isinstance(value, tuple):
        for index, entry in enumerate(value):
            yield from below((*path, index), entry)
    elif isinstance(value, msgspec.Struct):
        for name, one in fields_of(type(value)).items():
            if one.field.text in ("prose", "expression"):
                yield from below((*path, name), getattr(value, name))
