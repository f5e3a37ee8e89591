"""Waiting for deck files to change."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from studyapp.deck.deck_files import find_deck_files
from studyapp.deck.file_state import present_files

PAUSE = 0.3
"""Seconds between two looks at the files."""


def changes(paths: Sequence[Path], wait: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Yields whenever one of the decks under ``paths`` has changed, come or gone. It has no end of its own."""
    before = _state(paths)
    while True:
        wait(PAUSE)
        now = _state(paths)
        if now != before:
            before = now
            yield


def _state(paths: Sequence[Path]) -> object:
    files = [file for path in paths for file in find_deck_files(path, bundled=False)]
    others = [os.fspath(path) for path in paths if not path.exists()]
    return present_files(files), others
