"""Writing a Python function."""

from __future__ import annotations

from studyapp.tui.answers.python_area import PythonArea
from studyapp.tui.answers.text_panel import TextPanel


class CodePanel(TextPanel):
    """An editor that begins with the signature."""

    file_name = "answer.py"
    beside = True

    def __init__(self, starter: str) -> None:
        super().__init__(PythonArea(starter))
        self.starter = starter

    def on_mount(self) -> None:
        self.area.move_cursor(self.area.document.end)
