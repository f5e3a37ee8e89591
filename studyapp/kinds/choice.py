"""Choice: pick the right options, with the reason for every option that was picked wrongly or missed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar

from studyapp.cards.card import Asked, DrawnCard, Struct
from studyapp.cards.field import Field, prose
from studyapp.grading.invalid import invalid
from studyapp.grading.places import OPTION, read_places
from studyapp.grading.question import Question
from studyapp.grading.solution import Reveal
from studyapp.grading.verdict import RIGHT, Detail, Outcome, Verdict
from studyapp.kinds.kind import ShuffledKind
from studyapp.locale.message import Message
from studyapp.locale.sentences import join_sentences

if TYPE_CHECKING:
    from studyapp.cards.rules import Finding

_NO_OPTION_MARKED_CORRECT = Message("no option is marked correct: true")
_OPTIONS_ARE_MARKED_CORRECT = Message("{correct} options are marked correct")
_WRITE_MULTIPLE_TRUE_MARK = Message("write multiple: true, or mark one")

_ONE, _SEVERAL = Message("the number of one option"), Message("the numbers of all options to pick")
_ONE_ONLY = Message("one option only is asked for")
_CHOSEN = Message("{number} (chosen)")
_NOT_RIGHT = Message("{number} is not to be picked.")
_IS_RIGHT = Message("The one to pick is {number}.")
_BELONGS = Message("{number} is to be picked too.")


class Option(Struct, frozen=True, kw_only=True):
    """One option of a choice card, with the reason that is shown after answering."""

    what: ClassVar[str | Message] = Message("an option")

    text: Annotated[str, prose()]
    why: Annotated[str, prose()] = ""
    correct: Annotated[bool, Field()] = False


class ChoiceCard(DrawnCard, tag="choice", frozen=True, kw_only=True):
    """Pick the right one of ``options``; all the right ones where ``multiple``."""

    question: Asked
    options: Annotated[
        tuple[Option, ...], prose("The options, at least one of them with correct: true.", least=2, most=26)
    ]
    multiple: Annotated[bool, Field("Several options are right.")] = False


class ChoiceKind(ShuffledKind[ChoiceCard]):
    """Cards with options to pick from. The answer is their numbers as shown, or letters."""

    card = ChoiceCard
    asks = ("definition", "trade-off", "mend")
    verdict_shows_answer = True
    verdict_shows_reasons = True
    starter = r"""
  # choice: exactly one option is right, or several with `multiple: true`. The options are shuffled.
  - id: {name}-choice
    kind: choice
    question: Which constant minimises the squared error on the targets 1, 2 and 9?
    options:
      - {text: '4', correct: true, why: 'It is the mean: (1 + 2 + 9) / 3.'}
      - {text: '2', why: That is the median; it minimises the absolute error.}
      - {text: '5', why: That is the middle of the range; it minimises the largest error.}
"""

    def rules(self, card: ChoiceCard) -> Iterator[Finding]:
        from studyapp.cards.rules import Finding, doubles

        correct = sum(option.correct for option in card.options)
        if correct == 0:
            yield Finding(("options",), "no-correct-option", _NO_OPTION_MARKED_CORRECT())
        elif correct > 1 and not card.multiple:
            message, hint = _OPTIONS_ARE_MARKED_CORRECT(correct=correct), _WRITE_MULTIPLE_TRUE_MARK()
            yield Finding(("options",), "several-correct-options", message, hint)
        yield from doubles(("options",), "text", [option.text for option in card.options], "option")

    def lines(self, card: ChoiceCard) -> Sequence[str]:
        return [option.text for option in card.options]

    def prompt(self, card: ChoiceCard) -> str:
        return _SEVERAL() if card.multiple else _ONE()

    def grade(self, card: ChoiceCard, question: Question, answer: str) -> Verdict:
        """The verdict on the numbers (or letters) of the options that were picked."""
        places = read_places(answer, len(card.options), OPTION)
        if isinstance(places, str):
            return invalid(places)
        if not card.multiple and len(places) > 1:
            return invalid(_ONE_ONLY())
        options = [card.options[place] for place in question.arrangement]
        picked = set(places)
        right = {place for place, option in enumerate(options) if option.correct}
        # The sign says whether the option is right, not whether it was treated rightly: it stands beside a claim.
        details = tuple(
            Detail(_CHOSEN(number=place + 1) if place in picked else str(place + 1), option.correct, option.why)
            for place, option in enumerate(options)
        )
        reference = " ".join(str(place + 1) for place in sorted(right))
        read_as = " ".join(str(place + 1) for place in sorted(picked))
        if picked == right:
            whys = [options[place].why for place in sorted(right) if options[place].why]
            message = RIGHT() if card.multiple else join_sentences(RIGHT(), *whys)
            return Verdict(Outcome.CORRECT, 1.0, message, None, read_as, reference, details)
        score = max(0.0, (len(picked & right) - len(picked - right)) / len(right)) if right else 0.0
        return Verdict(Outcome.WRONG, score, _explain(options, picked, right), None, read_as, reference, details)

    def reference(self, card: ChoiceCard, question: Question) -> str:
        """The numbers of the right options as shown, with their texts."""
        shown = [(place + 1, card.options[source]) for place, source in enumerate(question.arrangement)]
        return "\n".join(f"{number}) {option.text}" for number, option in shown if option.correct)

    def right_answer(self, card: ChoiceCard, question: Question) -> str:
        right = [place for place, source in enumerate(question.arrangement) if card.options[source].correct]
        return " ".join(str(place + 1) for place in right)

    def reveal(self, card: ChoiceCard, question: Question) -> Reveal:
        options = [card.options[place] for place in question.arrangement]
        notes = tuple(f"{number}. {option.why}" for number, option in enumerate(options, 1) if option.why)
        return Reveal(self.reference(card, question), card.solution, notes=notes)


def _explain(options: list[Option], picked: set[int], right: set[int]) -> str:
    lines = []
    for place in sorted(picked - right):
        lines.append(join_sentences(_NOT_RIGHT(number=place + 1), options[place].why))
    for place in sorted(right - picked):
        missed = _IS_RIGHT if not picked & right and len(right) == 1 else _BELONGS
        lines.append(join_sentences(missed(number=place + 1), options[place].why))
    return "\n".join(lines)


KIND = ChoiceKind()
