"""“I was right”: a refused answer in words counts, is recorded as right, and is right on that card from then on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from studyapp.grading.verdict import Outcome
from studyapp.own_answers import OwnAnswers
from studyapp.schedule.rating import Rating
from studyapp.session import Session
from studyapp.store.errors import StoreError
from tests.desk import Desk

DECK = """
deck: words
title: Words
cards:
  - {id: gap, kind: cloze, text: "The middle one is the {{median}}."}
  - {id: name, kind: typed, question: The middle one?, answer: median}
  - {id: count, kind: typed, question: "5!?", answer: "120", as: integer}
  - {id: sum, kind: compute, question: "{x} + 1?", draw: {x: {integers: [2, 9]}}, answer: x + 1}
  - {id: pick, kind: choice, question: Which?, options: [{text: a, correct: true}, {text: b}]}
"""


@pytest.fixture
def session(desk: Desk) -> Session:
    desk.write_deck("words", DECK)
    return desk.open().session()


def at(session: Session, card_id: str) -> None:
    while session.turn is not None and session.turn.card.id != card_id:
        session.bury()
    assert session.turn is not None


@pytest.mark.parametrize("card_id", ["gap", "name"])
def test_a_refused_answer_counts_from_then_on(session: Session, desk: Desk, card_id: str) -> None:
    at(session, card_id)
    assert not session.may_be_right
    refused = session.answer("the 50th percentile")
    assert refused.outcome is Outcome.WRONG and session.may_be_right
    verdict = session.was_right()
    turn = session.turn
    assert turn is not None and turn.counted is verdict and turn.suggested is Rating.GOOD
    assert (verdict.outcome, verdict.score, verdict.misconception) == (Outcome.CORRECT, 1.0, None)
    session.rate(Rating.GOOD)
    entry = desk.opened[-1].store.undoable()
    assert entry is not None and entry.answer is not None and entry.answer.outcome == "correct"

    desk.close()
    later = desk.open().session()
    desk.clock.move(days=30)
    later.refresh()
    at(later, card_id)
    assert later.answer("the  50th percentile ").by_own_word
    at(later, card_id)


def test_once_more_takes_it_back(session: Session, desk: Desk) -> None:
    at(session, "gap")
    refused = session.answer("quartile")
    session.was_right()
    assert session.was_right() == refused and session.turn is not None
    assert session.turn.suggested is Rating.AGAIN
    assert OwnAnswers(desk.folders.own_answers).all() == {}


def test_another_language_says_the_same(session: Session) -> None:
    at(session, "gap")
    session.answer("quartile")
    session.was_right()
    assert session.turn is not None and session.turn.verdict is not None
    assert session.turn.verdict.outcome is Outcome.CORRECT


@pytest.mark.parametrize(
    ("card_id", "answers"),
    [("count", ["7"]), ("sum", ["100"]), ("pick", ["2"]), ("gap", ["median"]), ("gap", [""]), ("gap", ["x", "y"])],
)
def test_only_a_first_refused_answer_in_words_can_be(session: Session, card_id: str, answers: list[str]) -> None:
    at(session, card_id)
    for answer in answers:
        session.answer(answer)
    assert not session.may_be_right
    with pytest.raises(ValueError, match="only an answer in words"):
        session.was_right()


def test_what_cannot_be_written_changes_nothing(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    at(session, "gap")
    refused = session.answer("quartile")

    def full(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("studyapp.deck.atomic.os.fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        session.was_right()
    assert session.turn is not None and session.turn.counted is refused


def test_a_file_that_cannot_be_read_is_put_aside(tmp_path: Path) -> None:
    path = tmp_path / "accepted.json"
    path.write_text("{cut off")
    own = OwnAnswers(path)
    assert own.all() == {} and not path.exists()
    own.add("gap", "Quartil")
    assert own.accepts("gap", "Quartil") and not own.accepts("gap", "quartil") and not own.accepts("name", "Quartil")
