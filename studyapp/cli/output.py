"""What commands print: data on stdout, as text or as JSON; everything else on stderr."""

from __future__ import annotations

import re
import sys
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


def _plain(value: Any) -> Any:
    if hasattr(value, "tolist"):
        return value.tolist()
    return str(value)
