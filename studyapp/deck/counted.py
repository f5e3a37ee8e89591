"""A number with its noun: ``1 card``, ``3 cards``."""

from __future__ import annotations


def counted(count: int, noun: str, plural: str = "") -> str:
    """``count`` with the noun in the number that fits; ``plural`` where it is more than an ``s`` behind.

    >>> counted(1, "card"), counted(0, "card"), counted(2, "is", "are")
    ('1 card', '0 cards', '2 are')
    """
    return f"{count} {noun if count == 1 else plural or noun + 's'}"
