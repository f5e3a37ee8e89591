"""YAML text to nodes, one at a time, with everything refused that could surprise or hurt.

The parser is libyaml's, read event by event: a deck of any length costs the memory of one card, and the cards
before a syntax error are already there when it comes. Tags (``!!python/…``), merge keys, several documents in
a file, deep nesting and aliases that multiply are refused; nothing is ever constructed but strings, lists and
mappings.
"""

from __future__ import annotations

from typing import Any

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from studyapp.forms.node import ListNode, MapNode, Node, ScalarNode
from studyapp.locale.message import Message

from .yaml_trouble import YamlTrouble, explain, is_depth_limit

_YAML_TAG_ALLOWED = Message("the YAML tag {tag} is not allowed")
_TEXT_BEGINS_MUST_QUOTES = Message("a text that begins with ! must be in quotes")
_MORE_THAN_VALUES_ONE = Message("more than {max_nodes} values in one card, aliases counted as often as they are used")
_TAG_DIRECTIVES_ARE_ALLOWED = Message("%TAG directives are not allowed in decks")
_DELETE_LINE = Message("delete that line")
_SECOND_DOCUMENT_BEGINS_HERE = Message("a second document begins here (---)")
_ONE_FILE_HOLDS_ONE = Message("one file holds one deck")
_FILE_ENDS_MIDDLE_SOMETHING = Message("the file ends in the middle of something")
_MORE_THAN_LEVELS_NESTING = Message("more than {max_depth} levels of nesting")
_REFERS_NOTHING = Message("*{name} refers to nothing")
_TEXT_BEGINS_MUST_QUOTES_2 = Message("a text that begins with * must be in quotes")
_STANDS_INSIDE_VALUE_NAMES = Message("*{name} stands inside the value that it names")
_SOMETHING_ELSE_THAN_VALUE = Message("something else than a value stands here")

MAX_DEPTH = 32
"""Deeper nesting than any card needs."""

MAX_NODES = 20_000
"""Values in one card, with every alias counted as often as it is used."""


class YamlEvents:
    """Walks over one YAML document and builds nodes on demand. All methods raise YamlTrouble.

    ``line_offset`` is added to every line, for texts that are part of a larger file. ``anchors`` may be
    shared by several such texts: name → node and its number of values, or None while the node is being read.
    """

    def __init__(
        self, text: str, line_offset: int = 0, anchors: dict[str, tuple[Node, int] | None] | None = None
    ) -> None:
        self._text = text
        self._parser = CParser(text.encode("utf-8"))
        self._line_offset = line_offset
        self._events_read = 0
        self.anchors = {} if anchors is None else anchors
        self._count = 0
        self._limit = MAX_NODES

    def start(self) -> Any:
        """The first event of the document's content, or None for an empty file."""
        self.next(StreamStartEvent)
        event = self.next()
        if type(event) is StreamEndEvent:
            return None
        if event.tags:
            raise self.trouble(event, "yaml", _TAG_DIRECTIVES_ARE_ALLOWED(), _DELETE_LINE())
        return self.next()

    def finish(self) -> None:
        """Reads the end of the document and makes sure that nothing follows it."""
        self.next(DocumentEndEvent)
        event = self.next()
        if type(event) is DocumentStartEvent:
            raise self.trouble(event, "several-documents", _SECOND_DOCUMENT_BEGINS_HERE(), _ONE_FILE_HOLDS_ONE())

    def next(self, expected: type | None = None) -> Any:
        """The next event of the parser."""
        try:
            event = self._parser.get_event()
        except yaml.YAMLError as error:
            if is_depth_limit(error):
                event = self._before_depth_limit(error)
            else:
                raise explain(error, self._text, self._line_offset) from None
        self._events_read += 1
        if expected is not None and type(event) is not expected:
            raise self.trouble(event, "yaml", _FILE_ENDS_MIDDLE_SOMETHING())
        return event

    def _before_depth_limit(self, error: yaml.YAMLError) -> Any:
        """The next event, read again from the text up to where libyaml's own limit of depth stopped it.

        Its scanner looks ahead and can stop long before the events have reached MAX_DEPTH. What stands before that
        place is deep enough for `node` to refuse it itself, so that the same text is refused alike with every libyaml.
        """
        self._parser = CParser(self._text[: error.problem_mark.index].encode("utf-8"))  # type: ignore[attr-defined]
        for _ in range(self._events_read):
            self._parser.get_event()
        return self._parser.get_event()

    def begin_value(self) -> None:
        """Starts a new count of values, so that each card has the whole limit."""
        self._limit = self._count + MAX_NODES

    def line(self, event: Any) -> int:
        """The line of an event, from 1."""
        return int(event.start_mark.line) + 1 + self._line_offset

    def node(self, event: Any, depth: int = 0) -> Node:
        """The node that begins with ``event``; reads up to its end."""
        kind = type(event)
        mark = event.start_mark
        line = mark.line + 1 + self._line_offset
        column = mark.column + 1
        self._count += 1
        if self._count > self._limit:
            raise self._too_many(event)
        if kind is ScalarEvent:
            if event.tag is not None:
                self._refuse_tag(event)
            scalar = ScalarNode(event.value, event.style or "", line, column)
            if event.anchor is not None:
                self.anchors[event.anchor] = (scalar, 1)
            return scalar
        if kind is AliasEvent:
            return self._alias(event)
        if depth >= MAX_DEPTH:
            raise self.trouble(event, "too-deep", _MORE_THAN_LEVELS_NESTING(max_depth=MAX_DEPTH))
        if event.tag is not None:
            self._refuse_tag(event)
        count_before = self._count
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        node: Node
        if kind is SequenceStartEvent:
            items: list[Node] = []
            while type(event_inside := self.next()) is not SequenceEndEvent:
                items.append(self.node(event_inside, depth + 1))
            node = ListNode(items, line, column)
        elif kind is MappingStartEvent:
            entries: list[tuple[Node, Node]] = []
            while type(event_inside := self.next()) is not MappingEndEvent:
                key = self.node(event_inside, depth + 1)
                entries.append((key, self.node(self.next(), depth + 1)))
            node = MapNode(entries, line, column)
        else:
            raise self.trouble(event, "yaml", _SOMETHING_ELSE_THAN_VALUE())
        if event.anchor is not None:
            self.anchors[event.anchor] = (node, self._count - count_before + 1)
        return node

    def trouble(self, event: Any, code: str, message: str, hint: str = "") -> YamlTrouble:
        """A problem at the place of an event."""
        mark = event.start_mark
        return YamlTrouble(mark.line + 1 + self._line_offset, mark.column + 1, code, message, hint)

    def _alias(self, event: Any) -> Node:
        name = event.anchor
        if name not in self.anchors:
            raise self.trouble(
                event,
                "unknown-alias",
                _REFERS_NOTHING(name=name),
                _TEXT_BEGINS_MUST_QUOTES_2(),
            )
        target = self.anchors[name]
        if target is None:
            raise self.trouble(event, "recursive-alias", _STANDS_INSIDE_VALUE_NAMES(name=name))
        node, size = target
        self._count += size
        if self._count > self._limit:
            raise self._too_many(event)
        return node

    def _refuse_tag(self, event: Any) -> None:
        if event.tag == "!":
            return
        tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
        raise self.trouble(
            event,
            "tag",
            _YAML_TAG_ALLOWED(tag=tag[:60]),
            _TEXT_BEGINS_MUST_QUOTES(),
        )

    def _too_many(self, event: Any) -> YamlTrouble:
        return self.trouble(
            event,
            "too-many-values",
            _MORE_THAN_VALUES_ONE(max_nodes=f"{MAX_NODES:,}"),
        )
