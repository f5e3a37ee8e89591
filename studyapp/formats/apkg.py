"""Anki's packages: ``.apkg`` (decks) and ``.colpkg`` (a whole collection)."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from studyapp.formats.anki_database import read_database
from studyapp.formats.anki_notes import collection_of
from studyapp.formats.anki_package import explained, is_package, open_package, unpack_collection
from studyapp.formats.outgoing import Outgoing
from studyapp.formats.source import Source
from studyapp.formats.value import Collection


def looks_like(source: Source) -> bool:
    """Whether it is a zip file with a collection in it."""
    return source.head.startswith(b"PK") and is_package(source.path)


def read(source: Source, progress: Callable[[int, int], None] = lambda done, total: None) -> Collection:
    """All decks, notes, media and history of a package.

    Raises:
        FormatError: it is damaged, or beyond the limits.
    """
    package = open_package(source.path)
    with tempfile.TemporaryDirectory(prefix="studyapp-") as folder:
        unpacked = Path(folder) / "collection"
        unpack_collection(package, unpacked)
        with explained(source.path):
            database = read_database(unpacked, source.path, progress)
    return collection_of(source.name, database, package.media, progress)


def write(outgoing: Outgoing, path: Path) -> None:
    """Writes a new package. Raises OSError."""
    from studyapp.formats.anki_write import write as write_package

    write_package(outgoing, path)
