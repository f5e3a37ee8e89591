"""Order: put the steps of a derivation in order; any order that the steps' requirements allow is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar

from studyapp.cards.card import Asked, DrawnCard, Struct
from studyapp.cards.field import Field, prose
from studyapp.grading.invalid import invalid
from studyapp.grading.places import STEP, read_places
from studyapp.grading.question import Question
from studyapp.grading.solution import Reveal
from studyapp.grading.stream import Stream
from studyapp.grading.verdict import RIGHT, Detail, Outcome, Verdict
from studyapp.kinds.kind import ShuffledKind
from studyapp.locale.message import Message
from studyapp.locale.sentences import join_sentences

if TYPE_CHECKING:
    from studyapp.cards.rules import Finding

_STEPS_WAIT_EACH_OTHER = Message("steps wait for each other: {circle}")
_DISTRACTOR_ALSO_STEP = Message("this distractor is also a step")
_STEP_CANNOT_COME_AFTER = Message("a step cannot come after itself")
_THERE_NO_STEP = Message("there is no step {name}")

_SOME = Message("the numbers of the steps in order; leave out what does not belong")
_ALL = Message("the numbers of the steps in order")
_NOT_PART = Message("[{number}] does not belong: {why}")
_ALL_STEPS = Message("all {count} steps are asked for, {came} came")
_MISSING = Message("The derivation is not complete: step {number} is missing, “{text}”.")
_FOREIGN = Message("Step {number} does not belong to this derivation.")
_TOO_EARLY = Message("Step {number} cannot stand here: step {needed} must come before it.")


class Step(Struct, frozen=True, kw_only=True):
    """One step of a derivation. ``after`` names the steps that must stand somewhere before it.

    With no step of a card naming ``after`` the written order is the only right one. ``why`` is what is said
    when the step stands too early.
    """

    what: ClassVar[str | Message] = Message("a step")

    id: Annotated[str, Field(text="id")]
    text: Annotated[str, prose()]
    after: Annotated[tuple[str, ...], Field(text="id", what=Message("step ids"))] = ()
    why: Annotated[str, prose()] = ""


class Distractor(Struct, frozen=True, kw_only=True):
    """A step that does not belong to the derivation, and why."""

    what: ClassVar[str | Message] = Message("a distractor")

    text: Annotated[str, prose()]
    why: Annotated[str, prose()]


class OrderCard(DrawnCard, tag="order", frozen=True, kw_only=True):
    """Put the steps of a derivation in order and leave out what does not belong."""

    question: Asked
    steps: Annotated[
        tuple[Step, ...],
        prose("The steps of the derivation, in their written order or as 'after' says.", least=2, most=30),
    ]
    distractors: Annotated[
        tuple[Distractor, ...], prose("Steps that do not belong, each with its reason.", most=30)
    ] = ()


class OrderKind(ShuffledKind[OrderCard]):
    """Cards with steps to put in order. The answer is their numbers as shown."""

    card = OrderCard
    asks = ("derivation",)
    starter = r"""
  # order: put the steps in order and leave out the distractors. `after:` where several orders are right.
  - id: {name}-order
    kind: order
    question: Derive the constant that minimises the squared error.
    steps:
      - {id: start, text: 'Write the loss as $L(c) = \sum_i (y_i - c)^2$.'}
      - {id: slope, text: 'Its derivative is $-2 \sum_i (y_i - c)$.'}
      - {id: zero, text: 'Set the derivative to zero: $\sum_i y_i = n c$.'}
      - {id: result, text: 'So $c = \frac1n \sum_i y_i$, the mean.'}
    distractors:
      - {text: 'The derivative is $-\sum_i \mathrm{sign}(y_i - c)$.', why: That is for the absolute error.}
"""

    def rules(self, card: OrderCard) -> Iterator[Finding]:
        from studyapp.cards.rules import Finding, doubles
        from studyapp.forms.problem import did_you_mean, quoted

        ids = [step.id for step in card.steps]
        yield from doubles(("steps",), "id", ids, "step")
        yield from doubles(("steps",), "text", [step.text for step in card.steps], "step")
        known = set(ids)
        for index, step in enumerate(card.steps):
            for place, name in enumerate(step.after):
                path = ("steps", index, "after", place)
                if name == step.id:
                    yield Finding(path, "after", _STEP_CANNOT_COME_AFTER())
                elif name not in known:
                    yield Finding(path, "after", _THERE_NO_STEP(name=quoted(name)), did_you_mean(name, ids))
        circle = _circle({step.id: step.after for step in card.steps})
        if circle:
            yield Finding(
                ("steps", ids.index(circle[0]), "after"),
                "circle",
                _STEPS_WAIT_EACH_OTHER(circle=" after ".join(circle)),
            )
        texts = {step.text for step in card.steps}
        for index, distractor in enumerate(card.distractors):
            if distractor.text in texts:
                yield Finding(("distractors", index, "text"), "duplicate", _DISTRACTOR_ALSO_STEP())
        yield from doubles(("distractors",), "text", [entry.text for entry in card.distractors], "distractor")

    def lines(self, card: OrderCard) -> Sequence[str]:
        return [*(step.text for step in card.steps), *(one.text for one in card.distractors)]

    def prompt(self, card: OrderCard) -> str:
        return _SOME() if card.distractors else _ALL()

    def arrangement(self, card: OrderCard, stream: Stream) -> list[int]:
        """A random order, not one in which all steps already stand in the order of the card."""
        order = super().arrangement(card, stream)
        if len(card.steps) > 1:
            for _ in range(20):
                if [place for place in order if place < len(card.steps)] != list(range(len(card.steps))):
                    break
                order = super().arrangement(card, stream)
        return order

    def grade(self, card: OrderCard, question: Question, answer: str) -> Verdict:
        """The verdict on the numbers of the steps, in the order in which they were put."""
        places = read_places(answer, len(question.arrangement), STEP)
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
        reference = self.reference(card, question)
        if first is None and not missing:
            return Verdict(Outcome.CORRECT, 1.0, RIGHT(), None, read_as, reference, details)
        kept = longest_consistent(steps, before)
        score = max(0.0, (kept - (len(order) - len(steps))) / count)
        if first is None:
            place = question.arrangement.index(missing[0])
            first = _MISSING(number=place + 1, text=card.steps[missing[0]].text)
        return Verdict(Outcome.WRONG, score, first, None, read_as, reference, details)

    def reference(self, card: OrderCard, question: Question) -> str:
        """The numbers of the steps as shown, in the card's own order."""
        return " ".join(str(question.arrangement.index(step) + 1) for step in range(len(card.steps)))

    def reveal(self, card: OrderCard, question: Question) -> Reveal:
        shown = {line: place + 1 for place, line in enumerate(question.arrangement)}
        lines = [f"{place + 1}. [{shown[place]}] {step.text}" for place, step in enumerate(card.steps)]
        notes = [
            _NOT_PART.to(question.language, number=shown[place], why=distractor.why)
            for place, distractor in enumerate(card.distractors, len(card.steps))
        ]
        return Reveal("\n".join(lines), card.solution, notes=tuple(notes))


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


def _circle(after: dict[str, tuple[str, ...]]) -> list[str]:
    """Steps that wait for each other, or an empty list."""
    finished: set[str] = set()
    for start in after:
        trail: list[str] = []
        stack: list[tuple[str, Iterator[str]]] = [(start, iter(after[start]))]
        trail.append(start)
        while stack:
            name, rest = stack[-1]
            following = next((step for step in rest if step in after and step not in finished), None)
            if following is None:
                finished.add(name)
                stack.pop()
                trail.pop()
            elif following in trail:
                circle = trail[trail.index(following) :]
                return [] if len(circle) == 1 else [*circle, following]
            else:
                trail.append(following)
                stack.append((following, iter(after[following])))
    return []


KIND = OrderKind()
