"""Ticking the rubric points that an answer held."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from studyapp.tui.widgets.item_list import ItemList


class PointList(ItemList):
    """The points of a model answer. Digits are left to the ratings."""

    digits = ""

    def __init__(self, points: Sequence[str], width: int, ticked: Iterable[int] = ()) -> None:
        self.ticked = set(ticked)
        self.touched = False
        """Whether the learner has changed a tick."""
        super().__init__(points, width)

    def prefix(self, position: int) -> str:
        return "[x] " if position in self.ticked else "[ ] "

    def use_key(self, key: str) -> bool:
        if key in ("up", "down", "j", "k", "space") and not self.sees_cursor:
            self.show_all()  # nothing is ticked or passed over unseen
            return True
        return super().use_key(key)

    def press(self, position: int) -> None:
        self.ticked ^= {position}
        self.touched = True
        self.changed()

    def take(self, ticked: Iterable[int]) -> None:
        """Show other ticks, which are not the learner's."""
        self.ticked = set(ticked)
