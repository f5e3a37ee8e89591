"""Typing a formula, or a derivation line by line."""

from __future__ import annotations

from studyapp.grading.question import Question
from studyapp.kinds import kind_of
from studyapp.tui.answers.fields import FieldsPanel
from studyapp.tui.answers.panel import AnswerPanel
from studyapp.tui.answers.prose import ProsePanel


def panel_for(question: Question, width: int) -> AnswerPanel:
    """A field, or an area where a derivation may be typed."""
    if kind_of(question.card).long_answer(question):
        return ProsePanel(question.prompt)
    return FieldsPanel([""], width, [question.prompt], question.language)
