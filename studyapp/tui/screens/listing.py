"""What the screens share that are a list: a line at the top, the list, the key line."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Static

from studyapp.tui.host import Page
from studyapp.tui.widgets.key_bar import KeyBar
from studyapp.tui.widgets.menu import Menu


class ListScreen(Page[None]):
    """A list that takes the keys. Subclasses fill it, at first and for every new width."""

    AUTO_FOCUS = "Menu"

    def __init__(self) -> None:
        super().__init__()
        self.head = Static(markup=False, classes="status")
        self.choices = Menu()

    def compose(self) -> ComposeResult:
        yield self.head
        yield self.choices
        yield KeyBar()

    def on_mount(self) -> None:
        self.fill()

    def on_resize(self) -> None:
        self.fill()

    def fill(self) -> None:
        """Show what there is now."""
        raise NotImplementedError
