"""Answering in one-line fields: a number, a formula, the gaps of a text, the parts of an exercise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import HorizontalGroup
from textual.content import Content
from textual.events import Paste
from textual.widgets import Input, Static

from studyapp.grading.question import Question
from studyapp.render import cell_width
from studyapp.tui.answers.panel import AnswerPanel
from studyapp.tui.answers.paste import pasted_line
from studyapp.tui.text import rich_text

LONGEST_SIDE_LABEL = 14
"""A label wider than this stands above its field."""

LONGEST_ANSWER = 2000
"""Characters that a field takes."""


class AnswerField(Input):
    """A one-line field."""

    BINDINGS: ClassVar = [Binding("enter", "submit", "Check answer", id="card.submit")]

    def __init__(self, placeholder: str) -> None:
        super().__init__(placeholder=placeholder, compact=True, select_on_focus=False, max_length=LONGEST_ANSWER)

    def _on_paste(self, event: Paste) -> None:
        event.stop()
        event.prevent_default()
        self.insert_text_at_cursor(pasted_line(event.text))


class FieldsPanel(AnswerPanel):
    """Fields with their labels, and a line that says how the answer is read."""

    def __init__(self, labels: Sequence[str], width: int, placeholder: str = "", joiner: str = "\n") -> None:
        super().__init__()
        self._labels = tuple(labels)
        self._width = width
        self._joiner = joiner
        self.fields = [AnswerField(placeholder) for _ in labels]
        self.echo = Static(markup=False, classes="echo")
        self._label_widgets = [Static(self._label(label), markup=False) for label in labels]

    def _label(self, label: str) -> Content:
        return rich_text(label, self._width) if label else Content("")

    def compose(self) -> ComposeResult:
        for label, widget, field in zip(self._labels, self._label_widgets, self.fields, strict=True):
            if cell_width(label) <= LONGEST_SIDE_LABEL:
                widget.set_class(True, "side-label")
                widget.update(Content.styled(f"{label} ▸ ".lstrip(), "bold"))
                yield HorizontalGroup(widget, field)
            else:
                yield widget
                yield HorizontalGroup(Static("▸ ", markup=False, classes="side-label"), field)
        yield self.echo

    @property
    def texts(self) -> list[str]:
        """What stands in each field."""
        return [field.value for field in self.fields]

    @property
    def answer(self) -> str:
        return self._joiner.join(self.texts)

    def restore(self, draft: str) -> None:
        for field, text in zip(self.fields, draft.split(self._joiner), strict=False):
            field.value = text

    def take_focus(self) -> None:
        for field in self.fields:
            if not field.value.strip():
                break
        else:
            field = self.fields[0]
        self.screen.set_focus(field, scroll_visible=False)

    def close(self) -> None:
        self.echo.display = False
        for field in self.fields:
            field.disabled = True

    def lay_out(self, question: Question, width: int) -> None:
        self._width = width
        for label, widget in zip(self._labels, self._label_widgets, strict=True):
            if cell_width(label) > LONGEST_SIDE_LABEL:
                widget.update(self._label(label))

    def point_at(self, position: int | None) -> None:
        self.take_focus()
        if position is None:
            return
        for field in self.fields:
            if position <= len(field.value):
                self.screen.set_focus(field)
                field.cursor_position = position
                return
            position -= len(field.value) + len(self._joiner)

    def show_echo(self, text: Content) -> None:
        """Show how the answer is read so far."""
        self.echo.update(text)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Edited(self.answer))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        place = self.fields.index(event.input) if event.input in self.fields else 0
        empty = [field for field in self.fields[place + 1 :] + self.fields[:place] if not field.value.strip()]
        if event.value.strip() and empty:
            self.screen.set_focus(empty[0])
        else:
            self.post_message(self.Submitted())
