"""From what was typed to a verdict, and what is right: the kind of the card says it."""

from __future__ import annotations

from studyapp.grading.question import Question
from studyapp.grading.solution import Reveal
from studyapp.grading.verdict import Outcome, Verdict
from studyapp.kinds import kind_of
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
        return kind_of(question.card).grade(question.card, question, answer)


def give_up(question: Question) -> Verdict:
    """The verdict where the learner asks for the answer."""
    with speaking(question.language):
        return Verdict(Outcome.GAVE_UP, reference=reference(question))


def tick(question: Question, ticked: set[int]) -> Verdict:
    """The learner's own judgement of a card that is rated by itself: the places of the points that were there.

    Raises:
        ValueError: a place that the rubric does not have.
    """
    with speaking(question.language):
        return kind_of(question.card).tick(question.card, question, ticked)


def regrade(question: Question, answer: str, verdict: Verdict) -> Verdict:
    """The verdict on an answer once more, after its question was put into another language."""
    if verdict.outcome is Outcome.GAVE_UP:
        return give_up(question)
    if verdict.outcome is Outcome.SELF_RATED:
        return tick(question, {place for place, one in enumerate(verdict.details) if one.passed})
    with speaking(question.language):
        again = kind_of(question.card).regrade(question.card, question, verdict)
    return grade(question, answer) if again is None else again


def reference(question: Question) -> str:
    """The right answer as text, in the form in which it would be typed."""
    return kind_of(question.card).reference(question.card, question)


def reveal(question: Question) -> Reveal:
    """What is shown after an answer, computed from the question's own numbers where it has any."""
    with speaking(question.language):
        return kind_of(question.card).reveal(question.card, question)
