"""Parameters of a loss: what each may be. The default stands in the function's signature."""

from __future__ import annotations

from math import inf, isnan
from numbers import Real
from typing import Any, ClassVar

import numpy as np

from .conversion import Array, refuse_where, to_array
from .errors import LossError


class Parameter:
    """What one keyword parameter may be; the subclasses below are the kinds there are. Not to be changed once made."""

    kind: ClassVar[str] = "any"
    description: str
    """Reads as the end of the sentence "delta must be …"."""

    def __init__(self, meaning: str, *, optional: bool = False) -> None:
        self.meaning = meaning
        self.optional = optional
        """Whether None is allowed, meaning "off"."""

    def __repr__(self) -> str:
        return f"<{self.kind}: {self.description}>"

    def admit(self, loss: str, name: str, value: Any) -> Any:
        """The checked and converted value."""
        if value is None and self.optional:
            return None
        return self._admit(loss, name, value)

    def _admit(self, loss: str, name: str, value: Any) -> Any:
        raise NotImplementedError

    def _refuse(self, loss: str, name: str, value: Any) -> LossError:
        return LossError(f"{loss}: {name} must be {self.description}; got {value!r:.60}")


class Number(Parameter):
    """A finite number in an interval, at whose lower end it may have to stay above (`low_open`)."""

    kind = "number"

    def __init__(
        self, meaning: str, *, low: float = -inf, high: float = inf, low_open: bool = False, optional: bool = False
    ) -> None:
        super().__init__(meaning, optional=optional)
        self.low, self.high, self.low_open = low, high, low_open
        lower = "" if low == -inf else f"{'>' if low_open else '>='} {low:g}"
        self.description = f"a number in [{low:g}, {high:g}]" if high < inf else f"a number {lower or 'that is finite'}"

    def _admit(self, loss: str, name: str, value: Any) -> float:
        if isinstance(value, np.ndarray) and value.ndim == 0:
            value = value.item()
        if isinstance(value, (bool, np.bool_)) or not isinstance(value, Real):
            raise self._refuse(loss, name, value)
        try:
            number = float(value)
        except OverflowError:
            raise self._refuse(loss, name, value) from None
        below = number <= self.low if self.low_open else number < self.low
        if isnan(number) or below or number > self.high or number in (inf, -inf):
            raise self._refuse(loss, name, value)
        return number


class Option(Parameter):
    """One word of a few."""

    kind = "option"

    def __init__(self, meaning: str, *, choices: tuple[str, ...]) -> None:
        super().__init__(meaning)
        self.choices = choices
        self.description = " or ".join(repr(choice) for choice in choices)

    def _admit(self, loss: str, name: str, value: Any) -> str:
        if isinstance(value, str) and value in self.choices:
            return value
        raise self._refuse(loss, name, value)


class Flag(Parameter):
    """True or False."""

    kind = "flag"
    description = "True or False"

    def _admit(self, loss: str, name: str, value: Any) -> bool:
        if isinstance(value, (bool, np.bool_)) or (isinstance(value, Real) and value in (0, 1)):
            return bool(value)
        raise self._refuse(loss, name, value)


class Integer(Parameter):
    """A whole number, from `low` up if that is given."""

    kind = "integer"

    def __init__(self, meaning: str, *, low: int | None = None, optional: bool = False) -> None:
        super().__init__(meaning, optional=optional)
        self.low = low
        self.description = "a whole number" + ("" if low is None else f" >= {low}")

    def _admit(self, loss: str, name: str, value: Any) -> int:
        if isinstance(value, (bool, np.bool_)) or not isinstance(value, Real):
            raise self._refuse(loss, name, value)
        number = float(value)
        if not number.is_integer() or (self.low is not None and number < self.low):
            raise self._refuse(loss, name, value)
        return int(number)


class Weights(Parameter):
    """Finite weights >= 0: one number, or an array; which shapes it may have, the loss checks."""

    kind = "weights"

    def __init__(self, meaning: str, *, shape: str, optional: bool = False) -> None:
        super().__init__(meaning, optional=optional)
        self.description = f"weights >= 0 ({shape})"

    def _admit(self, loss: str, name: str, value: Any) -> Array:
        array = to_array(loss, name, value)
        refuse_where(loss, name, array, ~((array >= 0.0) & (array < inf)), self.description)
        return array


class Axes(Parameter):
    """One axis number or several; None for all axes."""

    kind = "axes"
    description = "an axis number, several, or None for all axes"

    def _admit(self, loss: str, name: str, value: Any) -> tuple[int, ...]:
        entries = tuple(value) if isinstance(value, (tuple, list)) else (value,)
        whole = all(isinstance(entry, (int, np.integer)) and not isinstance(entry, bool) for entry in entries)
        if not entries or not whole:
            raise self._refuse(loss, name, value)
        return tuple(int(entry) for entry in entries)


class Classes(Parameter):
    """Which classes take part: a word of a few, or a list of class numbers."""

    kind = "classes"

    def __init__(self, meaning: str, *, choices: tuple[str, ...]) -> None:
        super().__init__(meaning)
        self.choices = choices
        self.description = " or ".join(repr(choice) for choice in choices) + " or a list of class numbers"

    def _admit(self, loss: str, name: str, value: Any) -> str | tuple[int, ...]:
        if isinstance(value, str):
            if value in self.choices:
                return value
            raise self._refuse(loss, name, value)
        array = np.atleast_1d(to_array(loss, name, value))
        if array.ndim != 1 or array.size == 0 or not bool(np.all((array >= 0) & (array == np.floor(array)))):
            raise self._refuse(loss, name, value)
        return tuple(int(entry) for entry in np.unique(array))


REDUCTION = Option("how the samples' losses become one number", choices=("mean", "sum", "none"))
FROM_LOGITS = Flag("whether predictions are raw scores (logits) instead of probabilities")
BASE = Number(
    "base of the logarithm: 2 for bits, 10 for hartleys; None for e, that is nats",
    low=1.0,
    low_open=True,
    optional=True,
)
