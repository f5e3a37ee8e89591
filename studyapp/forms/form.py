"""Forms: what may stand at a place of a deck file, how it is read, and how JSON Schema says the same.

``read`` turns a node into a plain value. It reports every problem that it finds and then returns ``BAD`` in
place of a value, so that one run finds all the problems of a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import fields as struct_fields

from studyapp.forms.node import ListNode, MapNode, Node, ScalarNode, describe
from studyapp.forms.problem import did_you_mean, quoted
from studyapp.forms.prose import prose_problems
from studyapp.forms.reading import BAD, Bad, Form, JsonSchema, Reading, read_number
from studyapp.forms.scalar import number
from studyapp.locale.message import Message
from studyapp.nearest import nearest

_WRITE = Message("write {simple}")
_MOST = Message("at most {high}")
_LEAST = Message("at least {low}")
_FROM = Message("from {low} to {high}")
_LEAST_2 = Message("at least {least}")
_MOST_2 = Message("at most {most}")

_KEY_SINGLE_WORD = Message("a key is a single word, not {found}")
_PUT_TEXT_BEGINS_QUOTES = Message("put a text that begins with {{ or [ in quotes")
_EXPECTED = Message("{what} was expected, not {found}")
_EXPECTED_BUT_NOTHING_STANDS = Message("{what} was expected, but nothing stands here")
_CHARACTERS_ARE_ALLOWED = Message("{what} has {count} characters; {longest} are allowed")
_VALUE_IS_NOT = Message("{value} is not {what}")
_A_TEXT, _AN_EXPRESSION, _A_LIST = Message("a text"), Message("an expression"), Message("a list")
_EMPTY = Message("{what} is empty")
_EXPECTED_LIST = Message("{what} was expected, not a list")
_PUT_QUOTES_B = Message('put it in quotes: "[a, b]"')
_ONE = Message("one of {words}")
_TRUE_FALSE_EXPECTED = Message("true or false was expected, not {written}")
_WHOLE_NUMBER = Message("{what} is a whole number, not {value}")
_MUST = Message("{what} must be {range}, not {value}")
_ENTRIES = Message("{what} has {bound} entries, not {count}")
_WRITE_LIST_X = Message("write it as a list: [x]")
_WRITTEN_TWICE = Message("{key} is written twice")
_KEY_IS_NOT = Message("{key} is not {what}")
_WRITTEN_TWICE_2 = Message("{key} is written twice in {what}")
_NEEDS_KEY = Message("{what} needs the key '{key}'")
_NO_KEY = Message("{what} has no key {key}")
_DID_YOU_MEAN = Message("did you mean '{meant}'?")
_MERGE_KEYS_ARE_ALLOWED = Message("merge keys are not allowed in decks: write the keys out")
_PUT_TEXT_CONTAINS_COMMA = Message("put a text that contains a comma in quotes when it stands inside {{ }}")
_KNOWN_KEYS = Message("known keys: {known}")


class Text:
    """A text. ``prose`` is shown to the learner and may hold maths; ``pattern`` limits other texts, such as
    ids."""

    def __init__(
        self,
        what: str | Message = _A_TEXT,
        *,
        prose: bool = False,
        pattern: str = "",
        longest: int = 20_000,
        may_be_empty: bool = False,
        ascii_only: bool = True,
    ) -> None:
        self.what = what
        self.prose = prose
        self.pattern = re.compile(pattern) if pattern else None
        self.longest = longest
        self.may_be_empty = may_be_empty
        self.ascii_only = ascii_only

    def fits(self, value: str) -> bool:
        """Whether ``value`` has the spelling that is asked for."""
        return len(value) <= self.longest and (self.pattern is None or bool(self.pattern.fullmatch(value)))

    def read(self, node: Node, reading: Reading) -> Any:
        if type(node) is not ScalarNode:
            hint = _PUT_TEXT_BEGINS_QUOTES() if self.pattern is None else ""
            return reading.problem(node, "type", _EXPECTED(what=self.what, found=describe(node)), hint)
        value = node.value
        if not node.style and value in ("", "~"):
            if not value and self.may_be_empty:
                return ""
            return reading.problem(node, "empty", _EXPECTED_BUT_NOTHING_STANDS(what=self.what))
        if node.style:
            value = value.rstrip()
        if not value.strip():
            return "" if self.may_be_empty else reading.problem(node, "empty", _EMPTY(what=self.what))
        if len(value) > self.longest:
            return reading.problem(
                node,
                "too-long",
                _CHARACTERS_ARE_ALLOWED(what=self.what, count=f"{len(value):,}", longest=f"{self.longest:,}"),
            )
        if self.pattern is not None and not self.pattern.fullmatch(value):
            return reading.problem(
                node, "spelling", _VALUE_IS_NOT(value=quoted(value), what=self.what), self._spelling_hint(value)
            )
        if (self.prose and "$" in value) or not value.isprintable():
            for code, message, hint in prose_problems(value, node.style, self.prose):
                reading.problem(node, code, message, hint, "warning")
        return value

    def _spelling_hint(self, value: str) -> str:
        assert self.pattern is not None
        simple = re.sub(r"[^a-z0-9._-]+", "-", value.lower()).strip("-._")[:80]
        return _WRITE(simple=simple) if simple and self.pattern.fullmatch(simple) else ""

    def schema(self) -> JsonSchema:
        # A plain scalar that YAML takes for something else, such as 12 or no, is a text where a text is wanted.
        schema: JsonSchema = {"type": ["string", "number", "boolean"]}
        if not self.may_be_empty:
            schema["minLength"] = 1
        if self.pattern is not None and self.ascii_only:
            # \w means ASCII letters to JSON Schema; such patterns are left to the reader.
            schema["pattern"] = f"^(?:{self.pattern.pattern})$"
        return schema


class Expression:
    """A formula for the safe evaluator, as text; a plain decimal number is one too."""

    def __init__(self, what: str | Message = _AN_EXPRESSION, longest: int = 2000) -> None:
        self.what = what
        self.longest = longest
        self._text = Text(what, longest=longest)

    def read(self, node: Node, reading: Reading) -> Any:
        if type(node) is ScalarNode and not node.style and number(node.value) is not None:
            return node.value
        if type(node) is ListNode:
            return reading.problem(node, "type", _EXPECTED_LIST(what=self.what), _PUT_QUOTES_B())
        return self._text.read(node, reading)

    def schema(self) -> JsonSchema:
        return {"type": ["string", "number"], "minLength": 1, "maxLength": self.longest}


def _in_english(what: str | Message) -> str:
    return what.text if isinstance(what, Message) else what


class Choice:
    """One of a few words."""

    def __init__(self, what: str | Message, words: Collection[str]) -> None:
        self.what = what
        self.words = words

    def read(self, node: Node, reading: Reading) -> Any:
        if type(node) is not ScalarNode:
            return reading.problem(node, "type", _EXPECTED(what=self.what, found=describe(node)))
        if node.value not in self.words:
            return reading.problem(
                node,
                f"unknown-{_in_english(self.what).split()[-1]}",
                _VALUE_IS_NOT(value=quoted(node.value), what=self.what),
                did_you_mean(node.value, self.words) or _ONE(words=", ".join(self.words)),
            )
        return node.value

    def schema(self) -> JsonSchema:
        return {"enum": list(self.words)}


class Flag:
    """``true`` or ``false``, and none of YAML's other spellings."""

    def read(self, node: Node, reading: Reading) -> Any:
        if type(node) is ScalarNode and not node.style and node.value in ("true", "false"):
            return node.value == "true"
        written = quoted(node.value) if type(node) is ScalarNode else describe(node)
        return reading.problem(node, "type", _TRUE_FALSE_EXPECTED(written=written))

    def schema(self) -> JsonSchema:
        return {"type": "boolean"}


class Number:
    """A decimal number between ``low`` and ``high``, ends included; an integer where ``integer``."""

    def __init__(
        self, what: str | Message, low: float | None = None, high: float | None = None, integer: bool = False
    ) -> None:
        self.what = what
        self.low = low
        self.high = high
        self.integer = integer

    def read(self, node: Node, reading: Reading) -> Any:
        value = read_number(node, reading, self.what)
        if isinstance(value, Bad):
            return BAD
        if self.integer and not isinstance(value, int):
            return reading.problem(node, "type", _WHOLE_NUMBER(what=self.what, value=f"{value:g}"))
        if (self.low is not None and value < self.low) or (self.high is not None and value > self.high):
            return reading.problem(node, "range", _MUST(what=self.what, range=self._range(), value=f"{value:g}"))
        return value if self.integer else float(value)

    def _range(self) -> str:
        if self.low is None:
            return _MOST(high=f"{self.high:g}")
        return _LEAST(low=f"{self.low:g}") if self.high is None else _FROM(low=f"{self.low:g}", high=f"{self.high:g}")

    def schema(self) -> JsonSchema:
        schema: JsonSchema = {"type": "integer" if self.integer else "number"}
        if self.low is not None:
            schema["minimum"] = self.low
        if self.high is not None:
            schema["maximum"] = self.high
        return schema


class ListOf:
    """A list of at least ``least`` and at most ``most`` values of one form, as a tuple."""

    def __init__(self, inner: Form, what: str | Message = _A_LIST, *, least: int = 0, most: int = 1000) -> None:
        self.inner = inner
        self.what = what
        self.least = least
        self.most = most

    def read(self, node: Node, reading: Reading) -> Any:
        if type(node) is not ListNode:
            hint = _WRITE_LIST_X() if type(node) is ScalarNode and node.value else ""
            return reading.problem(node, "type", _EXPECTED(what=self.what, found=describe(node)), hint)
        items = node.items
        if not self.least <= len(items) <= self.most:
            bound = _LEAST_2(least=self.least) if len(items) < self.least else _MOST_2(most=self.most)
            return reading.problem(node, "length", _ENTRIES(what=self.what, bound=bound, count=len(items)))
        read = self.inner.read
        values = tuple([read(item, reading) for item in items])
        return BAD if BAD in values else values

    def schema(self) -> JsonSchema:
        schema: JsonSchema = {"type": "array", "items": self.inner.schema()}
        if self.least:
            schema["minItems"] = self.least
        return schema


class MapOf:
    """A mapping with keys of the author's choice (``pattern``) and values of one form."""

    def __init__(self, inner: Form, what: str | Message, key: Text, *, least: int = 0) -> None:
        self.inner = inner
        self.what = what
        self.key = key
        self.least = least

    def read(self, node: Node, reading: Reading) -> Any:
        if type(node) is not MapNode:
            return reading.problem(node, "type", _EXPECTED(what=self.what, found=describe(node)))
        values: dict[str, Any] = {}
        good = True
        for key_node, value_node in node.entries:
            key = _key(key_node, reading)
            if key is None or (self.key.pattern and not self.key.pattern.fullmatch(key)):
                if key is not None:
                    reading.problem(key_node, "spelling", _KEY_IS_NOT(key=quoted(key), what=self.key.what))
                good = False
                continue
            if key in values:
                reading.problem(key_node, "duplicate-key", _WRITTEN_TWICE(key=quoted(key)))
                good = False
                continue
            values[key] = self.inner.read(value_node, reading)
            good = good and values[key] is not BAD
        if len(values) < self.least:
            return reading.problem(node, "empty", _EMPTY(what=self.what))
        return values if good else BAD

    def schema(self) -> JsonSchema:
        schema: JsonSchema = {"type": "object", "additionalProperties": self.inner.schema()}
        if self.key.pattern is not None:
            schema["propertyNames"] = {"pattern": f"^(?:{self.key.pattern.pattern})$"}
        if self.least:
            schema["minProperties"] = self.least
        return schema


class Record:
    """A mapping with known keys, read into ``make(**values)``. Keys with a default may be left out."""

    def __init__(
        self,
        what: str | Message,
        make: Callable[..., Any],
        fields: Mapping[str, Form],
        required: Iterable[str],
        notes: Mapping[str, str] | None = None,
        ignored: Iterable[str] = (),
    ) -> None:
        self.what = what
        self.make = make
        self.fields = dict(fields)
        self.required = tuple(required)
        self.notes = dict(notes or {})
        self.ignored = frozenset(ignored)

    def read(self, node: Node, reading: Reading) -> Any:
        if type(node) is not MapNode:
            return reading.problem(node, "type", _EXPECTED(what=self.what, found=describe(node)))
        fields = self.fields
        values: dict[str, Any] = {}
        meant: set[str | None] = set()
        good = True
        for key_node, value_node in node.entries:
            key = _key(key_node, reading)
            if key is None:
                good = False
                continue
            form = fields.get(key)
            if key in values:
                reading.problem(key_node, "duplicate-key", _WRITTEN_TWICE_2(key=quoted(key), what=self.what))
                good = False
            elif form is not None:
                value = values[key] = form.read(value_node, reading)
                good = good and value is not BAD
            elif key not in self.ignored:
                good = False
                meant.add(self._unknown(key_node, key, value_node, reading))
        for key in self.required:
            if key not in values and key not in meant:
                good = False
                reading.problem(node, "missing-key", _NEEDS_KEY(what=self.what, key=key))
        return self.make(**values) if good else BAD

    def _unknown(self, node: Node, key: str, value: Node, reading: Reading) -> str | None:
        """Reports a key that there is not; returns the one that was probably meant."""
        known = [name for name in self.fields if name not in self.ignored]
        meant = nearest(key, known)
        if meant is not None:
            hint = _DID_YOU_MEAN(meant=meant)
        elif key == "<<":
            hint = _MERGE_KEYS_ARE_ALLOWED()
        elif type(value) is ScalarNode and not value.value and not value.style:
            hint = _PUT_TEXT_CONTAINS_COMMA()
        else:
            hint = _KNOWN_KEYS(known=", ".join(known))
        reading.problem(node, "unknown-key", _NO_KEY(what=self.what, key=quoted(key)), hint)
        return meant

    def schema(self) -> JsonSchema:
        properties: JsonSchema = {}
        for name, form in self.fields.items():
            properties[name] = form.schema()
            if name in self.notes:
                properties[name]["description"] = self.notes[name]
        return {
            "type": "object",
            "properties": properties,
            "required": list(self.required),
            "additionalProperties": False,
        }


def record(
    what: str | Message,
    struct: type[Struct],
    fields: Mapping[str, Form],
    names: Mapping[str, str] | None = None,
    **more: Any,
) -> Record:
    """A record whose required keys are those fields of ``struct`` that have no default; ``names`` are the fields of
    those keys that are called otherwise."""
    key_of = {name: key for key, name in (names or {}).items()}
    required = [key_of.get(field.name, field.name) for field in struct_fields(struct) if field.required]
    if not names:
        return Record(what, struct, fields, required, **more)

    def make(**values: Any) -> Struct:
        return struct(**{names.get(key, key): value for key, value in values.items()})

    return Record(what, make, fields, required, **more)


def _key(node: Node, reading: Reading) -> str | None:
    if type(node) is ScalarNode:
        return node.value
    hint = _PUT_TEXT_BEGINS_QUOTES()
    reading.problem(node, "key", _KEY_SINGLE_WORD(found=describe(node)), hint)
    return None
