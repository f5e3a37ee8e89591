"""Picking one entry of a long list by typing a part of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from studyapp.locale.message import Message
from studyapp.tui.host import Dialog

_NARROW = Message("type to narrow the list")
_KEYS = Message("enter takes · esc cancels")


class PickScreen(Dialog[Any]):
    """A field that narrows a list. Enter takes the marked entry, escape none. The result is the entry's value."""

    BINDINGS: ClassVar = [
        Binding("escape", "cancel", "Cancel"),
        Binding("down", "move(1)", "Down", show=False),
        Binding("up", "move(-1)", "Up", show=False),
        Binding("pagedown", "move(10)", "Page down", show=False),
        Binding("pageup", "move(-10)", "Page up", show=False),
    ]

    def __init__(self, title: str, entries: Sequence[tuple[str, Any]], also: Mapping[Any, str] | None = None) -> None:
        """``also`` are words by which an entry is found too, by its value."""
        super().__init__()
        self._also = also or {}
        self._title = title
        self._entries = list(entries)
        self._found = list(entries)
        self.field = Input(placeholder=str(_NARROW), compact=True)
        self.choices = OptionList()
        self.choices.can_focus = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog pick") as dialog:
            dialog.border_title = self._title
            dialog.border_subtitle = str(_KEYS)
            yield self.field
            yield self.choices

    def on_mount(self) -> None:
        self._narrow("")
        self.set_focus(self.field)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._narrow(event.value)

    def _narrow(self, text: str) -> None:
        words = text.lower().split()
        self._found = [entry for entry in self._entries if all(word in self._searched(entry) for word in words)]
        self.choices.set_options([Option(Content(title)) for title, _ in self._found])
        self.choices.highlighted = 0 if self._found else None

    def _searched(self, entry: tuple[str, Any]) -> str:
        return f"{entry[0]} {self._also.get(entry[1], '')}".lower() if self._also else entry[0].lower()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self.choices.highlighted is not None and self._found:
            self.dismiss(self._found[self.choices.highlighted][1])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._found[event.option_index][1])

    def action_move(self, step: int) -> None:
        if self._found:
            here = self.choices.highlighted or 0
            self.choices.highlighted = min(len(self._found) - 1, max(0, here + step))

    def action_cancel(self) -> None:
        self.dismiss(None)
