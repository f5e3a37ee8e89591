"""What commands print: data on stdout, as text or as JSON; everything else on stderr."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from studyapp.locale.message import Message
from studyapp.sanitizing import CONTROL_CHARACTERS, sanitize

_MEGABYTES = Message("{what}: {done} of {total} MB (ctrl+c stops)")
_THINGS = Message("{what}: {done} of {total} {things} (ctrl+c stops)")

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


def print_json(value: Any) -> None:
    """``value`` as indented JSON; structs, paths, dates and NumPy values are written as plain data."""
    import msgspec

    data = msgspec.json.encode(value, enc_hook=_plain)
    click.echo(CONTROL_CHARACTERS.sub(_escaped, msgspec.json.format(data, indent=2).decode()))


def _escaped(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place : place + 2].hex()}" for place in range(0, len(units), 2))


def say(text: str = "", *, end: str = "\n", to_person: bool = False) -> None:
    """Prints text, whoever wrote it: on stdout, or on stderr what is only for the person.

    All that commands print goes through here or through `print_json`.
    """
    click.echo(sanitize(text) + end, nl=False, err=to_person)


def talk(message: str) -> None:
    """A remark for the person, on stderr."""
    say(message, to_person=True)


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
            if things == BYTES:
                show_progress(_MEGABYTES(what=what, done=f"{done / 1e6:.1f}", total=f"{total / 1e6:.1f}"))
            else:
                show_progress(_THINGS(what=what, done=done, total=total, things=things))

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
