"""How an answer is read while it is being typed. Nothing is graded, so nothing is given away."""

from __future__ import annotations

from textual.content import Content

from studyapp import faults
from studyapp.grading.question import Question
from studyapp.kinds import kind_of
from studyapp.locale.message import Message, speaking
from studyapp.tui.text import plain

_READ_AS = Message("read as ")
_NOT_YET = Message("not readable yet: {why}")

MOST_SECONDS = 0.5
"""Computing time for one reading; the next letter asks for another one."""


def echo_of(question: Question, text: str) -> Content:
    """How what has been typed is read, or why it is not readable yet. It may import NumPy."""
    if not text.strip():
        return Content("")
    from studyapp.formula import ExpressionError, budget

    with speaking(question.language):
        try:
            with budget.limited(MOST_SECONDS):
                readings = kind_of(question.card).readings(question.card, question, text)
        except ExpressionError as error:
            return plain(_NOT_YET(why=error.message), "dim")
        except budget.OutOfBudget:
            return Content("")
        except Exception as error:
            faults.record(error, f"reading what is typed to {question.card.id}")
            return Content("")
        return Content.assemble((_READ_AS(), "dim"), "  |  ".join(readings))
