"""Code: write a Python function that agrees with a reference on random and on edge cases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from studyapp.grading.question import Question
from studyapp.grading.solution import Reveal
from studyapp.grading.verdict import Verdict
from studyapp.kinds.code.card import Case, CodeCard
from studyapp.kinds.kind import Kind, plain_question
from studyapp.locale.message import Message

if TYPE_CHECKING:
    from studyapp.cards.rules import Finding
    from studyapp.grading.proof import Proof

_WITHOUT_REFERENCE_NOTHING_DRAWN = Message("without a reference nothing is drawn")
_WRITE_REFERENCE_LEAVE_DRAW = Message("write reference:, or leave draw away")
_CODE_CARD_NEEDS_REFERENCE = Message("a code card needs a reference, or cases with what they expect")
_CANNOT_STAND_HERE = Message("{value} cannot stand here")
_CARD_REFERENCE_NEEDS_KEY = Message("a card with a reference needs the key 'draw'")
_REFERENCE_WORKS_ON_NUMPY = Message("a reference works on NumPy arrays")
_GIVE_EACH_CASE_EXPECT = Message("give each case an expect")
_CASE_NEEDS_KEY_EXPECT = Message("a case needs the key 'expect' where there is no reference")
_REFERENCE_SAYS_WHAT_EXPECTED = Message("the reference says what is expected")
_ONE = Message("one of {names}")
_WRITE_DEF_IOU_BOX = Message("write it as def iou(box_a, box_b)")
_SIGNATURE_NO_ARGUMENT = Message("the signature has no argument {name}")
_FUNCTION_TAKES_ARGUMENTS_CASE = Message("the function takes {count} arguments, this case gives {count_2}")
_NOTHING_DRAWN_ARGUMENT = Message("nothing is drawn for the argument {missing}")
_DRAW_ARGUMENTS_THEIR_ORDER = Message("draw the arguments in their order: {names}")

__all__ = ["KIND", "Case", "CodeCard"]

_PYTHON = Message("Python: {signature}")
_LOSS = Message("{loss}: $${formula}$$")


class CodeKind(Kind[CodeCard]):
    """Cards whose answer is the source of a function, which is run in a process of its own."""

    card = CodeCard
    asks = ("code", "say")
    keeps_draft = True
    runs_code = True
    fills_texts = False
    starter = r"""
  # code: the learner writes the function; it is tried on drawn inputs and on your cases.
  - id: {name}-code
    kind: code
    tags: [code]
    question: Write the mean squared error of two equally long lists of numbers.
    signature: def mse(y, p)
    reference: mse
    draw:
      y: {grid: [-2, 2, 0.5], size: 4}
      p: {grid: [-2, 2, 0.5], size: 4}
    cases:
      - {args: [[1], [3]], why: a single entry}
      - {args: [[0.5, 1], [0.5, 1]], why: no error at all}
"""

    def rules(self, card: CodeCard) -> Iterator[Finding]:
        from studyapp.cards.rules import Finding, mistakes, readable, sizes
        from studyapp.forms.problem import did_you_mean, quoted
        from studyapp.kinds.code.source import signature_names

        yield from sizes(card.draw)
        yield from _mode(card)
        try:
            names = signature_names(card.signature)
        except ValueError as error:
            yield Finding(("signature",), "signature", str(error), _WRITE_DEF_IOU_BOX())
            yield from mistakes(("wrong",), card.wrong, None)
            return
        drawn = list(card.draw)
        if card.reference and card.draw and names != drawn:
            missing = [name for name in names if name not in drawn]
            surplus = [name for name in drawn if name not in names]
            if surplus:
                name = surplus[0]
                hint = did_you_mean(name, missing)
                yield Finding(("draw", name), "signature", _SIGNATURE_NO_ARGUMENT(name=quoted(name)), hint)
            elif missing:
                yield Finding(("draw",), "signature", _NOTHING_DRAWN_ARGUMENT(missing=quoted(missing[0])))
            else:
                yield Finding(("draw",), "signature", _DRAW_ARGUMENTS_THEIR_ORDER(names=", ".join(names)))
        for index, case in enumerate(card.cases):
            if len(case.args) != len(names):
                yield Finding(
                    ("cases", index, "args"),
                    "signature",
                    _FUNCTION_TAKES_ARGUMENTS_CASE(count=len(names), count_2=len(case.args)),
                )
        if not card.reference:
            return
        call = f"{card.reference}({', '.join(names)})" if card.reference.isidentifier() else card.reference
        yield from readable(("reference",), call, names)
        yield from mistakes(("wrong",), card.wrong, names)

    def ask(self, card: CodeCard, seed: int, language: str) -> Question:
        return plain_question(card, seed, language, card.question, _PYTHON(signature=card.signature))

    def starting_text(self, card: CodeCard) -> str:
        return card.starter

    def long_answer(self, question: Question) -> bool:
        return True

    def grade(self, card: CodeCard, question: Question, answer: str) -> Verdict:
        from studyapp.kinds.code.grading import grade_code

        return grade_code(card, question.seed, answer)

    def regrade(self, card: CodeCard, question: Question, verdict: Verdict) -> Verdict | None:
        """The code is not run again."""
        from studyapp.kinds.code.grading import rejudge

        return None if verdict.evidence is None else rejudge(card, question.seed, verdict.evidence)

    def reference(self, card: CodeCard, question: Question) -> str:
        return card.reference or card.solution_code or card.signature

    def reveal(self, card: CodeCard, question: Question) -> Reveal:
        """The formula behind the reference, where it is a loss by name."""
        from studyapp import losses

        code = f"```python\n{card.solution_code.rstrip()}\n```" if card.solution_code.strip() else ""
        if not card.reference:
            return Reveal(code or f"`{card.signature}`", card.solution)
        solution = "\n\n".join(filter(None, (code, card.solution)))
        name = card.loss or card.reference.split("(")[0].removesuffix(".grad")
        if name not in losses.names():
            return Reveal(f"`{card.reference}`", solution)
        loss = losses.get(name)
        return Reveal(_LOSS(loss=loss.title, formula=loss.formula), solution)

    def prove(self, card: CodeCard, proof: Proof) -> None:
        from studyapp.kinds.code.proof import prove_code

        prove_code(card, self.ask(card, 0, "en"), proof)


def _mode(card: CodeCard) -> Iterator[Finding]:
    """What does not go together: a card has a reference and draws, or cases that each say what they expect."""
    from studyapp.cards.rules import Finding
    from studyapp.forms.problem import did_you_mean, quoted
    from studyapp.kinds.code.plain import COMPARISONS

    for key, value, known in (("compare", card.compare, COMPARISONS), ("inputs", card.inputs, ("", "python", "numpy"))):
        if value not in known:
            hint = did_you_mean(value, known) or _ONE(names=", ".join(filter(None, known)))
            yield Finding((key,), key, _CANNOT_STAND_HERE(value=quoted(value)), hint)
    if card.reference:
        if not card.draw:
            yield Finding(("reference",), "missing-key", _CARD_REFERENCE_NEEDS_KEY())
        if card.inputs == "python":
            yield Finding(("inputs",), "inputs", _REFERENCE_WORKS_ON_NUMPY(), _GIVE_EACH_CASE_EXPECT())
        for place, case in enumerate(card.cases):
            if case.expect:
                yield Finding(("cases", place, "expect"), "expect", _REFERENCE_SAYS_WHAT_EXPECTED())
        return
    if card.draw:
        yield Finding(("draw",), "draw", _WITHOUT_REFERENCE_NOTHING_DRAWN(), _WRITE_REFERENCE_LEAVE_DRAW())
    if not card.cases:
        yield Finding((), "missing-key", _CODE_CARD_NEEDS_REFERENCE())
    for place, case in enumerate(card.cases):
        if not case.expect:
            yield Finding(("cases", place), "missing-key", _CASE_NEEDS_KEY_EXPECT())


KIND = CodeKind()
