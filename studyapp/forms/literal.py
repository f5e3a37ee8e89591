"""Plain values in decks: numbers, texts, and lists and mappings of them."""

from __future__ import annotations

import json
import math
from typing import Any

from studyapp.forms.node import ListNode, MapNode, Node, ScalarNode, describe
from studyapp.forms.reading import BAD, JsonSchema, Reading, read_number
from studyapp.forms.scalar import not_text, number
from studyapp.locale.message import Message

_VALUE = Message("a value")
_LIST_NUMBERS = Message("a list of numbers")
_LIST_NUMBERS_2 = Message("a list of {count} numbers")
_LIST = Message("a list of {count}")

_EXPECTED = Message("{wanted} was expected, not {given}")
_KEY_SINGLE_WORD_WRITTEN = Message("a key is a single word, written once")


class Literal:
    """Any plain value: a number, true or false, a text, a list or a mapping of them. ``.inf`` is allowed."""

    def read(self, node: Node, reading: Reading) -> Any:
        if type(node) is ListNode:
            items = [self.read(item, reading) for item in node.items]
            return BAD if any(item is BAD for item in items) else items
        if type(node) is MapNode:
            values: dict[str, Any] = {}
            for key, value in node.entries:
                if type(key) is not ScalarNode or key.value in values:
                    return reading.problem(key, "duplicate-key", _KEY_SINGLE_WORD_WRITTEN())
                values[key.value] = self.read(value, reading)
            return BAD if any(value is BAD for value in values.values()) else values
        assert type(node) is ScalarNode
        return node.value if node.style else self._plain(node, reading)

    def _plain(self, node: ScalarNode, reading: Reading) -> Any:
        text = node.value
        value = number(text)
        if value is not None:
            return value
        if text in ("true", "false"):
            return text == "true"
        if text in (".inf", "+.inf", "-.inf"):
            return -math.inf if text[0] == "-" else math.inf
        if not_text(text) is None:
            return text
        return read_number(node, reading, _VALUE())

    def schema(self) -> JsonSchema:
        return {}


LITERAL = Literal()


class PlainLiteral(Literal):
    """The same, and ``null``."""

    def _plain(self, node: ScalarNode, reading: Reading) -> Any:
        return None if node.value in ("null", "~") else super()._plain(node, reading)


PLAIN = PlainLiteral()


class JsonText:
    """Any plain value, kept as its JSON: a text, so that ``null`` and no value are two things."""

    def read(self, node: Node, reading: Reading) -> Any:
        value = PLAIN.read(node, reading)
        return BAD if value is BAD else json.dumps(value)

    def schema(self) -> JsonSchema:
        return {}


def read_numbers(node: Node, reading: Reading, what: str | Message, count: int | None = None) -> Any:
    """A list of numbers, of ``count`` where that is given, or BAD."""
    if type(node) is not ListNode or (count is not None and len(node.items) != count):
        wanted = _LIST_NUMBERS() if count is None else _LIST_NUMBERS_2(count=count)
        given = _LIST(count=len(node.items)) if type(node) is ListNode else describe(node)
        return reading.problem(node, "type", _EXPECTED(wanted=wanted, given=given))
    values = [read_number(item, reading, what) for item in node.items]
    return BAD if any(value is BAD for value in values) else values
