"""The whole review log as JSON Lines: an object an answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from studyapp.formats import review_log
from studyapp.formats.outgoing import Outgoing
from studyapp.formats.source import Source
from studyapp.formats.value import Collection


def looks_like(source: Source) -> bool:
    """Whether the first line is an object with a card, a time and a rating."""
    line = source.head_text.lstrip().partition("\n")[0]
    if not line.startswith("{"):
        return False
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and review_log.names_columns(found)


def read(source: Source, progress: Callable[[int, int], None] = lambda done, total: None) -> Collection:
    """All answers."""
    return review_log.collected(source, _entries(source))


def _entries(source: Source) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(source.text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            entry = {}
        yield number, entry if isinstance(entry, dict) else {}


def write(outgoing: Outgoing, path: Path) -> None:
    """Writes a line an answer. Raises OSError."""
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        for entry in review_log.entries_of(outgoing):
            file.write(review_log.as_json(entry) + "\n")
