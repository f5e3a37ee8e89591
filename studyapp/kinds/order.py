"""Grading of derivations put in order: any order that the steps' requirements allow is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from studyapp.cards.card import OrderCard
from studyapp.grading.invalid import invalid
from studyapp.grading.question import Question
from studyapp.grading.verdict import RIGHT, Detail, Outcome, Verdict
from studyapp.kinds.choice import STEP, read_numbers
from studyapp.locale.message import Message
from studyapp.locale.sentences import join_sentences

_ALL_STEPS = Message("all {count} steps are asked for, {came} came")
_MISSING = Message("The derivation is not complete: step {number} is missing, “{text}”.")
_FOREIGN = Message("Step {number} does not belong to this derivation.")
_TOO_EARLY = Message("Step {number} cannot stand here: step {needed} must come before it.")


def requirements(card: OrderCard) -> dict[int, frozenset[int]]:
    """For every step the steps that must stand somewhere before it, directly or through others."""
    places = {step.id: place for place, step in enumerate(card.steps)}
    if not any(step.after for step in card.steps):
        return {place: frozenset(range(place)) for place in range(len(card.steps))}
    direct = {place: {places[name] for name in step.after if name in places} for place, step in enumerate(card.steps)}
    complete: dict[int, frozenset[int]] = {}
    for place in direct:
        found: set[int] = set()
        waiting = list(direct[place])
        while waiting:
            before = waiting.pop()
            if before not in found:
                found.add(before)
                waiting.extend(direct[before])
        complete[place] = frozenset(found)
    return complete


def longest_consistent(order: Sequence[int], before: Mapping[int, frozenset[int]]) -> int:
    """How many steps can stay where they are so that none of them stands before one that it requires.

    Two steps clash if the earlier one requires the later one. Clashing is transitive along the order, so the largest
    set without a clash is what Dilworth's theorem gives: the length minus a maximum matching.
    """
    clashes = {
        early: [late for late in range(early + 1, len(order)) if order[late] in before[order[early]]]
        for early in range(len(order))
    }
    partner: dict[int, int] = {}

    def augment(early: int, seen: set[int]) -> bool:
        for late in clashes[early]:
            if late not in seen:
                seen.add(late)
                if late not in partner or augment(partner[late], seen):
                    partner[late] = early
                    return True
        return False

    return len(order) - sum(augment(early, set()) for early in clashes)


def grade_order(question: Question, answer: str) -> Verdict:
    """The verdict on the numbers of the steps, in the order in which they were put."""
    card = question.card
    assert isinstance(card, OrderCard)
    places = read_numbers(answer, len(question.arrangement), STEP)
    if isinstance(places, str):
        return invalid(places)
    count = len(card.steps)
    if not card.distractors and len(places) < count:
        return invalid(_ALL_STEPS(count=count, came=len(places)))
    order = [question.arrangement[place] for place in places]
    before = requirements(card)
    steps = [step for step in order if step < count]
    details, first = _walk(card, question, places, order, before)
    missing = [step for step in range(count) if step not in steps]
    read_as = " ".join(str(place + 1) for place in places)
    reference = reference_of(question)
    if first is None and not missing:
        return Verdict(Outcome.CORRECT, 1.0, RIGHT(), None, read_as, reference, details)
    kept = longest_consistent(steps, before)
    score = max(0.0, (kept - (len(order) - len(steps))) / count)
    if first is None:
        place = question.arrangement.index(missing[0])
        first = _MISSING(number=place + 1, text=card.steps[missing[0]].text)
    return Verdict(Outcome.WRONG, score, first, None, read_as, reference, details)


def _walk(
    card: OrderCard,
    question: Question,
    places: Sequence[int],
    order: Sequence[int],
    before: Mapping[int, frozenset[int]],
) -> tuple[tuple[Detail, ...], str | None]:
    """A line for every step as it was put, and what is wrong with the first that cannot stand where it stands."""
    details: list[Detail] = []
    first: str | None = None
    done: set[int] = set()
    for place, step in zip(places, order, strict=True):
        label = str(place + 1)
        if step >= len(card.steps):
            problem = join_sentences(_FOREIGN(number=label), card.distractors[step - len(card.steps)].why)
        elif before[step] - done:
            needed = min(before[step] - done, key=lambda other: len(before[other]))
            shown = question.arrangement.index(needed) + 1
            problem = join_sentences(_TOO_EARLY(number=label, needed=shown), card.steps[step].why)
            done.add(step)
        else:
            problem = ""
            done.add(step)
        details.append(Detail(label, not problem, problem))
        first = first or problem or None
    return tuple(details), first


def reference_of(question: Question) -> str:
    """The numbers of the steps as shown, in the card's own order."""
    card = question.card
    assert isinstance(card, OrderCard)
    return " ".join(str(question.arrangement.index(step) + 1) for step in range(len(card.steps)))
