"""How well each topic is known, which are weakest, and how firm the cards are: figures for the learner."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from heapq import nsmallest
from typing import TYPE_CHECKING

from msgspec import Struct, field

from studyapp.deck.topics import StudyTopic, Topics
from studyapp.schedule.rating import FORGOTTEN, REMEMBERED
from studyapp.store.log import ANSWERS, WAS_JUDGED

if TYPE_CHECKING:
    from studyapp.store.statistics import Statistics

DAYS = 90
"""Study days up to today whose answers tell what is weak: what was mended long ago is not weak any more."""

FEWEST_ANSWERS = 5
"""With fewer answers nothing is said about a topic."""

PRIOR_ANSWERS = 10.0
"""As many answers of average quality are added to those of each topic before topics are compared."""

MOST_WEAK = 5
"""Topics that are named as the weakest."""

MOST_PRACTISED = 200
"""Cards of a topic that are kept for practice."""

_IS_WRONG = f"({FORGOTTEN} OR coalesce(entry.outcome, '') IN ('wrong', 'misconception', 'gave_up'))"
_IS_REVIEW = "(result.phase_before = 2 AND result.days_before >= 1)"
_CARDS = """
    SELECT card.card_id, deck.name, card.covers, instr(card.tags, ' beyond ') > 0,
        :today - state.last_day, state.stability, state.difficulty
    FROM bank.card AS card CROSS JOIN bank.deck AS deck ON deck.deck_id = card.deck_id
    LEFT JOIN main.card AS known ON known.card_id = card.card_id LEFT JOIN card_state AS state USING (card_number)
"""
_ANSWERS = f"""
    SELECT known.card_id, answers, wrong, reviews, remembered
    FROM (
        SELECT result.card_number, count(*) AS answers, count(*) FILTER (WHERE {_IS_WRONG}) AS wrong,
            count(*) FILTER (WHERE {_IS_REVIEW}) AS reviews,
            count(*) FILTER (WHERE {_IS_REVIEW} AND {REMEMBERED}) AS remembered
        FROM {ANSWERS} WHERE {WAS_JUDGED} AND result.day BETWEEN :first AND :last
        GROUP BY result.card_number
    ) CROSS JOIN main.card AS known USING (card_number)
"""

Recall = Callable[[float, float], float]
"""``recall(elapsed, stability)``: the chance of remembering after so many study days."""


class Mastery(Struct, frozen=True):
    """One topic: its cards, those answered before (``seen``), and how likely these are remembered today (``recall``).

    The answers of the last `DAYS` days: all of them, those rated Again or judged wrong (``wrong``), the reviews of
    known cards among them, and how many of those were remembered. ``weakness`` is the cautious share of wrong
    answers by which topics are compared; ``practice`` are cards answered before, most often wrong first.
    """

    topic: StudyTopic
    cards: int
    seen: int
    recall: float
    answers: int = 0
    wrong: int = 0
    reviews: int = 0
    remembered: int = 0
    weakness: float = 0.0
    practice: tuple[str, ...] = ()
    beyond: int = 0
    """Cards tagged `beyond`, which are not among ``cards``; ``beyond_seen`` of them were answered before."""
    beyond_seen: int = 0

    @property
    def share(self) -> float:
        """The share of the whole topic that would be remembered today: cards never seen count as not known."""
        return self.recall * self.seen / self.cards if self.cards else 0.0


class MemoryStrength(Struct, frozen=True):
    """The stability in days and the difficulty, 1 to 10, of every card that has been answered."""

    stabilities: tuple[float, ...]
    difficulties: tuple[float, ...]


class Ranking(Struct, frozen=True):
    """Topics by weakness: the weakest, at most `MOST_WEAK`; those with too few answers; those not begun."""

    weakest: tuple[Mastery, ...]
    too_early: tuple[Mastery, ...]
    not_begun: tuple[Mastery, ...]


def ranking(topics: Sequence[Mastery]) -> Ranking:
    """Which topics are weakest: by `Mastery.weakness`, then by the chance of remembering their cards today.

    Topics with fewer than `FEWEST_ANSWERS` answers are not ranked.
    """
    ranked = [one for one in topics if one.answers >= FEWEST_ANSWERS]
    begun = [one for one in topics if one.answers < FEWEST_ANSWERS and (one.seen or one.answers)]
    ranked.sort(key=lambda one: (-one.weakness, one.recall, one.topic.title))
    return Ranking(
        tuple(ranked[:MOST_WEAK]),
        tuple(begun),
        tuple(one for one in topics if not one.seen and not one.answers),
    )


def weakness(wrong: int, answers: int, average: float) -> float:
    """The share of wrong answers as it is likely to be: that of a Beta prior of `PRIOR_ANSWERS` answers at ``average``.

    Ranked by the bare share, two wrong answers of two would be the weakest topic of all, and a lower bound would hide
    such a topic behind every other. The prior takes a topic to be like the learner's other topics until its own
    answers say otherwise.

    >>> weakness(2, 2, 0.2) < weakness(30, 60, 0.2) < weakness(20, 20, 0.2)
    True
    """
    return (wrong + PRIOR_ANSWERS * average) / (answers + PRIOR_ANSWERS)


class _Tally(Struct):
    """What is counted of one topic."""

    cards: int = 0
    beyond: int = 0
    beyond_seen: int = 0
    chances: list[float] = field(default_factory=list)
    counts: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    """Answers, wrong ones, reviews, remembered ones."""
    answered: list[tuple[int, str]] = field(default_factory=list)
    """Answered cards, those of interviews too, with the negative number of wrong answers."""


def mastery(statistics: Statistics, recall: Recall, topics: Topics) -> tuple[tuple[Mastery, ...], MemoryStrength]:
    """Every topic of which there are cards, in the order of the syllabus, and all cards together."""
    today = statistics.today
    answered: Mapping[str, tuple[int, ...]] = {
        card_id: tuple(counts) for card_id, *counts in statistics.rows(_ANSWERS, first=today - DAYS + 1, last=today)
    }
    tallies: dict[StudyTopic, _Tally] = {}
    stabilities, difficulties = [], []
    answers = wrong = 0
    for card_id, deck, covers, is_beyond, elapsed, stability, difficulty in statistics.rows(_CARDS, today=today):
        counts = answered.get(card_id)
        if counts is not None:
            answers += counts[0]
            wrong += counts[1]
        chance = None
        if stability is not None:
            chance = recall(max(0, elapsed), stability)
            stabilities.append(stability)
            difficulties.append(difficulty)
        for topic in topics.of(deck, covers):
            tally = tallies.setdefault(topic, _Tally())
            if is_beyond:
                tally.beyond += 1
                tally.beyond_seen += chance is not None
            else:
                tally.cards += 1
                if chance is not None:
                    tally.chances.append(chance)
            if chance is not None or counts is not None:
                tally.answered.append((-counts[1] if counts else 0, card_id))
            if counts is not None:
                tally.counts = [old + new for old, new in zip(tally.counts, counts, strict=True)]
    average = wrong / answers if answers else 0.0
    found = []
    for topic, tally in sorted(tallies.items(), key=lambda entry: topics.place(entry[0])):
        seen = len(tally.chances)
        answers, wrong, reviews, remembered = tally.counts
        found.append(
            Mastery(
                topic,
                tally.cards,
                seen,
                sum(tally.chances) / seen if seen else 0.0,
                answers,
                wrong,
                reviews,
                remembered,
                weakness(wrong, answers, average),
                tuple(card_id for _, card_id in nsmallest(MOST_PRACTISED, tally.answered)),
                tally.beyond,
                tally.beyond_seen,
            )
        )
    return tuple(found), MemoryStrength(tuple(stabilities), tuple(difficulties))
