"""Answering in one-line fields: a number, a formula, the gaps of a text, the parts of an exercise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import message as textual_message
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.events import Paste
from textual.widgets import Input

from studyapp.grading.question import Question
from studyapp.locale.message import Message
from studyapp.render import cell_width
from studyapp.tui.answers.panel import AnswerPanel
from studyapp.tui.answers.paste import pasted_line
from studyapp.tui.text import rich_text
from studyapp.tui.widgets.blocks import Block, Part, Side

_NEXT_FIELD = Message("Next field")

EMPTY_PARTS = Message(
    "{count} part is still empty. Enter once more counts it as wrong.",
    "{count} parts are still empty. Enter once more counts them as wrong.",
)
"""What is said of one empty field, and of several."""

_NOTHING = Message("Nothing is typed yet. Enter once more gives up and shows the answer.")

LEAST_FIELD = 24
"""Cells that a field must have left beside its label, or as many as say what is wanted; else the labels stand above."""

LONGEST_ANSWER = 2000
"""Characters that a field takes."""


def part_labels(question: Question) -> tuple[str, ...]:
    """The questions of an exercise's parts, numbered as the answers will be."""
    return tuple(f"{number}. {part}" for number, part in enumerate(question.parts, start=1))


class AnswerField(Input):
    """A one-line field."""

    BINDINGS: ClassVar = [
        Binding("enter", "submit", "Check answer", id="card.submit"),
        Binding("ctrl+z", "undo_typing", "Undo typing", show=False),
    ]

    class Cut(textual_message.Message):
        """What was pasted did not fit."""

        def __init__(self, left_out: int) -> None:
            super().__init__()
            self.left_out = left_out

    def __init__(self, placeholder: str) -> None:
        super().__init__(placeholder=placeholder, compact=True, select_on_focus=False, max_length=LONGEST_ANSWER)
        self.goes_on = False
        """Whether enter goes to the next field instead of having the answer checked."""
        self._past = [""]
        """What stood in the field after each change, up to now."""

    def title_of(self, command: str) -> str:
        """What the key line calls a command while this field has the focus; empty for its own title."""
        return str(_NEXT_FIELD) if command == "card.submit" and self.goes_on else ""

    def restore(self, text: str) -> None:
        """Put a text there as if it had always been there."""
        self.value = text
        self.cursor_position = len(text)
        self._past = [text]

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.value != self._past[-1]:
            self._past.append(event.value)

    def action_undo_typing(self) -> None:
        """Take back the newest change of the text."""
        if len(self._past) > 1:
            self._past.pop()
            self.value = self._past[-1]
            self.cursor_position = len(self.value)

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
        self.mark.visible = False
        self.field = field
        self._place(label, above)

    def show_label(self, label: Content, above: bool) -> None:
        """Put another label beside the field or above it."""
        self.label.update(label)
        self._place(label, above)

    def _place(self, label: Content, above: bool) -> None:
        self.label.display = bool(label.plain.strip())
        self.set_class(above, "-above")

    def on_descendant_focus(self) -> None:
        self.mark.visible = True

    def on_descendant_blur(self) -> None:
        self.mark.visible = False

    def compose(self) -> ComposeResult:
        yield self.label
        yield Side(self.mark, self.field)


class FieldsPanel(AnswerPanel):
    """Fields with their labels, and a line that says how the answer is read.

    ``labels`` are light Markdown, one for each field; ``placeholders`` stand in the empty fields. ``empty`` is what is
    said of one empty field, and of several.
    """

    def __init__(
        self,
        labels: Sequence[str],
        width: int,
        placeholders: Sequence[str],
        language: str,
        empty: Message = EMPTY_PARTS,
    ) -> None:
        super().__init__(language)
        self._labels = tuple(labels)
        self._width = width
        self._said_of_empty = empty
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
        self._name_enter()
        self.screen.set_focus(empty[0], scroll_visible=False)
        if self.blank:
            return _NOTHING.to(self.language)
        return self._said_of_empty.to(self.language, count=len(empty))

    @staticmethod
    def _empty(fields: Sequence[AnswerField]) -> list[AnswerField]:
        return [field for field in fields if not field.value.strip()]

    def restore(self, draft: str) -> None:
        for field, text in zip(self.fields, draft.split("\n"), strict=False):
            field.restore(text)

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
        self._name_enter()
        self.post_message(self.Edited(self.answer))

    def _name_enter(self) -> None:
        """Note at each field what enter does there."""
        before = [field.goes_on for field in self.fields]
        for place, field in enumerate(self.fields):
            field.goes_on = bool(field.value.strip() and not self._asked and self._empty(self.fields[place + 1 :]))
        if before != [field.goes_on for field in self.fields]:
            self.screen.refresh_bindings()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._name_enter()
        place = next((place for place, field in enumerate(self.fields) if field is event.input), 0)
        if self.fields[place].goes_on:
            self.screen.set_focus(self._empty(self.fields[place + 1 :])[0])
        else:
            self.post_message(self.Submitted())
