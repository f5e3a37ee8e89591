"""Writes the ids of cards into a deck file that does not say them; all else in the file stays as it is."""

from __future__ import annotations

from pathlib import Path

from studyapp.locale.message import Message

from .card_reader import TEXT_KEY
from .reader import MadeId, parse_deck

_DECK_ERRORS_MEND_THEM = Message("the deck has errors, mend them first: {value}")
_IDS_CANNOT_WRITTEN_INTO = Message("{path}: ids cannot be written into this layout; write them by hand")
_LINE_PUT_ID_INTO = Message("line {line}: to put an id into a card, begin it on a line of its own with -")


class IdsNotWritten(ValueError):
    """The ids cannot be written in; the message says why. The file is as it was."""


def with_ids(text: str, path: Path) -> tuple[str, tuple[str, ...]]:
    """``text`` of a deck with an id for every card that had none, and these ids. ``path`` is named in messages.

    The cards are the same before and after: that is looked at before the text is returned.

    Raises:
        IdsNotWritten: the deck has errors, or it is written in a way in which no id can be put.
    """
    before = parse_deck(text, path)
    broken = next((problem for problem in before.problems if problem.severity == "error"), None)
    if before.deck is None or broken is not None:
        raise IdsNotWritten(_DECK_ERRORS_MEND_THEM(value=broken or path))
    if not before.made:
        return text, ()
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    mark = text[: len(text) - len(text.removeprefix("\ufeff"))]
    body = text.removeprefix("\ufeff")
    newline = "\r\n" if "\r\n" in body else "\n"
    for made in reversed(before.made):
        place = starts[made.line - 1] + made.column - 1
        body = _inserted(body, place, made, newline)
    after = parse_deck(body, path)
    if after.deck != before.deck or after.made or len(after.problems) != len(before.problems):
        raise IdsNotWritten(_IDS_CANNOT_WRITTEN_INTO(path=path))
    return mark + body, tuple(made.card_id for made in before.made)


def _inserted(text: str, place: int, made: MadeId, newline: str) -> str:
    """The text with one id written above the first key of its card, or before it inside braces.

    Raises:
        IdsNotWritten: the card stands in brackets.
    """
    before = text[text.rfind("\n", 0, place) + 1 : place]
    if text[:place].rstrip().endswith("{"):
        return f"{text[:place]}id: {made.card_id}, {text[place:]}"
    if not before.rstrip(" ").endswith("-") and before.strip(" "):
        raise IdsNotWritten(_LINE_PUT_ID_INTO(line=made.line))
    indent = " " * len(before)
    if not made.is_text:
        return f"{text[:place]}id: {made.card_id}{newline}{indent}{text[place:]}"
    head, *below = text[place:].split("\n")
    dash = len(before.rstrip(" ")) - 1
    for number, line in enumerate(below):
        if line.strip() and len(line) - len(line.lstrip(" ")) <= dash:
            break
        below[number] = f"  {line}" if line.strip() else line
    return f"{text[:place]}id: {made.card_id}{newline}{indent}{TEXT_KEY}: " + "\n".join([head, *below])
