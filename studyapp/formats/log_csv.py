"""The whole review log as comma-separated values: a row an answer, below a header."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from studyapp.formats import delimited, review_log
from studyapp.formats.limits import MOST_REVIEWS
from studyapp.formats.outgoing import Outgoing
from studyapp.formats.source import Source
from studyapp.formats.value import Collection


def looks_like(source: Source) -> bool:
    """Whether the header names a card, a time and a rating."""
    return review_log.names_columns(_header(source.head_text))


def _header(text: str) -> list[str]:
    line = text.partition("\n")[0]
    return [name.strip().strip('"').lower() for name in line.split(",")] if line else []


def read(source: Source, progress: Callable[[int, int], None] = lambda done, total: None) -> Collection:
    """All answers."""
    return review_log.collected(source, _entries(source))


def _entries(source: Source) -> Iterator[tuple[int, dict[str, str]]]:
    names = _header(source.text)
    for number, row in delimited.rows(source, source.text, ",", most=MOST_REVIEWS):
        if number > 1:
            yield number, dict(zip(names, row, strict=False))


def write(outgoing: Outgoing, path: Path) -> None:
    """Writes a row an answer. Raises OSError."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, review_log.COLUMNS, lineterminator="\n")
        writer.writeheader()
        for entry in review_log.entries_of(outgoing):
            writer.writerow({name: "" if value is None else value for name, value in entry.items()})
