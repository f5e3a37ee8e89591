"""Expressions and placeholders of a card: they must be readable and use no name that means nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from studyapp.cards.card import Card, CodeCard, ComputeCard, FormulaCard, Misconception
from studyapp.forms.node import NodePath
from studyapp.formula import ExpressionError, Placeholder, parse, split_placeholders

from .rules import Finding, signature_names


def expression_findings(card: Card) -> Iterator[Finding]:
    """What is wrong with the expressions and placeholders of ``card``."""
    if isinstance(card, ComputeCard):
        yield from _compute(card)
    elif isinstance(card, FormulaCard):
        names = tuple(card.variables)
        for place, (name, domain) in enumerate(card.variables.items()):
            for end, text in enumerate(domain.between):
                yield from _expression(("variables", name, end), text, names[:place])
        if card.where:
            yield from _expression(("where",), card.where, names)
        yield from _expression(("answer",), card.answer, names)
        if card.start:
            yield from _expression(("start",), card.start, names)
        yield from _wrong(("wrong",), card.wrong, names)
    elif isinstance(card, CodeCard):
        yield from _code(card)


def _compute(card: ComputeCard) -> Iterator[Finding]:
    known = list(card.draw)
    yield from _taken(("draw",), known)
    yield from _taken(("let",), card.let)
    for name, expression in card.let.items():
        yield from _expression(("let", name), expression, known)
        known.append(name)
    if card.where:
        yield from _expression(("where",), card.where, known)
    if card.answer:
        yield from _expression(("answer",), card.answer, known)
    yield from _placeholders(("question",), card.question, known)
    for index, hint in enumerate(card.hints):
        yield from _placeholders(("hints", index), hint, known)
    yield from _wrong(("wrong",), card.wrong, known, says=True)
    for index, part in enumerate(card.parts):
        yield from _taken(("parts", index, "id"), [part.id])
        yield from _placeholders(("parts", index, "ask"), part.ask, known)
        yield from _expression(("parts", index, "answer"), part.answer, known)
        yield from _wrong(("parts", index, "wrong"), part.wrong, known, says=True)
        known.append(part.id)
    yield from _placeholders(("solution",), card.solution, known)


def _code(card: CodeCard) -> Iterator[Finding]:
    try:
        names = signature_names(card.signature)
    except ValueError:
        return
    if not card.reference.isidentifier():
        yield from _expression(("reference",), card.reference, names)
    else:
        call = f"{card.reference}({', '.join(names)})"
        yield from _expression(("reference",), call, names)
    yield from _wrong(("wrong",), card.wrong, names)


def _wrong(
    path: NodePath, wrong: Iterable[Misconception], names: Iterable[str], says: bool = False
) -> Iterator[Finding]:
    for index, entry in enumerate(wrong):
        yield from _expression((*path, index, "value"), entry.value, names)
        if says:
            yield from _placeholders((*path, index, "say"), entry.say, names)


def _expression(path: NodePath, text: str, names: Iterable[str]) -> Iterator[Finding]:
    try:
        parse(text, tuple(names))
    except ExpressionError as error:
        yield Finding(path, "expression", str(error), at=error.column)


def _placeholders(path: NodePath, text: str, names: Iterable[str]) -> Iterator[Finding]:
    if "{" not in text and "<<" not in text:
        return
    try:
        for piece in split_placeholders(text):
            if isinstance(piece, Placeholder):
                try:
                    parse(piece.expression, tuple(names))
                except ExpressionError as error:
                    yield Finding(path, "placeholder", str(error), at=piece.at + error.column)
    except ExpressionError as error:
        yield Finding(path, "placeholder", str(error), at=error.column)


def _taken(path: NodePath, names: Iterable[str]) -> Iterator[Finding]:
    """Names that already mean something, such as ``e`` or ``mean``."""
    from studyapp.formula.vocabulary import ARRAY_FUNCTIONS, CONSTANTS, ELEMENTARY

    for name in names:
        if name in CONSTANTS or name in ELEMENTARY or name in ARRAY_FUNCTIONS:
            place = path if path[-1] == "id" else (*path, name)
            yield Finding(place, "reserved-name", f"the name {name} means something in expressions already")
