"""How well each deck is known, and how firm the cards are: figures for the learner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studyapp.store.log import REMAINING_ANSWERS

if TYPE_CHECKING:
    from studyapp.store.statistics import Statistics

_CARDS = """
    SELECT deck.name, :today - state.last_day, state.stability, state.difficulty
    FROM bank.card AS card CROSS JOIN bank.deck AS deck ON deck.deck_id = card.deck_id
    LEFT JOIN card_state AS state ON state.card_id = card.card_id
"""
_REVIEWS = f"""
    SELECT deck.name, count(*) FILTER (WHERE entry.rating > 1), count(*)
    FROM log AS entry CROSS JOIN bank.card AS card ON card.card_id = entry.card_id
    CROSS JOIN bank.deck AS deck ON deck.deck_id = card.deck_id
    WHERE {REMAINING_ANSWERS} AND entry.phase_before = 2 AND entry.days_before >= 1
        AND entry.day BETWEEN :first AND :last
    GROUP BY deck.name
"""

Recall = Callable[[float, float], float]
"""``recall(elapsed, stability)``: the chance of remembering after so many study days."""


@dataclass(frozen=True, slots=True)
class Mastery:
    """One deck: its cards, how many of them have been answered, and how likely those are remembered today.

    ``reviews`` and ``remembered`` count the reviews of the span that was asked about.
    """

    deck: str
    cards: int
    seen: int
    recall: float
    reviews: int = 0
    remembered: int = 0

    @property
    def share(self) -> float:
        """The share of the whole deck that would be remembered today: cards never seen count as not known."""
        return self.recall * self.seen / self.cards if self.cards else 0.0


@dataclass(frozen=True, slots=True)
class Firmness:
    """The stability in days and the difficulty, 1 to 10, of every card that has been answered."""

    stabilities: tuple[float, ...]
    difficulties: tuple[float, ...]


def mastery(statistics: Statistics, recall: Recall, first: int, last: int) -> tuple[tuple[Mastery, ...], Firmness]:
    """Every deck by name, and all cards together; the reviews are those of days ``first`` to ``last``."""
    cards: dict[str, int] = {}
    chances: dict[str, list[float]] = {}
    stabilities, difficulties = [], []
    for deck, elapsed, stability, difficulty in statistics.rows(_CARDS, today=statistics.today):
        cards[deck] = cards.get(deck, 0) + 1
        if stability is not None:
            chances.setdefault(deck, []).append(recall(max(0, elapsed), stability))
            stabilities.append(stability)
            difficulties.append(difficulty)
    reviews = {deck: (passed, total) for deck, passed, total in statistics.rows(_REVIEWS, first=first, last=last)}
    decks = []
    for deck, count in sorted(cards.items()):
        known = chances.get(deck, [])
        passed, total = reviews.get(deck, (0, 0))
        decks.append(Mastery(deck, count, len(known), sum(known) / len(known) if known else 0.0, total, passed))
    return tuple(decks), Firmness(tuple(stabilities), tuple(difficulties))
