"""Answering in several lines of text: an explanation, or a derivation line by line."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content

from studyapp.tui.answers.text_pad import TextPad
from studyapp.tui.answers.text_panel import TextPanel
from studyapp.tui.widgets.blocks import Block

LINES_JUDGED = 4
"""Lines of an answer that stay in sight beside what is said of it; the others scroll."""


class ProsePanel(TextPanel):
    """Plain text, and a line that says how a derivation is read."""

    file_name = "answer.txt"

    def __init__(self, placeholder: str = "", lines: int = 6) -> None:
        super().__init__(TextPad(placeholder=Content(placeholder), compact=True, tab_behavior="focus"))
        self.area.styles.min_height = 3
        self.area.styles.max_height = lines
        self.echo = Block(markup=False, classes="echo")

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield self.echo

    def close(self) -> None:
        self.echo.display = False
        self.area.styles.max_height = LINES_JUDGED
        self.area.move_cursor((0, 0))
        super().close()

    def show_echo(self, text: Content) -> None:
        """Show how the answer is read so far."""
        self.echo.update(text)

    def point_at(self, position: int | None) -> None:
        self.take_focus()
        if position is not None:
            before = self.area.text[:position]
            self.area.move_cursor((before.count("\n"), len(before) - before.rfind("\n") - 1))
