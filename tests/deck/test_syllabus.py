"""The questions of a syllabus: they are met where an answer is said in whole, and missing ones are told like points."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace

from studyapp.__main__ import run
from studyapp.cards.card import BEYOND, Card
from studyapp.deck.check import check
from studyapp.deck.reader import parse_deck
from studyapp.deck.syllabus import SAY, Demand, Syllabus, coverage, read_syllabus
from studyapp.deck.template import starter_deck
from studyapp.deck.topics import Topics
from studyapp.folders import content_folder
from studyapp.kinds import KINDS

from .decks import cloze, deck_text, write

SYLLABUS = """\
topics: [{id: cls, title: Classification, title_zh: 分类}]
points:
  - {id: cls.bce, topic: cls, point: Binary cross-entropy., ask: [definition]}
questions:
  - {id: q1, topic: cls, question: Why is there a log?, question_zh: 为什么有 log 项？, docs: ["004"]}
"""
RECALL = "id: said\nkind: recall\nquestion: Why a log?\nanswer: It turns products into sums.\ntags: [definition]"


@pytest.fixture
def syllabus(tmp_path: Path) -> Syllabus:
    return read_syllabus(write(tmp_path / "syllabus.yaml", SYLLABUS))


def cards() -> dict[str, Card]:
    """A card of each kind that names the question."""
    deck = parse_deck(starter_deck("mine"), Path("mine.yaml")).deck
    assert deck is not None
    return {card.kind: replace(card, covers=("q1",)) for card in deck.cards}


def test_a_question_demands_that_its_answer_is_said(syllabus: Syllabus) -> None:
    assert syllabus.problems == ()
    assert [(one.id, one.question_zh) for one in syllabus.questions] == [("q1", "为什么有 log 项？")]
    said = cards()["explain"]
    assert Demand("q1", "cls", SAY, (said.id,)) in coverage(syllabus, [said]).demands


@pytest.mark.parametrize("kind", KINDS)
def test_only_words_and_code_meet_it(syllabus: Syllabus, kind: str) -> None:
    met = ("q1", SAY) not in [(one.point, one.ask) for one in coverage(syllabus, [cards()[kind]]).missing]
    assert met == (kind in ("explain", "recall", "code"))


def test_a_card_beyond_the_syllabus_does_not_count(syllabus: Syllabus) -> None:
    card = replace(cards()["explain"], tags=(BEYOND,))
    assert ("q1", SAY) in [(one.point, one.ask) for one in coverage(syllabus, [card]).missing]


@pytest.mark.parametrize(
    ("covers", "figures", "missing"),
    [("[cls.bce]", "1 of 2", True), ("[cls.bce, q1]", "2 of 2", False)],
)
def test_a_missing_question_is_told_as_a_missing_point_is(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    covers: str,
    figures: str,
    missing: bool,
) -> None:
    monkeypatch.setenv("STUDYAPP_HOME", str(tmp_path / "home"))
    write(tmp_path / "syllabus.yaml", SYLLABUS)
    write(
        tmp_path / "one.yaml",
        deck_text(RECALL + f"\ncovers: {covers}", cloze("gap") + "\ntags: [definition]\ncovers: [q1]", name="one"),
    )
    assert run(["check", str(tmp_path)]) == 0
    told = capsys.readouterr().err
    assert f"{figures} points, errata and questions covered in full (definition 1/1, say {int(not missing)}/1)" in told
    assert ("not covered: q1 (say)" in told) == missing


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("topic: cls, question", "topic: clss, question", "unknown-topic"),
        ("question: Why is there a log?, ", "", "missing-key"),
        ("question_zh", "qestion_zh", "unknown-key"),
    ],
)
def test_mistakes_in_a_question_are_found(tmp_path: Path, old: str, new: str, code: str) -> None:
    assert old in SYLLABUS
    problems = read_syllabus(write(tmp_path / "syllabus.yaml", SYLLABUS.replace(old, new))).problems
    assert [problem.code for problem in problems] == [code]


def test_a_question_that_does_not_exist_is_told_where_a_card_names_it(tmp_path: Path) -> None:
    write(tmp_path / "syllabus.yaml", SYLLABUS)
    write(tmp_path / "one.yaml", deck_text(RECALL + "\ncovers: [q2]", name="one"))
    (problem,) = check([tmp_path]).problems
    assert (problem.code, problem.path.name) == ("unknown-point", "one.yaml")


def test_a_card_that_names_only_a_question_counts_in_its_topic(tmp_path: Path) -> None:
    topics = Topics.read(write(tmp_path / "syllabus.yaml", SYLLABUS), {"one": "One"})
    assert [(topic.name, topic.title) for topic in topics.of("one", " q1 ")] == [("cls", "Classification")]


@cache
def bank() -> tuple[Syllabus, tuple[Card, ...]]:
    """The bundled syllabus and the cards that count for it."""
    cards = [card for card, _, _ in check([content_folder()]).cards() if BEYOND not in card.tags]
    return read_syllabus(content_folder() / "syllabus.yaml"), tuple(cards)


def test_each_of_the_133_questions_of_the_documents_is_asked_by_a_card_with_a_rubric_or_tests() -> None:
    plan, cards = bank()
    assert [question.id for question in plan.questions] == [f"q{number:03}" for number in range(1, 134)]
    unasked = [
        question.id
        for question in plan.questions
        if not any(
            question.id in card.covers and (card.kind == "code" or len(getattr(card, "points", ())) > 1)
            for card in cards
            if card.kind in ("explain", "recall", "code")
        )
    ]
    assert unasked == []


def test_every_question_is_worded_in_both_languages() -> None:
    assert [one.id for one in bank()[0].questions if not one.question or not one.question_zh] == []


def test_a_question_moves_no_card_to_a_topic_that_it_does_not_teach() -> None:
    """The figures by topic are those of the points."""
    plan, cards = bank()
    topic_of, questions = plan.topic_of, {question.id for question in plan.questions}
    moved = {
        card.id: name
        for card in cards
        for name in card.covers
        if name in questions and topic_of[name] not in {topic_of[one] for one in card.covers if one not in questions}
    }
    assert moved == {}
