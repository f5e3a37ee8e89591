"""What all ways of answering have in common."""

from __future__ import annotations

from textual.content import Content
from textual.message import Message

from studyapp.grading.question import Question
from studyapp.grading.verdict import Verdict
from studyapp.locale.catalogue import ENGLISH
from studyapp.tui.widgets.blocks import Part


class AnswerPanel(Part):
    """The place where a card is answered. Every answer is text, whatever the widget looks like."""

    def __init__(self, language: str = ENGLISH) -> None:
        """``language`` is the one of the question."""
        super().__init__()
        self.language = language

    file_name = ""
    """What the answer is called as a file in the user's own editor; empty where an answer is not a text of lines."""

    as_typed = False
    """Whether the answer still stands there as it was read, so that a verdict need not repeat it."""

    beside = False
    """Whether the verdict stands beside the answer where the screen is wide."""

    class Submitted(Message):
        """The learner is done and wants the answer checked."""

    class Edited(Message):
        """The answer has changed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    @property
    def answer(self) -> str:
        """The answer as text, in the form that grading reads."""
        raise NotImplementedError

    def missing(self) -> str:
        """What the learner should do before the answer is checked, in words; empty where it can be checked.

        Asked again without a change between, a panel may take that for consent and say nothing more.
        """
        return ""

    @property
    def blank(self) -> bool:
        """Whether there is no answer at all, so that having it checked is giving up."""
        return False

    @property
    def writes(self) -> bool:
        """Whether letters go into the answer while the panel has the focus."""
        return False

    @property
    def written(self) -> bool:
        """Whether the learner has written anything."""
        return bool(self.answer.strip())

    @property
    def draft(self) -> str:
        """The answer so far, in a form that `restore` takes back."""
        return self.answer

    def restore(self, draft: str) -> None:
        """Put an earlier draft back, for example after the language was switched."""

    @property
    def cursor_line(self) -> int:
        """The line of the answer at which the cursor stands, from 1."""
        return 1

    def take_focus(self) -> None:
        """Put the cursor where answering begins."""
        raise NotImplementedError

    def close(self) -> None:
        """Take no more input: the answer has been judged."""
        raise NotImplementedError

    def show_verdict(self, question: Question, verdict: Verdict, width: int) -> bool:
        """Mark what is right in the answer itself; False where the panel has no place for it."""
        return False

    def show_echo(self, text: Content) -> None:
        """Show how the answer is read so far, where there is a place for it."""

    def lay_out(self, question: Question, width: int) -> None:
        """Adapt to another text width, or to another language of the question."""

    def point_at(self, position: int | None) -> None:
        """Put the cursor on the character that could not be read."""
        self.take_focus()
