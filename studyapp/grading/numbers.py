"""The judgement of a number, vector or matrix: from right over the named mistakes to wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec import Struct

from studyapp.formula import ExpressionError
from studyapp.formula.tree import Call
from studyapp.grading.equality import NAMED
from studyapp.grading.invalid import invalid
from studyapp.grading.reading import Reading, read_value, short_number
from studyapp.grading.signatures import only_explanation, power_of_ten, signatures
from studyapp.grading.target import Target
from studyapp.grading.tolerance import tolerance
from studyapp.grading.verdict import RIGHT, Detail, Outcome, Verdict
from studyapp.locale.message import Message
from studyapp.render.number import format_value, significant

_PROBABILITIES = (
    "sigmoid", "softmax", "iou", "dice", "jaccard", "tversky", "box_iou", "mean_iou", "zero_one", "soft_iou",
)  # fmt: skip
_CLOSE = 10.0
_SLACK = 1e-9
_EXACT = 99
_LEAST_DIGITS = 2
_MOST_ROUNDED = 0.05
"""A number with fewer digits than asked for is right only if they fix the value to a twentieth."""

_TOO_FEW_DIGITS = Message("Right as far as it goes, but give {digits} significant digits.")
_TOO_FEW_DIGITS_RANGE = Message(
    "Right as far as it goes, but give {digits} significant digits (counted as right: {low} to {high})."
)
_AMBIGUOUS = Message("this could be the answer or a usual mistake: give at least {digits} significant digits")
_TOO_COARSE = Message("this is too coarse to be judged: give {digits} significant digits")
_WORK_IT_OUT = Message("{expression} is what is asked: work it out, or write out what it computes")
_TRANSPOSED = Message("These are the right numbers with rows and columns swapped: the matrix is transposed.")
_CUT_OFF = Message("Nearly: this was cut off where it should have been rounded.")
_ROUNDED_INSIDE = Message(
    "Nearly, but not right. If you rounded on the way, carry two more digits to the end; else one step is wrong."
)
_SOME_AGREE = Message("Not right: {right} of {count} entries agree.")
_WRONG_SIGN = Message("Not right: the sign differs as well.")
_TOO_LARGE = Message("Not right: {number} is far too large.")
_NOT_RIGHT = Message("Not right.")
_PERCENT = Message("did you mean {typed} %? Write {typed}% or {fraction}")
_ENTRY = Message("entry {place}")


class _Match(Struct, frozen=True):
    """How the typed entries compare with one value: within tolerance (``tight``), or only within what their digits
    leave open, be it with some digit of the value right (``rounded``) or too coarse to tell (``coarse``)."""

    tight: Any
    rounded: Any
    coarse: Any
    exact_enough: Any

    @property
    def right(self) -> Any:
        return self.tight | (self.rounded & self.exact_enough)


def grade_value(target: Target, text: str) -> Verdict:
    """The verdict on ``text`` as an answer to one target."""
    try:
        reading = read_value(text, listed=bool(np.ndim(target.value)), unit=target.unit)
    except ExpressionError as error:
        return invalid(error.message, min(error.column, len(text)))
    if _is_typed_back(target, reading):
        return invalid(_WORK_IT_OUT(expression=str(reading.expression)), None, str(reading.expression))
    return judge(target, reading, text)


def _is_typed_back(target: Target, reading: Reading) -> bool:
    """Whether the answer only calls the function that the question asks to be worked out."""
    asked, typed = target.expression.tree, reading.expression.tree
    return isinstance(asked, Call) and isinstance(typed, Call) and asked.function == typed.function in NAMED


def shown_value(value: Any, digits: int) -> str:
    """A reference value with one digit more than was asked for, exact where it is short."""
    if getattr(value, "ndim", 0):
        return "[" + ", ".join(shown_value(entry, digits) for entry in value) + "]"
    plain = format_value(float(value))
    return plain if len(plain.lstrip("-").replace(".", "")) <= digits + 1 else significant(float(value), digits + 1)


def judge(target: Target, reading: Reading, text: str) -> Verdict:
    """The verdict on a value that was read."""
    read_as = str(reading)
    reference = shown_value(target.value, target.digits)

    def verdict(outcome: Outcome, score: float, message: str, **more: Any) -> Verdict:
        return Verdict(outcome, score, message, read_as=read_as, reference=reference, **more)

    shape = _shape_verdict(target, reading, read_as, reference)
    if shape is not None:
        return shape
    reading = _in_shape(reading, target)
    match = _compare(reading, target.value, target)
    if bool(np.all(match.right)):
        return verdict(Outcome.CORRECT, 1.0, RIGHT())
    if bool(np.all(match.right | match.rounded)):
        rival = _rival(reading, target)
        if rival:
            return invalid(_AMBIGUOUS(digits=target.digits), None, read_as)
        return verdict(Outcome.ROUNDED, 0.8, _rounded_message(target))
    percent = _missing_percent(target, reading)
    if percent is not None:
        return invalid(percent, None, read_as)
    for wrong in target.wrong:
        if bool(np.all(_compare(reading, wrong.value, target).right)):
            say = said(wrong.mistake.say, target)
            return verdict(Outcome.MISCONCEPTION, 0.0, say, misconception=wrong.mistake.id, details=_entries(match))
    if bool(np.all(match.right | match.rounded | match.coarse)):
        return invalid(_TOO_COARSE(digits=target.digits), None, read_as)

    def matches(value: Any) -> bool:
        return _may_match(reading, value, target) and bool(np.all(_compare(reading, value, target).right))

    if np.ndim(target.value) == 2 and matches(np.transpose(target.value)):
        return verdict(Outcome.MISCONCEPTION, 0.0, _TRANSPOSED(), misconception="transposed", details=_entries(match))
    guess = only_explanation([*signatures(target, matches), *power_of_ten(target, matches)], target)
    if guess is not None:
        return verdict(Outcome.MISCONCEPTION, 0.0, guess.say, misconception=guess.id, details=_entries(match))
    if _is_close(reading, target):
        return verdict(Outcome.CLOSE, 0.5, _close_message(reading, target), details=_entries(match))
    share = float(np.mean(match.right)) if np.ndim(target.value) else 0.0
    return verdict(Outcome.WRONG, 0.5 * share, _wrong_message(match, reading, target), details=_entries(match))


def _is_close(reading: Reading, target: Target) -> bool:
    """Whether every entry is within ten tolerances of a finite value that is no short decimal: no rounding on the way
    leads past one."""
    if _is_short(target):
        return False
    allowed = np.asarray(tolerance(target.value, target.digits, target.scale))
    near = _distance(reading.value, target.value) <= _CLOSE * allowed
    return bool(np.all(near & np.isfinite(np.asarray(reading.value)) & np.isfinite(np.asarray(target.value))))


def _is_short(target: Target) -> bool:
    """Whether every entry of the right value is exact with the digits that are asked for."""
    with np.errstate(all="ignore"):
        value = np.asarray(target.value, dtype=np.float64)
        unit = 10.0 ** (np.floor(np.log10(np.abs(value))) - target.digits + 1)
        steps = value / unit
        return bool(np.all((value == 0) | (np.abs(steps - np.round(steps)) <= 1e-9)))


def said(text: str, target: Target) -> str:
    """What the card says of a mistake, with its placeholders filled in."""
    from studyapp.grading.question import fill_text

    return fill_text(text, target.values)


def _distance(a: Any, b: Any) -> Any:
    with np.errstate(invalid="ignore"):
        return np.where(np.asarray(a) == np.asarray(b), 0.0, np.abs(np.asarray(a) - np.asarray(b)))


def _compare(reading: Reading, value: Any, target: Target) -> _Match:
    value = np.asarray(value, dtype=np.float64)
    typed = np.asarray(reading.value, dtype=np.float64)
    if typed.shape != value.shape:
        nothing = np.zeros(typed.shape, dtype=bool)
        return _Match(nothing, nothing, nothing, nothing)
    distance = _distance(typed, value)
    allowed = tolerance(value, target.digits, target.scale)
    half, digits, zeros = (np.reshape(column, typed.shape) for column in _precisions(reading))
    tight = distance <= np.where(np.isfinite(allowed), allowed, 0.0) * (1 + _SLACK)
    tight = tight | _is_rounding(typed, value, target.digits)
    loosely = distance <= half * 10.0**zeros * (1 + _SLACK)
    tight = tight | (loosely & (digits - zeros >= target.digits))
    near = half * (1 + _SLACK) >= distance
    rounded = near & (digits >= _LEAST_DIGITS) & (half <= _MOST_ROUNDED * np.abs(value))
    shown = (digits >= 1) & (half <= 0.5 * np.abs(value))  # at least one digit of the value itself
    return _Match(tight, rounded, loosely & shown & ~rounded, digits >= target.digits)


def _may_match(reading: Reading, value: Any, target: Target) -> bool:
    """Whether the first entries are so near that a full comparison is worth its time."""
    value = np.asarray(value)
    if value.shape != np.shape(reading.value):
        return False
    typed, meant = float(np.ravel(reading.value)[0]), float(value.flat[0])
    peak = abs(meant) if value.ndim == 0 else float(np.max(np.abs(value)))
    reach = 1.1 * 10.0 ** (1 - target.digits) * max(abs(typed), abs(meant))
    return abs(typed - meant) <= reach + 1e-3 * peak + 1e-5 * target.scale


def _is_rounding(typed: Any, value: Any, digits: int) -> Any:
    """Whether each typed entry is the value rounded to exactly so many significant digits, 12300 for 12345."""
    with np.errstate(all="ignore"):
        unit = 10.0 ** (np.floor(np.log10(np.abs(value))) - digits + 1)
        steps = typed / unit
        whole = np.abs(steps - np.round(steps)) <= 1e-6
        return whole & (np.abs(typed - value) <= 0.5 * unit * (1 + _SLACK)) & (unit > 0) & np.isfinite(unit)


def _precisions(reading: Reading) -> tuple[list[float], list[int], list[int]]:
    """Half units, significant digits (99 for exact entries) and idle zeros of all entries."""
    halves = [float(one.half) for one in reading.precisions]
    digits = [_EXACT if one.digits is None else one.digits for one in reading.precisions]
    return halves, digits, [one.zeros for one in reading.precisions]


def _rival(reading: Reading, target: Target) -> bool:
    """Whether the typed digits leave open a declared wrong value as well."""
    for wrong in target.wrong:
        match = _compare(reading, wrong.value, target)
        if bool(np.all(match.right | match.rounded)):
            return True
    return False


# ---------------------------------------------------------------------- shapes


_ONE_NUMBER = Message("one number")
_VECTOR = Message("a vector of {count}")
_MATRIX = Message("a {rows}×{columns} matrix")
_ARRAY = Message("an array of shape {shape}")
_FLAT = Message("this is a flat list: write {asked}, its rows separated by “;”")
_OTHER_SHAPE = Message("{asked} is asked, {came} came")
_NO_ROWS = Message("{asked} is asked, {came} came; separate the rows by “;”")
_NO_LIST = Message("{asked} is asked, {came} came; decimals are written with a point, 0.5")


def _shape_words(shape: tuple[int, ...]) -> str:
    if not shape:
        return _ONE_NUMBER()
    if len(shape) == 1:
        return _VECTOR(count=shape[0])
    return _MATRIX(rows=shape[0], columns=shape[1]) if len(shape) == 2 else _ARRAY(shape=shape)


def _shape_verdict(target: Target, reading: Reading, read_as: str, reference: str) -> Verdict | None:
    """What there is to say of a shape other than the one asked for; None where it fits."""
    wanted, given = np.shape(target.value), np.shape(reading.value)
    if wanted == given or _is_same_list(wanted, given):
        return None
    if len(wanted) == 2 and given == wanted[::-1]:
        transposed = _compare(reading, np.transpose(target.value), target)
        if bool(np.all(transposed.right)):
            return Verdict(Outcome.MISCONCEPTION, 0.0, _TRANSPOSED(), "transposed", read_as, reference)
    asked, came = _shape_words(wanted), _shape_words(given)
    if len(wanted) == 2 and len(given) == 1 and np.prod(wanted) == given[0]:
        return invalid(_FLAT(asked=asked), None, read_as)
    what = _OTHER_SHAPE if len(wanted) < 2 or len(given) == len(wanted) else _NO_ROWS
    if not wanted and given and max(given) > 1:
        what = _NO_LIST
    return invalid(what(asked=asked, came=came), None, read_as)


def _is_same_list(wanted: tuple[int, ...], given: tuple[int, ...]) -> bool:
    """Whether both are a list of the same length, be it written as a row, a column or a plain list."""
    plain_wanted = tuple(size for size in wanted if size != 1)
    plain_given = tuple(size for size in given if size != 1)
    return plain_wanted == plain_given and len(plain_given) <= 1 and 1 in (len(wanted), len(given))


def _in_shape(reading: Reading, target: Target) -> Reading:
    value = np.reshape(reading.value, np.shape(target.value))
    return Reading(reading.expression, value[()] if value.ndim == 0 else value, reading.precisions)


# ---------------------------------------------------------------------- words


def _entries(match: _Match) -> tuple[Detail, ...]:
    """Which entries of a vector or matrix are right, after a failed try."""
    right = np.asarray(match.right | match.rounded)
    if right.ndim == 0 or right.size > 64:
        return ()
    details = []
    for place in np.ndindex(right.shape):
        label = ", ".join(str(index + 1) for index in place)
        details.append(Detail(_ENTRY(place=label), bool(right[place])))
    return tuple(details)


def _rounded_message(target: Target) -> str:
    if np.ndim(target.value) == 0 and np.isfinite(target.value):
        allowed = float(tolerance(target.value, target.digits, target.scale))
        low, high = sorted((float(target.value) - allowed, float(target.value) + allowed))
        digits = target.digits + 3
        return _TOO_FEW_DIGITS_RANGE(digits=target.digits, low=significant(low, digits), high=significant(high, digits))
    return _TOO_FEW_DIGITS(digits=target.digits)


def _close_message(reading: Reading, target: Target) -> str:
    truncated = _compare(_grown(reading), target.value, target)
    if reading.is_plain() and bool(np.all(truncated.right | truncated.rounded)):
        return _CUT_OFF()
    return _ROUNDED_INSIDE()


def _grown(reading: Reading) -> Reading:
    """The reading as if its last digits had been cut off: the number lies up to one unit further out."""
    typed = np.asarray(reading.value, dtype=np.float64)
    halves, _, _ = _precisions(reading)
    value = typed + np.sign(typed) * np.reshape(halves, typed.shape)
    return Reading(reading.expression, value, reading.precisions)


def _wrong_message(match: _Match, reading: Reading, target: Target) -> str:
    right = np.asarray(match.right | match.rounded)
    if right.ndim and right.size > 1 and right.any():
        return _SOME_AGREE(right=int(right.sum()), count=right.size)
    if right.ndim == 0 and np.isfinite(reading.value) and np.isfinite(target.value):
        if float(reading.value) * float(target.value) < 0:
            return _WRONG_SIGN()
        if abs(float(reading.value)) > 1e3 * max(abs(float(target.value)), 1e-12):
            return _TOO_LARGE(number=short_number(float(reading.value)))
    return _NOT_RIGHT()


def _missing_percent(target: Target, reading: Reading) -> str | None:
    """A probability given in hundredths without the sign: a slip of writing, not of understanding."""
    if np.ndim(target.value) or not 0 < float(target.value) <= 1 or not 1 < float(reading.value) <= 100:
        return None
    if target.unit == "%" or not _is_probability(target):
        return None
    precisions = tuple(one.in_percent() for one in reading.precisions)
    hundredth = Reading(reading.expression, np.float64(reading.value / 100), precisions)
    match = _compare(hundredth, target.value, target)
    if not bool(match.right | match.rounded):
        return None
    typed = short_number(float(reading.value))
    return _PERCENT(typed=typed, fraction=short_number(float(hundredth.value)))


def _is_probability(target: Target) -> bool:
    tree = target.expression.tree
    called = isinstance(tree, Call) and tree.function in _PROBABILITIES
    return called or target.unit in ("probability", "概率", "fraction")
