"""What commands print: data on stdout, as text or as JSON; everything else on stderr."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


def print_json(value: Any) -> None:
    """``value`` as indented JSON; structs, paths, dates and NumPy values are written as plain data."""
    import msgspec

    data = msgspec.json.encode(value, enc_hook=_plain)
    click.echo(_STEERING.sub(_escaped, msgspec.json.format(data, indent=2).decode()))


_STEERING = re.compile("[\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""Characters that JSON lets pass and that steer a terminal or hide text."""


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"


def talk(message: str) -> None:
    """A remark for the person, on stderr."""
    click.echo(message, err=True)


def show_progress(message: str) -> None:
    """One line on stderr that the next one overwrites, where somebody is looking; an empty message wipes it."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{message}", nl=False, err=True)


@contextmanager
def long_work(what: str, things: str) -> Iterator[Callable[[int, int], None]]:
    """Gives a function to tell how much of how much is done: a line on stderr where the work takes its time.

    The line is gone when the work is, also when it was stopped.
    """
    next_look = time.monotonic() + _PATIENCE

    def progress(done: int, total: int) -> None:
        nonlocal next_look
        now = time.monotonic()
        if now >= next_look:
            next_look = now + _BETWEEN_LOOKS
            amount = f"{done / 1e6:.1f} of {total / 1e6:.1f} MB" if things == BYTES else f"{done} of {total} {things}"
            show_progress(f"{what}: {amount} (ctrl+c stops)")

    try:
        yield progress
    finally:
        show_progress("")


BYTES = "bytes"
"""Things that `long_work` shows in megabytes."""

_PATIENCE = 0.4
"""Seconds of work without a word about it."""

_BETWEEN_LOOKS = 0.1


def _plain(value: Any) -> Any:
    if hasattr(value, "tolist"):
        return value.tolist()
    return str(value)
