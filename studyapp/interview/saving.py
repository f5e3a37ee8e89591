"""An interview under way as a file, so that it can be gone on with."""

from __future__ import annotations

from pathlib import Path

import msgspec

from studyapp.deck.atomic import set_aside, write_atomically
from studyapp.interview.course import Interview
from studyapp.locale.message import Message
from studyapp.plain_file import read_plain
from studyapp.settings import LANGUAGES

_SET_ASIDE = Message("The paused interview cannot be read; it is kept as {path}.")
_LEFT = Message("The paused interview cannot be read; it was left as {path}.")

MOST_BYTES = 20_000_000
"""Of a larger file only so much is read, which then is no interview."""

LONGEST_SECONDS = 1e8
"""Three years: no interview takes longer."""


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
        interview = msgspec.json.decode(text, type=Interview)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise InterviewFileError(f"not a saved interview: {error}") from None
    if not _can_be(interview):
        raise InterviewFileError("not a saved interview: a number in it cannot be")
    return interview


def _can_be(interview: Interview) -> bool:
    """Whether the numbers are such as an interview comes to: a file may hold any."""
    plan, on_table = interview.plan, interview.on_table
    times = [interview.seconds, *(record.seconds for record in interview.records)]
    times += [on_table.seconds] if on_table is not None else []
    return (
        all(0 <= seconds <= LONGEST_SECONDS for seconds in times)
        and all(0 <= record.score <= 1 for record in interview.records)
        and all(limit is None or limit > 0 for limit in (plan.questions, plan.minutes))
        and 0 <= plan.seed < 2**63
        and plan.language in LANGUAGES
    )


def save(path: Path, interview: Interview) -> None:
    """Write the interview; the file is there whole or as it was before.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_atomically(path, to_json(interview), mode=0o600)


def load(path: Path) -> Interview | None:
    """The interview in a file; None where there is none.

    Raises:
        InterviewFileError: it cannot be read; it was put aside, and the message says where.
    """
    try:
        return from_json(read_plain(path, MOST_BYTES).decode("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, InterviewFileError):
        aside = set_aside(path)
        told = _SET_ASIDE if aside is not None else _LEFT
        raise InterviewFileError(told(path=aside or path)) from None


def storable(text: str) -> str:
    """Text that can be written to a file: a terminal may hand over bytes that are no characters."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
