"""A problem found in a deck file, and the nearest name for a word that was probably misspelt."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from msgspec import Struct

from studyapp.locale.message import Message
from studyapp.nearest import nearest

_WITH_HINT = Message("{message} ({hint})")
_DID_YOU_MEAN = Message("did you mean '{name}'?")

Severity = Literal["error", "warning"]


class Problem(Struct, frozen=True):
    """One thing that is wrong with a deck file, at a place that an editor can jump to.

    ``line`` and ``column`` count from 1. ``code`` is a short stable word for the sort of problem
    (``unknown-key``); ``hint`` says what to do about it. An ``error`` costs the card (or the deck, where the
    file as a whole cannot be read); a ``warning`` costs nothing.
    """

    path: Path
    line: int
    column: int
    code: str
    message: str
    severity: Severity = "error"
    card_id: str | None = None
    hint: str = ""

    def __str__(self) -> str:
        """``file:line:col: code: message``, with the hint in brackets behind it."""
        said = with_hint(self.message, self.hint)
        return f"{self.path}:{self.line}:{self.column}: {self.code}: {said}"

    @property
    def position(self) -> tuple[str, int, int]:
        """A key that sorts problems as a reader of the files meets them."""
        return (str(self.path), self.line, self.column)


def with_hint(message: str, hint: str) -> str:
    """The message with what to do about it in brackets."""
    return _WITH_HINT(message=message, hint=hint) if hint else message


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """The hint ``did you mean 'x'?``, or an empty text where no name is near."""
    name = nearest(word, names)
    return _DID_YOU_MEAN(name=name) if name else ""


def quoted(text: str, limit: int = 40) -> str:
    """``text`` for use inside a message: in quotes, on one line, control characters escaped, cut at
    ``limit``."""
    shown = text if len(text) <= limit else text[: limit - 1] + "…"
    escaped = "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in shown
    )
    return f"'{escaped}'"
