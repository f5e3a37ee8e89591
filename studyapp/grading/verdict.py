"""What grading says of an answer."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from studyapp.locale.message import Message, current_language


class Outcome(StrEnum):
    """The kinds of verdict, from right to wrong. Only ``INVALID`` is never recorded."""

    CORRECT = "correct"
    ROUNDED = "rounded"
    """Right, with fewer digits than were asked for."""
    MISCONCEPTION = "misconception"
    """Wrong in a way that has a name."""
    CLOSE = "close"
    """Within ten times the tolerance: rounding inside the computation."""
    WRONG = "wrong"
    INVALID = "invalid"
    """Could not be read: nothing is recorded and the learner tries again."""
    GAVE_UP = "gave_up"
    SELF_RATED = "self_rated"
    """Judged by the learner against the model answer; ``score`` is the share of rubric points ticked."""


class Detail(Struct, frozen=True):
    """One line of a verdict: a gap, an entry of a vector, an option, a step, a group of code tests, a point."""

    label: str
    passed: bool | None
    """True right, False wrong, None not judged."""
    text: str = ""

    def line(self, language: str) -> str:
        """Label and text together."""
        if self.label and self.text:
            return LABELLED.to(language, label=self.label, text=self.text)
        return self.label or self.text


class Verdict(Struct, frozen=True):
    """The judgement of one answer.

    ``score`` runs from 0 to 1. ``message`` is a sentence or two of light Markdown for the learner. ``read_as`` is the
    app's reading of what was typed, ``reference`` the right answer as text, ``misconception`` the id of the named
    mistake. For ``INVALID`` ``position`` is the column (in the typed text, from 0) where reading failed. ``language``
    is the one in which all this is said. ``evidence`` is what code did when it ran: from it the verdict can be given in
    another language without running the code again.
    """

    outcome: Outcome
    score: float = 0.0
    message: str = ""
    misconception: str | None = None
    read_as: str | None = None
    reference: str = ""
    details: tuple[Detail, ...] = ()
    position: int | None = None
    language: str = field(default_factory=current_language)
    evidence: Any = None
    suggested: bool = False
    """Whether the details are the app's suggestion, which the learner has not looked at yet."""
    by_own_word: bool = False
    """Whether the learner had a refused answer counted as right."""

    @property
    def unsaid_details(self) -> tuple[Detail, ...]:
        """The details, without the words that stand in the message already."""
        return tuple(
            Detail(detail.label, detail.passed)
            if detail.label and detail.text and detail.text in self.message
            else detail
            for detail in self.details
        )

    @property
    def headline(self) -> str:
        """A sign and a few words that say the outcome without colour."""
        if self.outcome is Outcome.WRONG and 0 < self.score < 1:
            return _PARTLY.to(self.language, share=f"{self.score:.0%}")
        return _HEADLINES[self.outcome].to(self.language)


def right_by_own_word(refused: Verdict) -> Verdict:
    """The verdict where the learner has a refused answer counted as right."""
    message = _BY_OWN_WORD.to(refused.language)
    return replace(
        refused, outcome=Outcome.CORRECT, score=1.0, message=message, misconception=None, details=(), by_own_word=True
    )


LABELLED = Message("{label}: {text}")
RIGHT = Message("Right.")
"""What is said where there is nothing more to say."""

_BY_OWN_WORD = Message("Right by your own word: on this card the answer counts from now on.")
_PARTLY = Message("◐ Partly right ({share})")
_HEADLINES: dict[Outcome, Message] = {
    Outcome.CORRECT: Message("✓ Correct"),
    Outcome.ROUNDED: Message("✓ Correct, with fewer digits than asked"),
    Outcome.MISCONCEPTION: Message("✗ Wrong: a known mistake"),
    Outcome.CLOSE: Message("≈ Close, not right yet"),
    Outcome.WRONG: Message("✗ Wrong"),
    Outcome.INVALID: Message("? Not counted: this could not be read"),
    Outcome.GAVE_UP: Message("– Given up"),
    Outcome.SELF_RATED: Message("• Compare with the answer"),
}
