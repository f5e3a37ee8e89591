"""Browse: find cards while typing, look at one, and do something with it or with all that were found."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from studyapp.deck.bank import Entry, UnknownCard
from studyapp.deck.query import QueryError, parse_query
from studyapp.deck.search import search
from studyapp.grading.draw import DrawError
from studyapp.kinds import kind_name
from studyapp.kinds.ask import ask
from studyapp.kinds.grade import reveal
from studyapp.locale.message import Message
from studyapp.render import pad
from studyapp.store.errors import StoreError
from studyapp.store.log import Mark
from studyapp.store.states import Marks
from studyapp.tui.card_text import answer_text, card_title
from studyapp.tui.commands import bindings
from studyapp.tui.history_text import history_text, last_answer, state_text
from studyapp.tui.host import Page
from studyapp.tui.screens.ask import AskScreen
from studyapp.tui.text import join_blocks, plain_wrapped, rich_text, shortened
from studyapp.tui.widgets.key_bar import KeyBar
from studyapp.tui.widgets.menu import Menu, beside_preview

_MANY_AHEAD = Message("Study {count} cards ahead of schedule?", "Study {count} cards ahead of schedule?")
_A_BEGINS = Message("Their schedule follows your ratings. a once more begins.")
_GO_BACK, _STUDY_THEM = Message("Go back"), Message("Study them")
_PLACEHOLDER = Message('words, deck: tag: kind: is:due -negation "as it stands"')
_AT = Message("at {place}: {why}")
_FIRST = Message("the first {count} cards", "the first {count} cards")
_CARDS = Message("{count} card", "{count} cards")
_KEYS, _FEWER_KEYS = Message("p practises all, a studies all"), Message("p practises all")
_SCROLLS = Message("space scrolls · R makes it new again")
_PRACTICE, _AHEAD = Message("Practice"), Message("Ahead of schedule")
_ALL_SUSPENDED = Message("All of these are suspended: s takes one back.")
_FIX = Message("Fix the search first, {trouble}")
_YOURS = Message("Your version of a card that comes with the app; o takes it back.")
_NOT_YOURS = Message("This card is as it comes: there is no version of yours.")
_NOT_SAVED = Message("Not saved")
_NEW_ALREADY, _NEW_AGAIN = Message("It is new already."), Message("The card is new again. u takes that back.")

PAUSE = 0.12
"""Seconds without typing after which the search runs."""

MOST_SHOWN = 500
"""Cards listed at once; the head says when there are more."""


MANY = 20
"""Cards of which more are studied ahead of schedule only after a question."""


class _ManyAhead(AskScreen):
    """Asks before many cards are studied ahead of schedule; the key that led here begins."""

    BINDINGS: ClassVar = [Binding("a", "begin", "Begin", show=False)]

    def __init__(self, count: int) -> None:
        super().__init__(
            _MANY_AHEAD(count=count),
            str(_A_BEGINS),
            [(str(_GO_BACK), False), (str(_STUDY_THEM), True)],
        )

    def action_begin(self) -> None:
        """Study them."""
        self.dismiss(True)


class BrowseScreen(Page[None]):
    """A search field, the cards found, and the marked card with its history."""

    PLACES = ("browse",)
    BINDINGS: ClassVar = bindings(*PLACES)
    CSS_PATH = "../styles/browse.tcss"
    AUTO_FOCUS = None

    def __init__(self, query: str = "") -> None:
        super().__init__()
        self._first = query
        self.field = Input(compact=True, placeholder=str(_PLACEHOLDER))
        self.note = Static(markup=False, classes="status")
        self.choices = Menu()
        self.preview = Static(markup=False)
        self.found: list[Entry] = []
        self._count = ""
        self._trouble = ""
        """Why the query cannot be read; nothing is listed then."""
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield self.field
        yield self.note
        with Vertical(id="browse-halves"):
            yield self.choices
            with VerticalScroll(id="preview", can_focus=False):
                yield self.preview
        yield KeyBar()

    def on_mount(self) -> None:
        self.field.value = self._first
        self.set_focus(self.field)
        self.find()

    # Searching

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(PAUSE, self.find)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.find()
        if self.found:
            self.set_focus(self.choices)

    def _find_now(self) -> None:
        """Search without the pause, where something was typed since."""
        if self._timer is not None:
            self.find()

    def find(self) -> None:
        """Search for what stands in the field and list it; a query that cannot be read finds nothing."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = None
        self._trouble = ""
        found: list[Entry] = []
        services = self.app.services
        marked = self.marked
        try:
            query = parse_query(self.field.value)
            flags = services.store.flag_lookup(query.flags)
            found = list(search(services.bank, query, flags, MOST_SHOWN + 1))
        except QueryError as error:
            self._trouble = _AT(place=error.position + 1, why=error)
        except StoreError as error:
            self.app.say(str(error), problem=True, seconds=10)
            return
        more = len(found) > MOST_SHOWN
        self.found = found[:MOST_SHOWN]
        self.found = services.bank.in_language(self.found, self.app.language)
        self._count = _FIRST(count=MOST_SHOWN) if more else _CARDS(count=len(self.found))
        self._show_note()
        self._list()
        if not self.found and self.focused is self.choices:
            self.set_focus(self.field)
        ids = [entry.card_id for entry in self.found]
        if self.found:
            self.choices.highlighted = ids.index(marked.card_id) if marked is not None and marked.card_id in ids else 0
        self.show_preview()

    def on_descendant_focus(self) -> None:
        self._show_note()
        self.refresh_bindings()

    def _show_note(self) -> None:
        """How many were found; in the list also what the keys do with all of them, and with the one that is shown."""
        if self._trouble:
            self.note.update(plain_wrapped(f"{self._count} · {self._trouble}", self.app.size.width - 2))
            self.query_one("#preview").border_title = ""
            return
        in_list = self.focused is self.choices and bool(self.found)
        keys = _KEYS if self.app.size.width >= 48 else _FEWER_KEYS
        self.note.update(Content(f"{self._count} · {keys}" if in_list else self._count))
        self.query_one("#preview").border_title = str(_SCROLLS) if in_list else ""

    def _list(self) -> None:
        width = max(20, self._list_width() - 3)
        self.choices.set_options([Option(self._line(entry, width)) for entry in self.found])

    def _list_width(self) -> int:
        return beside_preview(self.app.size.width)

    def _line(self, entry: Entry, width: int) -> Content:
        kind = pad(kind_name(entry.kind)[:7], 8)
        return Content.assemble((kind, "dim"), shortened(card_title(entry.title, entry.kind), width - 8))

    @property
    def marked(self) -> Entry | None:
        """The card under the cursor."""
        return self.choices.marked(self.found)

    # The marked card

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self.show_preview()

    def on_resize(self) -> None:
        here = self.choices.highlighted
        self._list()
        self.choices.highlighted = here
        self._show_note()
        self.show_preview()

    def show_preview(self) -> None:
        """Show the marked card, its answer, when it is due and what happened to it."""
        entry = self.marked
        if entry is None:
            self.preview.update("")
            return
        services = self.app.services
        width = self._list_width() - 4
        try:
            question = ask(services.bank.card(entry.card_id, self.app.language), 1, self.app.language)
            answer = answer_text(question.card, reveal(question), False, width)
            blocks = [rich_text(question.text, width)]
            blocks += [rich_text(f"- {option}", width) for option in question.options]
            blocks.append(answer)
        except (UnknownCard, DrawError) as error:
            blocks = [plain_wrapped(str(error), width, "$text-warning")]
        store = services.store
        head, history = f"{entry.card_id} · {entry.deck}", Content("")
        yours = self._yours(entry.card_id, width)
        try:
            state, marks = store.state(entry.card_id), store.marks(entry.card_id)
            entries = store.history(entry.card_id)
            facts = state_text(state, marks, store.today, services.clock(), store.scheduler) + last_answer(entries)
            history = history_text(entries)
        except StoreError as error:
            facts = str(error)
        about = join_blocks([plain_wrapped(head, width, "bold"), plain_wrapped(facts, width, "dim")], gap=0)
        self.preview.update(join_blocks([about, *yours, *blocks, history]))
        self.query_one("#preview", VerticalScroll).scroll_home(animate=False)

    def _yours(self, card_id: str, width: int) -> list[Content]:
        """That the card is the user's version of a bundled one, and how it differs from that."""
        own = self.app.services.bank.own_version(card_id)
        if own is None:
            return []
        from studyapp.deck.own_versions import OwnVersionError, compared

        try:
            lines = compared(own)
        except OwnVersionError as error:
            lines = (str(error),)
        told = [plain_wrapped(str(_YOURS), width, "$text-accent")]
        return [join_blocks([*told, *(plain_wrapped(line, width, "dim") for line in lines)], gap=0)]

    # Commands

    def action_search(self) -> None:
        """Go to the search field."""
        self.set_focus(self.field)

    def action_list(self) -> None:
        """Go to the cards found."""
        self._find_now()
        if self.found:
            self.set_focus(self.choices)

    async def action_practise(self) -> None:
        """Practise all cards found, without touching their schedule."""
        from studyapp.tui.screens.practice import PracticeScreen

        self._find_now()
        if self._refused():
            return
        if self.found:
            await self.app.push_screen(PracticeScreen([entry.card_id for entry in self.found], str(_PRACTICE)))

    async def action_ahead(self) -> None:
        """Study all cards found now, due or not; their schedule follows. Many are asked about first."""
        self._find_now()
        if self._refused():
            return
        marks = self.app.services.store.marks
        ids = [entry.card_id for entry in self.found if not marks(entry.card_id).suspended]
        if not ids and self.found:
            self.note.update(Content(_ALL_SUSPENDED()))
        elif len(ids) > MANY:
            self.app.push_screen(_ManyAhead(len(ids)), lambda begin: self._study_ahead(ids) if begin else None)
        elif ids:
            self._study_ahead(ids)

    def _study_ahead(self, ids: list[str]) -> None:
        from studyapp.tui.screens.ahead import AheadScreen

        self.app.push_screen(AheadScreen(ids, str(_AHEAD)))

    def _refused(self) -> bool:
        """Whether nothing can be done with the cards found because the query cannot be read; that is said."""
        if self._trouble:
            self.app.say(_FIX(trouble=self._trouble), problem=True, seconds=6)
        return bool(self._trouble)

    def action_edit(self) -> None:
        """Open the marked card in the editor."""
        if self.marked is not None:
            self.app.edit_card(self.marked.card_id)
            self.find()

    def action_take_back_card(self) -> None:
        """Have the original of the marked card asked again instead of the user's version."""
        if self.marked is not None:
            if not self.app.take_back_card(self.marked.card_id):
                self.app.say(str(_NOT_YOURS))
            self.find()

    def action_new_card(self) -> None:
        """Write a card into a deck of one's own."""
        from studyapp.tui.screens.new_card import write_new_card

        write_new_card(self.app)

    def action_flag(self) -> None:
        """Flag the marked card, or take its flag away."""
        self._toggle(lambda marks: Mark.UNFLAG if marks.flagged else Mark.FLAG)

    def action_suspend(self) -> None:
        """Suspend the marked card, or take it back into the sessions."""
        self._toggle(lambda marks: Mark.UNSUSPEND if marks.suspended else Mark.SUSPEND)

    def _toggle(self, choose: Callable[[Marks], Mark]) -> None:
        entry, store = self.marked, self.app.services.store
        if entry is None:
            return
        with self.app.saying(str(_NOT_SAVED), seconds=10):
            store.mark(entry.card_id, choose(store.marks(entry.card_id)))
        self.show_preview()

    def action_reset(self) -> None:
        """Make the marked card new again; its history stays."""
        entry = self.marked
        if entry is None:
            return
        with self.app.saying(str(_NOT_SAVED), seconds=10):
            done = self.app.services.store.reset(entry.card_id)
            self.show_preview()
            self.note.update(Content(str(_NEW_ALREADY if done is None else _NEW_AGAIN)))

    def action_undo(self) -> None:
        """Take back the newest rating or mark, whichever card it is about."""
        self.app.undo_newest()
        self.show_preview()

    def action_scroll(self, direction: str) -> None:
        """Scroll the marked card."""
        step = -5 if direction == "up" else 5
        self.query_one("#preview", VerticalScroll).scroll_relative(y=step, animate=False)

    def on_screen_resume(self) -> None:
        self.show_preview()

    def bank_changed(self) -> None:
        """Deck files have changed on disk."""
        self.find()

    async def language_switched(self) -> None:
        """Show list and marked card in the other language."""
        self.field.placeholder = str(_PLACEHOLDER)
        self.find()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "search":
            return self.focused is not self.field
        if action == "list":
            return self.focused is self.field and bool(self.found)
        return super().check_action(action, parameters)
