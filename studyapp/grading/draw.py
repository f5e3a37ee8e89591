"""Fresh numbers for an exercise: every rule of ``Draw``, as plain Python values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from studyapp.cards.card import Draw, DrawnCard
from studyapp.formula import budget
from studyapp.grading.stream import Stream
from studyapp.locale.message import Message

_CANNOT_DRAWN = Message("{name}: “{rule}” with {value} cannot be drawn ({error})")
_SIZE_CANNOT_DRAWN = Message("a size of {names} cannot be drawn")
_ROWS_ARE_MORE_THAN = Message("{value} rows of {width} are more than {most_in_rows} entries")
_NO_WHOLE_NUMBER_DRAWN = Message("“{size}” is no whole number that was drawn before")
_THERE_NOTHING_CHOOSE_FROM = Message("there is nothing to choose from")
_DIFFERENT_VALUES_WERE_ASKED = Message("{count} different values were asked for, there are {count_2}")
_NO_WHOLE_NUMBERS = Message(
    "there are no whole numbers from {low} to {high} to choose from: at most {most_values} values"
)
_NO_CORNERS = Message("there are no corners from {low} to {high} to choose from: at most {most_values} values")
_NO_MASK_COULD_DRAWN = Message("no mask could be drawn")
_MASK_NEEDS_LEAST_TWO = Message("a mask needs at least two entries")
_DIFFERENT_VALUES_COULD_DRAWN = Message("{count} different values could not be drawn")
_THERE_NO_RULE = Message("there is no rule “{rule}”")
_ONE_HOT_ROW_CLASSES = Message("a one-hot row of {classes} classes says nothing")
_NO_BOX_FITS_BETWEEN = Message("no box fits between {start} and {value}")
_STEPS_DO_ADD_UP = Message("steps of {step} do not add up to 1")
_POSITIVE_MULTIPLES_CANNOT_ADD = Message("{classes} positive multiples of {step} cannot add up to 1")
_THERE_NO_GRID_FROM = Message("there is no grid from {low} to {high} in steps of {step}")

MOST_ENTRIES = 10_000
MOST_IN_ROWS = 50_000
"""Entries of all rows of one draw together: boxes, distributions, one-hot rows."""

MOST_VALUES = 1_000_000
"""The largest range of whole numbers to draw from."""

_MOST_RETRIES = 1_000


class DrawError(ValueError):
    """Numbers that cannot be drawn as the card asks; the message says why."""


def draw_all(draws: Mapping[str, Draw], stream: Stream) -> dict[str, Any]:
    """A value for every name, in the order in which the card declares them."""
    values: dict[str, Any] = {}
    for name, draw in draws.items():
        try:
            values[name] = draw_one(draw, stream, values)
        except DrawError as error:
            raise DrawError(f"{name}: {error}") from None
        except (TypeError, ValueError, IndexError, OverflowError, ArithmeticError) as error:
            raise DrawError(_CANNOT_DRAWN(name=name, rule=draw.rule, value=list(draw.arguments), error=error)) from None
    return values


def draw_card(card: DrawnCard, stream: Stream) -> dict[str, Any]:
    """The drawn values of a card: those of one of its rows, and those that are drawn by themselves."""
    row = card.rows[stream.below(len(card.rows))] if card.rows else {}
    return draw_all({**row, **card.draw}, stream)


def draw_one(draw: Draw, stream: Stream, values: Mapping[str, Any]) -> Any:
    """One value: a number, a list or nested lists of the draw's size."""
    if draw.rule == "value":
        return draw.arguments[0]
    shape = tuple(_whole(size, values) for size in draw.size)
    if any(size < 1 for size in shape) or math.prod(shape) > MOST_ENTRIES:
        raise DrawError(_SIZE_CANNOT_DRAWN(names="×".join(map(str, shape))))
    if math.prod(shape) * _width(draw, values) > MOST_IN_ROWS:
        raise DrawError(
            _ROWS_ARE_MORE_THAN(value=math.prod(shape), width=_width(draw, values), most_in_rows=f"{MOST_IN_ROWS:,}")
        )
    if draw.rule == "mask":
        return _nested(_mask(stream, math.prod(shape)), shape)
    count = math.prod(shape)
    if draw.rule in ("choice", "grid", "integers"):
        return _nested(_numbers(draw, stream, values, count), shape)
    return _nested(_rows(draw, stream, values, count), shape)


def _whole(size: Any, values: Mapping[str, Any]) -> int:
    """A size or a count, written as a number or as the name of one drawn before."""
    value = values.get(size) if isinstance(size, str) else size
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise DrawError(_NO_WHOLE_NUMBER_DRAWN(size=size))
    return value


def _width(draw: Draw, values: Mapping[str, Any]) -> int:
    """The entries of one row, where a draw gives rows."""
    if draw.rule == "box":
        return 4
    return _whole(draw.arguments[0], values) if draw.rule in ("one_hot", "distribution") else 1


def _nested(flat: list[Any], shape: tuple[int, ...]) -> Any:
    """The entries in nested lists; a single entry stands alone."""
    if not shape:
        return flat[0]
    for size in reversed(shape[1:]):
        flat = [flat[start : start + size] for start in range(0, len(flat), size)]
    return flat


def _numbers(draw: Draw, stream: Stream, values: Mapping[str, Any], count: int) -> list[Any]:
    options = _options(draw, values)
    if not options:
        raise DrawError(_THERE_NOTHING_CHOOSE_FROM())
    budget.check()
    if not draw.distinct:
        return [stream.choice(options) for _ in range(count)]
    if len(options) < count:
        raise DrawError(_DIFFERENT_VALUES_WERE_ASKED(count=count, count_2=len(options)))
    return stream.sample(options, count)


def _options(draw: Draw, values: Mapping[str, Any]) -> Sequence[Any]:
    """Everything that one entry can be."""
    if draw.rule == "choice":
        return draw.arguments
    if draw.rule == "integers":
        return _range(draw, values, _NO_WHOLE_NUMBERS)
    return Grid(*draw.arguments)


def _range(draw: Draw, values: Mapping[str, Any], none: Message) -> range:
    """The whole numbers between the bounds of a draw, both included."""
    low, high = (_whole(bound, values) for bound in draw.arguments)
    if not 0 <= high - low < MOST_VALUES:
        raise DrawError(none(low=low, high=high, most_values=f"{MOST_VALUES:,}"))
    return range(low, high + 1)


class Grid(Sequence[float]):
    """The numbers from ``low`` to ``high``, both included, free of binary noise; each is made when it is asked for."""

    def __init__(self, low: Any, high: Any, step: Any) -> None:
        first, last, width = Decimal(str(low)), Decimal(str(high)), Decimal(str(step))
        if width <= 0 or last < first or (last - first) / width > 100_000:
            raise DrawError(_THERE_NO_GRID_FROM(low=low, high=high, step=step))
        self._first, self._width = first, width
        self._count = int((last - first) / width + Decimal("1e-9")) + 1

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: Any) -> Any:
        return float(self._first + self._width * int(index))


def _mask(stream: Stream, count: int) -> list[int]:
    if count < 2:
        raise DrawError(_MASK_NEEDS_LEAST_TWO())
    for _ in range(_MOST_RETRIES):
        entries = [stream.below(2) for _ in range(count)]
        if 0 < sum(entries) < count:
            return entries
    raise DrawError(_NO_MASK_COULD_DRAWN())


def _rows(draw: Draw, stream: Stream, values: Mapping[str, Any], count: int) -> list[Any]:
    rows: list[Any] = []
    seen: set[tuple[Any, ...]] = set()
    for _ in range(count):
        for _ in range(_MOST_RETRIES):
            budget.check()
            row = _row(draw, stream, values)
            if not (draw.distinct and tuple(row) in seen):
                rows.append(row)
                seen.add(tuple(row))
                break
        else:
            raise DrawError(_DIFFERENT_VALUES_COULD_DRAWN(count=count))
    return rows


def _row(draw: Draw, stream: Stream, values: Mapping[str, Any]) -> list[Any]:
    if draw.rule == "box":
        return _box(stream, _range(draw, values, _NO_CORNERS))
    if draw.rule == "one_hot":
        classes = _whole(draw.arguments[0], values)
        if classes < 2:
            raise DrawError(_ONE_HOT_ROW_CLASSES(classes=classes))
        hot = stream.below(classes)
        return [int(place == hot) for place in range(classes)]
    if draw.rule == "distribution":
        return _distribution(stream, _whole(draw.arguments[0], values), draw.arguments[1])
    raise DrawError(_THERE_NO_RULE(rule=draw.rule))


def _box(stream: Stream, places: range) -> list[int]:
    if len(places) < 2:
        raise DrawError(_NO_BOX_FITS_BETWEEN(start=places.start, value=places.stop - 1))
    x0, x1 = sorted(stream.sample(places, 2))
    y0, y1 = sorted(stream.sample(places, 2))
    return [x0, y0, x1, y1]


def _distribution(stream: Stream, classes: int, step: Any) -> list[float]:
    """Positive multiples of ``step`` with the sum 1, every such row equally likely."""
    width = Decimal(str(step))
    units = int(1 / width)
    if width <= 0 or units * width != 1:
        raise DrawError(_STEPS_DO_ADD_UP(step=step))
    if not 1 <= classes <= units:
        raise DrawError(_POSITIVE_MULTIPLES_CANNOT_ADD(classes=classes, step=step))
    cuts = sorted(stream.sample(range(1, units), classes - 1))
    bounds = [0, *cuts, units]
    return [float(width * (above - below)) for below, above in pairwise(bounds)]
