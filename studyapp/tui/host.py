"""What every screen can rely on: the learner's services, notices, undo, the editor, settings, the way back.

`Host` is imported by the screens and imports none of them; `studyapp.tui.app` imports both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import time
from typing import Any, ClassVar

from textual import events
from textual.actions import ActionParseResult
from textual.app import SuspendNotSupported
from textual.dom import DOMNode
from textual.filter import LineFilter
from textual.notifications import Notify
from textual.screen import ModalScreen, Screen, ScreenResultType

from studyapp.deck.bank import UnknownCard
from studyapp.locale.message import Message, use_language
from studyapp.services import Services
from studyapp.session import Session, Undone, what_was_done
from studyapp.settings import SettingsError, change
from studyapp.store.errors import StoreError, fault
from studyapp.tui.commands import Command, command, commands_of, key_name
from studyapp.tui.drafts import Drafts
from studyapp.tui.key_pacing import KeyGuard, OrderedKeys
from studyapp.tui.sanitizing_filter import SanitizingFilter

SEEN_AFTER = 0.7
"""Seconds after which the next key takes a notice away; a problem stays three times as long."""

UNDO_ASKED = timedelta(seconds=4)
"""How long the question stands whether something older is to be taken back."""


_NOTHING_TO_UNDO = Message("There is nothing to undo.")
_TITLED = Message("{title}: {message}")
_UNDO_FAILED, _EDITOR, _KEYS = Message("Undo failed"), Message("Editor"), Message("Keys")
_DECK_HAS_ERRORS = Message("Deck has errors")
_TAKEN_BACK = Message("The original is asked again. Your version lies in {path}.")
_NOT_WRITTEN = Message("{path} cannot be written: {why}.")


class Host(OrderedKeys):
    """The app on one user's decks and data, as far as its screens need it."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self._language = ""
        self.language = services.settings.language
        self._filter = SanitizingFilter()
        self.key_guard = KeyGuard()
        self.drafts = Drafts(services.folders.home / "drafts.json")
        self._started_at = services.clock()
        self._undo_asked: tuple[int, datetime] | None = None
        """Which entry of the log the learner was asked about, and when."""

    @property
    def language(self) -> str:
        """The language of the app and of the cards."""
        return self._language

    @language.setter
    def language(self, language: str) -> None:
        self._language = language
        use_language(language)

    def home(self) -> Screen[Any]:
        """The first screen, to which the last way back leads."""
        raise NotImplementedError

    # Keys and notices

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), self._filter]

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
            _TITLED(title=title, message=message) if title else message,
            severity="warning" if problem else "information",
            timeout=seconds,
            markup=False,
        )

    @contextmanager
    def saying(self, title: str = "", seconds: float = 15) -> Iterator[None]:
        """Show a notice where the store refuses what is tried inside; what follows it there is left out then."""
        try:
            yield
        except StoreError as error:
            self.say(str(error), title=title, problem=True, seconds=seconds)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Do what a key or a command asks for. Whatever it raises is told, and the app goes on.

        What the store refuses is told as it is; anything else is a fault of the app, kept in `studyapp.faults`.
        """
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except StoreError as error:
            told: StoreError = error
        except Exception as error:
            told = fault(error, f"the command {action}")
        self.say(str(told), problem=True, seconds=15)
        if isinstance(self.screen, Page):
            self.screen.command_failed()
        return True

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

    def key_of(self, command_id: str) -> str:
        """The first key of a command, as people read it."""
        return key_name(self.keymap_keys(command(command_id)).split(",")[0])

    # What screens ask for

    def open_session(self, decks: Sequence[str]) -> Session:
        """A session over these decks (all where there are none), in the language in use."""
        return self.services.session(decks, self.language)

    def leave_screen(self, count: int = 1) -> None:
        """Go back by one screen, or by ``count`` of them; to the decks where there is none below."""
        for _ in range(count - 1):
            self.pop_screen()
        if len(self.screen_stack) > 2:
            self.pop_screen()
        else:
            self.switch_screen(self.home())

    def undo_newest(self) -> None:
        """Take back the newest rating or mark in the log, and say what it was; an older one when asked twice."""
        with self.saying(str(_UNDO_FAILED)):
            if not self._may_undo(self._started_at):
                return
            undone = self.services.store.undo()
            if undone is None:
                self._say_nothing_to_undo()
            else:
                self.say_undone(undone.card_id, what_was_done(undone.entry))

    def undo_in(self, session: Session) -> Undone | None:
        """Take back the newest rating or mark through a session, and say what it was.

        One from before the session only when it is asked for twice. None where nothing was taken back.
        """
        with self.saying(str(_UNDO_FAILED)):
            if not self._may_undo(session.opened_at):
                return None
            undone = session.undo()
            if undone is None:
                self._say_nothing_to_undo()
            else:
                self.say_undone(undone.card_id, undone.did)
            return undone
        return None

    def _say_nothing_to_undo(self) -> None:
        self.say(_NOTHING_TO_UNDO.to(self.language), seconds=2)

    def _may_undo(self, since: datetime) -> bool:
        """Whether the newest entry of the log may be taken back now.

        One from before ``since`` only when it is asked for twice; the first time this says what it is.
        """
        entry, now = self.services.store.undoable(), self.services.clock()
        asked, self._undo_asked = self._undo_asked, None
        if entry is None or entry.at >= since:
            return True
        if asked is not None and asked[0] == entry.sequence and now - asked[1] <= UNDO_ASKED:
            return True
        from studyapp.tui.notices import older_text

        self._undo_asked = (entry.sequence, now)
        words = older_text(self.services.bank, entry, now, self.language)
        self.say(words, seconds=UNDO_ASKED.total_seconds())
        return False

    def say_undone(self, card_id: str, did: str) -> None:
        """Say what an undo has taken back, by the first words of its card."""
        from studyapp.tui.notices import undone_text

        self.say(undone_text(self.services.bank, card_id, did, self.language), seconds=4)

    def edit_card(self, card_id: str) -> bool:
        """Open a card at its line in the user's editor; whether that was done. Of a bundled card a copy is edited."""
        from studyapp.deck.own_versions import OwnVersionError, begin, first_line, settle
        from studyapp.tui.notices import yours_text

        bank = self.services.bank
        try:
            location, own = bank.location(card_id), bank.own_files(card_id)
            if own is None:
                return self.edit_file(location.path, location.line)
            begin(own)
            path = own.file_for(self.language)
            self._open_in_editor(path, first_line(path))
            if settle(own):
                self.say(yours_text(self._key_of("take_back_card"), self.language), seconds=6)
        except (UnknownCard, OwnVersionError) as error:
            self.say(str(error), problem=True, seconds=10)
            return False
        self._read_edited(path)
        return True

    def take_back_card(self, card_id: str) -> bool:
        """Have the original of a bundled card asked again instead of the user's version; whether that was done."""
        from studyapp.deck.own_versions import OwnVersionError, take_back

        try:
            own = self.services.bank.own_version(card_id)
            aside = take_back(own) if own is not None else None
        except OwnVersionError as error:
            self.say(str(error), problem=True, seconds=10)
            return False
        if aside is not None:
            self.say(_TAKEN_BACK.to(self.language, path=aside), seconds=6)
            if self.services.bank.refresh():
                self.bank_changed()
        return aside is not None

    def edit_file(self, path: Path, line: int) -> bool:
        """Open a file at a line in the user's editor and read the decks again; whether that was done."""
        self._open_in_editor(path, line)
        self._read_edited(path)
        return True

    def _open_in_editor(self, path: Path, line: int) -> None:
        from studyapp.tui.editor import EditorError, edit

        try:
            with self.suspend():
                edit(path, line, self.services.settings.editor)
        except (EditorError, SuspendNotSupported) as error:
            self.say(str(error), title=str(_EDITOR), problem=True, seconds=10)

    def _read_edited(self, path: Path) -> None:
        """Read the decks again after a file was edited, and say what is wrong in it."""
        if self.services.bank.refresh():
            self.bank_changed()
        self._say_what_is_wrong(path)

    def _say_what_is_wrong(self, path: Path) -> None:
        """Say what cannot be read in a deck file that was just edited, and which key opens it again."""
        from studyapp.tui.notices import after_editing

        words = after_editing(self.services.bank, path, self._key_of("edit", "open"))
        if words:
            self.say(words, title=str(_DECK_HAS_ERRORS), problem=True, seconds=12)

    def _key_of(self, *actions: str) -> str:
        """The key that does the first of these actions on this screen."""
        found = next((one for one in commands_of(*places_of(self.screen)) if one.action in actions), None)
        return key_name(self.keymap_keys(found).split(",")[0] if found is not None else "")

    def edit_text(self, text: str, name: str, line: int) -> str:
        """What the user makes of ``text`` in the editor; ``text`` itself where that did not work."""
        from studyapp.tui.editor import EditorError, edit_text

        try:
            with self.suspend():
                return edit_text(text, name, line, self.services.settings.editor)
        except (EditorError, SuspendNotSupported) as error:
            self.say(str(error), title=str(_EDITOR), problem=True, seconds=10)
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
            words = _NOT_WRITTEN(path=self.services.folders.config, why=error.strerror)
            self.say(words, problem=True, seconds=10)
            return False
        self.services = replace(self.services, settings=settings)
        self.services.store.scheduler = scheduler_of(settings, self.services.store.scheduler.settings.weights)
        if name == "language":
            self.language = settings.language
        return True

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
                self.say(_NOT_WRITTEN(path=path, why=error.strerror), problem=True)
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
            self.say(problem, title=str(_KEYS), problem=True, seconds=10)

    # Decks that change on disk

    def bank_changed(self) -> None:
        """Tell every screen that shows decks that they have changed."""
        self.services.store.use_bank(self.services.bank.cache_path)
        for screen in self.screen_stack:
            if isinstance(screen, Page):
                screen.bank_changed()


class Page(Screen[ScreenResultType]):
    """A screen of this app: what the host asks of one, and the defaults."""

    PLACES: ClassVar[tuple[str, ...]] = ()
    """The places of the command table whose commands the screen offers, itself first."""
    app: Host

    def bank_changed(self) -> None:
        """Deck files have changed on disk: show what they say now."""

    def command_failed(self) -> None:
        """A command of this screen has raised an error, which was told: be ready for the next one."""

    async def language_switched(self) -> None:
        """The language of app and cards is another one: show everything in it."""
        self.bank_changed()

    @property
    def typing(self) -> bool:
        """Whether letters go into an answer, and commands need other keys."""
        return False

    def action_leave(self) -> None:
        """Go back."""
        self.app.leave_screen()


def places_of(screen: Screen[Any]) -> tuple[str, ...]:
    """The places whose commands a screen offers."""
    return screen.PLACES if isinstance(screen, Page) else ()


class Dialog(ModalScreen[ScreenResultType], Page[ScreenResultType]):
    """A page over the screen that opened it."""
