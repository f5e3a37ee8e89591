"""What a learner's function is tried on: random inputs, the card's own cases, and very large ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from msgspec import Struct

from studyapp.formula import Expression, ExpressionError, parse
from studyapp.grading.draw import DrawError, draw_all
from studyapp.grading.stream import Stream
from studyapp.kinds.code.card import CodeCard
from studyapp.kinds.code.source import read_signature
from studyapp.locale.message import Message

_EVERY_DRAW_SAME = Message("every draw was the same")
_REFERENCE_FINITE = Message("the reference is not finite")
_INPUTS_WERE_WANTED_COULD = Message("{random_inputs} inputs were wanted, {count} could be drawn: {trouble}")
_ARGUMENT_DRAWN = Message("the argument {missing} is not drawn")
_CASE_ARGUMENTS_ARE_NEEDED = Message("the case “{why}” has {count} arguments, {count_2} are needed")
_EDGE_CASES = Message("edge cases")
_CASE = Message("the case “{why}”: {message}")

_LARGE_NUMBERS = Message("numbers of a thousand")

RANDOM_INPUTS = 24
_MOST_TRIES = 400
_LARGE = 1_000.0


class Trial(Struct, frozen=True):
    """One input with the value that the reference gives. ``group`` is ``value``, ``edge cases`` or ``stability``."""

    group: str
    arguments: Mapping[str, Any]
    expected: Any
    why: str = ""


def reference_expression(card: CodeCard) -> Expression:
    """The expected result over the names of the arguments; a bare name of a loss is called with all of them.

    Raises:
        ExpressionError, ValueError: the card's reference or signature cannot be read.
    """
    names = read_signature(card.signature).parameters
    reference = card.reference.strip()
    if reference.replace("_", "").replace(".", "").isalnum() and reference not in names:
        suffix = ".grad" if card.gradient and not reference.endswith(".grad") else ""
        reference = f"{reference}{suffix}({', '.join(names)})"
    return parse(reference, names)


def trials(card: CodeCard, seed: int) -> list[Trial]:
    """All inputs of one grading, a pure function of card and seed.

    Raises:
        DrawError: the card's numbers cannot be drawn, or its reference has no value for them.
    """
    try:
        expression = reference_expression(card)
    except ValueError as error:
        raise DrawError(str(error)) from None
    names = read_signature(card.signature).parameters
    found = list(_random(card, seed, names, expression))
    return [*found, *_cases(card, names, expression), *_large(card, found, expression)]


def _random(card: CodeCard, seed: int, names: tuple[str, ...], expression: Expression) -> Iterator[Trial]:
    stream = Stream(card.id, seed, "code")
    seen: list[dict[str, Any]] = []
    trouble = _EVERY_DRAW_SAME()
    for _ in range(_MOST_TRIES):
        values = draw_all(card.draw, stream)
        missing = [name for name in names if name not in values]
        if missing:
            raise DrawError(_ARGUMENT_DRAWN(missing=missing[0]))
        arguments = {name: values[name] for name in names}
        if arguments in seen:
            continue
        try:
            expected = expression.evaluate(arguments)
        except ExpressionError as error:
            trouble = error.message
            continue
        if not bool(np.all(np.isfinite(expected))):
            trouble = _REFERENCE_FINITE()
            continue
        seen.append(arguments)
        yield Trial("value", arguments, expected)
        if len(seen) == RANDOM_INPUTS:
            return
    if len(seen) < RANDOM_INPUTS and not (seen and trouble == "every draw was the same"):
        raise DrawError(_INPUTS_WERE_WANTED_COULD(random_inputs=RANDOM_INPUTS, count=len(seen), trouble=trouble))


def _cases(card: CodeCard, names: tuple[str, ...], expression: Expression) -> Iterator[Trial]:
    for case in card.cases:
        if len(case.args) != len(names):
            raise DrawError(_CASE_ARGUMENTS_ARE_NEEDED(why=case.why, count=len(case.args), count_2=len(names)))
        arguments = dict(zip(names, case.args, strict=True))
        try:
            yield Trial(_EDGE_CASES(), arguments, expression.evaluate(arguments), case.why)
        except ExpressionError as error:
            raise DrawError(_CASE(why=case.why, message=error.message)) from None


def _large(card: CodeCard, found: list[Trial], expression: Expression) -> Iterator[Trial]:
    """The first inputs with every unbounded number blown up to a thousand, where the reference stays finite."""
    free = [name for name, draw in card.draw.items() if draw.rule == "grid" and _is_unbounded(draw.arguments)]
    count = 0
    for trial in found:
        arguments = {name: _blown_up(value) if name in free else value for name, value in trial.arguments.items()}
        if arguments == trial.arguments:
            continue
        try:
            expected = expression.evaluate(arguments)
        except ExpressionError:
            continue
        if bool(np.all(np.isfinite(expected))):
            yield Trial("stability", arguments, expected, _LARGE_NUMBERS())
            count += 1
        if count == 4:
            return


def _is_unbounded(arguments: tuple[Any, ...]) -> bool:
    """Whether a grid reaches below zero and beyond one, as logits and scores do and probabilities do not."""
    low, high = float(arguments[0]), float(arguments[1])
    return low < 0 and high > 1


def _blown_up(value: Any) -> Any:
    array = np.asarray(value, dtype=np.float64)
    peak = float(np.max(np.abs(array)))
    return (array * (_LARGE / peak)).tolist() if peak > 0 else value
