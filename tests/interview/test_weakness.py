"""How weak each card is, by the learner's answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.interview.course import UNKNOWN, Topic
from studyapp.interview.weakness import DAYS, weaknesses
from studyapp.schedule.rating import Rating
from studyapp.store.database import Store
from studyapp.store.log import AnswerRecord, Mode
from tests.desk import Desk, ManualClock, recall_deck

TOPICS = [Topic(f"{deck}-{number}", deck, "recall") for deck in ("bad", "good", "new") for number in range(3)]


@pytest.fixture
def desk(tmp_path: Path):
    desk = Desk(tmp_path, ManualClock())
    for deck in ("bad", "good", "new"):
        desk.write_deck(deck, recall_deck(deck, 3))
    yield desk
    desk.close()


def answer(store: Store, card_id: str, rating: Rating, mode: Mode = Mode.MOCK) -> None:
    store.record(AnswerRecord(card_id, rating, mode), expected=store.state(card_id))


def test_what_went_wrong_in_interviews_is_weak_and_its_deck_with_it(desk: Desk):
    store = desk.open().store
    for card_id in ("bad-0", "bad-0", "bad-1"):
        answer(store, card_id, Rating.AGAIN)
    for card_id in ("good-0", "good-0", "good-1"):
        answer(store, card_id, Rating.GOOD)
    found = weaknesses(store, TOPICS)
    assert found["bad-0"] > found["bad-1"] > found["bad-2"] > UNKNOWN
    assert found["good-0"] < found["good-1"] < found["good-2"] < UNKNOWN
    assert found["new-0"] == UNKNOWN
    assert all(0 <= weakness <= 1 for weakness in found.values())


def test_a_card_that_is_being_relearnt_is_weak_by_its_state(desk: Desk):
    store = desk.open().store
    before = weaknesses(store, TOPICS)["new-0"]
    answer(store, "new-0", Rating.AGAIN, Mode.REVIEW)
    assert weaknesses(store, TOPICS)["new-0"] > before + 0.2


def test_what_was_mended_long_ago_is_forgotten(desk: Desk):
    store = desk.open().store
    answer(store, "bad-0", Rating.AGAIN)
    desk.clock.move(days=DAYS)
    assert weaknesses(store, TOPICS)["bad-0"] == UNKNOWN
