"""Unfinished long answers, kept in a small file so that quitting does not lose them."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

MOST_DRAFTS = 50
"""The oldest drafts beyond this number are dropped."""


class Drafts:
    """Texts by card id. Losing a draft is never an error: a file that cannot be read counts as empty."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._texts = _read(path)
        self._dirty = False

    def get(self, card_id: str) -> str:
        """The draft of a card, or an empty text."""
        return self._texts.get(card_id, "")

    def put(self, card_id: str, text: str) -> None:
        """Keep a draft; an empty text forgets it. Nothing is written before `save`."""
        if self._texts.pop(card_id, "") != text:
            self._dirty = True
        if text.strip():
            self._texts[card_id] = text
        while len(self._texts) > MOST_DRAFTS:
            del self._texts[next(iter(self._texts))]

    def save(self) -> bool:
        """Write the drafts atomically if they have changed; whether it worked."""
        if not self._dirty:
            return True
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=".drafts")
            try:
                with open(handle, "w", encoding="utf-8") as file:
                    json.dump(self._texts, file, ensure_ascii=False)
                os.replace(name, self._path)
            except BaseException:
                os.unlink(name)
                raise
        except OSError:
            return False
        self._dirty = False
        return True


def _read(path: Path) -> dict[str, str]:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(read, dict):
        return {}
    return {key: text for key, text in read.items() if isinstance(text, str)}
