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
                hint = did_you_mean(word, _DRAW_KEYS) or f"known keys: {', '.join(_DRAW_KEYS)}"
                return reading.problem(key, "unknown-key", f"a draw has no key {quoted(word)}", hint)
            if word in written:
                return reading.problem(key, "duplicate-key", f"{quoted(word)} is written twice in this draw")
            written[word] = value
        rules = [word for word in written if word in _RULES]
        if len(rules) != 1:
            found = f"not {' and '.join(rules)}" if rules else "one of " + ", ".join(_RULES)
            return reading.problem(node, "draw", f"a draw has exactly one rule, {found}")
        rule = rules[0]
        step = written.get("step")
        if step is not None and rule != "distribution":
            return reading.problem(step, "draw", "only a distribution has a step", "grid: [low, high, step]")
        arguments = _RULES[rule](written[rule], step, reading)
        size = _size(written.get("size"), reading)
        if rule == "mask" and "size" not in written:
            size = _size(written[rule], reading)
        elif rule == "mask":
            return reading.problem(written["size"], "draw", "a mask gives its size itself: {mask: [3, 3]}")
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
        return reading.problem(node, "draw", "choice takes a list of values: {choice: [0, 1]}")
    return tuple(values)


def _grid(node: Node, _step: Node | None, reading: Reading) -> Any:
    numbers = read_numbers(node, reading, "a number of the grid", 3)
    if numbers is BAD:
        return BAD
    low, high, step = numbers
    if step <= 0 or low > high:
        return reading.problem(node, "draw", "grid: [low, high, step] needs low ≤ high and step > 0")
    steps = (high - low) / step
    if not steps < MAX_GRID:
        return reading.problem(node, "draw", f"a grid has at most {MAX_GRID:,} points")
    if abs(steps - round(steps)) > 1e-6:
        last = low + math.floor(steps + 1e-9) * step
        return reading.problem(
            node,
            "draw",
            f"{high:g} is not a whole number of steps of {step:g} above {low:g}",
            f"write {last:.10g}",
        )
    return (low, high, step)


def _integers(node: Node, _step: Node | None, reading: Reading) -> Any:
    numbers = read_numbers(node, reading, "a whole number", 2)
    if numbers is BAD:
        return BAD
    low, high = numbers
    if not (isinstance(low, int) and isinstance(high, int)) or low > high:
        return reading.problem(node, "draw", "integers: [low, high] takes whole numbers, low ≤ high")
    if high - low >= MAX_RANGE:
        return reading.problem(node, "draw", f"a range has at most {MAX_RANGE:,} whole numbers")
    return (low, high)


def _box(node: Node, step: Node | None, reading: Reading) -> Any:
    bounds = _integers(node, step, reading)
    if bounds is not BAD and bounds[0] == bounds[1]:
        return reading.problem(node, "draw", "a box needs room: low < high")
    return bounds


def _classes(node: Node, reading: Reading, what: str) -> Any:
    value = read_number(node, reading, what)
    if value is BAD:
        return BAD
    if not isinstance(value, int) or not 2 <= value <= 1000:
        return reading.problem(node, "draw", f"{what} is a whole number from 2 to 1000")
    return value


def _distribution(node: Node, step: Node | None, reading: Reading) -> Any:
    classes = _classes(node, reading, "the number of classes")
    width: Any = 0.05 if step is None else read_number(step, reading, "the step")
    if classes is BAD or width is BAD:
        return BAD
    parts = 1 / width if width > 0 else 0
    if parts < 1 or abs(parts - round(parts)) > 1e-6 or parts > MAX_GRID:
        return reading.problem(step or node, "draw", f"1 is not a whole number of steps of {width:g}")
    if round(parts) < classes:
        return reading.problem(
            step or node,
            "draw",
            f"{classes} classes with at least {width:g} each are more than 1",
            "make the step smaller",
        )
    return (classes, width)


def _one_hot(node: Node, _step: Node | None, reading: Reading) -> Any:
    classes = _classes(node, reading, "the number of classes")
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
        count = read_number(item, reading, "a size")
        if count is BAD:
            return BAD
        if not isinstance(count, int) or not 1 <= count <= MAX_ENTRIES:
            return reading.problem(item, "draw", f"a size is a whole number from 1 to {MAX_ENTRIES:,}")
        entries.append(count)
    if not entries:
        return reading.problem(node, "draw", "a size is not empty")
    if len(entries) > 3 or math.prod(entry for entry in entries if isinstance(entry, int)) > MAX_ENTRIES:
        return reading.problem(node, "draw", f"a drawn array has at most 3 dimensions and {MAX_ENTRIES:,} entries")
    return tuple(entries)


def _impossible(draw: Draw) -> str:
    """Why no value can be drawn, or an empty text."""
    if any(isinstance(entry, str) for entry in draw.size):
        return ""
    count = math.prod(entry for entry in draw.size if isinstance(entry, int))
    if draw.rule == "mask" and count < 2:
        return "a mask needs at least two entries: it is neither all zero nor all one"
    numbers: Any = draw.arguments
    width = 4 if draw.rule == "box" else numbers[0] if draw.rule in ("one_hot", "distribution") else 1
    if count * width > MAX_IN_ROWS:
        return f"{count:,} rows of {width} are more than {MAX_IN_ROWS:,} entries"
    if draw.distinct:
        available = _available(draw)
        if available is not None and available < count:
            return f"{count} distinct values cannot be drawn from {available}"
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
