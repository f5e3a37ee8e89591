"""Putting steps in order: by number, or by moving lines; what does not belong is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from textual.app import ComposeResult
from textual.content import Content

from studyapp.grading.question import Question
from studyapp.grading.verdict import Outcome, Verdict
from studyapp.locale.message import Message, speaking
from studyapp.locale.sentences import join_sentences
from studyapp.tui.answers.panel import AnswerPanel
from studyapp.tui.text import join_blocks, rich_text
from studyapp.tui.verdict_text import SIGNS, headline
from studyapp.tui.widgets.blocks import Block
from studyapp.tui.widgets.item_list import ItemList

_HOW = Message("Type the numbers in order, or space to use a step; shift+↑↓ moves it, ⌫ takes back.")
_NOT_ALL = Message("Not all steps belong.")
_MISSING = Message("Missing: it belongs.")
_ORDER_FIRST = Message("Put the steps in order first: type their numbers.")


class StepItems(ItemList):
    """The chosen steps in their order, then the steps not used. ``order`` holds the items chosen so far."""

    def __init__(self, steps: Sequence[str], width: int) -> None:
        self.order: list[int] = []
        self._judged: dict[int, tuple[bool | None, str]] = {}
        super().__init__(steps, width)

    def _places(self) -> list[int]:
        return [*self.order, *(item for item in range(len(self.sources)) if item not in self.order)]

    def item_at(self, position: int) -> int:
        return self._places()[position]

    def judge(self, marks: Mapping[int, tuple[bool | None, str]], width: int) -> None:
        """Show of every step whether it is right where it stands (None: nothing is said of it), and why not."""
        self._judged = dict(marks)
        self.lay_out(width)

    def block(self, item: int, room: int) -> Content:
        right, why = self._judged.get(item, (None, ""))
        text = super().block(item, room)
        if not why:
            return text
        return join_blocks([text, rich_text(why, room).stylize_before("" if right else "$text-error")], gap=0)

    def prefix(self, position: int) -> str:
        if self._judged:
            right, _ = self._judged.get(self.item_at(position), (None, ""))
            return f"{SIGNS[right][0] if right is not None else ' '} {self._number_at(position)}"
        return self._number_at(position)

    def _number_at(self, position: int) -> str:
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

    def __init__(self, steps: Sequence[str], width: int, language: str, not_all: bool = False) -> None:
        """``not_all``: some of the steps do not belong to the derivation."""
        super().__init__(language)
        self._not_all = not_all
        self.headline = Block(markup=False, classes="headline")
        self.headline.display = False
        self.items = StepItems(steps, width)
        self.hint_line = Block(self._how(width, language), classes="hint-line", markup=False)

    def _how(self, width: int, language: str) -> Content:
        with speaking(language):
            how = join_sentences(_NOT_ALL(), _HOW()) if self._not_all else _HOW()
        return rich_text(how, width)

    def compose(self) -> ComposeResult:
        yield self.headline
        yield self.hint_line
        yield self.items

    @property
    def answer(self) -> str:
        return " ".join(str(item + 1) for item in self.items.order)

    def missing(self) -> str:
        return "" if self.items.order else _ORDER_FIRST.to(self.language)

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

    def show_verdict(self, question: Question, verdict: Verdict, width: int) -> bool:
        card: Any = question.card
        if verdict.outcome is Outcome.INVALID or not verdict.details:
            return False
        marks: dict[int, tuple[bool | None, str]] = {
            int(detail.label) - 1: (detail.passed, detail.text) for detail in verdict.details
        }
        for item, step in enumerate(question.arrangement):
            if item not in marks and step < len(card.steps):
                marks[item] = (False, _MISSING.to(question.language))
        self.items.order = [int(detail.label) - 1 for detail in verdict.details]
        self.headline.update(headline(verdict))
        self.headline.display = True
        self.items.judge(marks, width)
        return True

    def lay_out(self, question: Question, width: int) -> None:
        self.items.lay_out(width, question.options)
        self.hint_line.update(self._how(width, question.language))

    def on_item_list_changed(self, event: ItemList.Changed) -> None:
        event.stop()
        self.post_message(self.Edited(self.answer))


def panel_for(question: Question, width: int) -> AnswerPanel:
    """The steps, with a word where not all of them belong."""
    card: Any = question.card
    return OrderPanel(question.options, width, question.language, bool(card.distractors))
