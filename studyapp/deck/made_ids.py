"""Ids for cards that are written without one: made from the deck's name and the card's front.

The place of the card does not count, so that cards may be put in any order. A changed front is another card, until
the id is written in (`studyapp ids`).
"""

from __future__ import annotations

import re
import unicodedata
from base64 import b32encode
from hashlib import blake2b

REVERSED = "-reverse"
"""What follows the id of a card in that of the same card asked the other way round."""

_LONGEST_WORDS = 40
_DIGEST_BYTES = 5
_NOT_IN_IDS = re.compile(r"[^a-z0-9]+")


def made_id(deck: str, front: str) -> str:
    """The id of a card of ``deck`` that asks ``front``: some of its words, and a digest that tells it from others.

    >>> made_id("life/german", "der Hund") == made_id("life/german", " der  Hund ")
    True
    >>> made_id("life/german", "der Hund")[:9], made_id("life/german", "你好").isalnum()
    ('der-hund-', True)
    """
    text = " ".join(unicodedata.normalize("NFC", front).split())
    digest = blake2b(f"{deck}\n{text}".encode(), digest_size=_DIGEST_BYTES).digest()
    words = _NOT_IN_IDS.sub("-", text.lower() if text.isascii() else _plain(text))[:_LONGEST_WORDS].strip("-")
    code = b32encode(digest).decode("ascii").lower()
    return f"{words}-{code}" if words else code


def _plain(text: str) -> str:
    """Small letters without accents."""
    return unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode("ascii")
