"""Cards tagged `beyond` are held back until their topic is learnt or they are turned on, and that is told once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from studyapp.beyond import LEARNT_DAYS, CardFacts, learnt_decks, open_learnt
from studyapp.deck.topics import Topics
from studyapp.schedule.queue import Limits
from studyapp.schedule.rating import Rating
from studyapp.services import Services
from studyapp.session import Session
from tests.desk import Desk, ManualClock

UNLIMITED = Limits(None, None)
DECK = """
deck: talk
title: Small talk
cards:
  - {id: hello, kind: recall, question: Hello?, answer: Good day., points: [day]}
  - {id: further, kind: recall, question: And then?, answer: How are you., points: [you], tags: [beyond]}
  - {id: bye, kind: recall, question: Bye?, answer: Good night., points: [night]}
"""


def new_cards(services: Services) -> list[str]:
    return [card.card_id for card in services.store.queue(UNLIMITED).main if card.phase is None]


def answer_all(session: Session, clock: ManualClock, rating: Rating = Rating.EASY) -> None:
    while session.turn is not None:
        session.give_up()
        clock.move(seconds=10)
        session.rate(rating)


def opened(services: Services) -> list[tuple[str, int]]:
    return [(one.deck, one.cards) for one in open_learnt(services.bank, services.store, services.topics)]


def choose(services: Services, beyond: bool | None) -> None:
    (deck,) = services.bank.decks()
    services.bank.library.choose({deck.name: replace(deck.choice, beyond=beyond)})
    services.bank.refresh()
    services.store.use_bank(services.bank.cache_path)


def test_before_the_topic_is_learnt_they_are_neither_asked_nor_counted_nor_planned(
    desk: Desk, clock: ManualClock
) -> None:
    desk.write_deck("talk", DECK)
    services = desk.open()
    assert new_cards(services) == ["hello", "bye"]
    assert services.store.overview(UNLIMITED).total.new == services.store.overview(UNLIMITED).total.unseen == 2
    assert services.bank.decks()[0].beyond_count == 1
    assert opened(services) == []
    answer_all(services.session(), clock, Rating.GOOD)  # known for a day or two: not learnt yet
    assert opened(services) == [] and new_cards(services) == []


def test_a_learnt_topic_opens_them_once_and_they_come_in_their_place(desk: Desk, clock: ManualClock) -> None:
    desk.write_deck("talk", DECK)
    services = desk.open()
    for _ in range(4):
        answer_all(services.session(), clock)
        services.store.note_finished_decks()
        due = services.store.next_due((), clock.now)
        assert due is not None
        clock.now = due + timedelta(minutes=1)
    assert new_cards(services) == []
    assert opened(services) == [("talk", 1)]
    assert new_cards(services) == ["further"]
    assert opened(services) == []
    choose(services, None)
    assert new_cards(services) == []
    choose(services, False)
    assert opened(services) == [] and new_cards(services) == []


def test_turned_on_they_are_new_cards_and_turned_off_they_keep_their_history(desk: Desk, clock: ManualClock) -> None:
    desk.write_deck("talk", DECK)
    services = desk.open()
    choose(services, True)
    assert new_cards(services) == ["hello", "further", "bye"]
    answer_all(services.session(), clock)
    choose(services, False)
    assert len(services.store.history("further")) == 1
    due = services.store.next_due((), clock.now)
    assert due is not None
    clock.now = due + timedelta(days=30)
    assert "further" in [card.card_id for card in services.store.queue(UNLIMITED).main], "what was begun is kept up"


def test_a_card_that_gets_the_tag_or_comes_later_is_held_back_like_the_others(desk: Desk) -> None:
    desk.write_deck("talk", DECK)
    services = desk.open()
    desk.write_deck("talk", DECK.replace("points: [night]", "points: [night], tags: [beyond]"))
    services.bank.refresh()
    services.store.use_bank(services.bank.cache_path)
    assert new_cards(services) == ["hello"]
    choose(services, True)
    desk.write_deck("talk", DECK + "  - {id: more, kind: recall, question: More?, answer: No., tags: [beyond]}\n")
    services.bank.refresh()
    services.store.use_bank(services.bank.cache_path)
    assert new_cards(services) == ["hello", "further", "bye", "more"]


TOPICS = Topics({"t": "Topic", "u": "Other"}, {"t.a": "t", "u.a": "u", "t.far": "t", "only.far": "u"}, {})
FIRM, WEAK = LEARNT_DAYS, LEARNT_DAYS - 0.1


@pytest.mark.parametrize(
    ("stabilities", "learnt"),
    [
        ((FIRM,) * 10, True),
        ((FIRM,) * 9 + (0.0,), True),
        ((FIRM,) * 8 + (0.0,) * 2, False),
        ((WEAK,) * 10, False),
        ((), False),
    ],
)
def test_a_topic_is_learnt_when_nine_of_ten_of_its_cards_are_firm(stabilities: tuple[float, ...], learnt: bool) -> None:
    cards = [CardFacts("base", "t.a", False, False, stability) for stability in stabilities]
    cards += [CardFacts("further", "t.far", True, True, 0.0)] * 3
    assert learnt_decks(cards, TOPICS) == ({"further": 3} if learnt else {})


def test_a_deck_that_goes_beyond_two_topics_waits_for_both() -> None:
    cards = [CardFacts("base", "t.a", False, False, FIRM), CardFacts("base", "u.a", False, False, WEAK)]
    cards += [CardFacts("further", "t.far", True, True, 0.0), CardFacts("further", "only.far", True, True, 0.0)]
    assert learnt_decks(cards, TOPICS) == {}
    assert learnt_decks([cards[0], replace(cards[1], stability=FIRM), *cards[2:]], TOPICS) == {"further": 2}
