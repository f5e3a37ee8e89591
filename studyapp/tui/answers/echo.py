"""How an answer is read while it is being typed. Nothing is graded, so nothing is given away."""

from __future__ import annotations

from textual.content import Content

from studyapp.cards.card import ComputeCard, FormulaCard
from studyapp.grading.question import Question
from studyapp.locale.message import Message, speaking
from studyapp.tui.text import plain

_READ_AS = Message("read as ")
_NOT_YET = Message("not readable yet: {why}")


def has_echo(question: Question) -> bool:
    """Whether the answer is read as a number or a formula."""
    return isinstance(question.card, ComputeCard | FormulaCard)


def echo_of(question: Question, text: str) -> Content:
    """How what has been typed is read, or why it is not readable yet. It may import NumPy."""
    if not text.strip():
        return Content("")
    from studyapp.formula import ExpressionError

    with speaking(question.language):
        try:
            readings = _readings(question, text)
        except ExpressionError as error:
            return plain(_NOT_YET(why=error.message), "dim")
        return Content.assemble((_READ_AS(), "dim"), "  |  ".join(readings))


def _readings(question: Question, text: str) -> list[str]:
    card = question.card
    if isinstance(card, FormulaCard):
        from studyapp.kinds.formula.grading import FormulaReader, read_lines

        return [str(line.expression) for line in read_lines(FormulaReader(card), text)]
    assert isinstance(card, ComputeCard)
    from studyapp.grading.reading import read_value

    lines = text.split("\n") if card.parts else [text]
    return [
        str(read_value(line, listed=bool(getattr(target.value, "ndim", 0)), unit=target.unit))
        for line, target in zip(lines, question.targets, strict=False)
        if line.strip()
    ]
