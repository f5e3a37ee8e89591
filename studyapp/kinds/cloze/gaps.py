"""The gaps of a cloze text.

A gap is ``{{median|the median}}``: alternatives between double braces, the first of them the one to show. It
ends at the first ``}}`` at which the braces inside it match, so that ``{{\\frac{1}{n}}}`` is one gap.
"""

from __future__ import annotations

from msgspec import Struct


class Gap(Struct, frozen=True):
    """One gap and where it stands in the text."""

    alternatives: tuple[str, ...]
    start: int
    end: int


class GapError(ValueError):
    """A gap that is opened and never closed; ``start`` is its place."""

    def __init__(self, start: int) -> None:
        super().__init__("a gap {{ is never closed")
        self.start = start


def find_gaps(text: str) -> tuple[Gap, ...]:
    """The gaps of ``text`` in order. Raises GapError for one that is not closed.

    >>> [gap.alternatives for gap in find_gaps("the {{hinge|hinge loss}}, $x^{{{2}}}$")]
    [('hinge', 'hinge loss'), ('{2}',)]
    """
    gaps: list[Gap] = []
    start = text.find("{{")
    while start >= 0:
        end = _end(text, start + 2)
        if end < 0:
            raise GapError(start)
        inner = text[start + 2 : end]
        gaps.append(Gap(tuple(_split(inner)), start, end + 2))
        start = text.find("{{", end + 2)
    return tuple(gaps)


def _end(text: str, begin: int) -> int:
    """Where the ``}}`` of a gap that begins at ``begin`` stands, or -1."""
    depth = 0
    for index in range(begin, len(text)):
        character = text[index]
        if character == "{":
            depth += 1
        elif character == "}":
            if depth == 0:
                if text.startswith("}}", index):
                    return index
                return -1
            depth -= 1
    return -1


def _split(inner: str) -> list[str]:
    """The alternatives of a gap: split at ``|`` outside braces; ``\\|`` is the sign itself."""
    parts: list[str] = []
    depth = begin = 0
    for index, character in enumerate(inner):
        depth += (character == "{") - (character == "}")
        if character == "|" and depth == 0 and inner[index - 1 : index] != "\\":
            parts.append(inner[begin:index])
            begin = index + 1
    parts.append(inner[begin:])
    return [part.replace("\\|", "|").strip() for part in parts]
