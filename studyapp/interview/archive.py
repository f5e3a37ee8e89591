"""The folder of reports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

from msgspec import Struct

from studyapp.deck.atomic import write_atomically
from studyapp.interview.report import Facts, NotAReport, read_report
from studyapp.locale.message import Message
from studyapp.plain_file import read_plain

_UNREADABLE = Message("{path} cannot be read: {why}.")

MOST_REPORTS = 500
"""Reports that are listed; of more, those with the greatest names, which begin with the date."""

LONGEST = 200_000
"""Bytes that are read of a file."""


class SavedReport(Struct, frozen=True):
    """A file of the folder. ``facts`` is None where it is no report that can be read."""

    path: Path
    text: str
    facts: Facts | None


def write_report(folder: Path, text: str, ended_at: datetime) -> Path:
    """Write a report under a name of its own, made from the time; returns its path.

    Raises:
        OSError: it cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in count(1):
        path = folder / f"{ended_at:%Y-%m-%d-%H%M%S}{f'-{number}' if number > 1 else ''}.md"
        try:
            write_atomically(path, text, mode=0o600, replace=False)
        except FileExistsError:
            continue
        return path
    raise AssertionError("unreachable")


def saved_reports(folder: Path) -> list[SavedReport]:
    """The reports of a folder, the newest first; then files that are none."""
    try:
        paths = sorted(folder.glob("*.md"), key=lambda path: path.name, reverse=True)[:MOST_REPORTS]
    except OSError:
        return []
    found = list(_read(paths))
    reports = [one for one in found if one.facts is not None]
    others = [one for one in found if one.facts is None]
    return sorted(reports, key=lambda one: one.facts.ended if one.facts else "", reverse=True) + others


def _read(paths: list[Path]) -> Iterator[SavedReport]:
    for path in paths:
        try:
            if not path.is_file():
                continue
            text = read_plain(path, LONGEST).decode("utf-8", "replace")
        except OSError as error:
            yield SavedReport(path, _UNREADABLE(path=path, why=error.strerror), None)
            continue
        try:
            facts = read_report(text)
        except NotAReport:
            facts = None
        yield SavedReport(path, text, facts)
