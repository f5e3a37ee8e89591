"""Whether the index has read the deck files in the state in which they are now."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from typing import TypeAlias

from .file_text import Signature
from .library import DeckFile

FileStates: TypeAlias = dict[str, tuple[str, str, Signature]]
"""By path: the deck file to which it belongs, the folder below the root, and the signature."""

_ABSENT = Signature(0, -1, 0)


def present_files(files: Sequence[DeckFile]) -> FileStates:
    """Every file that the index should know, as it is now."""
    present: FileStates = {}
    for file in files:
        owner = os.fspath(file.path)
        for path in (file.path, *(overlay for _, overlay in file.overlays)):
            try:
                signature = Signature.of(os.stat(path))
            except (OSError, ValueError):
                signature = _ABSENT
            present[os.fspath(path)] = (owner, file.folder, signature)
    return present


def stored_files(connection: sqlite3.Connection) -> FileStates:
    """Every file that the index has read, as it was then."""
    rows = connection.execute("SELECT path, owner, folder, modified_ns, size, inode FROM file")
    return {path: (owner, folder, Signature(*signature)) for path, owner, folder, *signature in rows}
