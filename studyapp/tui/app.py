"""The Textual app: which screen comes first, help, the command palette, and what is done from time to time."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import SystemCommand
from textual.screen import Screen
from textual.worker import get_current_worker

from studyapp.locale.catalogue import languages
from studyapp.locale.message import Message
from studyapp.services import Services
from studyapp.session import Session
from studyapp.store.errors import StoreError
from studyapp.tui.commands import bindings
from studyapp.tui.host import Host, Page
from studyapp.tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from textual.command import Provider

    from studyapp.sync.status import Status

_NO_BACKUP = Message("No backup was made")
_SWITCHED = Message("English. {key} switches to another language.")
_SEARCH_THEMES, _SEARCH_COMMANDS = Message("Search for themes…"), Message("Search for commands…")
_THEME, _CHANGE_THEME = Message("Theme"), Message("Change the colours")
_SCREENSHOT, _SAVE_PICTURE = Message("Screenshot"), Message("Save a picture of the screen as SVG")

STYLES = Path(__file__).parent / "styles"

LOOK_AT_FILES = 2.0
"""Seconds between two looks at the deck files."""

LOOK_AT_TERMINAL = 1.0
"""Seconds between two looks whether the terminal is still there."""

SAVE_DRAFTS = 2.0
"""Seconds between two writes of unfinished answers, if they have changed."""

SETTLED_AFTER = 0.2
"""Seconds from the first paint until the start counts as over."""

BACK_UP_AFTER = 5.0
"""Seconds from the first screen to the backup of the day, so that it does not slow the start."""


def _command_provider() -> type[Provider]:
    from studyapp.tui.palette import CommandProvider

    return CommandProvider


class StudyApp(Host):
    """The app on one user's decks and data.

    It begins with the first card of ``session`` where one is given, else with the decks.
    ``when_shown`` is called once the first screen has been painted.
    """

    TITLE = "studyapp"
    CSS_PATH: ClassVar = [STYLES / "app.tcss", STYLES / "card.tcss"]
    BINDINGS: ClassVar = bindings("app")
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_command_provider}
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self,
        services: Services,
        session: Session | None = None,
        when_shown: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(services)
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (64, "-normal"), (120, "-wide")]
        self.VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]
        self._session = session
        self._when_shown = when_shown
        self._synchronised: Status | None = None
        theme = services.settings.theme
        if theme and theme in self.available_themes:
            self.theme = theme

    def home(self) -> Screen[None]:
        from studyapp.tui.screens.home import HomeScreen

        return HomeScreen()

    def _first_screen(self) -> Screen[None]:
        if self._session is None:
            return self.home()
        from studyapp.tui.screens.review import ReviewScreen

        return ReviewScreen(self._session)

    def on_mount(self) -> None:
        if not self.is_headless:
            self._end_when_told()
        self._use_own_keys()
        if self.drafts.trouble:
            self.say(self.drafts.trouble, problem=True, seconds=15)
        self.push_screen(self._first_screen())
        self.set_interval(LOOK_AT_FILES, self._look_at_files)
        self.set_interval(LOOK_AT_TERMINAL, self._leave_without_terminal)
        self.set_interval(SAVE_DRAFTS, self.drafts.save)
        self.call_after_refresh(self._shown)

    def _shown(self) -> None:
        self.set_timer(SETTLED_AFTER, self._settle)
        self.set_timer(BACK_UP_AFTER, self._back_up)
        if self.services.settings.sync and not self.is_headless:
            self._synchronise()

    def _settle(self) -> None:
        self._when_shown()
        self._load_ahead()

    @work(thread=True, group="load", exit_on_error=False)
    def _load_ahead(self) -> None:
        """Import what the next cards and ratings will need, while the learner reads the first one."""
        import studyapp.formula.evaluate
        import studyapp.kinds.compute.grading
        import studyapp.tui.answers.fields
        import studyapp.tui.answers.prose  # noqa: F401

    def on_unmount(self) -> None:
        self.drafts.save()

    def _end_when_told(self) -> None:
        """End by the usual way, giving the terminal back, where the system asks for the end of the process."""
        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None:
                with contextlib.suppress(NotImplementedError):  # Windows
                    loop.add_signal_handler(number, partial(self.exit, return_code=128 + number))

    def _leave_without_terminal(self) -> None:
        """End where the terminal was closed and nothing else has ended the app; it would wait for keys for ever."""
        if not self.is_headless and sys.__stdin__ is not None and not sys.__stdin__.isatty():
            self.exit(return_code=1)

    def _synchronise(self) -> None:
        """Synchronise in a process of its own; the home screen says how it went."""
        from studyapp.sync.status import start_beside

        start_beside(self.services.settings.sync)

    @work(thread=True, exclusive=True, group="backup", exit_on_error=False)
    def _back_up(self) -> None:
        """Make the backup of the day, and note what makes the next start quicker."""
        self.services.store.note_finished_decks()
        try:
            self.services.store.daily_backup()
        except StoreError as error:
            if not get_current_worker().is_cancelled:
                self.call_from_thread(self.say, str(error), str(_NO_BACKUP), True, 15)

    def watch_theme(self, theme: str) -> None:
        """Remember a theme that was chosen."""
        if self.is_running and theme != self.services.settings.theme:
            self.set_setting("theme", theme)

    # Decks that change on disk

    @work(thread=True, exclusive=True, group="files", exit_on_error=False)
    def _look_at_files(self) -> None:
        if self.services.bank.refresh():
            self.call_from_thread(self.bank_changed)
        if self.services.settings.sync:
            from studyapp.sync.status import read_status

            status = read_status(self.services.folders.home)
            if status != self._synchronised:
                self._synchronised = status
                self.call_from_thread(self._show_synchronised)

    def _show_synchronised(self) -> None:
        """Show how a synchronisation went, and what it brought, where the home screen is open."""
        from studyapp.tui.screens.home import HomeScreen

        if isinstance(self.screen, HomeScreen):
            self.screen.fill()

    def action_help(self) -> None:
        """Open help, or close it where it is open."""
        from studyapp.tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    async def action_language(self) -> None:
        """Go on in the next language, in place."""
        known = languages()
        here = known.index(self.language) if self.language in known else 0
        self.language = known[(here + 1) % len(known)]
        for screen in self.screen_stack:
            if isinstance(screen, Page):
                await screen.language_switched()
                for bar in screen.query(KeyBar):
                    bar.refresh()
        key = "ctrl+l" if isinstance(self.screen, Page) and self.screen.typing else "l"
        self.say(_SWITCHED(key=key), seconds=3)

    def action_command_palette(self) -> None:
        from studyapp.tui.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette", placeholder=str(_SEARCH_COMMANDS)))

    def search_themes(self) -> None:
        from textual.theme import ThemeProvider

        from studyapp.tui.palette import Palette

        self.push_screen(Palette([ThemeProvider], placeholder=str(_SEARCH_THEMES)))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        yield SystemCommand(str(_THEME), str(_CHANGE_THEME), self.action_change_theme)
        yield SystemCommand(str(_SCREENSHOT), str(_SAVE_PICTURE), self._save_picture)

    def _save_picture(self) -> None:
        self.set_timer(0.1, lambda: self.deliver_screenshot())
