"""Leeches: cards that are forgotten again and again. They are pointed out, never taken away."""

from __future__ import annotations

FIRST_ALARM = 8
"""Lapses at which a card is first called a leech."""

NEXT_ALARM = 4
"""Further lapses after which it is pointed out again."""


def is_leech(lapses: int) -> bool:
    """Whether a card forgotten ``lapses`` times counts as a leech."""
    return lapses >= FIRST_ALARM


def is_alarm(lapses_before: int, lapses_after: int) -> bool:
    """Whether the answer that took the lapses from one number to the other should point the leech out."""
    alarmed = is_leech(lapses_after) and (lapses_after - FIRST_ALARM) % NEXT_ALARM == 0
    return lapses_after > lapses_before and alarmed
