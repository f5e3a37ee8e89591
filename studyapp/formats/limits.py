"""How much is read from a file that may come from anybody.

What goes beyond is refused or left out with a word; nothing is read into memory, or written, on the word of the file.
"""

from __future__ import annotations

from typing import BinaryIO

from studyapp.formats.value import FormatError
from studyapp.locale.message import Message

MOST_TEXT = 200_000_000
"""Bytes of a text file, or of all text files of a folder."""

MOST_DATABASE = 2_000_000_000
"""Bytes of an unpacked collection."""

MOST_MEDIUM = 100_000_000
"""Bytes of one picture or sound."""

MOST_MEDIA = 4_000_000_000
"""Bytes of all of them."""

MOST_MEDIA_FILES = 200_000
MOST_NOTES = 1_000_000
MOST_REVIEWS = 20_000_000
MOST_FILES = 20_000
"""Files of a folder."""

LONGEST_FIELD = 1_000_000
"""Characters of one field of a note; a longer one is cut off before it is looked at."""

LONGEST_TEXT = 20_000
"""Characters of one text of a card, as decks allow it."""

_TOO_LARGE = Message("{name} unpacks to more than {limit} MB; that much is not read.")


def read_at_most(file: BinaryIO, limit: int, name: str) -> bytes:
    """All of a file that has at most ``limit`` bytes, whatever it says of its size.

    Raises:
        FormatError: it has more.
    """
    data = file.read(limit + 1)
    if len(data) > limit:
        raise too_large(name, limit)
    return data


def too_large(name: str, limit: int) -> FormatError:
    """The error for what is larger than ``limit`` bytes."""
    return FormatError(_TOO_LARGE(name=name, limit=limit // 1_000_000))
