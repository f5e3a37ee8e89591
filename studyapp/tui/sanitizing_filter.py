"""The last filter before the terminal: no painted line holds control characters, wherever its text came from."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from studyapp.sanitizing import CONTROL_CHARACTERS


class SanitizingFilter(LineFilter):
    """Replaces control characters. Screens show them as signs themselves; what they miss is caught here.

    A line keeps its width: a character that was counted with cells leaves as many dots.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        if all(text.isprintable() for text, _, _ in segments):
            return segments
        return [
            segment if segment.text.isprintable() else Segment(_without(segment.text), segment.style, segment.control)
            for segment in segments
        ]


def _without(text: str) -> str:
    text = text.replace("\t", " " * cell_len("\t")).replace("\n", "")
    return CONTROL_CHARACTERS.sub(lambda match: "·" * cell_len(match.group()), text)
