"""When, and on which device, each field of a deck's choices was decided: of two decisions the later one stands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from .choices import NO_CHOICE, DeckChoice

LATEST = 8_000_000_000_000
"""Milliseconds since 1970 that a decision can bear."""

_MOST_DECKS = 10_000
_FIELDS = DeckChoice.__struct_fields__


class Decision(Struct, frozen=True):
    """One field as it was decided at ``at`` (milliseconds since 1970) on a device, whose name is empty for this one."""

    value: Any
    at: int
    device: str


Decisions: TypeAlias = dict[str, dict[str, Decision]]
"""By deck and field."""

Stamps: TypeAlias = dict[str, dict[str, tuple[int, str]]]
"""The moment and the device alone."""


def read_stamps(data: Any) -> Stamps:
    """The stamps from what JSON holds of them; what cannot be one is passed over: the choices do not hang on them."""
    stamps: Stamps = {}
    for deck, fields in data.items() if isinstance(data, dict) else ():
        for name, stamp in fields.items() if isinstance(fields, dict) else ():
            if name in _FIELDS and _is_stamp(stamp):
                stamps.setdefault(deck, {})[name] = (stamp[0], stamp[1])
    return stamps


def stamped(before: Mapping[str, DeckChoice], after: Mapping[str, DeckChoice], stamps: Stamps, now: int) -> Stamps:
    """The stamps once ``after`` was decided on this device at ``now``, or just after what it replaces."""
    found = {deck: dict(fields) for deck, fields in stamps.items()}
    for deck, choice in after.items():
        for name in _FIELDS:
            if getattr(choice, name) != getattr(before.get(deck, NO_CHOICE), name):
                fields = found.setdefault(deck, {})
                fields[name] = (min(LATEST, max(now, fields.get(name, (0, ""))[0] + 1)), "")
    return found


def decisions(choices: Mapping[str, DeckChoice], stamps: Stamps, device: str) -> Decisions:
    """What was decided, with ``device`` for this one. What bears no stamp came before everything that does."""
    found: Decisions = {}
    for deck in choices.keys() | stamps.keys():
        choice = choices.get(deck, NO_CHOICE)
        for name in _FIELDS:
            value = getattr(choice, name)
            stamp = stamps.get(deck, {}).get(name)
            if stamp is not None:
                found.setdefault(deck, {})[name] = Decision(value, stamp[0], stamp[1] or device)
            elif value != getattr(NO_CHOICE, name):
                found.setdefault(deck, {})[name] = Decision(value, 0, device)
    return found


def later(one: Decisions, other: Decisions) -> Decisions:
    """Of each field the later decision; the order of the arguments is of no account."""
    merged = {deck: dict(fields) for deck, fields in one.items()}
    for deck, fields in other.items():
        own = merged.setdefault(deck, {})
        for name, decision in fields.items():
            if name not in own or _rank(own[name]) < _rank(decision):
                own[name] = decision
    return merged


def parted(found: Decisions) -> tuple[dict[str, DeckChoice], Stamps]:
    """The choices and the stamps that decisions hold."""
    choices = {
        deck: replace(NO_CHOICE, **{name: decision.value for name, decision in fields.items()})
        for deck, fields in found.items()
    }
    return choices, {
        deck: {name: (decision.at, decision.device) for name, decision in fields.items()}
        for deck, fields in found.items()
    }


def plain(found: Decisions) -> dict[str, Any]:
    """Decisions as plain data, the same for equal ones."""
    return {
        deck: {name: [one.value, one.at, one.device] for name, one in sorted(fields.items())}
        for deck, fields in sorted(found.items())
    }


def read_plain(data: Any) -> tuple[Decisions, int]:
    """What `plain` wrote, field by field, and how many fields were refused: they come from strangers."""
    found: Decisions = {}
    refused = 0
    for deck, fields in data.items() if isinstance(data, dict) and len(data) <= _MOST_DECKS else ():
        if not (0 < len(deck) <= 200 and deck.isprintable() and isinstance(fields, dict)):
            refused += 1
            continue
        for name, entry in fields.items():
            try:
                value, *stamp = entry
                if name not in _FIELDS or not _is_stamp(stamp) or not stamp[1]:
                    raise ValueError
                replace(NO_CHOICE, **{name: value})
            except (ValueError, TypeError):
                refused += 1
                continue
            found.setdefault(deck, {})[name] = Decision(value, *stamp)
    return found, refused


def _is_stamp(stamp: Any) -> bool:
    return (
        isinstance(stamp, list | tuple)
        and len(stamp) == 2
        and type(stamp[0]) is int
        and 0 <= stamp[0] <= LATEST
        and isinstance(stamp[1], str)
        and len(stamp[1]) <= 40
    )


def _rank(decision: Decision) -> tuple[int, str, str]:
    return decision.at, decision.device, json.dumps(decision.value)
