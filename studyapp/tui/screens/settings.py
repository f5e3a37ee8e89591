"""Settings: every key of the settings file with its value and meaning; enter changes one."""

from __future__ import annotations

import os
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from studyapp.locale.message import Message
from studyapp.locale.sentences import join_sentences
from studyapp.settings import Settings, SettingsError, change, meanings, setting_names, value_from_text, variable_of
from studyapp.settings_file import toml_value
from studyapp.tui.commands import bindings
from studyapp.tui.host import Dialog
from studyapp.tui.screens.listing import ListScreen
from studyapp.tui.text import plain_wrapped

_HEAD = Message("Settings · {path}")
_VARIABLE_WINS = Message("{variable} is set, and wins over this page at the next start.")
_KEYS = Message("enter saves · esc cancels")


class SettingsScreen(ListScreen):
    """A list of settings. A change is written to the settings file and holds from the next session on."""

    PLACES = ("settings",)
    BINDINGS: ClassVar = bindings(*PLACES)

    def __init__(self) -> None:
        super().__init__()
        self._names = setting_names()

    def fill(self) -> None:
        """Show every setting with its present value."""
        self.head.update(Content(_HEAD(path=self.app.services.folders.config)))
        width = max(20, self.app.size.width - 4)
        here = self.choices.highlighted
        rows = []
        for name, meaning in meanings().items():
            value = toml_value(getattr(self.app.services.settings, name))
            if variable_of(name) in os.environ:
                meaning = join_sentences(meaning, _VARIABLE_WINS(variable=variable_of(name)))
            text = plain_wrapped(meaning, width, "dim")
            rows.append(Option(Content.assemble((f"{name} = {value}", "bold"), "\n", text)))
        self.choices.set_options(rows)
        self.choices.highlighted = min(here or 0, len(rows) - 1)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_change()

    def action_change(self) -> None:
        """Change the marked setting."""
        if self.choices.highlighted is None:
            return
        name = self._names[self.choices.highlighted]
        present = getattr(self.app.services.settings, name)
        if name == "theme":
            self.app.action_change_theme()
            return
        shown = " ".join(f"{entry:g}" for entry in present) if isinstance(present, tuple) else str(present)
        dialog = ValueDialog(name, shown, meanings()[name])
        self.app.push_screen(dialog, lambda text: self._set(name, text))

    def _set(self, name: str, text: str | None) -> None:
        if text is not None and self.app.set_setting(name, value_from_text(name, text)):
            self.fill()

    def action_reset(self) -> None:
        """Give the marked setting its default value."""
        if self.choices.highlighted is not None:
            name = self._names[self.choices.highlighted]
            if self.app.set_setting(name, getattr(Settings(), name)):
                self.fill()

    def action_keys(self) -> None:
        """Open the file of the user's own keys."""
        self.app.edit_keys()


class ValueDialog(Dialog[str | None]):
    """A field for one value. It closes only with a value that is allowed, or with escape."""

    BINDINGS: ClassVar = [Binding("escape", "cancel", "Cancel")]

    def __init__(self, key: str, text: str, meaning: str) -> None:
        super().__init__()
        self._key = key
        self._text = text
        self._meaning = meaning
        self.field = Input(compact=True)
        self.note = Static(markup=False)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = self._key
            dialog.border_subtitle = str(_KEYS)
            yield Static(self._meaning, markup=False)
            yield self.field
            yield self.note

    def on_mount(self) -> None:
        self.field.value = self._text
        self.set_focus(self.field)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            change(Settings(), self._key, value_from_text(self._key, event.value))
        except SettingsError as error:
            self.note.update(Content.styled(str(error), "$text-warning"))
            return
        self.dismiss(event.value)

    def action_cancel(self) -> None:
        self.dismiss(None)
