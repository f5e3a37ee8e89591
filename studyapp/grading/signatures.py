"""What a wrong number gives away: the mistakes that people make with losses leave a recognisable ratio or form.

Each sign is a guess, worded as one, and told only where nothing else explains the number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from msgspec import Struct

from studyapp.formula.tree import Call, Negative, Number, walk
from studyapp.grading.target import Target
from studyapp.grading.tolerance import apart
from studyapp.locale.message import Message

_LOGARITHMS = frozenset({
    "ln", "log", "log2", "log10", "bce", "balanced_bce", "cross_entropy", "sparse_cross_entropy", "nll",
    "logistic", "focal", "softmax_focal", "entropy", "kl", "js", "self_information", "cross_entropy_of",
    "joint_entropy", "conditional_entropy", "mutual_information", "info_nce", "pixel_cross_entropy",
    "logsumexp", "softplus", "log_softmax", "log_cosh",
})  # fmt: skip
_CHOSEN = frozenset({"median", "min", "max", "minimum", "maximum", "sort", "argmax", "argmin"})
"""Functions that pick one of their numbers: what is off by a factor there is another pick."""

_MARGINS = frozenset({"hinge", "squared_hinge", "multiclass_hinge", "triplet", "sum_hinge", "max_hinge"})


_OPPOSITE_SIGN = Message("This looks like the right size with the opposite sign.")
_COMPLEMENT = Message("This looks like 1 minus the answer: the score in place of the loss, or the other way.")
_SQUARE = Message("This looks like the square of the answer: a root is still to be taken.")
_ROOT = Message("This looks like the square root of the answer: one root too many.")
_SUM_FOR_MEAN = Message("This looks like {count} times the answer: a sum where the mean over {what} is asked.")
_MEAN_FOR_SUM = Message("This looks like the answer divided by {count}: averaged over {what} once too often.")
_N_MINUS_ONE = Message("This looks like a division by {less} in place of {count}.")
_ENTRIES, _ROWS, _COLUMNS = Message("the entries"), Message("the rows"), Message("the columns")
_ALL_ENTRIES = Message("all entries")
_MISSING_HALF = Message("This looks like twice the answer: a factor ½ is missing.")
_EXTRA_HALF = Message("This looks like half the answer: a factor ½ too many, or a missing 2.")
_OTHER_BASE = Message("This looks like a logarithm with base {base} where ln was meant.")
_NATURAL = Message("This looks like ln where the logarithm with base {base} was meant.")
_DICE = Message("This looks like Dice where IoU (Jaccard) is asked: 2J/(1+J).")
_JACCARD = Message("This looks like IoU (Jaccard) where Dice is asked: D/(2−D).")
_MARGIN = Message("This looks like the margin left out, or counted twice.")
_HUBER = Message("Huber and Smooth L1 differ by the factor {name}: this looks like the other one of the two.")
_ALPHA = Message("This looks like the weight of the other class: α belongs to the positives, 1 − α to the negatives.")
_SLIPPED = Message("The digits are right, the decimal point slipped: {places} {way}.")
_PERCENT_SLIPPED = Message(
    "The digits are right, the decimal point slipped: {places} {way} (or a percentage was taken for a fraction)."
)
_PLACES = Message("{count} place", "{count} places")
_TOO_LARGE, _TOO_SMALL = Message("too large"), Message("too small")


class Signature(Struct, frozen=True):
    """A mistake that would explain the number: its id for the log, the words for the learner, and the factor between
    the right number and the wrong one where it is one."""

    id: str
    say: str
    factor: float | None = None


def signatures(target: Target, matches: Callable[[Any], bool]) -> list[Signature]:
    """The mistakes that would lead from the right value to the typed one, most telling first.

    ``matches`` says whether the typed value is a given one.
    """
    right = np.asarray(target.value, dtype=np.float64)
    if not np.all(np.isfinite(right)):
        return []
    found: dict[str, Signature] = {}
    for signature, value in _candidates(right, target):
        value = np.asarray(value, dtype=np.float64)
        if signature.id in found or not matches(value) or not np.all(np.isfinite(value)):
            continue
        if apart(right, value, target.digits, target.scale):
            found[signature.id] = signature
    return list(found.values())


def only_explanation(guesses: list[Signature], target: Target) -> Signature | None:
    """The guess, if it is the only one and no other forgotten or doubled factor of the question gives the same number.

    Twice the mean of four numbers may lack a factor ½, or be half their sum: nobody can tell.
    """
    if len({guess.id for guess in guesses}) != 1:
        return None
    guess = guesses[0]
    if guess.factor is None:
        return guess
    others = [factor for factor in _explanations(target) if math.isclose(factor, guess.factor, rel_tol=1e-9)]
    return guess if len(others) <= (guess.id not in ("power-of-ten", "n-minus-one")) else None


def _explanations(target: Target) -> Iterator[float]:
    """The factors by which an answer is off where one or two factors of the question are left out or put in."""
    counts = {float(count) for count in _sizes(target.values) if count > 1}
    numbers = {abs(value) for value in _keywords(target).values()}
    plain = [("half", 2.0), *((f"count {count}", count) for count in counts)]
    all_of_them = [*plain, *((f"number {number}", number) for number in numbers if number not in (0.0, 1.0))]
    all_of_them += [(f"ln {base}", math.log(base)) for base in (2.0, 10.0)]
    for _, factor in all_of_them:
        yield from (factor, 1 / factor)
    for place, (_, first) in enumerate(plain):
        for _, second in all_of_them[place + 1 :]:
            yield from (first * second, first / second, second / first, 1 / (first * second))


def power_of_ten(target: Target, matches: Callable[[Any], bool]) -> list[Signature]:
    """The slip of the decimal point by one to six places; nothing or one."""
    right = np.asarray(target.value, dtype=np.float64)
    if not np.any(right) or not np.all(np.isfinite(right)) or matches(np.zeros_like(right)):
        return []
    for power in (1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6):
        if matches(right * 10.0**power):
            places = _PLACES(count=abs(power))
            way = _TOO_LARGE if power > 0 else _TOO_SMALL
            slipped = _PERCENT_SLIPPED if abs(power) == 2 else _SLIPPED
            return [Signature("power-of-ten", slipped(places=places, way=way()), 10.0**power)]
    return []


def _candidates(right: Any, target: Target) -> Iterator[tuple[Signature, Any]]:
    """Every mistake that applies to this question, with the value it leads to."""
    tree = target.expression.tree
    if isinstance(tree, Call) and tree.function in _CHOSEN:
        return
    calls = {part.function.removesuffix(".grad") for part in walk(target.expression.tree) if isinstance(part, Call)}
    yield from _parameters(right, target, calls)
    yield from _overlaps(right, calls)
    yield Signature("sign", _OPPOSITE_SIGN()), -right
    yield from _counts(right, target)
    yield from _halves(right)
    if calls & _LOGARITHMS:
        yield from _bases(right, _base(target, calls))
    if np.all((right >= 0) & (right <= 1)):
        yield Signature("complement", _COMPLEMENT()), 1 - right
    if right.ndim == 0 and right > 0:
        yield Signature("square", _SQUARE()), right**2
        yield Signature("root", _ROOT()), np.sqrt(right)


def _counts(right: Any, target: Target) -> Iterator[tuple[Signature, Any]]:
    """Sums for means and the like, for every count that the question's numbers have."""
    for count, what in _sizes(target.values).items():
        if count < 2:
            continue
        yield Signature("sum-for-mean", _SUM_FOR_MEAN(count=count, what=what()), float(count)), right * count
        yield Signature("mean-for-sum", _MEAN_FOR_SUM(count=count, what=what()), 1 / count), right / count
        if count > 2:
            factor = count / (count - 1)
            yield Signature("n-minus-one", _N_MINUS_ONE(less=count - 1, count=count), factor), right * factor


def _sizes(values: Mapping[str, Any]) -> dict[int, Message]:
    """The lengths along the axes of the question's numbers and what they count."""
    sizes: dict[int, Message] = {}
    for value in values.values():
        shape = np.shape(value) if isinstance(value, (list, tuple)) else ()
        for axis, size in enumerate(shape):
            sizes.setdefault(size, _ENTRIES if len(shape) == 1 else (_ROWS if axis == 0 else _COLUMNS))
        if len(shape) > 1:
            sizes.setdefault(math.prod(shape), _ALL_ENTRIES)
    return sizes


def _halves(right: Any) -> Iterator[tuple[Signature, Any]]:
    yield Signature("missing-half", _MISSING_HALF(), 2.0), right * 2
    yield Signature("extra-half", _EXTRA_HALF(), 0.5), right / 2


def _base(target: Target, calls: set[str]) -> float:
    """The base of the logarithm in the answer: 2 or 10 where it stands there, else e."""
    for base, functions, units in ((2.0, "log2", ("bits", "bit", "比特")), (10.0, "log10", ("dits", "hartleys"))):
        if functions in calls or _keywords(target).get("base") == base or target.unit in units:
            return base
    return math.e


def _bases(right: Any, base: float) -> Iterator[tuple[Signature, Any]]:
    """Another base than the one that the answer has."""
    if base != math.e:
        factor = math.log(base)
        yield Signature("natural-log", _NATURAL(base=f"{base:g}"), factor), right * factor
        return
    for other in (2.0, 10.0):
        factor = 1 / math.log(other)
        yield Signature(f"log-base-{other:g}", _OTHER_BASE(base=f"{other:g}"), factor), right * factor


def _overlaps(right: Any, calls: set[str]) -> Iterator[tuple[Signature, Any]]:
    """Dice for Jaccard and back; a score s and a loss 1 − s lead to different numbers."""
    score = 1 - right
    with np.errstate(divide="ignore", invalid="ignore"):
        if any("iou" in call for call in calls):
            dice = Signature("dice-for-jaccard", _DICE())
            yield dice, 2 * right / (1 + right)
            yield dice, 1 - 2 * score / (1 + score)
        if any("dice" in call for call in calls):
            jaccard = Signature("jaccard-for-dice", _JACCARD())
            yield jaccard, right / (2 - right)
            yield jaccard, 1 - score / (2 - score)


def _parameters(right: Any, target: Target, calls: set[str]) -> Iterator[tuple[Signature, Any]]:
    """Margins left out, Huber for Smooth L1, the weight of the other class."""
    known = _keywords(target)
    margin = known.get("margin", 1.0 if calls & _MARGINS else None)
    if margin:
        yield Signature("margin", _MARGIN()), right - margin
        yield Signature("margin", _MARGIN()), right + margin
    for name in ("delta", "beta"):
        value = known.get(name)
        if value and calls & {"huber", "smooth_l1"}:
            yield Signature("huber-smooth-l1", _HUBER(name=name)), right * value
            yield Signature("huber-smooth-l1", _HUBER(name=name)), right / value
    alpha = known.get("alpha")
    if alpha and 0 < alpha < 1 and calls & {"focal", "balanced_bce"}:
        yield Signature("alpha-swapped", _ALPHA()), right * alpha / (1 - alpha)
        yield Signature("alpha-swapped", _ALPHA()), right * (1 - alpha) / alpha


def _keywords(target: Target) -> dict[str, float]:
    """The named parameters of the question that are plain numbers, from its values and from the answer's calls."""
    known = {name: float(value) for name, value in target.values.items() if isinstance(value, (int, float))}
    for part in walk(target.expression.tree):
        if isinstance(part, Call):
            for name, node in part.keywords:
                if isinstance(node, Number):
                    known[name] = node.value
                elif isinstance(node, Negative) and isinstance(node.operand, Number):
                    known[name] = -node.operand.value
    return known
