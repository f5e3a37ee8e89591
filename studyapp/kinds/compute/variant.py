"""The variants of a compute card: numbers, the right value and the wrong ones, kept apart from each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from studyapp.formula import ExpressionError, budget, parse
from studyapp.grading.draw import DrawError, draw_card
from studyapp.grading.drawn_values import complete
from studyapp.grading.stream import Stream
from studyapp.grading.target import Target, make_target
from studyapp.kinds.compute.card import ComputeCard
from studyapp.locale.message import Message

_DRAWS_WERE_REFUSED = Message("{most_draws} draws were refused: {reasons}")
_ANSWER_UNDEFINED = Message("the answer is undefined")
_EXPRESSIONS_ARE_TOO_MANY = Message("{count} expressions are too many for one card: at most {most_expressions}")
_WRONG_VALUE_UNDEFINED = Message("the wrong value “{id}” is undefined")
_WRONG_VALUE_COMES_TOO = Message("the wrong value “{id}” comes too close to the answer")
_DRAWING_TAKES_LONGER_THAN = Message(
    "drawing takes longer than {most_seconds} seconds of computing, or too much memory: use smaller arrays, "
    "fewer values"
)
_WHERE_DOES_HOLD = Message("“where: {where}” does not hold")
_WRONG_VALUES_COME_TOO = Message("the wrong values “{id}” and “{id_2}” come too close to each other")
_ANSWER_JUMPS_VALUE = Message("the answer jumps at this value of {name}")

MOST_DRAWS = 200
MOST_SECONDS = 2.0
"""A guard against decks that would keep the app busy; a sound card is drawn in a few thousandths of a second."""

_MOST_EXPRESSIONS = 200
_NUDGE = 1e-7
_JUMP = 1e-4
_MOST_NUDGED = 64


class Variant(Struct, frozen=True):
    """The numbers of one asking of a card, the intermediate values made from them and what is asked about them."""

    values: Mapping[str, Any]
    targets: tuple[Target, ...]


def draw_variant(card: ComputeCard, seed: int) -> Variant:
    """The variant of a seed, a pure function of the card and the seed.

    Raises:
        DrawError: 200 draws in a row were refused; the message counts why.
    """
    try:
        with budget.limited(MOST_SECONDS):
            return _draw_fair(card, Stream(card.id, seed))
    except budget.OutOfBudget:
        raise DrawError(_DRAWING_TAKES_LONGER_THAN(most_seconds=f"{MOST_SECONDS:g}")) from None


def _draw_fair(card: ComputeCard, stream: Stream) -> Variant:
    """The first variant from the stream in which right and wrong answers keep apart."""
    refused: Counter[str] = Counter()
    for _ in range(MOST_DRAWS):
        drawn = draw_card(card, stream)
        try:
            return checked_variant(card, drawn)
        except Refusal as refusal:
            refused[str(refusal)] += 1
    reasons = "; ".join(f"{reason} ({count}×)" for reason, count in refused.most_common(3))
    raise DrawError(_DRAWS_WERE_REFUSED(most_draws=MOST_DRAWS, reasons=reasons))


class Refusal(ValueError):
    """Why drawn numbers make no good exercise."""


def checked_variant(card: ComputeCard, drawn: Mapping[str, Any]) -> Variant:
    """The variant made of these numbers, if it meets the card's condition and its values keep apart.

    Raises:
        Refusal: it does not.
    """
    try:
        values = with_lets(card, drawn)
        if card.where and not bool(parse(card.where, values).evaluate(values)):
            raise Refusal(_WHERE_DOES_HOLD(where=card.where))
        variant = Variant(values, tuple(_targets(card, values)))
        for target in variant.targets:
            reason = _collision(target)
            if reason is not None:
                raise Refusal(f"{target.part}: {reason}" if target.part else reason)
        reason = _kink(card, drawn, variant.targets)
    except ExpressionError as error:
        raise Refusal(error.message) from None
    except (TypeError, ValueError) as error:
        raise Refusal(str(error)) from None
    if reason is not None:
        raise Refusal(reason)
    return variant


def make_variant(card: ComputeCard, drawn: Mapping[str, Any]) -> Variant:
    """The variant made of these numbers, whatever they are.

    Raises:
        ExpressionError: an expression of the card has no value for them.
    """
    values = with_lets(card, drawn)
    return Variant(values, tuple(_targets(card, values)))


def with_lets(card: ComputeCard, values: Mapping[str, Any]) -> dict[str, Any]:
    """The drawn values together with the card's intermediate ones, as plain Python values."""
    count = len(card.let) + len(card.wrong) + sum(1 + len(part.wrong) for part in card.parts)
    if count > _MOST_EXPRESSIONS:
        raise DrawError(_EXPRESSIONS_ARE_TOO_MANY(count=count, most_expressions=_MOST_EXPRESSIONS))
    return complete(card, values)


def _targets(card: ComputeCard, values: Mapping[str, Any]) -> Iterator[Target]:
    """The right and wrong values of the card, one target a part; later parts see earlier results by their id."""
    import numpy as np

    scale = max((float(np.max(np.abs(number))) for number in _numbers(values)), default=1.0) or 1.0
    if not card.parts:
        yield make_target(card.answer, card.wrong, card.digits, scale, values, card.unit, "")
        return
    known = dict(values)
    for part in card.parts:
        digits = card.digits if part.digits is None else part.digits
        target = make_target(part.answer, part.wrong, digits, scale, known, card.unit, part.id)
        known = {**known, part.id: target.value.tolist()}
        yield target


def _numbers(values: Mapping[str, Any]) -> Iterator[Any]:
    import numpy as np

    for value in values.values():
        if isinstance(value, (bool, int, float, list, tuple)):
            array = np.asarray(value, dtype=np.float64)
            if array.size and np.all(np.isfinite(array)):
                yield array


def _collision(target: Target) -> str | None:
    """Which two values could be taken for one another."""
    import numpy as np

    from studyapp.grading.tolerance import apart

    if bool(np.any(np.isnan(target.value))):
        return _ANSWER_UNDEFINED()
    for wrong in target.wrong:
        if bool(np.any(np.isnan(wrong.value))):
            return _WRONG_VALUE_UNDEFINED(id=wrong.mistake.id)
        if not apart(target.value, wrong.value, target.digits, target.scale):
            return _WRONG_VALUE_COMES_TOO(id=wrong.mistake.id)
    for place, wrong in enumerate(target.wrong):
        for other in target.wrong[:place]:
            if not apart(other.value, wrong.value, target.digits, target.scale):
                return _WRONG_VALUES_COME_TOO(id=other.mistake.id, id_2=wrong.mistake.id)
    return None


def _kink(card: ComputeCard, drawn: Mapping[str, Any], asked: tuple[Target, ...]) -> str | None:
    """Whether the answer jumps when a drawn number moves by a hair: there books and libraries disagree.

    Labels and counts stand on whole numbers by nature; only numbers from a grid can sit on a kink.
    """
    import numpy as np

    for name in (name for name in drawn if name in card.draw and card.draw[name].rule == "grid"):
        base = np.asarray(drawn[name], dtype=np.float64)
        for place in np.ndindex(base.shape) if base.size <= _MOST_NUDGED else ():
            for nudge in (_NUDGE, -_NUDGE):
                moved = base.copy()
                moved[place] += nudge
                if _jumps(card, {**drawn, name: moved.tolist()}, asked):
                    return _ANSWER_JUMPS_VALUE(name=name)
    return None


def _jumps(card: ComputeCard, moved: Mapping[str, Any], asked: tuple[Target, ...]) -> bool:
    """Whether an answer at the moved numbers is far from the one before; False where it cannot be computed."""
    import numpy as np

    known = with_lets(card, moved)
    for target in asked:
        try:
            value = target.expression.evaluate({**target.values, **known})
        except (ExpressionError, ValueError):
            return False
        if np.shape(value) != np.shape(target.value):
            return False
        with np.errstate(invalid="ignore"):
            jump = np.abs(value - target.value) > _JUMP * (1.0 + np.abs(target.value))
        if bool(np.any(jump & np.isfinite(target.value) & np.isfinite(value))):
            return True
    return False
