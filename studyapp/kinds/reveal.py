"""The model answer of a question, with its solution, its rubric and its reasons."""

from __future__ import annotations

from typing import Any

from studyapp.cards.card import (
    ChoiceCard,
    ClozeCard,
    CodeCard,
    ComputeCard,
    ExplainCard,
    FormulaCard,
    OrderCard,
    RecallCard,
)
from studyapp.formula import ExpressionError, parse
from studyapp.formula.latex import to_latex
from studyapp.grading.question import Question, fill_text
from studyapp.grading.solution import Reveal
from studyapp.kinds.cloze.text import filled
from studyapp.kinds.grade import reference
from studyapp.locale.message import Message, speaking

_FOREIGN = Message("[{number}] does not belong: {why}")
_UNFILLED = Message("(the card's solution cannot be filled in: {why})")
_LOSS = Message("{loss}: $${formula}$$")


def reveal(question: Question) -> Reveal:
    """The model answer of the question, computed from its own numbers where it has any."""
    with speaking(question.language):
        return _reveal(question)


def _reveal(question: Question) -> Reveal:
    card = question.card
    if isinstance(card, (RecallCard, ExplainCard)):
        return Reveal(card.answer, card.solution, tuple(point.text for point in card.points))
    if isinstance(card, ClozeCard):
        return Reveal(filled(card.text), card.solution)
    if isinstance(card, ChoiceCard):
        options = [card.options[place] for place in question.arrangement]
        notes = tuple(f"{number}. {option.why}" for number, option in enumerate(options, 1) if option.why)
        return Reveal(reference(question), card.solution, notes=notes)
    if isinstance(card, OrderCard):
        return _order(question, card)
    if isinstance(card, FormulaCard):
        tree = parse(card.answer, card.variables).tree
        return Reveal(f"$${to_latex(tree)}$$", card.solution)
    if isinstance(card, CodeCard):
        return Reveal(_code(card), card.solution)
    assert isinstance(card, ComputeCard)
    return _compute(question, card)


def _order(question: Question, card: OrderCard) -> Reveal:
    lines = []
    for number, step in enumerate(card.steps, 1):
        place = card.steps.index(step)
        lines.append(f"{number}. [{question.arrangement.index(place) + 1}] {step.text}")
    notes = []
    for place, distractor in enumerate(card.distractors):
        shown = question.arrangement.index(len(card.steps) + place) + 1
        notes.append(_FOREIGN(number=shown, why=distractor.why))
    return Reveal("\n".join(lines), card.solution, notes=tuple(notes))


def _code(card: CodeCard) -> str:
    """The formula behind the reference, where it is a loss by name."""
    from studyapp import losses

    name = card.loss or card.reference.split("(")[0].removesuffix(".grad")
    if name in losses.names():
        loss = losses.get(name)
        return _LOSS(loss=loss.title, formula=loss.formula)
    return f"`{card.reference}`"


def _compute(question: Question, card: ComputeCard) -> Reveal:
    from studyapp.kinds.compute.steps import results, worked

    try:
        written = fill_text(card.solution, _known(question)) if card.solution else ""
    except ExpressionError as error:
        written = _UNFILLED(why=error.message)
    account = results(question.targets) if written else worked(card, question.targets, question.values)
    return Reveal(_answer(question, card), "\n\n".join(text for text in (written, account) if text))


def _known(question: Question) -> dict[str, Any]:
    """The values of the question and the results of its parts."""
    results = {target.part: target.value.tolist() for target in question.targets if target.part}
    return {**question.values, **results}


def _answer(question: Question, card: ComputeCard) -> str:
    """The value with its unit; of an exercise with parts the values, numbered as the parts are."""
    from studyapp.grading.numbers import shown_value

    unit = f" {card.unit}" if card.unit else ""
    values = [shown_value(target.value, target.digits) + unit for target in question.targets]
    return "\n".join(f"{number}. {value}" for number, value in enumerate(values, 1)) if card.parts else values[0]
