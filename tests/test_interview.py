"""A mock interview without a screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.interview import (
    FOLLOW_UP,
    Interview,
    InterviewFileError,
    Plan,
    Record,
    Topic,
    from_json,
    next_card,
    report,
    shares,
    to_json,
    to_look_at,
)

TOPICS = tuple(
    Topic(f"{deck}-{number}", deck, "recall" if number % 2 else "compute")
    for deck in ("losses", "boxes", "masks")
    for number in range(6)
)


def answered(topic: Topic, score: float = 1.0, seconds: float = 30.0, leads_to: tuple[str, ...] = ()) -> Record:
    outcome = "correct" if score == 1 else "wrong"
    title = f"Title of {topic.card_id}"
    return Record(topic.card_id, topic.deck, topic.kind, title, outcome, score, seconds, "x", "", leads_to)


def played(plan: Plan, weakness: dict[str, float] | None = None, leads: dict[str, tuple[str, ...]] | None = None):
    """The cards of a whole interview in which everything is right."""
    by_id = {topic.card_id: topic for topic in TOPICS}
    interview = Interview(plan, "now")
    cards = []
    while (card_id := next_card(interview, TOPICS, weakness or {})) is not None:
        cards.append(card_id)
        interview = interview.with_record(answered(by_id[card_id], leads_to=(leads or {}).get(card_id, ())))
    return cards


@given(st.integers(0, 10_000), st.integers(1, 25))
def test_no_question_comes_twice_and_the_length_is_kept(seed, questions):
    cards = played(Plan(questions=questions, seed=seed))
    assert len(cards) == len(set(cards)) == min(questions, len(TOPICS))


def test_the_same_plan_asks_the_same_questions():
    assert played(Plan(seed=4)) == played(Plan(seed=4)) != played(Plan(seed=5))


def test_decks_and_kinds_limit_what_is_asked():
    cards = played(Plan(questions=50, decks=("boxes",), kinds=("recall",)))
    assert sorted(cards) == ["boxes-1", "boxes-3", "boxes-5"]


def test_an_interviewer_follows_up():
    leads = {topic.card_id: ("masks-5",) for topic in TOPICS}
    followed = sum(played(Plan(questions=2, seed=seed), leads=leads)[1] == "masks-5" for seed in range(300))
    assert FOLLOW_UP - 0.12 < followed / 300 < FOLLOW_UP + 0.15


def test_weak_cards_come_more_often():
    weakness = {topic.card_id: 0.0 for topic in TOPICS} | {"boxes-2": 1.0}
    first = [played(Plan(questions=1, seed=seed), weakness)[0] for seed in range(400)]
    expected = 400 * 1.25 / (17 * 0.25 + 1.25)
    assert 0.6 * expected < first.count("boxes-2") < 1.4 * expected


def test_a_subject_is_changed_after_two_questions():
    for seed in range(30):
        decks = [card.split("-")[0] for card in played(Plan(questions=9, seed=seed))]
        assert all(len(set(decks[place : place + 3])) > 1 for place in range(7))


def test_siblings_are_kept_apart():
    topics = (Topic("a", "d", "recall", "g"), Topic("b", "d", "recall", "g"), Topic("c", "d", "recall"))
    interview = Interview(Plan(), "now").with_record(answered(topics[0]))
    assert next_card(interview, topics, {}) == "c"


def test_minutes_end_the_interview_and_pauses_do_not_count():
    interview = Interview(Plan(questions=None, minutes=1), "now")
    interview = interview.with_record(answered(TOPICS[0], seconds=59))
    assert not interview.is_over and interview.seconds_left() == 1
    interview = interview.with_record(answered(TOPICS[1], seconds=2))
    assert interview.is_over and next_card(interview, TOPICS, {}) is None


def test_a_card_that_cannot_be_asked_is_passed_over():
    interview = Interview(Plan(questions=50), "now")
    for topic in TOPICS[:-1]:
        interview = interview.passing_over(topic.card_id)
    assert next_card(interview, TOPICS, {}) == TOPICS[-1].card_id


def test_a_saved_interview_comes_back_equal():
    interview = Interview(Plan(decks=("boxes",), language="zh"), "now").with_record(
        answered(TOPICS[0], leads_to=("x", "y"))
    )
    assert from_json(to_json(interview)) == interview


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"plan": {}, "started_at": 1}', "null"])
def test_a_damaged_file_is_refused(text):
    with pytest.raises(InterviewFileError):
        from_json(text)


def test_the_report_names_weak_topics_and_what_to_look_at():
    interview = Interview(Plan(), "now")
    for place, score in ((0, 1.0), (6, 0.0), (7, 0.5)):
        interview = interview.with_record(answered(TOPICS[place], score, seconds=60 * (place + 1)))
    by_deck = [(share.name, share.score) for share in shares(interview.records, "deck")]
    assert by_deck == [("boxes", 0.25), ("losses", 1.0)]
    assert [record.card_id for record in to_look_at(interview.records)] == ["boxes-0", "boxes-1"]
    text = report(interview, {"boxes": "Boxes | IoU"}, datetime(2026, 3, 2, 9, 30))
    assert "3 questions in 16:00, 50% of the points." in text
    assert "| Boxes \\| IoU | 2 | 25% | 7:30 |" in text
    assert "- Title of boxes-0 (`boxes-0`): wrong, 0%" in text


def test_an_empty_interview_has_a_report():
    assert "No question" in report(replace(Interview(Plan(), "now")), {}, datetime(2026, 3, 2))
