"""A session with a target: what adds most until the day is asked, until the day's minutes are used."""

from __future__ import annotations

import pytest

from studyapp.schedule.rating import Rating
from studyapp.services import Services
from studyapp.session import Session
from studyapp.target.cards import source_of
from studyapp.target.outlook import closed, missed_days, outlook
from studyapp.target.target import Target, Targets, load, save
from tests.desk import Desk, ManualClock, recall_deck


def set_target(services: Services, days: int = 10, minutes: float = 10, **more: object) -> Target:
    present = load(services.folders.targets)
    today = services.store.today
    present = present.with_new(today, day=today + days, minutes=minutes, **more)
    save(services.folders.targets, present)
    return present.targets[-1]


def study(
    session: Session, clock: ManualClock, seconds: float, rating: Rating = Rating.GOOD, most: int = 500
) -> list[str]:
    asked = []
    while session.turn is not None and len(asked) < most:
        asked.append(session.turn.card.id)
        clock.move(seconds=seconds)
        session.tick({0, 1})
        session.rate(Rating.GOOD)
    return asked


@pytest.fixture
def services(desk: Desk) -> Services:
    desk.write_deck("plain", recall_deck("plain", 60))
    return desk.open(new_per_day=5)


def test_without_a_target_all_stays_as_it_is(services: Services, clock: ManualClock) -> None:
    assert services.planner() is None
    session = services.session()
    assert not session.planned
    assert len(set(study(session, clock, 5))) == 5


def test_the_limit_of_new_cards_does_not_hold_a_target_back(services: Services, clock: ManualClock) -> None:
    set_target(services, minutes=10)
    session = services.session()
    assert session.planned
    asked = study(session, clock, 15)
    assert len(set(asked)) > 15
    assert 600 <= session.summary().seconds < 600 + 3 * 15 * 20, "learning cards are finished, nothing else is begun"


def test_after_todays_minutes_a_new_session_asks_what_is_due(services: Services, clock: ManualClock) -> None:
    set_target(services, minutes=2)
    study(services.session(), clock, 30)
    later = services.session()
    assert not later.planned


def test_time_that_is_left_asks_what_else_is_worth_it(services: Services, clock: ManualClock) -> None:
    """Answers that come faster than believed leave time: more cards are asked than were chosen at first."""
    set_target(services, minutes=5)
    planner = services.planner()
    assert planner is not None
    first = planner.plan().card_ids
    asked = study(services.session(), clock, 2)
    assert len(first) < len(set(asked))


def test_a_day_off_and_other_decks_ask_as_always(services: Services, desk: Desk, clock: ManualClock) -> None:
    weekday = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[(services.store.today - 1) % 7]
    set_target(services, days_off=(weekday,))
    assert services.planner() is None
    set_target(services)
    assert services.planner() is not None
    assert not services.session(("plain",)).planned


def test_a_card_that_two_targets_want_is_asked_once(services: Services) -> None:
    set_target(services, days=3, minutes=10)
    set_target(services, days=9, minutes=10)
    planner = services.planner()
    assert planner is not None
    planned = planner.plan()
    assert len(planned.card_ids) == len(set(planned.card_ids))
    assert planned.seconds == 1200


def test_undo_gives_the_time_back(services: Services, clock: ManualClock) -> None:
    set_target(services, minutes=1)
    session = services.session()
    first = session.turn
    assert first is not None
    clock.move(seconds=90)
    session.tick({0})
    session.rate(Rating.GOOD)
    assert session.counts.new == 0
    session.undo()
    assert session.turn is not None
    assert session.turn.card.id == first.card.id
    assert session.counts.new > 1


def test_answers_count_for_the_schedule_and_the_outlook_rises(services: Services, clock: ManualClock) -> None:
    target = set_target(services, minutes=10)

    def plan() -> tuple[float, float]:
        one = outlook(target, source_of([target], services.bank, services.store, services.topics()), thorough=False)
        return one.nothing_more.mean, one.minutes_today

    before, minutes = plan()
    study(services.session(), clock, 20)
    after, left = plan()
    assert (before, minutes, left) == (0.0, 10.0, 0.0)
    assert after > 0.1
    assert services.store.state("plain-0") is not None


def test_days_without_an_answer_are_counted_but_not_days_off(services: Services, clock: ManualClock) -> None:
    target = set_target(services, days=30)

    def missed(one: Target) -> int:
        return missed_days(one, source_of([one], services.bank, services.store, services.topics()))

    study(services.session(), clock, 20, most=3)
    assert missed(target) == 0
    clock.move(days=5)
    assert missed(target) == 4
    yesterday = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[(services.store.today - 2) % 7]
    assert missed(Target(1, target.day, 10, target.since, days_off=(yesterday,))) == 3


def test_what_came_of_a_past_target_is_kept(services: Services, clock: ManualClock) -> None:
    target = set_target(services, days=2)
    study(services.session(), clock, 20)
    clock.move(days=3)
    present = load(services.folders.targets)
    source = source_of(present.targets, services.bank, services.store, services.topics())
    (over,) = closed(present, source).targets
    assert over.ended == target.day
    assert over.came is not None and 0.1 < over.came < 1.0
    assert closed(Targets((over,)), source).targets == (over,), "it is closed once"


def test_damaged_targets_let_the_session_go_on(services: Services) -> None:
    set_target(services)
    services.folders.targets.write_text("{", "utf-8")
    assert not services.session().planned
