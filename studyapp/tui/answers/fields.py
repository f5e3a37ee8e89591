"""Answering in one-line fields: a number, a formula, the gaps of a text, the parts of an exercise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.events import Paste
from textual.message import Message
from textual.widgets import Input

from studyapp.grading.question import Question
from studyapp.render import cell_width
from studyapp.tui.answers.panel import AnswerPanel
from studyapp.tui.answers.paste import pasted_line
from studyapp.tui.text import rich_text
from studyapp.tui.widgets.blocks import Block, Part, Side

LEAST_FIELD = 24
"""Cells that a field must have left beside its label, or as many as say what is wanted; else the labels stand above."""

LONGEST_ANSWER = 2000
"""Characters that a field takes."""


def part_labels(question: Question) -> tuple[str, ...]:
    """The questions of an exercise's parts, numbered as the answers will be."""
    return tuple(f"{number}. {part}" for number, part in enumerate(question.parts, start=1))


class AnswerField(Input):
    """A one-line field."""

    BINDINGS: ClassVar = [Binding("enter", "submit", "Check answer", id="card.submit")]

    class Cut(Message):
        """What was pasted did not fit."""

        def __init__(self, left_out: int) -> None:
            super().__init__()
            self.left_out = left_out

    def __init__(self, placeholder: str) -> None:
        super().__init__(placeholder=placeholder, compact=True, select_on_focus=False, max_length=LONGEST_ANSWER)

    def _on_paste(self, event: Paste) -> None:
        event.stop()
        event.prevent_default()
        text = pasted_line(event.text)
        start, end = sorted(self.selection)
        room = LONGEST_ANSWER - len(self.value) + (end - start)
        self.replace(text[:room], start, end)
        if len(text) > room:
            self.post_message(self.Cut(len(text) - room))


class FieldRow(Part):
    """A field with its label beside it or above it."""

    def __init__(self, field: AnswerField, label: Content, above: bool) -> None:
        super().__init__()
        # An update before it is on the screen would cost a second layout.
        self.label = Block(label, markup=False, classes="field-label")
        self.mark = Block("▸ ", markup=False, classes="side-label")
        self.field = field
        self._place(label, above)

    def show_label(self, label: Content, above: bool) -> None:
        """Put another label beside the field or above it."""
        self.label.update(label)
        self._place(label, above)

    def _place(self, label: Content, above: bool) -> None:
        self.label.display = bool(label.plain.strip())
        self.set_class(above, "-above")

    def compose(self) -> ComposeResult:
        yield self.label
        yield Side(self.mark, self.field)


class FieldsPanel(AnswerPanel):
    """Fields with their labels, and a line that says how the answer is read.

    ``labels`` are light Markdown, one for each field; ``placeholders`` stand in the empty fields. ``what`` is the word
    for one of several fields.
    """

    def __init__(self, labels: Sequence[str], width: int, placeholders: Sequence[str], what: str = "answer") -> None:
        super().__init__()
        self._labels = tuple(labels)
        self._width = width
        self._what = what
        self._asked = False
        """Whether the learner was told of empty fields and has changed nothing since."""
        self.fields = [AnswerField(placeholder) for placeholder in placeholders]
        shown, above = self._labels_beside_or_above()
        self.rows = [FieldRow(field, label, above) for field, label in zip(self.fields, shown, strict=True)]
        self.echo = Block(markup=False, classes="echo")

    def _labels_beside_or_above(self) -> tuple[list[Content], bool]:
        """The labels, and whether they stand above their fields: beside them, in a column, where all are short."""
        labels = [rich_text(label, self._width) if label else Content("") for label in self._labels]
        column = max(label.cell_length for label in labels)
        field = max(LEAST_FIELD, *(cell_width(field.placeholder) for field in self.fields))
        above = column + 3 + field > self._width or any("\n" in label.plain for label in labels)
        if not above and column:
            labels = [label.pad_right(column + 1 - label.cell_length) for label in labels]
        return labels, above

    def compose(self) -> ComposeResult:
        yield from self.rows
        yield self.echo

    @property
    def texts(self) -> list[str]:
        """What stands in each field."""
        return [field.value for field in self.fields]

    @property
    def writes(self) -> bool:
        return True

    @property
    def answer(self) -> str:
        return "\n".join(self.texts)

    @property
    def blank(self) -> bool:
        return not any(text.strip() for text in self.texts)

    def missing(self) -> str:
        empty = self._empty(self.fields)
        if self._asked or not empty:
            return ""
        self._asked = True
        self.screen.set_focus(empty[0], scroll_visible=False)
        if self.blank:
            return "Nothing is typed yet. Enter once more gives up and shows the answer."
        if len(empty) == 1:
            return f"1 {self._what} is still empty. Enter once more counts it as wrong."
        return f"{len(empty)} {self._what}s are still empty. Enter once more counts them as wrong."

    @staticmethod
    def _empty(fields: Sequence[AnswerField]) -> list[AnswerField]:
        return [field for field in fields if not field.value.strip()]

    def restore(self, draft: str) -> None:
        for field, text in zip(self.fields, draft.split("\n"), strict=False):
            field.value = text

    def take_focus(self) -> None:
        field = next(iter(self._empty(self.fields)), self.fields[0])
        self.screen.set_focus(field, scroll_visible=False)

    def close(self) -> None:
        self.echo.display = False
        for field in self.fields:
            field.disabled = True

    def lay_out(self, question: Question, width: int) -> None:
        self._width = width
        if len(question.parts) == len(self._labels):
            self._labels = part_labels(question)
        labels, above = self._labels_beside_or_above()
        for row, label in zip(self.rows, labels, strict=True):
            row.show_label(label, above)

    def point_at(self, position: int | None) -> None:
        self.take_focus()
        if position is None:
            return
        for field in self.fields:
            if position <= len(field.value):
                self.screen.set_focus(field)
                field.cursor_position = position
                return
            position -= len(field.value) + 1

    def show_echo(self, text: Content) -> None:
        """Show how the answer is read so far."""
        self.echo.update(text)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._asked = False
        self.post_message(self.Edited(self.answer))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        place = self.fields.index(event.input) if event.input in self.fields else 0
        later = self._empty(self.fields[place + 1 :])
        if event.value.strip() and later and not self._asked:
            self.screen.set_focus(later[0])
        else:
            self.post_message(self.Submitted())
