"""The last synchronisation of a home, noted for the app's home screen, and starting one beside the app."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from studyapp.deck.atomic import write_atomically
from studyapp.plain_file import read_plain

BACKGROUND_MOST = 2000
"""Entries that are brought in beside the app; more would keep an answer waiting."""

_LONGEST = 20_000


class Status(Struct, frozen=True):
    """When a synchronisation last ended (milliseconds since 1970) and what went wrong in it; empty if nothing did.

    ``waiting`` entries of other machines were left for `studyapp sync`.
    """

    at: int
    trouble: str = ""
    waiting: int = 0


def _file(home: Path) -> Path:
    return home / "sync.json"


def read_status(home: Path) -> Status | None:
    """What was noted; None where nothing was, or it cannot be read."""
    try:
        return msgspec.json.decode(read_plain(_file(home), _LONGEST), type=Status)
    except (OSError, ValueError):
        return None


def note_status(home: Path, status: Status) -> None:
    """Notes how it went, as far as the disk lets it."""
    with suppress(OSError):
        write_atomically(_file(home), msgspec.json.encode(status).decode(), mode=0o600)


def start_beside(address: str) -> None:
    """Starts a synchronisation in a process of its own, which is not waited for and outlives this one.

    ``address`` empty: nothing is started. What happens is noted for `read_status`.
    """
    if not address:
        return
    with suppress(OSError):
        subprocess.Popen(
            [sys.executable, "-m", "studyapp", "sync", "--background"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=os.environ | {"STUDYAPP_SYNC": address},
        )
