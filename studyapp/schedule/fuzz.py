"""A little chance in the intervals, so that cards learnt together do not come back together for ever.

The chance is seeded: what a button promises is what pressing it gives, today and in every replay. Like `fsrs6`, the
rules work on single numbers and on arrays alike.
"""

from __future__ import annotations

import math

from studyapp.digest import blake2b
from studyapp.schedule.fsrs6 import FLOATS, Operations, Values

SHORTEST_FUZZED = 2.5
"""Intervals below this many days stay as they are."""

_SHARES = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.10), (20.0, math.inf, 0.05))
"""(from day, to day, share of the days in between that is added to the spread on either side)"""


def unit_interval(card_id: str, answers: int) -> float:
    """A number in [0, 1) for the next answer to a card answered ``answers`` times: the same everywhere."""
    digest = blake2b(f"{card_id}\n{answers}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 11) / 2**53


def fuzz_range(interval: Values, maximum: Values, ops: Operations = FLOATS) -> tuple[Values, Values]:
    """The shortest and the longest interval in days that fuzz may make of ``interval``, as FSRS has it."""
    spread = 1.0
    for start, end, share in _SHARES:
        spread = spread + share * ops.maximum(ops.minimum(interval, end) - start, 0.0)
    longest = ops.minimum(ops.rint(interval + spread), maximum)
    shortest = ops.minimum(ops.maximum(ops.rint(interval - spread), 2), longest)
    plain = interval < SHORTEST_FUZZED
    same = ops.minimum(interval, maximum)
    return ops.where(plain, same, shortest), ops.where(plain, same, longest)


def fuzzed(interval: Values, maximum: Values, chance: Values, ops: Operations = FLOATS) -> Values:
    """``interval`` in days, moved to the place in its range that ``chance`` in [0, 1) points at.

    It never decreases with ``interval``: with one chance for all four ratings, a better rating never comes
    back sooner.
    """
    shortest, longest = fuzz_range(interval, maximum, ops)
    return shortest + ops.floor(chance * (longest - shortest + 1))


def in_order(
    hard: Values,
    good: Values,
    easy: Values,
    kept: Values,
    good_waits_days: Values,
    maximum: Values,
    ops: Operations = FLOATS,
) -> tuple[Values, Values, Values]:
    """Fuzzed intervals of Hard, Good and Easy so that Good is at least ``kept`` and Hard < Good < Easy.

    That holds where days allow it: an interval is at least one day and at most ``maximum``. Where Good leads to a
    learning step (not ``good_waits_days``) nothing is to be put in order.
    """
    better = ops.maximum(good, ops.minimum(kept, maximum))
    longer = ops.minimum(ops.maximum(easy, better + 1), maximum)
    better = ops.where(longer > better, better, ops.maximum(ops.minimum(better, maximum - 1), ops.maximum(kept, 1)))
    better = ops.minimum(better, maximum)
    shorter = ops.maximum(ops.minimum(hard, better - 1), 1)
    return (
        ops.where(good_waits_days, shorter, hard),
        ops.where(good_waits_days, better, good),
        ops.where(good_waits_days, longer, easy),
    )


def kept_interval(
    before: Values,
    could_be: Values,
    now: Values,
    maximum: Values,
    ops: Operations = FLOATS,
) -> Values:
    """The interval below which a Good answer that was not early does not go: the one before, in days.

    ``could_be`` is the unfuzzed interval that the present settings would have given before, ``now`` the one they give
    after the answer. Where the interval before could not come of them (the desired retention was raised), Good goes no
    further than fuzz may take ``now``.
    """
    _, longest = fuzz_range(could_be, maximum, ops)
    _, longest_now = fuzz_range(now, maximum, ops)
    alike = before <= longest * 1.25 + 3
    return ops.where(alike, before, ops.minimum(before, longest_now))
