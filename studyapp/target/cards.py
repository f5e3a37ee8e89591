"""The cards of a target as planning takes them: what is believed of each, and how long it takes this learner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from studyapp.deck.bank import Bank, UnknownDeck
from studyapp.deck.query import QueryError, parse_query
from studyapp.deck.search import search
from studyapp.deck.topics import Topics
from studyapp.planning.answering import Memory, Real
from studyapp.store.database import Store
from studyapp.store.log import ANSWERS, LONGEST_COUNTED_MS, WAS_JUDGED
from studyapp.store.selection import KNOWN, NOT_SET_ASIDE
from studyapp.store.statistics import Statistics
from studyapp.target.target import Target

USUAL_SECONDS = {
    "recall": 20.0,
    "cloze": 20.0,
    "choice": 20.0,
    "typed": 20.0,
    "order": 45.0,
    "compute": 75.0,
    "formula": 60.0,
    "explain": 90.0,
    "code": 240.0,
}
"""What an answer takes by kind, where nothing is known of the learner; of other kinds `_OTHERWISE`."""

_OTHERWISE = 30.0
_KIND_COUNTS, _CARD_COUNTS = 5.0, 3.0
"""As how many answers the usual time of the kind counts, and the mean of the kind for a card."""

INTERVIEW_DAYS = 60
"""Answers in mock interviews count so long for the estimate of their topic."""

_TRUST = 4.0
"""As how many answers in interviews the model's own belief counts."""

_CARDS = f"""
    SELECT card.card_id, card.kind, card.tags, card.covers, deck.name,
        state.stability, state.difficulty, :today - state.last_day
    FROM bank.card AS card CROSS JOIN bank.deck AS deck ON deck.deck_id = card.deck_id
    LEFT JOIN {KNOWN} LEFT JOIN card_state AS state USING (card_number)
    WHERE deck.enabled AND (state.card_number IS NOT NULL OR NOT card.held) AND {NOT_SET_ASIDE}
    ORDER BY card.position
"""
_TIMES = f"""
    SELECT known.card_id, count(*), sum(min(result.duration, {LONGEST_COUNTED_MS})) / 1000.0
    FROM result CROSS JOIN main.card AS known USING (card_number)
    WHERE result.duration > 0 GROUP BY result.card_number
"""
_INTERVIEWS = f"""
    SELECT known.card_id, entry.score
    FROM {ANSWERS} CROSS JOIN main.card AS known ON known.card_number = result.card_number
    WHERE entry.mode = 'mock' AND {WAS_JUDGED} AND entry.score IS NOT NULL AND result.day > :first
"""
_TODAY = f"""
    SELECT known.card_id, sum(min(coalesce(result.duration, 0), {LONGEST_COUNTED_MS})) / 1000.0
    FROM result CROSS JOIN main.card AS known USING (card_number)
    WHERE result.day = :today GROUP BY result.card_number
"""


class TargetCards(Struct, frozen=True, eq=False):
    """One entry a card, in the order of the decks."""

    card_ids: tuple[str, ...]
    kinds: tuple[str, ...]
    topics: tuple[tuple[str, ...], ...]
    """The titles of the topics of each card."""
    stability: Real
    difficulty: Real
    elapsed: Real
    seconds: Real
    importance: Real
    spent_today: float
    """The seconds of today's answers to these cards."""

    def __len__(self) -> int:
        return len(self.card_ids)

    @property
    def is_new(self) -> NDArray[np.bool_]:
        """Which cards were never seen."""
        return np.isnan(self.stability)


class Source(Struct, frozen=True, eq=False):
    """Where the cards of targets are read from; it can be used in a thread of its own with the statistics of a view of
    its own."""

    statistics: Statistics
    weights: tuple[float, ...]
    """Of FSRS-6."""
    topics: Topics
    decks: Mapping[int, Collection[str] | None]
    """The decks of each target by its number; None where all are meant."""
    fitting: Mapping[int, Collection[str] | None]
    """The cards that the search of each target finds; None where there is no search."""
    trouble: Mapping[int, str]
    """What is wrong with the decks or the search of a target, in words."""

    @property
    def today(self) -> int:
        """The study day."""
        return self.statistics.today


def source_of(
    targets: Sequence[Target], bank: Bank, store: Store, topics: Topics, statistics: Statistics | None = None
) -> Source:
    """What the cards of these targets are read from.

    Raises:
        StoreError: the data cannot be read.
    """
    decks: dict[int, Collection[str] | None] = {}
    fitting: dict[int, Collection[str] | None] = {}
    trouble: dict[int, str] = {}
    for target in targets:
        decks[target.number] = fitting[target.number] = None
        try:
            if target.decks:
                decks[target.number] = frozenset(bank.resolve_decks(target.decks))
            if target.search.strip():
                query = parse_query(target.search)
                found = search(bank, query, store.flag_lookup(query.flags))
                fitting[target.number] = frozenset(entry.card_id for entry in found)
        except (UnknownDeck, QueryError) as error:
            decks[target.number] = frozenset()
            trouble[target.number] = str(error)
    weights = store.scheduler.settings.weights
    return Source(statistics or store.statistics(), weights, topics, decks, fitting, trouble)


def cards_of(target: Target, source: Source) -> TargetCards:
    """The cards of a target that are in a deck that is on and not set aside.

    Raises:
        StoreError: the data cannot be read.
    """
    decks, fitting = source.decks[target.number], source.fitting[target.number]
    rows, today, topics = source.statistics.rows, source.today, source.topics
    chosen = [
        row
        for row in rows(_CARDS, today=today)
        if (decks is None or row[4] in decks) and (fitting is None or row[0] in fitting)
    ]
    ids, kinds = tuple(row[0] for row in chosen), tuple(row[1] for row in chosen)
    of_card = [topics.of(row[4], row[3]) for row in chosen]
    numbers = np.array([row[5:] for row in chosen], dtype=float).reshape(-1, 3)
    stability, difficulty, elapsed = numbers.T.copy()
    elapsed = np.maximum(elapsed, 0.0)
    names = tuple(tuple(topic.title for topic in found) for found in of_card)
    weights = [
        _importance(target.weights, {row[4], *row[2].split(), *(topic.name for topic in found), *titles})
        for row, found, titles in zip(chosen, of_card, names, strict=True)
    ]
    recall = Memory(source.weights).recall(stability, elapsed)
    firmness = _by_interviews(ids, names, recall, rows(_INTERVIEWS, first=today - INTERVIEW_DAYS))
    spent = dict(rows(_TODAY, today=today))
    return TargetCards(
        ids,
        kinds,
        names,
        stability * firmness,
        difficulty,
        elapsed,
        times(ids, kinds, rows(_TIMES)),
        np.array(weights, dtype=float),
        float(sum(spent.get(card_id, 0.0) for card_id in ids)),
    )


def times(ids: Sequence[str], kinds: Sequence[str], answered: Sequence[tuple[str, int, float]]) -> Real:
    """The seconds of an answer to each card: its own mean, drawn to the mean of its kind, drawn to what is usual.

    ``answered`` gives for each card that was answered how often and how many seconds in all.
    """
    by_card = {card_id: (count, seconds) for card_id, count, seconds in answered}
    by_kind: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for card_id, kind in zip(ids, kinds, strict=True):
        count, seconds = by_card.get(card_id, (0, 0.0))
        by_kind[kind][0] += count
        by_kind[kind][1] += seconds
    means = {
        kind: (seconds + _KIND_COUNTS * USUAL_SECONDS.get(kind, _OTHERWISE)) / (count + _KIND_COUNTS)
        for kind, (count, seconds) in by_kind.items()
    }
    found = []
    for card_id, kind in zip(ids, kinds, strict=True):
        count, seconds = by_card.get(card_id, (0, 0.0))
        found.append(max(1.0, (seconds + _CARD_COUNTS * means[kind]) / (count + _CARD_COUNTS)))
    return np.array(found, dtype=float)


def _importance(weights: Mapping[str, float], names: Collection[str]) -> float:
    """The greatest weight among those of a card's names, 1 where it has none; a weight of 0 leaves it out."""
    found = [weight for name, weight in weights.items() if name in names]
    if 0.0 in found:
        return 0.0
    return max(found, default=1.0)


def _by_interviews(
    ids: Sequence[str], topics: Sequence[Sequence[str]], recall: Real, answers: Sequence[tuple[str, float]]
) -> Real:
    """By how much longer or shorter the cards of each topic are believed to last, from what mock interviews showed.

    Where fewer answers were right than the model expects of these cards, all cards of the topic count as less firm.
    """
    place = {card_id: number for number, card_id in enumerate(ids)}
    right: defaultdict[str, float] = defaultdict(float)
    expected: defaultdict[str, float] = defaultdict(float)
    for card_id, score in answers:
        number = place.get(card_id)
        if number is None or np.isnan(recall[number]):
            continue
        for topic in topics[number]:
            right[topic] += score
            expected[topic] += recall[number]
    ratio = {topic: (right[topic] + _TRUST) / (expected[topic] + _TRUST) for topic in right}
    factors = [np.mean([ratio.get(topic, 1.0) for topic in of_card]) ** 2 for of_card in topics]
    return np.asarray(np.clip(np.array(factors, dtype=float), 0.2, 2.0), dtype=float)
