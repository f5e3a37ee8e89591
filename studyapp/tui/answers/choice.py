"""Picking options by cursor, number or mouse."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from studyapp.grading.question import Question
from studyapp.tui.answers.panel import AnswerPanel
from studyapp.tui.widgets.item_list import ItemList


class OptionItems(ItemList):
    """The options as shown. With ``multiple`` each has a box to tick, else the cursor is the choice."""

    def __init__(self, options: Sequence[str], width: int, multiple: bool) -> None:
        self.multiple = multiple
        self.ticked: set[int] = set()
        super().__init__(options, width)

    def prefix(self, position: int) -> str:
        number = f"{position + 1}".rjust(len(str(len(self.sources))))
        if self.multiple:
            return f"{number} {'[x]' if position in self.ticked else '[ ]'} "
        return f"{number} {'(•)' if position == self.cursor else '( )'} "

    def press(self, position: int) -> None:
        if self.multiple:
            self.ticked ^= {position}
        self.changed()

    def watch_cursor(self) -> None:
        super().watch_cursor()
        if not self.multiple and self.is_mounted:
            self.changed()


class ChoicePanel(AnswerPanel):
    """A list of options; the answer is the numbers that were picked."""

    def __init__(self, options: Sequence[str], width: int, multiple: bool) -> None:
        super().__init__()
        self.items = OptionItems(options, width, multiple)

    def compose(self) -> ComposeResult:
        yield self.items

    @property
    def answer(self) -> str:
        if self.items.multiple:
            return " ".join(str(place + 1) for place in sorted(self.items.ticked))
        return str(self.items.cursor + 1)

    def restore(self, draft: str) -> None:
        numbers = [int(word) - 1 for word in draft.split() if word.isdecimal()]
        places = [place for place in numbers if 0 <= place < len(self.items.sources)]
        if self.items.multiple:
            self.items.ticked = set(places)
        elif places:
            self.items.cursor = places[0]
        self.items.refresh()

    def take_focus(self) -> None:
        self.screen.set_focus(self.items, scroll_visible=False)

    def close(self) -> None:
        self.items.open = False
        self.items.can_focus = False
        self.items.refresh()

    def lay_out(self, question: Question, width: int) -> None:
        self.items.lay_out(width, question.options)

    def on_item_list_changed(self, event: ItemList.Changed) -> None:
        event.stop()
        self.post_message(self.Edited(self.answer))
