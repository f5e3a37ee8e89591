"""The four ratings a learner gives."""

from __future__ import annotations

from enum import IntEnum


class Rating(IntEnum):
    """How well a card was remembered, with FSRS's numbers. ``HARD`` still means that it was remembered."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4
