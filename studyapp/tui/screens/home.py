"""Home: the decks, what today brings, and one line that says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from studyapp.locale.durations import when
from studyapp.locale.message import Message
from studyapp.locale.sentences import LIST_COMMA, join_sentences
from studyapp.render import cell_width, pad
from studyapp.store.counts import DeckCounts
from studyapp.tui.commands import bindings
from studyapp.tui.deck_tree import DeckRow, Today, deck_rows
from studyapp.tui.host import Page
from studyapp.tui.text import plain, plain_wrapped, shortened
from studyapp.tui.widgets.key_bar import KeyBar
from studyapp.tui.widgets.menu import Menu

if TYPE_CHECKING:
    from textual.timer import Timer

_HEADS = Message("new|learn|due")
_ENTER_STUDIES, _NOTHING_OF = Message("Enter studies {title}."), Message("Nothing of {title} now.")
_PROBLEMS = Message(
    "{count} problem in deck files: {key} shows it.", "{count} problems in deck files: {key} shows them."
)
_PAUSED = Message("An interview is paused: {key} goes on with it.")
_NO_DECKS = Message("There are no decks. {key} opens the page where one is added, or written from a template.")
_WELCOME = Message(
    "Welcome. Enter begins with the first new cards: think, reveal, and rate how well you knew it. ? shows all keys."
)
_WELCOME_SOME = Message(
    "Welcome. Enter begins with new cards, {new} of {all} today: think, reveal, and rate how well you knew it. "
    "? shows all keys."
)
_TODAY = Message("Today: {parts}.")
_DUE, _DUE_OF = Message("{count} due"), Message("{count} of {all} due")
_LEARNING = Message("{count} being learnt")
_NEW, _NEW_OF = Message("{count} new"), Message("{count} of {all} new")
_ALL_OFF = Message("All decks are off. {key} opens the decks; space there switches one on.")
_NO_CARDS_ON = Message("The decks that are on hold no cards. {key} opens the decks, to add or fix one.")
_DONE = Message("Done for today.")
_HELD = Message(
    "{count} more is held back by today's limits: {browse} then p practises cards; "
    "the limits stand in the settings ({settings}).",
    "{count} more are held back by today's limits: {browse} then p practises cards; "
    "the limits stand in the settings ({settings}).",
)
NEXT_DUE = Message("The next card is due {when}.")
NOTHING_WAITS = Message("No card is waiting to come back.")
_EMPTY, _NOT_DUE = Message("There are no cards in it."), Message("Nothing of this is due today.")
_OFF = Message(
    "This deck is off. {key}, then space switches it on.", "These decks are off. {key}, then space switches it on."
)
_HELD_OF_THIS = Message(
    "Today's limits hold {count} more back. {key} then p practises cards.",
    "Today's limits hold {count} more back. {key} then p practises cards.",
)
_ONCE_MORE = Message("Press esc once more to leave the app, or q.")


MARGIN = 4
"""Cells beside the lines: padding on both sides, the scroll bar, and one that keeps the numbers clear of it."""

TWICE_WITHIN = 2.0
"""Seconds within which a second escape leaves the app."""

COLUMN = 6
"""Cells for each of the three numbers of a deck."""


class HomeScreen(Page[None]):
    """A list of decks; enter studies the marked one."""

    PLACES = ("home",)
    BINDINGS: ClassVar = bindings(*PLACES)
    AUTO_FOCUS = "Menu"

    def __init__(self) -> None:
        super().__init__()
        self.advice = Static(markup=False, id="advice")
        self.header = Static(markup=False, id="deck-header")
        self.choices = Menu()
        self.rows: list[DeckRow] = []
        self._told = ""
        self._escape: Timer | None = None
        """Runs while a second escape leaves the app."""

    def compose(self) -> ComposeResult:
        yield self.advice
        yield self.header
        yield self.choices
        yield KeyBar()

    def on_screen_resume(self) -> None:
        self._forget_escape()
        self.fill()

    def on_resize(self) -> None:
        self._show()

    def bank_changed(self) -> None:
        """Deck files have changed on disk."""
        self.fill()

    def fill(self) -> None:
        """Read decks and counts and show them."""
        decks = self.app.services.bank.decks()
        titles = self.app.services.bank.deck_titles(self.app.language)
        rows: list[DeckRow] = []
        with self.app.saying():
            counts, everything = self._counts()
            self.rows = rows = deck_rows(decks, counts, everything, titles)
            self._told = self._advice(everything)
        if not rows:
            self.rows = deck_rows(decks, {}, Today(), titles)
        self._show()

    def _show(self) -> None:
        """Lay out what was read for the width of the screen."""
        width = max(24, min(self.app.size.width - MARGIN, 100))
        self.header.update(Content(_columns("", width, *str(_HEADS).split("|"))))
        here = self.choices.highlighted
        self.choices.set_options([Option(_shown(row, width)) for row in self.rows])
        if self.rows:
            self.choices.highlighted = min(here or 0, len(self.rows) - 1)
            self.call_after_refresh(self.choices.scroll_to_highlight)
        self._show_advice()

    def _show_advice(self) -> None:
        """Say what today brings, and what enter does with the line under the cursor."""
        width = max(24, min(self.app.size.width - MARGIN, 100))
        row = self.marked_row
        told = self._told
        if row is not None and "{enter}" in told:
            does = (_ENTER_STUDIES if row.today.total else _NOTHING_OF)(title=row.title.strip())
            told = told.replace("{enter}", does)
        self.advice.update(plain_wrapped(told, width + 1))  # no scroll bar beside it

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._show_advice()

    def _counts(self) -> tuple[dict[str, Today], Today]:
        """What today brings for each deck, and for all of them together."""
        overview = self.app.services.store.overview(self.app.services.limits)
        return {name: _today(deck) for name, deck in overview.decks.items()}, _today(overview.total)

    def _sync_state(self) -> str:
        """How the last synchronisation went; nothing where none is wanted."""
        services = self.app.services
        if not services.settings.sync:
            return ""
        from studyapp.sync.status import read_status
        from studyapp.sync.words import state

        status = read_status(services.folders.home)
        return "" if status is None else state(status, services.clock())

    def _plan_state(self) -> str:
        """What the nearest target is expected to come to; nothing where none is set."""
        services = self.app.services
        if not services.folders.targets.exists():
            return ""
        from studyapp.target.target import TargetError, load
        from studyapp.target.words import short

        try:
            present = load(services.folders.targets).present(services.store.today)
        except TargetError as error:
            return str(error)
        return short(present[0], self._key("plan")) if present else ""

    def _advice(self, today: Today) -> str:
        services = self.app.services
        problems = len(services.bank.problems())
        notes = [
            _PROBLEMS(count=problems, key=self._key("problems")) if problems else "",
            _PAUSED(key=self._key("interview")) if self.app.interview_file.exists() else "",
            self._plan_state(),
            self._sync_state(),
        ]
        if not self.rows:
            return join_sentences(_NO_DECKS(key=self._key("decks")), *notes)
        if not today.total:
            return join_sentences(self._nothing_today(), *notes)
        if services.store.undoable() is None:
            some = today.new < today.all_new
            welcome = _WELCOME_SOME(new=today.new, all=today.all_new) if some else _WELCOME()
            return join_sentences(welcome, *notes)
        parts = [
            some(count=count, all=waiting) if count < waiting else every(count=count)
            for count, waiting, every, some in (
                (today.due, today.all_due, _DUE, _DUE_OF),
                (today.learning, today.learning, _LEARNING, _LEARNING),
                (today.new, today.all_new, _NEW, _NEW_OF),
            )
            if waiting
        ]
        return join_sentences(_TODAY(parts=LIST_COMMA().join(parts)), "{enter}", *notes)

    def _nothing_today(self) -> str:
        """Why there is nothing to study, and what to do about it."""
        services, decks = self.app.services, self.app.services.bank.decks()
        on = [deck for deck in decks if deck.choice.enabled]
        if not on:
            return _ALL_OFF(key=self._key("decks"))
        if not any(deck.card_count for deck in on):
            return _NO_CARDS_ON(key=self._key("decks"))
        now = services.clock()
        held = services.store.held_back((), services.limits, now)
        due = services.store.next_due((), now)
        parts = [_DONE()]
        if held:
            parts.append(_HELD(count=held, browse=self._key("browse"), settings=self._key("settings")))
        if due is not None:
            parts.append(NEXT_DUE(when=when(due, now)))
        elif not held:
            parts.append(NOTHING_WAITS())
        return join_sentences(*parts)

    def _key(self, action: str) -> str:
        """The key of a command of this screen, as people read it."""
        return self.app.key_of(f"home.{action}")

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        await self.action_study()

    async def action_study(self) -> None:
        """Study the marked deck, folder, or everything."""
        row = self.marked_row
        if row is None:
            return
        everything = len(row.decks) == len(self.app.services.bank.decks())
        if not row.today.total and not (everything and self.app.services.planner() is not None):
            self.app.say(self._why_nothing(row), seconds=5)
            return
        from studyapp.tui.screens.review import ReviewScreen

        with self.app.saying():
            session = self.app.open_session(() if everything else row.decks)
            await self.app.push_screen(ReviewScreen(session))

    def _why_nothing(self, row: DeckRow) -> str:
        """Why a deck or folder brings nothing today."""
        services = self.app.services
        on = {deck.name for deck in services.bank.decks() if deck.choice.enabled}
        wanted = [name for name in row.decks if name in on]
        if not row.cards:
            return _EMPTY()
        if not wanted:
            return _OFF(count=len(row.decks), key=self._key("decks"))
        held = services.store.held_back(wanted, services.limits, services.clock())
        if held:
            return _HELD_OF_THIS(count=held, key=self._key("browse"))
        return _NOT_DUE()

    @property
    def marked_row(self) -> DeckRow | None:
        """The line under the cursor."""
        return self.choices.marked(self.rows)

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
        """Show the problems of the deck files, or say that there are none."""
        from studyapp.tui.screens.problems import NO_PROBLEMS, ProblemsScreen

        if not self.app.services.bank.problems():
            self.app.say(NO_PROBLEMS(), seconds=3)
            return
        await self.app.push_screen(ProblemsScreen())

    async def action_explore(self) -> None:
        """Open the explorer of losses."""
        from studyapp.tui.screens.explorer import ExplorerScreen

        await self.app.push_screen(ExplorerScreen(choose=True))

    async def action_interview(self) -> None:
        """Choose and start a mock interview."""
        from studyapp.tui.screens.interview_setup import InterviewSetupScreen

        await self.app.push_screen(InterviewSetupScreen())

    async def action_plan(self) -> None:
        """Open the plan: targets on a date."""
        from studyapp.tui.screens.plan import PlanScreen

        await self.app.push_screen(PlanScreen())

    async def action_settings(self) -> None:
        """Open the settings."""
        from studyapp.tui.screens.settings import SettingsScreen

        await self.app.push_screen(SettingsScreen())

    def action_reload(self) -> None:
        """Look for changes in the deck files now."""
        from studyapp.tui.notices import read_again

        bank = self.app.services.bank
        changed = bank.refresh()
        if changed:
            self.app.bank_changed()
        self.fill()
        self.app.say(read_again(bank, changed), problem=bool(bank.problems()), seconds=6)

    def action_leave(self) -> None:
        """Leave the app."""
        self.app.exit()

    def action_escape(self) -> None:
        """Leave the app on the second press; one too many on the way back here does no harm."""
        if self._escape is not None:
            self.app.exit()
            return
        self.app.say(_ONCE_MORE(), seconds=TWICE_WITHIN)
        self._escape = self.set_timer(TWICE_WITHIN, self._forget_escape)

    def _forget_escape(self) -> None:
        if self._escape is not None:
            self._escape.stop()
        self._escape = None


def _columns(title: str, width: int, *cells: str) -> str:
    room = width - COLUMN * len(cells)
    title = shortened(title, room - 1)
    return title + " " * (room - cell_width(title)) + "".join(pad(cell, COLUMN, "right") for cell in cells)


def _today(deck: DeckCounts) -> Today:
    return Today(deck.new, deck.learning, deck.due, deck.unseen, deck.backlog)


def _shown(row: DeckRow, width: int) -> Content:
    today = row.today
    numbers = [str(count) if count else "·" for count in (today.all_new, today.learning, today.all_due)]
    problem = " !" if row.problems and not row.is_folder else ""
    line = _columns("  " * row.depth + row.title + problem, width, *numbers)
    return plain(line, "bold" if row.is_folder else "")
