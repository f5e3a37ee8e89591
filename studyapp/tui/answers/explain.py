"""Explaining in one's own words."""

from __future__ import annotations

from studyapp.grading.question import Question
from studyapp.tui.answers.panel import AnswerPanel
from studyapp.tui.answers.prose import ProsePanel


def panel_for(question: Question, width: int) -> AnswerPanel:
    """An area for a text."""
    return ProsePanel(question.prompt)
