"""The reports of earlier interviews, the newest first."""

from __future__ import annotations

from typing import ClassVar

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from studyapp.interview.archive import SavedReport, saved_reports
from studyapp.locale.message import Message
from studyapp.locale.sentences import LIST_COMMA
from studyapp.render import pad
from studyapp.tui.answers.paste import printable
from studyapp.tui.commands import bindings
from studyapp.tui.screens.listing import ListScreen
from studyapp.tui.text import shortened

_REPORTS = Message("{count} report, the newest first · {folder}", "{count} reports, the newest first · {folder}")
_NONE = Message("No reports yet: the first interview makes one.")
_NO_REPORT = Message("{file}: no report of an interview")
_QUESTIONS, _OF = Message("{count} question", "{count} questions"), Message("of {count}")


class ReportsScreen(ListScreen):
    """A line a report: when, how well, how many questions, about what. Enter opens it."""

    PLACES = ("reports",)
    BINDINGS: ClassVar = bindings(*PLACES)

    def __init__(self) -> None:
        super().__init__()
        self.found: list[SavedReport] = []

    def on_mount(self) -> None:
        from studyapp.tui.screens.report import reports_folder

        folder = reports_folder(self.app)
        self.found = saved_reports(folder)
        self.fill()

    async def language_switched(self) -> None:
        self.fill()

    def fill(self) -> None:
        from studyapp.tui.screens.report import reports_folder

        count = sum(one.facts is not None for one in self.found)
        text = _REPORTS(count=count, folder=reports_folder(self.app))
        self.head.update(Content(text if self.found else _NONE()))
        here = self.choices.highlighted
        self.choices.set_options([Option(self._line(one, self.app.size.width - 3)) for one in self.found])
        if self.found:
            self.choices.highlighted = here or 0

    def _line(self, saved: SavedReport, width: int) -> Content:
        facts = saved.facts
        if facts is None:
            return Content(shortened(_NO_REPORT(file=printable(saved.path.name)), width))
        asked = (_QUESTIONS if width >= 60 else _OF)(count=facts.questions)
        score = "   –" if facts.score is None else f"{facts.score:>3}%"
        start = f"{facts.ended}  {score}  {pad(asked, 13)}" if width >= 60 else f"{facts.ended} {score}"
        line = f"{start} {printable(LIST_COMMA().join(facts.topics))}"
        return Content(shortened(" ".join(line.split("\n")), width))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_open()

    def action_open(self) -> None:
        """Open the marked report."""
        from studyapp.tui.screens.report import ReportScreen

        saved = self.choices.marked(self.found)
        if saved is not None:
            self.app.push_screen(ReportScreen(saved))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return bool(self.found) if action == "open" else super().check_action(action, parameters)
