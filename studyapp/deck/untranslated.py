"""What of a card an overlay leaves in the deck's own language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from studyapp.cards.card import Card, Struct

from .overlay import Words

_SAME_IN_ALL_LANGUAGES = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]*`|\$\$.*?\$\$|(?<!\\)\$.*?(?<!\\)\$|<<.*?>>|\{[^{}\n]*\}", re.DOTALL
)
"""Code, formulas and placeholders."""

_WORD = re.compile(r"[^\W\d_]{2,}")


def has_words(text: str) -> bool:
    """Whether there is something to translate in ``text``: formulas and code are the same in every language.

    >>> has_words("$a - y$, `np.sum`"), has_words("So $a - y$ is left.")
    (False, True)
    """
    return bool(_WORD.search(_SAME_IN_ALL_LANGUAGES.sub(" ", text)))


def untranslated(card: Card, words: Words | None) -> tuple[str, ...]:
    """The keys of ``card`` with words that the learner sees and ``words`` does not translate."""
    said = words or Words()
    missing = []
    for key in ("question", "text", "points", "options", "distractors", "hints", "solution", "cases"):
        if not getattr(said, key) and _any_words(getattr(card, key, None)):
            missing.append(key)
    if card.kind in ("recall", "explain") and not said.answer and _any_words(getattr(card, "answer", "")):
        missing.append("answer")
    if any(step.id not in said.steps and _any_words(step) for step in getattr(card, "steps", ())):
        missing.append("steps")
    parts = getattr(card, "parts", ())
    if any(part.id not in said.parts and has_words(part.ask) for part in parts):
        missing.append("parts")
    wrong = [*getattr(card, "wrong", ()), *(entry for part in parts for entry in part.wrong)]
    if any(entry.id not in said.wrong and has_words(entry.say) for entry in wrong):
        missing.append("wrong")
    return tuple(missing)


def _any_words(value: Any) -> bool:
    return any(has_words(text) for text in _shown(value))


def _shown(value: Any) -> Iterator[str]:
    """The texts in a value that the learner sees."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _shown(item)
    elif isinstance(value, Struct):
        for key in ("text", "why"):
            yield from _shown(getattr(value, key, ""))
