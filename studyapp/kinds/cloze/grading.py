"""Grading of clozes: every gap against its accepted alternatives, generous with writing and strict with meaning."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from studyapp.formula import FORMULA, ExpressionError, parse, spelling_key
from studyapp.formula.names import free_names
from studyapp.grading.invalid import NOTHING, invalid
from studyapp.grading.stream import Stream
from studyapp.grading.verdict import RIGHT, Detail, Outcome, Verdict
from studyapp.grading.wording import is_slip, phrase_key
from studyapp.kinds.cloze.gaps import Gap
from studyapp.locale.message import Message
from studyapp.locale.sentences import join_sentences

_TOO_FEW_OR_MANY = Message(
    "there are {gaps} gaps, {count} answer came: separate them by “;”, with nothing between two for an empty gap",
    "there are {gaps} gaps, {count} answers came: separate them by “;”, with nothing between two for an empty gap",
)
_GIVEN = Message("“{given}”, right is “{right}”")
_EMPTY = Message("left empty, right is “{right}”")
_NOT_RIGHT = Message("Not right: it is “{right}”.")
_SOME_RIGHT = Message("{count} of {all} gaps is right.", "{count} of {all} gaps are right.")
_SPELLING = Message("Mind the spelling: {right}.")

_POINTS = 6
_TOLERANCE = 1e-9
_FORMULA_SIGN = re.compile(r"[\d\\^_+\-−*/(½¼]")

_LATEX_SPELLINGS = (
    ("−", "-"), ("–", "-"), ("×", "*"), ("·", "*"), ("\\cdot", "*"), ("\\times", "*"), ("\\left", ""),
    ("\\right", ""), ("\\mathrm", ""), ("\\text", ""), ("\\operatorname", ""), ("\\ln", "\\log"), ("\\,", ""),
    ("\\;", ""), ("\\", ""),
)  # fmt: skip


def grade_gaps(gaps: Sequence[Gap], answer: str) -> Verdict:
    """The verdict on the fillings, separated by ``;`` or line ends. A gap left empty counts as not given."""
    fillings = _split(answer, len(gaps))
    if not any(filling.strip() for filling in fillings):
        return invalid(NOTHING())
    if len(fillings) != len(gaps):
        return invalid(_TOO_FEW_OR_MANY(gaps=len(gaps), count=len(fillings)))
    details: list[Detail] = []
    notes: list[str] = []
    for place, (gap, filling) in enumerate(zip(gaps, fillings, strict=True)):
        label = str(place + 1)
        others = [other for index, other in enumerate(gaps) if index != place]
        found = match_gap(gap, filling, others)
        if found is None:
            given = filling.strip()
            said = _GIVEN(given=given, right=shown(gap)) if given else _EMPTY(right=shown(gap))
            details.append(Detail(label, False, said))
        else:
            details.append(Detail(label, True, found or filling.strip()))
            notes += [found] if found else []
    right = sum(detail.passed is True for detail in details)
    read_as = "; ".join(filling.strip() or "–" for filling in fillings)
    reference = "; ".join(gap.answer for gap in gaps)
    score = right / len(gaps)
    if right == len(gaps):
        message = join_sentences(RIGHT(), *notes)
        return Verdict(Outcome.CORRECT, 1.0, message, None, read_as, reference, tuple(details))
    message = _NOT_RIGHT(right=shown(gaps[0])) if len(gaps) == 1 else _SOME_RIGHT(count=right, all=len(gaps))
    return Verdict(Outcome.WRONG, score, message, None, read_as, reference, tuple(details))


def shown(gap: Gap) -> str:
    """The right filling, with dollar signs where it is maths."""
    return f"${gap.answer}$" if gap.formula else gap.answer


def _split(answer: str, count: int) -> list[str]:
    if count == 1:
        return [answer]
    lines = answer.split("\n")
    if len(lines) == count and sum(bool(line.strip()) for line in lines) > 1:
        return [_without_number(line) for line in lines]
    pieces = re.split(r"[;；\n]", answer)
    if len(pieces) != count:
        pieces = re.split(r"[;；\n]", answer.strip("\n"))
    while len(pieces) > count and not pieces[-1].strip():
        pieces.pop()
    if len(pieces) < count == len(lines):
        return lines
    if len(pieces) == 1 and count > 1:
        by_comma = re.split(r"[,，、]", answer)
        pieces = by_comma if len(by_comma) == count else pieces
    return [_without_number(piece) for piece in pieces] if len(pieces) > 1 else pieces


def _without_number(filling: str) -> str:
    """A filling without the number of its gap: ``[1] median``, ``1) median``, ``1. median``."""
    return re.sub(r"^\s*(?:\[\d+\]|\d+[):：]|\d+\.(?=\s))\s*", "", filling)


def match_gap(gap: Gap, filling: str, others: list[Gap] | tuple[Gap, ...] = ()) -> str | None:
    """Whether the filling is right: a note for the learner (often empty) if so, else None."""
    filling = filling.strip()
    if not filling:
        return None
    for accepted in gap.accepted:
        if same_wording(filling, accepted) or same_formula(filling, accepted):
            return ""
    if any(same_wording(filling, accepted) for other in others for accepted in other.accepted):
        return None
    for accepted in gap.accepted:
        if not gap.formula and is_slip(filling, accepted):
            return _SPELLING(right=accepted)
    return None


def same_wording(typed: str, accepted: str) -> bool:
    """Whether two phrases are the same but for the way of writing."""
    key = phrase_key(typed)
    if key and key == phrase_key(accepted) and _signs(typed) == _signs(accepted):
        return True
    return _latex_key(typed) == _latex_key(accepted)


def _signs(text: str) -> str:
    """The signs that carry meaning in a phrase; the rest of the punctuation does not count."""
    kept = re.sub(r"(?<=\w)[-‐‑–](?=\w)", "", unicodedata.normalize("NFKC", text))
    return "".join(re.findall(r"[+\-−*/<>=≤≥≠^%]", kept))


def _latex_key(text: str) -> str:
    """The text with LaTeX commands, blanks, braces and accents brought to one spelling."""
    plain = unicodedata.normalize("NFKC", text.strip().strip("$").rstrip(".。"))
    for old, new in _LATEX_SPELLINGS:
        plain = plain.replace(old, new)
    return re.sub(r"\s+", "", spelling_key(plain))


def same_formula(typed: str, accepted: str) -> bool:
    """Whether two formulas or numbers are equal, whatever their names stand for."""
    if len(accepted) > 2 and not _FORMULA_SIGN.search(accepted):
        return False  # a plain word
    try:
        names = {spelling_key(name) for text in (typed, accepted) for name in free_names(text)}
        if len(names) > 12:
            return False
        first, second = (parse(text, sorted(names), FORMULA) for text in (typed, accepted))
        if first.tree == second.tree:
            return True
        if {spelling_key(name) for name in first.names} != {spelling_key(name) for name in second.names}:
            return False
        stream = Stream("cloze", accepted)
        for _ in range(_POINTS):
            point = {name: round(0.15 + 0.7 * stream.fraction(), 4) for name in sorted(names)}
            a, b = float(first.evaluate(point)), float(second.evaluate(point))
            if not abs(a - b) <= _TOLERANCE * max(1.0, abs(a), abs(b)):
                return False
    except (ExpressionError, ValueError, TypeError):
        return False
    return True
