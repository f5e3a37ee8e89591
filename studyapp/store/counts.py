"""How much there is to do: for the list of decks."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct

from studyapp.schedule.queue import Limits
from studyapp.store.day_counts import RemainingLimits
from studyapp.store.selection import (
    KNOWN,
    NOT_SET_ASIDE,
    Moment,
    day_siblings,
    deck_ids,
    deck_names,
    learning_cards,
)

_IS_NEW = "(state.card_number IS NULL AND NOT card.held)"
_IS_DUE = "state.phase = 2 AND state.due_day <= :today"
_CARDS = f"bank.card AS card LEFT JOIN {KNOWN} LEFT JOIN card_state AS state USING (card_number)"
_BY_DECK = f"""
    SELECT card.deck_id,
        count(*) FILTER (WHERE {_IS_NEW} AND {NOT_SET_ASIDE}),
        count(*) FILTER (WHERE {_IS_DUE} AND {NOT_SET_ASIDE}),
        count(*) FILTER (WHERE {_IS_NEW} AND card.sibling = '' AND {NOT_SET_ASIDE}),
        count(*) FILTER (WHERE {_IS_DUE} AND card.sibling = '' AND {NOT_SET_ASIDE})
    FROM {_CARDS} GROUP BY card.deck_id
"""
_SIBLINGS = f"""
    SELECT card.deck_id, card.card_id, card.sibling, {_IS_NEW}
    FROM {_CARDS} WHERE card.sibling <> '' AND ({_IS_NEW} OR ({_IS_DUE})) AND {NOT_SET_ASIDE}
    ORDER BY {_IS_NEW}, card.position
"""


class DeckCounts(Struct, frozen=True):
    """What one deck has to ask today under the daily limits.

    ``backlog`` is all that is due and ``unseen`` all that is new, without limit.
    """

    new: int = 0
    learning: int = 0
    due: int = 0
    backlog: int = 0
    unseen: int = 0


class Overview(Struct, frozen=True):
    """The counts of every deck by name, and those of all decks together, to which the limits apply once."""

    decks: dict[str, DeckCounts]
    total: DeckCounts


class DeckTotals(NamedTuple):
    """How many new and how many due cards a deck has, whatever the limits; and those of them without siblings."""

    new: int
    due: int
    new_alone: int
    due_alone: int


def stock(connection: sqlite3.Connection, day: int) -> dict[int, DeckTotals]:
    """What each deck has on study day ``day``, by the deck's number.

    One pass over the cards in the order of the decks: its cost hangs on how many there are, not on how many are
    due.
    """
    return {deck_id: DeckTotals(*counts) for deck_id, *counts in connection.execute(_BY_DECK, {"today": day})}


def overview(
    connection: sqlite3.Connection, moment: Moment, left: Limits, present: Mapping[int, DeckTotals]
) -> Overview:
    """What every deck has to ask, nothing of those that are off.

    ``left`` is what is left of the day's limits, ``present`` the `stock` of the day.
    """
    names = deck_names(connection)
    on = set(deck_ids(connection))
    in_steps = [(card, deck_id) for card, deck_id in learning_cards(connection, moment) if deck_id in on]
    learning = Counter(deck_id for _, deck_id in in_steps)
    new = Counter({deck_id: counts.new_alone for deck_id, counts in present.items() if deck_id in on})
    due = Counter({deck_id: counts.due_alone for deck_id, counts in present.items() if deck_id in on})
    new_together, due_together = new.copy(), due.copy()

    together = day_siblings(connection, moment, (card for card, _ in in_steps))
    apart = {deck_id: together.copy() for deck_id in on}
    for deck_id, card_id, sibling, is_new in connection.execute(_SIBLINGS, moment.names):
        if deck_id not in on:
            continue
        if together.admits(card_id, sibling):
            (new_together if is_new else due_together)[deck_id] += 1
        if apart[deck_id].admits(card_id, sibling):
            (new if is_new else due)[deck_id] += 1

    room = RemainingLimits.of(connection, moment.day)
    unseen = {deck_id: counts.new for deck_id, counts in present.items() if deck_id in on}

    def counts(deck: int) -> DeckCounts:
        most_new, most_due = _capped(new[deck], room.new.get(deck)), _capped(due[deck], room.reviews.get(deck))
        asked_new, asked_due = _capped(most_new, left.new), _capped(most_due, left.reviews)
        return DeckCounts(asked_new, learning[deck], asked_due, due[deck], unseen.get(deck, 0))

    all_new = sum(_capped(count, room.new.get(deck)) for deck, count in new_together.items())
    all_due = sum(_capped(count, room.reviews.get(deck)) for deck, count in due_together.items())
    total = DeckCounts(
        _capped(all_new, left.new),
        learning.total(),
        _capped(all_due, left.reviews),
        due_together.total(),
        sum(unseen.values()),
    )
    return Overview({name: counts(deck) for deck, name in names.items()}, total)


def _capped(count: int, limit: int | None) -> int:
    return count if limit is None else min(count, limit)
