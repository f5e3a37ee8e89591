"""Rubrics: which points of the rubric a text seems to hold. The learner decides."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from studyapp.cards.card import Point
from studyapp.grading.verdict import Detail, Outcome, Verdict
from studyapp.grading.wording import has_chinese, words_of
from studyapp.locale.message import Message

_COMPARE = Message("Compare with the answer and tick what you had.")
_SEEM_THERE = Message("{found} of {count} points seem to be there: check the ticks against your own words.")
_TICKED = Message("{ticked} of {count} points.")
_RATE = Message("Rate how well you knew it.")

_SHARE = 0.6
"""Of the telling words of a point without declared ``words``, this share must be found."""

_COMMON = frozenset({
    "a", "an", "the", "of", "to", "in", "on", "at", "by", "for", "from", "with", "and", "or", "not", "no",
    "is", "are", "was", "be", "been", "it", "its", "this", "that", "these", "those", "as", "than", "then",
    "so", "such", "which", "who", "what", "when", "where", "while", "if", "but", "more", "most", "less",
    "least", "very", "can", "may", "will", "would", "should", "must", "do", "does", "did", "has", "have",
    "had", "one", "each", "every", "all", "any", "both", "only", "also", "into", "over", "under", "between",
    "per",
})  # fmt: skip

_FORMULA_SIGN = re.compile(r"[\\=+*/^_(){}<>|−·]|\s-\s|\d")
_FORMULA_SPELLINGS = (
    ("−", "-"), ("∑", "σ"), ("·", "*"), ("\\cdot", "*"), ("×", "*"), ("\\times", "*"), ("\\log", "ln"), ("log", "ln"),
    ("\\sum", "σ"), ("\\sigma", "σ"), ("sigma", "σ"), ("sigmoid", "σ"), ("\\lambda", "λ"), ("lambda", "λ"),
    ("\\frac", ""), ("\\left", ""), ("\\right", ""),
)  # fmt: skip


def suggested(points: Sequence[Point], reference: str, answer: str) -> Verdict:
    """The rubric with a suggestion of what was said; ``passed`` is None where nothing was recognised."""
    found = [is_mentioned(point, answer) for point in points]
    details = tuple(
        Detail(str(place + 1), True if hit else None, point.text)
        for place, (point, hit) in enumerate(zip(points, found, strict=True))
    )
    score = sum(found) / len(found) if found else 0.0
    message = _SEEM_THERE(found=sum(found), count=len(found)) if any(found) else _COMPARE()
    return Verdict(Outcome.SELF_RATED, score, message, None, None, reference, details)


def ticked(points: Sequence[Point], reference: str, places: set[int]) -> Verdict:
    """The learner's own judgement: the places, from 0, of the points that were there.

    Raises:
        ValueError: a place that the rubric does not have.
    """
    unknown = sorted(place for place in places if not 0 <= place < len(points))
    if unknown:
        raise ValueError(f"there is no point {unknown[0]}: the rubric has {len(points)}")
    details = tuple(Detail(str(place + 1), place in places, point.text) for place, point in enumerate(points))
    score = len(places) / len(points) if points else 1.0
    message = _TICKED(ticked=len(places), count=len(points)) if points else _RATE()
    return Verdict(Outcome.SELF_RATED, score, message, None, None, reference, details)


def is_mentioned(point: Point, answer: str) -> bool:
    """Whether the text says the point: one of its declared spellings, its formula, or most of its telling words."""
    if not answer.strip():
        return False
    if point.words:
        return any(_occurs(word, answer) for word in point.words)
    formulas = re.findall(r"\$([^$]+)\$", point.text)
    typed = _formula_key(answer)
    if any(len(_formula_key(formula)) > 2 and _formula_key(formula) in typed for formula in formulas):
        return True
    prose = re.sub(r"\$[^$]*\$", " ", point.text)
    if has_chinese(prose):
        return _chinese_share(prose, answer) >= _SHARE
    telling = {word for word in words_of(prose) if word not in _COMMON and len(word) > 1}
    said = set(words_of(answer))
    return bool(telling) and sum(_said(word, said) for word in telling) >= _SHARE * len(telling)


def _said(word: str, said: set[str]) -> bool:
    """Whether a word or one with the same stem was said: “robust” for “robustness”."""
    if word in said:
        return True
    return len(word) > 5 and any(other[:5] == word[:5] for other in said if len(other) > 4)


def _occurs(phrase: str, answer: str) -> bool:
    """Whether the phrase stands in the text, as words, as Chinese characters or as a formula."""
    if has_chinese(phrase):
        return "".join(words_of(phrase)) in "".join(words_of(answer))
    wanted, said = words_of(phrase), words_of(answer)
    if any(said[start : start + len(wanted)] == wanted for start in range(len(said) - len(wanted) + 1)) and wanted:
        return True
    if len(wanted) > 1 and "".join(wanted) in said:
        return True
    key = _formula_key(phrase)
    return bool(_FORMULA_SIGN.search(phrase)) and len(key) > 1 and key in _formula_key(answer)


def _formula_key(text: str) -> str:
    """Formulas without blanks, braces and the marks of LaTeX, ``\\cdot`` and ``·`` alike."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    for old, new in _FORMULA_SPELLINGS:
        plain = plain.replace(old, new)
    return re.sub(r"[\s{}\\$_*]", "", plain)


def _chinese_share(prose: str, answer: str) -> float:
    """The share of neighbouring character pairs of the point that the text holds."""
    pairs: set[str] = set()
    for run in re.findall(r"[\u4e00-\u9fff]+|[A-Za-z]{2,}", prose):
        pairs |= {run[start : start + 2] for start in range(len(run) - 1)} if has_chinese(run) else {run}
    return sum(pair.casefold() in answer.casefold() for pair in pairs) / len(pairs) if pairs else 0.0
