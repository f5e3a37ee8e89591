"""Grading of short answers: what cannot be read is asked for again, what is read is right or wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from studyapp.formula import ExpressionError
from studyapp.grading.invalid import NOTHING, invalid
from studyapp.grading.match import letter_by_letter, matches
from studyapp.grading.reading import read_value
from studyapp.grading.verdict import RIGHT, Detail, Outcome, Verdict
from studyapp.kinds.typed.values import read_fraction, read_integer, read_interval, read_set, read_yes_no
from studyapp.locale.message import Message

if TYPE_CHECKING:
    from studyapp.kinds.typed import TypedCard

_NOT_RIGHT = Message("Not right: it is “{right}”.")
_LETTERS = Message("Letter by letter: {compared}")
_NO_INTEGER = Message("a whole number is asked for")
_NO_FRACTION = Message("an exact number is asked for, such as 5/36")
_NO_SET = Message("the members are asked for, separated by commas; close the brackets, or leave them away")
_NO_INTERVAL = Message("an interval is asked for, such as (0, 4] or 0 < x <= 4")
_NO_YES = Message("yes or no is asked for")
_MISSING = Message("{count} member is missing.", "{count} members are missing.")
_FOREIGN = Message("{member} does not belong to it.")
_ENDS = Message("The ends are right; look at which of them belongs to the interval.")
_FACTOR = re.compile(
    r"(?:factor|×|x|因子)\s*(?P<factor>\d+(?:\.\d+)?)|(?P<other>\d+(?:\.\d+)?)\s*(?:×|x|倍)", re.IGNORECASE
)

_MOST = 1e300

DEFAULT_TOLERANCE = 0.005
"""Of the right value, where a card names none."""


class Tolerance:
    """How far a number may lie off: by an amount, by a share of the right value, or by a factor."""

    def __init__(self, amount: float = 0.0, share: float = 0.0, factor: float = 1.0) -> None:
        self.amount, self.share, self.factor = amount, share, factor

    def admits(self, value: float, right: float) -> bool:
        """Whether a value is near enough."""
        if value == right:
            return True
        if self.factor > 1:
            return right != 0 and 1 / self.factor * (1 - 1e-12) <= value / right <= self.factor * (1 + 1e-12)
        return abs(value - right) <= max(self.amount, self.share * abs(right)) * (1 + 1e-12)


def read_tolerance(text: str) -> Tolerance | None:
    """``0.1`` is an amount, ``5%`` a share, ``factor 2`` a factor; None for anything else."""
    body = text.strip()
    if not body:
        return Tolerance(share=DEFAULT_TOLERANCE)
    found = _FACTOR.fullmatch(body)
    if found:
        factor = float(found["factor"] or found["other"])
        return Tolerance(factor=factor) if 1 < factor <= 1000 else None
    value = read_fraction(body)
    if value is None or not 0 < value < _MOST:
        return None
    if body.endswith("%"):
        return Tolerance(share=float(value)) if value <= 1 else None
    return Tolerance(amount=float(value))


def read_answer(form: str, text: str, unit: str = "") -> Any:
    """What a text says in a form; None where it cannot be read."""
    if form == "text":
        return text.strip() or None
    if form == "number":
        return _number(text, unit)
    if form == "integer":
        return read_integer(_without_unit(text, unit))
    readers: dict[str, Callable[[str], Any]] = {
        "fraction": read_fraction,
        "set": read_set,
        "interval": read_interval,
        "yes-no": read_yes_no,
    }
    return readers[form](text)


def grade_typed(card: TypedCard, answer: str) -> Verdict:
    """The verdict on a typed answer."""
    if not answer.strip():
        return invalid(NOTHING())
    accepted = (card.answer, *card.accept)
    if card.form == "text":
        return _text(card, answer.strip(), accepted)
    if card.form == "number":
        try:
            read_value(answer, unit=card.unit)
        except ExpressionError as error:
            return invalid(error.message, error.column)
    given = read_answer(card.form, answer, card.unit)
    if given is None:
        asked = {"integer": _NO_INTEGER, "fraction": _NO_FRACTION, "set": _NO_SET, "interval": _NO_INTERVAL,
                 "yes-no": _NO_YES, "number": _NO_FRACTION}  # fmt: skip
        return invalid(asked[card.form]())
    rights = [right for one in accepted if (right := read_answer(card.form, one, card.unit)) is not None]
    if card.form == "number":
        tolerance = read_tolerance(card.tolerance) or Tolerance()
        is_right = any(tolerance.admits(given, right) for right in rights)
    elif card.form == "set":
        return _set(card, given, rights)
    else:
        is_right = given in rights
    note = ""
    if (
        not is_right
        and card.form == "interval"
        and any((one.low, one.high) == (given.low, given.high) for one in rights)
    ):
        note = _ENDS()
    return _verdict(card, is_right, answer.strip(), note)


def _text(card: TypedCard, answer: str, accepted: tuple[str, ...]) -> Verdict:
    if any(matches(answer, one, card.match, card.fold) for one in accepted):
        return _verdict(card, True, answer)
    compared = next(filter(None, (letter_by_letter(answer, one) for one in accepted)), "")
    return _verdict(card, False, answer, _LETTERS(compared=compared) if compared else "")


def _set(card: TypedCard, given: tuple[str, ...], rights: list[tuple[str, ...]]) -> Verdict:
    """Members are equal as exact numbers or, where they are none, as texts."""

    def same(one: str, other: str) -> bool:
        first, second = read_fraction(one), read_fraction(other)
        if first is not None and second is not None:
            return first == second
        return matches(one, other, card.match, card.fold)

    def lacking(members: tuple[str, ...], among: tuple[str, ...]) -> list[str]:
        return [one for one in members if not any(same(one, other) for other in among)]

    said = "; ".join(given) or "∅"
    best = min(rights, key=lambda right: len(lacking(right, given)) + len(lacking(given, right)))
    missing, foreign = lacking(best, given), lacking(given, best)
    if not missing and not foreign:
        return _verdict(card, True, said)
    details = tuple(Detail(one, one not in foreign, _FOREIGN(member=one) if one in foreign else "") for one in given)
    if missing:
        details = (*details, Detail("", False, _MISSING(count=len(missing))))
    right = len(given) - len(foreign)
    share = max(0.0, (right - len(foreign)) / max(1, len(best)))
    found = _verdict(card, False, said)
    return Verdict(found.outcome, min(share, 0.99), found.message, None, said, found.reference, details)


def _verdict(card: TypedCard, is_right: bool, read_as: str, note: str = "") -> Verdict:
    reference = card.answer
    if is_right:
        return Verdict(Outcome.CORRECT, 1.0, RIGHT(), None, read_as, reference)
    details = (Detail("", False, note),) if note else ()
    return Verdict(Outcome.WRONG, 0.0, _NOT_RIGHT(right=reference), None, read_as, reference, details)


def _number(text: str, unit: str) -> float | None:
    try:
        value = read_value(text, unit=unit).value
    except ExpressionError:
        return None
    return float(value.item()) if value.size == 1 else None


def _without_unit(text: str, unit: str) -> str:
    body = text.strip()
    return body[: -len(unit)].strip() if unit and body.lower().endswith(unit.lower()) else body
