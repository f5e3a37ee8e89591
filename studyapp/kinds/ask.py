"""A card made into a question, and the same question once more from what was stored of it."""

from __future__ import annotations

import json

from studyapp.cards.card import Card
from studyapp.grading.question import Question
from studyapp.kinds import kind_of
from studyapp.locale.message import speaking

_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def ask(card: Card, seed: int, language: str = "en") -> Question:
    """The card as a question, a pure function of its arguments.

    Raises:
        DrawError: the card's numbers cannot be drawn, or not so that right and wrong answers differ.
    """
    with speaking(language):
        return kind_of(card).ask(card, seed, language)


def drawn(question: Question) -> str:
    """What chance decided, as text to be stored with the answer."""
    return _as_json(kind_of(question.card).drawn(question))


def restore(card: Card, seed: int, stored: str, language: str = "en") -> Question:
    """The question as it was asked, from what ``drawn`` stored; asked anew where the card no longer fits it.

    Raises:
        DrawError: the card's numbers cannot be drawn.
    """
    kind = kind_of(card)
    with speaking(language):
        try:
            question = kind.restore(card, seed, json.loads(stored or "{}"), language)
            if question is not None:
                return question
        except (ValueError, KeyError, TypeError, AttributeError):
            pass
        return kind.ask(card, seed, language)
