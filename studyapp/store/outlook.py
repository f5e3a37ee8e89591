"""What is still to come of some decks: when the next card is due, and what today's limits hold back."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime

from studyapp.clock import from_milliseconds
from studyapp.schedule.day import StudyDays
from studyapp.schedule.queue import Limits
from studyapp.store.counts import DeckTotals
from studyapp.store.day_counts import RemainingLimits
from studyapp.store.selection import CARD, NOT_SET_ASIDE, Moment, deck_ids

_NOT_SUSPENDED = """
    NOT EXISTS (SELECT 1 FROM card_mark AS mark WHERE mark.card_number = known.card_number AND mark.suspended)
"""
_JOINED = f"FROM card_state AS state CROSS JOIN main.card AS known USING (card_number) CROSS JOIN {CARD}"
_NEXT_IN_STEPS = f"""
    SELECT state.due_at {_JOINED}
    WHERE state.phase <> 2 AND card.deck_id IN (%s) AND {NOT_SET_ASIDE}
    ORDER BY state.due_at LIMIT 1
"""
_NEXT_REVIEW = f"""
    SELECT state.due_day {_JOINED}
    WHERE state.phase = 2 AND card.deck_id IN (%s) AND {_NOT_SUSPENDED}
    ORDER BY state.due_day LIMIT 1
"""


def next_due(connection: sqlite3.Connection, moment: Moment, decks: Sequence[str], days: StudyDays) -> datetime | None:
    """When the next card that has been answered before comes back, of the decks named (of all, if none is).

    A review that is due already, but held back by a limit, a sibling or a burial, comes when the day ends; for
    a card in its steps that is waiting the moment has passed.
    """
    chosen = _listed(connection, decks)
    moments = []
    step = connection.execute(_NEXT_IN_STEPS % chosen, moment.names).fetchone()
    if step is not None:
        moments.append(from_milliseconds(step[0]))
    review = connection.execute(_NEXT_REVIEW % chosen, moment.names).fetchone()
    if review is not None:
        (due_day,) = review
        moments.append(moment.end_of_day if due_day <= moment.day else days.start_of(due_day))
    return min(moments, default=None)


def held_back(
    connection: sqlite3.Connection,
    moment: Moment,
    left: Limits,
    decks: Sequence[str],
    present: Mapping[int, DeckTotals],
) -> int:
    """How many new and due cards of the decks named (of all, if none is) exceed what the limits leave.

    ``present`` is the `stock` of the day.
    """
    room = RemainingLimits.of(connection, moment.day)
    chosen = deck_ids(connection, decks)
    new = {deck_id: present[deck_id].new for deck_id in chosen if deck_id in present}
    due = {deck_id: present[deck_id].due for deck_id in chosen if deck_id in present}
    return _beyond(new, room.new, left.new) + _beyond(due, room.reviews, left.reviews)


def _beyond(counts: Mapping[int, int], room: Mapping[int, int], left: int | None) -> int:
    """How many cards exceed what their decks have room for, and what is left for all decks together."""
    admitted = sum(min(count, room.get(deck_id, count)) for deck_id, count in counts.items())
    return sum(counts.values()) - (admitted if left is None else min(admitted, left))


def _listed(connection: sqlite3.Connection, decks: Sequence[str]) -> str:
    return ", ".join(map(str, deck_ids(connection, decks)))
