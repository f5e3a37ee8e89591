"""The four ratings a learner gives."""

from __future__ import annotations

from enum import IntEnum

from studyapp.locale.message import Message


class Rating(IntEnum):
    """How well a card was remembered, with FSRS's numbers. ``HARD`` still means that it was remembered."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4

    @property
    def remembered(self) -> bool:
        """Whether the card was remembered; see `REMEMBERED` for the same in SQL."""
        return self is not Rating.AGAIN


REMEMBERED = f"(result.rating > {int(Rating.AGAIN)})"
"""`Rating.remembered` as a condition on a row ``result`` in SQL."""

FORGOTTEN = f"(result.rating = {int(Rating.AGAIN)})"
"""The opposite."""


NAMES: dict[Rating, Message] = {
    Rating.AGAIN: Message("Again"),
    Rating.HARD: Message("Hard"),
    Rating.GOOD: Message("Good"),
    Rating.EASY: Message("Easy"),
}
"""The words for the ratings."""
