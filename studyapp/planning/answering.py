"""What one turn with a card does to its memory, for many cards at once: FSRS-6 as planning sees it.

A turn is one answer, and a second one on the same day where the card was new or forgotten. What is remembered is taken
as rated Good.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from studyapp.schedule import fsrs6
from studyapp.schedule.fsrs6 import Constants, Operations, Values, constants
from studyapp.schedule.memory import FSRS6_WEIGHTS

Real = NDArray[np.float64]

FIRST_RATINGS = (0.24, 0.094, 0.495, 0.171)
"""How often a first answer to a new card is Again, Hard, Good and Easy, where nothing is known of the learner: the
shares that FSRS's own simulator takes."""

_GOOD = 2
"""The place of Good among the ratings."""


class _Fast:
    """Operations on arrays with NumPy's own functions: a plan need not agree to the last bit between machines."""

    where = staticmethod(np.where)
    minimum = staticmethod(np.minimum)
    maximum = staticmethod(np.maximum)
    rint = staticmethod(np.rint)
    frexp = staticmethod(np.frexp)
    ldexp = staticmethod(np.ldexp)
    exp = staticmethod(np.exp)
    log = staticmethod(np.log)

    def floor(self, values: Values) -> Values:
        return np.floor(values)


FAST: Operations = _Fast()


class Turn(Struct, frozen=True, eq=False):
    """What one turn leads to: with the chance ``recall`` to the remembered values, else to the forgotten ones."""

    recall: Real
    remembered: tuple[Real, Real]
    """Stability and difficulty."""
    forgotten: tuple[Real, Real]
    """The same, after the second answer of the day."""

    @property
    def answers(self) -> Real:
        """How many answers it is expected to take."""
        return 2.0 - self.recall


class Memory:
    """FSRS-6 with some weights."""

    def __init__(self, weights: tuple[float, ...] | None = None) -> None:
        """Takes the default weights where none are given."""
        self.weights = weights or FSRS6_WEIGHTS
        self.constants: Constants = constants(self.weights, 0.9, 36500)
        self.first = [self._second(*self._first(grade)) for grade in range(4)]
        """Stability and difficulty after the first day, by the rating of the first answer."""

    def recall(self, stability: Real, elapsed: Real | float) -> Real:
        """The chance of remembering after ``elapsed`` days."""
        c = self.constants
        return np.asarray((1.0 + c.factor * elapsed / stability) ** c.decay, dtype=float)

    def turn(self, stability: Real, difficulty: Real, elapsed: Real) -> Turn:
        """What a turn with cards that were seen before leads to."""
        c, seen = self.constants, np.zeros((), dtype=bool)
        after = fsrs6.stabilities(c, seen, stability, difficulty, elapsed, FAST)
        harder = fsrs6.difficulties(c, seen, difficulty, FAST)
        chance = self.recall(stability, elapsed)
        return Turn(chance, (after[_GOOD], harder[_GOOD]), self._second(after[0], harder[0]))

    def _first(self, grade: int) -> tuple[Real, Real]:
        c = self.constants
        return np.asarray(c.first_stability[grade]), np.asarray(c.first_difficulty[grade])

    def _second(self, stability: Real, difficulty: Real) -> tuple[Real, Real]:
        """After another answer, Good, on the same day."""
        c, seen = self.constants, np.zeros((), dtype=bool)
        after: Any = fsrs6.stabilities(c, seen, stability, difficulty, np.zeros(()), FAST)
        return after[_GOOD], fsrs6.difficulties(c, seen, difficulty, FAST)[_GOOD]
