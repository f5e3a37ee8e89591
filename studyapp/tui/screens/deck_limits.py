"""A deck's own limits: new cards and reviews a day, and how much of it is to be kept in memory."""

from __future__ import annotations

from typing import ClassVar

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from studyapp.deck.choices import ChoiceError, DeckChoice, limit_from_text
from studyapp.locale.message import Message
from studyapp.tui.host import Dialog

_EMPTY = Message("Empty: as in the settings.")
_KEYS = Message("enter saves · esc cancels")

FIELDS: dict[str, Message] = {
    "new_per_day": Message("New cards a day:"),
    "reviews_per_day": Message("Reviews a day:"),
    "desired_retention": Message("Desired retention, 0.7 to 0.99:"),
}


class LimitsDialog(Dialog[DeckChoice | None]):
    """A field for each limit; an empty one leaves it to the settings. It closes only with what is allowed."""

    BINDINGS: ClassVar = [
        Binding("escape", "cancel", "Cancel"),
        Binding("down", "app.focus_next", "Next", show=False),
        Binding("up", "app.focus_previous", "Previous", show=False),
    ]

    def __init__(self, title: str, choice: DeckChoice) -> None:
        super().__init__()
        self._title = title
        self._choice = choice
        self.fields = {name: Input(_shown(getattr(choice, name)), compact=True) for name in FIELDS}
        self.note = Static(str(_EMPTY), markup=False)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content(self._title)
            dialog.border_subtitle = str(_KEYS)
            for name, label in FIELDS.items():
                yield Static(str(label), markup=False)
                yield self.fields[name]
            yield self.note

    def on_mount(self) -> None:
        self.set_focus(self.fields["new_per_day"])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            self.dismiss(
                replace(self._choice, **{name: limit_from_text(field.value) for name, field in self.fields.items()})
            )
        except ChoiceError as error:
            self.set_focus(self.fields.get(error.field))
            self.note.update(Content.styled(error.why, "$text-warning"))

    def action_cancel(self) -> None:
        self.dismiss(None)


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
