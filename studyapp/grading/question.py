"""A card made into a question: numbers drawn, options shuffled, texts filled in."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from studyapp.deck.card import (
    AnyCard,
    ChoiceCard,
    ClozeCard,
    ComputeCard,
    OrderCard,
)
from studyapp.formula import ExpressionError, Placeholder, fill, parse
from studyapp.grading.cloze_text import Gap, read_cloze
from studyapp.grading.draw import DrawError
from studyapp.grading.prompt import prompt_for
from studyapp.grading.stream import Stream, stable_hash
from studyapp.grading.variant import Target, Variant, draw_variant, make_variant
from studyapp.render.number import format_value, significant

_MOST_PLACEHOLDERS = 500
_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Question(Struct, frozen=True, eq=False):
    """One asking of a card.

    ``text`` is what is asked, ``prompt`` what form of answer is expected. ``values`` holds the drawn numbers and the
    card's intermediate ones. ``options`` are the options of a choice or the steps of an order as shown, and
    ``arrangement`` says for each of them which one of the card it is (distractors come after the steps). ``parts``
    are the questions of an exercise with several parts, ``gaps`` the gaps of a cloze. ``targets`` are what the answer
    of an exercise is compared with, one for each part.
    """

    card: AnyCard
    seed: int
    language: str
    text: str
    prompt: str
    hints: tuple[str, ...]
    values: Mapping[str, Any]
    options: tuple[str, ...] = ()
    arrangement: tuple[int, ...] = ()
    parts: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    targets: tuple[Target, ...] = ()

    def __eq__(self, other: object) -> bool:
        """Equal where the same is asked; what is right then follows from it."""
        if not isinstance(other, Question):
            return NotImplemented
        asked = (name for name in self.__struct_fields__ if name != "targets")
        return all(getattr(self, name) == getattr(other, name) for name in asked)


def variant_seed(card_id: str, earlier_answers: int) -> int:
    """The seed of the next variant of a card: another one for every answer, the same on every machine."""
    return stable_hash("variant", card_id, earlier_answers)


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


def fill_text(text: str, values: Mapping[str, Any]) -> str:
    """The text with its placeholders replaced by values.

    Raises:
        ExpressionError: a placeholder that cannot be computed; the column counts in ``text``.
    """

    if text.count("{") + text.count("<<") > _MOST_PLACEHOLDERS:
        raise ExpressionError(f"a text with more than {_MOST_PLACEHOLDERS} placeholders is too much", 0)

    def show(placeholder: Placeholder) -> str:
        try:
            expression = parse(placeholder.expression, values)
            if placeholder.expression in values and not placeholder.digits and not placeholder.form:
                return format_value(values[placeholder.expression])
            value = expression.evaluate(values)
        except ExpressionError as error:
            raise ExpressionError(error.message, placeholder.at + error.column) from None
        return _shown(value.tolist(), placeholder)

    return fill(text, show)


def _shown(value: Any, placeholder: Placeholder) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_shown(entry, placeholder) for entry in value) + "]"
    if placeholder.form and math.isfinite(value):
        return format(value, placeholder.form)
    if placeholder.digits is not None:
        return significant(value, placeholder.digits)
    return format_value(value)
