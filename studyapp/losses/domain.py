"""Domains: which values an argument of a loss may take, stated once for checking, drawing and display.

A domain is data. `description` reads as the end of the sentence "y_true must be …"; `kind`, `low`, `high`,
`values` tell an exercise generator what to draw; `sample` draws; `admit` checks and converts.

`trailing` names the axes that belong to one sample: () for one number, ("C",) for a row of C classes. Axes
before those are the batch. Equal names must have equal lengths across the arguments of one loss.

These are plain classes, not dataclasses, because generating those takes longer than all the rest of the import.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from .conversion import Array, refuse_where, show, to_array, to_finite_array
from .errors import LossError
from .numerics import row_sums

ROW_SUM_TOLERANCE = 1e-6
"""How far the sum of a probability row may be from 1."""

Shape = tuple[int, ...]


class Domain:
    """What one argument may be; the subclasses below are the kinds there are. Not to be changed once made."""

    kind: ClassVar[str] = "any"

    def __init__(self, description: str, *, trailing: tuple[str, ...] = ()) -> None:
        self.description = description
        self.trailing = trailing

    def __repr__(self) -> str:
        return f"<{self.kind}: {self.description}>"

    def admit(self, loss: str, name: str, value: Any) -> tuple[Array, bool]:
        """The checked array, and whether it is moderate: no zero or huge value that could warn."""
        raise NotImplementedError

    def sample(self, random: np.random.Generator, shape: Shape) -> Array:
        """Random valid values of the full `shape`, trailing axes included."""
        raise NotImplementedError


class Real(Domain):
    """Any finite number."""

    kind = "interval"
    low, high = -np.inf, np.inf

    def admit(self, loss: str, name: str, value: Any) -> tuple[Array, bool]:
        array, is_moderate = to_finite_array(loss, name, value)
        if self.trailing and array.shape[-1:] == (0,):
            raise LossError(f"{loss}: {name} has no entries along its last axis ({self.description})")
        return array, is_moderate

    def sample(self, random: np.random.Generator, shape: Shape) -> Array:
        return random.normal(scale=2.0, size=shape)


class Probability(Domain):
    """Numbers from 0 to 1, ends included."""

    kind = "interval"
    low, high = 0.0, 1.0
    ends_are_calm: ClassVar[bool] = False
    """Whether no formula takes the logarithm of this argument or divides by it, so that its ends are harmless."""

    def __init__(self, description: str, *, cure: str) -> None:
        super().__init__(description)
        self.cure = cure

    def admit(self, loss: str, name: str, value: Any) -> tuple[Array, bool]:
        array = to_array(loss, name, value)
        if array.size == 0:
            return array, True
        smallest, largest = array.item(array.argmin()), array.item(array.argmax())
        if not (smallest >= 0.0 and largest <= 1.0):  # also for NaN
            inside = (array >= 0.0) & (array <= 1.0)
            refuse_where(loss, name, array, ~inside, self.description, self.cure)
        return array, self.ends_are_calm or (smallest > 0.0 and largest < 1.0)

    def sample(self, random: np.random.Generator, shape: Shape) -> Array:
        return random.uniform(0.02, 0.98, size=shape)


class SoftLabel(Probability):
    """Labels 0 and 1, which are also what is drawn, or anything between: the share of label 1."""

    kind = "choice"
    values = (0.0, 1.0)
    ends_are_calm = True

    def sample(self, random: np.random.Generator, shape: Shape) -> Array:
        return random.choice(np.array(self.values), size=shape)


class Choice(Domain):
    """One of two labels: 0 and 1, or -1 and +1."""

    kind = "choice"

    def __init__(self, description: str, *, values: tuple[float, float], cure: str) -> None:
        super().__init__(description)
        self.values = values
        self.cure = cure

    def admit(self, loss: str, name: str, value: Any) -> tuple[Array, bool]:
        array = to_array(loss, name, value)
        first, second = self.values
        # Two passes and no arithmetic that could warn: |y| = 1 for -1/+1; y equal to its own truth value for 0/1.
        differs = np.abs(array) != 1.0 if first == -second else array != (array != 0.0)
        if np.count_nonzero(differs):
            wrong = ~((array == first) | (array == second))
            others = {0.0, 1.0} if first == -1.0 else {-1.0, 1.0}
            other_coding = array.size > 0 and set(np.unique(array)) <= others
            refuse_where(loss, name, array, wrong, self.description, self.cure if other_coding else "")
        return array, True

    def sample(self, random: np.random.Generator, shape: Shape) -> Array:
        return random.choice(np.array(self.values), size=shape)


class Whole(Domain):
    """Whole numbers that name classes; the upper end comes from the prediction's number of classes."""

    kind = "class"
    low = 0
    drawn_below: ClassVar[int] = 3

    def admit(self, loss: str, name: str, value: Any) -> tuple[Array, bool]:
        array = to_array(loss, name, value)
        if array.size == 0:
            return array, True
        largest = max(array.item(array.argmax()), -array.item(array.argmin()))
        if not largest < 2**53 or np.count_nonzero(np.floor(array) != array):
            with np.errstate(all="ignore"):
                wrong = ~((np.abs(array) < 2**53) & (array == np.floor(array)))
            cure = "Scores need a threshold or an argmax before they are labels"
            refuse_where(loss, name, array, wrong, self.description, cure)
        return array, True

    def sample(self, random: np.random.Generator, shape: Shape) -> Array:
        return random.integers(0, self.drawn_below, size=shape).astype(np.float64)


class Distribution(Domain):
    """Probabilities that sum to 1 over the trailing axes: rows, or joint tables with two axes."""

    kind = "distribution"

    def admit(self, loss: str, name: str, value: Any) -> tuple[Array, bool]:
        array = to_array(loss, name, value)
        if array.size == 0 or array.ndim < len(self.trailing):
            return array, True
        smallest, largest = array.item(array.argmin()), array.item(array.argmax())
        if not (smallest >= 0.0 and largest <= 1.0 + ROW_SUM_TOLERANCE):
            outside = ~((array >= 0.0) & (array <= 1.0 + ROW_SUM_TOLERANCE))
            cure = "Raw scores need a softmax (or from_logits=True) first"
            refuse_where(loss, name, array, outside, self.description, cure)
        totals = row_sums(array)
        if len(self.trailing) == 2:
            totals = np.add.reduce(totals, axis=-1)
        gap = np.abs(totals - 1.0)
        if gap.item(gap.argmax()) > ROW_SUM_TOLERANCE:
            what = "a joint table with sum 1" if len(self.trailing) == 2 else "rows with sum 1"
            expected = f"1 ({name} holds {what}, to within {ROW_SUM_TOLERANCE:g})"
            cure = f"Divide {name} by its sum if it holds counts"
            refuse_where(loss, f"the sum of {name}", totals, gap > ROW_SUM_TOLERANCE, expected, cure)
        return array, smallest > 0.0

    def sample(self, random: np.random.Generator, shape: Shape) -> Array:
        batch, cell = shape[: len(shape) - len(self.trailing)], shape[len(shape) - len(self.trailing) :]
        return random.dirichlet(np.full(int(np.prod(cell)), 2.0), size=batch).reshape(shape)


class LogDistribution(Domain):
    """Natural logarithms of probability rows; -inf stands for probability 0."""

    kind = "log-distribution"

    def admit(self, loss: str, name: str, value: Any) -> tuple[Array, bool]:
        array = to_array(loss, name, value)
        if array.size == 0 or array.ndim == 0:
            return array, True
        if not array.item(array.argmax()) <= ROW_SUM_TOLERANCE:  # also for NaN
            positive = ~(array <= ROW_SUM_TOLERANCE)
            refuse_where(loss, name, array, positive, self.description, "Take the logarithm of probabilities first")
        totals = row_sums(np.exp(array))
        gap = np.abs(totals - 1.0)
        if gap.item(gap.argmax()) > ROW_SUM_TOLERANCE:
            expected = f"1 ({name} holds rows of log-probabilities)"
            cure = "Raw scores need log_softmax first"
            refuse_where(loss, f"the sum of exp({name})", totals, gap > ROW_SUM_TOLERANCE, expected, cure)
        return array, False

    def sample(self, random: np.random.Generator, shape: Shape) -> Array:
        return np.log(random.dirichlet(np.full(shape[-1], 2.0), size=shape[:-1]))


class Box(Domain):
    """Axis-aligned boxes x0, y0, x1, y1 with x0 <= x1 and y0 <= y1."""

    kind = "box"
    drawn_between: ClassVar[tuple[float, float]] = (0.0, 10.0)

    def admit(self, loss: str, name: str, value: Any) -> tuple[Array, bool]:
        array, _ = to_finite_array(loss, name, value)
        if array.ndim and array.shape[-1] == 4 and array.size:
            swapped = (array[..., 2] < array[..., 0]) | (array[..., 3] < array[..., 1])
            if np.count_nonzero(swapped):
                self._refuse(loss, name, array, np.asarray(swapped))
        return array, False

    def _refuse(self, loss: str, name: str, array: Array, swapped: Any) -> None:
        position = np.unravel_index(int(swapped.argmax()), swapped.shape)
        box = ", ".join(show(edge) for edge in array[position])
        place = f" at [{', '.join(str(int(index)) for index in position)}]" if position else ""
        raise LossError(
            f"{loss}: {name} must be {self.description}; got ({box}){place}. "
            "Boxes given as x, y, width, height need x1 = x + width and y1 = y + height"
        )

    def sample(self, random: np.random.Generator, shape: Shape) -> Array:
        low, high = self.drawn_between
        return np.sort(random.uniform(low, high, size=(*shape[:-1], 2, 2)), axis=-2).reshape(shape)


REAL = Real("finite numbers")
ZERO_ONE = Choice("labels 0 or 1", values=(0.0, 1.0), cure="Labels are -1/+1 here: use (y + 1) / 2")
SIGN = Choice("labels -1 or +1", values=(-1.0, 1.0), cure="Labels are 0/1 here: use 2*y - 1")
SOFT_LABEL = SoftLabel("labels 0 or 1, or soft labels between", cure="Labels -1/+1 become 0/1 by (y + 1) / 2")
PROBABILITY = Probability("probabilities from 0 to 1", cure="Raw scores need a sigmoid (or from_logits=True) first")
SCORES = Real("rows of finite scores, one a class", trailing=("C",))
VECTOR = Real("vectors of finite numbers", trailing=("D",))
KEYS = Real("K vectors of finite numbers", trailing=("K", "D"))
SIMILARITY = Real("a square matrix of finite similarities", trailing=("N", "N"))
LABEL = Whole("whole numbers that name classes")
CLASS = Whole("class numbers 0, 1, … C-1")
POSITIVE_KEY = Whole("the number of the positive key, 0 … K-1")
ROW = Distribution("rows of probabilities that sum to 1", trailing=("C",))
TABLE = Distribution("joint tables of probabilities that sum to 1", trailing=("X", "Y"))
LOG_ROW = LogDistribution("rows of log-probabilities (at most 0)", trailing=("C",))
BOX = Box("boxes x0, y0, x1, y1 with x0 <= x1 and y0 <= y1", trailing=("4",))
