"""An interview under way as a file, so that it can be gone on with."""

from __future__ import annotations

from pathlib import Path

import msgspec

from studyapp.deck.atomic import write_atomically
from studyapp.interview.course import Interview


class InterviewFileError(ValueError):
    """A saved interview that cannot be read."""


def to_json(interview: Interview) -> str:
    """The interview as text for `from_json`."""
    return msgspec.json.format(msgspec.json.encode(interview), indent=1).decode("utf-8")


def from_json(text: str) -> Interview:
    """The interview that `to_json` wrote, in this version or an earlier one.

    Raises:
        InterviewFileError: for anything else.
    """
    try:
        return msgspec.json.decode(text, type=Interview)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise InterviewFileError(f"not a saved interview: {error}") from None


def save(path: Path, interview: Interview) -> None:
    """Write the interview; the file is there whole or as it was before.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, to_json(interview))


def load(path: Path) -> Interview | None:
    """The interview in a file; None where there is none that can be read."""
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, InterviewFileError):
        return None


def storable(text: str) -> str:
    """Text that can be written to a file: a terminal may hand over bytes that are no characters."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
