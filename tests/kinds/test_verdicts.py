"""Every row of verdicts.yaml: this answer to this card gets this verdict."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from studyapp.grading.question import Question
from studyapp.grading.verdict import Outcome
from studyapp.kinds.ask import ask
from studyapp.kinds.choice import ChoiceCard
from studyapp.kinds.grade import grade
from studyapp.kinds.order import OrderCard
from tests.kinds.cards import card

GROUPS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "verdicts.yaml").read_text("utf-8"))
ROWS = [
    pytest.param(group["card"], answer, wanted, id=f"{group['card']['id']}: {answer!r} is {wanted}")
    for group in GROUPS
    for wanted, answers in group["answers"].items()
    for answer in answers
]


def as_shown(question: Question, answer: str) -> str:
    """The answer with ``<2>`` replaced by the number under which the second option or step is shown."""
    if not isinstance(question.card, ChoiceCard | OrderCard):
        return answer
    return re.sub(r"<(\d)>", lambda match: str(question.arrangement.index(int(match[1]) - 1) + 1), answer)


@pytest.mark.parametrize(("fields", "answer", "wanted"), ROWS)
def test_verdict(fields: dict[str, Any], answer: str, wanted: str) -> None:
    question = ask(card(fields), seed=3)
    verdict = grade(question, as_shown(question, answer))
    outcome, _, mistake = wanted.partition(" ")
    assert (verdict.outcome, verdict.misconception or "") == (Outcome(outcome), mistake), verdict.message
    assert verdict.message, "every verdict says something"


def test_the_table_covers_every_kind_and_stays_large() -> None:
    assert len(ROWS) >= 400
    assert {group["card"]["kind"] for group in GROUPS} == {
        "recall", "explain", "cloze", "choice", "compute", "formula", "order",
    }  # fmt: skip
