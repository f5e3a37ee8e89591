"""Cards outside of a session: practice records nothing, study ahead of schedule records each rating once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from studyapp.kinds.grade import give_up, tick
from studyapp.practice import Practice, StudyAhead
from studyapp.schedule.rating import Rating
from studyapp.services import Services
from studyapp.store.errors import AnsweredElsewhere
from studyapp.store.log import Mode
from tests.desk import Desk, recall_deck

DRAWS = """
deck: draws
title: Draws
cards:
  - {id: half, kind: compute, question: "Half of {x}?", draw: {x: {integers: [2, 900000]}}, answer: x / 2}
"""
DRAWS_ZH = 'deck: draws\nlanguage: zh\ntitle: 抽数\ncards:\n  half: {question: "{x} 的一半？"}\n'


@pytest.fixture
def services(desk: Desk) -> Services:
    desk.write_deck("plain", recall_deck("plain", 3))
    desk.write_deck("draws", DRAWS)
    desk.write_deck("draws.zh", DRAWS_ZH)
    return desk.open()


def current(practice: Practice) -> str | None:
    return None if practice.question is None else practice.question.card.id


def test_what_was_not_remembered_comes_again_until_it_is(services: Services) -> None:
    practice = Practice(services.bank, ["plain-0", "plain-1", "plain-2"], "en")
    order, again = [], []
    for remembered in (False, True, False, True, False, True):
        order.append(current(practice))
        again.append(practice.go_on(remembered))
    assert order == ["plain-0", "plain-1", "plain-2", "plain-0", "plain-2", "plain-2"]
    assert again == [0, 0, 2, 0, 1, 0]
    assert (practice.question, practice.left, practice.done) == (None, 0, 6)


def test_a_round_anew_asks_other_numbers_and_another_language_the_same(services: Services) -> None:
    practice = Practice(services.bank, ["half"], "en")
    assert practice.question is not None
    first = practice.question
    practice.set_language("zh")
    assert practice.question.text == first.text.replace("Half of ", "").replace("?", " 的一半？")
    practice.go_on(remembered=False)
    assert practice.question.seed != first.seed
    assert practice.question.language == "zh"


def test_a_card_that_cannot_be_asked_is_left_out_and_told_once(services: Services) -> None:
    practice = Practice(services.bank, ["gone", "plain-0", "gone-too"], "en")
    assert current(practice) == "plain-0"
    practice.go_on(remembered=True)
    assert practice.question is None
    assert [notice.split()[0] for notice in practice.take_notices()] == ["gone", "gone-too"]
    assert practice.take_notices() == ()


def test_practice_of_nothing_is_done(services: Services) -> None:
    practice = Practice(services.bank, [], "en")
    assert (practice.question, practice.left, practice.done) == (None, 0, 0)


def ahead(services: Services, *card_ids: str) -> StudyAhead:
    return StudyAhead(Practice(services.bank, card_ids, "en"), services.store, services.clock)


def rate(study: StudyAhead, services: Services, rating: Rating, seconds: float = 7.0) -> None:
    assert study.practice.question is not None
    shown_at = services.clock() - timedelta(seconds=seconds)
    study.rate(tick(study.practice.question, {0, 1}), rating, "as typed", shown_at, hints=1)


def test_a_rating_ahead_of_schedule_gives_the_interval_that_was_shown(services: Services) -> None:
    study = ahead(services, "plain-0", "plain-1")
    shown = study.intervals()[Rating.EASY]
    rate(study, services, Rating.EASY)
    entry = services.store.history("plain-0")[0]
    state = services.store.state("plain-0")
    assert state is not None
    assert state.due_day == services.store.days.day_of(services.clock()) + shown.days
    record = entry.answer
    assert record is not None
    assert (record.mode, record.duration, record.hints, record.answer) == (Mode.AHEAD, 7_000, 1, "as typed")
    assert current(study.practice) == "plain-1"


def test_undo_takes_back_rating_after_rating_and_asks_each_card_again(services: Services) -> None:
    study = ahead(services, "plain-0", "plain-1", "plain-2")
    rate(study, services, Rating.GOOD)
    rate(study, services, Rating.AGAIN)
    taken_back = [study.undo(), study.undo()]
    assert [entry.card_id for entry in taken_back if entry] == ["plain-1", "plain-0"]
    assert current(study.practice) == "plain-0"
    assert study.practice.left == 3
    assert not study.can_undo
    assert services.store.state("plain-0") is None


def test_undo_stops_at_what_was_rated_elsewhere_since(services: Services) -> None:
    study, other = ahead(services, "plain-0", "plain-1"), ahead(services, "plain-2")
    rate(study, services, Rating.GOOD)
    rate(other, services, Rating.GOOD)
    assert study.undo() is None
    assert services.store.state("plain-0") is not None
    other.undo()
    assert study.undo() is not None


def test_a_card_that_another_instance_answers_meanwhile_is_passed(
    desk: Desk, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = ahead(services, "plain-0", "plain-1")
    second = desk.open()
    original = services.store.state

    def state_then_answer(card_id: str) -> object:
        state = original(card_id)
        rate(ahead(second, card_id), second, Rating.HARD)
        return state

    monkeypatch.setattr(services.store, "state", state_then_answer)
    with pytest.raises(AnsweredElsewhere):
        rate(study, services, Rating.EASY)
    assert current(study.practice) == "plain-1"
    assert [entry.answer.rating for entry in second.store.history("plain-0") if entry.answer] == [Rating.HARD]


def test_a_clock_that_is_put_back_gives_no_negative_time(services: Services) -> None:
    study = ahead(services, "half")
    assert study.practice.question is not None
    study.rate(give_up(study.practice.question), Rating.AGAIN, "", services.clock() + timedelta(hours=1))
    record = services.store.history("half")[0].answer
    assert record is not None
    assert record.duration == 0
