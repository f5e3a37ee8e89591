"""The order in which cards are asked: a plain value that a session works down.

Learning cards come as soon as they are due, then the reviews, least well remembered first, with the new cards
spread evenly among them. When nothing else is left, learning cards may come a little early.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from studyapp.schedule.fuzz import unit_interval
from studyapp.schedule.memory import CardState, Phase

LEARN_AHEAD = timedelta(minutes=20)
"""By how much a learning card may come early when nothing else is left."""


class Limits(Struct, frozen=True):
    """How many new cards and reviews a study day may bring; None is no limit."""

    new: int | None = 20
    reviews: int | None = 200

    def left(self, introduced: int, reviewed: int) -> Limits:
        """What is left of the limits after so many new cards and reviews, never below nothing."""
        return Limits(
            None if self.new is None else max(0, self.new - introduced),
            None if self.reviews is None else max(0, self.reviews - reviewed),
        )


class Candidate(Struct, frozen=True):
    """A card that can be asked. ``phase`` None is a new card; ``due_at`` is given for learning cards.

    ``sibling`` names the group of cards of which only one is asked a day, empty for none. ``position`` is the
    place of the card in the order of the decks.
    """

    card_id: str
    phase: Phase | None
    position: int
    sibling: str = ""
    due_at: datetime | None = None

    @property
    def is_learning(self) -> bool:
        """Whether the card is in its learning or relearning steps."""
        return self.phase in (Phase.LEARNING, Phase.RELEARNING)


class QueueCounts(Struct, frozen=True):
    """How many cards are still to come, by kind. ``learning`` includes those whose time is later today."""

    new: int = 0
    learning: int = 0
    due: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.new + self.learning + self.due


class SiblingFilter:
    """Lets through at most one card of each sibling group.

    ``answered`` says which cards of a group were answered today: they hide the others of the group, not
    themselves.
    """

    def __init__(self, answered: Mapping[str, Iterable[str]] | None = None) -> None:
        self._shown: dict[str, set[str]] = {group: set(ids) for group, ids in (answered or {}).items()}

    def copy(self) -> SiblingFilter:
        """A filter that has let the same cards through."""
        return SiblingFilter(self._shown)

    def take_over(self, other: SiblingFilter) -> None:
        """From now on hides what ``other`` hides."""
        self._shown = other._shown

    def admits(self, card_id: str, sibling: str) -> bool:
        """Whether the card may be asked; if so, it hides its siblings from now on."""
        if not sibling:
            return True
        shown = self._shown.setdefault(sibling, set())
        if shown - {card_id}:
            return False
        shown.add(card_id)
        return True


def mix(reviews: Sequence[Candidate], new: Sequence[Candidate], day: int) -> tuple[Candidate, ...]:
    """``reviews`` and ``new``, each in its own order, with the new cards spread evenly among the reviews.

    ``day`` seeds where the first new card stands.
    """
    offset = unit_interval("queue", day)
    placed = [((rank + 0.5) / len(reviews), 0, rank, card) for rank, card in enumerate(reviews)]
    placed += [((rank + offset) / len(new), 1, rank, card) for rank, card in enumerate(new)]
    placed.sort()  # no two have the same kind and rank: cards are never compared
    return tuple(card for *_, card in placed)


class Row(Struct, frozen=True, eq=False):
    """Cards in a fixed order, worked down from the front; none of them in its steps.

    What is left after the first card shares its cards with the row before: a queue can be kept for every answer that
    may be taken back. ``new`` counts the new cards that are left.
    """

    cards: tuple[Candidate, ...] = ()
    start: int = 0
    new: int = 0

    @classmethod
    def of(cls, cards: Iterable[Candidate]) -> Row:
        """A row of all these cards."""
        cards = tuple(cards)
        return cls(cards, 0, sum(card.phase is None for card in cards))

    def __len__(self) -> int:
        return len(self.cards) - self.start

    def __iter__(self) -> Iterator[Candidate]:
        return islice(self.cards, self.start, None)

    @property
    def first(self) -> Candidate:
        """The card at the front; there must be one."""
        return self.cards[self.start]

    def without(self, card_id: str) -> Row:
        """The row without that card. At the front that takes no time, elsewhere the row is made anew."""
        if self and self.first.card_id == card_id:
            return Row(self.cards, self.start + 1, self.new - (self.first.phase is None))
        return self.only(lambda card: card.card_id != card_id)

    def only(self, stays: Callable[[Candidate], bool]) -> Row:
        """The row with the cards that stay."""
        return self if all(map(stays, self)) else Row.of(filter(stays, self))


class Queue(Struct, frozen=True):
    """What is left to ask today: ``learning`` sorted by due time, and the reviews and new cards in ``main``.

    ``first`` is a card that must come next whatever else waits, as after an undo; it stands nowhere else.
    """

    learning: tuple[Candidate, ...] = ()
    main: Row = Row()
    first: Candidate | None = None

    @classmethod
    def build(
        cls,
        learning: Iterable[Candidate],
        reviews: Sequence[Candidate],
        new: Sequence[Candidate],
        day: int,
    ) -> Queue:
        """The queue at the start of a session on study day ``day``."""
        return cls(tuple(sorted(learning, key=_due)), Row.of(mix(reviews, new, day)))

    def next(self, now: datetime, ahead: timedelta = LEARN_AHEAD) -> Candidate | None:
        """The card to ask at ``now``; None when nothing is left, or nothing that may come so early."""
        if self.first is not None:
            return self.first
        soonest = self.learning[0] if self.learning else None
        if soonest is not None and _due(soonest)[0] <= now:
            return soonest
        if self.main:
            return self.main.first
        if soonest is not None and _due(soonest)[0] <= now + ahead:
            return soonest
        return None

    def waiting(self, now: datetime, ahead: timedelta = LEARN_AHEAD) -> datetime | None:
        """When the next learning card is due, if there is nothing to ask before it; else None."""
        if self.next(now, ahead) is not None or not self.learning:
            return None
        return self.learning[0].due_at

    def find(self, card_id: str) -> Candidate | None:
        """The card of that id, if it is still to come."""
        first = (self.first,) if self.first else ()
        return next((card for card in (*first, *self.learning, *self.main) if card.card_id == card_id), None)

    def without(self, card_id: str) -> Queue:
        """The queue without that card: buried, suspended, deleted or answered elsewhere."""
        if self.first is not None and self.first.card_id == card_id:
            return Queue(self.learning, self.main)
        learning = tuple(card for card in self.learning if card.card_id != card_id)
        if len(learning) < len(self.learning):
            return Queue(learning, self.main, self.first)
        return Queue(learning, self.main.without(card_id), self.first)

    def answered(self, card: Candidate, state: CardState, until: datetime) -> Queue:
        """The queue after ``card`` was answered and has become ``state``: its siblings wait for another day.

        A card in its steps comes again if that is before ``until``, the end of the day.
        """
        rest = self.without(card.card_id)
        if card.sibling:
            rest = replace(rest, main=rest.main.only(lambda other: other.sibling != card.sibling))
        if state.phase is Phase.REVIEW or state.due_at >= until:
            return rest
        again = replace(card, phase=state.phase, due_at=state.due_at)
        return replace(rest, learning=tuple(sorted((*rest.learning, again), key=_due)))

    def put_back(self, card: Candidate) -> Queue:
        """The queue with ``card`` as the very next one, once: what an undone answer asks for."""
        return replace(self.without(card.card_id), first=card)

    @property
    def counts(self) -> QueueCounts:
        """How many cards are left, by kind."""
        new, learning, due = self.main.new, len(self.learning), len(self.main) - self.main.new
        if self.first is not None:
            new += self.first.phase is None
            learning += self.first.is_learning
            due += self.first.phase is Phase.REVIEW
        return QueueCounts(new, learning, due)


def _due(card: Candidate) -> tuple[datetime, str]:
    assert card.due_at is not None, "a learning card has a due time"
    return card.due_at, card.card_id
