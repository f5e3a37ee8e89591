"""The short ways in which a deck writes how a value is drawn."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from studyapp.cards.card import Draw
from studyapp.forms.form import Flag
from studyapp.forms.literal import LITERAL, read_numbers
from studyapp.forms.node import ListNode, MapNode, Node, ScalarNode
from studyapp.forms.problem import did_you_mean, quoted
from studyapp.forms.reading import BAD, JsonSchema, Reading, read_number
from studyapp.locale.message import Message

_NUMBER_GRID = Message("a number of the grid")
_WHOLE_NUMBER = Message("a whole number")
_NUMBER_CLASSES = Message("the number of classes")
_MASK_NEEDS_LEAST_TWO = Message("a mask needs at least two entries: it is neither all zero nor all one")
_ROWS_ARE_MORE_THAN = Message("{count} rows of {width} are more than {max_in_rows} entries")
_STEP = Message("the step")
_SIZE = Message("a size")
_DISTINCT_VALUES_CANNOT_DRAWN = Message("{count} distinct values cannot be drawn from {available}")
_ONE_RULE_NOT = Message("a draw has exactly one rule, not {rules}")
_ONE_RULE_OF = Message("a draw has exactly one rule, one of {rules}")

_CHOICE_TAKES_LIST_VALUES = Message("choice takes a list of values: {{choice: [0, 1]}}")
_GRID_LOW_HIGH_STEP = Message("grid: [low, high, step] needs low ≤ high and step > 0")
_GRID_MOST_POINTS = Message("a grid has at most {max_grid} points")
_WHOLE_NUMBER_STEPS_ABOVE = Message("{high} is not a whole number of steps of {step} above {low}")
_WRITE = Message("write {last}")
_INTEGERS_LOW_HIGH_TAKES = Message("integers: [low, high] takes whole numbers, low ≤ high")
_RANGE_MOST_WHOLE_NUMBERS = Message("a range has at most {max_range} whole numbers")
_BOX_NEEDS_ROOM_LOW = Message("a box needs room: low < high")
_WHOLE_NUMBER_FROM = Message("{what} is a whole number from 2 to 1000")
_WHOLE_NUMBER_STEPS = Message("1 is not a whole number of steps of {width}")
_CLASSES_LEAST_EACH_ARE = Message("{classes} classes with at least {width} each are more than 1")
_MAKE_STEP_SMALLER = Message("make the step smaller")
_SIZE_EMPTY = Message("a size is not empty")
_DRAWN_ARRAY_MOST_DIMENSIONS = Message("a drawn array has at most 3 dimensions and {max_entries} entries")
_SIZE_WHOLE_NUMBER_FROM = Message("a size is a whole number from 1 to {max_entries}")
_ONLY_DISTRIBUTION_STEP = Message("only a distribution has a step")
_GRID_LOW_HIGH_STEP_2 = Message("grid: [low, high, step]")
_DRAW_NO_KEY = Message("a draw has no key {word}")
_WRITTEN_TWICE_DRAW = Message("{word} is written twice in this draw")
_MASK_GIVES_ITS_SIZE = Message("a mask gives its size itself: {{mask: [3, 3]}}")
_KNOWN_KEYS = Message("known keys: {draw_keys}")

MAX_ENTRIES = 10_000
"""Entries of one drawn array."""

MAX_IN_ROWS = 50_000
"""Entries of all rows of one draw: boxes, distributions, one-hot rows."""

MAX_GRID = 100_000
"""Points of one grid."""


MAX_RANGE = 1_000_000
"""Whole numbers to draw from, and corners of a box."""


class DrawForm:
    """How one name gets its value: ``{choice: [0, 1], size: 3}`` and the like, or a literal."""

    def read(self, node: Node, reading: Reading) -> Any:
        if type(node) is not MapNode:
            value = _with_shares(node, LITERAL.read(node, reading))
            return BAD if value is BAD else Draw(rule="value", arguments=(value,))
        written: dict[str, Node] = {}
        for key, value in node.entries:
            word = key.value if type(key) is ScalarNode else ""
            if word not in _DRAW_KEYS:
                hint = did_you_mean(word, _DRAW_KEYS) or _KNOWN_KEYS(draw_keys=", ".join(_DRAW_KEYS))
                return reading.problem(key, "unknown-key", _DRAW_NO_KEY(word=quoted(word)), hint)
            if word in written:
                return reading.problem(key, "duplicate-key", _WRITTEN_TWICE_DRAW(word=quoted(word)))
            written[word] = value
        rules = [word for word in written if word in _RULES]
        if len(rules) != 1:
            told = _ONE_RULE_NOT(rules=" and ".join(rules)) if rules else _ONE_RULE_OF(rules=", ".join(_RULES))
            return reading.problem(node, "draw", told)
        rule = rules[0]
        step = written.get("step")
        if step is not None and rule != "distribution":
            return reading.problem(step, "draw", _ONLY_DISTRIBUTION_STEP(), _GRID_LOW_HIGH_STEP_2())
        arguments = _RULES[rule](written[rule], step, reading)
        size = _size(written.get("size"), reading)
        if rule == "mask" and "size" not in written:
            size = _size(written[rule], reading)
        elif rule == "mask":
            return reading.problem(written["size"], "draw", _MASK_GIVES_ITS_SIZE())
        distinct = Flag().read(written["distinct"], reading) if "distinct" in written else False
        if arguments is BAD or size is BAD or distinct is BAD:
            return BAD
        draw = Draw(rule=rule, arguments=arguments, size=size, distinct=distinct)
        trouble = _impossible(draw)
        return reading.problem(node, "draw", trouble) if trouble else draw

    def schema(self) -> JsonSchema:
        pair = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
        triple = {"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3}
        word_or_count = {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string"}]}
        shape = {"anyOf": [word_or_count, {"type": "array", "items": word_or_count}]}
        rules: dict[str, JsonSchema] = {
            "choice": {"type": "array", "minItems": 1, "description": "One of these values."},
            "grid": {**triple, "description": "[low, high, step], ends included."},
            "integers": {**pair, "description": "[low, high], ends included."},
            "box": {**pair, "description": "A box [x0, y0, x1, y1] with whole corners between these bounds."},
            "distribution": {
                "type": "integer",
                "minimum": 2,
                "description": "Probabilities of so many classes, none of them zero.",
            },
            "one_hot": {"type": "integer", "minimum": 2, "description": "A one-hot row of so many classes."},
            "mask": {**shape, "description": "Zeros and ones of this shape, never all alike."},
            "value": {"description": "Always this value."},
        }
        common: JsonSchema = {
            "size": {
                **shape,
                "description": "The shape: a number, a list, or names of whole numbers drawn before.",
            },
            "distinct": {"type": "boolean", "description": "No value occurs twice."},
        }
        forms: list[JsonSchema] = []
        for rule, schema in rules.items():
            properties: JsonSchema = {rule: schema, **common}
            if rule == "distribution":
                properties["step"] = {"type": "number", "exclusiveMinimum": 0}
            if rule == "mask":
                del properties["size"]
            forms.append(
                {
                    "type": "object",
                    "properties": properties,
                    "required": [rule],
                    "additionalProperties": False,
                }
            )
        return {"anyOf": [{"type": ["number", "boolean", "string", "array"]}, *forms]}


_SHARE = re.compile(r"(?P<number>[+-]?\d+(?:\.\d+)?)\s*(?:%|/\s*(?P<below>\d+))")


def _with_shares(node: Node, value: Any) -> Any:
    """A value in which ``1%`` and ``1/3`` are numbers, as learners write them; in quotes they stay texts."""
    if type(node) is ListNode and isinstance(value, list):
        return [_with_shares(item, one) for item, one in zip(node.items, value, strict=True)]
    if type(node) is ScalarNode and not node.style and isinstance(value, str):
        found = _SHARE.fullmatch(value)
        if found and found["below"] is None:
            return float(Fraction(found["number"]) / 100)
        if found and int(found["below"]):
            return float(Fraction(found["number"]) / int(found["below"]))
    return value


def _choice(node: Node, _step: Node | None, reading: Reading) -> Any:
    values = _with_shares(node, LITERAL.read(node, reading))
    if values is BAD:
        return BAD
    if not isinstance(values, list) or not values:
        return reading.problem(node, "draw", _CHOICE_TAKES_LIST_VALUES())
    return tuple(values)


def _grid(node: Node, _step: Node | None, reading: Reading) -> Any:
    numbers = read_numbers(node, reading, _NUMBER_GRID(), 3)
    if numbers is BAD:
        return BAD
    low, high, step = numbers
    if step <= 0 or low > high:
        return reading.problem(node, "draw", _GRID_LOW_HIGH_STEP())
    steps = (high - low) / step
    if not steps < MAX_GRID:
        return reading.problem(node, "draw", _GRID_MOST_POINTS(max_grid=f"{MAX_GRID:,}"))
    if abs(steps - round(steps)) > 1e-6:
        last = low + math.floor(steps + 1e-9) * step
        return reading.problem(
            node,
            "draw",
            _WHOLE_NUMBER_STEPS_ABOVE(high=f"{high:g}", step=f"{step:g}", low=f"{low:g}"),
            _WRITE(last=f"{last:.10g}"),
        )
    return (low, high, step)


def _integers(node: Node, _step: Node | None, reading: Reading) -> Any:
    numbers = read_numbers(node, reading, _WHOLE_NUMBER(), 2)
    if numbers is BAD:
        return BAD
    low, high = numbers
    if not (isinstance(low, int) and isinstance(high, int)) or low > high:
        return reading.problem(node, "draw", _INTEGERS_LOW_HIGH_TAKES())
    if high - low >= MAX_RANGE:
        return reading.problem(node, "draw", _RANGE_MOST_WHOLE_NUMBERS(max_range=f"{MAX_RANGE:,}"))
    return (low, high)


def _box(node: Node, step: Node | None, reading: Reading) -> Any:
    bounds = _integers(node, step, reading)
    if bounds is not BAD and bounds[0] == bounds[1]:
        return reading.problem(node, "draw", _BOX_NEEDS_ROOM_LOW())
    return bounds


def _classes(node: Node, reading: Reading, what: str | Message) -> Any:
    value = read_number(node, reading, what)
    if value is BAD:
        return BAD
    if not isinstance(value, int) or not 2 <= value <= 1000:
        return reading.problem(node, "draw", _WHOLE_NUMBER_FROM(what=what))
    return value


def _distribution(node: Node, step: Node | None, reading: Reading) -> Any:
    classes = _classes(node, reading, _NUMBER_CLASSES())
    width: Any = 0.05 if step is None else read_number(step, reading, _STEP())
    if classes is BAD or width is BAD:
        return BAD
    parts = 1 / width if width > 0 else 0
    if parts < 1 or abs(parts - round(parts)) > 1e-6 or parts > MAX_GRID:
        return reading.problem(step or node, "draw", _WHOLE_NUMBER_STEPS(width=f"{width:g}"))
    if round(parts) < classes:
        return reading.problem(
            step or node,
            "draw",
            _CLASSES_LEAST_EACH_ARE(classes=classes, width=f"{width:g}"),
            _MAKE_STEP_SMALLER(),
        )
    return (classes, width)


def _one_hot(node: Node, _step: Node | None, reading: Reading) -> Any:
    classes = _classes(node, reading, _NUMBER_CLASSES())
    return BAD if classes is BAD else (classes,)


def _mask(_node: Node, _step: Node | None, _reading: Reading) -> Any:
    return ()


def _value(node: Node, _step: Node | None, reading: Reading) -> Any:
    value = LITERAL.read(node, reading)
    return BAD if value is BAD else (value,)


_RULES: dict[str, Callable[[Node, Node | None, Reading], Any]] = {
    "choice": _choice,
    "grid": _grid,
    "integers": _integers,
    "box": _box,
    "distribution": _distribution,
    "one_hot": _one_hot,
    "mask": _mask,
    "value": _value,
}
_DRAW_KEYS = (*_RULES, "size", "distinct", "step")


def _size(node: Node | None, reading: Reading) -> Any:
    """A shape: a count, a name, or a list of them."""
    if node is None:
        return ()
    entries: list[int | str] = []
    for item in node.items if type(node) is ListNode else [node]:
        if type(item) is ScalarNode and not item.style and item.value.isidentifier():
            entries.append(item.value)
            continue
        count = read_number(item, reading, _SIZE())
        if count is BAD:
            return BAD
        if not isinstance(count, int) or not 1 <= count <= MAX_ENTRIES:
            return reading.problem(item, "draw", _SIZE_WHOLE_NUMBER_FROM(max_entries=f"{MAX_ENTRIES:,}"))
        entries.append(count)
    if not entries:
        return reading.problem(node, "draw", _SIZE_EMPTY())
    if len(entries) > 3 or math.prod(entry for entry in entries if isinstance(entry, int)) > MAX_ENTRIES:
        return reading.problem(node, "draw", _DRAWN_ARRAY_MOST_DIMENSIONS(max_entries=f"{MAX_ENTRIES:,}"))
    return tuple(entries)


def _impossible(draw: Draw) -> str:
    """Why no value can be drawn, or an empty text."""
    if any(isinstance(entry, str) for entry in draw.size):
        return ""
    count = math.prod(entry for entry in draw.size if isinstance(entry, int))
    if draw.rule == "mask" and count < 2:
        return _MASK_NEEDS_LEAST_TWO()
    numbers: Any = draw.arguments
    width = 4 if draw.rule == "box" else numbers[0] if draw.rule in ("one_hot", "distribution") else 1
    if count * width > MAX_IN_ROWS:
        return _ROWS_ARE_MORE_THAN(count=f"{count:,}", width=width, max_in_rows=f"{MAX_IN_ROWS:,}")
    if draw.distinct:
        available = _available(draw)
        if available is not None and available < count:
            return _DISTINCT_VALUES_CANNOT_DRAWN(count=count, available=available)
    return ""


def _available(draw: Draw) -> int | None:
    """How many different values one draw can give, where that is easily told."""
    numbers: Any = draw.arguments
    if draw.rule == "choice":
        return len(numbers)
    if draw.rule == "grid":
        steps: int = round((numbers[1] - numbers[0]) / numbers[2])
        return steps + 1
    if draw.rule == "integers":
        return int(numbers[1] - numbers[0] + 1)
    if draw.rule == "box":
        return math.comb(int(numbers[1] - numbers[0]) + 1, 2) ** 2
    if draw.rule == "distribution":
        return math.comb(round(1 / numbers[1]) - 1, numbers[0] - 1)
    return int(numbers[0]) if draw.rule == "one_hot" else None
