"""Letting the answers of an interview count for the schedule afterwards, once, and taking that back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from studyapp.grading.verdict import Outcome
from studyapp.interview.report import Asked
from studyapp.store.database import Store
from studyapp.store.log import AnswerRecord, Entry, Mode


class Standing(Struct, frozen=True):
    """How the answers of an interview stand in the log."""

    uncounted: tuple[AnswerRecord, ...]
    """Answers that moved no card and still can."""
    counted: tuple[int, ...]
    """The entries of the log, by their sequence, by which answers of the interview have moved their cards."""


def standing(store: Store, asked: Iterable[Asked]) -> Standing:
    """Which answers count for the schedule, and which could.

    An answer tells how well the card was remembered on its day: it can count on that study day, and as long as the
    card has not been rated since.
    """
    uncounted: list[AnswerRecord] = []
    counted: list[int] = []
    for question in asked:
        history = [entry for entry in store.history(question.card_id) if not entry.undone and entry.answer is not None]
        given = [entry for entry in history if question.seed is not None and _seed(entry) == question.seed]
        scheduled = [entry.sequence for entry in history if entry.scheduler_id is not None]
        counted += [entry.sequence for entry in given if entry.scheduler_id is not None]
        mock = next((entry for entry in given if entry.scheduler_id is None), None)
        if mock is None or mock.answer is None or mock.day != store.today or not is_judged(mock.answer):
            continue
        if not any(sequence > mock.sequence for sequence in scheduled):
            uncounted.append(mock.answer)
    return Standing(tuple(uncounted), tuple(counted))


def is_judged(answer: AnswerRecord) -> bool:
    """Whether an answer was judged: not one that the learner was to judge and did not."""
    return answer.score is not None or answer.outcome != Outcome.SELF_RATED.value


def answer_of(store: Store, question: Asked) -> AnswerRecord | None:
    """What was answered to a question of an interview; None where the log does not have it."""
    if question.seed is None:
        return None
    given = (entry for entry in store.history(question.card_id) if _seed(entry) == question.seed)
    return next((entry.answer for entry in given if not entry.undone), None)


def count_answers(store: Store, answers: Iterable[AnswerRecord]) -> Iterator[AnswerRecord]:
    """Record the answers as reviews with the rating that their verdict suggested; yields each that is on disk.

    Raises:
        StoreError: an answer could not be recorded; those before it are, and `standing` does not offer them again.
    """
    for answer in answers:
        # Time and misconception are in the log already, with the answer in the interview: they happened once.
        review = replace(answer, mode=Mode.AHEAD, duration=None, misconception=None)
        store.record(review, expected=store.state(answer.card_id))
        yield review


def take_back(store: Store, counted: Iterable[int]) -> int:
    """Undo those entries as long as they are the newest of the log; returns how many were undone.

    Raises:
        StoreError: the log could not be written.
    """
    sequences = set(counted)
    undone = 0
    while (newest := store.undoable()) is not None and newest.sequence in sequences:
        store.undo()
        undone += 1
    return undone


def _seed(entry: Entry) -> int | None:
    return entry.answer.seed if entry.answer is not None else None
