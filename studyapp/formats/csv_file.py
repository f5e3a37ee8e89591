"""Comma-separated values: a row a card."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from studyapp.formats import delimited
from studyapp.formats.outgoing import Outgoing
from studyapp.formats.source import Source
from studyapp.formats.value import Collection


def looks_like(source: Source) -> bool:
    """Whether rows of at least two columns stand there, parted by a comma, a semicolon or a bar."""
    return bool(source.head_text) and delimited.sniffed(source.head_text) in (",", ";", "|")


def read(source: Source, progress: Callable[[int, int], None] = lambda done, total: None) -> Collection:
    """All rows, with or without a header."""
    delimiter = delimited.sniffed(source.text) or ","
    return delimited.read_rows(source, delimited.rows(source, source.text, delimiter), None)


def write(outgoing: Outgoing, path: Path) -> None:
    """Writes a row a card below a header. Raises OSError."""
    delimited.write_rows(outgoing, path, ",")
