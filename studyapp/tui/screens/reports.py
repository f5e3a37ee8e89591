"""The reports of earlier interviews, the newest first."""

from __future__ import annotations

from typing import ClassVar

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from studyapp.interview.archive import SavedReport, saved_reports
from studyapp.tui.answers.paste import printable
from studyapp.tui.commands import bindings
from studyapp.tui.screens.listing import ListScreen
from studyapp.tui.text import shortened


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
        count = sum(one.facts is not None for one in self.found)
        text = f"{count} report{'s' * (count != 1)}, the newest first · {folder}"
        self.head.update(Content(text if self.found else "No reports yet: the first interview makes one."))

    def fill(self) -> None:
        here = self.choices.highlighted
        self.choices.set_options([Option(self._line(one, self.app.size.width - 3)) for one in self.found])
        if self.found:
            self.choices.highlighted = here or 0

    def _line(self, saved: SavedReport, width: int) -> Content:
        facts = saved.facts
        if facts is None:
            return Content(shortened(f"{printable(saved.path.name)}: no report of an interview", width))
        asked = f"{facts.questions} question{'s' * (facts.questions != 1)}" if width >= 60 else f"of {facts.questions}"
        score = "   –" if facts.score is None else f"{facts.score:>3}%"
        start = f"{facts.ended}  {score}  {asked:<13}" if width >= 60 else f"{facts.ended} {score}"
        line = f"{start} {printable(', '.join(facts.topics))}"
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
