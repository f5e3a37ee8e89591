"""Which way of answering belongs to a card."""

from __future__ import annotations

from importlib import import_module

from studyapp.grading.question import Question
from studyapp.kinds import kind_of
from studyapp.tui.answers.panel import AnswerPanel

PANELS = {
    "explain": "studyapp.tui.answers.explain",
    "typed": "studyapp.tui.answers.typed",
    "cloze": "studyapp.tui.answers.cloze",
    "choice": "studyapp.tui.answers.choice",
    "compute": "studyapp.tui.answers.compute",
    "formula": "studyapp.tui.answers.formula",
    "order": "studyapp.tui.answers.order",
    "code": "studyapp.tui.answers.code",
}
"""The module of each kind in which something is typed or picked; its ``panel_for`` makes the panel."""


def panel_for(question: Question, width: int) -> AnswerPanel | None:
    """A fresh panel for a question; None where it is answered in the head."""
    kind = kind_of(question.card)
    if kind.answered_in_head:
        return None
    panel: AnswerPanel = import_module(PANELS[kind.name]).panel_for(question, width)
    return panel
