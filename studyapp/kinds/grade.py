"""From what was typed to a verdict, and what is right: the kind of the card says it."""

from __future__ import annotations

import math

from studyapp import faults
from studyapp.formula import budget
from studyapp.grading.invalid import invalid
from studyapp.grading.question import Question
from studyapp.grading.solution import Reveal
from studyapp.grading.verdict import Outcome, Verdict, right_by_own_word
from studyapp.kinds import kind_of
from studyapp.locale.message import Message, speaking

_TOO_LONG = Message("{count} characters are too many: at most {most} are read.")

_TAKES_TOO_LONG = Message("it takes too long to compute")
_UNFILLED = Message("(the card's solution cannot be filled in: {why})")
_TOO_MUCH = Message("this takes too long to compute: write it in a shorter way")
_UNJUDGED = Message("this answer could not be judged, by a fault of the app: nothing is recorded, go on with the card")

MOST_CHARACTERS = 50_000
"""A longer answer is refused unread."""

MOST_TYPED = 5_000
"""The same for kinds whose answers are numbers, formulas, words or places."""

MOST_SECONDS_TO_REVEAL = 3.0
"""Computing time for one solution."""

MOST_SECONDS = 1.0
"""Computing time for one answer; code runs in a process with limits of its own."""


def grade(question: Question, answer: str) -> Verdict:
    """The verdict on an answer, always given as text, in the language of the question.

    Numbers of options and steps are those shown; gaps are separated by ``;`` or line ends; parts of an exercise and
    lines of a derivation stand on lines of their own; the answer to a code card is the source text.

    Whatever goes wrong on the way is a verdict ``INVALID``, kept in `studyapp.faults`: no answer ends a session.
    """
    kind = kind_of(question.card)
    most = MOST_CHARACTERS if kind.self_rated or kind.runs_code else MOST_TYPED
    with speaking(question.language):
        if len(answer) > most:
            return Verdict(Outcome.INVALID, message=_TOO_LONG(count=len(answer), most=most), position=most)
        try:
            with budget.limited(math.inf if kind.runs_code else MOST_SECONDS):
                return kind.grade(question.card, question, answer)
        except budget.OutOfBudget:
            return invalid(_TOO_MUCH())
        except Exception as error:
            faults.record(error, f"grading an answer to {question.card.id}")
            return invalid(_UNJUDGED())


def give_up(question: Question) -> Verdict:
    """The verdict where the learner asks for the answer."""
    with speaking(question.language):
        try:
            return Verdict(Outcome.GAVE_UP, reference=reference(question))
        except Exception as error:
            faults.record(error, f"giving up on {question.card.id}")
            return Verdict(Outcome.GAVE_UP)


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
    if verdict.by_own_word:
        return right_by_own_word(grade(question, answer))
    with speaking(question.language):
        again = kind_of(question.card).regrade(question.card, question, verdict)
    return grade(question, answer) if again is None else again


def reference(question: Question) -> str:
    """The right answer as text, in the form in which it would be typed."""
    return kind_of(question.card).reference(question.card, question)


def reveal(question: Question) -> Reveal:
    """What is shown after an answer, computed from the question's own numbers where it has any."""
    with speaking(question.language):
        try:
            with budget.limited(MOST_SECONDS_TO_REVEAL):
                return kind_of(question.card).reveal(question.card, question)
        except budget.OutOfBudget:
            why = _TAKES_TOO_LONG()
        except Exception as error:
            faults.record(error, f"showing the answer to {question.card.id}")
            why = f"{type(error).__name__}: {error}"
        return Reveal(_UNFILLED(why=why))
