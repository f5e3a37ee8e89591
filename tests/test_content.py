"""The bundled bank: complete, sound in both languages, and not answerable by the look of the options."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from studyapp.cards.card import Card
from studyapp.deck.check import CheckedDeck, CheckReport, check
from studyapp.deck.overlay import fit
from studyapp.folders import content_folder
from studyapp.grading.rubric import evidence
from studyapp.kinds import KINDS
from studyapp.kinds.choice import ChoiceCard
from studyapp.kinds.explain import ExplainCard
from studyapp.kinds.prove import illegible, prove
from studyapp.kinds.recall import RecallCard


@cache
def report() -> CheckReport:
    return check([content_folder()])


def decks() -> tuple[CheckedDeck, ...]:
    return report().decks


def cards_in(language: str) -> list[Card]:
    """Every card of the bank, in a language."""
    found = []
    for deck in decks():
        overlay = next((one for one in deck.overlays if one.language == language), None)
        for card in deck.cards:
            found.append((fit(card, overlay)[0] if overlay else None) or card)
    return found


def choices(language: str = "en") -> list[ChoiceCard]:
    """The choice cards with one right option, in a language."""
    return [card for card in cards_in(language) if isinstance(card, ChoiceCard) and not card.multiple]


def rubrics(language: str) -> list[RecallCard | ExplainCard]:
    """The recall and explain cards, in a language."""
    return [card for card in cards_in(language) if isinstance(card, RecallCard | ExplainCard)]


def test_the_check_finds_nothing() -> None:
    assert [str(problem) for problem in report().problems] == []


def test_every_point_is_asked_in_every_way_that_it_calls_for_every_mistake_mended_and_every_question_asked() -> None:
    coverage = report().coverage
    assert coverage is not None
    assert coverage.points[1] == 104 + 31 + 133
    assert [(demand.point, demand.ask) for demand in coverage.missing] == []


def test_every_card_is_complete_in_chinese() -> None:
    incomplete = {count.deck: count.missing for count in report().translations if count.missing}
    assert incomplete == {}
    assert {count.deck for count in report().translations if count.language == "zh"} == {deck.name for deck in decks()}


def test_all_kinds_are_there() -> None:
    assert {card.kind for deck in decks() for card in deck.cards} == set(KINDS)


def test_every_card_says_what_it_covers_and_where_that_is_from() -> None:
    bare = [card.id for deck in decks() for card in deck.cards if not card.covers or not card.source]
    assert bare == []


@pytest.mark.parametrize("deck", decks(), ids=lambda deck: deck.name)
def test_the_cards_of_a_deck_hold_and_can_be_read(deck: CheckedDeck) -> None:
    """A few variants of each; `studyapp check` tries two hundred."""
    found = [(card.id, problem) for card in deck.cards for problem in (*prove(card, 3), *illegible(card))]
    for overlay in deck.overlays:
        translated = [one for card in deck.cards if (one := fit(card, overlay)[0])]
        found += [(card.id, problem) for card in translated for problem in illegible(card)]
    assert found == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_right_option_is_not_told_by_its_length(language: str) -> None:
    """Strictly the longest in no more cards than chance would make it."""
    cards = choices(language)
    fair = sum(1 / len(card.options) for card in cards)
    longest = 0
    for card in cards:
        lengths = [len(option.text) for option in card.options]
        right = next(place for place, option in enumerate(card.options) if option.correct)
        longest += lengths[right] == max(lengths) and lengths.count(max(lengths)) == 1
    assert longest <= fair


def test_the_right_option_stands_in_each_place_about_equally_often() -> None:
    """Chi-squared over the written places of four options: 11.34 is passed by chance in 1 of 100 banks."""
    places = Counter(
        next(place for place, option in enumerate(card.options) if option.correct)
        for card in choices()
        if len(card.options) == 4
    )
    expected = places.total() / 4
    assert sum((places[place] - expected) ** 2 / expected for place in range(4)) < 11.34


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_model_answer_says_every_point_of_its_rubric(language: str) -> None:
    unsaid = [
        (card.id, point.text)
        for card in rubrics(language)
        for point in card.points
        if not evidence(point, card.answer, card.question)
    ]
    assert unsaid == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_question_typed_back_says_no_point_of_its_rubric(language: str) -> None:
    echoed = [
        (card.id, point.text)
        for card in rubrics(language)
        for point in card.points
        if evidence(point, card.question, card.question)
    ]
    assert echoed == []


def test_next_questions_lead_on_without_going_in_circles_of_one() -> None:
    for deck in decks():
        for card in deck.cards:
            assert card.id not in card.leads_to
