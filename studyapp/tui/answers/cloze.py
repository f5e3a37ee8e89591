"""Filling the gaps of a text."""

from __future__ import annotations

from studyapp.grading.question import Question
from studyapp.locale.message import Message
from studyapp.tui.answers.fields import FieldsPanel
from studyapp.tui.answers.panel import AnswerPanel

EMPTY_GAPS = Message(
    "{count} gap is still empty. Enter once more counts it as wrong.",
    "{count} gaps are still empty. Enter once more counts them as wrong.",
)


class GapsPanel(FieldsPanel):
    """A field for each gap; what was read is what stands in them."""

    as_typed = True


def panel_for(question: Question, width: int) -> AnswerPanel:
    """A field, or one for each gap with its number."""
    count = len(question.targets)
    if count == 1:
        return GapsPanel([""], width, [question.prompt], question.language)
    labels = [f"[{number}]" for number in range(1, count + 1)]
    return GapsPanel(labels, width, [""] * count, question.language, EMPTY_GAPS)
