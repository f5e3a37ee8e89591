"""The choices for a mock interview, kept for the next one."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import msgspec
from msgspec.structs import replace

from studyapp.deck.atomic import write_atomically
from studyapp.interview.course import Plan
from studyapp.kinds import KINDS
from studyapp.plain_file import read_plain

MOST_BYTES = 1_000_000
"""Of a larger file only so much is read, which then holds no choices."""

MOST = 1000
"""Questions or minutes of which no plan has more."""


def save_plan(path: Path, plan: Plan) -> None:
    """Write the choices; the file is there whole or as it was before.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_atomically(path, msgspec.json.format(msgspec.json.encode(plan), indent=1).decode("utf-8"), mode=0o600)


def load_plan(path: Path, decks: Collection[str]) -> Plan:
    """The choices that `save_plan` wrote, of ``decks`` only those that are there now; else the defaults."""
    try:
        plan = msgspec.json.decode(read_plain(path, MOST_BYTES), type=Plan)
    except (OSError, msgspec.MsgspecError, UnicodeError, RecursionError):
        return Plan()
    limits = (plan.questions, plan.minutes)
    if limits == (None, None) or any(limit is not None and not 0 < limit <= MOST for limit in limits):
        return Plan()
    kinds = tuple(kind for kind in plan.kinds if kind in KINDS)
    return replace(plan, decks=tuple(name for name in plan.decks if name in decks), kinds=kinds, seed=0)
