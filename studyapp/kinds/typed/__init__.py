"""Typed: a short answer that is checked, as a text, a number, a fraction, a set, an interval, or yes or no."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import msgspec

from studyapp.cards.card import Asked, DrawnCard, Fold, Match
from studyapp.cards.field import Field, prose
from studyapp.grading.question import Question
from studyapp.grading.verdict import Verdict
from studyapp.kinds.kind import Kind, plain_question
from studyapp.locale.message import Message

if TYPE_CHECKING:
    from studyapp.cards.rules import Finding

_TEXT = Message("this is not {text}")

_NO_TOLERANCE = Message("{tolerance} is no tolerance")
_FACTOR = Message("0.1, 5% or factor 2")
_TOLERANCE_BELONGS_NUMBER = Message("a tolerance belongs to as: number")
_UNIT_BELONGS_NUMBER = Message("a unit belongs to a number")
_SPELLINGS_BELONG_TEXT = Message("spellings belong to a text")
_CANNOT_STAND_HERE = Message("{value} cannot stand here")
_ANSWER_IS_NOT = Message("{answer} is not {text}")
_ONE = Message("one of {known}")

FORMS = ("text", "integer", "number", "fraction", "set", "interval", "yes-no")
"""What an answer can be (``as``)."""

PROMPTS = {
    "text": Message("a word or a short phrase"),
    "integer": Message("a whole number"),
    "number": Message("a number"),
    "fraction": Message("an exact number, such as 5/36"),
    "set": Message("all members, separated by commas"),
    "interval": Message("an interval, such as (0, 4] or 0 < x <= 4"),
    "yes-no": Message("yes or no"),
}


class TypedCard(DrawnCard, tag="typed", frozen=True, kw_only=True):
    """What is asked, the right answer, and what else is accepted."""

    question: Asked
    answer: Annotated[str, prose("The right answer, as it is shown.")]
    accept: Annotated[
        tuple[str, ...], prose("Other answers that are right.", what=Message("accepted answers"), most=100)
    ] = ()
    form: Annotated[
        str,
        Field(
            "What the answer is: text, integer, number, fraction, set, interval or yes-no.",
            "plain", what=Message('text, integer, number, fraction, set, interval or yes-no'), written="as", longest=20,
        ),
    ] = "text"  # fmt: skip
    match: Match = "words"
    fold: Fold = msgspec.field(default_factory=dict)
    tolerance: Annotated[
        str,
        Field(
            "How far a number may lie off: 0.1, 5% or factor 2.",
            "plain",
            what=Message("0.1, 5% or factor 2"),
            longest=40,
        ),
    ] = ""
    unit: Annotated[
        str, Field("The unit that may stand behind a number.", "plain", what=Message("a unit"), longest=40)
    ] = ""


class TypedKind(Kind[TypedCard]):
    """Cards with a short answer to type."""

    card = TypedCard
    asks = ("definition",)
    starter = r"""
  # typed: a short answer. `as:` text (the default), integer, number, fraction, set, interval or yes-no;
  # `accept:` lists what else is right; `match:` exact, case, words (the default) or loose.
  - id: {name}-typed
    kind: typed
    question: What are two fair dice together most likely to show, and with which probability? Type the probability.
    answer: 1/6
    as: fraction
"""

    def rules(self, card: TypedCard) -> Iterator[Finding]:
        from studyapp.cards.rules import Finding
        from studyapp.forms.problem import did_you_mean, quoted
        from studyapp.grading.match import MATCHES
        from studyapp.kinds.typed.grading import read_answer, read_tolerance

        for key, value, known in (("as", card.form, FORMS), ("match", card.match, MATCHES)):
            if value not in known:
                hint = did_you_mean(value, known) or _ONE(known=", ".join(known))
                yield Finding((key,), "typed-form", _CANNOT_STAND_HERE(value=quoted(value)), hint)
        if card.form not in FORMS:
            return
        for path, answer in ((("answer",), card.answer), *((("accept", n), one) for n, one in enumerate(card.accept))):
            if read_answer(card.form, answer, card.unit) is None:
                yield Finding(path, "typed-answer", _ANSWER_IS_NOT(answer=quoted(answer), text=PROMPTS[card.form].text))
        if card.tolerance and read_tolerance(card.tolerance) is None:
            yield Finding(("tolerance",), "tolerance", _NO_TOLERANCE(tolerance=quoted(card.tolerance)), _FACTOR())
        if card.tolerance and card.form != "number":
            yield Finding(("tolerance",), "tolerance", _TOLERANCE_BELONGS_NUMBER())
        if card.unit and card.form not in ("number", "integer"):
            yield Finding(("unit",), "unit", _UNIT_BELONGS_NUMBER())
        if card.form != "text" and card.fold:
            yield Finding(("fold",), "fold", _SPELLINGS_BELONG_TEXT())

    def misfit(self, card: TypedCard, key: str, text: str) -> str:
        from studyapp.kinds.typed.grading import read_answer

        if key == "answer" and read_answer(card.form, text, card.unit) is None:
            return _TEXT(text=PROMPTS[card.form].text)
        return ""

    def ask(self, card: TypedCard, seed: int, language: str) -> Question:
        prompt = PROMPTS[card.form if card.form in PROMPTS else "text"]()
        return plain_question(card, seed, language, card.question, f"{prompt} ({card.unit})" if card.unit else prompt)

    def in_words(self, card: TypedCard) -> bool:
        return card.form == "text"

    def grade(self, card: TypedCard, question: Question, answer: str) -> Verdict:
        from studyapp.kinds.typed.grading import grade_typed

        return grade_typed(card, answer)

    def reference(self, card: TypedCard, question: Question) -> str:
        return f"{card.answer} {card.unit}".strip() if card.unit not in card.answer else card.answer


KIND = TypedKind()
