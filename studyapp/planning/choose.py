"""Which cards to ask today, so that most is known on the day."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studyapp.planning.answering import Memory
from studyapp.planning.cards import Cards, Stages, checked_weights
from studyapp.planning.market import Market


def choose(
    stability: ArrayLike,
    difficulty: ArrayLike,
    elapsed: ArrayLike,
    seconds: ArrayLike,
    *,
    days_left: int,
    seconds_today: float,
    seconds_later: float,
    weights: Any = None,
    importance: ArrayLike | None = None,
) -> NDArray[np.int64]:
    """The cards to ask today, in the order in which to ask them: those that add most to the expected recall at the end
    of the last day, per second of today, given that later days have time as well.

    One entry a card. Cards that add nothing are left out, and the expected time of those returned fits
    ``seconds_today``; the last may run over. Equal cards come in the order given. The same arguments give the same
    order.

    Args:
        stability: in days, as FSRS-6 believes it.
        difficulty: 1 to 10.
        elapsed: days since the last answer. For a card never seen these three are NaN.
        seconds: that one answer takes this learner. A new or a forgotten card takes a second answer on the same day.
        days_left: the days in which cards can be asked, today included.
        seconds_today: the time for today.
        seconds_later: the time on each later day.
        weights: the 21 weights of FSRS-6; its defaults where None.
        importance: what knowing the card counts; 1 where None.

    Raises:
        ValueError: an argument that cannot be, by its name.
    """
    cards = Cards.checked(stability, difficulty, elapsed, seconds, importance)
    stages = Stages.until(days_left, seconds_today, seconds_later)
    memory = Memory(checked_weights(weights))
    if not len(cards) or seconds_today <= 0:
        return np.zeros(0, dtype=np.int64)
    market = Market(memory, cards, stages)
    recall = memory.recall(cards.stability, cards.elapsed)
    rate, cost = market.rates(market.policy, 0, cards, market.kinds(cards), recall)
    order = np.argsort(-rate, kind="stable")
    order = order[rate[order] > 0]
    before = np.cumsum(cost[order]) - cost[order]
    return np.asarray(order[before < seconds_today], dtype=np.int64)
