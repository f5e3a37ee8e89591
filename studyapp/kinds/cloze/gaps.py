"""The gaps of a cloze text: left open, or filled in.

A gap is ``{{median|the median}}``: alternatives between double braces, the first of them the one to show. It
ends at the first ``}}`` at which the braces inside it match, so that ``{{\\frac{1}{n}}}`` is one gap. It may begin with
a number and end with a hint: ``{{1:: ich gehe :: to go}}``. Braces that begin no gap are written ``\\{{``.
"""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from studyapp.locale.message import Message

_TEXT_NO = Message("the text has no {{{{gap}}}}")
_GAP_EMPTY = Message("a gap is empty")

LOOSE = "loose"
"""How closely a gap must be met where its card says nothing."""

_OPENING = re.compile(r"(?<!\\)\{\{")
_NUMBER = re.compile(r"\s*c?(\d{1,3})\s*::")
_HINT = re.compile(r"(?P<text>.*\S)\s+::\s+(?P<hint>\S.*)", re.DOTALL)
_HINT_OF_NUMBERED = re.compile(r"(?P<text>.*\S)\s*::\s*(?P<hint>\S.*)", re.DOTALL)
_BESIDE = 80
_JOINED = re.compile(r"^\s*(?:\$?\s*)?(?:and|or|和|与|及|或|、)\s*\$?\s*$", re.IGNORECASE)
"""What stands between two gaps of which neither comes first."""

_ORDERED = re.compile(
    r"\b(?:first|second|third|respectively|former|latter|in (?:this|that) order|correspond\w*)\b"
    r"|第[一二三]|前者|后者|分别|依次|对应",
    re.IGNORECASE,
)
"""Words that speak of an order of what fills the gaps."""


class GapSpan(Struct, frozen=True):
    """One gap as it is written, and where it stands in the text."""

    alternatives: tuple[str, ...]
    start: int
    end: int
    number: int | None = None
    hint: str = ""


class GapError(ValueError):
    """A gap that is opened and never closed; ``start`` is its place."""

    def __init__(self, start: int) -> None:
        super().__init__("a gap {{ is never closed")
        self.start = start


def find_gaps(text: str) -> tuple[GapSpan, ...]:
    """The gaps of ``text`` in order. Raises GapError for one that is not closed.

    >>> [gap.alternatives for gap in find_gaps("the {{hinge|hinge loss}}, $x^{{{2}}}$")]
    [('hinge', 'hinge loss'), ('{2}',)]
    """
    gaps: list[GapSpan] = []
    start = _opening(text, 0)
    while start >= 0:
        end = _end(text, start + 2)
        if end < 0:
            raise GapError(start)
        number, inner, hint = _taken_apart(text[start + 2 : end])
        gaps.append(GapSpan(tuple(_split(inner)), start, end + 2, number, hint))
        start = _opening(text, end + 2)
    return tuple(gaps)


def _opening(text: str, begin: int) -> int:
    """Where the next ``{{`` stands that is not written ``\\{{``, or -1."""
    found = _OPENING.search(text, begin)
    return found.start() if found else -1


def _taken_apart(inner: str) -> tuple[int | None, str, str]:
    """The number of a gap, its alternatives as written, and its hint."""
    number = _NUMBER.match(inner)
    rest = inner[number.end() :] if number else inner
    found = (_HINT_OF_NUMBERED if number else _HINT).fullmatch(rest)
    text, hint = (found["text"], found["hint"].strip()) if found and _is_closed(found["text"]) else (rest, "")
    return int(number[1]) if number else None, text, hint


def _is_closed(text: str) -> bool:
    return all(text.count(opened) == text.count(closed) for opened, closed in ("()", "[]", "{}"))


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
    """The alternatives of a gap: split at ``|`` outside brackets; ``\\|`` is the sign itself."""
    parts: list[str] = []
    depth = begin = 0
    for index, character in enumerate(inner):
        depth = max(0, depth + (character in "([{") - (character in ")]}"))
        if character == "|" and depth == 0 and inner[index - 1 : index] != "\\":
            parts.append(inner[begin:index])
            begin = index + 1
    parts.append(inner[begin:])
    return [part.replace("\\|", "|").strip() for part in parts]


class Gap(Struct, frozen=True):
    """One gap: what is accepted, the first being the one that is shown, whether it stands inside a formula, and the
    text of its sentence beside it, up to the next gap. ``twin`` says that it may change places with the gap before."""

    accepted: tuple[str, ...]
    formula: bool
    before: str = ""
    after: str = ""
    twin: bool = False
    match: str = LOOSE
    """How closely it must be met; see `grading.match`."""
    fold: dict[str, str] = {}

    @property
    def answer(self) -> str:
        """The right filling as the card writes it."""
        return self.accepted[0]


def read_cloze(text: str) -> tuple[str, tuple[Gap, ...]]:
    """The text with its gaps shown as ``[1]``, ``[2]`` … (``[…]`` if there is one only), and the gaps.

    Raises:
        ValueError: no gap, an empty one, or one that is not closed.
    """
    found = find_gaps(text)
    gaps = tuple(
        Gap(tuple(filter(None, gap.alternatives)), _inside_formula(text, gap.start), *_beside(text, gap))
        for gap in found
    )
    if not _ORDERED.search(_with_gaps(text, found, [""] * len(found))):
        gaps = tuple(replace(gap, twin=bool(_JOINED.match(gap.before))) if place else gap
                     for place, gap in enumerate(gaps))  # fmt: skip
    if not gaps:
        raise ValueError(_TEXT_NO())
    if any(not gap.accepted for gap in gaps):
        raise ValueError(_GAP_EMPTY())
    marks = ["…"] if len(gaps) == 1 else [str(number) for number in range(1, len(gaps) + 1)]
    shown = [f"[{mark}: {gap.hint}]" if gap.hint else f"[{mark}]" for mark, gap in zip(marks, found, strict=True)]
    return _with_gaps(text, found, shown), gaps


def apart(text: str) -> tuple[str, ...]:
    """The text once for each gap, with all others filled in; gaps of one number stay together."""
    found = find_gaps(text)
    numbers = [gap.number if gap.number is not None else -place for place, gap in enumerate(found, 1)]
    order = sorted(dict.fromkeys(numbers), key=lambda number: (number < 0, abs(number)))
    return tuple(
        _with_gaps(
            text,
            found,
            [
                text[gap.start : gap.end] if number == chosen else (gap.alternatives or ("",))[0]
                for number, gap in zip(numbers, found, strict=True)
            ],
            literal=False,
        )
        for chosen in order
    )


def filled(text: str) -> str:
    """The text with every gap filled in as the card writes it, words in bold.

    Raises:
        ValueError: as ``read_cloze``.
    """
    _, gaps = read_cloze(text)
    found = find_gaps(text)
    answers = [
        gap.answer if gap.formula or "$" in gap.answer or _inside_code(text, span.start) else f"**{gap.answer}**"
        for gap, span in zip(gaps, found, strict=True)
    ]
    return _with_gaps(text, found, answers)


def _beside(text: str, gap: GapSpan) -> tuple[str, str]:
    """What stands before and after the gap within its sentence and no further than the gaps beside it."""
    before = re.split(r"}}|[.;:!?]\s|[。；：！？\n]", text[max(0, gap.start - _BESIDE) : gap.start])[-1]
    after = re.split(r"{{|[.;:!?](?:\s|$)|[。；：！？\n]", text[gap.end : gap.end + _BESIDE])[0]
    return before, after


def _with_gaps(text: str, gaps: tuple[GapSpan, ...], replacements: list[str], literal: bool = True) -> str:
    """The text with replacements for its gaps; with ``literal`` its ``\\{{`` become ``{{``."""

    def plain(part: str) -> str:
        return part.replace("\\{{", "{{") if literal else part

    pieces: list[str] = []
    position = 0
    for gap, replacement in zip(gaps, replacements, strict=True):
        pieces += [plain(text[position : gap.start]), replacement]
        position = gap.end
    return "".join([*pieces, plain(text[position:])])


def _inside_code(text: str, at: int) -> bool:
    """Whether this place is inside a code fence or between backquotes on its line."""
    before = text[:at]
    if before.count("```") % 2:
        return True
    line = before.rpartition("\n")[2].replace("```", "")
    return line.count("`") % 2 == 1


def _inside_formula(text: str, at: int) -> bool:
    """Whether an odd number of unescaped ``$`` (``$$`` counting once) stands before this place."""
    return len(re.findall(r"(?<!\\)\$\$?", text[:at])) % 2 == 1
