"""What the panels share in which an answer of several lines is written."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import TextArea

from studyapp.tui.answers.panel import AnswerPanel
from studyapp.tui.answers.text_pad import TextPad


class TextPanel(AnswerPanel):
    """A text area; enter begins a new line, so the answer is checked by a key of its own."""

    def __init__(self, area: TextPad) -> None:
        super().__init__()
        self.area = area

    def compose(self) -> ComposeResult:
        yield self.area

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
        self.area.load_text(draft)
        self.area.move_cursor(self.area.document.end)

    def take_focus(self) -> None:
        self.screen.set_focus(self.area, scroll_visible=False)

    def close(self) -> None:
        self.area.read_only = True
        self.area.styles.min_height = 1
        self.area.can_focus = False

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.post_message(self.Edited(self.answer))
