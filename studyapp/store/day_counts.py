"""How much of the daily limits is used up, and what is left of those of single decks."""

from __future__ import annotations

import sqlite3
from collections import Counter

from msgspec import Struct

from studyapp.schedule.memory import Phase
from studyapp.schedule.queue import Limits

_SCHEDULED_TODAY = "result.day = :today AND result.phase IS NOT NULL"
_DAY_COUNT = f"""
    SELECT count(DISTINCT CASE WHEN phase_before IS NULL THEN card_number END),
        count(DISTINCT CASE WHEN phase_before = 2 THEN card_number END)
    FROM result WHERE {_SCHEDULED_TODAY}
"""
_DAY_CARDS = f"""
    SELECT DISTINCT card.deck_id, card.card_id, result.phase_before
    FROM result CROSS JOIN main.card AS known USING (card_number)
    CROSS JOIN bank.card AS card ON card.card_id = known.card_id
    WHERE {_SCHEDULED_TODAY}
"""
_DECK_LIMITS = """
    SELECT deck_id, new_per_day, reviews_per_day FROM bank.deck
    WHERE new_per_day IS NOT NULL OR reviews_per_day IS NOT NULL
"""


class DayCount(Struct, frozen=True):
    """How many different cards were introduced and how many reviewed on one study day."""

    introduced: int = 0
    reviewed: int = 0


def day_count(connection: sqlite3.Connection, day: int) -> DayCount:
    """What counts against the daily limits, from the log: cards of decks that are gone count too."""
    return DayCount(*connection.execute(_DAY_COUNT, {"today": day}).fetchone())


def day_count_by_deck(connection: sqlite3.Connection, day: int) -> dict[int, DayCount]:
    """The same for each deck that had any, by its number."""
    introduced: Counter[int] = Counter()
    reviewed: Counter[int] = Counter()
    for deck_id, _, phase_before in connection.execute(_DAY_CARDS, {"today": day}):
        introduced[deck_id] += phase_before is None
        reviewed[deck_id] += phase_before == Phase.REVIEW
    return {
        deck_id: DayCount(introduced[deck_id], reviewed[deck_id])
        for deck_id in introduced.keys() | reviewed.keys()
        if introduced[deck_id] or reviewed[deck_id]
    }


class RemainingLimits:
    """What is left today of the limits of single decks, each counted down as cards are let in."""

    def __init__(self, left: dict[int, Limits]) -> None:
        self.new = {deck_id: limits.new for deck_id, limits in left.items() if limits.new is not None}
        self.reviews = {deck_id: limits.reviews for deck_id, limits in left.items() if limits.reviews is not None}

    @classmethod
    def of(cls, connection: sqlite3.Connection, day: int) -> RemainingLimits:
        """What is left on a study day. Where no deck has limits of its own the log is not read."""
        limits = {deck_id: Limits(new, reviews) for deck_id, new, reviews in connection.execute(_DECK_LIMITS)}
        done = day_count_by_deck(connection, day) if limits else {}
        left = {}
        for deck_id, limit in limits.items():
            count = done.get(deck_id, DayCount())
            left[deck_id] = limit.left(count.introduced, count.reviewed)
        return cls(left)
