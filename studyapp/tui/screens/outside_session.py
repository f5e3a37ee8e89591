"""Cards outside of a session: what the mock interview and practice share."""

from __future__ import annotations

from studyapp.grading.question import Question
from studyapp.grading.solution import Reveal
from studyapp.grading.verdict import Verdict
from studyapp.kinds.grade import give_up, grade, reveal, tick
from studyapp.tui.screens.card import CardScreen


class OutsideSession(CardScreen):
    """Grades the question that a subclass has made; nothing is scheduled here."""

    @property
    def _asked(self) -> Question:
        assert self.question is not None, "graded is what was asked"
        return self.question

    def grade(self, answer: str) -> Verdict:
        return grade(self._asked, answer)

    def tick(self, ticked: set[int]) -> Verdict:
        return tick(self._asked, ticked)

    def give_up(self) -> Verdict:
        return give_up(self._asked)

    def reveal(self) -> Reveal:
        return reveal(self._asked)

    def next_hint(self) -> str | None:
        hints = self._asked.hints
        return hints[len(self.hints)] if len(self.hints) < len(hints) else None
