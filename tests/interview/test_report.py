"""The report of a mock interview: written, and read back."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studyapp.interview.course import Interview, Plan, Record, question_seed
from studyapp.interview.report import NotAReport, page_of, read_report, report, shares, to_look_at, without_mark

ENDED = datetime(2026, 3, 2, 9, 30)


def record(card_id: str, deck: str, score: float, seconds: float, title: str = "") -> Record:
    return Record(card_id, deck, "recall", title or f"Title of {card_id}", "wrong", score, seconds)


def interview_of(*records: Record, language: str = "en") -> Interview:
    interview = Interview(Plan(seed=77, language=language), "now")
    for one in records:
        interview = interview.with_record(one)
    return interview


THREE = interview_of(
    record("losses-0", "losses", 1.0, 60), record("boxes-0", "boxes", 0.0, 420), record("boxes-1", "boxes", 0.5, 480)
)


def test_it_names_weak_topics_and_what_to_look_at():
    assert [(share.name, share.score) for share in shares(THREE.records, "deck")] == [("boxes", 0.25), ("losses", 1.0)]
    assert [one.card_id for one in to_look_at(THREE.records)] == ["boxes-0", "boxes-1"]
    text = report(THREE, {"boxes": "Boxes | IoU"}, ENDED)
    assert "3 questions in 16:00, 50% of the points." in text
    assert "| Boxes \\| IoU | 2 | 25% | 7:30 |" in text
    assert "- Title of boxes-0 (`boxes-0`): wrong, 0%" in text
    assert "2. Title of boxes-0 (`boxes-0`): wrong, 0%, 7:00" in text
    assert "<!--" in text and "<!--" not in without_mark(text)


def test_it_is_read_back_with_the_worst_first_and_the_seeds_of_the_questions():
    facts = read_report(report(THREE, {"boxes": "Boxes | IoU"}, ENDED))
    assert (facts.ended, facts.questions, facts.score) == ("2026-03-02 09:30", 3, 50)
    assert facts.topics == ("Boxes | IoU", "losses")
    assert [(one.card_id, one.to_look_at) for one in facts.asked] == [
        ("boxes-0", True), ("boxes-1", True), ("losses-0", False),
    ]  # fmt: skip
    assert facts.asked[0].seed == question_seed("boxes-0", 77, 1)
    assert (facts.asked[1].title, facts.asked[1].score, facts.asked[1].time) == ("Title of boxes-1", "50%", "8:00")


def test_what_was_not_judged_is_left_out_of_the_mean():
    unjudged = Record("own", "boxes", "recall", "Title of own", "self_rated", 0.0, 30, judged=False)
    text = report(interview_of(record("half", "boxes", 0.5, 30), unjudged), {}, ENDED)
    assert "2 questions in 1:00, 50% of the points, 1 not judged." in text and "| boxes | 2 | 50% | 0:30 |" in text
    assert "Title of half (`half`): partly right, 50%" in text and "Title of own (`own`): not judged" in text
    facts = read_report(text)
    assert (facts.score, [(one.card_id, one.score) for one in facts.asked]) == (50, [("half", "50%"), ("own", "–")])
    alone = read_report(report(interview_of(unjudged), {}, ENDED))
    assert (alone.score, alone.questions, alone.topics) == (None, 1, ("boxes",))


def test_the_page_begins_with_the_score_and_names_no_ids():
    heading, page = page_of(report(THREE, {}, ENDED))
    assert heading == "Mock interview, 2026-03-02 09:30"
    assert page.startswith("**50% of the points**, 3 questions in 16:00.\n")
    assert "Title of boxes-1: partly right, 50%" in page and "`" not in page and "# Mock" not in page


def test_one_question_is_one_question():
    text = report(interview_of(record("a", "d", 1.0, 5)), {}, ENDED)
    assert "1 question in 0:05" in text and read_report(text).questions == 1


def test_notes_in_the_file_and_a_mark_that_is_gone_do_no_harm():
    text = without_mark(report(THREE, {}, ENDED)).replace("## All", "My note: (`x`)\n\n## All")
    facts = read_report("Dear diary\n\n" + text.replace("\n", "\r\n"))
    assert [one.card_id for one in facts.asked] == ["boxes-0", "boxes-1", "losses-0"]
    assert {one.seed for one in facts.asked} == {None}


@given(st.text(max_size=60), st.text(max_size=20), st.sampled_from(["en", "zh"]))
@example("What is `f(x)` (`f`)?", "A | B", "zh")
@example("# Mock interview, 2026-03-02 09:30", "| a | 1 | 1% | 1:00 |", "en")
def test_no_title_keeps_a_report_from_being_read(title: str, deck: str, language: str):
    interview = interview_of(record("a", deck, 0.0, 5, title), record("b", "other", 1.0, 5), language=language)
    facts = read_report(report(interview, {}, ENDED))
    assert (facts.questions, facts.score, facts.language) == (2, 50, language)
    assert len(facts.asked) == 2


@pytest.mark.parametrize(
    "text", ["", "# Shopping\n\n- milk", "# Mock interview\n\nNo question was answered.\n", "\0" * 99]
)
def test_anything_else_is_no_report(text: str):
    with pytest.raises(NotAReport):
        read_report(text)


def test_an_empty_interview_has_a_report():
    assert "No question" in report(interview_of(), {}, ENDED)
