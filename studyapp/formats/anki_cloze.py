"""Anki's gaps ``{{c1::text::hint}}``, nested or not."""

from __future__ import annotations

import re

from msgspec import Struct

from studyapp.formats.html import CLOSE, OPEN

_TOKEN = re.compile(r"\{\{c(?P<number>\d{1,3}(?:,\d{1,3})*)::|\}\}")


class Deletion(Struct):
    """One gap: its numbers, where its opening begins and ends, where its closing begins."""

    numbers: tuple[int, ...]
    start: int
    inside: int
    close: int


def deletions(text: str) -> list[Deletion]:
    """The gaps of a text by their beginnings; what is never closed is none."""
    found: list[Deletion] = []
    open_ones: list[Deletion] = []
    for token in _TOKEN.finditer(text):
        if token["number"] is not None:
            numbers = tuple(int(number) for number in token["number"].split(","))
            open_ones.append(Deletion(numbers, token.start(), token.end(), -1))
        elif open_ones:
            gap = open_ones.pop()
            gap.close = token.start()
            found.append(gap)
    return sorted(found, key=lambda gap: gap.start)


def numbers(text: str) -> tuple[int, ...]:
    """The numbers of the gaps of a text, each of which makes a card."""
    return tuple(sorted({number for gap in deletions(text) for number in gap.numbers if number}))


def marked(text: str, number: int) -> tuple[str, tuple[str, ...]]:
    """The text with `OPEN` and `CLOSE` around the gaps of ``number``, all others filled in, and the hints."""
    gaps = deletions(text)
    starts = {gap.start: gap for gap in gaps}
    closes = {gap.close: gap for gap in gaps}
    hints: list[str] = []
    pieces: list[str] = []
    position = 0
    active: list[int] = []
    for match in _TOKEN.finditer(text):
        at = match.start()
        if at in starts and match["number"] is not None:
            pieces.append(text[position:at])
            position = match.end()
            if number in starts[at].numbers and not active:
                pieces.append(OPEN)
                active.append(starts[at].close)
        elif at in closes and match["number"] is None:
            inside, hint = _without_hint(text[position:at])
            pieces.append(inside)
            position = match.end()
            if active and active[-1] == at:
                active.pop()
                pieces.append(CLOSE)
                if hint:
                    hints.append(hint)
    pieces.append(text[position:])
    return "".join(pieces), tuple(hints)


def _without_hint(inside: str) -> tuple[str, str]:
    """The last piece of a gap and the hint that ends it."""
    before, parting, hint = inside.rpartition("::")
    return (before, hint.strip()) if parting else (inside, "")
