"""A card's texts for the screen: the question with its hints, and the answer with its solution."""

from __future__ import annotations

import re
from collections.abc import Sequence

from textual.content import Content

from studyapp.cards.card import Card
from studyapp.grading.question import Question
from studyapp.grading.solution import ANSWER, SOLUTION, Reveal
from studyapp.kinds import kind_named, kind_of
from studyapp.locale.message import Message
from studyapp.render import cell_width, render
from studyapp.render import plain as as_plain
from studyapp.tui.text import indented, join_blocks, plain, rich_text

_HINT = Message("Hint {number}: ")


def question_text(question: Question, hints: Sequence[str], width: int) -> Content:
    """What is asked, its first paragraph bold, then the hints shown so far."""
    asked = rich_text(question.text, width)
    first = asked.plain.find("\n\n")
    blocks = [asked.stylize("bold", 0, len(asked.plain) if first < 0 else first)]
    for number, hint in enumerate(hints, start=1):
        label = _HINT.to(question.language, number=number)
        used = cell_width(label)
        blocks.append(indented(rich_text(hint, width - used), plain(label, "bold $text-warning"), plain(" " * used)))
    return join_blocks(blocks)


def answer_text(card: Card, shown: Reveal, graded: bool, width: int, said: str = "") -> Content:
    """The right answer, the solution and the notes.

    ``graded``: a verdict with details stands above already. ``said`` is its text: its reasons are not given again.
    """
    blocks = []
    kind = kind_of(card)
    if shown.answer and not (graded and kind.verdict_shows_answer):
        answer = shown.answer
        if shown.listed and "\n" in answer:
            answer = "\n".join(f"- {line}" for line in answer.split("\n"))
        blocks.append(
            join_blocks([plain(ANSWER.to(shown.language), "bold underline"), rich_text(answer, width)], gap=0)
        )
    if shown.solution and shown.solution != shown.answer:
        blocks.append(
            join_blocks([plain(SOLUTION.to(shown.language), "bold underline"), rich_text(shown.solution, width)], gap=0)
        )
    notes = [note for note in shown.notes if re.split(": |：", note, maxsplit=1)[-1] not in said]
    if notes and not (graded and kind.verdict_shows_reasons):
        blocks.append(join_blocks([rich_text(note, width) for note in notes], gap=0))
    return join_blocks(blocks)


def card_title(title: str, kind: str = "") -> str:
    """The beginning of a card as one line of plain text: gaps and numbers to be drawn open, formulas in Unicode.

    ``kind`` is that of the card; none for a question as it was asked, in which nothing is open. It may be cut anywhere:
    what was begun and is cut off is left out.
    """
    title = " ".join(title.split()).replace("$$", "$")
    if kind:
        title = kind_named(kind).outline(title)
    if title.count("$") % 2 and title.endswith("…"):
        title = title[: title.rindex("$")].rstrip() + " …"
    if "$" in title or "*" in title:
        title = as_plain(render(title, 1000)).replace("\n", " ")
    return title.replace("`", "")


def source_text(card: Card, question: Question, shown: Reveal | None) -> str:
    """The card as it is written, LaTeX and all, for the clipboard. The answer only once it has been shown."""
    asked = kind_of(card).source(card, question, revealed=shown is not None)
    if shown is None:
        return asked
    return "\n\n".join(part for part in (asked, shown.answer, shown.solution) if part)
