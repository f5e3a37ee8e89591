"""What is said of a field of a card, once, in its annotation.

From it follow how the field is read, its JSON Schema with its note, what a translation may say, what search looks
through and what a learner sees. It holds plain values only, since every start imports the kinds of card.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from studyapp.locale.message import Message


class Field(Struct, frozen=True):
    """The metadata of one field: ``options: Annotated[tuple[Option, ...], Field("The options.", least=2)]``.

    The type gives the form: texts, numbers, flags, lists (tuples), mappings (dicts) and structs. Values of the struct
    ``Value`` are any literal.
    """

    note: str = ""
    """What authors are told of it in editors."""

    text: str = "prose"
    """For texts, and lists and mappings of them: ``prose`` (seen by the learner, may hold maths), ``line``,
    ``expression``, ``card id``, ``id``, ``name``, ``tag``, ``literal`` (any value, as JSON), or ``plain`` (called
    ``what``)."""

    what: str | Message = ""
    """What it is called in messages, where the field's name does not say it."""

    written: str = ""
    """The key in decks, where it is a word that Python keeps for itself (``as``)."""

    least: int = 0
    """The least entries of a list or mapping, or the least value of a number."""

    most: int = 1000
    """The most entries of a list, or the greatest value of a number."""

    longest: int = 20_000
    """The most characters of a plain text."""

    key: str = "name"
    """The text that is a key of a mapping."""

    seen: bool = False
    """Whether the learner reads it: then translations may say it in their words, and its maths is checked."""

    searched: bool = False
    """Whether search looks through it."""


def prose(note: str = "", *, seen: bool = True, searched: bool = True, **more: Any) -> Field:
    """A text for the learner, or a list of texts or structs that hold such."""
    return Field(note, seen=seen, searched=searched, **more)


def expression(note: str = "", **more: Any) -> Field:
    """A formula for the safe evaluator."""
    return Field(note, "expression", **more)
