"""How much there is to do, and how much of the daily limits is used up: for the list of decks."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass

from studyapp.schedule.memory import Phase
from studyapp.schedule.queue import Limits
from studyapp.store.log import REMAINING_ANSWERS
from studyapp.store.selection import (
    NOT_SET_ASIDE,
    Moment,
    day_siblings,
    deck_names,
    learning_cards,
)

_SCHEDULED_TODAY = f"entry.day = :today AND entry.phase IS NOT NULL AND {REMAINING_ANSWERS}"
_DAY_COUNT = f"""
    SELECT count(DISTINCT CASE WHEN phase_before IS NULL THEN card_id END),
        count(DISTINCT CASE WHEN phase_before = 2 THEN card_id END)
    FROM log AS entry WHERE {_SCHEDULED_TODAY}
"""
_DAY_CARDS = f"""
    SELECT DISTINCT card.deck_id, card.card_id, entry.phase_before
    FROM log AS entry CROSS JOIN bank.card AS card ON card.card_id = entry.card_id
    WHERE {_SCHEDULED_TODAY}
"""
_IS_NEW = "state.card_id IS NULL"
_IS_DUE = "state.phase = 2 AND state.due_day <= :today"
_CARDS = "bank.card AS card LEFT JOIN card_state AS state ON state.card_id = card.card_id"
_BY_DECK = f"""
    SELECT card.deck_id,
        count(*) FILTER (WHERE {_IS_NEW} AND {NOT_SET_ASIDE}),
        count(*) FILTER (WHERE {_IS_DUE} AND {NOT_SET_ASIDE})
    FROM {_CARDS} WHERE :with_siblings OR card.sibling = '' GROUP BY card.deck_id
"""
_SIBLINGS = f"""
    SELECT card.deck_id, card.card_id, card.sibling, {_IS_NEW}
    FROM {_CARDS} WHERE card.sibling <> '' AND ({_IS_NEW} OR ({_IS_DUE})) AND {NOT_SET_ASIDE}
    ORDER BY {_IS_NEW}, card.position
"""


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many different cards were introduced and how many reviewed on one study day."""

    introduced: int = 0
    reviewed: int = 0


@dataclass(frozen=True, slots=True)
class DeckCounts:
    """What one deck has to ask today under the daily limits; ``backlog`` all that is due, without limit."""

    new: int = 0
    learning: int = 0
    due: int = 0
    backlog: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """The counts of every deck by name, and those of all decks together, to which the limits apply once."""

    decks: dict[str, DeckCounts]
    total: DeckCounts


def day_count(connection: sqlite3.Connection, day: int) -> DayCount:
    """What counts against the daily limits, from the log: cards of decks that are gone count too."""
    return DayCount(*connection.execute(_DAY_COUNT, {"today": day}).fetchone())


def day_count_by_deck(connection: sqlite3.Connection, day: int) -> dict[str, DayCount]:
    """The same for each deck that had any."""
    introduced: Counter[int] = Counter()
    reviewed: Counter[int] = Counter()
    for deck_id, _, phase_before in connection.execute(_DAY_CARDS, {"today": day}):
        introduced[deck_id] += phase_before is None
        reviewed[deck_id] += phase_before == Phase.REVIEW
    return {
        name: DayCount(introduced[deck_id], reviewed[deck_id])
        for deck_id, name in deck_names(connection).items()
        if introduced[deck_id] or reviewed[deck_id]
    }


def stock(connection: sqlite3.Connection, moment: Moment, *, with_siblings: bool = True) -> dict[int, tuple[int, int]]:
    """How many new and how many due cards each deck has, by the deck's number, whatever the limits.

    One pass over the cards in the order of the decks: its cost hangs on how many there are, not on how many are
    due.
    """
    places = {**moment.names, "with_siblings": with_siblings}
    return {deck_id: (new, due) for deck_id, new, due in connection.execute(_BY_DECK, places)}


def overview(connection: sqlite3.Connection, moment: Moment, left: Limits) -> Overview:
    """What every deck has to ask; ``left`` is what is left of the day's limits."""
    names = deck_names(connection)
    in_steps = list(learning_cards(connection, moment))
    learning = Counter(deck_id for _, deck_id in in_steps)
    alone = stock(connection, moment, with_siblings=False)
    new = Counter({deck_id: count for deck_id, (count, _) in alone.items()})
    due = Counter({deck_id: count for deck_id, (_, count) in alone.items()})
    all_new, all_due = new.total(), due.total()

    together = day_siblings(connection, moment, (card for card, _ in in_steps))
    apart = {deck_id: together.copy() for deck_id in names}
    for deck_id, card_id, sibling, is_new in connection.execute(_SIBLINGS, moment.names):
        passes = together.admits(card_id, sibling)
        all_new += passes and is_new
        all_due += passes and not is_new
        if apart[deck_id].admits(card_id, sibling):
            (new if is_new else due)[deck_id] += 1

    def counts(new: int, learning: int, due: int) -> DeckCounts:
        return DeckCounts(_capped(new, left.new), learning, _capped(due, left.reviews), due)

    decks = {name: counts(new[deck], learning[deck], due[deck]) for deck, name in names.items()}
    return Overview(decks, counts(all_new, learning.total(), all_due))


def _capped(count: int, limit: int | None) -> int:
    return count if limit is None else min(count, limit)
