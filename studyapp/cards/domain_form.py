"""How decks write where the variables of a formula live."""

from __future__ import annotations

from typing import Any

from studyapp.cards.card import Domain
from studyapp.forms.literal import read_numbers
from studyapp.forms.node import ListNode, MapNode, Node, ScalarNode, describe
from studyapp.forms.problem import did_you_mean, quoted
from studyapp.forms.reading import BAD, JsonSchema, Reading
from studyapp.forms.scalar import number
from studyapp.locale.message import Message

_VALUE_VARIABLE = Message("a value of the variable")
_END_INTERVAL = Message("an end of the interval")

_DOMAIN_EXPECTED = Message("a domain was expected, not {found}")
_WRITE_LOW_HIGH = Message("write [low, high], {{choice: [...]}} or {{integers: [low, high]}}")
_DOMAIN_NO_KEY = Message("a domain has no key {word}")
_CHOICE_NEEDS_LEAST_ONE = Message("a choice needs at least one value")
_ENDS_INTERVAL_LIE_BETWEEN = Message("the ends of an interval lie between ±{most}")
_INTEGERS_LOW_HIGH_TAKES = Message("integers: [low, high] takes whole numbers")
_INTERVAL_FROM_EMPTY = Message("the interval from {low} to {high} is empty")

_INFINITE = (".inf", ".Inf", ".nan", ".NaN", "inf", "nan")

MOST = 1e15
"""How far from zero a variable may live: beyond, neither sums nor differences are exact."""


class DomainForm:
    """Where a variable lives: ``[low, high]``, ``{choice: [...]}`` or ``{integers: [low, high]}``.

    The ends of an interval may be expressions of variables above: ``[0, 1 - p]``.
    """

    def read(self, node: Node, reading: Reading) -> Any:
        if type(node) is ListNode:
            return self._interval(node, reading, integer=False)
        if type(node) is not MapNode or len(node.entries) != 1:
            return reading.problem(
                node,
                "domain",
                _DOMAIN_EXPECTED(found=describe(node)),
                _WRITE_LOW_HIGH(),
            )
        key, value = node.entries[0]
        word = key.value if type(key) is ScalarNode else ""
        if word == "integers":
            return self._interval(value, reading, integer=True)
        if word != "choice":
            hint = did_you_mean(word, ("choice", "integers"))
            return reading.problem(key, "unknown-key", _DOMAIN_NO_KEY(word=quoted(word)), hint)
        numbers = read_numbers(value, reading, _VALUE_VARIABLE())
        if numbers is BAD:
            return BAD
        if not numbers:
            return reading.problem(value, "empty", _CHOICE_NEEDS_LEAST_ONE())
        return Domain(values=tuple(float(entry) for entry in numbers))

    def _interval(self, node: Node, reading: Reading, integer: bool) -> Any:
        if not integer and type(node) is ListNode and len(node.items) == 2:
            texts = [item.value if type(item) is ScalarNode else "" for item in node.items]
            if all(texts) and any(number(text) is None and text.strip("+-") not in _INFINITE for text in texts):
                return Domain(between=tuple(texts))
        ends = read_numbers(node, reading, _END_INTERVAL(), 2)
        if ends is BAD:
            return BAD
        low, high = ends
        if max(abs(low), abs(high)) > MOST:
            return reading.problem(node, "domain", _ENDS_INTERVAL_LIE_BETWEEN(most=f"{MOST:.0e}"))
        if integer and not (isinstance(low, int) and isinstance(high, int)):
            return reading.problem(node, "domain", _INTEGERS_LOW_HIGH_TAKES())
        if low > high or (low == high and not integer):
            return reading.problem(node, "domain", _INTERVAL_FROM_EMPTY(low=f"{low:g}", high=f"{high:g}"))
        return Domain(low=float(low), high=float(high), integer=integer)

    def schema(self) -> JsonSchema:
        pair = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
        numbers = {"type": "array", "items": {"type": "number"}, "minItems": 1}
        ends = {"type": "array", "items": {"type": ["number", "string"]}, "minItems": 2, "maxItems": 2}
        return {
            "anyOf": [
                {
                    **ends,
                    "description": "The interval from low to high; an end may be an expression of variables above.",
                },
                *(
                    {
                        "type": "object",
                        "properties": {word: schema},
                        "required": [word],
                        "additionalProperties": False,
                    }
                    for word, schema in (("choice", numbers), ("integers", pair))
                ),
            ]
        }
