"""Putting steps in order: by number, or by moving lines; what does not belong is left out."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from studyapp.grading.question import Question
from studyapp.tui.answers.panel import AnswerPanel
from studyapp.tui.text import rich_text
from studyapp.tui.widgets.blocks import Block
from studyapp.tui.widgets.item_list import ItemList


class StepItems(ItemList):
    """The chosen steps in their order, then the steps not used. ``order`` holds the items chosen so far."""

    def __init__(self, steps: Sequence[str], width: int) -> None:
        self.order: list[int] = []
        super().__init__(steps, width)

    def _places(self) -> list[int]:
        return [*self.order, *(item for item in range(len(self.sources)) if item not in self.order)]

    def item_at(self, position: int) -> int:
        return self._places()[position]

    def prefix(self, position: int) -> str:
        digits = len(str(len(self.sources)))
        number = str(self.item_at(position) + 1).rjust(digits)
        place = f"{position + 1}." if position < len(self.order) else "–"
        return f"{place.rjust(digits + 1)} [{number}] "

    def style(self, position: int) -> str:
        return "" if position < len(self.order) or not self.order else "dim"

    def press(self, position: int) -> None:
        """Use the step as the next one, or put a used step back."""
        item = self.item_at(position)
        if item in self.order:
            self.order.remove(item)
        else:
            self.order.append(item)
        self.changed()

    def shift(self, step: int) -> None:
        """Move the step under the cursor by one place; past the last used one it is left out."""
        here = self.cursor
        if here >= len(self.order):
            if step < 0:
                self.order.append(self.item_at(here))
                self.cursor = len(self.order) - 1
        elif step > 0 and here == len(self.order) - 1:
            self.order.pop()
            self.cursor = self._places().index(self._places()[here])
        elif 0 <= here + step < len(self.order):
            self.order[here], self.order[here + step] = self.order[here + step], self.order[here]
            self.cursor = here + step
        self.changed()

    def use_key(self, key: str) -> bool:
        if key in ("shift+up", "shift+down", "K", "J"):
            self.shift(-1 if key in ("shift+up", "K") else 1)
            return True
        if key == "backspace":
            if self.order:
                self.order.pop()
                self.changed()
            return True
        if len(key) == 1 and key in "123456789" and int(key) <= len(self.sources):
            self.press(self._places().index(int(key) - 1))
            return True
        return super().use_key(key)


class OrderPanel(AnswerPanel):
    """The steps with their numbers; the answer is the numbers in order."""

    HELP_LINE = "Type the numbers in order, or space to use a step; shift+↑↓ moves it, ⌫ takes back."

    def __init__(self, steps: Sequence[str], width: int) -> None:
        super().__init__()
        self.items = StepItems(steps, width)
        self.hint_line = Block(rich_text(self.HELP_LINE, width), classes="hint-line", markup=False)

    def compose(self) -> ComposeResult:
        yield self.hint_line
        yield self.items

    @property
    def answer(self) -> str:
        return " ".join(str(item + 1) for item in self.items.order)

    def missing(self) -> str:
        return "" if self.items.order else "Put the steps in order first: type their numbers."

    def restore(self, draft: str) -> None:
        numbers = [int(word) - 1 for word in draft.split() if word.isdecimal()]
        self.items.order = [item for item in dict.fromkeys(numbers) if 0 <= item < len(self.items.sources)]
        self.items.refresh(layout=True)

    def take_focus(self) -> None:
        self.screen.set_focus(self.items, scroll_visible=False)

    def close(self) -> None:
        self.hint_line.display = False
        self.items.open = False
        self.items.can_focus = False
        self.items.refresh()

    def lay_out(self, question: Question, width: int) -> None:
        self.items.lay_out(width, question.options)
        self.hint_line.update(rich_text(self.HELP_LINE, width))

    def on_item_list_changed(self, event: ItemList.Changed) -> None:
        event.stop()
        self.post_message(self.Edited(self.answer))
