"""What is said of a question is in its language throughout, and follows when the language is switched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studyapp import losses
from studyapp.grading.question import Question, fill_text
from studyapp.grading.solution import Reveal
from studyapp.grading.verdict import Outcome, Verdict
from studyapp.kinds.ask import ask
from studyapp.kinds.cloze import ClozeCard
from studyapp.kinds.cloze.gaps import filled
from studyapp.kinds.code import CodeCard
from studyapp.kinds.code.grading import judge_run
from studyapp.kinds.code.inputs import trials
from studyapp.kinds.code.runner import Call, Run
from studyapp.kinds.grade import give_up, grade, regrade, reveal, tick
from tests.kinds.cards import card
from tests.kinds.test_verdicts import GROUPS, as_shown
from tests.locale.pseudo import pseudo_language

ROWS = [(group["card"], answer) for group in GROUPS for answers in group["answers"].values() for answer in answers]
KINDS = sorted({group["card"]["kind"] for group in GROUPS})
LOSSES = sorted((losses.get(name).title for name in losses.names()), key=len, reverse=True)

_ENGLISH = re.compile(r"[A-Za-z]{2,}(?:[ ,;:]+[A-Za-z]{2,})+")
_CODE_AND_FORMULAS = re.compile(r"`[^`]*`|\$[^$]*\$")


def written(value: Any) -> Iterator[str]:
    """All texts of a card."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from written(one)
    elif isinstance(value, list):
        for one in value:
            yield from written(one)


def english_in(text: str, question: Question, fields: dict[str, Any], answer: str = "") -> list[str]:
    """Two or more English words in a row that neither the card, nor the learner, nor a name of a loss accounts for."""
    own = [*written(fields), *LOSSES, answer, *answer.split("\n"), *re.split(r"[;；\n]", answer)]
    if isinstance(question.card, ClozeCard):
        own.append(filled(question.card.text).replace("**", ""))
    else:
        own += [fill_text(one, target.values) for one in written(fields) for target in question.targets if "{" in one]
    text = text.replace("**", "")
    for one in sorted({one.strip() for one in own if " " in one.strip()}, key=len, reverse=True):
        text = text.replace(one, "…")
    return _ENGLISH.findall(_CODE_AND_FORMULAS.sub("…", text))


def all_said(verdict: Verdict) -> str:
    """Everything that is shown of a verdict."""
    return "\n".join((verdict.headline, verdict.message, *(one.line(verdict.language) for one in verdict.details)))


def all_shown(shown: Reveal) -> str:
    return "\n".join((shown.answer, shown.solution, *shown.points, *shown.notes))


def untranslated(kind: str, language: str) -> list[str]:
    """What is said in English of the questions of a kind, of all answers in the table, and of the right ones."""
    found = []
    for group in GROUPS:
        fields = group["card"]
        if fields["kind"] != kind:
            continue
        question = ask(card(fields), 3, language)
        said = {"": "\n".join((question.prompt, all_shown(reveal(question)), all_said(give_up(question))))}
        for answer in (as_shown(question, one) for answers in group["answers"].values() for one in answers):
            verdict = grade(question, answer)
            assert verdict.language == language
            said[answer] = all_said(verdict)
        found += [text for answer, text in said.items() if english_in(text, question, fields, answer)]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_all_that_is_said_of_a_chinese_question_is_chinese(kind: str) -> None:
    assert untranslated(kind, "zh") == []


@pytest.mark.parametrize("kind", KINDS)
def test_all_that_is_said_of_a_question_is_in_the_catalogue(kind: str, tmp_path: Path) -> None:
    with pseudo_language(tmp_path) as language:
        assert untranslated(kind, language) == []


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_chinese_headline(outcome: Outcome) -> None:
    assert re.search(r"[\u4e00-\u9fff]", Verdict(outcome, language="zh").headline)
    assert Verdict(Outcome.WRONG, 0.5, language="zh").headline == "◐ 部分正确（50%）"


def test_the_English_of_this_test_is_found() -> None:
    fields = GROUPS[0]["card"]
    english = ask(card(fields), 3)
    assert english_in(all_said(grade(english, "0.560")), english, fields), "an English verdict would not pass"


@pytest.mark.parametrize("kind", KINDS)
def test_a_verdict_follows_the_language_of_its_question(kind: str) -> None:
    for fields, answer in [row for row in ROWS if row[0]["kind"] == kind][::7]:
        english, chinese = ask(card(fields), 3), ask(card(fields), 3, "zh")
        answer = as_shown(english, answer)
        first = grade(english, answer)
        switched = regrade(chinese, answer, first)
        back = regrade(english, answer, switched)
        assert (switched.outcome, switched.score, switched.misconception) == (
            first.outcome,
            first.score,
            first.misconception,
        )
        assert switched.language == "zh" and back.headline == first.headline
        if first.outcome is not Outcome.SELF_RATED:
            assert (switched, back) == (grade(chinese, answer), first)
        else:
            assert [one.passed is True for one in back.details] == [one.passed is True for one in first.details]


def test_ticked_points_are_kept_when_the_language_is_switched() -> None:
    fields = next(group["card"] for group in GROUPS if group["card"]["kind"] == "explain")
    english, chinese = ask(card(fields), 1), ask(card(fields), 1, "zh")
    switched = regrade(chinese, "", tick(english, {1}))
    assert switched == tick(chinese, {1}) and switched.message == "3 个要点中答到 1 个。"


CODE: dict[str, Any] = {
    "id": "code-mae", "kind": "code", "question": "Write MAE.", "signature": "def mae(y, p)", "reference": "mae",
    "draw": {"y": {"grid": [-2, 2, 0.5], "size": 3}, "p": {"grid": [-2, 2, 0.5], "size": 3}},
    "cases": [{"args": [[1.0], [1.0]], "why": "nothing to pay"}],
    "wrong": [{"id": "sum", "value": "sum(abs(y - p))", "say": "That is the sum."}],
}  # fmt: skip


def a_value(value: float) -> dict[str, Any]:
    return {"kind": "value", "value": value, "shape": [], "dtype": "float64", "type": "float"}


def every(result: dict[str, Any] | None = None, failure: dict[str, Any] | None = None, **more: Any) -> Run:
    """A run in which every call came to the same."""
    calls = (Call(number, result, failure, **more) for number in range(len(trials(_code_card(), 1))))
    return Run(tuple(calls), loaded=True)


def _code_card() -> CodeCard:
    made = card(CODE)
    assert isinstance(made, CodeCard)
    return made


RUNS = {
    "wrong numbers": every(a_value(123.0)),
    "argument changed": every(a_value(123.0), changed=(0,)),
    "complex": every({"kind": "complex"}),
    "a list": every({"kind": "list"}),
    "none": every({"kind": "None"}),
    "too large": every({"kind": "too large", "shape": [2, 3]}),
    "an error": every(failure={"error": "ValueError", "message": "?", "line": 2}),
    "a bare error": every(failure={"error": "KeyError", "message": "", "line": 2}),
    "no memory": every(failure={"error": "MemoryError", "message": "", "line": 2}),
    "no end": every(failure={"timeout": True, "line": 2}),
    "no end, nobody knows where": every(failure={"timeout": True, "line": None}),
    "does not load": Run(fatal={"error": "NameError", "message": "?", "line": 1}),
    "loads forever": Run(fatal={"timeout": True, "line": 1}),
    "left early": Run(loaded=True, ended="", calls=(Call(0, a_value(1.0), None),), printed="hello"),
}


@pytest.mark.parametrize("run", [pytest.param(run, id=name) for name, run in RUNS.items()])
def test_a_verdict_on_code_is_chinese(run: Run) -> None:
    made = _code_card()
    question = ask(made, 1, "zh")
    verdict = regrade(question, "", judge_run(made, trials(made, 1), run))
    said = all_said(verdict)
    assert verdict.language == "zh" and not english_in(said, question, CODE), said
    assert re.search(r"[\u4e00-\u9fff]", verdict.message)


@pytest.mark.parametrize(
    "source",
    ["", "def mae(y, p):\n  return +", "import os\ndef mae(y, p): pass", "def other(): pass", "x = 1",
     "async def mae(y, p): pass", "def mae(): pass"],
)  # fmt: skip
def test_code_that_cannot_run_is_told_so_in_chinese(source: str) -> None:
    question = ask(card(CODE), 1, "zh")
    verdict = grade(question, source)
    assert verdict.outcome is Outcome.INVALID
    assert not english_in(verdict.message, question, CODE, source)


def test_a_mistake_in_code_is_named_in_the_words_of_the_card_that_is_shown_now() -> None:
    tries = trials(_code_card(), 1)
    sums = (abs(np.subtract(one.arguments["y"], one.arguments["p"])).sum() for one in tries)
    run = Run(tuple(Call(number, a_value(float(value)), None) for number, value in enumerate(sums)), loaded=True)
    english = judge_run(_code_card(), tries, run)
    assert (english.message, english.details[0].label) == ("That is the sum.", "value")
    chinese = dict(CODE, wrong=[dict(CODE["wrong"][0], say="这是总和。")])
    switched = regrade(ask(card(chinese), 1, "zh"), "", english)
    assert (switched.message, switched.details[0].label) == ("这是总和。", "数值")
