"""What a proof of a card has found, and the steps that the proofs of all kinds share."""

from __future__ import annotations

from collections.abc import Callable

from studyapp.grading.question import Question
from studyapp.grading.solution import Reveal
from studyapp.grading.verdict import Outcome, Verdict

Problem = tuple[str, str]

_MOST = 5


class Proof:
    """The problems found so far. ``grade`` and ``reveal`` are those of the card's kind; ``seeds``: how many to try;
    ``run_solutions``: whether code of the author may be run."""

    def __init__(
        self,
        seeds: int,
        grade: Callable[[Question, str], Verdict],
        reveal: Callable[[Question], Reveal],
        run_solutions: bool = False,
    ) -> None:
        self.seeds = seeds
        self.run_solutions = run_solutions
        self.grade = grade
        self.reveal = reveal
        self._problems: dict[Problem, None] = {}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the card as ``(code, message)``, each once."""
        return tuple(self._problems)[:_MOST]

    @property
    def enough(self) -> bool:
        """Whether more problems would not be told."""
        return len(self._problems) >= _MOST

    def add(self, code: str, message: str) -> None:
        """Note a problem."""
        self._problems[(code, message)] = None

    def expect(self, verdict: Verdict, wanted: Outcome, code: str, what: str) -> None:
        """Note that ``what`` is not graded as it should be, where that is so."""
        if verdict.outcome is not wanted:
            self.add(code, f"{what} is graded {verdict.outcome}: {verdict.message}")

    def expect_misconception(self, verdict: Verdict, mistake: str, where: str = "") -> None:
        """Note that a declared mistake is not recognised as itself, where that is so."""
        if verdict.misconception != mistake:
            found = verdict.misconception or str(verdict.outcome)
            self.add("misconception", f"{where}“{mistake}” is taken for “{found}”")

    def blank(self, question: Question) -> None:
        """An empty answer does not count as right."""
        for answer in ("", "   "):
            if self.grade(question, answer).outcome in (Outcome.CORRECT, Outcome.ROUNDED):
                self.add("blank", "an empty answer is graded correct")

    def texts(self, question: Question) -> None:
        """Hints and solution can be made."""
        shown = self.reveal(question)
        if "cannot be filled in" in shown.solution:
            self.add("text", shown.solution)
        if any(not hint.strip() for hint in question.hints):
            self.add("text", "a hint is empty")
