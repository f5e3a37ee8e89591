"""Code cards on any problem: the function is tried on cases, each with the plain value that it must return."""

from __future__ import annotations

import json
import math
from typing import Any

from msgspec import Struct

from studyapp.grading.verdict import Detail, Outcome, Verdict
from studyapp.kinds.code.card import CodeCard
from studyapp.kinds.code.groups import raised
from studyapp.kinds.code.runner import Call, Run
from studyapp.locale.message import Message
from studyapp.locale.sentences import as_sentence

COMPARISONS = ("exact", "close", "unordered")

_RELATIVE = 1e-6
_SHOWN = 240
_MOST_FOR_WRONG = 0.8

_RIGHT = Message("Right, on every case.")
_NOT_YET = Message("Not yet: {failure}")
_FAILURE = Message("`{call}`: expected {expected}, got {got}")
_FAILURE_WHY = Message("`{call}` ({why}): expected {expected}, got {got}")
_CASES = Message("cases")
_AGREE = Message("{count} case agrees", "{count} cases agree")
_SOME_FAIL = Message("{failing} of {count} cases fail")
_CHANGED = Message("input not changed")
_MODIFIES = Message("the function modifies its argument {name}; work on a copy")
_NO_VALUE = Message("a {kind}, which is no plain value")
_NOTHING = Message("nothing: the run had ended before")
_NOT_FINISHED = Message("The function was not finished: {why}")


class CaseTried(Struct, frozen=True):
    """One case with what came of it."""

    arguments: tuple[Any, ...]
    expected: Any
    why: str
    call: Call | None
    agrees: bool


def judge_cases(card: CodeCard, names: tuple[str, ...], function: str, run: Run) -> Verdict:
    """The verdict on a run of the function over the cases of the card."""
    calls = {call.number: call for call in run.calls}
    tried = [
        CaseTried(
            case.args, json.loads(case.expect), case.why, call, agrees(call, json.loads(case.expect), card.compare)
        )
        for case, call in ((case, calls.get(number)) for number, case in enumerate(card.cases))
    ]
    failing = [one for one in tried if not one.agrees]
    changed = next((call.changed[0] for call in run.calls if call.changed), None)
    total = len(tried)
    text = _AGREE(count=total) if not failing else _SOME_FAIL(failing=len(failing), count=total)
    details = [Detail(_CASES(), not failing, text)]
    if changed is not None:
        details.append(Detail(_CHANGED(), None, _MODIFIES(name=names[changed])))
    if not failing:
        return Verdict(Outcome.CORRECT, 1.0, _RIGHT(), details=tuple(details))
    score = _MOST_FOR_WRONG * (total - len(failing)) / total
    if run.ended:
        return Verdict(Outcome.WRONG, score, as_sentence(_NOT_FINISHED(why=run.ended)), details=tuple(details))
    smallest = min(failing, key=lambda one: (one.call is None, len(_call(function, one))))
    return Verdict(
        Outcome.WRONG, score, as_sentence(_NOT_YET(failure=_describe(function, smallest))), details=tuple(details)
    )


def agrees(call: Call | None, expected: Any, how: str) -> bool:
    """Whether a call returned what was expected: exactly, with numbers close by, or in any order."""
    result = call.result if call is not None else None
    if result is None or result.get("kind") != "plain":
        return False
    return same(result.get("value"), expected, how)


def same(given: Any, expected: Any, how: str) -> bool:
    """Whether two plain values are equal. A number is no truth value; tuples have come as lists.

    ``unordered`` compares the outermost list in any order, each entry as often as it is expected.
    """
    if how == "unordered" and isinstance(given, list) and isinstance(expected, list):
        left = list(expected)
        for one in given:
            place = next((place for place, other in enumerate(left) if same(one, other, "close")), None)
            if place is None:
                return False
            del left[place]
        return not left
    if isinstance(expected, bool) or isinstance(given, bool):
        return isinstance(given, bool) and isinstance(expected, bool) and given == expected
    if isinstance(expected, (int, float)) and isinstance(given, (int, float)):
        if math.isnan(expected):
            return math.isnan(given)
        exact = how == "exact" or (isinstance(expected, int) and isinstance(given, int))
        return (
            given == expected
            if exact
            else given == expected or math.isclose(given, expected, rel_tol=_RELATIVE, abs_tol=1e-9)
        )
    if isinstance(expected, list) and isinstance(given, list):
        inner = "close" if how == "unordered" else how
        return len(given) == len(expected) and all(map(lambda a, b: same(a, b, inner), given, expected))
    if isinstance(expected, dict) and isinstance(given, dict):
        return given.keys() == expected.keys() and all(same(given[key], expected[key], how) for key in expected)
    return type(given) is type(expected) and bool(given == expected)


def _describe(function: str, one: CaseTried) -> str:
    call, expected, came = _call(function, one), shown(one.expected), _got(one.call)
    if one.why:
        return _FAILURE_WHY(call=call, why=one.why, expected=expected, got=came)
    return _FAILURE(call=call, expected=expected, got=came)


def _got(call: Call | None) -> str:
    if call is None:
        return _NOTHING()
    if call.failure is not None:
        return raised(call.failure)
    result = call.result or {}
    if result.get("kind") == "plain":
        return shown(result.get("value"))
    return _NO_VALUE(kind=str(result.get("kind")))


def _call(function: str, one: CaseTried) -> str:
    return f"{function}({_cut(', '.join(map(shown, one.arguments)))})"


def shown(value: Any) -> str:
    """A plain value as Python writes it, cut off where it is long."""
    return _cut(repr(value))


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
