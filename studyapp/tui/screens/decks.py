"""Decks: what there is and where it comes from; which are studied, in which order and how much; decks of one's own."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any, ClassVar

from msgspec.structs import replace
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from studyapp.deck.bank import DeckInfo
from studyapp.deck.cache import CacheError
from studyapp.deck.choices import DeckChoice, in_words, moved
from studyapp.deck.library import LibraryError
from studyapp.deck.trial import tried
from studyapp.exchange.journal import ExchangeError
from studyapp.exchange.preview import Preview
from studyapp.exchange.words import loss_lines, preview_lines, taken_back_lines
from studyapp.folders import absolute
from studyapp.formats.value import FormatError
from studyapp.forms.problem import Problem
from studyapp.locale.message import Message
from studyapp.locale.sentences import LIST_COMMA, join_sentences
from studyapp.sanitizing import sanitize
from studyapp.store.errors import StoreError, fault
from studyapp.tui import import_steps
from studyapp.tui.commands import bindings
from studyapp.tui.host import Dialog
from studyapp.tui.import_steps import Progress
from studyapp.tui.notices import cannot_be_read
from studyapp.tui.screens.ask import AskScreen
from studyapp.tui.screens.deck_limits import LimitsDialog
from studyapp.tui.screens.listing import ListScreen
from studyapp.tui.text import plain_wrapped, shortened

WAITING = (
    "switch",
    "beyond",
    "limits",
    "add",
    "import",
    "take_back",
    "create",
    "edit",
    "remove",
    "shift",
    "problems",
    "leave",
)
"""What cannot be done while an added deck is read."""

_BEYOND = {
    True: Message(
        "{count} card tagged beyond is asked from now on.", "{count} cards tagged beyond are asked from now on."
    ),
    False: Message("{count} card tagged beyond is never asked.", "{count} cards tagged beyond are never asked."),
    None: Message(
        "{count} card tagged beyond is asked once its topic is learnt.",
        "{count} cards tagged beyond are asked once their topic is learnt.",
    ),
}
_CARDS, _PROBLEMS = Message("{count} card", "{count} cards"), Message("{count} problem", "{count} problems")
_BUNDLED, _OWN, _OFF = Message("comes with the app"), Message("your own"), Message("off · {title}")
_DECKS, _OF_YOUR_OWN = Message("{count} deck", "{count} decks"), Message("{count} of your own")
_SWITCHED_OFF = Message("{count} off")
_LEFT_OUT = Message("{count} file left out (!)", "{count} files left out (!)")
_FIX_FIRST = Message("Fix this file first: e opens it, p shows what is wrong.")
_STOP = Message("{text}.")
_NOT_CHANGED, _NOT_ADDED = Message("Not changed"), Message("Not added")
_NOT_WRITTEN, _NOT_REMOVED = Message("Not written"), Message("Not removed")
_ADD, _ADD_WHAT = Message("Add a deck"), Message("A .yaml file, or a folder of decks:")
_READING = Message("Reading the decks: {done} of {total} MB · esc stops")
_NOTHING_ADDED, _STOPPING = Message("Stopped. Nothing was added."), Message("Stopping …")
_ADDED, _THERE_ALREADY = Message("Added: {what}"), Message("It was there already: {what}")
_WITH_PROBLEMS = Message("{news}, {count} problem: p shows it", "{news}, {count} problems: p shows them")
_WRITE = Message("Write a new deck")
_WRITE_WHERE = Message("A name is enough: the file comes into {folder}. Or a path, such as ~/mine:")
_PATH_THERE = Message("{path} is there already; it was left as it is.")
_WROTE = Message("Wrote and added {name}: e edits it")
_FORGOT = Message("Forgot {file}; the file and its cards' history stay")
_E_OPENS = Message("{problem} · e opens it, p shows all that is wrong")
_TAKES = Message("enter takes · esc cancels")
_NO_BEYOND = Message("This deck has no cards tagged beyond.")
_IMPORT, _IMPORT_WHAT = Message("Import"), Message("A file or folder of Anki, CSV, Markdown, org-drill:")
_YES, _NO = Message("Import"), Message("Leave it")
_WITH_HISTORY, _WITHOUT = Message("Import with history"), Message("Import the cards alone")
_NOTHING, _NOTHING_NEW = Message("Nothing was imported"), Message("Nothing is new; nothing was changed")
_IMPORTED = Message("Imported {count} card; u takes it back", "Imported {count} cards; u takes them back")
_TAKE_BACK = Message("Undo import")
_TAKE_BACK_WHAT = Message("{source}: {count} card, its files and history", "{source}: {count} cards, files and history")
_TAKE_IT, _KEEP = Message("Take it back"), Message("Keep it")
_NOT_ASKED = Message("{count} card cannot be asked: {first}", "{count} cards cannot be asked; the first: {first}")
_NO_IMPORT = Message("There is no import that could be taken back.")
_NOT_READ, _NOT_IMPORTED = Message("Cannot be read"), Message("Not imported")
_NOT_TAKEN_BACK = Message("Not taken back")
_WORKING, _STOPPED = Message("Working: {share} · esc stops"), Message("Stopped. Nothing was changed.")
_SHOWN_LOSSES = 6

BETWEEN_LOOKS = 0.1
"""Seconds between two words on how far a reading is."""


class Stopped(Exception):
    """The reading is not wanted any more."""


class DecksScreen(ListScreen):
    """A list of decks with their files."""

    PLACES = ("decks",)
    BINDINGS: ClassVar = bindings(*PLACES)

    def __init__(self) -> None:
        super().__init__()
        self.decks: tuple[DeckInfo, ...] = ()
        self.broken: tuple[Problem, ...] = ()
        """Files that give no deck, by the first thing that is wrong with each; they are listed after the decks."""
        self._stop: Event | None = None
        """Set to stop the reading of an added deck; None while nothing is read."""

    def bank_changed(self) -> None:
        """Deck files have changed on disk."""
        self.fill()

    def fill(self, news: str = "") -> None:
        """Show the decks as they are now, and above them what has just been done."""
        self.decks = self.app.services.bank.decks()
        titles = self.app.services.bank.deck_titles(self.app.language)
        self.broken = self.app.services.bank.left_out()
        width = max(20, self.app.size.width - 3)
        here = self.choices.highlighted
        rows = []
        for deck in self.decks:
            facts = [
                deck.name,
                _CARDS(count=deck.card_count),
                " ".join(deck.languages),
                str(_BUNDLED if deck.bundled else _OWN),
                f"! {_PROBLEMS(count=deck.problem_count)}" if deck.problem_count else "",
                in_words(replace(deck.choice, enabled=True)),
            ]
            title = titles.get(deck.name) or deck.title or deck.name
            rows.append(
                Option(
                    Content.assemble(
                        (
                            shortened(title if deck.choice.enabled else _OFF(title=title), width),
                            "bold" if deck.choice.enabled else "dim",
                        ),
                        "\n",
                        plain_wrapped(" · ".join(filter(None, facts)), width),
                        "\n",
                        (shortened(str(deck.path), width), "dim"),
                    )
                )
            )
        rows += [Option(_shown_broken(problem, width)) for problem in self.broken]
        self.choices.set_options(rows)
        if rows:
            self.choices.highlighted = min(here or 0, len(rows) - 1)
            self.call_after_refresh(self.choices.scroll_to_highlight)
        own = sum(not deck.bundled for deck in self.decks)
        left_out = sum(not deck.choice.enabled for deck in self.decks)
        parts = [_DECKS(count=len(self.decks)), _OF_YOUR_OWN(count=own)]
        parts += [_SWITCHED_OFF(count=left_out)] if left_out else []
        parts += [_LEFT_OUT(count=len(self.broken))] if self.broken else []
        count = LIST_COMMA().join(parts)
        self.head.update(Content(f"{news} · {count}" if news else count))

    def _title(self, deck: DeckInfo) -> str:
        return self.app.services.bank.deck_titles(self.app.language).get(deck.name) or deck.title or deck.name

    @property
    def marked(self) -> DeckInfo | None:
        """The deck under the cursor."""
        return self.choices.marked(self.decks)

    @property
    def marked_broken(self) -> Problem | None:
        """What is wrong with the file under the cursor, if it gives no deck."""
        place = (self.choices.highlighted or 0) - len(self.decks)
        return self.broken[place] if 0 <= place < len(self.broken) else None

    def _refused(self) -> bool:
        """Whether the marked file gives no deck, so that nothing can be chosen for it; that is said."""
        if self.marked_broken is not None:
            self.app.say(_FIX_FIRST(), problem=True, seconds=4)
        return self.marked_broken is not None

    # What is chosen for a deck

    def action_switch(self) -> None:
        """Leave the marked deck out of study, or take it in again."""
        deck = self.marked
        if not self._refused() and deck is not None:
            self._choose({deck.name: replace(deck.choice, enabled=not deck.choice.enabled)})

    def action_beyond(self) -> None:
        """Turn the marked deck's cards tagged `beyond` on, off, or leave it to what is learnt."""
        deck = self.marked
        if self._refused() or deck is None:
            return
        if not deck.beyond_count:
            self.app.say(str(_NO_BEYOND), seconds=4)
            return
        following = {None: True, True: False, False: None}[deck.choice.beyond]
        self._choose({deck.name: replace(deck.choice, beyond=following)})
        self.app.say(_BEYOND[following](count=deck.beyond_count), seconds=5)

    def action_shift(self, direction: str) -> None:
        """Move the marked deck one place."""
        deck, here = self.marked, self.choices.highlighted
        if self._refused() or deck is None or here is None:
            return
        orders = moved([(one.name, one.place) for one in self.decks], here, -1 if direction == "earlier" else 1)
        by_name = {one.name: one for one in self.decks}
        self._choose({name: replace(by_name[name].choice, order=order) for name, order in orders.items()})
        self._mark(deck.name)

    def action_limits(self) -> None:
        """Ask for the marked deck's own limits."""
        deck = self.marked
        if self._refused() or deck is None:
            return

        def chosen(choice: DeckChoice | None) -> None:
            if choice is not None:
                self._choose({deck.name: choice})

        self.app.push_screen(LimitsDialog(self._title(deck), deck.choice), chosen)

    def _choose(self, choices: dict[str, DeckChoice]) -> None:
        if not choices:
            return
        try:
            self.app.services.bank.library.choose(choices)
        except (LibraryError, OSError) as error:
            self.app.say(_STOP(text=error), title=str(_NOT_CHANGED), problem=True, seconds=10)
            return
        self._refresh()

    def _mark(self, name: str) -> None:
        names = [deck.name for deck in self.decks]
        if name in names:
            self.choices.highlighted = names.index(name)

    # Decks of one's own

    def action_add(self) -> None:
        """Ask for the path of a deck or a folder, and add it."""
        self.app.push_screen(PathDialog(_ADD(), _ADD_WHAT()), self._add)

    def _add(self, text: str | None) -> None:
        if text:
            self._stop = Event()
            self.refresh_bindings()
            self._read_added(absolute(text), self._stop)

    @work(thread=True, group="reading")
    def _read_added(self, path: Path, stop: Event) -> None:
        """Add and read in a thread of its own, saying how far it is: a folder may hold very much."""
        worker, next_look = get_current_worker(), 0.0

        def progress(done: int, total: int) -> None:
            nonlocal next_look
            if stop.is_set() or worker.is_cancelled:
                raise Stopped
            if time.monotonic() >= next_look:
                next_look = time.monotonic() + BETWEEN_LOOKS
                reading = _READING(done=f"{done / 1e6:.1f}", total=f"{total / 1e6:.1f}")
                # Not waited for: the screen may itself be waiting for the decks, which are being read.
                self.call_later(self._show_progress, stop, reading)

        done: Callable[[], None]
        try:
            bank = self.app.services.bank
            added, changed = bank.add(path, progress)
            found = [deck.name for deck in bank.decks() if path in (deck.path, *deck.path.parents)]
            done = partial(self._added, path, added, bool(changed), tried(bank, found))
        except Stopped:
            done = partial(self._not_added, _NOTHING_ADDED(), problem=False)
        except (LibraryError, CacheError, OSError) as error:
            done = partial(self._not_added, _STOP(text=error), problem=True)
        except Exception as error:
            done = partial(self._not_added, str(fault(error, "adding a deck")), problem=True)
        if not worker.is_cancelled:
            self.app.call_from_thread(done)

    def _show_progress(self, stop: Event, text: str) -> None:
        if self._stop is stop:
            self.head.update(Content(text))

    def _finished(self) -> None:
        self._stop = None
        self.refresh_bindings()

    def _not_added(self, reason: str, problem: bool, title: str = "") -> None:
        self._finished()
        self.fill("" if problem else reason)
        if problem:
            self.app.say(reason, title=title or _NOT_ADDED(), problem=True, seconds=10)

    def _added(self, path: Path, added: bool, changed: bool, unasked: Sequence[Problem]) -> None:
        self._finished()
        if changed:
            self.app.bank_changed()
        found = [deck for deck in self.app.services.bank.decks() if path in (deck.path, *deck.path.parents)]
        problems = [one for one in self.app.services.bank.problems() if path in (one.path, *one.path.parents)]
        what = _DECKS(count=len(found)) if len(found) != 1 else self._title(found[0])
        news = (_ADDED if added else _THERE_ALREADY)(what=what)
        self.fill(_WITH_PROBLEMS(news=news, count=len(problems)) if problems else news)
        for problem in unasked[:1]:
            self.app.say(_NOT_ASKED(count=len(unasked), first=problem), problem=True, seconds=12)
        if found:
            self._mark(found[0].name)

    # From other programs

    def action_import(self) -> None:
        """Ask for a file or folder of another program, and say what would come of it."""
        self.app.push_screen(PathDialog(_IMPORT(), _IMPORT_WHAT()), self._import)

    def _import(self, text: str | None) -> None:
        if text:
            self._work(partial(import_steps.look, self.app.services, absolute(text), True), self._looked, _NOT_READ())

    def _looked(self, found: Preview) -> None:
        """Ask whether to do what the preview says."""
        lines = [*preview_lines(found), *loss_lines(found.losses, each=False)[:_SHOWN_LOSSES]]
        if found.is_empty:
            self.fill(_NOTHING_NEW())
            return
        answers = [(str(_YES), True), (str(_NO), None)]
        if found.history:
            answers[0:1] = [(str(_WITH_HISTORY), True), (str(_WITHOUT), False)]
        ask = AskScreen(_IMPORT(), "\n".join(lines), answers)
        self.app.push_screen(ask, partial(self._decided, found))

    def _decided(self, found: Preview, with_history: bool | None) -> None:
        if with_history is None:
            self.fill(_NOTHING())
            return
        if not with_history:
            found.without_history()
        work = partial(import_steps.carry_out, self.app.services, found)
        self._work(work, partial(self._imported, found), _NOT_IMPORTED())

    def _imported(self, found: Preview, _: None) -> None:
        self._refresh(_IMPORTED(count=len(found.arrivals) + len(found.updates)))
        if found.decks:
            self._mark(found.decks[0].name)

    def action_take_back(self) -> None:
        """Ask whether to take back the newest import."""
        from studyapp.exchange.importing import newest

        journal = newest(self.app.services.folders.home)
        if journal is None:
            self.app.say(_NO_IMPORT(), seconds=4)
            return
        text = _TAKE_BACK_WHAT(source=journal.record.source, count=journal.record.cards)
        ask = AskScreen(_TAKE_BACK(), text, [(str(_TAKE_IT), True), (str(_KEEP), None)])
        self.app.push_screen(ask, self._take_back)

    def _take_back(self, wanted: bool | None) -> None:
        if wanted:
            work = partial(import_steps.take_back, self.app.services)
            self._work(work, lambda taken: self._refresh(join_sentences(*taken_back_lines(taken))), _NOT_TAKEN_BACK())

    def _work(self, step: Callable[[Progress], Any], then: Callable[[Any], None], failed: str) -> None:
        self._stop = Event()
        self.refresh_bindings()
        self._run_step(step, then, failed, self._stop)

    @work(thread=True, group="reading")
    def _run_step(self, step: Callable[[Progress], Any], then: Callable[[Any], None], failed: str, stop: Event) -> None:
        """Do a step in a thread of its own, saying how far it is; then go on on the screen."""
        worker, next_look = get_current_worker(), 0.0

        def progress(done: int, total: int) -> None:
            nonlocal next_look
            if stop.is_set() or worker.is_cancelled:
                raise Stopped
            if time.monotonic() >= next_look:
                next_look = time.monotonic() + BETWEEN_LOOKS
                self.call_later(self._show_progress, stop, _WORKING(share=f"{done / max(1, total):.0%}"))

        going_on: Callable[[], None]
        try:
            progress(0, 1)
            result = step(progress)
            going_on = partial(self._step_done, then, result)
        except Stopped:
            going_on = partial(self._not_added, _STOPPED(), problem=False)
        except (FormatError, ExchangeError, LibraryError, CacheError, StoreError, OSError) as error:
            going_on = partial(self._not_added, str(error), problem=True, title=failed)
        except Exception as error:
            going_on = partial(self._not_added, str(fault(error, "importing")), problem=True, title=failed)
        if not worker.is_cancelled:
            self.app.call_from_thread(going_on)

    def _step_done(self, then: Callable[[Any], None], result: Any) -> None:
        self._finished()
        self.fill()
        then(result)

    def action_stop(self) -> None:
        """Stop reading what was to be added."""
        if self._stop is not None:
            self._stop.set()
            self.head.update(Content(_STOPPING()))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "stop":
            return self._stop is not None
        if action in WAITING and self._stop is not None:
            return False  # these would wait for the reading, and the screen with them
        return super().check_action(action, parameters)

    def action_create(self) -> None:
        """Ask for a name or a path, write a starter deck there and add it."""
        dialog = PathDialog(_WRITE(), _WRITE_WHERE(folder=self.app.services.folders.decks))
        self.app.push_screen(dialog, self._create)

    def _create(self, text: str | None) -> None:
        if not text:
            return
        from studyapp.deck.template import write_new_deck

        is_path = "/" in text or text.startswith("~")
        path = absolute(text) if is_path else self.app.services.folders.decks / text
        if path.suffix not in (".yaml", ".yml"):
            path = path.with_name(path.name + ".yaml")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            name = write_new_deck(path)
            self.app.services.bank.library.add(path)
        except FileExistsError:
            self.app.say(_PATH_THERE(path=path), title=_NOT_WRITTEN(), problem=True)
            return
        except (LibraryError, ValueError, OSError) as error:
            self.app.say(_STOP(text=error), title=_NOT_WRITTEN(), problem=True, seconds=10)
            return
        self._refresh(_WROTE(name=name))
        self._mark(name)

    def action_edit(self) -> None:
        """Open the marked deck in the editor; a file that cannot be read at the line at which it goes wrong."""
        broken = self.marked_broken
        if broken is not None and broken.code != "no-file":
            self.app.edit_file(broken.path, broken.line)
            self.fill()
        if self.marked is not None:
            self.app.edit_file(self.marked.path, 1)
            self.fill()

    def action_remove(self) -> None:
        """Remove the marked deck, if it is one of the user's own."""
        deck, broken = self.marked, self.marked_broken
        file = deck.path if deck is not None else broken.path if broken is not None else None
        if file is None:
            return
        library = self.app.services.bank.library
        try:
            root = next((root for root in library.own() if root == file), None)
            path = library.remove(str(root or file) if root is not None or deck is None else deck.name)
        except (LibraryError, OSError) as error:
            self.app.say(_STOP(text=error), title=_NOT_REMOVED(), problem=True, seconds=10)
            return
        self._refresh(_FORGOT(file=path.name))

    def _refresh(self, news: str = "") -> None:
        if self.app.services.bank.refresh():
            self.app.bank_changed()
        self.fill(news)

    async def action_problems(self) -> None:
        """Show what is wrong in deck files."""
        from studyapp.tui.screens.problems import NO_PROBLEMS, ProblemsScreen

        if not self.app.services.bank.problems():
            self.app.say(NO_PROBLEMS(), seconds=3)
            return
        marked, broken = self.marked, self.marked_broken
        file = broken.path if broken is not None else marked.path if marked is not None else None
        await self.app.push_screen(ProblemsScreen(file))


def _shown_broken(problem: Problem, width: int) -> Content:
    """A file of which no card can be studied: its name, the line and the reason, and where it is."""
    return Content.assemble(
        (shortened(f"! {cannot_be_read(problem)}", width), "bold $text-error"),
        "\n",
        plain_wrapped(_E_OPENS(problem=problem.message), width),
        "\n",
        (shortened(sanitize(str(problem.path)), width), "dim"),
    )


class PathDialog(Dialog[str | None]):
    """Asks for a path."""

    BINDINGS: ClassVar = [Binding("escape", "cancel", "Cancel")]

    def __init__(self, title: str, question: str) -> None:
        super().__init__()
        self._title = title
        self._question = question
        self.field = Input(compact=True)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = self._title
            dialog.border_subtitle = str(_TAKES)
            yield Static(self._question, markup=False)
            yield self.field

    def on_mount(self) -> None:
        self.set_focus(self.field)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value.strip() or None)

    def action_cancel(self) -> None:
        self.dismiss(None)
