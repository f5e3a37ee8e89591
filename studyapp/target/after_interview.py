"""What a mock interview says about the days before the date: the minutes that would help most, and their cards."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from studyapp.target.cards import Source, cards_of
from studyapp.target.target import Target
from studyapp.target.today import chosen

MOST_SECONDS = 20 * 60.0
"""Of one sitting."""


class BestMinutes(Struct, frozen=True):
    """The cards that add most to what is known on the day, in the order to study them, and what that takes."""

    date: date
    card_ids: tuple[str, ...]
    seconds: float
    topics: tuple[str, ...]
    """Titles, the one with most of the cards first."""


def best_minutes(target: Target, source: Source, asked: Collection[str], poor: Collection[str]) -> BestMinutes | None:
    """The best use of one sitting on the topics in which the interview went badly; None where nothing would help.

    ``asked`` are the cards of the interview, ``poor`` those of them that did not go well: where all went well, all of
    its topics count.

    Raises:
        StoreError: the data cannot be read.
    """
    cards = cards_of(target, source)
    about = {
        topic
        for card_id, topics in zip(cards.card_ids, cards.topics, strict=True)
        if card_id in (poor or asked)
        for topic in topics
    }
    wanted = np.array([bool(about.intersection(topics)) for topics in cards.topics], dtype=bool)
    if not wanted.any():
        return None
    usual = target.minutes * 60
    seconds = min(MOST_SECONDS, usual) if usual > 0 else MOST_SECONDS
    only = replace(cards, importance=np.where(wanted, cards.importance, 0.0))
    found = chosen(target, only, source, seconds)
    if not found:
        return None
    place = {card_id: number for number, card_id in enumerate(cards.card_ids)}
    counts: dict[str, int] = {}
    for card_id in found:
        for topic in cards.topics[place[card_id]]:
            if topic in about:
                counts[topic] = counts.get(topic, 0) + 1
    takes = sum(cards.seconds[place[card_id]] * (2 if cards.is_new[place[card_id]] else 1) for card_id in found)
    named = tuple(sorted(counts, key=lambda topic: -counts[topic]))
    return BestMinutes(target.date, found, float(takes), named)
