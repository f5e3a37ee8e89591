"""Questions, verdicts and answers as plain lines: what `show`, `grade` and `review` print.

Signs and words carry the meaning, so that the text reads the same in a pipe, on a dumb terminal and aloud.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from studyapp.grading.question import Question
from studyapp.grading.solution import ANSWER, FULL_ANSWER, SOLUTION, Reveal
from studyapp.grading.verdict import Outcome, Verdict
from studyapp.kinds import kind_of
from studyapp.locale.message import Message
from studyapp.render import cell_width, plain, render

_HINT = Message("Hint: {hint}")
_READ_AS = Message("read as {reading}")

_SIGNS: dict[bool | None, str] = {True: "✓", False: "✗", None: "·"}


def columns() -> int:
    """The width to write for: the terminal's, 80 where there is none, never more than reads well."""
    return max(20, min(shutil.get_terminal_size((80, 24)).columns, 100))


def prose(text: str, indent: str = "") -> str:
    """Light Markdown with formulas as plain lines."""
    lines = plain(render(text, columns() - len(indent))).splitlines()
    return "\n".join((indent + line).rstrip() for line in lines)


def question_text(question: Question, hints: Sequence[str] = ()) -> str:
    """What is asked: the text, the options or steps by number, the form of the answer, the hints shown so far."""
    blocks = [prose(question.text)]
    if question.options:
        blocks.append("\n".join(numbered(question.options)))
    if question.parts:
        blocks.append("\n".join(numbered(question.parts)))
    start = kind_of(question.card).starting_text(question.card)
    if start:
        blocks.append(start.rstrip())
    blocks += [prose(hint_text(hint, question.language)) for hint in hints]
    blocks.append(f"[{question.prompt}]")
    return "\n\n".join(blocks)


def hint_text(hint: str, language: str) -> str:
    """A hint with the word for it."""
    return _HINT.to(language, hint=hint)


def numbered(texts: Sequence[str]) -> list[str]:
    """Each text behind its number, further lines set below the first."""
    shown = []
    for number, text in enumerate(texts, start=1):
        label = f"{number}. "
        shown.append(label + prose(text, " " * len(label))[len(label) :])
    return shown


def verdict_text(verdict: Verdict, answer: str) -> str:
    """All that a verdict says."""
    blocks = [verdict.headline]
    if verdict.outcome is Outcome.INVALID and verdict.position is not None:
        blocks.append(_caret(answer, verdict.position))
    elif verdict.read_as:
        blocks.append(_READ_AS.to(verdict.language, reading=verdict.read_as))
    if verdict.message:
        blocks.append(prose(verdict.message))
    for detail in verdict.unsaid_details:
        blocks.append(f"{_SIGNS[detail.passed]} {prose(detail.line(verdict.language), '  ').lstrip()}")
    return "\n".join(blocks)


def reveal_text(shown: Reveal) -> str:
    """The right answer, the solution, the rubric and the reasons."""
    blocks = []
    if shown.answer:
        blocks.append(f"{ANSWER.to(shown.language)}\n" + prose(shown.answer, "  "))
    if shown.points:
        blocks.append(f"{FULL_ANSWER.to(shown.language)}\n" + "\n".join(numbered(shown.points)))
    if shown.solution and shown.solution != shown.answer:
        blocks.append(f"{SOLUTION.to(shown.language)}\n" + prose(shown.solution, "  "))
    blocks += [prose(note) for note in shown.notes]
    return "\n\n".join(blocks)


def _caret(answer: str, position: int) -> str:
    start = answer.rfind("\n", 0, position) + 1
    line = answer[start:].split("\n", 1)[0]
    column = position - start
    first = max(0, column - columns() + 12)
    shown = line[first : first + columns() - 4]
    return f"  {shown}\n  {' ' * cell_width(shown[: column - first])}^"
