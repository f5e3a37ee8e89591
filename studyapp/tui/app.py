"""The Textual app: which screen comes first, and what every screen can rely on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, work
from textual.app import SuspendNotSupported, SystemCommand
from textual.filter import LineFilter
from textual.notifications import Notify
from textual.screen import Screen
from textual.worker import get_current_worker

from studyapp.deck.bank import UnknownCard
from studyapp.services import Services
from studyapp.session import Session, what_was_done
from studyapp.settings import SettingsError, change
from studyapp.store.errors import StoreError
from studyapp.tui.commands import Command, bindings
from studyapp.tui.drafts import Drafts
from studyapp.tui.harmless_lines import HarmlessLines
from studyapp.tui.key_guard import KeyGuard
from studyapp.tui.key_order import OrderedKeys

if TYPE_CHECKING:
    from textual.command import Provider

STYLES = Path(__file__).parent / "styles"

SEEN_AFTER = 0.7
"""Seconds after which the next key takes a notice away; a problem stays three times as long."""

UNDO_ASKED = timedelta(seconds=4)
"""How long the question stands whether something older is to be taken back."""

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


class StudyApp(OrderedKeys):
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
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (64, "-normal"), (120, "-wide")]
        self.VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]
        self.services = services
        self.language = services.settings.language
        self._harmless = HarmlessLines()
        self.key_guard = KeyGuard()
        self.drafts = Drafts(services.folders.home / "drafts.json")
        self._started_at = services.clock()
        self._undo_asked: tuple[int, datetime] | None = None
        """Which entry of the log the learner was asked about, and when."""
        self._session = session
        self._when_shown = when_shown
        theme = services.settings.theme
        if theme and theme in self.available_themes:
            self.theme = theme

    def _first_screen(self) -> Screen[None]:
        if self._session is not None:
            from studyapp.tui.screens.review import ReviewScreen

            return ReviewScreen(self._session)
        from studyapp.tui.screens.home import HomeScreen

        return HomeScreen()

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), self._harmless]

    async def hand_out(self, event: events.Key) -> None:
        # Only now is it known whether the key before has changed the card.
        if self.key_guard.swallows(event.key, event.time):
            await self.release()
        else:
            self._take_away_seen()
            await super().hand_out(event)

    def say(self, message: str, title: str = "", problem: bool = False, seconds: float = 5) -> None:
        """Show a notice, its text as it stands."""
        self.notify(
            f"{title}: {message}" if title else message,
            severity="warning" if problem else "information",
            timeout=seconds,
            markup=False,
        )

    def on_notify(self, _: Notify) -> None:
        """A notice is about to be shown: it takes the place of those before. Of these only the last problem stays."""
        older = list(self._notifications)
        for notice in older:
            if notice is not older[-1] or notice.severity == "information":
                self._unnotify(notice, refresh=False)

    def _take_away_seen(self) -> None:
        """A key was pressed: what has been read by now need not cover the screen any longer."""
        now = time()
        seen = [
            notice
            for notice in self._notifications
            if now - notice.raised_at >= SEEN_AFTER * (1 if notice.severity == "information" else 3)
        ]
        for notice in seen:
            self._unnotify(notice, refresh=False)
        if seen:
            self._refresh_notifications()

    def keymap_keys(self, command: Command) -> str:
        """The keys of a command: the user's own, or the declared ones."""
        return self._keymap.get(command.id, command.keys)

    def on_mount(self) -> None:
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

    def _leave_without_terminal(self) -> None:
        """End where the terminal was closed and nothing else has ended the app; it would wait for keys for ever."""
        if not self.is_headless and sys.__stdin__ is not None and not sys.__stdin__.isatty():
            self.exit(return_code=1)

    @work(thread=True, exclusive=True, group="backup", exit_on_error=False)
    def _back_up(self) -> None:
        """Make the backup of the day, and note what makes the next start quicker."""
        self.services.store.note_learnt_decks()
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
        """Take back the newest rating or mark in the log, and say what it was; an older one when asked twice."""
        try:
            if not self.may_undo(self._started_at):
                return
            undone = self.services.store.undo()
        except StoreError as error:
            self.say(str(error), title="Not undone", problem=True, seconds=15)
            return
        if undone is None:
            self.say("There is nothing to undo.", seconds=2)
        else:
            self.say_undone(undone.card_id, what_was_done(undone.entry))

    def may_undo(self, since: datetime) -> bool:
        """Whether the newest entry of the log may be taken back now.

        One from before ``since`` only when it is asked for twice; the first time this says what it is.
        """
        entry, now = self.services.store.undoable(), self.services.clock()
        asked, self._undo_asked = self._undo_asked, None
        if entry is None or entry.at >= since:
            return True
        if asked is not None and asked[0] == entry.sequence and now - asked[1] <= UNDO_ASKED:
            return True
        from studyapp.tui.undo_text import older_text

        self._undo_asked = (entry.sequence, now)
        words = older_text(self.services.bank, entry, now, self.language)
        self.say(words, seconds=UNDO_ASKED.total_seconds())
        return False

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
        self._say_what_is_wrong(path)
        return True

    def _say_what_is_wrong(self, path: Path) -> None:
        """Say what cannot be read in a deck file that was just edited, and which key opens it again."""
        from studyapp.tui.commands import commands_of, key_name, places_of
        from studyapp.tui.reading_text import after_editing

        opens = next((one for one in commands_of(*places_of(self.screen)) if one.action in ("edit", "open")), None)
        keys = self.keymap_keys(opens).split(",") if opens is not None else [""]
        words = after_editing(self.services.bank, path, key_name(keys[0]))
        if words:
            self.say(words, title="Read in part", problem=True, seconds=12)

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
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_atomically(path, template(), mode=0o600)
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
        key = "ctrl+l" if getattr(self.screen, "typing", False) else "l"
        in_english, in_chinese = f"Cards in English. {key} switches back.", f"卡片语言：中文。按 {key} 切换回来。"
        self.say(in_chinese if self.language == "zh" else in_english, seconds=3)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        yield SystemCommand("Theme", "Change the colours", self.action_change_theme)
        yield SystemCommand("Screenshot", "Save a picture of the screen as SVG", self._save_picture)

    def _save_picture(self) -> None:
        self.set_timer(0.1, lambda: self.deliver_screenshot())
