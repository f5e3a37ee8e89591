"""Home: the decks, what today brings, and one line that says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from studyapp.render import cell_width
from studyapp.render.duration import when
from studyapp.store.errors import StoreError
from studyapp.tui.commands import bindings
from studyapp.tui.deck_tree import DeckRow, Today, deck_rows
from studyapp.tui.text import plain, plain_wrapped, shortened
from studyapp.tui.widgets.key_bar import KeyBar
from studyapp.tui.widgets.menu import Menu

if TYPE_CHECKING:
    from studyapp.tui.app import StudyApp

MARGIN = 4
"""Cells beside the lines: padding on both sides, the scroll bar, and one that keeps the numbers clear of it."""

COLUMN = 6
"""Cells for each of the three numbers of a deck."""


class HomeScreen(Screen[None]):
    """A list of decks; enter studies the marked one."""

    PLACES = ("home",)
    BINDINGS: ClassVar = bindings(*PLACES)
    AUTO_FOCUS = "Menu"
    app: StudyApp

    def __init__(self) -> None:
        super().__init__()
        self.advice = Static(markup=False, id="advice")
        self.header = Static(markup=False, id="deck-header")
        self.choices = Menu()
        self.rows: list[DeckRow] = []

    def compose(self) -> ComposeResult:
        yield self.advice
        yield self.header
        yield self.choices
        yield KeyBar()

    def on_mount(self) -> None:
        self.fill()

    def on_screen_resume(self) -> None:
        self.fill()

    def on_resize(self) -> None:
        self.fill()

    def bank_changed(self) -> None:
        """Deck files have changed on disk."""
        self.fill()

    def fill(self) -> None:
        """Read decks and counts and show them."""
        decks = self.app.services.bank.decks()
        try:
            counts, everything = self._counts()
        except StoreError as error:
            counts, everything = {}, Today()
            self.app.say(str(error), problem=True, seconds=15)
        self.rows = deck_rows(decks, counts, everything)
        width = max(24, min(self.app.size.width - MARGIN, 100))
        self.header.update(Content(_columns("", width, "new", "learn", "due")))
        here = self.choices.highlighted
        self.choices.set_options([Option(_shown(row, width)) for row in self.rows])
        if self.rows:
            self.choices.highlighted = min(here or 0, len(self.rows) - 1)
        self.advice.update(plain_wrapped(self._advice(everything), width + 1))  # no scroll bar beside it

    def _counts(self) -> tuple[dict[str, Today], Today]:
        """What today brings for each deck, and for all of them together."""
        overview = self.app.services.store.overview(self.app.services.limits)
        counts = {name: Today(deck.new, deck.learning, deck.due) for name, deck in overview.decks.items()}
        return counts, Today(overview.total.new, overview.total.learning, overview.total.due)

    def _advice(self, today: Today) -> str:
        services = self.app.services
        problems = sum(row.problems for row in self.rows if not row.is_folder)
        note = f" {problems} problem(s) in deck files: p shows them." if problems else ""
        if not self.rows:
            return "There are no decks. `studyapp new my.yaml` writes one and `studyapp add my.yaml` adds it." + note
        if not today.total:
            due = services.store.next_due((), services.clock())
            after = f" The next card is due {when(due, services.clock())}." if due is not None else ""
            return "Done for today." + after + note
        if services.store.undoable() is None:
            return (
                "Welcome. Enter begins with the first new cards: think, reveal, and rate how well you knew it. "
                "? shows all keys." + note
            )
        parts = [
            f"{count} {word}"
            for count, word in ((today.due, "due"), (today.learning, "being learnt"), (today.new, "new"))
            if count
        ]
        return f"Today: {', '.join(parts)}. Enter studies the marked decks." + note

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        await self.action_study()

    async def action_study(self) -> None:
        """Study the marked deck, folder, or everything."""
        row = self.marked_row
        if row is None:
            return
        if not row.today.total:
            self.app.say("Nothing of this is due today.", seconds=3)
            return
        from studyapp.tui.screens.review import ReviewScreen

        everything = len(row.decks) == len(self.app.services.bank.decks())
        try:
            session = self.app.open_session(() if everything else row.decks)
        except StoreError as error:
            self.app.say(str(error), problem=True, seconds=15)
            return
        await self.app.push_screen(ReviewScreen(session))

    @property
    def marked_row(self) -> DeckRow | None:
        """The line under the cursor."""
        here = self.choices.highlighted
        return None if here is None or here >= len(self.rows) else self.rows[here]

    def action_undo(self) -> None:
        """Take back the newest rating or mark."""
        self.app.undo_newest()
        self.fill()

    async def action_browse(self) -> None:
        """Open the search for cards."""
        from studyapp.tui.screens.browse import BrowseScreen

        await self.app.push_screen(BrowseScreen())

    async def action_statistics(self) -> None:
        """Open the statistics."""
        from studyapp.tui.screens.statistics import StatisticsScreen

        await self.app.push_screen(StatisticsScreen())

    async def action_decks(self) -> None:
        """Open the management of decks."""
        from studyapp.tui.screens.decks import DecksScreen

        await self.app.push_screen(DecksScreen())

    async def action_problems(self) -> None:
        """Show the problems of the deck files."""
        from studyapp.tui.screens.problems import ProblemsScreen

        await self.app.push_screen(ProblemsScreen())

    async def action_explore(self) -> None:
        """Open the explorer of losses."""
        from studyapp.tui.screens.explorer import ExplorerScreen

        await self.app.push_screen(ExplorerScreen())

    async def action_interview(self) -> None:
        """Choose and start a mock interview."""
        from studyapp.tui.screens.interview_setup import InterviewSetupScreen

        await self.app.push_screen(InterviewSetupScreen())

    async def action_settings(self) -> None:
        """Open the settings."""
        from studyapp.tui.screens.settings import SettingsScreen

        await self.app.push_screen(SettingsScreen())

    def action_reload(self) -> None:
        """Look for changes in the deck files now."""
        changed = self.app.services.bank.refresh()
        self.fill()
        self.app.say(f"Read again: {', '.join(sorted(changed))}." if changed else "No deck has changed.", seconds=3)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "problems":
            return bool(self.app.services.bank.problems())
        return super().check_action(action, parameters)

    def action_leave(self) -> None:
        """Leave the app."""
        self.app.exit()


def _columns(title: str, width: int, *cells: str) -> str:
    room = width - COLUMN * len(cells)
    title = shortened(title, room - 1)
    return title + " " * (room - cell_width(title)) + "".join(cell.rjust(COLUMN) for cell in cells)


def _shown(row: DeckRow, width: int) -> Content:
    numbers = [str(count) if count else "·" for count in (row.today.new, row.today.learning, row.today.due)]
    problem = " !" if row.problems and not row.is_folder else ""
    line = _columns("  " * row.depth + row.title + problem, width, *numbers)
    return plain(line, "bold" if row.is_folder else "")
