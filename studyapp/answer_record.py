"""From a question, its verdict and a rating to what is recorded: one way for all that ask cards."""

from __future__ import annotations

from datetime import timedelta

from studyapp.grading.question import Question
from studyapp.grading.verdict import Verdict
from studyapp.kinds.ask import drawn
from studyapp.schedule.rating import Rating
from studyapp.store.log import AnswerRecord, Mode


def answer_record(
    question: Question,
    verdict: Verdict,
    rating: Rating,
    answer: str,
    took: timedelta,
    *,
    mode: Mode = Mode.REVIEW,
    hints: int = 0,
    tries: int = 1,
    judged: bool = True,
) -> AnswerRecord:
    """The record of one answer.

    Args:
        took: from showing to rating; a clock that was put back counts as no time.
        hints, tries: the help it took.
        judged: False where the learner was to judge and did not: no score is recorded.
    """
    return AnswerRecord(
        card_id=question.card.id,
        rating=rating,
        mode=mode,
        outcome=verdict.outcome.value,
        score=verdict.score if judged else None,
        misconception=verdict.misconception,
        seed=question.seed,
        drawn=drawn(question),
        answer=answer,
        hints=hints,
        tries=tries,
        duration=max(0, round(took / timedelta(milliseconds=1))),
    )
