"""Markdown files and folders of them, each file read in the form in which it is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from studyapp.formats import hashcards, headings, obsidian
from studyapp.formats.limits import MOST_TEXT, too_large
from studyapp.formats.notes_folder import Making
from studyapp.formats.outgoing import Outgoing
from studyapp.formats.source import Source, decoded, read_file
from studyapp.formats.value import Collection

_ENDINGS = (".md", ".markdown", ".txt")


def looks_like(source: Source) -> bool:
    """Whether it is a folder with Markdown files, or a text in one of the forms."""
    if source.is_folder:
        return any(path.suffix.lower() in _ENDINGS for path in source.files)
    text = source.head_text
    if hashcards.is_written_so(text) or obsidian.is_written_so(text, surely=True):
        return True
    from studyapp.formats import delimited

    if not text or delimited.sniffed(text):
        return False
    return obsidian.is_written_so(text) or headings.is_written_so(text)


def read(source: Source, progress: Callable[[int, int], None] = lambda done, total: None) -> Collection:
    """The cards of all files."""
    making = Making(source, "md")
    if not source.is_folder:
        _read(making, source.path, source.text)
        return making.collection()
    files = [path for path in source.files if path.suffix.lower() in _ENDINGS]
    size = 0
    for place, path in enumerate(files):
        progress(place, len(files))
        data = read_file(path, MOST_TEXT)
        size += len(data)
        if size > MOST_TEXT:
            raise too_large(source.path.name, MOST_TEXT)
        _read(making, path, decoded(data, path))
    return making.collection()


def _read(making: Making, path: Path, text: str) -> None:
    if hashcards.is_written_so(text):
        hashcards.read(making, path, text)
    elif obsidian.is_written_so(text, surely=True):
        obsidian.read(making, path, text)
    elif headings.is_written_so(text) and not obsidian.is_written_so(text):
        headings.read(making, path, text)
    elif obsidian.is_written_so(text):
        obsidian.read(making, path, text)


def write(outgoing: Outgoing, path: Path) -> None:
    """Writes the form of hashcards. Raises OSError."""
    hashcards.write(outgoing, path)
