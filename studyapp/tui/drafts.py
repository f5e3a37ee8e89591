"""Unfinished long answers, kept in a small file so that quitting does not lose them."""

from __future__ import annotations

import json
from pathlib import Path

from studyapp.deck.atomic import set_aside, write_atomically
from studyapp.locale.message import Message
from studyapp.plain_file import read_plain

_SET_ASIDE = Message("The unfinished answers in {path} cannot be read; it is kept as {aside}.")
_LEFT = Message("The unfinished answers in {path} cannot be read; it was left as it is.")

MOST_DRAFTS = 50
"""The oldest drafts beyond this number are dropped."""

MOST_BYTES = 20_000_000
"""A larger file is none of ours."""


class Drafts:
    """Texts by card id. Losing a draft is never an error: a file that cannot be read is put aside, with a word."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._changed: dict[str, str] = {}
        """What this instance has put or forgotten (an empty text) since the last `save`."""
        self._texts, self.trouble = _read_or_set_aside(path)
        """What is kept, and what the learner should be told about the file, if anything."""

    def get(self, card_id: str) -> str:
        """The draft of a card, or an empty text."""
        return self._texts.get(card_id, "")

    def put(self, card_id: str, text: str) -> None:
        """Keep a draft; an empty text forgets it. Nothing is written before `save`."""
        text = _storable(text) if text.strip() else ""
        if self.get(card_id) != text:
            self._changed[card_id] = text
        _put(self._texts, card_id, text)

    def save(self) -> bool:
        """Write the drafts atomically if they have changed, beside those of other instances; whether it worked."""
        if not self._changed:
            return True
        texts, _ = _read_or_set_aside(self._path)
        for card_id, text in self._changed.items():
            _put(texts, card_id, text)
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomically(self._path, json.dumps(texts, ensure_ascii=False), mode=0o600)
        except OSError:
            return False
        self._texts = texts
        self._changed.clear()
        return True


def _put(texts: dict[str, str], card_id: str, text: str) -> None:
    texts.pop(card_id, None)
    if text:
        texts[card_id] = text
    while len(texts) > MOST_DRAFTS:
        del texts[next(iter(texts))]


def _read_or_set_aside(path: Path) -> tuple[dict[str, str], str]:
    """The drafts in the file, and what is to be said where it could not be read."""
    try:
        return _read(path), ""
    except FileNotFoundError:
        return {}, ""
    except (OSError, ValueError, RecursionError):
        aside = set_aside(path)
        return {}, _SET_ASIDE(path=path, aside=aside) if aside is not None else _LEFT(path=path)


def _read(path: Path) -> dict[str, str]:
    """Raises ValueError, RecursionError or OSError for anything but drafts."""
    written = read_plain(path, MOST_BYTES + 1)
    read = json.loads(written.decode("utf-8")) if len(written) <= MOST_BYTES else None
    if not isinstance(read, dict) or not all(isinstance(text, str) for text in read.values()):
        raise ValueError("not drafts")
    return {_storable(key): _storable(text) for key, text in read.items()}


def _storable(text: str) -> str:
    """Text that can be written to a file: a terminal may hand over bytes that are no characters."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
