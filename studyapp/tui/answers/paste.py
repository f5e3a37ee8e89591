"""What is pasted into an answer: text only, nothing that steers a terminal."""

from __future__ import annotations


def pasted_line(text: str) -> str:
    """Pasted text for a field of one line: line breaks become spaces, control characters go."""
    return printable(" ".join(text.split()))


def printable(text: str) -> str:
    """The text without control and format characters; line breaks and tabs stay, tabs as four spaces."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return "".join(character for character in text if character == "\n" or character.isprintable())
