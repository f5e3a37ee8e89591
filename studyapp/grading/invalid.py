"""The verdict on an answer that could not be read: it says where and why, and nothing is recorded."""

from __future__ import annotations

from studyapp.grading.verdict import Outcome, Verdict
from studyapp.locale.message import Message
from studyapp.locale.sentences import as_sentence

NOTHING = Message("there is nothing to read")


def invalid(message: str, position: int | None = None, read_as: str | None = None) -> Verdict:
    """The verdict ``INVALID`` with its message as a sentence."""
    return Verdict(Outcome.INVALID, message=as_sentence(message), position=position, read_as=read_as)
