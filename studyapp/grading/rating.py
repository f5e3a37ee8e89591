"""The rating that a verdict suggests; the learner may choose another."""

from __future__ import annotations

from studyapp.grading.verdict import Outcome, Verdict
from studyapp.schedule.rating import Rating

_MOST = 0.99
_HALF = 0.6


def suggest(verdict: Verdict, hints_used: int = 0, tries: int = 1) -> Rating:
    """Good for what was right without help, Hard after a hint or with too few digits, else Again.

    ``tries`` counts the answers on this variant, this one included (answers that could not be read do not count): a
    right answer after a wrong one does not raise the rating. Points ticked by the learner count by their share.
    """
    if tries > 1:
        return Rating.AGAIN
    helped = hints_used > 0
    if verdict.outcome is Outcome.CORRECT:
        return Rating.HARD if helped else Rating.GOOD
    if verdict.outcome is Outcome.ROUNDED:
        return Rating.HARD
    if verdict.outcome is Outcome.SELF_RATED and verdict.score >= _HALF:
        return Rating.GOOD if verdict.score >= _MOST and not helped else Rating.HARD
    return Rating.AGAIN


def marked_rating(verdict: Verdict, hints_used: int = 0, tries: int = 1) -> Rating:
    """The rating that is marked before the learner chooses: the suggested one.

    Where the learner judges alone and no point is ticked there is nothing to suggest from: Good, Hard after a hint.
    """
    if verdict.outcome is Outcome.SELF_RATED and not any(detail.passed for detail in verdict.details):
        return Rating.HARD if hints_used else Rating.GOOD
    return suggest(verdict, hints_used, tries)
