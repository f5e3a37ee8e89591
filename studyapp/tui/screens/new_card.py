"""A card of one's own, written from a small form over the screen on which it came to mind."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from studyapp.deck.library import LibraryError
from studyapp.exchange.quick_card import DEFAULT_DECK, NotWritten, Written, own_decks, write_card
from studyapp.locale.message import Message
from studyapp.tui.host import Dialog, Host

_TITLE = Message("New card")
_KEYS = Message("enter saves · esc cancels")
_WRITTEN = Message("Written into {deck}.")
_MORE = Message("ctrl+o saves and opens it in the editor.")

FIELDS: dict[str, Message] = {
    "front": Message("Front:"),
    "back": Message("Back:"),
    "tags": Message("Tags, with blanks between:"),
    "deck": Message("Deck; a new name begins a new one:"),
}


def write_new_card(app: Host) -> None:
    """Have a card of one's own written over the screen that is shown, and go on there."""

    def written(result: tuple[Written, bool] | None) -> None:
        if result is None:
            return
        card, edit = result
        app.bank_changed()
        app.say(_WRITTEN.to(app.language, deck=card.deck), seconds=4)
        if edit:
            app.edit_file(card.path, card.line)

    app.push_screen(NewCardDialog(), written)


class NewCardDialog(Dialog[tuple[Written, bool] | None]):
    """Front, back, tags and deck. It closes with where the card was written and whether the editor is to open it, and
    only once it is on disk."""

    BINDINGS: ClassVar = [
        Binding("escape", "cancel", "Cancel"),
        Binding("ctrl+o", "save(True)", "Editor", show=False, priority=True),
        Binding("down", "app.focus_next", "Next", show=False),
        Binding("up", "app.focus_previous", "Previous", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.fields = {name: Input(compact=True, id=f"new-{name}") for name in FIELDS}
        self.note = Static(str(_MORE), markup=False)

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog", can_focus=False) as dialog:
            dialog.border_title = str(_TITLE)
            dialog.border_subtitle = str(_KEYS)
            for name, label in FIELDS.items():
                yield Static(str(label), markup=False)
                yield self.fields[name]
            yield self.note

    def on_mount(self) -> None:
        self.fields["deck"].value = next(iter(own_decks(self.app.services.bank)), DEFAULT_DECK)
        self.set_focus(self.fields["front"])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        names = list(self.fields)
        here = next((name for name, field in self.fields.items() if field is event.input), names[-1])
        if here == "front" and not self.fields["back"].value.strip():
            self.set_focus(self.fields["back"])
        else:
            self.action_save(False)

    def action_save(self, edit: bool) -> None:
        """Write the card and close; what is missing is said."""
        values = {name: field.value for name, field in self.fields.items()}
        try:
            written = write_card(
                self.app.services.bank, values["front"], values["back"], values["deck"], values["tags"].split()
            )
        except NotWritten as error:
            self.set_focus(self.fields.get(error.field, self.focused))
            self.note.update(Content.styled(str(error), "$text-warning"))
        except LibraryError as error:
            self.note.update(Content.styled(str(error), "$text-warning"))
        else:
            self.dismiss((written, edit))

    def action_cancel(self) -> None:
        self.dismiss(None)
