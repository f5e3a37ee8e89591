"""What the targets ask today."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from studyapp.deck.bank import Bank, UnknownCard
from studyapp.deck.topics import Topics
from studyapp.planning import choose
from studyapp.store.database import Store
from studyapp.target.cards import Source, TargetCards, cards_of, source_of
from studyapp.target.target import Target, Targets

_MOST_LOOKED_INTO = 400
"""Of more cards than these, the order by what leads to what is not looked at."""


class PlannedDay(Struct, frozen=True):
    """The cards to ask today, in their order, and the seconds that are left for them."""

    card_ids: tuple[str, ...]
    seconds: float


class DayPlanner:
    """Asks what the targets want today. Reads the data when asked, and holds nothing."""

    def __init__(self, bank: Bank, store: Store, targets: Targets, topics: Callable[[], Topics]) -> None:
        self._bank = bank
        self._store = store
        self._targets = targets
        self._topics = topics

    @property
    def present(self) -> tuple[Target, ...]:
        """The targets that have time for today."""
        today = self._store.today
        return tuple(one for one in self._targets.present(today) if one.seconds_on(today) > 0)

    def plan(self) -> PlannedDay:
        """What is to be asked now; a card that several targets want is asked for the nearest one.

        Raises:
            StoreError: the data cannot be read.
        """
        present = self.present
        if not present:
            return PlannedDay((), 0.0)
        found: dict[str, None] = {}
        seconds = 0.0
        source = source_of(present, self._bank, self._store, self._topics())
        for target in present:
            cards = cards_of(target, source)
            left = target.seconds_on(source.today) - cards.spent_today
            if left > 0:
                seconds += left
                found |= dict.fromkeys(chosen(target, cards, source, left))
        return PlannedDay(in_order_of_building(tuple(found), self._leads_to), seconds)

    def _leads_to(self, card_id: str) -> tuple[str, ...]:
        try:
            return self._bank.card(card_id).leads_to
        except UnknownCard:
            return ()


def chosen(target: Target, cards: TargetCards, source: Source, seconds: float) -> tuple[str, ...]:
    """The cards that `planning.choose` asks in the seconds that are left of today."""
    places = choose(
        cards.stability,
        cards.difficulty,
        cards.elapsed,
        cards.seconds,
        days_left=target.days_left(source.today),
        seconds_today=seconds,
        seconds_later=target.seconds_later(source.today),
        weights=source.weights,
        importance=cards.importance,
    )
    return tuple(cards.card_ids[place] for place in places)


def in_order_of_building(card_ids: Sequence[str], leads_to: Callable[[str], Sequence[str]]) -> tuple[str, ...]:
    """The same cards, none of them before one that leads to it; circles are left as they are."""
    if len(card_ids) > _MOST_LOOKED_INTO:
        return tuple(card_ids)
    needs: dict[str, list[str]] = {card_id: [] for card_id in card_ids}
    for card_id in card_ids:
        for later in leads_to(card_id):
            if later in needs:
                needs[later].append(card_id)
    ordered: dict[str, None] = {}

    def place(card_id: str, above: frozenset[str]) -> None:
        if card_id in ordered or card_id in above:
            return
        for earlier in needs[card_id]:
            place(earlier, above | {card_id})
        ordered[card_id] = None

    for card_id in card_ids:
        place(card_id, frozenset())
    return tuple(ordered)
