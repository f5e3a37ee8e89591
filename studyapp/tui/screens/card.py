"""One card on the screen, from question to verdict: what review, practice and interview share."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget

from studyapp.deck.card import ClozeCard, CodeCard, ExplainCard, RecallCard
from studyapp.grading.grade import told_again
from studyapp.grading.question import Question
from studyapp.grading.solution import FULL_ANSWER, Reveal
from studyapp.grading.verdict import Outcome, Verdict
from studyapp.language.saying import Saying
from studyapp.tui.answers.choose import panel_for
from studyapp.tui.answers.echo import echo_of, has_echo
from studyapp.tui.answers.panel import AnswerPanel
from studyapp.tui.answers.paste import printable
from studyapp.tui.card_text import answer_text, question_text, source_text
from studyapp.tui.loss_families import FAMILIES
from studyapp.tui.one_paint import OnePaint
from studyapp.tui.text import join_blocks, plain, plain_wrapped
from studyapp.tui.verdict_text import verdict_text
from studyapp.tui.widgets.blocks import Block, Line
from studyapp.tui.widgets.card_view import CardView
from studyapp.tui.widgets.item_list import ItemList
from studyapp.tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from studyapp.tui.answers.fields import AnswerField
    from studyapp.tui.answers.points import PointList
    from studyapp.tui.app import StudyApp

TICK, SUGGESTED = (
    Saying("Tick what you had, or rate: 1–4."),
    Saying("{ticked} of {count} points: {rating} suggested."),
)
"""What is said of points to tick where a rating follows."""

_RUNS = Saying("Running your function …")
_STOPPED = Saying("– Stopped; nothing was counted.")
_POINTS_BELOW = Saying("Points to tick are below: ↓")
_NO_MORE_HINTS = Saying("No more hints for this card.")
_COPIED = Saying("Copied with its LaTeX source.")
_CUT = Saying("A field takes {most} characters; the last {left_out} were left out.")

IDLE, ASKED, RUNNING, JUDGED = "idle", "asked", "running", "judged"
"""The stages of a card. ``idle``: there is none. ``running``: code is being tried out."""

_REPEATABLE = ("compute", "formula", "cloze", "order", "code", "choice")


_LINES_OF_ANSWER = 4
"""Lines of the right answer that come into sight together with the verdict."""

_ROOM_FOR_PLOT = (100, 40)
"""Cells and lines of a screen on which the plot of a card's loss is shown unasked."""


class CardScreen(OnePaint):
    """Shows a question, takes the answer, shows the verdict. Subclasses say where questions and verdicts come from."""

    AUTO_FOCUS = None
    app: StudyApp

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
        """The results of the code that is being mended."""
        self._stop = threading.Event()
        """Set to stop the code that runs."""
        self._uncounted = False
        """Whether it stands on the screen that the answer did not count."""
        self._solution_line = 0
        """The line of the outcome at which the solution begins."""
        self._showing = asyncio.Lock()

    # What subclasses define

    @property
    def question(self) -> Question | None:
        """The question on the table."""
        raise NotImplementedError

    @property
    def language(self) -> str:
        """The language in which the card is asked and judged."""
        question = self.question
        return self.app.language if question is None else question.language

    def grade(self, answer: str) -> Verdict:
        """The verdict on an answer. For code it is called on a thread of its own."""
        raise NotImplementedError

    def tick(self, ticked: set[int]) -> Verdict:
        """The verdict where the learner says which points were there."""
        raise NotImplementedError

    def concede(self) -> Verdict:
        """The verdict for giving up."""
        raise NotImplementedError

    def reveal(self) -> Reveal:
        """The right answer and the solution."""
        raise NotImplementedError

    def next_hint(self) -> str | None:
        """One more hint, or None when there is none."""
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
        self.begun = True
        self.set_interval(1.0, self.show_status)
        self.watch(self.card_view, "show_horizontal_scrollbar", self._wideness_changed, init=False)
        self.watch(self.card_view, "scroll_y", self._show_note, init=False)

    def on_unmount(self) -> None:
        self._stop.set()

    @property
    def panel(self) -> AnswerPanel | None:
        """What the card is answered with."""
        panel = self.card_view.panel
        return panel if isinstance(panel, AnswerPanel) else None

    async def show_question(self, draft: str = "", keep_hints: bool = False) -> None:
        """Put the present question on the screen, unanswered."""
        async with self._showing:
            with self.one_paint():
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

    def leave_field(self) -> bool:
        """Leave the answer field where something has been typed; whether that was done."""
        leaving = self.typing and self.panel is not None and self.panel.written
        if leaving:
            self.set_focus(None)
        return leaving

    async def show_in_other_language(self) -> None:
        """Put the question, and all that was said of it, on the screen again, in the language that it has now."""
        question = self.question
        if self.stage == ASKED or question is None:
            if question is not None:
                self.hints = list(question.hints[: len(self.hints)])
            await self.show_question(self.panel.draft if self.panel is not None else "", keep_hints=True)
            return
        if self.verdict is not None:
            self.verdict = told_again(question, self.answered, self.verdict)
        if self.points is not None:
            self.card_view.show_tail(FULL_ANSWER.to(question.language))
        if self.card_view.plot.loss:
            self.card_view.plot.speak(question.language)
        self.lay_out()
        self._show_note()

    def lay_out(self) -> None:
        """Set everything anew for the present width and language."""
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

    # The answer

    async def on_answer_panel_submitted(self, event: AnswerPanel.Submitted) -> None:
        event.stop()
        await self.action_submit()

    def on_answer_panel_edited(self, event: AnswerPanel.Edited) -> None:
        event.stop()
        question, panel = self.question, self.panel
        if question is None or panel is None or self.stage != ASKED:
            return
        if self._missing:
            self._missing = ""
            self._show_note()
        if self._uncounted and event.text != self.answered:
            self._uncounted = False
            self.verdict = None
            self._show_earlier()
        if isinstance(question.card, CodeCard | ExplainCard):
            self.app.drafts.put(question.card.id, event.text)
        elif has_echo(question):
            self._echo(question, panel, event.text)

    def on_answer_field_cut(self, event: AnswerField.Cut) -> None:
        """Say what of a pasted text did not fit."""
        from studyapp.tui.answers.fields import LONGEST_ANSWER

        event.stop()
        words = _CUT.to(self.language, most=LONGEST_ANSWER, left_out=event.left_out)
        self.app.say(words, problem=True)

    @work(thread=True, exclusive=True, group="echo")
    def _echo(self, question: Question, panel: AnswerPanel, text: str) -> None:
        self.app.call_from_thread(panel.show_echo, echo_of(question, text))

    async def action_submit(self) -> None:
        """Have the answer graded."""
        question, panel = self.question, self.panel
        if self.stage != ASKED or question is None or panel is None:
            return
        self._missing = panel.missing()
        self._show_note()
        if self._missing:
            self.app.key_guard.arm_for_verdict()
            self.call_after_refresh(self._keep_answer_in_sight)
            return
        if panel.blank:
            await self.action_give_up()
            return
        answer = panel.answer
        if isinstance(question.card, CodeCard):
            self.stage = RUNNING
            self._stop = threading.Event()
            self.card_view.show_outcome(plain(_RUNS.to(self.language), "bold"))
            self.refresh_bindings()
            self._run_code(answer, self._stop)
        else:
            self.stage = RUNNING
            await self._judged(self.grade(answer), answer)

    async def action_check(self) -> None:
        """As `action_submit`, by the key that also works while several lines are typed."""
        await self.action_submit()

    @work(thread=True, exclusive=True, group="code")
    def _run_code(self, answer: str, stop: threading.Event) -> None:
        from studyapp.grading.code.runner import stopped_by

        with stopped_by(stop):
            verdict = self.grade(answer)
        self.app.call_from_thread(self.call_next, self._judged, verdict, answer)

    def action_stop(self) -> None:
        """Stop the function that runs."""
        self._stop.set()

    def action_write(self) -> None:
        """Go on with the answer in the user's own editor."""
        panel = self.panel
        if self.stage != ASKED or panel is None or not panel.file_name:
            return
        written = self.app.edit_text(panel.answer, panel.file_name, panel.cursor_line)
        if written != panel.answer:
            panel.restore(printable(written))
        self.focus_answer()

    async def action_reveal(self) -> None:
        """Show the answer of a card that is answered in the head."""
        if self.stage == ASKED and self.question is not None and self.panel is None:
            self.stage = RUNNING
            await self._judged(self.tick(set()), "")

    async def action_give_up(self) -> None:
        """Show the answer without trying."""
        if self.stage == ASKED and self.question is not None:
            self.stage = RUNNING
            await self._judged(self.concede(), "")

    async def action_retry(self) -> None:
        """Answer the same question once more."""
        if self.stage == JUDGED:
            verdict = self.verdict
            await self.show_question(self.answered, keep_hints=True)
            self._earlier = verdict
            self._show_earlier()

    def _show_earlier(self) -> None:
        """Keep the results in sight while the code is mended, where there is room beside it."""
        if self._earlier is not None and self.card_view.beside:
            self.card_view.show_outcome(verdict_text(self._earlier, self.answered, self.card_view.outcome_width))
        else:
            self.card_view.show_outcome(None)

    def action_solution(self) -> None:
        """Show the answer that was held back."""
        self.solution_shown = True
        self.show_outcome()
        self.call_after_refresh(self.card_view.show_block, self.card_view.outcome, self._solution_line)
        self.refresh_bindings()

    # The verdict

    async def _judged(self, verdict: Verdict, answer: str) -> None:
        question = self.question
        if question is None or not self.is_attached:
            return  # the screen was left while code was running
        if verdict.language != question.language:
            verdict = told_again(question, answer, verdict)
        self.verdict, self.answered = verdict, answer
        if verdict.outcome is Outcome.INVALID:
            self.stage = ASKED
            self._uncounted = True
            if self._stop.is_set():
                self.verdict = None
                self.card_view.show_outcome(plain(_STOPPED.to(self.language), "bold"))
            else:
                self.show_outcome()
            if self.panel is not None:
                self.panel.point_at(verdict.position)
                self.call_after_refresh(self.card_view.show_first_of, self.panel, self.card_view.outcome)
            self.refresh_bindings()
            return
        self.stage = JUDGED
        self.app.key_guard.arm_for_verdict()
        with self.one_paint():
            await self._show_judged(question, verdict)

    async def _show_judged(self, question: Question, verdict: Verdict) -> None:
        may_try_on = verdict.outcome not in (Outcome.CORRECT, Outcome.GAVE_UP)
        self.solution_shown = not (isinstance(question.card, CodeCard) and may_try_on)
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
        elif not isinstance(question.card, RecallCard):
            as_typed = isinstance(question.card, ClozeCard)
            blocks.append(verdict_text(verdict, self.answered, width, as_typed))
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

    async def action_plot(self) -> None:
        """Show the plot of the card's loss, or hide it."""
        plot, question = self.card_view.plot, self.question
        if plot.loss:
            await plot.hide()
        elif question is not None and self.has_plot:
            plot.show(question.card.loss, question.language, seek=True)

    async def offer_points(self, ticked: set[int]) -> None:
        """Let the learner tick the points that the answer held."""
        from studyapp.tui.answers.points import PointList

        points = [point for point in self.reveal().points]
        if not points:
            return
        self.points = PointList(points, self.card_view.text_width, ticked)
        self.card_view.show_tail(FULL_ANSWER.to(self.language))
        await self.card_view.mount(self.points, after=self.card_view.tail)
        if self.points.is_attached:
            self.set_focus(self.points, scroll_visible=False)
        self.call_after_refresh(self._show_note)

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

    # Commands

    def action_hint(self) -> None:
        """Show the next hint."""
        question = self.question
        if self.stage != ASKED or question is None:
            return
        hint = self.next_hint()
        if hint is None:
            self.app.say(_NO_MORE_HINTS.to(self.language), seconds=2)
            return
        self.hints.append(hint)
        self.card_view.show_question(question_text(question, self.hints, self.card_view.text_width))
        self.refresh_bindings()

    def action_copy(self) -> None:
        """Copy the card's source."""
        from studyapp.tui.clipboard import copy

        question = self.question
        if question is not None:
            copy(self.app, source_text(question.card, question, self.reveal() if self.solution_shown else None))
            self.app.say(_COPIED.to(self.language), seconds=2)

    async def action_explore(self) -> None:
        """Open the card's loss in the explorer."""
        from studyapp.tui.screens.explorer import ExplorerScreen

        question = self.question
        if question is not None and question.card.loss:
            await self.app.push_screen(ExplorerScreen(question.card.loss))

    def action_type(self) -> None:
        """Go back to the answer field."""
        self.focus_answer()

    def action_page(self, direction: str) -> None:
        """Scroll the card by a page."""
        self.card_view.page(-1 if direction == "up" else 1)

    def action_sideways(self, direction: str) -> None:
        """Scroll the card sideways."""
        self.card_view.sideways(-1 if direction == "left" else 1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        question = self.question
        match action:
            case "reveal":
                return self.stage == ASKED and self.panel is None
            case "submit":
                return self.stage == ASKED and self.panel is not None and isinstance(self.focused, ItemList)
            case "check":
                return self.stage == ASKED and self.panel is not None
            case "hint":
                return self.stage == ASKED and question is not None and len(self.hints) < len(question.hints)
            case "give_up":
                return self.stage == ASKED and self.panel is not None
            case "stop":
                return self.stage == RUNNING and question is not None and isinstance(question.card, CodeCard)
            case "write":
                return self.stage == ASKED and self.panel is not None and bool(self.panel.file_name)
            case "type":
                return self.stage == ASKED and self.panel is not None and not self.panel.has_focus_within
            case "retry":
                return self.stage == JUDGED and question is not None and question.card.kind in _REPEATABLE
            case "solution":
                return self.stage == JUDGED and not self.solution_shown
            case "sideways":
                return self.card_view.max_scroll_x > 0
            case "explore":
                return self.stage in (ASKED, JUDGED) and question is not None and bool(question.card.loss)
            case "plot":
                return self.has_plot
            case "copy":
                return question is not None and self.stage != RUNNING
        return super().check_action(action, parameters)
