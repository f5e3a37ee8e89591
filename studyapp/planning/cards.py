"""The cards of a plan as arrays, checked once; and the days until the date as stages."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike, NDArray

from studyapp.planning.answering import Real
from studyapp.schedule.fsrs6 import HIGHEST_STABILITY, HIGHEST_WEIGHTS, LOWEST_STABILITY, LOWEST_WEIGHTS

MOST_STAGES = 31
"""Days further away are planned together, several at a time."""

MOST_DAYS = 3650


class Cards(Struct, frozen=True, eq=False):
    """One entry a card. Of cards never seen ``stability``, ``difficulty`` and ``elapsed`` hold any numbers."""

    stability: Real
    difficulty: Real
    elapsed: Real
    seconds: Real
    importance: Real
    is_new: NDArray[np.bool_]

    @classmethod
    def checked(
        cls,
        stability: ArrayLike,
        difficulty: ArrayLike,
        elapsed: ArrayLike,
        seconds: ArrayLike,
        importance: ArrayLike | None = None,
    ) -> Cards:
        """The cards from what was given.

        Raises:
            ValueError: an argument that cannot be, by its name.
        """
        s, d, e, cost = (
            _vector(values, name)
            for values, name in (
                (stability, "stability"),
                (difficulty, "difficulty"),
                (elapsed, "elapsed"),
                (seconds, "seconds"),
            )
        )
        weight = np.ones(len(s)) if importance is None else _vector(importance, "importance")
        for name, values in (("difficulty", d), ("elapsed", e), ("seconds", cost), ("importance", weight)):
            if len(values) != len(s):
                raise ValueError(f"{name}: expected {len(s)} values, one a card as in stability, got {len(values)}")
        new = np.isnan(s) & np.isnan(d) & np.isnan(e)
        seen = ~new
        _require("stability", np.isfinite(s[seen]) & (s[seen] > 0), "positive days, or NaN in all three for a new card")
        _require("difficulty", (d[seen] >= 1) & (d[seen] <= 10), "1 to 10, or NaN in all three for a new card")
        _require("elapsed", np.isfinite(e[seen]) & (e[seen] >= 0), "days from 0, or NaN in all three for a new card")
        _require("seconds", np.isfinite(cost) & (cost > 0), "positive seconds")
        _require("importance", np.isfinite(weight) & (weight >= 0), "numbers from 0")
        return cls(
            np.where(new, 1.0, np.clip(s, LOWEST_STABILITY, HIGHEST_STABILITY)),
            np.where(new, 5.0, d),
            np.where(new, 0.0, e),
            cost,
            weight,
            new,
        )

    def __len__(self) -> int:
        return len(self.stability)

    def some(self, chosen: Any) -> Cards:
        """Some of the cards."""
        return Cards(*(getattr(self, name)[chosen] for name in self.__struct_fields__))


class Stages(Struct, frozen=True, eq=False):
    """The days until the date: today, then each later day or, where there are many, several days at a time."""

    days: tuple[int, ...]
    """How many days each stage has; the first is today alone."""
    budgets: tuple[float, ...]
    """The seconds of each stage."""

    @classmethod
    def until(cls, days_left: int, seconds_today: float, seconds_later: float) -> Stages:
        """The stages of so many days, today included.

        Raises:
            ValueError: an argument that cannot be, by its name.
        """
        if isinstance(days_left, bool) or int(days_left) != days_left or not 1 <= days_left <= MOST_DAYS:
            raise ValueError(
                f"days_left: expected whole days from 1, today included, to {MOST_DAYS}, got {days_left!r}"
            )
        for name, seconds in (("seconds_today", seconds_today), ("seconds_later", seconds_later)):
            if not seconds >= 0:
                raise ValueError(f"{name}: expected seconds from 0, got {seconds!r}")
        later = int(days_left) - 1
        length = -(-later // (MOST_STAGES - 1)) or 1
        days = [1, *([length] * (later // length))]
        if later % length:
            days.append(later % length)
        return cls(tuple(days), (float(seconds_today), *(seconds_later * count for count in days[1:])))


def checked_weights(weights: Any) -> tuple[float, ...] | None:
    """FSRS-6's weights within their bounds, or None for the defaults.

    Raises:
        ValueError: they are not 21 numbers.
    """
    if weights is None:
        return None
    values = _vector(weights, "weights")
    if len(values) != len(LOWEST_WEIGHTS) or not np.isfinite(values).all():
        raise ValueError(f"weights: expected {len(LOWEST_WEIGHTS)} numbers, got {len(values)}")
    return tuple(np.clip(values, LOWEST_WEIGHTS, HIGHEST_WEIGHTS).tolist())


def _vector(values: Any, name: str) -> Real:
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: expected numbers, got {values!r}") from error
    if array.ndim != 1:
        raise ValueError(f"{name}: expected one value a card, got an array of shape {array.shape}")
    return array


def _require(name: str, holds: NDArray[np.bool_], expected: str) -> None:
    if not holds.all():
        raise ValueError(f"{name}: expected {expected}")
