"""What is shown after an answer: the right one, the worked solution, the rubric and the reasons."""

from __future__ import annotations

from msgspec import Struct, field

from studyapp.locale.message import Message, current_language

ANSWER, SOLUTION, FULL_ANSWER = Message("Answer"), Message("Solution"), Message("A full answer says:")
"""The headings of what is shown after an answer."""


class Reveal(Struct, frozen=True):
    """The answer and how one gets there, as light Markdown.

    ``points`` is the rubric of recall and explain cards, ``notes`` are the reasons for options, distractors and the
    like. ``language`` is the one of the question. ``listed``: each line of the answer is one value of several.
    """

    answer: str
    solution: str = ""
    points: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    language: str = field(default_factory=current_language)
    listed: bool = False
