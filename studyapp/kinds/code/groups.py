"""The results of a run, compared with the reference and gathered into groups of one line each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from msgspec import Struct

from studyapp.grading.reading import short_number
from studyapp.grading.verdict import Detail
from studyapp.kinds.code.inputs import Trial
from studyapp.kinds.code.runner import Call, Run
from studyapp.locale.message import Message

RELATIVE = 1e-6
ABSOLUTE = 1e-9
_SHOWN = 240

GROUPS: dict[str, Message] = {
    "value": Message("value"),
    "edge cases": Message("edge cases"),
    "stability": Message("stability"),
}
"""The groups of trials in the order in which they are told, with the words for them."""

_GRADIENT = Message("gradient")
_SHAPE = Message("shape and dtype")
_INPUT = Message("input not changed")

_AGREE = Message("{count} input agrees", "{count} inputs agree")
_RUN_ENDED = Message("the run had ended before")
_NOT_REACHED = Message("not reached: {why}")
_SOME_FAIL = Message("{failing} of {count} inputs fail; {failure}")
_FAILURE = Message("`{call}`: expected {expected}, got {got}")
_FAILURE_WHY = Message("`{call}` ({why}): expected {expected}, got {got}")
_NOTHING = Message("nothing")
_NO_END = Message("no end: still running after the time limit")
_NO_END_IN_LINE = Message("no end: still running after the time limit in line {line}")
_NO_MEMORY = Message("MemoryError: more memory than the limit allows")
_NO_MEMORY_IN_LINE = Message("MemoryError in line {line}: more memory than the limit allows")
_ERROR = Message("{error}: {message}")
_ERROR_IN_LINE = Message("{error} in line {line}: {message}")
_BARE_ERROR_IN_LINE = Message("{error} in line {line}")
_NONE = Message("None (is a return missing?)")
_TOO_LARGE = Message("an array of shape {shape}")
_COMPLEX = Message("complex numbers, no numbers")
_OTHER_KIND = Message("a {kind}, no numbers")
_SINGLE = Message("a single number")
_OTHER_SHAPE = Message("`{call}`: expected {expected}, got shape {shape}")
_OTHER_TYPE = Message("the result is {given}; float64 is expected")
_NO_RESULT = Message("no result to judge")
_AS_EXPECTED = Message("{shape}, as expected")
_MODIFIES = Message("the function modifies its argument {name}; work on a copy")
_NO_CALL = Message("no call to judge")


class Tried(Struct, frozen=True):
    """One trial with the call it led to; no call where the run had ended before.

    ``value`` are the returned numbers, or None. ``agrees`` says whether they are the reference's, in whatever shape
    that holds them in order.
    """

    trial: Trial
    call: Call | None
    value: Any
    agrees: bool

    @property
    def fits(self) -> bool:
        """Whether the shape is the reference's."""
        return self.value is not None and self.value.shape == np.shape(self.trial.expected)


def try_out(trial: Trial, call: Call | None) -> Tried:
    """The trial compared with its call."""
    result = call.result if call else None
    if not result or result.get("kind") != "value":
        return Tried(trial, call, None, False)
    value = np.asarray(result["value"], dtype=np.float64)
    expected = np.asarray(trial.expected, dtype=np.float64)
    agrees = value.size == expected.size and same_numbers(
        value.reshape(expected.shape), expected, trial.arguments.values()
    )
    return Tried(trial, call, value, agrees)


def same_numbers(given: Any, expected: Any, arguments: Iterable[Any]) -> bool:
    """Equality to six digits, with an absolute slack from the largest argument; an infinity equals only itself."""
    scale = max((_largest(argument) for argument in arguments), default=1.0)
    with np.errstate(invalid="ignore"):
        close = np.abs(given - expected) <= RELATIVE * np.abs(expected) + ABSOLUTE * max(scale, 1.0)
    close &= np.isfinite(given) & np.isfinite(expected)
    return bool(np.all(close | (given == expected) | (np.isnan(given) & np.isnan(expected))))


def _largest(value: Any) -> float:
    try:
        array = np.abs(np.asarray(value, dtype=np.float64))
    except (TypeError, ValueError):
        return 1.0
    array = array[np.isfinite(array)]
    return float(array.max()) if array.size else 1.0


def pair(trials: list[Trial], run: Run) -> list[Tried]:
    """Every trial with its call."""
    calls = {call.number: call for call in run.calls}
    return [try_out(trial, calls.get(number)) for number, trial in enumerate(trials)]


def groups(tried: list[Tried], function: str, gradient: bool, run: Run) -> tuple[Detail, ...]:
    """One line a group: how many inputs passed, or the smallest that did not with expected and got."""
    lines: list[Detail] = []
    for group, word in GROUPS.items():
        members = [one for one in tried if one.trial.group == group]
        if members:
            label = _GRADIENT() if group == "value" and gradient else word()
            lines.append(_values(label, members, function, run))
    reached = [one for one in tried if one.call is not None]
    lines.append(_shape(reached, function))
    lines.append(_unchanged(reached, function))
    return tuple(lines)


def smallest_failure(tried: Iterable[Tried]) -> Tried | None:
    """The failing trial that is easiest to follow by hand: the fewest and shortest numbers."""
    failing = [one for one in tried if not one.agrees and one.call is not None]
    return min(failing, key=lambda one: len(_arguments(one.trial)), default=None)


def _values(label: str, members: list[Tried], function: str, run: Run) -> Detail:
    failing = [one for one in members if not one.agrees]
    if not failing:
        return Detail(label, True, _AGREE(count=len(members)))
    reached = smallest_failure(members)
    if reached is None:
        ended = run.ended or _RUN_ENDED()
        return Detail(label, False, _NOT_REACHED(why=ended) if len(failing) == len(members) else ended)
    if any(one.call is None for one in failing):
        return Detail(label, False, describe(reached, function))
    failure = describe(reached, function)
    return Detail(label, False, _SOME_FAIL(failing=len(failing), count=len(members), failure=failure))


def describe(one: Tried, function: str) -> str:
    """A trial in a sentence: the call, what was expected and what came."""
    call, expected, came = f"{function}({_arguments(one.trial)})", shorten(one.trial.expected), got(one.call)
    if one.trial.why:
        return _FAILURE_WHY(call=call, why=one.trial.why, expected=expected, got=came)
    return _FAILURE(call=call, expected=expected, got=came)


def got(call: Call | None) -> str:
    """What came back of a call, in words."""
    if call is None:
        return _NOTHING()
    if call.failure is not None:
        return raised(call.failure)
    result = call.result or {}
    kind = result.get("kind")
    if kind == "value":
        return shorten(np.asarray(result["value"], dtype=np.float64))
    if kind == "None":
        return _NONE()
    if kind == "too large":
        return _TOO_LARGE(shape=_shape_text(result["shape"]))
    return _COMPLEX() if kind == "complex" else _OTHER_KIND(kind=kind)


def raised(failure: dict[str, Any]) -> str:
    """How a call failed: the error, the line and what Python says of it."""
    line = failure.get("line")
    if failure.get("timeout"):
        return _NO_END_IN_LINE(line=line) if line else _NO_END()
    error, message = failure["error"], failure["message"].rstrip(": ")
    if error == "MemoryError":
        return _NO_MEMORY_IN_LINE(line=line) if line else _NO_MEMORY()
    if not message:
        return _BARE_ERROR_IN_LINE(error=error, line=line) if line else str(error)
    return _ERROR_IN_LINE(error=error, line=line, message=message) if line else _ERROR(error=error, message=message)


def _shape_text(shape: Any) -> str:
    return "×".join(str(size) for size in shape) or _SINGLE()


def _shape(reached: list[Tried], function: str) -> Detail:
    """Whether the results come in the right shape and as full floating-point numbers."""
    label = _SHAPE()
    judged = [one for one in reached if one.value is not None]
    for one in judged:
        result = one.call.result if one.call else None
        if result is None:
            continue
        if not one.fits:
            wanted, came = _shape_text(np.shape(one.trial.expected)), _shape_text(result["shape"])
            call = f"{function}({_arguments(one.trial)})"
            return Detail(label, False, _OTHER_SHAPE(call=call, expected=wanted, shape=came))
        is_condition = np.shape(one.trial.expected) == () and float(one.trial.expected) in (0.0, 1.0)
        if result["dtype"] in ("float32", "float16") or (result["dtype"] == "bool" and not is_condition):
            return Detail(label, False, _OTHER_TYPE(given=result["dtype"]))
    if not judged:
        return Detail(label, None, _NO_RESULT())
    return Detail(label, True, _AS_EXPECTED(shape=_shape_text(np.shape(judged[0].trial.expected))))


def _unchanged(reached: list[Tried], function: str) -> Detail:
    label = _INPUT()
    for one in reached:
        if one.call is not None and one.call.changed:
            name = list(one.trial.arguments)[one.call.changed[0]]
            return Detail(label, False, _MODIFIES(name=name))
    if not reached:
        return Detail(label, None, _NO_CALL())
    return Detail(label, True, "")


def _arguments(trial: Trial) -> str:
    text = ", ".join(_literal(value) for value in trial.arguments.values())
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _literal(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_literal(item) for item in value) + "]"
    return short_number(float(value), 8) if isinstance(value, float) else str(value)


def shorten(value: Any) -> str:
    """Numbers to six digits, long arrays cut off."""
    array = np.asarray(value, dtype=np.float64)
    text = _short(array)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _short(array: Any) -> str:
    if array.ndim == 0:
        return short_number(float(array), 7)
    return "[" + ", ".join(_short(item) for item in array[:50]) + ("]" if len(array) <= 50 else ", …]")
