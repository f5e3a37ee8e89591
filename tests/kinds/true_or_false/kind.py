"""True or false: a kind that is no part of the app, made as CONTRIBUTING.md says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from studyapp.cards.card import Asked, Card
from studyapp.cards.field import Field, prose
from studyapp.grading.invalid import invalid
from studyapp.grading.question import Question
from studyapp.grading.solution import Reveal
from studyapp.grading.verdict import RIGHT, Outcome, Verdict
from studyapp.kinds.kind import Kind, plain_question
from studyapp.locale.message import Message

if TYPE_CHECKING:
    from studyapp.cards.rules import Finding

_PROMPT = Message("true or false")
_UNREAD = Message("true or false is asked for, not {answer}")
_TRUE, _FALSE = Message("It is true."), Message("It is false.")


class TrueOrFalseCard(Card, tag="true-or-false", frozen=True, kw_only=True):
    """A statement, and whether it holds."""

    question: Asked
    holds: Annotated[bool, Field("Whether the statement is true.")]
    why: Annotated[str, prose("Why it is so.")] = ""


class TrueOrFalseKind(Kind[TrueOrFalseCard]):
    """Statements to agree with or not."""

    card = TrueOrFalseCard
    asks = ("definition",)
    starter = """
  # true-or-false: whether the statement holds.
  - {id: {name}-true-or-false, kind: true-or-false, question: Cross-entropy is never negative., holds: true}
"""

    def rules(self, card: TrueOrFalseCard) -> Iterator[Finding]:
        from studyapp.cards.rules import Finding

        if card.question.endswith("?"):
            yield Finding(("question",), "statement", "a statement was expected, not a question")

    def ask(self, card: TrueOrFalseCard, seed: int, language: str) -> Question:
        return plain_question(card, seed, language, card.question, _PROMPT())

    def grade(self, card: TrueOrFalseCard, question: Question, answer: str) -> Verdict:
        said = {"true": True, "false": False}.get(answer.strip().lower())
        if said is None:
            return invalid(_UNREAD(answer=answer.strip() or "∅"))
        if said is card.holds:
            return Verdict(Outcome.CORRECT, 1.0, RIGHT(), reference=self.reference(card, question))
        return Verdict(
            Outcome.WRONG, 0.0, _TRUE() if card.holds else _FALSE(), reference=self.reference(card, question)
        )

    def reference(self, card: TrueOrFalseCard, question: Question) -> str:
        return "true" if card.holds else "false"

    def reveal(self, card: TrueOrFalseCard, question: Question) -> Reveal:
        return Reveal(self.reference(card, question), card.why)


KIND = TrueOrFalseKind()
