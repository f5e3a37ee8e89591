"""A list of lines with a cursor, for screens whose commands act on the marked line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, TypeVar

from textual.binding import Binding
from textual.widgets import OptionList

T = TypeVar("T")

WIDE = 120
"""Cells of a screen on which a list stands beside the preview of what is marked in it."""


def beside_preview(width: int) -> int:
    """Cells that a list has on a screen of so many cells where it has a preview, beside it or below."""
    return width // 2 if width >= WIDE else width


@contextmanager
def until_laid_out() -> Iterator[None]:
    """Leaves out a move in an option list whose lines are not known: just refilled, or on a screen without a row."""
    try:
        yield
    except (KeyError, IndexError):
        return


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

    def _move_page(self, direction: Any) -> None:
        with until_laid_out():
            super()._move_page(direction)

    def marked(self, items: Sequence[T]) -> T | None:
        """The one of ``items``, which stand in the lines, that is under the cursor; None where there is none."""
        here = self.highlighted
        return items[here] if here is not None and here < len(items) else None
