"""A question with a few answers, over the screen that asks it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from studyapp.locale.message import Message
from studyapp.tui.host import Dialog
from studyapp.tui.text import plain, plain_wrapped
from studyapp.tui.widgets.menu import Menu

_KEYS = Message("↑ ↓ enter · esc cancels")

MARGIN = 6
"""Cells beside the text: border and padding of the dialog."""


class AskScreen(Dialog[Any]):
    """Words and a short list of what to do. Enter takes the marked line, escape none: the result is then None."""

    BINDINGS: ClassVar = [
        Binding("enter,space", "take", "Take", show=False),
        Binding("escape,q", "cancel", "Cancel", show=False),
    ]
    AUTO_FOCUS = "Menu"

    def __init__(self, title: str, text: str, answers: Sequence[tuple[str, Any]], marked: int = 0) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._answers = tuple(answers)
        self._marked = marked
        self.words = Static(markup=False)
        self.choices = Menu()

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog ask", can_focus=False) as dialog:
            dialog.border_title = self._title
            dialog.border_subtitle = str(_KEYS)
            yield self.words
            yield self.choices

    def on_mount(self) -> None:
        self.on_resize()
        self.choices.set_options([Option(plain(label, "bold")) for label, _ in self._answers])
        self.choices.highlighted = self._marked

    def on_resize(self) -> None:
        self.words.display = bool(self._text)
        self.words.update(plain_wrapped(self._text, min(74, self.app.size.width * 96 // 100) - MARGIN))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._answers[event.option_index][1])

    def action_take(self) -> None:
        """Take the marked line."""
        if self.choices.highlighted is not None:
            self.dismiss(self._answers[self.choices.highlighted][1])

    def action_cancel(self) -> None:
        """Go back without an answer."""
        self.dismiss(None)
