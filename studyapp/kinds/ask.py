"""A card made into a question: numbers drawn, options shuffled, texts filled in."""

from __future__ import annotations

import json
from typing import Any

from studyapp.cards.card import AnyCard, ChoiceCard, ClozeCard, ComputeCard, OrderCard
from studyapp.formula import ExpressionError
from studyapp.grading.draw import DrawError
from studyapp.grading.question import Question, fill_text
from studyapp.grading.stream import Stream
from studyapp.kinds.cloze.text import Gap, read_cloze
from studyapp.kinds.compute.variant import Variant, draw_variant, make_variant
from studyapp.kinds.prompt import prompt_for

_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def ask(card: AnyCard, seed: int, language: str = "en") -> Question:
    """The card as a question, a pure function of its arguments.

    Raises:
        DrawError: the card's numbers cannot be drawn, or not so that right and wrong answers differ.
    """
    if isinstance(card, ComputeCard):
        return _pose_exercise(card, seed, language, draw_variant(card, seed))
    if isinstance(card, (ChoiceCard, OrderCard)):
        count = len(card.options) if isinstance(card, ChoiceCard) else len(card.steps) + len(card.distractors)
        return _pose(card, seed, language, _arrangement(card, seed, count))
    return _pose(card, seed, language, ())


def drawn(question: Question) -> str:
    """What chance decided, as text to be stored with the answer."""
    record: dict[str, Any] = {}
    if isinstance(question.card, ComputeCard):
        record["draw"] = {name: question.values[name] for name in question.card.draw}
    if question.arrangement:
        record["order"] = list(question.arrangement)
    return _as_json(record)


def restore(card: AnyCard, seed: int, stored: str, language: str = "en") -> Question:
    """The question as it was asked, from what ``drawn`` stored; asked anew where the card no longer fits it.

    Raises:
        DrawError: the card's numbers cannot be drawn.
    """
    try:
        record = json.loads(stored or "{}")
        if isinstance(card, ComputeCard):
            values = {name: record["draw"][name] for name in card.draw}
            return _pose_exercise(card, seed, language, make_variant(card, values))
        if isinstance(card, (ChoiceCard, OrderCard)):
            count = len(card.options) if isinstance(card, ChoiceCard) else len(card.steps) + len(card.distractors)
            arrangement = tuple(record["order"])
            if sorted(arrangement) == list(range(count)):
                return _pose(card, seed, language, arrangement)
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    return ask(card, seed, language)


def _arrangement(card: AnyCard, seed: int, count: int) -> tuple[int, ...]:
    """A random order; for a derivation not one in which all steps already stand in the order of the card."""
    stream = Stream(card.id, seed)
    order = stream.shuffled(range(count))
    if isinstance(card, OrderCard) and len(card.steps) > 1:
        for _ in range(20):
            if [place for place in order if place < len(card.steps)] != list(range(len(card.steps))):
                break
            order = stream.shuffled(range(count))
    return tuple(order)


def _pose(card: AnyCard, seed: int, language: str, arrangement: tuple[int, ...]) -> Question:
    options: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    text = card.question
    if isinstance(card, ChoiceCard):
        options = tuple(card.options[place].text for place in arrangement)
    elif isinstance(card, OrderCard):
        texts = [*(step.text for step in card.steps), *(one.text for one in card.distractors)]
        options = tuple(texts[place] for place in arrangement)
    elif isinstance(card, ClozeCard):
        try:
            shown, gaps = read_cloze(card.text)
        except ValueError as error:
            raise DrawError(f"{card.id}: {error}") from None
        text = f"{card.question}\n\n{shown}" if card.question else shown
    prompt = prompt_for(card, (), len(gaps), language)
    return Question(card, seed, language, text, prompt, card.hints, {}, options, arrangement, (), gaps)


def _pose_exercise(card: ComputeCard, seed: int, language: str, variant: Variant) -> Question:
    values = variant.values
    try:
        text = fill_text(card.question, values)
        hints = tuple(fill_text(hint, values) for hint in card.hints)
        asks = zip(card.parts, variant.targets, strict=True) if card.parts else ()
        parts = tuple(fill_text(part.ask, target.values) for part, target in asks)
    except ExpressionError as error:
        raise DrawError(f"{card.id}: {error.message}") from None
    prompt = prompt_for(card, variant.targets, 0, language)
    return Question(card, seed, language, text, prompt, hints, values, parts=parts, targets=variant.targets)
