"""The area for answers of several lines."""

from __future__ import annotations

from textual.events import Paste
from textual.widgets import TextArea

from studyapp.tui.answers.paste import printable


class TextPad(TextArea):
    """A text area that takes only text from the clipboard."""

    async def _on_paste(self, event: Paste) -> None:
        event.prevent_default()
        event.stop()
        if not self.read_only:
            start, end = self.selection
            self.replace(printable(event.text), start, end, maintain_selection_offset=False)
