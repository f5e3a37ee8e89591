"""Picking options by cursor, number or mouse; once judged, the list says which were right and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual.app import ComposeResult
from textual.content import Content

from studyapp.grading.places import OPTION, read_places
from studyapp.grading.question import Question
from studyapp.grading.verdict import Outcome, Verdict
from studyapp.kinds.choice import Option
from studyapp.locale.catalogue import ENGLISH
from studyapp.locale.message import Message, speaking
from studyapp.locale.sentences import join_sentences
from studyapp.tui.answers.panel import AnswerPanel
from studyapp.tui.text import join_blocks, rich_text
from studyapp.tui.verdict_text import headline
from studyapp.tui.widgets.blocks import Block
from studyapp.tui.widgets.item_list import ItemList

_RIGHT, _RIGHT_CHOSEN = Message("Right."), Message("Right, your choice.")
_RIGHT_MISSED = Message("Right, not chosen.")
_WRONG, _WRONG_CHOSEN = Message("Wrong."), Message("Wrong, your choice.")
_TICK_FIRST = Message("Tick what is right first: ↑ ↓ and space, or 1–{last}.")
_CHOOSE_FIRST = Message("Choose with ↑ ↓ or 1–{last} first.")

NOWHERE = -1
"""The cursor's place as long as none of the options of a single choice is chosen."""


class OptionItems(ItemList):
    """The options as shown. With ``multiple`` each has a box to tick, else the cursor is the choice."""

    def __init__(self, options: Sequence[str], width: int, multiple: bool) -> None:
        self.multiple = multiple
        self.ticked: set[int] = set()
        self._judged: tuple[Option, ...] = ()
        self._language = ENGLISH
        super().__init__(options, width)
        if not multiple:
            self.set_reactive(ItemList.cursor, NOWHERE)

    def choose(self, places: Sequence[int]) -> None:
        """Take these options as the chosen ones."""
        if self.multiple:
            self.ticked = set(places)
        else:
            self.cursor = places[0] if places else NOWHERE
        self.refresh()

    @property
    def chosen(self) -> list[int]:
        """The places of the chosen options."""
        if self.multiple:
            return sorted(self.ticked)
        return [] if self.cursor == NOWHERE else [self.cursor]

    def judge(self, options: Sequence[Option], width: int, language: str) -> None:
        """Show which options are right and why; ``options`` are in the order shown."""
        self._judged = tuple(options)
        self._language = language
        self.lay_out(width, [option.text for option in options])

    def block(self, position: int, room: int) -> Content:
        if not self._judged:
            return super().block(position, room)
        option = self._judged[position]
        chosen = position in self.chosen
        if option.correct:
            said = _RIGHT_CHOSEN if chosen else _RIGHT_MISSED if self.chosen else _RIGHT
        else:
            said = _WRONG_CHOSEN if chosen else _WRONG
        look = "$text-success" if option.correct else "$text-error" if chosen else "dim"
        with speaking(self._language):
            why = rich_text(join_sentences(said(), option.why), room)
        return join_blocks([super().block(position, room), why.stylize_before(look)], gap=0)

    def prefix(self, position: int) -> str:
        number = f"{position + 1}".rjust(len(str(len(self.sources))))
        if self._judged:
            return f"{number} {'✓' if self._judged[position].correct else '·' if self._is_beside(position) else '✗'} "
        if self.multiple:
            return f"{number} {'[x]' if position in self.ticked else '[ ]'} "
        return f"{number} {'(•)' if position == self.cursor else '( )'} "

    def _is_beside(self, position: int) -> bool:
        """Whether an option is wrong, and was rightly left alone."""
        return bool(self._judged) and not self._judged[position].correct and position not in self.chosen

    def style(self, position: int) -> str:
        return "dim" if self._is_beside(position) else ""

    def prefix_style(self, position: int) -> str:
        return "" if self._is_beside(position) else "bold"

    def move_cursor(self, step: int) -> bool:
        if self.cursor == NOWHERE and step < 0:
            return super().move_cursor(len(self.sources))
        return super().move_cursor(step)

    def press(self, position: int) -> None:
        if position == NOWHERE:
            self.cursor = 0
        elif self.multiple:
            self.ticked ^= {position}
        self.changed()

    def watch_cursor(self) -> None:
        super().watch_cursor()
        if not self.multiple and self.is_mounted:
            self.changed()


class ChoicePanel(AnswerPanel):
    """A list of options; the answer is the numbers that were picked."""

    def __init__(self, options: Sequence[str], width: int, multiple: bool, language: str) -> None:
        super().__init__(language)
        self.headline = Block(markup=False, classes="headline")
        self.headline.display = False
        self.items = OptionItems(options, width, multiple)

    def compose(self) -> ComposeResult:
        yield self.headline
        yield self.items

    @property
    def answer(self) -> str:
        return " ".join(str(place + 1) for place in self.items.chosen)

    def missing(self) -> str:
        if self.items.chosen:
            return ""
        last = min(9, len(self.items.sources))
        if self.items.multiple:
            return _TICK_FIRST.to(self.language, last=last)
        return _CHOOSE_FIRST.to(self.language, last=last)

    def restore(self, draft: str) -> None:
        numbers = [int(word) - 1 for word in draft.split() if word.isdecimal()]
        self.items.choose([place for place in numbers if 0 <= place < len(self.items.sources)])

    def take_focus(self) -> None:
        self.screen.set_focus(self.items, scroll_visible=False)

    def close(self) -> None:
        self.items.open = False
        self.items.can_focus = False
        self.items.refresh()

    def show_verdict(self, question: Question, verdict: Verdict, width: int) -> bool:
        card: Any = question.card
        if verdict.outcome is Outcome.INVALID:
            return False
        places = read_places(verdict.read_as or "", len(card.options), OPTION)
        self.items.choose(places if isinstance(places, list) else [])
        self.headline.update(headline(verdict))
        self.headline.display = True
        self.items.judge([card.options[place] for place in question.arrangement], width, question.language)
        return True

    def lay_out(self, question: Question, width: int) -> None:
        self.items.lay_out(width, question.options)

    def on_item_list_changed(self, event: ItemList.Changed) -> None:
        event.stop()
        self.post_message(self.Edited(self.answer))


def panel_for(question: Question, width: int) -> AnswerPanel:
    """The options, one or several to pick."""
    card: Any = question.card
    return ChoicePanel(question.options, width, card.multiple, question.language)
