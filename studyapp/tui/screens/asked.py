"""The questions of an interview with what was answered and what would have been right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from studyapp.deck.bank import UnknownCard
from studyapp.grading.draw import DrawError
from studyapp.interview.counting import answer_of, is_judged
from studyapp.interview.report import Asked, outcome_words
from studyapp.kinds.ask import ask, restore
from studyapp.kinds.grade import reveal
from studyapp.locale.message import Message
from studyapp.store.errors import StoreError
from studyapp.store.log import AnswerRecord
from studyapp.tui.answers.paste import printable
from studyapp.tui.card_text import answer_text, card_title
from studyapp.tui.commands import bindings
from studyapp.tui.host import Page
from studyapp.tui.text import join_blocks, plain, plain_wrapped, rich_text, shortened
from studyapp.tui.verdict_text import labelled
from studyapp.tui.widgets.key_bar import KeyBar
from studyapp.tui.widgets.menu import Menu, beside_preview

_HEAD = Message("{count} asked · {again} to look at again (↺)")
_NOT_JUDGED = Message("not judged")
_YOU, _YOU_SCORED = Message("You: {outcome}"), Message("You: {outcome}, {score} of the points")
_YOU_WROTE = Message("You wrote: ")


class AskedScreen(Page[None]):
    """A list of the questions, the worst first, and the marked one as it was asked."""

    PLACES = ("asked",)
    BINDINGS: ClassVar = bindings(*PLACES)
    CSS_PATH = "../styles/browse.tcss"
    AUTO_FOCUS = "Menu"

    def __init__(self, asked: Sequence[Asked], language: str) -> None:
        super().__init__()
        self._asked = tuple(asked)
        self._language = language
        self.choices = Menu()
        self.head = Static(markup=False, classes="status")
        self.preview = Static(markup=False)

    def compose(self) -> ComposeResult:
        yield self.head
        with Vertical(id="browse-halves"):
            yield self.choices
            with VerticalScroll(id="preview", can_focus=False):
                yield self.preview
        yield KeyBar()

    def on_mount(self) -> None:
        self._list()
        self.choices.highlighted = 0

    def on_resize(self) -> None:
        here = self.choices.highlighted
        self._list()
        self.choices.highlighted = here
        self._show()

    def _list(self) -> None:
        again = sum(one.to_look_at for one in self._asked)
        self.head.update(Content(_HEAD(count=len(self._asked), again=again)))
        width = self._width() - 4
        lines = [f"{_signs(one)}  {card_title(printable(one.title).replace('`', ''))}" for one in self._asked]
        self.choices.set_options([Option(Content(shortened(line, width))) for line in lines])

    def _width(self) -> int:
        return beside_preview(self.app.size.width)

    @property
    def marked(self) -> Asked | None:
        """The question under the cursor."""
        return self.choices.marked(self._asked)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._show()

    def _show(self) -> None:
        """Show the marked question with its numbers, the answer given, and the right one."""
        marked, width = self.marked, self._width() - 4
        if marked is None:
            return
        bank = self.app.services.bank
        try:
            given = answer_of(self.app.services.store, marked)
            card = bank.card(marked.card_id, self._language)
            seed = marked.seed or 0
            question = ask(card, seed, self._language)
            if given is not None:
                question = restore(card, seed, given.drawn or "", self._language)
            blocks = [rich_text(question.text, width)]
            options = [rich_text(f"{number}. {option}", width) for number, option in enumerate(question.options, 1)]
            blocks.append(join_blocks(options, gap=0))
            if given is not None:
                blocks.append(_given(given, width))
            blocks.append(answer_text(card, reveal(question), False, width))
        except (UnknownCard, DrawError, StoreError) as error:
            blocks = [plain_wrapped(str(error), width, "$text-warning")]
        self.preview.update(join_blocks(blocks))
        self.query_one("#preview", VerticalScroll).scroll_home(animate=False)

    # Commands

    async def action_practise(self) -> None:
        """Practise the marked question."""
        from studyapp.tui.screens.practice import PracticeScreen

        if self.marked is not None:
            await self.app.push_screen(PracticeScreen([self.marked.card_id]))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()

    def action_scroll(self, direction: str) -> None:
        """Scroll the marked question."""
        step = -5 if direction == "up" else 5
        self.query_one("#preview", VerticalScroll).scroll_relative(y=step, animate=False)

    async def language_switched(self) -> None:
        """Show the questions in the other language."""
        self._language = self.app.language
        self.on_resize()


def _signs(asked: Asked) -> str:
    """Whether to look at it again, how well it went, and how long it took, in columns."""
    return f"{'↺' if asked.to_look_at else ' '} {asked.score:>4} {asked.time:>5}"


def _given(answer: AnswerRecord, width: int) -> Content:
    """The outcome, and what was typed."""
    words = outcome_words(answer.outcome or "", answer.score) if is_judged(answer) else _NOT_JUDGED()
    told = _YOU if answer.score is None else _YOU_SCORED
    head = plain(told(outcome=words, score=f"{answer.score or 0:.0%}"), "bold")
    typed = printable(answer.answer or "").strip()
    return join_blocks([head, labelled(_YOU_WROTE(), typed, width) if typed else Content("")], gap=0)
