"""Reading one file: the problems found on the way, and what every form has in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Protocol

from studyapp.forms.node import Node, ScalarNode, describe
from studyapp.forms.problem import Problem, Severity, quoted
from studyapp.forms.scalar import number, plainly
from studyapp.locale.message import Message

_EXPECTED = Message("{what} was expected, not {found}")
_EXPECTED_2 = Message("{what} was expected, not {value}")
_TOO_LARGE_NUMBER = Message("{value} is too large for a number")
_TAKE_QUOTES_AWAY = Message("take the quotes away")

JsonSchema = dict[str, Any]


class Bad:
    """The value of what could not be read; its problems are reported already."""

    def __repr__(self) -> str:
        return "BAD"


BAD: Final = Bad()


class Reading:
    """The problems of one file, collected while it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.card_id: str | None = None

    def problem(
        self, node: Node, code: str, message: str, hint: str = "", severity: Severity = "error", at: int = 0
    ) -> Bad:
        """Reports a problem at ``node``, ``at`` characters into its text; returns BAD for convenience."""
        column = node.column
        if at and type(node) is ScalarNode and node.style not in ("|", ">") and "\n" not in node.value:
            column += at + len(node.style)
        self.problems.append(Problem(self.path, node.line, column, code, message, severity, self.card_id, hint))
        return BAD


class Form(Protocol):
    """What may stand at one place."""

    def read(self, node: Node, reading: Reading) -> Any:
        """The value of ``node``, or BAD once the problem is reported."""

    def schema(self) -> JsonSchema:
        """The same in JSON Schema."""


def read_number(node: Node, reading: Reading, what: str | Message) -> int | float | Bad:
    """A decimal number; every other spelling is a problem that says how to write it."""
    if type(node) is not ScalarNode:
        return reading.problem(node, "type", _EXPECTED(what=what, found=describe(node)))
    value = None if node.style else number(node.value)
    if value is None:
        quotes_only = node.style and number(node.value) is not None
        hint = _TAKE_QUOTES_AWAY() if quotes_only else plainly(node.value)
        return reading.problem(node, "number", _EXPECTED_2(what=what, value=quoted(node.value)), hint)
    if value in (float("inf"), float("-inf")):
        return reading.problem(node, "number", _TOO_LARGE_NUMBER(value=quoted(node.value)))
    return value
