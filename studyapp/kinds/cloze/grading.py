"""Grading of clozes: every gap against its accepted alternatives, generous with writing and strict with meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence

from studyapp.grading.invalid import NOTHING, invalid
from studyapp.grading.match import letter_by_letter
from studyapp.grading.verdict import RIGHT, Detail, Outcome, Verdict
from studyapp.grading.wording import visible
from studyapp.kinds.cloze.gaps import LOOSE, Gap
from studyapp.kinds.cloze.matching import Fit, Match, match_gap
from studyapp.locale.message import Message
from studyapp.locale.sentences import join_sentences

_TOO_FEW_OR_MANY = Message(
    "there are {gaps} gaps, {count} answer came: separate them by “;”, with nothing between two for an empty gap",
    "there are {gaps} gaps, {count} answers came: separate them by “;”, with nothing between two for an empty gap",
)
_GIVEN = Message("“{given}”, right is “{right}”")
_LETTERS = Message("letter by letter: {compared}")
_EMPTY = Message("left empty, right is “{right}”")
_NOT_RIGHT = Message("Not right: it is “{right}”.")
_SOME_RIGHT = Message("{count} of {all} gaps is right.", "{count} of {all} gaps are right.")
_SPELLING = Message("Mind the spelling: {right}.")
_CHECK_SPELLING = Message("check the spelling of “{given}”: nothing has been counted")
_WRITE_OUT = Message("write out what {function} computes: “{given}” says in other words what is asked")


def grade_gaps(gaps: Sequence[Gap], answer: str) -> Verdict:
    """The verdict on the fillings, separated by ``;`` or line ends. A gap left empty counts as not given.

    Where only a letter is wrong, or a function is called instead of written out, the answer is asked for again.
    """
    fillings = [filling.strip() for filling in _split(visible_lines(answer), len(gaps))]
    if not any(fillings):
        return invalid(NOTHING())
    if len(fillings) != len(gaps):
        return invalid(_TOO_FEW_OR_MANY(gaps=len(gaps), count=len(fillings)))
    matches = _match_all(gaps, fillings)
    read_as = "; ".join(filling or "–" for filling in fillings)
    for filling, match in zip(fillings, matches, strict=True):
        if match.fit is Fit.TYPED_BACK:
            return invalid(_WRITE_OUT(function=match.meant, given=filling), None, read_as)
    if all(match.fit is not Fit.WRONG for match in matches):
        for filling, match in zip(fillings, matches, strict=True):
            if match.fit is Fit.MISSPELT:
                return invalid(_CHECK_SPELLING(given=filling), None, read_as)
    details = [
        _detail(place, gap, filling, match)
        for place, (gap, filling, match) in enumerate(zip(gaps, fillings, matches, strict=True), 1)
    ]
    right = sum(detail.passed is True for detail in details)
    reference = "; ".join(gap.answer for gap in gaps)
    if right == len(gaps):
        return Verdict(Outcome.CORRECT, 1.0, RIGHT(), None, read_as, reference, tuple(details))
    message = _NOT_RIGHT(right=shown(gaps[0])) if len(gaps) == 1 else _SOME_RIGHT(count=right, all=len(gaps))
    notes = [_SPELLING(right=match.meant) for match in matches if match.fit is Fit.MISSPELT]
    said = join_sentences(message, *notes)
    return Verdict(Outcome.WRONG, right / len(gaps), said, None, read_as, reference, tuple(details))


def _match_all(gaps: Sequence[Gap], fillings: Sequence[str]) -> list[Match]:
    """How every filling fits; two gaps joined by “and” may be filled the other way round."""
    matches = []
    for place, (gap, filling) in enumerate(zip(gaps, fillings, strict=True)):
        matches.append(match_gap(gap, filling, [other for index, other in enumerate(gaps) if index != place]))
    for place in range(1, len(gaps)):
        pair = (place - 1, place)
        if gaps[place].twin and all(matches[one].fit is not Fit.RIGHT for one in pair):
            crossed = [match_gap(gaps[one], fillings[other]) for one, other in (pair, pair[::-1])]
            if all(match.fit in (Fit.RIGHT, Fit.MISSPELT) for match in crossed):
                matches[place - 1], matches[place] = crossed[1], crossed[0]
    return matches


def _detail(place: int, gap: Gap, filling: str, match: Match) -> Detail:
    if match.fit is Fit.WRONG:
        said = _GIVEN(given=filling, right=shown(gap)) if filling else _EMPTY(right=shown(gap))
        compared = letter_by_letter(filling, gap.answer) if filling and gap.match != LOOSE else ""
        if compared:
            said = f"{said}; {_LETTERS(compared=compared)}"
        return Detail(str(place), False, said)
    return Detail(str(place), True, _SPELLING(right=match.meant) if match.fit is Fit.MISSPELT else filling)


def visible_lines(text: str) -> str:
    """The text without characters of no width, line by line."""
    return "\n".join(visible(line) for line in text.split("\n"))


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
