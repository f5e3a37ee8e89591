"""How weak each card is, by the learner's answers: an interviewer asks more of what does not go well."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from studyapp.interview.course import UNKNOWN, Topic
from studyapp.schedule.memory import CardState, Phase
from studyapp.schedule.rating import FORGOTTEN
from studyapp.store.database import Store
from studyapp.store.log import ANSWERS, WAS_JUDGED

DAYS = 90
"""Study days up to today whose answers count: what was mended long ago is not weak any more."""

_ANSWERS = f"""
    SELECT known.card_id, answers, forgotten
    FROM (
        SELECT result.card_number, count(*) AS answers, count(*) FILTER (WHERE {FORGOTTEN}) AS forgotten
        FROM {ANSWERS} WHERE {WAS_JUDGED} AND result.day BETWEEN :first AND :last
        GROUP BY result.card_number
    ) CROSS JOIN main.card AS known USING (card_number)
"""


def weaknesses(store: Store, topics: Sequence[Topic]) -> dict[str, float]:
    """From 0 for a firm card to 1 for the weakest.

    Answers in interviews and practice count as well as reviews. A card without answers takes after its deck.

    Raises:
        StoreError: the data cannot be read.
    """
    today = store.today
    rows = store.statistics().rows(_ANSWERS, first=today - DAYS + 1, last=today)
    by_card = {card_id: (answers, wrong) for card_id, answers, wrong in rows}
    by_deck: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for topic in topics:
        answers, wrong = by_card.get(topic.card_id, (0, 0))
        by_deck[topic.deck][0] += answers
        by_deck[topic.deck][1] += wrong
    found = {}
    for topic in topics:
        answers, wrong = by_deck[topic.deck]
        of_deck = share_wrong(answers, wrong, expected=UNKNOWN, weight=4)
        answers, wrong = by_card.get(topic.card_id, (0, 0))
        by_answers = share_wrong(answers, wrong, expected=of_deck, weight=1)
        state = store.state(topic.card_id)
        found[topic.card_id] = by_answers if state is None else max(by_answers, of_state(state))
    return found


def share_wrong(answers: int, wrong: int, expected: float, weight: float) -> float:
    """The share of wrong answers, drawn towards what is ``expected`` as if ``weight`` answers had shown that.

    >>> share_wrong(0, 0, 0.4, 4), share_wrong(4, 4, 0.4, 4)
    (0.4, 0.7)
    """
    return (wrong + weight * expected) / (answers + weight)


def of_state(state: CardState) -> float:
    """From 0 for a card that is firm to 1 for one that is often forgotten, hard, or still being learnt."""
    learning = 0.3 if state.phase is not Phase.REVIEW else 0.0
    return min(1.0, 0.15 * state.lapses + 0.5 * (state.difficulty - 1.0) / 9.0 + learning)
