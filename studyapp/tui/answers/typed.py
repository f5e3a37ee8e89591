"""Typing a short answer."""

from __future__ import annotations

from studyapp.grading.question import Question
from studyapp.tui.answers.fields import FieldsPanel
from studyapp.tui.answers.panel import AnswerPanel


class ShortAnswerPanel(FieldsPanel):
    """One field; what was read is what stands in it."""

    as_typed = True


def panel_for(question: Question, width: int) -> AnswerPanel:
    """One field."""
    return ShortAnswerPanel([""], width, [question.prompt], question.language)
