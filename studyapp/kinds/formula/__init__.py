"""Formula: type an expression or a derivation; equal at random points of the declared domains is equal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from studyapp.formula import parse
from studyapp.formula.latex import to_latex
from studyapp.grading.question import Question
from studyapp.grading.solution import Reveal
from studyapp.grading.verdict import Outcome, Verdict
from studyapp.kinds.formula.card import FormulaCard
from studyapp.kinds.kind import Kind, plain_question
from studyapp.locale.message import Message

if TYPE_CHECKING:
    from studyapp.cards.rules import Finding
    from studyapp.grading.proof import Proof

_ANSWER_NO_VALUE_MOST = Message("the answer has no value at most points of the declared domains")
_CARD_S_OWN_ANSWER = Message("the card's own answer")
_ANSWER_SHOWN = Message("the answer as shown")
_START_FOLLOWED_ANSWER = Message("the start followed by the answer")

__all__ = ["KIND", "FormulaCard"]

_FORMULA, _CONSTANT = Message("a formula in {names}"), Message("a formula")
_LINES = Message("one equal expression a line, the last one the result, in {names}")


class FormulaKind(Kind[FormulaCard]):
    """Cards whose answer is a formula, or a derivation with a line for each step."""

    card = FormulaCard
    asks = ("derivation", "mend")
    drawn_fields = frozenset({"answer", "start"})
    echoes = True
    starter = r"""
  # formula: any expression that equals the answer is right. A variable has an interval or a choice of values; an end of
  # an interval may be an expression of variables above, [0, 1 - p], and `where:` is a condition that all must meet.
  - id: {name}-formula
    kind: formula
    question: 'What is the derivative of $(y - p)^2$ with respect to $p$?'
    answer: 2*(p - y)
    variables:
      p: [-3, 3]
      y: {choice: [-1, 0, 1, 2]}
    wrong:
      - {id: sign, value: 2*(y - p), say: The sign is reversed; the inner derivative of y − p is −1.}
"""

    def rules(self, card: FormulaCard) -> Iterator[Finding]:
        from studyapp.cards.rules import mistakes, readable

        names = tuple(card.variables)
        for place, (name, domain) in enumerate(card.variables.items()):
            for end, text in enumerate(domain.between):
                yield from readable(("variables", name, end), text, names[:place])
        if card.where:
            yield from readable(("where",), card.where, names)
        yield from readable(("answer",), card.answer, names)
        if card.start:
            yield from readable(("start",), card.start, names)
        yield from mistakes(("wrong",), card.wrong, names)

    def draw_condition(self, card: FormulaCard) -> str:
        return ""  # `where` is said of the variables

    def ask(self, card: FormulaCard, seed: int, language: str) -> Question:
        names = ", ".join(card.variables)
        prompt = (_LINES if card.lines else _FORMULA)(names=names) if names else _CONSTANT()
        return plain_question(card, seed, language, card.question, prompt)

    def long_answer(self, question: Question) -> bool:
        card: Any = question.card
        return bool(card.lines)

    def readings(self, card: FormulaCard, question: Question, text: str) -> list[str]:
        from studyapp.kinds.formula.grading import FormulaReader, read_lines

        return [str(line.expression) for line in read_lines(FormulaReader(card), text)]

    def grade(self, card: FormulaCard, question: Question, answer: str) -> Verdict:
        from studyapp.kinds.formula.grading import grade_formula

        return grade_formula(card, answer)

    def reference(self, card: FormulaCard, question: Question) -> str:
        return str(parse(card.answer, card.variables))

    def reveal(self, card: FormulaCard, question: Question) -> Reveal:
        return Reveal(f"$${to_latex(parse(card.answer, card.variables).tree)}$$", card.solution)

    def prove(self, card: FormulaCard, proof: Proof) -> None:
        """The answer is right however it is written, every named mistake is recognised, the start leads to the
        answer."""
        from studyapp.kinds.formula.grading import FormulaReader, points_of
        from studyapp.kinds.formula.points import LEAST

        question = self.ask(card, 0, "en")
        answer = parse(card.answer, card.variables)
        if card.variables and len(points_of(card, answer)) < LEAST:
            proof.add("expression", _ANSWER_NO_VALUE_MOST())
            return
        for text, what in ((card.answer, _CARD_S_OWN_ANSWER()), (str(answer), _ANSWER_SHOWN())):
            proof.expect(proof.grade(question, text), Outcome.CORRECT, "right-answer", what)
        for wrong in card.wrong:
            verdict = proof.grade(question, str(parse(wrong.value, card.variables)))
            proof.expect_misconception(verdict, wrong.id)
        if card.start:
            verdict = proof.grade(question, f"{card.start}\n{card.answer}")
            proof.expect(verdict, Outcome.CORRECT, "right-answer", _START_FOLLOWED_ANSWER())
            FormulaReader(card).read(card.start)
        proof.blank(question)
        proof.texts(question)


KIND = FormulaKind()
