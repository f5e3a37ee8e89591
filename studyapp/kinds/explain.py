"""Explain: type a free answer, compare it with a model answer and a rubric of points."""

from __future__ import annotations

from typing import Annotated

from studyapp.cards.card import ANSWER_NOTE, Asked, DrawnCard, Point
from studyapp.cards.field import prose
from studyapp.grading.question import Question
from studyapp.grading.verdict import Outcome, Verdict
from studyapp.kinds.kind import RubricKind
from studyapp.locale.message import Message

_PROMPT = Message("an answer in your own words")
_NOTHING = Message("There is nothing to read: write a sentence or two.")


class ExplainCard(DrawnCard, tag="explain", frozen=True, kw_only=True):
    """What is asked, a model answer and the points that a good answer makes."""

    question: Asked
    answer: Annotated[str, prose(ANSWER_NOTE)]
    points: Annotated[tuple[Point, ...], prose("What a good answer says, one point an entry.", least=1)]


class ExplainKind(RubricKind[ExplainCard]):
    """Cards that are answered in the learner's own words."""

    card = ExplainCard
    asks = ("trade-off", "mend", "say")
    keeps_draft = True
    prompt = _PROMPT
    starter = r"""
  # explain: type a free answer, then compare it with the model answer. `words` are looked for in the answer.
  - id: {name}-explain
    kind: explain
    tags: [trade-off]
    question: When would you train a regression with absolute error in place of squared error?
    answer: |
      When the targets hold outliers that should not steer the fit. The gradient of the absolute error does
      not grow with the residual, and its minimiser is the median, which outliers hardly move. The price is a
      kink at zero.
    points:
      - {text: outliers should not steer the fit, words: [outlier, robust]}
      - {text: it is minimised by the median, words: [median]}
      - {text: it has a kink at zero, words: [kink, not differentiable, subgradient]}
"""

    def long_answer(self, question: Question) -> bool:
        return True

    def grade(self, card: ExplainCard, question: Question, answer: str) -> Verdict:
        if not answer.strip():
            return Verdict(Outcome.INVALID, message=_NOTHING(), position=0)
        return super().grade(card, question, answer)


KIND = ExplainKind()
