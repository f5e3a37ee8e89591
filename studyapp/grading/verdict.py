"""What grading says of an answer."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from studyapp.language.saying import ENGLISH, Saying, in_language


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
    is the one in which all this is said.
    """

    outcome: Outcome
    score: float = 0.0
    message: str = ""
    misconception: str | None = None
    read_as: str | None = None
    reference: str = ""
    details: tuple[Detail, ...] = ()
    position: int | None = None
    language: str = ENGLISH

    def spoken(self, language: str) -> Verdict:
        """The same verdict in another language. What the card or the learner wrote stays as it is."""
        if language == self.language:
            return self
        details = tuple(
            Detail(in_language(one.label, language), one.passed, in_language(one.text, language))
            for one in self.details
        )
        return replace(self, message=in_language(self.message, language), details=details, language=language)

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


LABELLED = Saying("{label}: {text}")
RIGHT = Saying("Right.")
"""What is said where there is nothing more to say."""

_PARTLY = Saying("◐ Partly right ({share})")
_HEADLINES: dict[Outcome, Saying] = {
    Outcome.CORRECT: Saying("✓ Correct"),
    Outcome.ROUNDED: Saying("✓ Correct, with fewer digits than asked"),
    Outcome.MISCONCEPTION: Saying("✗ Wrong: a known mistake"),
    Outcome.CLOSE: Saying("≈ Close, not right yet"),
    Outcome.WRONG: Saying("✗ Wrong"),
    Outcome.INVALID: Saying("? Not counted: this could not be read"),
    Outcome.GAVE_UP: Saying("– Given up"),
    Outcome.SELF_RATED: Saying("• Compare with the answer"),
}
