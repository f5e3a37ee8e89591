"""Whether every formula of a card can be read in a terminal: laid out whole, with no symbol lost."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from studyapp.cards.card import AnyCard, Card
from studyapp.render import formulas, has_layout, lost_symbols, unknown_commands

_NOT_SHOWN = frozenset({"id", "kind", "tags", "covers", "source", "leads_to", "group", "loss", "value", "words"})
_EXPRESSIONS = frozenset({"draw", "let", "where", "variables", "symbols", "signature", "reference", "starter", "cases"})


def illegible(card: AnyCard) -> tuple[tuple[str, str], ...]:
    """What a terminal cannot show of the card, as ``(code, message)``; empty if nothing."""
    found: dict[tuple[str, str], None] = {}
    for text in _texts(msgspec.to_builtins(card), isinstance(card, Card) and card.kind in ("compute", "formula")):
        for latex in formulas(text):
            unknown = unknown_commands(latex)
            if unknown:
                found[("formula", f"${latex}$ uses {', '.join(unknown)}, which cannot be shown")] = None
            elif not has_layout(latex):
                found[("formula", f"${latex}$ cannot be laid out: its source would be shown")] = None
            elif lost := lost_symbols(latex):
                found[("formula", f"${latex}$ would be shown without {' '.join(lost)}")] = None
    return tuple(found)


def _texts(value: object, is_expression: bool, key: str = "") -> Iterator[str]:
    """The texts that a learner reads."""
    if isinstance(value, str):
        if not (is_expression and key in ("answer", "start")):
            yield value
    elif isinstance(value, dict):
        for name, entry in value.items():
            if name not in _NOT_SHOWN and name not in _EXPRESSIONS:
                yield from _texts(entry, is_expression, str(name))
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from _texts(entry, is_expression, key)
