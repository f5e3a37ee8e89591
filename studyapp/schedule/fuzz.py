"""A little chance in the intervals, so that cards learnt together do not come back together for ever.

The chance is seeded: what a button promises is what pressing it gives, today and in every replay.
"""

from __future__ import annotations

import math

from studyapp.digest import blake2b

SHORTEST_FUZZED = 2.5
"""Intervals below this many days stay as they are."""

_SHARES = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.10), (20.0, math.inf, 0.05))
"""(from day, to day, share of the days in between that is added to the spread on either side)"""


def unit_interval(card_id: str, answers: int) -> float:
    """A number in [0, 1) for the next answer to a card answered ``answers`` times: the same everywhere."""
    digest = blake2b(f"{card_id}\n{answers}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 11) / 2**53


def fuzz_range(interval: int, maximum: int) -> tuple[int, int]:
    """The shortest and the longest interval in days that fuzz may make of ``interval``, as FSRS has it."""
    if interval < SHORTEST_FUZZED:
        return min(interval, maximum), min(interval, maximum)
    spread = 1.0 + sum(share * max(min(interval, end) - start, 0.0) for start, end, share in _SHARES)
    longest = min(round(interval + spread), maximum)
    return min(max(round(interval - spread), 2), longest), longest


def fuzzed(interval: int, maximum: int, chance: float) -> int:
    """``interval`` in days, moved to the place in its range that ``chance`` in [0, 1) points at.

    It never decreases with ``interval``: with one chance for all four ratings, a better rating never comes
    back sooner.
    """
    shortest, longest = fuzz_range(interval, maximum)
    return shortest + math.floor(chance * (longest - shortest + 1))
