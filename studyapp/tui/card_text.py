"""A card's texts for the screen: the question with its hints, and the answer with its solution."""

from __future__ import annotations

import re
from collections.abc import Sequence

from textual.content import Content

from studyapp.deck.card import Card, ChoiceCard, ClozeCard, ComputeCard
from studyapp.grading.question import Question
from studyapp.grading.solution import Reveal
from studyapp.render import plain as as_plain
from studyapp.render import render
from studyapp.tui.text import indented, join_blocks, plain, rich_text


def question_text(question: Question, hints: Sequence[str], width: int) -> Content:
    """What is asked, then the hints shown so far."""
    blocks = [rich_text(question.text, width)]
    for number, hint in enumerate(hints, start=1):
        label = f"Hint {number}: "
        blocks.append(
            indented(rich_text(hint, width - len(label)), plain(label, "bold $text-warning"), plain(" " * len(label)))
        )
    return join_blocks(blocks)


def answer_text(card: Card, shown: Reveal, graded: bool, width: int, said: str = "") -> Content:
    """The right answer, the solution and the notes.

    ``graded``: a verdict with details stands above already. ``said`` is its text: its reasons are not given again.
    """
    blocks = []
    said_above = graded and isinstance(card, ChoiceCard)
    if shown.answer and not said_above:
        answer = shown.answer
        if isinstance(card, ComputeCard) and "\n" in answer:
            answer = "\n".join(f"- {line}" for line in answer.split("\n"))
        blocks.append(join_blocks([plain("Answer", "bold underline"), rich_text(answer, width)], gap=0))
    if shown.solution and shown.solution != shown.answer:
        blocks.append(join_blocks([plain("Solution", "bold underline"), rich_text(shown.solution, width)], gap=0))
    notes = [note for note in shown.notes if (note.partition(": ")[2] or note) not in said]
    if notes and not said_above:
        blocks.append(join_blocks([rich_text(note, width) for note in notes], gap=0))
    return join_blocks(blocks)


def card_title(title: str, kind: str = "") -> str:
    """The beginning of a card as one line of plain text: gaps and numbers to be drawn open, formulas in Unicode."""
    title = re.sub(r"\{\{.*?\}\}", "[…]", " ".join(title.split()))
    if kind == "compute":  # braces inside formulas are LaTeX's
        parts = title.split("$")
        title = "$".join(
            re.sub(r"\{[^{}]*\}", "…", part) if place % 2 == 0 else part for place, part in enumerate(parts)
        )
    return as_plain(render(title, 1000)).replace("\n", " ") if "$" in title or "*" in title else title


def source_text(card: Card, question: Question, shown: Reveal | None) -> str:
    """The card as it is written, LaTeX and all, for the clipboard. The answer only once it has been shown."""
    asked = card.text if isinstance(card, ClozeCard) and shown is not None else question.text
    if shown is None:
        return asked
    return "\n\n".join(part for part in (asked, shown.answer, shown.solution) if part)
