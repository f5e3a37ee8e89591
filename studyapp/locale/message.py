"""Messages: what the app says, in the language of whoever reads it.

A message is a constant of the module that says it, in English: ``_TOO_LARGE = Message("{number} is far too large.")``.
Called with its values, ``_TOO_LARGE(number=3)`` is the text in the current language, which `speaking` sets. Words of
a card's author or of the learner are values: they stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from studyapp.locale.catalogue import ENGLISH, ngettext

_language: ContextVar[str] = ContextVar("language")
_of_the_app = ENGLISH


class Message:
    """A text with placeholders as in ``str.format``.

    Where a count decides between two forms, ``plural`` is the second one and ``count`` the value that decides; other
    languages have as many forms as they need. A message among the values is said in the same language.
    """

    __slots__ = ("plural", "text")

    def __init__(self, text: str, plural: str = "") -> None:
        self.text = text
        self.plural = plural

    def __call__(self, **values: object) -> str:
        """The text in the current language."""
        count = values.get("count", 1) if self.plural else 1
        return ngettext(current_language(), self.text, self.plural, count).format(**values)  # type: ignore[arg-type]

    def to(self, language: str, **values: object) -> str:
        """The text in another language than the current one."""
        with speaking(language):
            return self(**values)

    def __str__(self) -> str:
        """A message without placeholders in the current language."""
        return self()

    def __format__(self, form: str) -> str:
        return format(self(), form)

    def __repr__(self) -> str:
        return f"Message({self.text!r})"


def current_language() -> str:
    """The language in which messages are said now: that of the question in hand, or else that of the app."""
    return _language.get(_of_the_app)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say everything in ``language`` inside the block, in this thread or task."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def use_language(language: str) -> None:
    """Make ``language`` that of the app: of all that is not said of a question."""
    global _of_the_app
    _of_the_app = language
