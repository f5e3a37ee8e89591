"""Grading of compute cards: one value, or several parts in which an early slip is carried forward."""

from __future__ import annotations

import re

from msgspec.structs import replace

from studyapp.formula import ExpressionError
from studyapp.formula.definitions import definition_names
from studyapp.grading.invalid import NOTHING, invalid
from studyapp.grading.numbers import grade_value, shown_value
from studyapp.grading.reading import read_value, unit_named
from studyapp.grading.target import Target, make_target
from studyapp.grading.verdict import LABELLED, Detail, Outcome, Verdict
from studyapp.kinds.compute.card import ComputeCard
from studyapp.locale.message import Message
from studyapp.locale.sentences import join_names, join_sentences

_RIGHT = (Outcome.CORRECT, Outcome.ROUNDED)

_PART = Message("part {number}")
_LINES = Message("{count} answers are asked for: one a line, “-” for one that you leave out")
_NO_ANSWER = Message("No answer.")

_FOLLOWS = Message(
    "Consistent with your {parts}; {parts} itself was wrong.",
    "Consistent with your {parts}; {parts} themselves were wrong.",
)
_SOME_RIGHT = Message("{count} of {all} parts is right.", "{count} of {all} parts are right.")
_EVERY_PART = Message("Right, every part.")


def grade_compute(card: ComputeCard, asked: tuple[Target, ...], answer: str) -> Verdict:
    """The verdict on a typed number, vector or matrix, or on one line for every part."""
    if not card.parts:
        return grade_value(asked[0], answer)
    lines = _lines(answer, card, asked)
    if lines is None:
        return invalid(_LINES(count=len(card.parts)))
    return _grade_parts(card, asked, lines)


def with_unit(target: Target, *texts: str) -> Target:
    """The target with the unit that its question names, where the card declares none."""
    if target.unit:
        return target
    unit = next(filter(None, map(unit_named, texts)), "")
    return replace(target, unit=unit) if unit else target


def _lines(answer: str, card: ComputeCard, asked: tuple[Target, ...]) -> list[tuple[int, str]] | None:
    """One line for every part with where it begins in the answer; None where the number of lines does not fit.

    Several answers may stand on one line, with their numbers before them or separated by ``;``, commas or blanks.
    """
    count = len(card.parts)
    lines = [(match.start(), match[0]) for match in re.finditer(r"^.*$", answer, re.MULTILINE)]
    written = [line for line in lines if line[1].strip()]
    if len(written) == 1 and count > 1:
        at, text = written[0]
        together = _by_labels(text, count) or _by_separators(text, count)
        written = [(at + start, piece) for start, piece in together] or written
    if len(written) != count and len(lines) == count:
        written = lines  # parts left empty are left out
    if len(written) != count:
        return None
    return [
        _without_label(start, text, part.id, number)
        for number, ((start, text), part) in enumerate(zip(written, card.parts, strict=True), 1)
    ]


def _by_labels(text: str, count: int) -> list[tuple[int, str]]:
    """The pieces of a line that begin with their numbers in turn, ``（1）0.5（2）0.7``; none where one is missing."""
    labels: list[re.Match[str]] = []
    for number in range(1, count + 1):
        letter, circled = chr(96 + number), _circled(number)
        label = re.compile(
            rf"[（(](?:{number}|{letter})[)）]|{circled}|第\s*{number}\s*[问题]"
            rf"|(?<![^\s,，;；]){number}(?:[)）、]|[.．](?=\s))"
        )
        found = label.search(text, labels[-1].end() if labels else 0)
        if found is None or (not labels and text[: found.start()].strip()):
            return []
        labels.append(found)
    ends = [*(label.start() for label in labels[1:]), len(text)]
    if not all(text[label.end() : end].strip(" ,，;；") for label, end in zip(labels, ends, strict=True)):
        return []  # what stands in brackets are the answers
    return [
        (label.start(), text[label.start() : end].rstrip(" ,，;；")) for label, end in zip(labels, ends, strict=True)
    ]


def _by_separators(text: str, count: int) -> list[tuple[int, str]]:
    """The pieces of a line between ``;``, else between commas, else between blanks, all outside brackets."""
    for separators in (";；", ",，、", " \t\u3000"):
        pieces: list[tuple[int, str]] = []
        start = depth = 0
        for place, sign in enumerate(f"{text}{separators[0]}"):
            depth += (sign in "([{（【") - (sign in ")]}）】")
            if sign in separators and depth == 0:
                if text[start:place].strip():
                    pieces.append((start, text[start:place]))
                start = place + 1
        if len(pieces) == count:
            return pieces
    return []


def _circled(number: int) -> str:
    return chr(0x2460 + number - 1)


def _without_label(start: int, text: str, part_id: str, number: int) -> tuple[int, str]:
    """A line without what names its part: its id, ``(a)``, ``1)``, ``1. ``, ``1、``, ``（1）``, ``①``, ``第 1 问``."""
    label = re.match(
        rf"\s*(?:{re.escape(part_id)}|[（(]?[a-z][)）]|[（(]?\d+[)）]|{number}、|{number}[.．](?=\s)|{_circled(number)}|"
        rf"第\s*[{number}一二三四五六七八九]\s*[问题])\s*[:=：]?\s*(?=\S)|\s*[a-z0-9]\s*[:：]\s*(?!\s*1\s*$)",
        text,
    )
    return (start + label.end(), text[label.end() :]) if label else (start, text)


def _grade_parts(card: ComputeCard, asked: tuple[Target, ...], lines: list[tuple[int, str]]) -> Verdict:
    """The verdict on one line for every part."""
    verdicts: list[Verdict] = []
    slips: dict[str, object] = {}  # the learner's own values of the parts that are wrong in themselves
    own: dict[str, object] = {}  # and of those that follow from them, rounded as they were typed
    for place, ((start, text), target) in enumerate(zip(lines, asked, strict=True)):
        if _is_left_out(text):
            reference = shown_value(target.value, target.digits)
            verdicts.append(Verdict(Outcome.WRONG, 0.0, _NO_ANSWER(), reference=reference))
            continue
        verdict = grade_value(target, text)
        if verdict.outcome is Outcome.INVALID:
            position = None if verdict.position is None else start + verdict.position
            return invalid(LABELLED(label=_PART(number=place + 1), text=verdict.message), position, verdict.read_as)
        if verdict.outcome not in _RIGHT:
            carried = _carried_forward(card, asked, place, text, slips, slips)
            carried = carried or _carried_forward(card, asked, place, text, slips, own)
            listed = bool(getattr(target.value, "ndim", 0))
            own[target.part] = read_value(text, listed=listed, unit=target.unit).value.tolist()
            if carried is None:
                slips[target.part] = own[target.part]
            verdict = carried or verdict
        verdicts.append(verdict)
    if all(_is_left_out(text) for _, text in lines):
        return invalid(NOTHING(), 0)
    return _together(verdicts)


def _is_left_out(text: str) -> bool:
    return text.strip() in ("", "-", "–", "—", "?")


def _carried_forward(
    card: ComputeCard,
    asked: tuple[Target, ...],
    place: int,
    text: str,
    slips: dict[str, object],
    known: dict[str, object],
) -> Verdict | None:
    """The verdict where the answer follows rightly from the learner's own earlier slips.

    ``known`` are the results that it is computed from; parts that are not in it are computed anew.
    """
    builds_on = parts_used(card, place)
    used = [name for name in slips if name in builds_on]
    if not used:
        return None
    part, true = card.parts[place], asked[place]
    try:
        values = {**true.values, **known}
        for earlier, target in zip(card.parts[:place], asked, strict=False):
            if earlier.id not in known:
                follows = make_target(earlier.answer, (), target.digits, target.scale, values, card.unit, earlier.id)
                values[earlier.id] = follows.value.tolist()
        expected = make_target(part.answer, (), true.digits, true.scale, values, card.unit, part.id)
    except ExpressionError:
        return None
    verdict = grade_value(expected, text)
    if verdict.outcome not in _RIGHT:
        return None
    numbers = [[part.id for part in card.parts].index(name) + 1 for name in used]
    message = _FOLLOWS(count=len(used), parts=join_names([_PART(number=number) for number in numbers]))
    reference = shown_value(true.value, true.digits)
    return Verdict(Outcome.CLOSE, 0.75, message, read_as=verdict.read_as, reference=reference)


def parts_used(card: ComputeCard, place: int) -> frozenset[str]:
    """The earlier parts that the answer of a part builds on, directly or through others."""
    from studyapp.formula import parse

    earlier = [part.id for part in card.parts[:place]]
    known = (*definition_names(card.define), *card.drawn_names, *card.let, *earlier)
    names = parse(card.parts[place].answer, known).names
    used = {name for name in names if name in earlier}
    for name in tuple(used):
        used |= parts_used(card, earlier.index(name))
    return frozenset(used)


def _together(verdicts: list[Verdict]) -> Verdict:
    """One verdict for all parts: as good as the first part that is not right."""
    details = tuple(
        Detail(_PART(number=number), verdict.outcome in _RIGHT, verdict.message)
        for number, verdict in enumerate(verdicts, 1)
    )
    failed = [(number, verdict) for number, verdict in enumerate(verdicts, 1) if verdict.outcome not in _RIGHT]
    score = sum(verdict.score for verdict in verdicts) / len(verdicts)
    read_as = "\n".join(f"{number}) {verdict.read_as or '–'}" for number, verdict in enumerate(verdicts, 1))
    reference = "\n".join(f"{number}) {verdict.reference}" for number, verdict in enumerate(verdicts, 1))
    if failed:
        number, first = failed[0]
        right = len(verdicts) - len(failed)
        count = _SOME_RIGHT(count=right, all=len(verdicts))
        named = first.outcome is Outcome.MISCONCEPTION  # the details say the rest
        message = join_sentences(LABELLED(label=_PART(number=number), text=first.message), count) if named else count
        outcome = first.outcome
        return Verdict(outcome, score, message, first.misconception, read_as, reference, details)
    rounded = next((verdict for verdict in verdicts if verdict.outcome is Outcome.ROUNDED), None)
    if rounded is not None:
        return Verdict(Outcome.ROUNDED, score, rounded.message, None, read_as, reference, details)
    return Verdict(Outcome.CORRECT, 1.0, _EVERY_PART(), None, read_as, reference, details)
