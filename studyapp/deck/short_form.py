"""Short cards: ``front :: back``, and ``front ::: back`` for both directions.

To YAML an unquoted ``front :: back`` is the key ``front :`` with a value, which further keys may follow; in quotes and
after ``|`` it is a text.
"""

from __future__ import annotations

import re

from msgspec import Struct

KEY_ENDS = (" :", " ::")
"""How the front ends as a key: the last colon of the mark is YAML's."""

_MARK = re.compile(r"\s(:::?)\s")
_MARK_OR_CODE = re.compile(r"`[^`]*`|\$[^$\n]*\$|\s(:::?)\s")


class ShortForm(Struct, frozen=True):
    """What a short card says. ``both`` means that the back is asked for its front, too."""

    front: str
    back: str
    both: bool = False


def split_short(text: str) -> ShortForm | None:
    """The two sides of a short card, parted by the first mark outside of code and formulas; None where there is none.

    >>> split_short("der Hund ::: the dog")
    ShortForm(front='der Hund', back='the dog', both=True)
    >>> split_short("What is `f :: a`? :: a type").front
    'What is `f :: a`?'
    """
    if "`" not in text and "$" not in text:
        match = _MARK.search(text)
    else:
        match = next((found for found in _MARK_OR_CODE.finditer(text) if found[1]), None)
    if match is None:
        return None
    return ShortForm(text[: match.start()].strip(), text[match.end() :].strip(), len(match[1]) == 3)


def front_of_key(key: str) -> tuple[str, bool]:
    """The front in a key of a mapping, and whether both directions are meant; an empty front where it is no such key.

    >>> front_of_key("der Hund ::"), front_of_key("question")
    (('der Hund', True), ('', False))
    """
    if not key.endswith(KEY_ENDS):
        return "", False
    both = key.endswith(KEY_ENDS[1])
    return key.removesuffix(KEY_ENDS[both]).strip(), both
