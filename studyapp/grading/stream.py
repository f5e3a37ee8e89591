"""Random choices that come out the same on every platform and every version of Python.

Only ``random()`` is taken from the generator: its stream is guaranteed, those of ``shuffle`` or ``choice`` are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from studyapp.digest import blake2b

Item = TypeVar("Item")


def stable_hash(*parts: object) -> int:
    """A whole number below 2⁴⁸ from the parts' text, the same everywhere and for ever."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(blake2b(text.encode(), digest_size=6).digest(), "big")


class Stream:
    """A stream of choices that depends on its seed only."""

    def __init__(self, *seed: object) -> None:
        self._random = Random(stable_hash(*seed)).random

    def fraction(self) -> float:
        """A number from 0 up to, not including, 1."""
        return self._random()

    def below(self, count: int) -> int:
        """A whole number from 0 to ``count - 1``."""
        return int(self._random() * count)

    def choice(self, items: Sequence[Item]) -> Item:
        """One of the items."""
        return items[self.below(len(items))]

    def sample(self, items: Sequence[Item], count: int) -> list[Item]:
        """``count`` different places of ``items``, in random order; ``items`` may be a range of any length.

        This is the beginning of a shuffle in which only the places that were moved are kept.
        """
        moved: dict[int, int] = {}
        taken: list[Item] = []
        for place in range(count):
            other = place + self.below(len(items) - place)
            taken.append(items[moved.get(other, other)])
            moved[other] = moved.get(place, place)
        return taken

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """All the items in random order."""
        return self.sample(items, len(items))
