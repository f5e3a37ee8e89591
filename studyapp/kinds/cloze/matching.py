"""Whether what was typed into a gap is one of its accepted answers: generous with writing and strict with meaning."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import lru_cache

from msgspec import Struct

from studyapp.formula import FORMULA, Expression, ExpressionError, parse, spelling_key
from studyapp.formula.names import free_names
from studyapp.formula.tree import Constant, walk
from studyapp.grading.equality import named_functions, same_at, value_at
from studyapp.grading.match import matches
from studyapp.grading.spoken import in_signs, multiple
from studyapp.grading.stream import Stream
from studyapp.grading.wording import is_slip, letters_of, phrase_key, signs_of, tokens_of
from studyapp.kinds.cloze.gaps import LOOSE, Gap

_POINTS = 12
_LEAST = 4
_MOST_NAMES = 12
_NEIGHBOURS = 6
_FORMULA_SIGN = re.compile(r"[\d\\^_+\-−*/(½¼∞]")
_TWO_WORDINGS = re.compile(
    r"\s*[(（](?P<second>[^()（）]+)[)）]\s*$|\s+(?:i\.e\.|or)\s+|\s*[，,]\s*(?:i\.e\.|即)\s*|\s*或\s*"
)
_BUILDS = frozenset({"function", "函数", "的", "性", "化", "地"})
"""Endings that say nothing more."""

_NOUNS = (
    {"loss", "loss function", "cost", "cost function"}, {"distribution", "prior"}, {"term", "penalty"},
    {"estimator", "estimate", "estimation", "solution"}, {"class", "label"}, {"value"}, {"method", "algorithm"},
    {"layer", "activation", "unit", "output"}, {"error"}, {"risk"},
    {"损失", "损失函数", "代价", "代价函数", "loss"}, {"分布", "先验", "先验分布"},
    {"项", "惩罚", "惩罚项", "正则", "正则化", "正则项"},
    {"估计", "估计量"}, {"类别", "类", "标签"}, {"值"}, {"方法", "法", "算法"}, {"层", "激活"}, {"误差"}, {"风险"},
)  # fmt: skip
"""Nouns that may follow an answer where the gap or the text beside it has one of the same row."""

_LATEX_SPELLINGS = (
    ("−", "-"), ("–", "-"), ("×", "*"), ("·", "*"), ("\\cdot", "*"), ("\\times", "*"), ("\\left", ""),
    ("\\right", ""), ("\\mathrm", ""), ("\\text", ""), ("\\operatorname", ""), ("\\ln", "\\log"), ("\\,", ""),
    ("\\;", ""), ("\\", ""),
)  # fmt: skip


class Fit(Enum):
    """How a filling fits its gap."""

    RIGHT = "right"
    MISSPELT = "misspelt"
    """An accepted word but for one letter."""
    TYPED_BACK = "typed back"
    """Right, but by a function that the gap asks to be written out."""
    WRONG = "wrong"


class Match(Struct, frozen=True):
    """How a filling fits its gap, with the word that was meant or the function that is to be written out."""

    fit: Fit
    meant: str = ""


def match_gap(gap: Gap, filling: str, others: Sequence[Gap] = ()) -> Match:
    """How a filling fits its gap; what is right in one of the ``others`` is no misspelling here."""
    filling = filling.strip()
    if not filling:
        return Match(Fit.WRONG)
    if gap.match != LOOSE:
        met = any(matches(filling, accepted, gap.match, gap.fold) for accepted in gap.accepted)
        return Match(Fit.RIGHT if met else Fit.WRONG)
    if gap.fold and any(matches(filling, accepted, "case", gap.fold) for accepted in gap.accepted):
        return Match(Fit.RIGHT)
    if _is_accepted(gap, filling):
        return Match(Fit.RIGHT)
    function = _typed_back(gap, filling)
    if function:
        return Match(Fit.TYPED_BACK, function)
    if any(same_wording(filling, accepted) for other in others for accepted in other.accepted):
        return Match(Fit.WRONG)
    if gap.formula:
        return Match(Fit.WRONG)
    if any(_is_accepted(gap, wording) for wording in _shorter(gap, filling)) or _is_said_twice(gap, filling):
        return Match(Fit.RIGHT)
    for wording in (filling, *_shorter(gap, filling)):
        for accepted in gap.accepted:
            if is_slip(wording, accepted):
                return Match(Fit.MISSPELT, accepted)
    return Match(Fit.WRONG)


def _is_accepted(gap: Gap, filling: str) -> bool:
    return any(
        same_wording(filling, accepted)
        or _same_in_signs(filling, accepted, gap.formula)
        or (not gap.formula and _turned_round(filling, accepted))
        for accepted in gap.accepted
    )


def _turned_round(typed: str, accepted: str) -> bool:
    """Whether a noun and its short label have changed places: “quantile q”, “norm L2”."""
    words, wanted = tokens_of(typed), tokens_of(accepted)
    return (
        len(words) == 2
        and words == wanted[::-1]
        and min(map(len, words)) <= 2 < max(map(len, words))
        and signs_of(typed) == signs_of(accepted)
    )


def _is_said_twice(gap: Gap, filling: str) -> bool:
    """Whether the filling is two accepted wordings: “maximum a posteriori (MAP)”."""
    found = _TWO_WORDINGS.search(filling)
    if found is None:
        return False
    second = found["second"] or filling[found.end() :]
    return all(
        any(_is_accepted(gap, wording) for wording in (half, *_shorter(gap, half)))
        for half in (filling[: found.start()], second)
        if half
    ) and bool(filling[: found.start()].strip() and second.strip())


def same_wording(typed: str, accepted: str) -> bool:
    """Whether two phrases are the same but for the way of writing."""
    if signs_of(typed) == signs_of(accepted) and any(
        key(typed) and key(typed) == key(accepted) for key in (phrase_key, letters_of)
    ):
        return True
    typed_key = _latex_key(typed)
    return bool(typed_key) and typed_key == _latex_key(accepted)


def _same_in_signs(typed: str, accepted: str, formula: bool) -> bool:
    """Whether two numbers or formulas, maybe said in words, are equal."""
    if same_formula(typed, accepted):
        return True
    plain, wanted = in_signs(typed), in_signs(accepted)
    if (plain, wanted) == (typed, accepted):
        plain = typed
    elif same_formula(plain, wanted):
        return True
    else:
        key = _latex_key(plain)
        if any(character.isalnum() for character in key) and key == _latex_key(wanted):
            return True
    number = "" if formula else multiple(typed)
    return bool(number) and same_formula(number, wanted)


def _shorter(gap: Gap, filling: str) -> Iterator[str]:
    """The filling without the words that stand beside the gap anyway, and without a noun that adds nothing."""
    words = tokens_of(filling)
    before, after = tokens_of(gap.before)[-_NEIGHBOURS:], tokens_of(gap.after)[:_NEIGHBOURS]
    signs = signs_of(filling)
    for left in range(min(len(before), len(words) - 1) + 1):
        if left and words[:left] != before[-left:]:
            continue
        for right in range(min(len(after), len(words) - 1 - left) + 1):
            if right and words[-right:] != after[:right]:
                continue
            if left or right:
                yield signs + _joined(words[left : len(words) - right])
    beside = [tokens_of(text) for text in (*gap.accepted, gap.before, gap.after)]
    known = [
        noun for row in _NOUNS for noun in row if any(_holds(text, tokens_of(one)) for one in row for text in beside)
    ]
    for noun in (*_BUILDS, *known):
        ending = tokens_of(noun)
        if len(words) > len(ending) and words[-len(ending) :] == ending:
            yield signs + _joined(words[: -len(ending)])


def _holds(words: list[str], wanted: list[str]) -> bool:
    return any(words[start : start + len(wanted)] == wanted for start in range(len(words) - len(wanted) + 1))


def _joined(words: Sequence[str]) -> str:
    """Words as a text again: Chinese characters without blanks."""
    text = " ".join(words)
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", text)


@lru_cache(maxsize=512)
def _latex_key(text: str) -> str:
    """The text with LaTeX commands, blanks, braces and accents brought to one spelling."""
    plain = unicodedata.normalize("NFKC", text.strip().strip("$").rstrip(".。"))
    for old, new in _LATEX_SPELLINGS:
        plain = plain.replace(old, new)
    return re.sub(r"\s+", "", spelling_key(plain))


def same_formula(typed: str, accepted: str) -> bool:
    """Whether two formulas or numbers are equal, whatever their names stand for.

    They are compared at points of both signs, where the accepted one has a value. A formula that calls a function with
    a name of its own, such as the sigmoid, is equal only to one that calls it, too.
    """
    pair = _read_pair(typed, accepted)
    return pair is not None and not named_functions(pair[0]) - named_functions(pair[1]) and _equal(*pair, accepted)


def _typed_back(gap: Gap, filling: str) -> str:
    """The function that the filling calls in place of writing it out; empty where it is not right or calls none."""
    for accepted in gap.accepted:
        pair = _read_pair(filling, accepted)
        if pair is None:
            continue
        called = named_functions(pair[0]) - named_functions(pair[1])
        if called and _equal(*pair, accepted):
            return min(called)
    return ""


def _read_pair(typed: str, accepted: str) -> tuple[Expression, Expression] | None:
    """Both texts as formulas over the same names, or None."""
    if len(accepted) > 2 and not _FORMULA_SIGN.search(accepted):
        return None  # a plain word
    try:
        names = {spelling_key(name) for text in (typed, accepted) for name in free_names(text)}
        if len(names) > _MOST_NAMES:
            return None
        return parse(typed, sorted(names), FORMULA), parse(accepted, sorted(names), FORMULA)
    except (ExpressionError, ValueError, TypeError):
        return None


def _equal(typed: Expression, accepted: Expression, text: str) -> bool:
    if typed.tree == accepted.tree:
        return True
    names = sorted({spelling_key(name) for name in accepted.names})
    if {spelling_key(name) for name in typed.names} != set(names):
        return False
    if not names:
        return _same_constant(typed, accepted)
    stream = Stream("cloze", text)
    compared = 0
    for number in range(4 * _POINTS):
        positive = number < _POINTS
        low, width = (0.15, 0.7) if positive else (-1.5, 3.0)
        point = {name: round(low + width * stream.fraction(), 4) for name in names}
        if not math.isfinite(value_at(accepted, point)):
            continue
        if not positive and math.isnan(value_at(typed, point)):
            continue  # what the names stand for is not known: they may be positive, as probabilities are
        if not same_at(typed, accepted, point, 1.0):
            return False
        compared += 1
        if compared >= 2 * _POINTS:
            break
    return compared >= _LEAST


def _same_constant(typed: Expression, accepted: Expression) -> bool:
    """Whether two numbers are equal; what is not finite only where it is written as infinity."""
    wanted = value_at(accepted, {})
    if math.isfinite(wanted):
        return same_at(typed, accepted, {}, abs(wanted))
    written = any(isinstance(node, Constant) and node.name == "inf" for node in walk(typed.tree))
    return written and value_at(typed, {}) == wanted
