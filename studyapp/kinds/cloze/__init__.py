"""Cloze: fill the gaps of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import msgspec

from studyapp.cards.card import Asked, DrawnCard, Fold, Match
from studyapp.cards.field import Field, prose
from studyapp.grading.draw import DrawError
from studyapp.grading.question import Question
from studyapp.grading.solution import Reveal
from studyapp.grading.verdict import Verdict
from studyapp.kinds.cloze.gaps import LOOSE, GapError, apart, filled, find_gaps, read_cloze
from studyapp.kinds.kind import Kind, plain_question
from studyapp.locale.message import Message

if TYPE_CHECKING:
    from studyapp.cards.rules import Finding

_CARD_GAPS_TRANSLATION = Message("the card has {count} gaps, the translation {count_2}")
_GAP_LISTS_EMPTY_ALTERNATIVE_2 = Message("a gap lists an empty alternative")

_TEXT_NO_GAP = Message("the text has no gap")
_GAP_WRITTEN = Message("a gap is written {{{{median}}}}")
_CANNOT_STAND_HERE = Message("{match} cannot stand here")
_GAP_NEVER_CLOSED = Message("the gap at {excerpt} is never closed")
_GAP_EMPTY = Message("gap {number} is empty")
_GAP_LISTS_EMPTY_ALTERNATIVE = Message("gap {number} lists an empty alternative")
_ONE = Message("one of {matches}")
_PARTS_ALTERNATIVES_BAR_BELONGS = Message("| parts alternatives; a bar that belongs to the text is written \\|")

_ONE_GAP, _GAPS = Message("the missing word or expression"), Message("{count} answers, separated by “;”")


class ClozeCard(DrawnCard, tag="cloze", frozen=True, kw_only=True):
    """Fill the ``{{gaps}}`` of ``text``; ``{{median|the median}}`` lists accepted alternatives, the first is
    shown."""

    text: Annotated[str, prose("The text with its {{gaps}}; {{median|the median}} lists accepted alternatives.")]
    question: Asked = ""
    match: Match = LOOSE
    fold: Fold = msgspec.field(default_factory=dict)
    each: Annotated[bool, Field("Each gap is a card of its own, its text filled in but for that gap.")] = False


class ClozeKind(Kind[ClozeCard]):
    """Cards with gaps. The answer is what fills them, separated by ``;`` or line ends."""

    card = ClozeCard
    asks = ("definition",)
    double_braces = frozenset({"text"})
    verdict_shows_answer = True
    starter = r"""
  # cloze: fill the gaps; alternatives are parted by |, the first is the one that is shown.
  - id: {name}-cloze
    kind: cloze
    text: Squared error is minimised by the {{mean|average}}, absolute error by the {{median}}.
"""

    def rules(self, card: ClozeCard) -> Iterator[Finding]:
        from studyapp.cards.rules import Finding
        from studyapp.forms.problem import did_you_mean, quoted
        from studyapp.grading.match import MATCHES

        try:
            gaps = find_gaps(card.text)
        except GapError as error:
            excerpt = quoted(card.text[error.start :])
            yield Finding(("text",), "gap", _GAP_NEVER_CLOSED(excerpt=excerpt), _GAP_WRITTEN())
            return
        if not gaps:
            yield Finding(("text",), "no-gap", _TEXT_NO_GAP(), _GAP_WRITTEN())
        if card.match not in MATCHES:
            hint = did_you_mean(card.match, MATCHES) or _ONE(matches=", ".join(MATCHES))
            yield Finding(("match",), "match", _CANNOT_STAND_HERE(match=quoted(card.match)), hint)
        for number, gap in enumerate(gaps, 1):
            if not any(gap.alternatives):
                yield Finding(("text",), "gap", _GAP_EMPTY(number=number))
            elif not all(gap.alternatives):
                hint = _PARTS_ALTERNATIVES_BAR_BELONGS()
                yield Finding(("text",), "gap", _GAP_LISTS_EMPTY_ALTERNATIVE(number=number), hint)

    def siblings(self, card: ClozeCard) -> tuple[ClozeCard, ...]:
        if not card.each:
            return (card,)
        try:
            texts = apart(card.text)
        except GapError:
            return (card,)
        return tuple(
            msgspec.structs.replace(
                card, id=f"{card.id}-{number}", was=(), text=text, each=False, group=card.group or card.id
            )
            for number, text in enumerate(texts, 1)
        )

    def misfit(self, card: ClozeCard, key: str, text: str) -> str:
        if key != "text":
            return ""
        try:
            gaps, own = find_gaps(text), find_gaps(card.text)
        except GapError as error:
            return str(error)
        if len(gaps) != len(own):
            return _CARD_GAPS_TRANSLATION(count=len(own), count_2=len(gaps))
        return "" if all(all(gap.alternatives) for gap in gaps) else _GAP_LISTS_EMPTY_ALTERNATIVE_2()

    def heading(self, card: ClozeCard) -> str:
        return card.question or card.text

    def outline(self, heading: str) -> str:
        return re.sub(r"\{\{.*?(?:\}\}(?!\})|$)", "…", heading)

    def ask(self, card: ClozeCard, seed: int, language: str) -> Question:
        try:
            shown, gaps = read_cloze(card.text)
        except ValueError as error:
            raise DrawError(f"{card.id}: {error}") from None
        gaps = tuple(msgspec.structs.replace(gap, match=card.match, fold=card.fold) for gap in gaps)
        text = f"{card.question}\n\n{shown}" if card.question else shown
        prompt = _ONE_GAP() if len(gaps) == 1 else _GAPS(count=len(gaps))
        return plain_question(card, seed, language, text, prompt, targets=gaps)

    def in_words(self, card: ClozeCard) -> bool:
        return True

    def grade(self, card: ClozeCard, question: Question, answer: str) -> Verdict:
        from studyapp.kinds.cloze.grading import grade_gaps

        return grade_gaps(question.targets, answer)

    def reference(self, card: ClozeCard, question: Question) -> str:
        return "; ".join(gap.answer for gap in question.targets)

    def reveal(self, card: ClozeCard, question: Question) -> Reveal:
        return Reveal(filled(card.text), card.solution)

    def source(self, card: ClozeCard, question: Question, revealed: bool) -> str:
        return card.text if revealed else question.text


KIND = ClozeKind()
