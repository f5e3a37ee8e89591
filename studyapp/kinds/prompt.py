"""What form of answer a question expects, said beside the field before anything is typed."""

from __future__ import annotations

from typing import Any

from studyapp.cards.card import (
    AnyCard,
    ChoiceCard,
    ClozeCard,
    CodeCard,
    ComputeCard,
    FormulaCard,
    OrderCard,
)
from studyapp.grading.target import Target
from studyapp.locale.message import Message, speaking

_FORMS = {
    "number": Message("a number"),
    "vector": Message("a vector of {count} numbers"),
    "matrix": Message("a {rows}×{columns} matrix, rows separated by “;”"),
    "array": Message("numbers in nested brackets, shape {shape}"),
    "digits": Message("{what}, to {digits} significant digits"),
    "digits-and-unit": Message("{what}, to {digits} significant digits, in {unit}"),
    "parts": Message("{count} answers, one a line"),
    "choice": Message("the number of one option"),
    "choices": Message("the numbers of all right options"),
    "gap": Message("the missing word or expression"),
    "gaps": Message("{count} answers, separated by “;”"),
    "order": Message("the numbers of the steps in order; leave out what does not belong"),
    "order-all": Message("the numbers of the steps in order"),
    "formula": Message("a formula in {names}"),
    "constant": Message("a formula"),
    "lines": Message("one equal expression a line, the last one the result, in {names}"),
    "code": Message("Python: {signature}"),
    "recall": Message("recall the answer, then reveal it"),
    "explain": Message("an answer in your own words"),
}


def prompt_for(card: AnyCard, targets: tuple[Target, ...], gaps: int, language: str) -> str:
    """What form of answer the card expects, in a language."""
    with speaking(language):
        return _prompt(card, targets, gaps)


def part_prompts(card: ComputeCard, targets: tuple[Target, ...], language: str) -> tuple[str, ...]:
    """What form of answer each part of an exercise expects."""
    with speaking(language):
        return tuple(_value(card, target) for target in targets)


def _prompt(card: AnyCard, targets: tuple[Target, ...], gaps: int) -> str:
    if isinstance(card, ComputeCard):
        return _FORMS["parts"](count=len(card.parts)) if card.parts else _value(card, targets[0])
    if isinstance(card, ChoiceCard):
        return _FORMS["choices" if card.multiple else "choice"]()
    if isinstance(card, ClozeCard):
        return _FORMS["gap"]() if gaps == 1 else _FORMS["gaps"](count=gaps)
    if isinstance(card, OrderCard):
        return _FORMS["order" if card.distractors else "order-all"]()
    if isinstance(card, FormulaCard):
        names = ", ".join(card.variables)
        return _FORMS["lines" if card.lines else "formula"](names=names) if names else _FORMS["constant"]()
    if isinstance(card, CodeCard):
        return _FORMS["code"](signature=card.signature)
    return _FORMS[card.kind]()


def _value(card: ComputeCard, target: Target) -> str:
    what = _form(target.value)
    if card.unit:
        return _FORMS["digits-and-unit"](what=what, digits=target.digits, unit=card.unit)
    return _FORMS["digits"](what=what, digits=target.digits)


def _form(value: Any) -> str:
    shape = getattr(value, "shape", ())
    if not shape:
        return _FORMS["number"]()
    if len(shape) == 1:
        return _FORMS["vector"](count=shape[0])
    if len(shape) == 2:
        return _FORMS["matrix"](rows=shape[0], columns=shape[1])
    return _FORMS["array"](shape="×".join(map(str, shape)))
