"""A card made into a question, and the same question once more from what was stored of it."""

from __future__ import annotations

import json
from typing import Any

from msgspec.structs import replace

from studyapp import faults
from studyapp.cards.card import Card
from studyapp.formula import ExpressionError, budget
from studyapp.grading.draw import DrawError
from studyapp.grading.question import Question
from studyapp.kinds import kind_of
from studyapp.kinds.drawn_texts import drawn_card, has_drawn_texts, redrawn_card
from studyapp.locale.message import Message, speaking

_ITS_QUESTION_TAKES_TOO = Message("its question takes too long to compute: use smaller arrays, fewer values")
_ASKING = Message("asking {id}")
_CANNOT_ASKED = Message("it cannot be asked ({name}: {error})")

MOST_SECONDS = 2.0
"""Computing time for one question: its draw and the numbers in its texts."""

_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def ask(card: Card, seed: int, language: str = "en") -> Question:
    """The card as a question, a pure function of its arguments.

    Raises:
        DrawError: the card's numbers cannot be drawn, or not so that right and wrong answers differ.
    """
    with speaking(language):
        try:
            with budget.limited(MOST_SECONDS):
                if not has_drawn_texts(card):
                    return kind_of(card).ask(card, seed, language)
                filled, values = drawn_card(card, seed)
                return replace(kind_of(card).ask(filled, seed, language), values=values)
        except budget.OutOfBudget:
            raise DrawError(_ITS_QUESTION_TAKES_TOO()) from None
        except DrawError:
            raise
        except Exception as error:
            faults.record(error, _ASKING(id=card.id))
            raise DrawError(_CANNOT_ASKED(name=type(error).__name__, error=error)) from None


def drawn(question: Question) -> str:
    """What chance decided, as text to be stored with the answer."""
    found = kind_of(question.card).drawn(question)
    if has_drawn_texts(question.card):
        card: Any = question.card
        found = {**found, "draw": {name: question.values[name] for name in card.drawn_names}}
    return _as_json(found)


def restore(card: Card, seed: int, stored: str, language: str = "en") -> Question:
    """The question as it was asked, from what ``drawn`` stored; asked anew where the card no longer fits it.

    Raises:
        DrawError: the card's numbers cannot be drawn.
    """
    with speaking(language):
        try:
            with budget.limited(MOST_SECONDS):
                question = _restored(card, seed, json.loads(stored or "{}"), language)
            if question is not None:
                return question
        except (ValueError, KeyError, TypeError, AttributeError, ExpressionError, budget.OutOfBudget):
            pass
    return ask(card, seed, language)


def _restored(card: Card, seed: int, stored: Any, language: str) -> Question | None:
    kind = kind_of(card)
    if not has_drawn_texts(card):
        return kind.restore(card, seed, stored, language)
    filled, values = redrawn_card(card, stored["draw"])
    question = kind.restore(filled, seed, stored, language) or kind.ask(filled, seed, language)
    return replace(question, values=values)
