"""Whatever goes wrong in asking, grading and showing is told in a sentence, kept in a file, and ends nothing."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from studyapp import faults
from studyapp.cards.card import Draw
from studyapp.grading.draw import DrawError
from studyapp.grading.verdict import Outcome
from studyapp.kinds import kind_of
from studyapp.kinds.ask import ask
from studyapp.kinds.compute import ComputeCard
from studyapp.kinds.grade import MOST_TYPED, grade, reveal
from tests.kinds.bank import bundled
from tests.kinds.cards import card

KINDS = {card.kind: card for card in bundled()}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    faults.keep_in(tmp_path / "faults.log")
    return tmp_path / "faults.log"


def broken(*_: Any) -> Any:
    raise ZeroDivisionError("a fault of the app")


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_fault_in_grading_is_a_verdict_and_is_kept(
    kind: str, language: str, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = ask(KINDS[kind], 1, language)
    monkeypatch.setattr(type(kind_of(question.card)), "grade", broken)
    verdict = grade(question, "1")
    assert verdict.outcome is Outcome.INVALID, "nothing is recorded"
    assert verdict.language == language and ("could not be judged" in verdict.message) == (language == "en")
    assert KINDS[kind].id in log.read_text("utf-8") and "ZeroDivisionError" in log.read_text("utf-8")


def test_a_fault_in_asking_passes_the_card_over(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(kind_of(KINDS["compute"])), "ask", broken)
    with pytest.raises(DrawError, match=r"cannot be asked \(ZeroDivisionError"):
        ask(KINDS["compute"], 1)
    assert "asking" in log.read_text("utf-8")


def test_a_fault_in_the_solution_leaves_the_verdict(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    question = ask(KINDS["compute"], 1)
    monkeypatch.setattr(type(kind_of(question.card)), "reveal", broken)
    assert "ZeroDivisionError" in reveal(question).answer and log.exists()


def test_the_log_of_faults_stays_small_and_never_fails(tmp_path: Path) -> None:
    faults.keep_in(tmp_path / "nowhere" / "faults.log")
    faults.record(ValueError("x"), "nothing")
    faults.keep_in(tmp_path / "faults.log")
    for _ in range(60):
        faults.record(ValueError("x" * 30_000), "something")
    assert 0 < (tmp_path / "faults.log").stat().st_size < 2 * faults.MOST_BYTES


@pytest.mark.parametrize("kind", ["choice", "cloze", "compute", "formula", "order"])
@pytest.mark.parametrize("line", ["x\n", "x=", "1 ", "a;", "((", "9^", "𝑥", "\u200b", "²", "\\frac"])
def test_a_long_answer_is_refused_as_a_whole_at_once(kind: str, line: str) -> None:
    question = ask(KINDS[kind], 1)
    for length in (MOST_TYPED, MOST_TYPED + 1, 48_000):
        started = time.thread_time()
        verdict = grade(question, (line * length)[:length])
        assert verdict.outcome in (Outcome.INVALID, Outcome.WRONG) and len(verdict.message) < 1_000
        assert time.thread_time() - started < 1.0


def test_an_answer_that_takes_too_long_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studyapp.kinds.grade.MOST_SECONDS", 0.0)
    assert "too long to compute" in grade(ask(KINDS["formula"], 1), "1").message


def test_a_question_that_takes_too_long_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studyapp.kinds.compute.variant.MOST_SECONDS", 0.02)
    draws = {"big": Draw(rule="grid", arguments=(0, 1, 0.001), size=(10_000,))}
    slow = ComputeCard(id="slow-card", question="?", draw=draws, answer=" + ".join(["sum(sort(big))"] * 99))
    with pytest.raises(DrawError, match="drawing takes longer than"):
        ask(slow, 1)


TYPED = {"text": "convex", "integer": "5", "number": "0.5", "fraction": "1/3", "set": "{1, 2}", "interval": "(0, 1]",
         "yes-no": "yes"}  # fmt: skip
ODD = (
    "[[[[[[1]]]]]]", "[1e999,2]", "(-1e999, inf)", "1e999", "1e-999", "1e999/3", "9" * 2000 + "/" + "9" * 2000, "1/0",
    "{1/0}", "{" + ",".join(["1"] * 2000) + "}", "(" * 4000, "½½", "١", "1e99999999", "x < 1e999", "1e999 < x < 2",
    "nan",
    "∞ - ∞", "[1;3]", "0x10", "\x00", "\ud800", "…" * 4900, "1/" * 2000 + "3", "{" * 4000, "%" * 3000, "round(1,1e9)",
    "9^9^9^9",
)  # fmt: skip


@pytest.mark.parametrize(("form", "right"), TYPED.items())
def test_no_typed_answer_is_more_than_the_app_can_judge(form: str, right: str, log: Path) -> None:
    asked = ask(card({"id": "t", "kind": "typed", "question": "?", "answer": right, "as": form}), 1)
    assert grade(asked, right).outcome is Outcome.CORRECT
    for answer in ODD:
        started = time.thread_time()
        assert grade(asked, answer).outcome in (Outcome.INVALID, Outcome.WRONG, Outcome.CLOSE), answer
        assert time.thread_time() - started < 1.0
    assert not log.exists(), log.read_text("utf-8")
