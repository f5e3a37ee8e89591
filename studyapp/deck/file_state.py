"""Whether the index has read the deck files, and the choices for decks, in the state in which they are now."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from studyapp.locale.message import current_language

from .choices import DeckChoice, plain_choices
from .deck_files import DeckFile
from .file_text import Signature

FileStates: TypeAlias = dict[str, tuple[str, str, Signature]]
"""By path: the deck file to which it belongs, the folder below the root, and the signature."""

Choices: TypeAlias = Mapping[str, DeckChoice]
"""What was chosen for decks, by their names."""

_ABSENT = Signature(0, -1, 0)


def present_files(files: Sequence[DeckFile]) -> FileStates:
    """Every file that the index should know, as it is now."""
    present: FileStates = {}
    for file in files:
        owner = os.fspath(file.path)
        for path in file.all_paths:
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


def as_text(choices: Choices) -> str:
    """The choices as one text, the same for equal choices."""
    return json.dumps(plain_choices(choices), sort_keys=True)


def stored_choices(connection: sqlite3.Connection) -> str:
    """The choices that the index holds, as `as_text` writes them."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'choices'").fetchone()
    return str(row[0]) if row else as_text({})


def told_otherwise(connection: sqlite3.Connection) -> frozenset[str]:
    """The deck files whose problems are stored in another language than the one spoken now."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'language'").fetchone()
    if row is None or row[0] == current_language():
        return frozenset()
    return frozenset(owner for (owner,) in connection.execute("SELECT DISTINCT owner FROM problem"))


def store_language(connection: sqlite3.Connection) -> None:
    """Notes that the problems are stored in the language spoken now."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('language', ?)", (current_language(),))
