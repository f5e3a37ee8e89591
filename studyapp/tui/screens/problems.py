"""What is wrong in deck files, as a list; enter opens the line in the editor."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from studyapp.forms.problem import Problem, with_hint
from studyapp.locale.message import Message
from studyapp.sanitizing import sanitize
from studyapp.tui.commands import bindings
from studyapp.tui.screens.listing import ListScreen
from studyapp.tui.text import plain_wrapped

NO_PROBLEMS = Message("No problems: every card can be studied.")
_FOUND = Message("{errors}, {warnings} · enter opens the line")
_ERRORS = Message("{count} error", "{count} errors")
_WARNINGS = Message("{count} warning", "{count} warnings")
_SEVERITIES = {"error": Message("error"), "warning": Message("warning")}


class ProblemsScreen(ListScreen):
    """Every problem with its place. The list follows the files while it is open."""

    PLACES = ("problems",)
    BINDINGS: ClassVar = bindings(*PLACES)

    def __init__(self, first: Path | None = None) -> None:
        """``first`` is the file at whose first problem the cursor stands."""
        super().__init__()
        self._first = first
        self.found: tuple[Problem, ...] = ()

    def bank_changed(self) -> None:
        """Deck files have changed on disk."""
        self.fill()

    def fill(self) -> None:
        """Read the problems again."""
        self.found = self.app.services.bank.problems()
        errors = sum(problem.severity == "error" for problem in self.found)
        warnings = len(self.found) - errors
        text = _FOUND(errors=_ERRORS(count=errors), warnings=_WARNINGS(count=warnings))
        if not self.found:
            text = NO_PROBLEMS()
        self.head.update(Content(text))
        width = max(20, self.app.size.width - 2)
        here = self.choices.highlighted
        self.choices.set_options([Option(_shown(problem, width)) for problem in self.found])
        if here is None and self._first is not None:
            here = next((place for place, one in enumerate(self.found) if one.path == self._first), 0)
        if self.found:
            self.choices.highlighted = min(here or 0, len(self.found) - 1)
            self.call_after_refresh(self.choices.scroll_to_highlight)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_open()

    def action_open(self) -> None:
        """Open the file at the line of the marked problem."""
        problem = self.choices.marked(self.found)
        if problem is not None:
            self.app.edit_file(problem.path, problem.line)


def _shown(problem: Problem, width: int) -> Content:
    sign, look = ("✗", "$text-error") if problem.severity == "error" else ("!", "$text-warning")
    place = f"{sanitize(problem.path.name)}:{problem.line}:{problem.column}"
    return Content.assemble(
        (f"{sign} {_SEVERITIES[problem.severity]} ", f"bold {look}"),
        (f"{place}\n", "bold"),
        plain_wrapped(f"{problem.code}: {with_hint(problem.message, problem.hint)}", width),
        "\n",
    )
