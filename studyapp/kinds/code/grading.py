"""Grading of code cards: the learner's function against the reference, in a child process."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec.structs import replace

from studyapp.formula import Expression, ExpressionError, parse
from studyapp.grading.draw import DrawError
from studyapp.grading.invalid import invalid
from studyapp.grading.signatures import Signature, signatures
from studyapp.grading.target import Target
from studyapp.grading.verdict import Detail, Outcome, Verdict
from studyapp.kinds.code.card import CodeCard
from studyapp.kinds.code.groups import GROUPS, Tried, describe, groups, pair, same_numbers, smallest_failure
from studyapp.kinds.code.inputs import Trial, reference_expression, trials
from studyapp.kinds.code.plain import judge_cases
from studyapp.kinds.code.runner import Run, run_function
from studyapp.kinds.code.source import check_source, not_defined, read_signature
from studyapp.locale.message import Message
from studyapp.locale.sentences import as_sentence

_LEAST_FOR_A_GUESS = 3
_MOST_FOR_WRONG = 0.8

_UNGRADABLE = Message("this card cannot be graded: {why}")
_NOT_STARTED = Message("the code could not be run: {why}")
_STOPPED = Message("the code was stopped before it was done")
_RIGHT = Message("Right, on every input.")
_DID_NOT_RUN = Message("The code did not run: {why}")
_LOADS_FOREVER = Message("the code does not come to an end while it is loaded")
_LOADS_FOREVER_IN_LINE = Message("line {line}: the code does not come to an end while it is loaded")
_FAILS_LOADING = Message("The code stops while it is loaded, {error}: {message}")
_FAILS_LOADING_IN_LINE = Message("The code stops while it is loaded, line {line}: {error}: {message}")
_PRINTED = Message("printed")
_NOT_FINISHED = Message("The function was not finished: {why}")
_NOT_YET = Message("Not yet: {failure}")
_NUMBERS_RIGHT = Message("The numbers are right, but {group} is not: {failure}")


def grade_code(card: CodeCard, seed: int, source: str) -> Verdict:
    """The verdict on the source of a function. What it prints, hangs in or breaks is part of the verdict."""
    if not card.reference:
        return _grade_cases(card, source)
    try:
        signature = read_signature(card.signature)
        tries = trials(card, seed)
    except (DrawError, ValueError) as error:
        return invalid(_UNGRADABLE(why=str(error)))
    problem = check_source(source, signature, card.no_loop)
    if problem is not None:
        return invalid(problem.message, problem.position)
    try:
        run = run_function(source, signature.name, [list(one.arguments.values()) for one in tries])
    except OSError as error:
        return invalid(_NOT_STARTED(why=str(error)))
    if run.stopped:
        return invalid(_STOPPED())
    return judge_run(card, tries, run)


def _grade_cases(card: CodeCard, source: str) -> Verdict:
    """The same on a card whose cases say what they expect."""
    try:
        signature = read_signature(card.signature)
    except ValueError as error:
        return invalid(_UNGRADABLE(why=str(error)))
    problem = check_source(source, signature, card.no_loop)
    if problem is not None:
        return invalid(problem.message, problem.position)
    try:
        run = run_function(
            source,
            signature.name,
            [list(case.args) for case in card.cases],
            as_arrays=card.inputs == "numpy",
            plain=True,
        )
    except OSError as error:
        return invalid(_NOT_STARTED(why=str(error)))
    return invalid(_STOPPED()) if run.stopped else judge_cases_run(card, run)


def judge_cases_run(card: CodeCard, run: Run) -> Verdict:
    """The verdict on a run of the function over the cases, with the run as its evidence."""
    signature = read_signature(card.signature)
    if run.fatal is not None or (not run.loaded and not run.calls):
        return replace(_not_loaded(run, card), evidence=run)
    verdict = judge_cases(card, signature.parameters, signature.name, run)
    return replace(verdict, evidence=run, details=(*verdict.details, *_printed(run)))


def judge_run(card: CodeCard, tries: list[Trial], run: Run) -> Verdict:
    """The verdict on a run of the function over the trials, with the run as its evidence."""
    return replace(_judged(card, tries, run), evidence=run)


def rejudge(card: CodeCard, seed: int, run: Run) -> Verdict:
    """The verdict on a run that was judged before, in the language of now."""
    return judge_run(card, trials(card, seed), run) if card.reference else judge_cases_run(card, run)


def _judged(card: CodeCard, tries: list[Trial], run: Run) -> Verdict:
    if run.fatal is not None or (not run.loaded and not run.calls):
        return _not_loaded(run, card)
    function = read_signature(card.signature).name
    tried = pair(tries, run)
    details = (*groups(tried, function, card.gradient, run), *_printed(run))
    failed = [line for line in details if line.passed is False]
    if not failed and all(one.call is not None for one in tried):
        return Verdict(Outcome.CORRECT, 1.0, _RIGHT(), None, None, card.reference, details)
    score = _share_of_groups(tried, details)
    mistake = find_mistake(card, tried)
    if mistake is not None:
        return Verdict(Outcome.MISCONCEPTION, score, mistake[1], mistake[0], None, card.reference, details)
    message = _message(tried, run, function, details)
    return Verdict(Outcome.WRONG, score, message, None, None, card.reference, details)


def _share_of_groups(tried: list[Tried], details: tuple[Detail, ...]) -> float:
    """The score of a function that is not right yet: by the groups that passed, nothing where no value was right."""
    if not any(one.agrees for one in tried if one.trial.group == "value"):
        return 0.0
    judged = [line.passed for line in details if line.passed is not None]
    return _MOST_FOR_WRONG * sum(judged) / len(judged) if judged else 0.0


def _not_loaded(run: Run, card: CodeCard) -> Verdict:
    """The verdict where the source did not even get as far as defining the function."""
    if run.fatal is None:
        return Verdict(Outcome.WRONG, 0.0, as_sentence(_DID_NOT_RUN(why=run.ended)), None, None, card.reference)
    failure: dict[str, Any] = run.fatal
    if failure.get("undefined"):
        problem = not_defined(read_signature(card.signature).name)
        return invalid(problem.message, problem.position)
    line = failure.get("line")
    if failure.get("timeout"):
        text = _LOADS_FOREVER_IN_LINE(line=line) if line else _LOADS_FOREVER()
    else:
        error, message = failure["error"], failure["message"]
        text = _FAILS_LOADING(error=error, message=message)
        if line:
            text = _FAILS_LOADING_IN_LINE(line=line, error=error, message=message)
    return Verdict(Outcome.WRONG, 0.0, as_sentence(text), None, None, card.reference, _printed(run))


def _printed(run: Run) -> tuple[Detail, ...]:
    """What was printed, of the first call that printed anything."""
    for text in (run.printed, *(call.printed for call in run.calls)):
        if text.strip():
            return (Detail(_PRINTED(), None, text.rstrip()),)
    return ()


def _message(tried: list[Tried], run: Run, function: str, details: tuple[Detail, ...]) -> str:
    """The most useful single thing to say: what broke first, on the smallest input."""
    if run.ended:
        return as_sentence(_NOT_FINISHED(why=run.ended))
    hanging = next((one for one in tried if one.call and (one.call.failure or {}).get("timeout")), None)
    if hanging is not None:
        return as_sentence(describe(hanging, function))
    for group in GROUPS:
        smallest = smallest_failure(one for one in tried if one.trial.group == group)
        if smallest is not None:
            return as_sentence(_NOT_YET(failure=describe(smallest, function)))
    failed = next(line for line in details if line.passed is False)
    return as_sentence(_NUMBERS_RIGHT(group=failed.label, failure=failed.text))


def find_mistake(card: CodeCard, tried: list[Tried]) -> tuple[str, str] | None:
    """The mistake that explains every failing input that returned numbers: declared ones first, then general ones."""
    failing = [one for one in tried if not one.agrees and one.trial.group == "value"]
    if not failing or any(one.value is None for one in failing):
        return None
    names = tuple(failing[0].trial.arguments)
    for wrong in card.wrong:
        try:
            expression = parse(wrong.value, names)
            if all(_is(one, expression.evaluate(one.trial.arguments)) for one in failing):
                return wrong.id, wrong.say
        except ExpressionError:
            continue
    if len(failing) < _LEAST_FOR_A_GUESS:
        return None
    reference = reference_expression(card)
    common: dict[str, str] | None = None
    for one in failing:
        found = {guess.id: guess.say for guess in _guesses(one, reference)}
        common = found if common is None else {key: say for key, say in common.items() if key in found}
        if not common:
            return None
    return next(iter(common.items())) if common else None


def _is(one: Tried, value: Any) -> bool:
    given = one.value
    if given is None or given.size != np.size(value):
        return False
    return same_numbers(given.reshape(np.shape(value)), np.asarray(value), one.trial.arguments.values())


def _guesses(one: Tried, reference: Expression) -> list[Signature]:
    target = Target(reference, one.trial.expected, (), 3, 1.0, one.trial.arguments)
    return signatures(target, lambda value: _is(one, value))
