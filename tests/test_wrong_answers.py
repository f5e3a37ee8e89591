"""The usual wrong answers to every card of the bank, each refused, and for the right reason.

``tests/data/wrong_answers/DECK.yaml`` lists at least five a card, under the card's id::

    {answer: …, outcome: wrong, misconception: sign, says: "part of what is told"}

`outcome` is any but a right one; `says` must stand in the message or in a line of the verdict. What `answer` is depends
on the kind of card:

* compute: an expression over the drawn names, typed with the digits that are asked for, over several variants; with
  ``part`` it answers that part and the others are right, and a list answers all parts in turn. ``typed`` stands for
  what is typed as it is, placeholders filled in (``sigmoid({z})``).
* choice: a list of options, each by a piece of its text or the whole of it; order: a list of step ids and of pieces of
  distractors.
* cloze, formula, code: what is typed; for code a changed copy of the solution.
* recall, explain: a wrong statement, marked ``free``. Ticks are tested in `tests/kinds`.

``language: zh`` asks the card in Chinese. ``pending`` says why an entry does not hold yet: the test then fails as soon
as it does.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from studyapp.cards.card import Card
from studyapp.deck.check import check
from studyapp.deck.overlay import fit
from studyapp.folders import content_folder
from studyapp.formula import parse
from studyapp.grading.question import Question, fill_text
from studyapp.grading.target import Target
from studyapp.grading.verdict import Outcome, Verdict
from studyapp.kinds.ask import ask
from studyapp.kinds.choice import ChoiceCard
from studyapp.kinds.code import CodeCard
from studyapp.kinds.code.child import Printed, call
from studyapp.kinds.code.grading import judge_cases_run, judge_run
from studyapp.kinds.code.inputs import trials
from studyapp.kinds.code.runner import Call, Run
from studyapp.kinds.code.source import check_source, read_signature
from studyapp.kinds.compute import ComputeCard
from studyapp.kinds.explain import ExplainCard
from studyapp.kinds.grade import grade
from studyapp.kinds.order import OrderCard, requirements
from studyapp.kinds.recall import RecallCard
from studyapp.render.number import significant

FOLDER = Path(__file__).parent / "data" / "wrong_answers"
LEAST = 5
SEEDS = range(8)
WRONG = {Outcome.WRONG, Outcome.MISCONCEPTION, Outcome.CLOSE, Outcome.INVALID}


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One wrong answer and what is to be made of it."""

    answer: str | list[str] | float | None = None
    typed: str = ""
    outcome: str = ""
    misconception: str | None = None
    says: str = ""
    language: str = "en"
    seed: int | None = None
    part: str = ""
    free: bool = False
    pending: str = ""


@cache
def cards() -> dict[str, tuple[Card, Card, str]]:
    """Every card of the bank by id: in English, in Chinese, and its deck."""
    found = {}
    for deck in check([content_folder()]).decks:
        chinese = next(one for one in deck.overlays if one.language == "zh")
        for card in deck.cards:
            translated, _ = fit(card, chinese)
            assert translated is not None
            found[card.id] = (card, translated, deck.name)
    return found


def entries() -> dict[str, list[Entry]]:
    """The wrong answers by card id."""
    found: dict[str, list[Entry]] = {}
    for path in sorted(FOLDER.rglob("*.yaml")):
        listed = msgspec.convert(yaml.safe_load(path.read_text("utf-8")), dict[str, list[Entry]])
        assert not listed.keys() & found.keys(), path
        found |= listed
    return found


def verdicts(card: Card, entry: Entry) -> list[Verdict]:
    """The verdicts on an entry, of one or of several variants of the card."""
    if isinstance(card, CodeCard):
        assert isinstance(entry.answer, str)
        return [run_here(card, entry.answer, entry.seed or 0)]
    seeds = SEEDS if isinstance(card, ComputeCard) and entry.seed is None else [entry.seed or 0]
    questions = [ask(card, seed, entry.language) for seed in seeds]  # type: ignore[arg-type]
    return [grade(question, typed(question, entry)) for question in questions]


def typed(question: Question, entry: Entry) -> str:
    """The answer of an entry as it is typed."""
    card = question.card
    if isinstance(card, ChoiceCard):
        places = [named(piece, [option.text for option in card.options]) for piece in listed(entry)]
        return " ".join(str(question.arrangement.index(place) + 1) for place in places)
    if isinstance(card, OrderCard):
        ids = [step.id for step in card.steps]
        texts = [one.text for one in card.distractors]
        places = [ids.index(one) if one in ids else len(ids) + named(one, texts) for one in listed(entry)]
        return " ".join(str(question.arrangement.index(place) + 1) for place in places)
    if not isinstance(card, ComputeCard):
        return str(entry.answer)
    if entry.part or not card.parts:
        return "\n".join(
            filled(target, entry) if target.part == entry.part else plain(target.value, target.digits)
            for target in question.targets
        )
    if entry.typed:
        return fill_text(entry.typed, question.values)
    pairs = zip(question.targets, listed(entry), strict=True)
    return "\n".join(computed(target, expression) for target, expression in pairs)


def listed(entry: Entry) -> list[str]:
    assert isinstance(entry.answer, list), "a list is wanted"
    return [str(one) for one in entry.answer]


def named(piece: str, texts: list[str]) -> int:
    """The place of the only text that is the piece, or else holds it."""
    found = [place for place, text in enumerate(texts) if text == piece]
    found = found or [place for place, text in enumerate(texts) if piece in text]
    assert len(found) == 1, f"“{piece}” names {len(found)} of {texts}"
    return found[0]


def filled(target: Target, entry: Entry) -> str:
    return fill_text(entry.typed, target.values) if entry.typed else computed(target, str(entry.answer))


def computed(target: Target, expression: str) -> str:
    return plain(parse(expression, target.values).evaluate(target.values), target.digits)


def plain(value: Any, digits: int) -> str:
    """A value with as many significant digits as are asked for."""
    if getattr(value, "ndim", 0):
        return "[" + ", ".join(plain(entry, digits) for entry in value) + "]"
    return significant(float(value), digits)


def run_here(card: CodeCard, source: str, seed: int) -> Verdict:
    """As `grade_code` does, but in this process: a child for each of some hundred sources would take minutes."""
    import math

    import numpy

    signature = read_signature(card.signature)
    problem = check_source(source, signature)
    if problem is not None:
        return Verdict(Outcome.INVALID, message=problem.message)
    tries = trials(card, seed) if card.reference else []
    given = [list(one.arguments.values()) for one in tries] or [list(case.args) for case in card.cases]
    as_arrays = bool(card.reference) or card.inputs == "numpy"
    namespace: dict[str, Any] = {"np": numpy, "math": math}
    exec(compile(source, "<answer>", "exec"), namespace)
    calls = []
    for number, arguments in enumerate(given):
        record = call(namespace[signature.name], arguments, Printed(), as_arrays, plain=not card.reference)
        calls.append(Call(number, record.get("result"), record.get("failure"), tuple(record["changed"])))
    run = Run(tuple(calls), loaded=True)
    return judge_run(card, tries, run) if card.reference else judge_cases_run(card, run)


def told(verdict: Verdict) -> str:
    return "\n".join([verdict.message, *(detail.text for detail in verdict.details)])


def fault(verdict: Verdict, entry: Entry) -> str:
    """What is not as the entry says; empty if all is."""
    if entry.outcome and verdict.outcome.value != entry.outcome:
        return f"is {verdict.outcome.value}, not {entry.outcome}: {told(verdict)}"
    if verdict.outcome not in WRONG:
        return f"is {verdict.outcome.value}"
    if entry.misconception and verdict.misconception != entry.misconception:
        return f"is taken for {verdict.misconception}, not {entry.misconception}: {told(verdict)}"
    if entry.says and entry.says not in told(verdict):
        return f"says “{told(verdict)}”, not “{entry.says}”"
    return ""


def faults(card_id: str, entry: Entry) -> list[str]:
    english, chinese, _ = cards()[card_id]
    card = chinese if entry.language == "zh" else english
    found = [fault(verdict, entry) for verdict in verdicts(card, entry)]
    return [f"{card_id}: “{entry.typed or entry.answer}” {one}" for one in found if one][:1]


def graded() -> list[Any]:
    """The lists of cards, and the pending entries one by one."""
    parameters: list[Any] = []
    for card_id, listed_entries in entries().items():
        due = [entry for entry in listed_entries if not entry.free and not entry.pending]
        if due:
            parameters.append(pytest.param(card_id, due, id=card_id))
        for entry in listed_entries:
            if entry.pending:
                marks = pytest.mark.xfail(reason=entry.pending, strict=True, raises=AssertionError)
                parameters.append(
                    pytest.param(card_id, [entry], id=f"{card_id}-{entry.typed or entry.answer}", marks=marks)
                )
    return parameters


@pytest.mark.parametrize(("card_id", "wrong"), graded())
def test_usual_wrong_answers_are_refused_for_the_right_reason(card_id: str, wrong: list[Entry]) -> None:
    assert [one for entry in wrong for one in faults(card_id, entry)] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_wrong_selection_of_a_choice_is_told_its_own_reason(language: str) -> None:
    """Each wrong option alone or beside all right ones, and each right one left out."""
    unsaid = []
    for english, chinese, _ in cards().values():
        card = chinese if language == "zh" else english
        if not isinstance(card, ChoiceCard):
            continue
        question = ask(card, 0, language)
        right = {place for place, option in enumerate(card.options) if option.correct}
        for place, option in enumerate(card.options):
            picked = right ^ {place} if card.multiple else {place}
            if picked == right or not picked:
                continue
            verdict = grade(question, " ".join(str(question.arrangement.index(one) + 1) for one in picked))
            if verdict.outcome is not Outcome.WRONG or option.why not in verdict.message:
                unsaid.append((card.id, option.text, verdict.message))
    assert unsaid == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_step_put_too_early_is_told_its_own_reason(language: str) -> None:
    """Each step right before one that it needs, and each distractor in first place."""
    unsaid = []
    for english, chinese, _ in cards().values():
        card = chinese if language == "zh" else english
        if not isinstance(card, OrderCard):
            continue
        question = ask(card, 0, language)
        steps = list(range(len(card.steps)))
        tries = [([len(steps) + place, *steps], one.why) for place, one in enumerate(card.distractors)]
        for step, needs in requirements(card).items():
            for need in needs:
                others = [one for one in steps if one != step]
                others.insert(others.index(need), step)
                tries.append((others, card.steps[step].why))
        for order, why in tries:
            verdict = grade(question, " ".join(str(question.arrangement.index(one) + 1) for one in order))
            if verdict.outcome is not Outcome.WRONG or not why or why not in verdict.message:
                unsaid.append((card.id, order, why, verdict.message))
    assert unsaid == []


def selections(card: Card) -> int:
    """How many wrong answers the card itself holds: sets of options, orders of steps."""
    if isinstance(card, ChoiceCard):
        return 2 ** len(card.options) - 1
    if isinstance(card, OrderCard):
        return len(card.distractors) + sum(map(len, requirements(card).values()))
    return 0


def test_every_card_of_a_listed_deck_has_its_wrong_answers() -> None:
    """At least five each, those above counted; a statement is free where the learner judges, and only there."""
    listed_entries = entries()
    assert sorted(listed_entries.keys() - cards().keys()) == []
    decks = {cards()[card_id][2] for card_id in listed_entries}
    counts = {
        card_id: len(listed_entries.get(card_id, [])) + selections(card)
        for card_id, (card, _, deck) in cards().items()
        if deck in decks
    }
    short = {card_id: count for card_id, count in counts.items() if count < LEAST}
    assert short == {}
    misplaced = [
        card_id
        for card_id, found in listed_entries.items()
        if any(entry.free != isinstance(cards()[card_id][0], ExplainCard | RecallCard) for entry in found)
    ]
    assert misplaced == []
