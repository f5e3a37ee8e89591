"""What is said of an answer, as text: a sign and a word first, then what was read, why, and the right answer."""

from __future__ import annotations

from textual.content import Content

from studyapp.grading.verdict import Detail, Outcome, Verdict
from studyapp.locale.message import Message
from studyapp.render import cell_width
from studyapp.tui.text import indented, join_blocks, plain, plain_wrapped, rich_text

_READ_AS = Message("Read as: ")

_LOOKS: dict[Outcome, str] = {
    Outcome.CORRECT: "bold $text-success",
    Outcome.ROUNDED: "bold $text-success",
    Outcome.MISCONCEPTION: "bold $text-error",
    Outcome.CLOSE: "bold $text-warning",
    Outcome.WRONG: "bold $text-error",
    Outcome.INVALID: "bold $text-warning",
    Outcome.GAVE_UP: "bold $text-warning",
    Outcome.SELF_RATED: "bold",
}
"""The colour of each outcome; it never carries the meaning alone."""

_PARTLY = "bold $text-warning"
SIGNS: dict[bool | None, tuple[str, str]] = {
    True: ("✓", "bold $text-success"),
    False: ("✗", "bold $text-error"),
    None: ("·", ""),
}
"""The sign of what is right, wrong, or not judged, and its style."""


def headline(verdict: Verdict) -> Content:
    """The sign and the word for a verdict."""
    is_partly = verdict.outcome is Outcome.WRONG and 0 < verdict.score < 1
    return plain(verdict.headline, _PARTLY if is_partly else _LOOKS[verdict.outcome])


def verdict_text(verdict: Verdict, answer: str, width: int, as_typed: bool = False) -> Content:
    """All that a verdict says. ``as_typed``: what was read is what stands in the answer's fields already."""
    head = [headline(verdict)]
    told = as_typed or verdict.outcome is Outcome.INVALID or verdict.read_as == answer.strip()
    if verdict.read_as and not told:
        head.append(labelled(_READ_AS.to(verdict.language), verdict.read_as, width))
    blocks = [join_blocks(head, gap=0)]
    if verdict.outcome is Outcome.INVALID and verdict.position is not None:
        blocks.append(caret(answer, verdict.position, width))
    if verdict.message:
        blocks.append(rich_text(verdict.message, width))
    if verdict.details and verdict.outcome is not Outcome.SELF_RATED:
        blocks.append(join_blocks([detail_line(one, width, verdict.language) for one in verdict.unsaid_details], gap=0))
    return join_blocks(blocks)


def labelled(label: str, text: str, width: int) -> Content:
    """The label and the text, with the text's further lines set below its first."""
    used = cell_width(label)
    return indented(plain_wrapped(text, width - used), Content.styled(label, "dim"), Content(" " * used))


def detail_line(detail: Detail, width: int, language: str) -> Content:
    """One judged part of an answer with its sign."""
    sign, look = SIGNS[detail.passed]
    return indented(rich_text(detail.line(language), width - 2), Content.styled(f"{sign} ", look), Content("  "))


def caret(answer: str, position: int, width: int) -> Content:
    """The line of the answer that could not be read, with a caret below the place."""
    start = answer.rfind("\n", 0, position) + 1
    end = answer.find("\n", position)
    line = answer[start : end if end >= 0 else None]
    column = position - start
    first = max(0, column - width + 8)
    shown = line[first : first + width - 2].replace("\t", " ")
    return Content.assemble(
        (f"  {shown}\n", ""), (" " * (2 + cell_width(shown[: column - first])) + "▲", "bold $text-warning")
    )
