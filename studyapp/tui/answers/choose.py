"""Which way of answering belongs to a card."""

from __future__ import annotations

from studyapp.cards.card import ChoiceCard, ClozeCard, CodeCard, ComputeCard, ExplainCard, FormulaCard, OrderCard
from studyapp.grading.question import Question
from studyapp.tui.answers.choice import ChoicePanel
from studyapp.tui.answers.panel import AnswerPanel


def panel_for(question: Question, width: int) -> AnswerPanel | None:
    """A fresh panel for a question; None where nothing is typed (recall)."""
    card, language = question.card, question.language
    match card:
        case ChoiceCard():
            return ChoicePanel(question.options, width, card.multiple, language)
        case OrderCard():
            from studyapp.tui.answers.order import OrderPanel

            return OrderPanel(question.options, width, language, bool(card.distractors))
        case ClozeCard():
            from studyapp.tui.answers.fields import EMPTY_GAPS, FieldsPanel

            count = len(question.gaps)
            if count == 1:
                return FieldsPanel([""], width, [question.prompt], language)
            labels = [f"[{number}]" for number in range(1, count + 1)]
            return FieldsPanel(labels, width, [""] * count, language, EMPTY_GAPS)
        case ComputeCard():
            from studyapp.kinds.prompt import part_prompts
            from studyapp.tui.answers.fields import FieldsPanel, part_labels

            if not question.parts:
                return FieldsPanel([""], width, [question.prompt], language)
            prompts = part_prompts(card, question.targets, language)
            return FieldsPanel(part_labels(question), width, prompts, language)
        case FormulaCard(lines=True):
            from studyapp.tui.answers.prose import ProsePanel

            return ProsePanel(question.prompt)
        case FormulaCard():
            from studyapp.tui.answers.fields import FieldsPanel

            return FieldsPanel([""], width, [question.prompt], language)
        case ExplainCard():
            from studyapp.tui.answers.prose import ProsePanel

            return ProsePanel(question.prompt)
        case CodeCard():
            from studyapp.tui.answers.code import CodePanel

            return CodePanel(card.starter or f"{card.signature.rstrip(': ')}:\n    ")
    return None
