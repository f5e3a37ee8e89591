"""What must hold inside one card, beyond the form of its keys.

``card_findings(card)`` is pure: a finding says where in the card (``path``), what is wrong and what to do.
Only findings of severity ``error`` cost the card.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from studyapp.cards.card import (
    Card,
    ChoiceCard,
    ClozeCard,
    CodeCard,
    ComputeCard,
    Draw,
    FormulaCard,
    Misconception,
    OrderCard,
)
from studyapp.forms.node import NodePath
from studyapp.forms.problem import Severity, did_you_mean, quoted
from studyapp.kinds.cloze.gaps import GapError, find_gaps


class Finding(Struct, frozen=True):
    """One thing that is wrong in a card. ``at`` is the place inside the text at ``path``, from 0, where it is
    known."""

    path: NodePath
    code: str
    message: str
    hint: str = ""
    severity: Severity = "error"
    at: int = 0


def card_findings(card: Card) -> Iterator[Finding]:
    """Everything that is wrong with the structure of ``card``."""
    rule: Any = _RULES.get(type(card))
    if rule is not None:
        yield from rule(card)
    if card.id in card.leads_to:
        yield Finding(("leads_to", card.leads_to.index(card.id)), "leads-to", "the card leads to itself")


def _choice(card: ChoiceCard) -> Iterator[Finding]:
    correct = sum(option.correct for option in card.options)
    if correct == 0:
        yield Finding(("options",), "no-correct-option", "no option is marked correct: true")
    elif correct > 1 and not card.multiple:
        yield Finding(
            ("options",),
            "several-correct-options",
            f"{correct} options are marked correct",
            "write multiple: true, or mark one",
        )
    yield from _doubles(("options",), "text", [option.text for option in card.options], "option")


def _cloze(card: ClozeCard) -> Iterator[Finding]:
    try:
        gaps = find_gaps(card.text)
    except GapError as error:
        excerpt = quoted(card.text[error.start :])
        yield Finding(("text",), "gap", f"the gap at {excerpt} is never closed", "a gap is written {{median}}")
        return
    if not gaps:
        yield Finding(("text",), "no-gap", "the text has no gap", "a gap is written {{median}}")
    for number, gap in enumerate(gaps, 1):
        if not all(gap.alternatives):
            if not any(gap.alternatives):
                yield Finding(("text",), "gap", f"gap {number} is empty")
            else:
                hint = r"| parts alternatives; a bar that belongs to the text is written \|"
                yield Finding(("text",), "gap", f"gap {number} lists an empty alternative", hint)


def _compute(card: ComputeCard) -> Iterator[Finding]:
    if bool(card.answer) == bool(card.parts):
        message = "a compute card has an answer or parts, not both" if card.answer else "the card has no answer"
        hint = "" if card.answer else "give it an answer, or parts"
        yield Finding(("parts",) if card.answer else (), "answer", message, hint)
    if card.parts and card.wrong:
        yield Finding(("wrong",), "answer", "with parts, wrong answers belong to a part", "move them into the part")
    yield from _draws(card.draw)
    for name in card.let:
        if name in card.draw:
            yield Finding(("let", name), "duplicate-name", f"{quoted(name)} is drawn already")
    ids = [part.id for part in card.parts]
    yield from _doubles(("parts",), "id", ids, "part")
    for index, part in enumerate(card.parts):
        if part.id in card.draw:
            yield Finding(("parts", index, "id"), "duplicate-name", f"{quoted(part.id)} is drawn already")
        yield from _wrong(("parts", index, "wrong"), part.wrong)
    yield from _wrong(("wrong",), card.wrong)


def _formula(card: FormulaCard) -> Iterator[Finding]:
    yield from _wrong(("wrong",), card.wrong)


def _order(card: OrderCard) -> Iterator[Finding]:
    ids = [step.id for step in card.steps]
    yield from _doubles(("steps",), "id", ids, "step")
    yield from _doubles(("steps",), "text", [step.text for step in card.steps], "step")
    known = set(ids)
    for index, step in enumerate(card.steps):
        for place, name in enumerate(step.after):
            path = ("steps", index, "after", place)
            if name == step.id:
                yield Finding(path, "after", "a step cannot come after itself")
            elif name not in known:
                yield Finding(path, "after", f"there is no step {quoted(name)}", did_you_mean(name, ids))
    circle = _circle({step.id: step.after for step in card.steps})
    if circle:
        yield Finding(
            ("steps", ids.index(circle[0]), "after"),
            "circle",
            f"steps wait for each other: {' after '.join(circle)}",
        )
    texts = {step.text for step in card.steps}
    for index, distractor in enumerate(card.distractors):
        if distractor.text in texts:
            yield Finding(("distractors", index, "text"), "duplicate", "this distractor is also a step")
    yield from _doubles(("distractors",), "text", [entry.text for entry in card.distractors], "distractor")


def _code(card: CodeCard) -> Iterator[Finding]:
    yield from _draws(card.draw)
    yield from _wrong(("wrong",), card.wrong)
    try:
        names = signature_names(card.signature)
    except ValueError as error:
        yield Finding(("signature",), "signature", str(error), "write it as def iou(box_a, box_b)")
        return
    drawn = list(card.draw)
    if names != drawn:
        missing = [name for name in names if name not in drawn]
        surplus = [name for name in drawn if name not in names]
        if surplus:
            name = surplus[0]
            hint = did_you_mean(name, missing)
            yield Finding(("draw", name), "signature", f"the signature has no argument {quoted(name)}", hint)
        elif missing:
            yield Finding(("draw",), "signature", f"nothing is drawn for the argument {quoted(missing[0])}")
        else:
            yield Finding(("draw",), "signature", f"draw the arguments in their order: {', '.join(names)}")
    for index, case in enumerate(card.cases):
        if len(case.args) != len(names):
            yield Finding(
                ("cases", index, "args"),
                "signature",
                f"the function takes {len(names)} arguments, this case gives {len(case.args)}",
            )


def signature_names(signature: str) -> list[str]:
    """The argument names of ``def f(x, y)``. Raises ValueError for anything but plain positional
    arguments."""
    text = signature.strip()
    try:
        body = ast.parse(text.rstrip(":") + ":\n    pass").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ValueError("the signature is not Python") from None
    if len(body) != 1 or not isinstance(body[0], ast.FunctionDef) or "\n" in text:
        raise ValueError("the signature is not one function")
    function = body[0]
    arguments = function.args
    if arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.defaults or function.decorator_list:
        raise ValueError("the signature has plain positional arguments only, without defaults and stars")
    names = [argument.arg for argument in arguments.posonlyargs + arguments.args]
    if not names:
        raise ValueError("the function takes no arguments")
    return names


def _draws(draws: dict[str, Draw]) -> Iterator[Finding]:
    """Sizes may only name whole numbers that are drawn before them."""
    whole: list[str] = []
    for name, draw in draws.items():
        for entry in draw.size:
            if isinstance(entry, str) and entry not in whole:
                what = "is not a whole number" if entry in draws else "is not drawn"
                before = " before it" if entry in draws else ""
                yield Finding(
                    ("draw", name, "size"),
                    "draw",
                    f"the size {quoted(entry)} {what}{before}",
                    did_you_mean(entry, whole),
                )
        if not draw.size and _is_count(draw):
            whole.append(name)


def _is_count(draw: Draw) -> bool:
    if draw.rule == "integers":
        return int(draw.arguments[0]) >= 1  # type: ignore[arg-type]
    if draw.rule in ("value", "choice"):
        return all(type(value) is int and value >= 1 for value in draw.arguments)
    return False


def _wrong(path: NodePath, wrong: Sequence[Misconception]) -> Iterator[Finding]:
    yield from _doubles(path, "id", [entry.id for entry in wrong], "wrong answer")


def _doubles(path: NodePath, key: str, values: Iterable[str], what: str) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value in seen:
            name = quoted(value) if key == "id" else "this text"
            yield Finding((*path, index, key), "duplicate", f"there is an earlier {what} with {name}")
        seen.add(value)


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


_RULES: dict[type[Card], Any] = {
    ChoiceCard: _choice,
    ClozeCard: _cloze,
    ComputeCard: _compute,
    FormulaCard: _formula,
    OrderCard: _order,
    CodeCard: _code,
}
