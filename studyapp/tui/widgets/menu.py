"""A list of lines with a cursor, for screens whose commands act on the marked line."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding
from textual.widgets import OptionList


class Menu(OptionList, inherit_bindings=False):
    """An option list that leaves enter and space to its screen; a click still chooses a line."""

    BINDINGS: ClassVar = [
        Binding("down,j", "cursor_down", "Down", show=False),
        Binding("up,k", "cursor_up", "Up", show=False),
        Binding("home", "first", "First", show=False),
        Binding("end,G", "last", "Last", show=False),
        Binding("pagedown", "page_down", "Page down", show=False),
        Binding("pageup", "page_up", "Page up", show=False),
    ]
