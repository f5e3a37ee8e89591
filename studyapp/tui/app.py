"""The Textual app: which screen comes first, and what every screen can rely on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, work
from textual.app import SuspendNotSupported, SystemCommand
from textual.screen import Screen
from textual.worker import get_current_worker

from studyapp.deck.bank import UnknownCard
from studyapp.services import Services
from studyapp.session import Session, what_was_done
from studyapp.settings import SettingsError, change
from studyapp.store.errors import StoreError
from studyapp.tui.commands import Command, bindings
from studyapp.tui.drafts import Drafts
from studyapp.tui.key_guard import KeyGuard
from studyapp.tui.key_order import OrderedKeys

if TYPE_CHECKING:
    from textual.command import Provider

STYLES = Path(__file__).parent / "styles"

LOOK_AT_FILES = 2.0
"""Seconds between two looks at the deck files."""

SAVE_DRAFTS = 2.0
"""Seconds between two writes of unfinished answers, if they have changed."""

SETTLED_AFTER = 0.2
"""Seconds from the first paint until the start counts as over."""

BACK_UP_AFTER = 5.0
"""Seconds from the first screen to the backup of the day, so that it does not slow the start."""


def _command_provider() -> type[Provider]:
    from studyapp.tui.palette import CommandProvider

    return CommandProvider


class StudyApp(OrderedKeys):
    """The app on one user's decks and data.

    ``start`` is ``home``, or ``study`` to go straight to the first card of ``decks`` (all decks where it is empty).
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
        start: str = "home",
        decks: Sequence[str] = (),
        when_shown: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (64, "-normal"), (120, "-wide")]
        self.VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]
        self.services = services
        self.language = services.settings.language
        self.key_guard = KeyGuard()
        self.drafts = Drafts(services.folders.home / "drafts.json")
        self._start = start
        self._decks = tuple(decks)
        self._when_shown = when_shown
        theme = services.settings.theme
        if theme and theme in self.available_themes:
            self.theme = theme

    def _first_screen(self) -> Screen[None]:
        if self._start == "study":
            from studyapp.tui.screens.review import ReviewScreen

            return ReviewScreen(self.open_session(self._decks))
        from studyapp.tui.screens.home import HomeScreen

        return HomeScreen()

    async def hand_out(self, event: events.Key) -> None:
        # Only now is it known whether the key before has changed the card.
        if self.key_guard.swallows(event.key, event.time):
            await self.release()
        else:
            await super().hand_out(event)

    def say(self, message: str, title: str = "", problem: bool = False, seconds: float = 5) -> None:
        """Show a notice. Its text is shown as it stands."""
        self.notify(
            message,
            title=title,
            severity="warning" if problem else "information",
            timeout=seconds,
            markup=False,
        )

    def keymap_keys(self, command: Command) -> str:
        """The keys of a command: the user's own, or the declared ones."""
        return self._keymap.get(command.id, command.keys)

    def on_mount(self) -> None:
        self._use_own_keys()
        self.push_screen(self._first_screen())
        self.set_interval(LOOK_AT_FILES, self._look_at_files)
        self.set_interval(SAVE_DRAFTS, self.drafts.save)
        self.call_after_refresh(self._shown)

    def _shown(self) -> None:
        self.set_timer(SETTLED_AFTER, self._settle)
        self.set_timer(BACK_UP_AFTER, self._back_up)

    def _settle(self) -> None:
        self._when_shown()
        self._load_ahead()

    @work(thread=True, group="load", exit_on_error=False)
    def _load_ahead(self) -> None:
        """Import what the next cards and ratings will need, while the learner reads the first one."""
        import fsrs  # noqa: F401

        import studyapp.deck.expression.evaluate
        import studyapp.grading.compute
        import studyapp.tui.answers.fields
        import studyapp.tui.answers.prose  # noqa: F401

    def on_unmount(self) -> None:
        self.drafts.save()

    @work(thread=True, exclusive=True, group="backup", exit_on_error=False)
    def _back_up(self) -> None:
        """Make the backup of the day."""
        try:
            self.services.store.daily_backup()
        except StoreError as error:
            if not get_current_worker().is_cancelled:
                self.call_from_thread(self.say, str(error), "No backup was made", True, 15)

    # What screens ask for

    def open_session(self, decks: Sequence[str]) -> Session:
        """A session over these decks (all where there are none), in the language in use."""
        return self.services.session(decks, self.language)

    def leave_screen(self) -> None:
        """Go back to the screen below, or to the decks where there is none."""
        if len(self.screen_stack) > 2:
            self.pop_screen()
        else:
            from studyapp.tui.screens.home import HomeScreen

            self.switch_screen(HomeScreen())

    def undo_newest(self) -> None:
        """Take back the newest rating or mark in the log, and say what it was."""
        try:
            undone = self.services.store.undo()
        except StoreError as error:
            self.say(str(error), title="Not undone", problem=True, seconds=15)
            return
        if undone is None:
            self.say("There is nothing to undo.", seconds=2)
        else:
            self.say_undone(undone.card_id, what_was_done(undone.entry))

    def say_undone(self, card_id: str, did: str) -> None:
        """Say what an undo has taken back, by the first words of its card."""
        from studyapp.tui.undo_text import undone_text

        self.say(undone_text(self.services.bank, card_id, did, self.language), seconds=4)

    def edit_card(self, card_id: str) -> bool:
        """Open a card at its line in the user's editor; whether that was done."""
        try:
            location = self.services.bank.location(card_id)
        except UnknownCard as error:
            self.say(str(error), problem=True)
            return False
        return self.edit_file(location.path, location.line)

    def edit_file(self, path: Path, line: int) -> bool:
        """Open a file at a line in the user's editor and read the decks again; whether that was done."""
        from studyapp.tui.editor import EditorError, edit

        try:
            with self.suspend():
                edit(path, line, self.services.settings.editor)
        except (EditorError, SuspendNotSupported) as error:
            self.say(str(error), title="Editor", problem=True, seconds=10)
        if self.services.bank.refresh():
            self.bank_changed()
        return True

    def edit_text(self, text: str, name: str, line: int) -> str:
        """What the user makes of ``text`` in the editor; ``text`` itself where that did not work."""
        from studyapp.tui.editor import EditorError, edit_text

        try:
            with self.suspend():
                return edit_text(text, name, line, self.services.settings.editor)
        except (EditorError, SuspendNotSupported) as error:
            self.say(str(error), title="Editor", problem=True, seconds=10)
        return text

    # Settings

    def set_setting(self, name: str, value: Any) -> bool:
        """Change a setting, in force from now on, and write it to the settings file; whether that worked."""
        from msgspec.structs import replace

        from studyapp.services import scheduler_of
        from studyapp.settings_file import write_key

        try:
            settings = change(self.services.settings, name, value)
            write_key(self.services.folders.config, name, getattr(settings, name))
        except SettingsError as error:
            self.say(str(error), problem=True)
            return False
        except OSError as error:
            self.say(f"{self.services.folders.config} cannot be written: {error.strerror}.", problem=True, seconds=10)
            return False
        self.services = replace(self.services, settings=settings)
        self.services.store.scheduler = scheduler_of(settings)
        if name == "language":
            self.language = settings.language
        return True

    def watch_theme(self, theme: str) -> None:
        """Remember a theme that was chosen."""
        if self.is_running and theme != self.services.settings.theme:
            self.set_setting("theme", theme)

    def edit_keys(self) -> None:
        """Open the user's key file, made with all commands where there is none, and use what it says then."""
        from studyapp.deck.atomic import write_atomically
        from studyapp.tui.keymap import template

        path = self.keys_file
        if not path.exists():
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(path, template())
            except OSError as error:
                self.say(f"{path} cannot be written: {error.strerror}.", problem=True)
                return
        self.edit_file(path, 1)
        self._use_own_keys()

    @property
    def interview_file(self) -> Path:
        """Where an interview under way is kept."""
        return self.services.folders.home / "interview.json"

    @property
    def keys_file(self) -> Path:
        """Where the user's own keys are."""
        return self.services.folders.config.with_name("keys.toml")

    def _use_own_keys(self) -> None:
        if not self.keys_file.exists():
            return
        from studyapp.tui.keymap import read_keymap

        keymap, problems = read_keymap(self.keys_file)
        self.set_keymap(keymap)
        for problem in problems:
            self.say(problem, title="Keys", problem=True, seconds=10)

    # Decks that change on disk

    @work(thread=True, exclusive=True, group="files", exit_on_error=False)
    def _look_at_files(self) -> None:
        if self.services.bank.refresh():
            self.call_from_thread(self.bank_changed)

    def bank_changed(self) -> None:
        """Tell every screen that shows decks that they have changed."""
        self.services.store.use_bank(self.services.bank.cache_path)
        for screen in self.screen_stack:
            changed = getattr(screen, "bank_changed", None)
            if changed is not None:
                changed()

    def action_help(self) -> None:
        """Open help, or close it where it is open."""
        from studyapp.tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    async def action_language(self) -> None:
        """Switch the language of the cards in place."""
        self.language = "zh" if self.language == "en" else "en"
        for screen in self.screen_stack:
            switch = getattr(screen, "language_switched", None)
            if switch is not None:
                await switch()
        self.say("卡片语言：中文" if self.language == "zh" else "Cards in English", seconds=2)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        yield SystemCommand("Theme", "Change the colours", self.action_change_theme)
        yield SystemCommand("Screenshot", "Save a picture of the screen as SVG", self._save_picture)

    def _save_picture(self) -> None:
        self.set_timer(0.1, lambda: self.deliver_screenshot())
