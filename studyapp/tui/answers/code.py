"""Writing a Python function."""

from __future__ import annotations

from typing import Any

from studyapp.grading.question import Question
from studyapp.sanitizing import sanitize
from studyapp.tui.answers.panel import AnswerPanel
from studyapp.tui.answers.python_area import PythonArea
from studyapp.tui.answers.text_panel import TextPanel


class CodePanel(TextPanel):
    """An editor that begins with the signature."""

    file_name = "answer.py"
    beside = True

    def __init__(self, starter: str) -> None:
        starter = sanitize(starter)
        super().__init__(PythonArea(starter))
        self.starter = starter

    @property
    def written(self) -> bool:
        return self.answer.strip() != self.starter.strip()

    def on_mount(self) -> None:
        self.area.move_cursor(self.area.document.end)


def panel_for(question: Question, width: int) -> AnswerPanel:
    """An editor with the card's own starter, or its signature."""
    card: Any = question.card
    return CodePanel(card.starter or f"{card.signature.rstrip(': ')}:\n    ")
