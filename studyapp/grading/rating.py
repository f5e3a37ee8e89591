"""The rating that a verdict suggests; the learner may choose another."""

from __future__ import annotations

from studyapp.grading.verdict import Outcome, Verdict
from studyapp.schedule.rating import Rating

_ALL = 0.99

ENOUGH = 0.6
"""A score from which a card that was not wholly right counts as remembered."""


def suggest(verdict: Verdict, hints_used: int = 0, tries: int = 1) -> Rating:
    """Good for what was right without help, Hard after a hint, with too few digits or where most was right, else Again.

    ``tries`` counts the answers on this variant, this one included (answers that could not be read do not count): a
    right answer after a wrong one does not raise the rating. Gaps, steps and parts that were right count by their
    share, and so do the points that the learner has ticked. A known mistake is a mistake.
    """
    if tries > 1:
        return Rating.AGAIN
    helped = hints_used > 0
    if verdict.outcome is Outcome.CORRECT:
        return Rating.HARD if helped else Rating.GOOD
    if verdict.outcome is Outcome.ROUNDED:
        return Rating.HARD
    if verdict.outcome is Outcome.SELF_RATED and verdict.score >= _ALL and not helped:
        return Rating.GOOD
    if verdict.outcome in (Outcome.SELF_RATED, Outcome.WRONG) and verdict.score >= ENOUGH:
        return Rating.HARD
    return Rating.AGAIN


def marked_rating(verdict: Verdict, hints_used: int = 0, tries: int = 1) -> Rating | None:
    """The rating that is marked before the learner chooses: the suggested one.

    None where the learner judges alone and has ticked none of the points yet, or has not looked at the ticks that were
    suggested: whoever passes by without a look has not remembered. A card without points cannot be judged but by its
    rating: Good, Hard after a hint.
    """
    if verdict.suggested and verdict.details:
        return None
    if verdict.outcome is Outcome.SELF_RATED and not any(detail.passed for detail in verdict.details):
        if verdict.details:
            return None
        return Rating.HARD if hints_used else Rating.GOOD
    return suggest(verdict, hints_used, tries)
