"""Finds deck files with their translations, and the user's own versions of single cards of bundled decks."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

NOT_DECKS = frozenset({"syllabus.yaml", "sources.yaml"})
"""Files in a content folder that are no decks."""

OVERLAY = re.compile(r"(?P<stem>.+)\.(?P<language>[a-z]{2}(?:-[A-Za-z]{2,4})?)\.ya?ml")
"""The name of a translation: the stem of its deck, and the language."""

_MAX_DEPTH = 12

EDITED = "edited"
"""The folder in the user's home for own versions of bundled cards: a folder for each deck, a file for each card."""


class DeckFile(Struct, frozen=True):
    """One deck file and its overlays by language. ``folder`` is its place below its root, with ``/``
    between."""

    path: Path
    folder: str
    bundled: bool
    overlays: tuple[tuple[str, Path], ...] = ()
    own_versions: tuple[DeckFile, ...] = ()
    """Own versions of single cards: files of one card each, with overlays of their own."""

    @property
    def all_paths(self) -> tuple[Path, ...]:
        """Every file whose change changes the deck."""
        own = (path for version in self.own_versions for path in version.all_paths)
        return (self.path, *(path for _, path in self.overlays), *own)


def find_deck_files(root: Path, *, bundled: bool) -> Iterator[DeckFile]:
    """The deck files of a file or folder, by path. Hidden files, overlays, syllabus and sources are no
    decks."""
    if root.is_dir():
        yield from _walk(root, "", bundled, 0)
    elif root.exists():
        overlays = []
        with contextlib.suppress(OSError):
            for entry in os.scandir(root.parent):
                match = OVERLAY.fullmatch(entry.name)
                if match and match["stem"] == root.stem and entry.name != root.name:
                    overlays.append((match["language"], Path(entry.path)))
        yield DeckFile(root, "", bundled, tuple(sorted(overlays)))


def _walk(folder: Path, below: str, bundled: bool, depth: int) -> Iterator[DeckFile]:
    names: list[str] = []
    folders: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.name.endswith((".yaml", ".yml")):
                    names.append(entry.name)
                elif depth < _MAX_DEPTH and entry.is_dir(follow_symlinks=False):
                    folders.append(entry.name)
    except OSError:
        return
    stems = {name.rpartition(".")[0]: name for name in names}
    overlays: dict[str, list[tuple[str, Path]]] = {}
    decks: list[str] = []
    for name in sorted(names):
        match = OVERLAY.fullmatch(name)
        if match and match["stem"] in stems:
            overlays.setdefault(stems[match["stem"]], []).append((match["language"], folder / name))
        elif name not in NOT_DECKS:
            decks.append(name)
    for name in decks:
        yield DeckFile(folder / name, below, bundled, tuple(overlays.get(name, ())))
    for name in sorted(folders):
        yield from _walk(folder / name, f"{below}/{name}" if below else name, bundled, depth + 1)


def qualified_name(header_name: str, folder: str) -> str:
    """A deck's full name: the folder below its root and the name in its header, which may hold the folder
    already.

    >>> qualified_name("focal", "vision"), qualified_name("vision/focal", "vision")
    ('vision/focal', 'vision/focal')
    """
    if not folder or header_name.startswith(folder + "/"):
        return header_name
    return f"{folder}/{header_name}"


def with_own_versions(file: DeckFile, home: Path) -> DeckFile:
    """A bundled deck file together with the versions of its cards that the user has below ``home``."""
    folder = folder_of_own(file, home)
    return replace(file, own_versions=tuple(find_deck_files(folder, bundled=False))) if folder.is_dir() else file


def folder_of_own(file: DeckFile, home: Path) -> Path:
    """Where the own versions of the cards of a bundled deck file stand."""
    return home / EDITED / file.folder / file.path.stem


def original_of(path: Path) -> Path:
    """Where the original of an own version's file is kept, as it was when that version was begun or last edited."""
    return path.parent / ".originals" / path.name
