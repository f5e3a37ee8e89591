"""The text of a cloze card as it is shown: gaps left open, or filled in."""

from __future__ import annotations

import re

from msgspec import Struct

from studyapp.kinds.cloze import gaps as deck_gaps


class Gap(Struct, frozen=True):
    """One gap: what is accepted, the first being the one that is shown, and whether it stands inside a formula."""

    accepted: tuple[str, ...]
    formula: bool

    @property
    def answer(self) -> str:
        """The right filling as the card writes it."""
        return self.accepted[0]


def read_cloze(text: str) -> tuple[str, tuple[Gap, ...]]:
    """The text with its gaps shown as ``[1]``, ``[2]`` … (``[…]`` if there is one only), and the gaps.

    Raises:
        ValueError: no gap, an empty one, or one that is not closed.
    """
    found = deck_gaps.find_gaps(text)
    gaps = tuple(Gap(tuple(filter(None, gap.alternatives)), _inside_formula(text, gap.start)) for gap in found)
    if not gaps:
        raise ValueError("the text has no {{gap}}")
    if any(not gap.accepted for gap in gaps):
        raise ValueError("a gap is empty")
    marks = ["[…]"] if len(gaps) == 1 else [f"[{number}]" for number in range(1, len(gaps) + 1)]
    return _with_gaps(text, found, marks), gaps


def filled(text: str) -> str:
    """The text with every gap filled in as the card writes it, words in bold.

    Raises:
        ValueError: as ``read_cloze``.
    """
    _, gaps = read_cloze(text)
    answers = [gap.answer if gap.formula or "$" in gap.answer else f"**{gap.answer}**" for gap in gaps]
    return _with_gaps(text, deck_gaps.find_gaps(text), answers)


def _with_gaps(text: str, gaps: tuple[deck_gaps.Gap, ...], replacements: list[str]) -> str:
    pieces: list[str] = []
    position = 0
    for gap, replacement in zip(gaps, replacements, strict=True):
        pieces += [text[position : gap.start], replacement]
        position = gap.end
    return "".join([*pieces, text[position:]])


def _inside_formula(text: str, at: int) -> bool:
    """Whether an odd number of unescaped ``$`` (``$$`` counting once) stands before this place."""
    return len(re.findall(r"(?<!\\)\$\$?", text[:at])) % 2 == 1
