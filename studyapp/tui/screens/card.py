"""One card on the screen: what can be done with it. Review, practice and interview share this."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from textual import work

from studyapp.grading.question import Question
from studyapp.grading.verdict import Outcome, Verdict
from studyapp.kinds import kind_of
from studyapp.kinds.grade import regrade
from studyapp.locale.message import Message
from studyapp.tui.answers.echo import echo_of
from studyapp.tui.answers.panel import AnswerPanel
from studyapp.tui.answers.paste import printable
from studyapp.tui.card_text import question_text, source_text
from studyapp.tui.screens.card_page import ASKED, JUDGED, RUNNING, CardPage
from studyapp.tui.text import plain
from studyapp.tui.widgets.item_list import ItemList

if TYPE_CHECKING:
    from studyapp.tui.answers.fields import AnswerField

_RUNS = Message("Running your function …")
_STOPPED = Message("– Stopped; nothing was counted.")
_NO_MORE_HINTS = Message("No more hints for this card.")
_COPIED = Message("Copied with its LaTeX source.")
_CUT = Message("A field takes {most} characters; the last {left_out} were left out.")


class CardScreen(CardPage):
    """Takes the answer and has it judged. Subclasses say where questions and verdicts come from."""

    def __init__(self) -> None:
        super().__init__()
        self._stop = threading.Event()
        """Set to stop the code that runs."""

    # What subclasses define

    def grade(self, answer: str) -> Verdict:
        """The verdict on an answer. For code it is called on a thread of its own."""
        raise NotImplementedError

    def tick(self, ticked: set[int]) -> Verdict:
        """The verdict where the learner says which points were there."""
        raise NotImplementedError

    def give_up(self) -> Verdict:
        """The verdict for giving up."""
        raise NotImplementedError

    def next_hint(self) -> str | None:
        """One more hint, or None when there is none."""
        raise NotImplementedError

    def on_unmount(self) -> None:
        self._stop.set()

    # The answer

    def leave_field(self) -> bool:
        """Leave the answer field where something has been typed; whether that was done."""
        leaving = self.typing and self.panel is not None and self.panel.written
        if leaving:
            self.set_focus(None)
        return leaving

    async def on_answer_panel_submitted(self, event: AnswerPanel.Submitted) -> None:
        event.stop()
        await self.app.run_action("check", self)

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
        kind = kind_of(question.card)
        if kind.keeps_draft:
            self.app.drafts.put(question.card.id, event.text)
        elif kind.echoes:
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
        if kind_of(question.card).runs_code:
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
        from studyapp.kinds.code.runner import stopped_by

        with stopped_by(stop):
            verdict = self.grade(answer)
        self.app.call_from_thread(self.call_next, self._judged, verdict, answer)

    def command_failed(self) -> None:
        """Nothing was judged: the answer can be given again."""
        if self.stage == RUNNING and self.question is not None and not kind_of(self.question.card).runs_code:
            self.stage = ASKED
            self.refresh_bindings()

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
            await self._judged(self.give_up(), "")

    async def action_retry(self) -> None:
        """Answer the same question once more."""
        if self.stage == JUDGED:
            verdict = self.verdict
            await self.show_question(self.answered, keep_hints=True)
            self._earlier = verdict
            self._show_earlier()

    def action_solution(self) -> None:
        """Show the answer that was held back."""
        self.solution_shown = True
        self.show_outcome()
        self.call_after_refresh(self.card_view.show_block, self.card_view.outcome, self._solution_line)
        self.refresh_bindings()

    async def _judged(self, verdict: Verdict, answer: str) -> None:
        question = self.question
        if question is None or not self.is_attached:
            return  # the screen was left while code was running
        if verdict.language != question.language:
            verdict = regrade(question, answer, verdict)
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
        with self.batch_repaint():
            await self._show_judged(question, verdict)

    async def action_plot(self) -> None:
        """Show the plot of the card's loss, or hide it."""
        plot, question = self.card_view.plot, self.question
        if plot.loss:
            await plot.hide()
        elif question is not None and self.has_plot:
            plot.show(question.card.loss, question.language, seek=True)

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
                return self.stage == RUNNING and question is not None and kind_of(question.card).runs_code
            case "write":
                return self.stage == ASKED and self.panel is not None and bool(self.panel.file_name)
            case "type":
                return self.stage == ASKED and self.panel is not None and not self.panel.has_focus_within
            case "retry":
                return self.stage == JUDGED and question is not None and not kind_of(question.card).self_rated
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
