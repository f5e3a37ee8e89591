"""The course of a mock interview: which question comes when."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from studyapp.interview.course import FOLLOW_UP, Interview, OnTable, Plan, Record, Topic, eligible, next_card, title_of

TOPICS = tuple(
    Topic(f"{deck}-{number}", deck, "recall" if number % 2 else "compute")
    for deck in ("losses", "boxes", "masks")
    for number in range(6)
)


def answered(topic: Topic, seconds: float = 30.0, leads_to: tuple[str, ...] = ()) -> Record:
    return Record(topic.card_id, topic.deck, topic.kind, "Title", "correct", 1.0, seconds, "x", "", leads_to)


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


def test_only_a_hard_interview_asks_what_is_held_back():
    topics = (TOPICS[0], replace(TOPICS[1], held=True))
    assert eligible(topics, Plan()) == [TOPICS[0]]
    assert eligible(topics, Plan(hard=True)) == list(topics)


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


def test_minutes_end_the_interview():
    interview = Interview(Plan(questions=None, minutes=1), "now")
    interview = interview.with_record(answered(TOPICS[0], seconds=59))
    assert not interview.is_over and interview.seconds_left() == 1
    assert interview.seconds_left(on_question=5) == 0
    interview = interview.with_record(answered(TOPICS[1], seconds=2))
    assert interview.is_over and next_card(interview, TOPICS, {}) is None


def test_questions_and_minutes_together_end_with_whichever_comes_first():
    short = Interview(Plan(questions=2, minutes=10), "now")
    assert short.with_record(answered(TOPICS[0])).with_record(answered(TOPICS[1])).is_over
    assert short.with_record(answered(TOPICS[0], seconds=600)).is_over
    assert not short.with_record(answered(TOPICS[0])).is_over


def test_the_question_on_the_table_comes_back_whatever_has_become_weak():
    interview = Interview(Plan(), "now").with_record(answered(TOPICS[0]))
    for topic in TOPICS[1:]:
        waiting = replace(interview, on_table=OnTable(topic.card_id, 3.0))
        assert next_card(waiting, TOPICS, {"boxes-2": 1.0}) == topic.card_id
    assert waiting.with_record(answered(TOPICS[5])).on_table is None
    assert next_card(waiting, TOPICS[:6], {}) in {topic.card_id for topic in TOPICS[1:6]}, "it is gone from the decks"


def test_a_card_that_cannot_be_asked_is_passed_over():
    interview = Interview(Plan(questions=50), "now")
    for topic in TOPICS[:-1]:
        interview = interview.passing_over(topic.card_id)
    assert next_card(interview, TOPICS, {}) == TOPICS[-1].card_id


def test_it_says_how_far_it_has_come():
    one = Interview(Plan(questions=5), "now").with_record(answered(TOPICS[0]))
    assert one.answered() == "1 of 5 questions answered"
    assert replace(one, plan=Plan(questions=None, minutes=10)).answered() == "1 question answered"


def test_a_title_is_one_line_and_cuts_no_formula():
    assert title_of("What is\n$$a+b$$\nhere?") == "What is $a+b$ here?"
    assert title_of("x" * 300) == "x" * 119 + "…"
    assert title_of("x" * 110 + " $a + b + c + d$") == "x" * 110 + "…"
