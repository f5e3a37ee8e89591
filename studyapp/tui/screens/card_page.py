"""One card on the screen: what is shown of it, from question to verdict."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget

from studyapp.grading.question import Question
from studyapp.grading.solution import FULL_ANSWER, Reveal
from studyapp.grading.verdict import Outcome, Verdict
from studyapp.kinds import kind_of
from studyapp.kinds.grade import regrade
from studyapp.locale.message import Message
from studyapp.tui.answers.choose import panel_for
from studyapp.tui.answers.panel import AnswerPanel
from studyapp.tui.batched_screen import BatchedScreen
from studyapp.tui.card_text import answer_text, question_text
from studyapp.tui.curves.families import FAMILIES
from studyapp.tui.text import join_blocks, plain_wrapped
from studyapp.tui.verdict_text import verdict_text
from studyapp.tui.widgets.blocks import Block, Line
from studyapp.tui.widgets.card_view import CardView
from studyapp.tui.widgets.item_list import ItemList
from studyapp.tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from studyapp.tui.answers.points import PointList

TICK, SUGGESTED = (
    Message("Tick what you had, or rate: 1–4."),
    Message("{ticked} of {count} points: {rating} suggested."),
)
"""What is said of points to tick where a rating follows."""

_POINTS_BELOW = Message("Points to tick are below: ↓")

_EXAMINES = Message("the examiner reads your answer")
_NO_EXAMINER = Message("no ticks by the examiner: {why}")

IDLE, ASKED, RUNNING, JUDGED = "idle", "asked", "running", "judged"
"""The stages of a card. ``idle``: there is none. ``running``: code is being tried out."""


_LINES_OF_ANSWER = 4
"""Lines of the right answer that come into sight together with the verdict."""

_ROOM_FOR_PLOT = (100, 40)
"""Cells and lines of a screen on which the plot of a card's loss is shown unasked."""


class CardPage(BatchedScreen):
    """Shows a question, the place for its answer, the verdict. Subclasses say where these come from."""

    AUTO_FOCUS = None

    def __init__(self) -> None:
        super().__init__()
        self.stage = IDLE
        self.card_view = CardView()
        self.status = Line(markup=False, classes="status")
        self.note = Block(markup=False, classes="note")
        """One line above the keys: what is still missing, or what the ticks come to."""
        self.points: PointList | None = None
        self.hints: list[str] = []
        self.solution_shown = False
        self.verdict: Verdict | None = None
        self.answered = ""
        self._noted = ("", 0)
        """What the note says, and the width for which it is laid out."""
        self._missing = ""
        """What the learner was told to do before the answer can be checked."""
        self._earlier: Verdict | None = None
        """The results of the code that is being corrected."""
        self._uncounted = False
        """Whether it stands on the screen that the answer did not count."""
        self._solution_line = 0
        """The line of the outcome at which the solution begins."""
        self._showing = asyncio.Lock()

    # What subclasses define

    @property
    def question(self) -> Question | None:
        """The current question."""
        raise NotImplementedError

    @property
    def language(self) -> str:
        """The language in which the card is asked and judged."""
        question = self.question
        return self.app.language if question is None else question.language

    def reveal(self) -> Reveal:
        """The right answer and the solution."""
        raise NotImplementedError

    async def verdict_shown(self) -> None:
        """The verdict stands on the screen: offer what comes next."""

    async def no_question(self) -> None:
        """There is no question: show what there is instead."""

    def show_status(self) -> None:
        """Repaint the line at the top; called every second."""

    def footer(self) -> list[Widget]:
        """Widgets between the card and the key line."""
        return []

    # The question

    def compose(self) -> ComposeResult:
        yield self.status
        yield self.card_view
        yield self.note
        yield from self.footer()
        yield KeyBar()

    async def on_mount(self) -> None:
        self._show_note()
        await self.show_question()
        self.has_painted = True
        self.set_interval(1.0, self.show_status)
        self.watch(self.card_view, "show_horizontal_scrollbar", self._wideness_changed, init=False)
        self.watch(self.card_view, "scroll_y", self._show_note, init=False)

    @property
    def panel(self) -> AnswerPanel | None:
        """What the card is answered with."""
        panel = self.card_view.panel
        return panel if isinstance(panel, AnswerPanel) else None

    async def show_question(self, draft: str = "", keep_hints: bool = False) -> None:
        """Put the current question on the screen, unanswered."""
        async with self._showing:
            with self.batch_repaint():
                await self._replace_question(draft, keep_hints)

    async def _replace_question(self, draft: str, keep_hints: bool) -> None:
        if self.points is not None:
            await self.points.remove()
            self.points = None
        await self.card_view.plot.hide()
        if not keep_hints:
            self.hints = []
        self.solution_shown = False
        self._missing = ""
        self.verdict = self._earlier = None
        self._uncounted = False
        self.card_view.show_outcome(None)
        self.card_view.show_tail("")
        question = self.question
        if question is None:
            self.stage = IDLE
            await self.card_view.replace_panel(None)
            self.set_focus(None)
            await self.no_question()
        else:
            self.stage = ASKED
            self.card_view.show_question(question_text(question, self.hints, self.card_view.text_width))
            panel = panel_for(question, self.card_view.text_width)
            await self.card_view.replace_panel(panel)
            draft = draft or self.app.drafts.get(question.card.id)
            if panel is not None and draft:
                panel.restore(draft)
            self.focus_answer()
            self.card_view.scroll_home(animate=False)
        self._show_note()
        self.show_status()
        self.refresh_bindings()

    def focus_answer(self) -> None:
        """Put the focus where the question is answered."""
        if self.panel is None:
            self.set_focus(None)
        elif self.panel.is_attached:  # not while the app is being left
            self.panel.take_focus()

    @property
    def typing(self) -> bool:
        """Whether letters go into an answer."""
        panel = self.panel
        return panel is not None and panel.writes and panel.has_focus_within

    async def show_in_other_language(self) -> None:
        """Put the question, and all that was said of it, on the screen again, in the language that it has now."""
        question = self.question
        if self.stage == ASKED or question is None:
            if question is not None:
                self.hints = list(question.hints[: len(self.hints)])
            await self.show_question(self.panel.draft if self.panel is not None else "", keep_hints=True)
            return
        if self.verdict is not None:
            self.verdict = regrade(question, self.answered, self.verdict)
        if self.points is not None:
            self.card_view.show_tail(FULL_ANSWER.to(question.language))
        if self.card_view.plot.loss:
            self.card_view.plot.speak(question.language)
        self.lay_out()
        self._show_note()

    def lay_out(self) -> None:
        """Lay everything out again for the present width and language."""
        question = self.question
        if question is None:
            return
        width = self.card_view.text_width
        self.card_view.show_question(question_text(question, self.hints, width))
        if self.panel is not None:
            self.panel.lay_out(question, width)
        if self.points is not None:
            self.points.lay_out(width, self.reveal().points)
        if self.verdict is not None:
            self.show_outcome()
        elif self._earlier is not None:
            self._show_earlier()
        if self.stage == ASKED:
            self.call_after_refresh(self._keep_answer_in_sight)

    def _keep_answer_in_sight(self) -> None:
        """Scroll so that the place where the answer is being written is seen."""
        focused = self.focused
        if isinstance(focused, ItemList):
            focused.show_cursor()
        elif focused is not None and self.typing:
            self.card_view.reveal(focused)

    def on_resize(self) -> None:
        self.card_view.place_outcome()
        self.show_status()
        self._show_note()
        self.call_after_refresh(self.lay_out)

    def _wideness_changed(self) -> None:
        """Something is wider than the screen now, or nothing is any more: the key line says how to scroll there."""
        self.refresh_bindings()

    def _show_earlier(self) -> None:
        """Keep the results in sight while the code is corrected, where there is room beside it."""
        if self._earlier is not None and self.card_view.beside:
            self.card_view.show_outcome(verdict_text(self._earlier, self.answered, self.card_view.outcome_width))
        else:
            self.card_view.show_outcome(None)

    # The verdict

    async def _show_judged(self, question: Question, verdict: Verdict) -> None:
        may_try_on = verdict.outcome not in (Outcome.CORRECT, Outcome.GAVE_UP)
        self.solution_shown = not (kind_of(question.card).runs_code and may_try_on)
        if self.panel is not None:
            self.panel.close()
        self.set_focus(None)
        self.show_outcome()
        await self.verdict_shown()
        self._show_note()
        self.refresh_bindings()
        if self.has_plot and self.size.width >= _ROOM_FOR_PLOT[0] and self.size.height >= _ROOM_FOR_PLOT[1]:
            self.card_view.plot.show(question.card.loss, question.language)

    def show_outcome(self) -> None:
        """Show the verdict, and the answer unless it is held back; scroll as far as it takes to see it."""
        verdict, question = self.verdict, self.question
        if verdict is None or question is None:
            return
        width = self.card_view.outcome_width
        block: Widget = self.card_view.outcome
        marked = self.stage == JUDGED and self.panel is not None and self.panel.show_verdict(question, verdict, width)
        blocks: list[Content] = []
        if marked and self.panel is not None:
            block = self.panel
        elif self.panel is not None:
            blocks.append(verdict_text(verdict, self.answered, width, self.panel.as_typed))
        self._solution_line = seen = sum(text.plain.count("\n") + 2 for text in blocks)
        if self.solution_shown and self.stage == JUDGED:
            said = " ".join((verdict.message, *(detail.text for detail in verdict.details)))
            blocks.append(answer_text(question.card, self.reveal(), marked or bool(verdict.details), width, said))
            seen += min(_LINES_OF_ANSWER, blocks[-1].plain.count("\n") + 1)
        outcome = join_blocks(blocks)
        self.card_view.show_outcome(outcome if outcome.plain else None)
        self.call_after_refresh(self._show_verdict, block, seen)

    def _show_verdict(self, block: Widget, lines: int) -> None:
        """Bring the verdict into sight: with the question and the learner's own words, as far as there is room."""
        points = self.points
        if points is not None and points.is_attached:
            self.card_view.show_down_to(points, self.panel or self.card_view.outcome)
        elif block is self.card_view.outcome:
            self.card_view.show_down_to(block, block, lines)
        else:
            self.card_view.show_down_to(block, block)

    @property
    def has_plot(self) -> bool:
        """Whether the card's loss has a parameter worth seeing, and seeing it gives nothing away."""
        question = self.question
        return question is not None and question.card.loss in FAMILIES and self.stage == JUDGED and self.solution_shown

    # Points to tick

    async def offer_points(self, ticked: set[int]) -> None:
        """Let the learner tick the points that the answer held."""
        from studyapp.tui.answers.points import PointList

        details = self.verdict.details if self.verdict is not None else ()
        points = [detail.text for detail in details] or list(self.reveal().points)
        if not points:
            return
        self.points = PointList(points, self.card_view.text_width, ticked)
        self.card_view.show_tail(FULL_ANSWER.to(self.language))
        await self.card_view.mount(self.points, after=self.card_view.tail)
        if self.points.is_attached:
            self.set_focus(self.points, scroll_visible=False)
        self.call_after_refresh(self._show_note)
        if self.answered.strip() and details and self.app.services.settings.examiner:
            self._ask_examiner(self.points)

    def _ask_examiner(self, points: PointList) -> None:
        """Have the examiner look at the answer while the learner reads; its ticks come where none was changed yet."""
        from studyapp.tui.examining import examine

        question = self.question
        if question is not None:
            self.card_view.show_tail(f"{FULL_ANSWER.to(self.language)} · {_EXAMINES.to(self.language)}")
            examine(self.app, question, self.answered, lambda found: self._examined(points, found))

    def _examined(self, points: PointList, found: Verdict | str) -> None:
        """The examiner's ticks, or why there are none."""
        if self.points is not points or self.stage != JUDGED or not points.is_attached:
            return  # the learner has gone on
        said = _NO_EXAMINER.to(self.language, why=found) if isinstance(found, str) else ""
        if not isinstance(found, str) and not points.touched:
            self.verdict = found
            points.take({place for place, detail in enumerate(found.details) if detail.passed})
            points.lay_out(self.card_view.text_width, [detail.text for detail in found.details])
            said = found.message
            self.ticks_suggested(found)
            self._show_note()
        self.card_view.show_tail(" · ".join(part for part in (FULL_ANSWER.to(self.language), said) if part))

    def ticks_suggested(self, verdict: Verdict) -> None:
        """The examiner has suggested other ticks than those by words."""

    def on_item_list_changed(self, event: ItemList.Changed) -> None:
        """Points were ticked: say what they come to."""
        event.stop()
        self._show_note()

    def points_note(self, ticked: int, count: int) -> str:
        """What the ticks come to, and what to do next."""
        raise NotImplementedError

    def _show_note(self) -> None:
        """Show what is missing of the answer, or what the ticks come to."""
        points = self.points
        if self.stage == ASKED:
            text = self._missing
        elif self.stage != JUDGED or points is None:
            text = ""
        elif not points.sees_cursor:
            text = _POINTS_BELOW.to(self.language)
        else:
            text = self.points_note(len(points.ticked), len(points.sources))
        self.note.display = bool(text)
        width = self.app.size.width - 2
        if (text, width) != self._noted:
            self._noted = (text, width)
            self.note.update(plain_wrapped(text, width))
