"""Proof of a card by playing it: over many seeds the right answer is right and every named mistake is recognised."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from studyapp.cards.card import (
    AnyCard,
    ChoiceCard,
    ClozeCard,
    CodeCard,
    ComputeCard,
    FormulaCard,
    OrderCard,
)
from studyapp.formula import ExpressionError, parse
from studyapp.grading.draw import DrawError
from studyapp.grading.question import Question
from studyapp.grading.verdict import Outcome, Verdict
from studyapp.kinds.ask import ask, drawn, restore
from studyapp.kinds.code.runner import Call, Run
from studyapp.kinds.grade import grade, reference
from studyapp.kinds.reveal import reveal

if TYPE_CHECKING:
    from studyapp.kinds.code.inputs import Trial

Problem = tuple[str, str]

_MOST = 5
_SEEDS_A_RUN = 40


def prove(card: AnyCard, seeds: int = 200) -> tuple[Problem, ...]:
    """What is wrong with a card as ``(code, message)``; empty if nothing is.

    Codes: ``draw`` numbers cannot be drawn; ``right-answer`` the right answer is not graded correct;
    ``misconception`` a declared mistake is not recognised as itself; ``blank`` an empty answer counts; ``text`` hints,
    solution or another text cannot be made; ``expression`` an expression cannot be read or computed; ``variants`` all
    draws are the same.
    """
    problems: dict[Problem, None] = {}
    try:
        if isinstance(card, ComputeCard):
            _prove_compute(card, seeds, problems)
        elif isinstance(card, FormulaCard):
            _prove_formula(card, problems)
        elif isinstance(card, CodeCard):
            _prove_code(card, seeds, problems)
        else:
            _prove_other(card, problems)
    except DrawError as error:
        problems[("draw", str(error))] = None
    except ExpressionError as error:
        problems[("expression", error.message)] = None
    return tuple(problems)[:_MOST]


def _expect(verdict: Verdict, wanted: Outcome, problems: dict[Problem, None], code: str, what: str) -> None:
    if verdict.outcome is not wanted:
        problems[(code, f"{what} is graded {verdict.outcome}: {verdict.message}")] = None


def _blank(question: Question, problems: dict[Problem, None]) -> None:
    for answer in ("", "   "):
        verdict = grade(question, answer)
        if verdict.outcome in (Outcome.CORRECT, Outcome.ROUNDED):
            problems[("blank", "an empty answer is graded correct")] = None


def _texts(question: Question, problems: dict[Problem, None]) -> None:
    shown = reveal(question)
    if "cannot be filled in" in shown.solution:
        problems[("text", shown.solution)] = None
    if any(not hint.strip() for hint in question.hints):
        problems[("text", "a hint is empty")] = None


def _prove_compute(card: ComputeCard, seeds: int, problems: dict[Problem, None]) -> None:
    from studyapp.grading.numbers import grade_value
    from studyapp.kinds.compute.grading import reference_of

    variants = set()
    for seed in range(seeds):
        question = ask(card, seed)
        variants.add(drawn(question))
        where = f"seed {seed}: "
        _expect(grade(question, reference_of(question)), Outcome.CORRECT, problems, "right-answer",
                f"{where}the right answer as shown")  # fmt: skip
        for target in question.targets:
            right = _typed(target.value, target.digits)
            _expect(grade_value(target, right), Outcome.CORRECT, problems, "right-answer", f"{where}{right}")
            for wrong in target.wrong:
                verdict = grade_value(target, _typed(wrong.value, target.digits))
                if verdict.misconception != wrong.mistake.id:
                    found = verdict.misconception or str(verdict.outcome)
                    problems[("misconception", f"{where}“{wrong.mistake.id}” is taken for “{found}”")] = None
        _texts(question, problems)
        if len(problems) >= _MOST:
            return
        if seed % 20:
            continue
        _blank(question, problems)
        if drawn(restore(card, seed, drawn(question))) != drawn(question):
            problems[("draw", "the drawn numbers do not come back from what is stored")] = None
    if seeds > 20 and len(variants) < 5 and any(draw.rule != "value" for draw in card.draw.values()):
        problems[("variants", f"over {seeds} seeds only {len(variants)} different variants come up")] = None


def _typed(value: Any, digits: int) -> str:
    """A value as a careful learner types it, with as many significant digits as are asked for."""
    from studyapp.render.number import significant

    if getattr(value, "ndim", 0):
        return "[" + ", ".join(_typed(entry, digits) for entry in value) + "]"
    return significant(float(value), digits)


def _prove_formula(card: FormulaCard, problems: dict[Problem, None]) -> None:
    from studyapp.kinds.formula.grading import FormulaReader, points_of
    from studyapp.kinds.formula.points import LEAST

    question = ask(card, 0)
    answer = parse(card.answer, card.variables)
    if card.variables and len(points_of(card, answer)) < LEAST:
        problems[("expression", "the answer has no value at most points of the declared domains")] = None
        return
    _expect(grade(question, card.answer), Outcome.CORRECT, problems, "right-answer", "the card's own answer")
    _expect(grade(question, reference(question)), Outcome.CORRECT, problems, "right-answer", "the answer as shown")
    for wrong in card.wrong:
        verdict = grade(question, str(parse(wrong.value, card.variables)))
        if verdict.misconception != wrong.id:
            found = verdict.misconception or str(verdict.outcome)
            problems[("misconception", f"“{wrong.id}” is taken for “{found}”")] = None
    if card.start:
        _expect(grade(question, f"{card.start}\n{card.answer}"), Outcome.CORRECT, problems, "right-answer",
                "the start followed by the answer")  # fmt: skip
        FormulaReader(card).read(card.start)
    _blank(question, problems)
    _texts(question, problems)


def _prove_code(card: CodeCard, seeds: int, problems: dict[Problem, None]) -> None:
    """Of every seed the inputs can be drawn and declared mistakes are told apart; the solution's own code is right."""
    from studyapp.kinds.code.inputs import trials
    from studyapp.kinds.code.source import check_source, read_signature

    try:
        signature = read_signature(card.signature)
    except ValueError as error:
        problems[("expression", str(error))] = None
        return
    if card.starter and (problem := check_source(card.starter, signature)) is not None:
        problems[("text", f"the starter code cannot be run: {problem.message}")] = None
    if card.starter.strip():
        _prove_source(card, card.starter, [trials(card, 0)], Outcome.WRONG, problems)
    all_tries = [trials(card, seed) for seed in range(seeds)]
    for seed, tries in enumerate(all_tries):
        _prove_code_mistakes(card, seed, tries, problems)
        if len(problems) >= _MOST:
            return
    source = code_in(card.solution, signature.name)
    if source is not None:
        _prove_source(card, source, all_tries, Outcome.CORRECT, problems)
    question = ask(card, 0)
    _blank(question, problems)
    _texts(question, problems)


def code_in(text: str, function: str) -> str | None:
    """The fenced code of a text that defines the function, or None."""
    for block in re.findall(r"^```[a-z]*\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        if re.search(rf"^def {re.escape(function)}\(", block, re.MULTILINE):
            return str(block)
    return None


def _prove_code_mistakes(card: CodeCard, seed: int, tries: list[Trial], problems: dict[Problem, None]) -> None:
    """The reference itself is right, and every declared mistake is recognised from the numbers that it gives."""
    from studyapp.kinds.code.grading import judge_run

    _expect(judge_run(card, tries, _run_of([trial.expected for trial in tries])), Outcome.CORRECT, problems,
            "right-answer", f"seed {seed}: the reference")  # fmt: skip
    for wrong in card.wrong:
        expression = parse(wrong.value, tuple(tries[0].arguments))
        verdict = judge_run(card, tries, _run_of([expression.evaluate(trial.arguments) for trial in tries]))
        if verdict.misconception != wrong.id:
            found = verdict.misconception or str(verdict.outcome)
            problems[("misconception", f"seed {seed}: “{wrong.id}” is taken for “{found}”")] = None


def _run_of(values: list[Any]) -> Run:
    """The run of a function that returns these values, one after the other."""
    import numpy as np

    calls = []
    for number, value in enumerate(values):
        array = np.asarray(value, dtype=np.float64)
        result = {"kind": "value", "type": "float", "dtype": "float64", "shape": list(array.shape)}
        calls.append(Call(number, {**result, "value": array.tolist()}, None))
    return Run(tuple(calls), loaded=True)


def _prove_source(
    card: CodeCard, source: str, all_tries: list[list[Trial]], wanted: Outcome, problems: dict[Problem, None]
) -> None:
    """Real code run over the inputs of many seeds in few processes."""
    from studyapp.kinds.code.grading import judge_run
    from studyapp.kinds.code.runner import run_function
    from studyapp.kinds.code.source import read_signature

    name = read_signature(card.signature).name
    for first in range(0, len(all_tries), _SEEDS_A_RUN):
        tries = [trial for tries in all_tries[first : first + _SEEDS_A_RUN] for trial in tries]
        run = run_function(source, name, [list(trial.arguments.values()) for trial in tries])
        verdict = judge_run(card, tries, run)
        if wanted is Outcome.CORRECT:
            _expect(verdict, wanted, problems, "right-answer", "the code of the solution")
        elif verdict.outcome is Outcome.CORRECT:
            problems[("blank", "the starter code is graded correct as it stands")] = None


def _prove_other(card: AnyCard, problems: dict[Problem, None]) -> None:
    """Cards without numbers: the answer as shown is right, a blank is not, all texts can be made."""
    for seed in range(3):
        question = ask(card, seed)
        _texts(question, problems)
        if isinstance(card, (ChoiceCard, OrderCard, ClozeCard)):
            _blank(question, problems)
            right = _right_answer(question)
            _expect(grade(question, right), Outcome.CORRECT, problems, "right-answer", f"“{right}”")


def _right_answer(question: Question) -> str:
    card = question.card
    if isinstance(card, ChoiceCard):
        right = [place for place, source in enumerate(question.arrangement) if card.options[source].correct]
        return " ".join(str(place + 1) for place in right)
    return reference(question)
