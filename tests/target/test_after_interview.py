"""After an interview with a date ahead: which minutes help most, on which cards."""

from __future__ import annotations

import pytest

from studyapp.schedule.rating import Rating
from studyapp.services import Services
from studyapp.target.after_interview import MOST_SECONDS, BestMinutes, best_minutes
from studyapp.target.cards import source_of
from studyapp.target.target import Target
from tests.desk import Desk, ManualClock, recall_deck


@pytest.fixture
def services(desk: Desk) -> Services:
    for name in ("one", "two"):
        desk.write_deck(name, recall_deck(name, 12))
    return desk.open(new_per_day=60)


def best(services: Services, asked: list[str], poor: list[str], days: int = 10, **more: object) -> BestMinutes | None:
    today = services.store.today
    target = Target(1, today + days, 30.0, today, **more)  # type: ignore[arg-type]
    source = source_of([target], services.bank, services.store, services.topics())
    return best_minutes(target, source, asked, poor)


def ids(services: Services, deck: str) -> list[str]:
    return [entry.card_id for entry in services.bank.entries([deck])]


def test_only_cards_of_the_topics_that_went_badly_come_and_they_fit_one_sitting(services: Services) -> None:
    one, two = ids(services, "one"), ids(services, "two")
    found = best(services, [one[0], two[0]], [two[0]])
    assert found is not None and set(found.card_ids) <= set(two) and found.card_ids
    assert 0 < found.seconds <= MOST_SECONDS + 2 * 120
    assert len(found.topics) == 1


def test_where_all_went_well_all_of_its_topics_count(services: Services) -> None:
    one, two = ids(services, "one"), ids(services, "two")
    found = best(services, [one[0], two[0]], [])
    assert found is not None and set(found.card_ids) & set(one) and set(found.card_ids) & set(two)


def test_what_is_known_firmly_is_left_out(services: Services, clock: ManualClock) -> None:
    one = ids(services, "one")
    session = services.session(["one"])
    while session.turn is not None:
        session.tick({0, 1})
        clock.move(seconds=5)
        session.rate(Rating.EASY)
    before = best(services, one[:1], one[:1], days=1)
    assert before is None or set(before.card_ids) <= set(one)
    assert best(services, ["gone"], ["gone"]) is None


def test_a_weight_of_nothing_leaves_its_cards_out(services: Services) -> None:
    one = ids(services, "one")
    assert best(services, one[:1], one[:1], weights={"one": 0.0}) is None
