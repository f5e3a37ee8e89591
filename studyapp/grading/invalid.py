"""The verdict on an answer that could not be read: it says where and why, and nothing is recorded."""

from __future__ import annotations

from studyapp.grading.verdict import Outcome, Verdict


def invalid(message: str, position: int | None = None, read_as: str | None = None) -> Verdict:
    """The verdict ``INVALID`` with its message as a sentence."""
    return Verdict(Outcome.INVALID, message=sentence(message), position=position, read_as=read_as)


def sentence(text: str) -> str:
    """The text as a sentence: with a capital, unless it begins with a quotation or a name, and with a full stop."""
    text = text.strip()
    first = text.split(" ", 1)[0]
    if text and text[0].islower() and first.isalpha() and len(first) > 1:
        text = text[0].upper() + text[1:]
    elif text.startswith("a "):
        text = "A" + text[1:]
    return text if text.endswith((".", "!", "?", "…", "。", "”.")) else f"{text}."
