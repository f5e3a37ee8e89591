"""The report of a mock interview: on the screen and as a Markdown file."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from studyapp.interview import Interview, report, save, to_look_at
from studyapp.tui.commands import bindings
from studyapp.tui.text import rich_text
from studyapp.tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from studyapp.tui.app import StudyApp


def finish(app: StudyApp, interview: Interview) -> None:
    """Write the report, forget the saved interview, and show the report in place of the present screen."""
    ended = app.services.clock().astimezone()
    titles = {deck.name: deck.title for deck in app.services.bank.decks()}
    text = report(interview, titles, ended)
    path = app.services.folders.home / "interviews" / f"{ended:%Y-%m-%d-%H%M%S}.md"
    where = f"Saved as {path}"
    try:
        if interview.records:
            save(path, text)
        app.interview_file.unlink(missing_ok=True)
    except OSError as error:
        where = f"Not saved: {path} cannot be written ({error.strerror})."
    again = tuple(record.card_id for record in to_look_at(interview.records))
    app.switch_screen(ReportScreen(text, where if interview.records else "", again))


class ReportScreen(Screen[None]):
    """A page of Markdown; the questions that went badly can be practised from here."""

    PLACES = ("report",)
    BINDINGS: ClassVar = bindings(*PLACES)
    AUTO_FOCUS = "VerticalScroll"
    app: StudyApp

    def __init__(self, text: str, where: str, again: tuple[str, ...]) -> None:
        super().__init__()
        self.text = text
        self.where = where
        self.again = again
        self.body = Static(markup=False)

    def compose(self) -> ComposeResult:
        yield Static(Content(self.where), markup=False, classes="status")
        with VerticalScroll(classes="body"):
            yield self.body
        yield KeyBar()

    def on_mount(self) -> None:
        self.on_resize()

    def on_resize(self) -> None:
        self.body.update(rich_text(self.text, self.app.size.width - 4))

    async def action_practise(self) -> None:
        """Practise the questions that went badly."""
        from studyapp.tui.screens.practice import PracticeScreen

        await self.app.push_screen(PracticeScreen(self.again, "Questions to look at again"))

    def action_copy(self) -> None:
        """Copy the report."""
        from studyapp.tui.clipboard import copy

        copy(self.app, self.text)
        self.app.say("The report was copied as Markdown.", seconds=2)

    def action_leave(self) -> None:
        """Go back."""
        self.app.leave_screen()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return bool(self.again) if action == "practise" else super().check_action(action, parameters)
