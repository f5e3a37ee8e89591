"""From what was typed to a verdict, for every kind of card."""

from __future__ import annotations

from studyapp.cards.card import (
    ChoiceCard,
    ClozeCard,
    CodeCard,
    ComputeCard,
    ExplainCard,
    FormulaCard,
    OrderCard,
    RecallCard,
)
from studyapp.grading.question import Question
from studyapp.grading.verdict import Outcome, Verdict
from studyapp.locale.message import Message, speaking

_TOO_LONG = Message("{count} characters are too many: at most {most} are read.")

MOST_CHARACTERS = 50_000
"""A longer answer is refused unread."""


def grade(question: Question, answer: str) -> Verdict:
    """The verdict on an answer, always given as text, in the language of the question.

    Numbers of options and steps are those shown; gaps are separated by ``;`` or line ends; parts of an exercise and
    lines of a derivation stand on lines of their own; the answer to a code card is the source text.
    """
    with speaking(question.language):
        if len(answer) > MOST_CHARACTERS:
            message = _TOO_LONG(count=len(answer), most=MOST_CHARACTERS)
            return Verdict(Outcome.INVALID, message=message, position=MOST_CHARACTERS)
        return _graded(question, answer)


def _graded(question: Question, answer: str) -> Verdict:
    card = question.card
    if isinstance(card, ComputeCard):
        from studyapp.kinds.compute.grading import grade_compute

        return grade_compute(question, answer)
    if isinstance(card, FormulaCard):
        from studyapp.kinds.formula.grading import grade_formula

        return grade_formula(question, answer)
    if isinstance(card, CodeCard):
        from studyapp.kinds.code.grading import grade_code

        return grade_code(question, answer)
    if isinstance(card, ChoiceCard):
        from studyapp.kinds.choice import grade_choice

        return grade_choice(question, answer)
    if isinstance(card, ClozeCard):
        from studyapp.kinds.cloze.grading import grade_cloze

        return grade_cloze(question, answer)
    if isinstance(card, OrderCard):
        from studyapp.kinds.order import grade_order

        return grade_order(question, answer)
    from studyapp.grading.rubric import grade_text

    return grade_text(question, answer)


def give_up(question: Question) -> Verdict:
    """The verdict where the learner asks for the answer."""
    with speaking(question.language):
        return Verdict(Outcome.GAVE_UP, reference=reference(question))


def tick(question: Question, ticked: set[int]) -> Verdict:
    """The learner's own judgement of a recall or explain card; see ``rubric.tick``."""
    from studyapp.grading.rubric import tick as tick_points

    with speaking(question.language):
        return tick_points(question, ticked)


def regrade(question: Question, answer: str, verdict: Verdict) -> Verdict:
    """The verdict on an answer once more, after its question was put into another language."""
    if verdict.outcome is Outcome.GAVE_UP:
        return give_up(question)
    if verdict.outcome is Outcome.SELF_RATED:
        return tick(question, {place for place, one in enumerate(verdict.details) if one.passed})
    if isinstance(question.card, CodeCard) and verdict.evidence is not None:  # it is not run again
        from studyapp.kinds.code.grading import rejudge

        with speaking(question.language):
            return rejudge(question, verdict.evidence)
    return grade(question, answer)


def reference(question: Question) -> str:
    """The right answer as text, in the form in which it would be typed."""
    card = question.card
    if isinstance(card, ComputeCard):
        from studyapp.kinds.compute.grading import reference_of

        return reference_of(question)
    if isinstance(card, FormulaCard):
        from studyapp.kinds.formula.grading import reference_of as formula_reference

        return formula_reference(question)
    if isinstance(card, OrderCard):
        from studyapp.kinds.order import reference_of as order_reference

        return order_reference(question)
    if isinstance(card, ChoiceCard):
        from studyapp.kinds.choice import reference_of as choice_reference

        return choice_reference(question)
    if isinstance(card, ClozeCard):
        return "; ".join(gap.answer for gap in question.gaps)
    if isinstance(card, CodeCard):
        return card.reference
    assert isinstance(card, (RecallCard, ExplainCard))
    return card.answer
