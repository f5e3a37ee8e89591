"""Answering in several lines of text: an explanation, or a derivation line by line."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import TextArea

from studyapp.tui.answers.panel import AnswerPanel
from studyapp.tui.answers.text_pad import TextPad
from studyapp.tui.widgets.blocks import Block


class ProsePanel(AnswerPanel):
    """A text area; enter begins a new line, so the answer is checked by a key of its own."""

    file_name = "answer.txt"

    def __init__(self, placeholder: str = "", lines: int = 6) -> None:
        super().__init__()
        self.area = TextPad(placeholder=Content(placeholder), compact=True, tab_behavior="focus")
        self.area.styles.min_height = 3
        self.area.styles.max_height = lines
        self.echo = Block(markup=False, classes="echo")

    def compose(self) -> ComposeResult:
        yield self.area
        yield self.echo

    @property
    def answer(self) -> str:
        return self.area.text

    @property
    def writes(self) -> bool:
        return not self.area.read_only

    @property
    def cursor_line(self) -> int:
        return self.area.cursor_location[0] + 1

    def restore(self, draft: str) -> None:
        self.area.text = draft
        self.area.move_cursor(self.area.document.end)

    def take_focus(self) -> None:
        self.screen.set_focus(self.area, scroll_visible=False)

    def close(self) -> None:
        self.echo.display = False
        self.area.read_only = True
        self.area.styles.min_height = 1
        self.area.can_focus = False

    def show_echo(self, text: Content) -> None:
        """Show how the answer is read so far."""
        self.echo.update(text)

    def point_at(self, position: int | None) -> None:
        self.take_focus()
        if position is not None:
            before = self.area.text[:position]
            self.area.move_cursor((before.count("\n"), len(before) - before.rfind("\n") - 1))

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.post_message(self.Edited(self.answer))
