"""Proof of a code card: the solution's own code is right, every named mistake is recognised."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np

from studyapp.formula import parse
from studyapp.grading.proof import Proof
from studyapp.grading.question import Question
from studyapp.grading.verdict import Outcome
from studyapp.kinds.code.card import CodeCard
from studyapp.kinds.code.grading import judge_cases_run, judge_run
from studyapp.kinds.code.inputs import Trial, trials
from studyapp.kinds.code.runner import Call, Run, run_function
from studyapp.kinds.code.source import check_source, read_signature
from studyapp.locale.message import Message

_WHAT_CASES_EXPECT = Message("what the cases expect")
_SEED_REFERENCE = Message("seed {seed}: the reference")
_STARTER_CODE_CANNOT_RUN = Message("the starter code cannot be run: {message}")
_SEED = Message("seed {seed}: ")
_CODE_SOLUTION = Message("the code of the solution")
_STARTER_CODE_GRADED_CORRECT = Message("the starter code is graded correct as it stands")

_SEEDS_A_RUN = 40


def prove_code(card: CodeCard, question: Question, proof: Proof) -> None:
    """Of every seed the inputs can be drawn and declared mistakes are told apart; the solution's own code is right."""
    try:
        signature = read_signature(card.signature)
    except ValueError as error:
        proof.add("expression", str(error))
        return
    if not card.reference:
        _prove_cases(card, question, proof)
        return
    if card.starter and (problem := check_source(card.starter, signature)) is not None:
        proof.add("text", _STARTER_CODE_CANNOT_RUN(message=problem.message))
    if card.starter.strip():
        _prove_source(card, card.starter, [trials(card, 0)], Outcome.WRONG, proof)
    all_tries = [trials(card, seed) for seed in range(proof.seeds)]
    for seed, tries in enumerate(all_tries):
        _prove_code_mistakes(card, seed, tries, proof)
        if proof.enough:
            return
    source = code_in(card.solution, signature.name)
    if source is not None:
        _prove_source(card, source, all_tries, Outcome.CORRECT, proof)
    if card.solution_code.strip() and proof.run_solutions:
        _prove_source(card, card.solution_code, all_tries, Outcome.CORRECT, proof)
    proof.blank(question)
    proof.texts(question)


def _prove_cases(card: CodeCard, question: Question, proof: Proof) -> None:
    """What each case expects is right as it stands; with ``--run-solutions`` the author's own code returns it."""
    calls = tuple(
        Call(number, {"kind": "plain", "value": json.loads(case.expect)}, None)
        for number, case in enumerate(card.cases)
    )
    proof.expect(judge_cases_run(card, Run(calls, loaded=True)), Outcome.CORRECT, "right-answer", _WHAT_CASES_EXPECT())
    if card.solution_code.strip() and proof.run_solutions:
        proof.expect(proof.grade(question, card.solution_code), Outcome.CORRECT, "right-answer", "solution_code")
    proof.blank(question)
    proof.texts(question)


def code_in(text: str, function: str) -> str | None:
    """The fenced code of a text that defines the function, or None."""
    for block in re.findall(r"^```[a-z]*\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        if re.search(rf"^def {re.escape(function)}\(", block, re.MULTILINE):
            return str(block)
    return None


def _prove_code_mistakes(card: CodeCard, seed: int, tries: list[Trial], proof: Proof) -> None:
    """The reference itself is right, and every declared mistake is recognised from the numbers that it gives."""
    verdict = judge_run(card, tries, _run_of([trial.expected for trial in tries]))
    proof.expect(verdict, Outcome.CORRECT, "right-answer", _SEED_REFERENCE(seed=seed))
    for wrong in card.wrong:
        expression = parse(wrong.value, tuple(tries[0].arguments))
        verdict = judge_run(card, tries, _run_of([expression.evaluate(trial.arguments) for trial in tries]))
        proof.expect_misconception(verdict, wrong.id, _SEED(seed=seed))


def _run_of(values: list[Any]) -> Run:
    """The run of a function that returns these values, one after the other."""
    calls = []
    for number, value in enumerate(values):
        array = np.asarray(value, dtype=np.float64)
        result = {"kind": "value", "type": "float", "dtype": "float64", "shape": list(array.shape)}
        calls.append(Call(number, {**result, "value": array.tolist()}, None))
    return Run(tuple(calls), loaded=True)


def _prove_source(card: CodeCard, source: str, all_tries: list[list[Trial]], wanted: Outcome, proof: Proof) -> None:
    """Real code run over the inputs of many seeds in few processes."""
    name = read_signature(card.signature).name
    for first in range(0, len(all_tries), _SEEDS_A_RUN):
        tries = [trial for tries in all_tries[first : first + _SEEDS_A_RUN] for trial in tries]
        run = run_function(source, name, [list(trial.arguments.values()) for trial in tries])
        verdict = judge_run(card, tries, run)
        if wanted is Outcome.CORRECT:
            proof.expect(verdict, wanted, "right-answer", _CODE_SOLUTION())
        elif verdict.outcome is Outcome.CORRECT:
            proof.add("blank", _STARTER_CODE_GRADED_CORRECT())
