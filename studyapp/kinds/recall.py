"""Recall: think, reveal, tick the points that were there, rate yourself."""

from __future__ import annotations

from typing import Annotated

from studyapp.cards.card import ANSWER_NOTE, Asked, DrawnCard, Points
from studyapp.cards.field import prose
from studyapp.kinds.kind import RubricKind
from studyapp.locale.message import Message

_PROMPT = Message("recall the answer, then reveal it")


class RecallCard(DrawnCard, tag="recall", frozen=True, kw_only=True):
    """What is asked, the model answer, and maybe the points that it makes."""

    question: Asked
    answer: Annotated[str, prose(ANSWER_NOTE)]
    points: Points = ()


class RecallKind(RubricKind[RecallCard]):
    """Cards that are answered in the head."""

    card = RecallCard
    asks = ("definition", "say")
    answered_in_head = True
    prompt = _PROMPT
    starter = r"""
  # recall: think, reveal, tick the points that you had.
  - id: {name}-recall
    kind: recall
    tags: [definition]
    question: What does mean squared error measure, and which errors dominate it?
    answer: |
      The mean of the squared residuals: $$\mathrm{MSE} = \frac1n \sum_i (y_i - p_i)^2$$
      Squaring makes the largest residuals dominate.
    points:
      - mean of squared residuals
      - large residuals dominate
    leads_to: [{name}-explain]  # what an interviewer would ask next
"""


KIND = RecallKind()
