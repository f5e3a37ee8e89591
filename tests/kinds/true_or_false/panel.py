"""Typing true or false."""

from __future__ import annotations

from studyapp.grading.question import Question
from studyapp.tui.answers.fields import FieldsPanel
from studyapp.tui.answers.panel import AnswerPanel


def panel_for(question: Question, width: int) -> AnswerPanel:
    """One field."""
    return FieldsPanel([""], width, [question.prompt], question.language)
