"""Letting the answers of an interview count for the schedule afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studyapp.interview.counting import answer_of, count_answers, standing, take_back
from studyapp.interview.report import Asked
from studyapp.schedule.rating import Rating
from studyapp.store.database import Store
from studyapp.store.log import AnswerRecord, Mode
from tests.desk import Desk, ManualClock, recall_deck


def asked(card_id: str, seed: int | None) -> Asked:
    return Asked(card_id, seed, True, "Title", "0%", "0:09")


ASKED = tuple(asked(f"card-{number}", 100 + number) for number in range(3))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path, ManualClock())
    desk.write_deck("card", recall_deck("card", 3))
    yield desk
    desk.close()


@pytest.fixture
def store(desk: Desk) -> Store:
    """A log in which the three cards were asked in an interview."""
    store = desk.open().store
    for number, rating in enumerate((Rating.AGAIN, Rating.HARD, Rating.GOOD)):
        given = AnswerRecord(
            f"card-{number}", rating, Mode.MOCK, "self_rated", 0.5, "a-mistake", 100 + number, "{}", "text", duration=9
        )
        store.record(given, expected=None)
    return store


def count_all(store: Store) -> int:
    return len(list(count_answers(store, standing(store, ASKED).uncounted)))


def test_answers_count_once_with_the_rating_that_the_verdict_suggested(store: Store):
    assert [answer.rating for answer in standing(store, ASKED).uncounted] == [Rating.AGAIN, Rating.HARD, Rating.GOOD]
    assert count_all(store) == 3
    assert all(store.state(one.card_id) is not None for one in ASKED)
    found = standing(store, ASKED)
    assert not found.uncounted and len(found.counted) == 3
    assert count_all(store) == 0
    newest = store.history("card-2")[-1].answer
    assert newest is not None and (newest.mode, newest.rating) == (Mode.AHEAD, Rating.GOOD)
    assert newest.duration is None and newest.misconception is None, "they are in the log once already"


def test_counting_is_taken_back_and_can_be_done_again(store: Store):
    count_all(store)
    assert take_back(store, standing(store, ASKED).counted) == 3
    assert all(store.state(one.card_id) is None for one in ASKED)
    assert answer_of(store, ASKED[0]) is not None, "the answers of the interview are still there"
    assert count_all(store) == 3


def test_what_happened_since_is_not_undone(store: Store):
    count_all(store)
    store.record(AnswerRecord("card-0", Rating.GOOD), expected=store.state("card-0"))
    assert take_back(store, standing(store, ASKED).counted) == 0


def test_a_card_that_was_rated_since_counts_no_more(store: Store):
    store.record(AnswerRecord("card-0", Rating.GOOD), expected=None)
    assert [answer.card_id for answer in standing(store, ASKED).uncounted] == ["card-1", "card-2"]


def test_an_answer_counts_on_its_day_only(store: Store, desk: Desk):
    desk.clock.move(days=1)
    assert standing(store, ASKED).uncounted == ()


def test_answers_of_another_interview_or_none_are_left_alone(store: Store):
    assert standing(store, [asked("card-0", 5), asked("card-1", None)]).uncounted == ()
    assert answer_of(store, asked("card-0", 5)) is None
    assert standing(store, [asked("unknown", 1)]).counted == ()


def test_answers_that_counted_from_the_start_do_not_count_again(store: Store):
    given = AnswerRecord("card-0", Rating.GOOD, Mode.AHEAD, seed=500)
    store.record(given, expected=store.state("card-0"))
    found = standing(store, [asked("card-0", 500)])
    assert found.uncounted == () and len(found.counted) == 1
