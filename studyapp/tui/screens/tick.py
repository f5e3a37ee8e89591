"""Ticking several entries of a list, alone or by groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from studyapp.locale.message import Message
from studyapp.tui.host import Dialog
from studyapp.tui.widgets.menu import Menu

_KEYS = Message("space ticks · a all or none · enter done")


class TickScreen(Dialog[frozenset[str] | None]):
    """A list in which each line stands for one value or for several. The result are the values ticked.

    Space ticks a line or takes its tick away, enter is done, escape changes nothing.
    """

    BINDINGS: ClassVar = [
        Binding("space", "tick", "Tick", show=False),
        Binding("enter", "done", "Done", show=False),
        Binding("a", "all", "All", show=False),
        Binding("escape", "cancel", "Cancel", show=False),
    ]
    AUTO_FOCUS = "Menu"

    def __init__(self, title: str, entries: Sequence[tuple[str, tuple[str, ...]]], ticked: Iterable[str]) -> None:
        super().__init__()
        self._title = title
        self._entries = tuple(entries)
        self.ticked = frozenset(ticked)
        self.choices = Menu()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog pick") as dialog:
            dialog.border_title = self._title
            dialog.border_subtitle = str(_KEYS)
            yield self.choices

    def on_mount(self) -> None:
        self._fill()

    def _fill(self) -> None:
        here = self.choices.highlighted or 0
        self.choices.set_options([Option(Content(f"{self._sign(values)} {label}")) for label, values in self._entries])
        if self._entries:
            self.choices.highlighted = here

    def _sign(self, values: tuple[str, ...]) -> str:
        ticked = self.ticked.intersection(values)
        return "[✓]" if len(ticked) == len(values) else "[–]" if ticked else "[ ]"

    def action_tick(self) -> None:
        """Tick the marked line, or take its tick away."""
        if self.choices.highlighted is None:
            return
        values = frozenset(self._entries[self.choices.highlighted][1])
        self.ticked = self.ticked - values if values <= self.ticked else self.ticked | values
        self._fill()

    def action_all(self) -> None:
        """Tick everything, or nothing where everything is ticked."""
        values = frozenset(value for _, group in self._entries for value in group)
        self.ticked = frozenset() if values <= self.ticked else values
        self._fill()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_tick()

    def action_done(self) -> None:
        """Take the ticks as they stand."""
        self.dismiss(self.ticked)

    def action_cancel(self) -> None:
        """Leave everything as it was."""
        self.dismiss(None)
