"""Compute: work out a number, vector or matrix from drawn numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from studyapp.formula import ExpressionError
from studyapp.grading.draw import DrawError
from studyapp.grading.question import Question, fill_text
from studyapp.grading.solution import Reveal
from studyapp.grading.target import Target
from studyapp.grading.verdict import Outcome, Verdict
from studyapp.kinds.compute.card import ComputeCard, Part
from studyapp.kinds.compute.variant import Variant, draw_variant, make_variant
from studyapp.kinds.kind import Kind
from studyapp.locale.message import Message, speaking

if TYPE_CHECKING:
    from studyapp.cards.rules import Finding
    from studyapp.grading.proof import Proof

_SEED = Message("seed {seed}: ")
_RIGHT_ANSWER_SHOWN = Message("{where}the right answer as shown")
_OVER_SEEDS_ONLY_DIFFERENT = Message("over {seeds} seeds only {count} different variants come up")
_DRAWN_NUMBERS_DO_COME = Message("the drawn numbers do not come back from what is stored")

_PARTS_WRONG_ANSWERS_BELONG = Message("with parts, wrong answers belong to a part")
_MOVE_THEM_INTO_PART = Message("move them into the part")
_DRAWN_ALREADY = Message("{name} is drawn already")
_NO_DRAW = Message("the card draws no numbers")
_GIVE_DRAW = Message("give it draw, or rows")
_COMPUTE_CARD_ANSWER_PARTS = Message("a compute card has an answer or parts, not both")
_CARD_NO_ANSWER = Message("the card has no answer")
_GIVE_ANSWER_PARTS = Message("give it an answer, or parts")

__all__ = ["KIND", "ComputeCard", "Part"]

_NUMBER, _VECTOR = Message("a number"), Message("a vector of {count} numbers")
_MATRIX = Message("a {rows}×{columns} matrix, rows separated by “;”")
_ARRAY = Message("numbers in nested brackets, shape {shape}")
_DIGITS = Message("{what}, to {digits} significant digits")
_DIGITS_AND_UNIT = Message("{what}, to {digits} significant digits, in {unit}")
_PARTS = Message("{count} answers, one a line")
_UNFILLED = Message("(the card's solution cannot be filled in: {why})")


class ComputeKind(Kind[ComputeCard]):
    """Exercises with fresh numbers. The answer is a value, or one line for every part."""

    card = ComputeCard
    asks = ("compute",)
    echoes = True
    fills_texts = False
    starter = r"""
  # compute: fresh numbers every time. {name} shows a value; inside of maths write <<name>>.
  - id: {name}-compute
    kind: compute
    tags: [compute]
    loss: mse
    question: What is the mean squared error of the predictions p = {p} for the targets y = {y}?
    draw:
      y: {integers: [0, 9], size: 3}
      p: {grid: [0.5, 8.5, 0.5], size: 3}
    where: min(abs(y - p)) > 0.4
    answer: mse(y, p)           # an expression over the reference losses and the drawn names
    wrong:
      - {id: sum-not-mean, value: sum((y - p)^2), say: 'That is the sum; divide by {len(y)}.'}
      - {id: not-squared, value: mean(abs(y - p)), say: That is the mean absolute error.}
    hints:
      - Take the residuals first.
      - 'The first one is {y[0]} − {p[0]} = {y[0] - p[0]}.'
    solution: |
      The squared residuals are {(y - p)^2}.
      Their mean is $\frac{<<sum((y - p)^2)>>}{<<len(y)>>} = <<mse(y, p):4>>$.
"""

    def rules(self, card: ComputeCard) -> Iterator[Finding]:
        from studyapp.cards.rules import (
            Finding,
            doubles,
            drawn_names,
            mistakes,
            placeholders,
            readable,
            reserved,
        )
        from studyapp.forms.problem import quoted

        if bool(card.answer) == bool(card.parts):
            message = _COMPUTE_CARD_ANSWER_PARTS() if card.answer else _CARD_NO_ANSWER()
            hint = "" if card.answer else _GIVE_ANSWER_PARTS()
            yield Finding(("parts",) if card.answer else (), "answer", message, hint)
        if card.parts and card.wrong:
            yield Finding(("wrong",), "answer", _PARTS_WRONG_ANSWERS_BELONG(), _MOVE_THEM_INTO_PART())
        if not card.drawn_names:
            yield Finding((), "missing-key", _NO_DRAW(), _GIVE_DRAW())
        known = [*(yield from drawn_names(card))]
        ids = [part.id for part in card.parts]
        yield from doubles(("parts",), "id", ids, "part")
        for index, part in enumerate(card.parts):
            if part.id in card.drawn_names:
                yield Finding(("parts", index, "id"), "duplicate-name", _DRAWN_ALREADY(name=quoted(part.id)))
        if card.where:
            yield from readable(("where",), card.where, known)
        if card.answer:
            yield from readable(("answer",), card.answer, known)
        yield from placeholders(("question",), card.question, known)
        for index, hint in enumerate(card.hints):
            yield from placeholders(("hints", index), hint, known)
        yield from mistakes(("wrong",), card.wrong, known, says=True)
        for index, part in enumerate(card.parts):
            yield from reserved(("parts", index, "id"), [part.id])
            yield from placeholders(("parts", index, "ask"), part.ask, known)
            yield from readable(("parts", index, "answer"), part.answer, known)
            yield from mistakes(("parts", index, "wrong"), part.wrong, known, says=True)
            known.append(part.id)
        yield from placeholders(("solution",), card.solution, known)

    def outline(self, heading: str) -> str:
        parts = heading.split("$")  # braces inside formulas are LaTeX's
        parts[::2] = [re.sub(r"\{[^{}]*(?:\}|$)", "…", part) for part in parts[::2]]
        return re.sub(r"<<.*?(?:>>|$)", "…", "$".join(parts))

    def ask(self, card: ComputeCard, seed: int, language: str) -> Question:
        return _question(card, seed, language, draw_variant(card, seed))

    def drawn(self, question: Question) -> dict[str, Any]:
        card: Any = question.card
        return {"draw": {name: question.values[name] for name in card.drawn_names}}

    def restore(self, card: ComputeCard, seed: int, drawn: Any, language: str) -> Question | None:
        return _question(
            card, seed, language, make_variant(card, {name: drawn["draw"][name] for name in card.drawn_names})
        )

    def readings(self, card: ComputeCard, question: Question, text: str) -> list[str]:
        from studyapp.grading.reading import read_value

        lines = text.split("\n") if card.parts else [text]
        return [
            str(read_value(line, listed=bool(getattr(target.value, "ndim", 0)), unit=target.unit))
            for line, target in zip(lines, question.targets, strict=False)
            if line.strip()
        ]

    def grade(self, card: ComputeCard, question: Question, answer: str) -> Verdict:
        from studyapp.kinds.compute.grading import grade_compute, with_unit

        texts = question.parts or (question.text,)
        asked = zip(question.targets, texts, strict=True)
        return grade_compute(card, tuple(with_unit(target, text, question.text) for target, text in asked), answer)

    def reference(self, card: ComputeCard, question: Question) -> str:
        from studyapp.grading.numbers import shown_value

        return "\n".join(
            (f"{number}) " if target.part else "") + shown_value(target.value, target.digits)
            for number, target in enumerate(question.targets, 1)
        )

    def reveal(self, card: ComputeCard, question: Question) -> Reveal:
        """The value with its unit; of an exercise with parts the values, numbered as the parts are."""
        from studyapp.grading.numbers import shown_value
        from studyapp.kinds.compute.steps import results, worked

        known = {target.part: target.value.tolist() for target in question.targets if target.part}
        try:
            written = fill_text(card.solution, {**question.values, **known}) if card.solution else ""
        except ExpressionError as error:
            written = _UNFILLED(why=error.message)
        account = results(question.targets) if written else worked(card, question.targets, question.values)
        unit = f" {card.unit}" if card.unit else ""
        values = [shown_value(target.value, target.digits) + unit for target in question.targets]
        answer = "\n".join(f"{number}. {value}" for number, value in enumerate(values, 1)) if card.parts else values[0]
        solution = "\n\n".join(text for text in (written, account) if text)
        return Reveal(answer, solution, listed=True)

    def prove(self, card: ComputeCard, proof: Proof) -> None:
        """Over many seeds the right answer is right and every named mistake is recognised."""
        from studyapp.grading.numbers import grade_value

        variants = set()
        for seed in range(proof.seeds):
            question = self.ask(card, seed, "en")
            variants.add(json.dumps(self.drawn(question)))
            where = _SEED(seed=seed)
            verdict = proof.grade(question, self.reference(card, question))
            proof.expect(verdict, Outcome.CORRECT, "right-answer", _RIGHT_ANSWER_SHOWN(where=where))
            for target in question.targets:
                right = _typed(target.value, target.digits)
                proof.expect(grade_value(target, right), Outcome.CORRECT, "right-answer", f"{where}{right}")
                for wrong in target.wrong:
                    verdict = grade_value(target, _typed(wrong.value, target.digits))
                    proof.expect_misconception(verdict, wrong.mistake.id, where)
            proof.texts(question)
            if proof.enough:
                return
            if seed % 20:
                continue
            proof.blank(question)
            stored = json.loads(json.dumps(self.drawn(question)))
            again = self.restore(card, seed, stored, "en")
            if again is None or self.drawn(again) != self.drawn(question):
                proof.add("draw", _DRAWN_NUMBERS_DO_COME())
        if proof.seeds > 20 and len(variants) < 5 and _varies(card):
            proof.add("variants", _OVER_SEEDS_ONLY_DIFFERENT(seeds=proof.seeds, count=len(variants)))


def _varies(card: ComputeCard) -> bool:
    """Whether chance decides about the card's numbers."""
    return len(card.rows) > 4 or any(draw.rule != "value" for draw in card.draw.values())


def _question(card: ComputeCard, seed: int, language: str, variant: Variant) -> Question:
    values = variant.values
    try:
        text = fill_text(card.question, values)
        hints = tuple(fill_text(hint, values) for hint in card.hints)
        asks = zip(card.parts, variant.targets, strict=True) if card.parts else ()
        parts = tuple(fill_text(part.ask, target.values) for part, target in asks)
    except ExpressionError as error:
        raise DrawError(f"{card.id}: {error.message}") from None
    prompt = _PARTS(count=len(card.parts)) if card.parts else _prompt(card, variant.targets[0])
    return Question(card, seed, language, text, prompt, hints, values, parts=parts, targets=variant.targets)


def part_prompts(card: ComputeCard, targets: tuple[Target, ...], language: str) -> tuple[str, ...]:
    """What form of answer each part of an exercise expects."""
    with speaking(language):
        return tuple(_prompt(card, target) for target in targets)


def _prompt(card: ComputeCard, target: Target) -> str:
    shape = getattr(target.value, "shape", ())
    if not shape:
        what = _NUMBER()
    elif len(shape) == 1:
        what = _VECTOR(count=shape[0])
    elif len(shape) == 2:
        what = _MATRIX(rows=shape[0], columns=shape[1])
    else:
        what = _ARRAY(shape="×".join(map(str, shape)))
    if card.unit:
        return _DIGITS_AND_UNIT(what=what, digits=target.digits, unit=card.unit)
    return _DIGITS(what=what, digits=target.digits)


def _typed(value: Any, digits: int) -> str:
    """A value as a careful learner types it, with as many significant digits as are asked for."""
    from studyapp.render.number import significant

    if getattr(value, "ndim", 0):
        return "[" + ", ".join(_typed(entry, digits) for entry in value) + "]"
    return significant(float(value), digits)


KIND = ComputeKind()
