"""Typing numbers: one value, or one for each part of an exercise."""

from __future__ import annotations

from typing import Any

from studyapp.grading.question import Question
from studyapp.kinds.compute import part_prompts
from studyapp.tui.answers.fields import FieldsPanel, part_labels
from studyapp.tui.answers.panel import AnswerPanel


def panel_for(question: Question, width: int) -> AnswerPanel:
    """A field, or one for each part with its question."""
    card: Any = question.card
    if not question.parts:
        return FieldsPanel([""], width, [question.prompt], question.language)
    prompts = part_prompts(card, question.targets, question.language)
    return FieldsPanel(part_labels(question), width, prompts, question.language)
