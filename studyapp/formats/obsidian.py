"""Notes of Obsidian's plugin Spaced Repetition: ``::``, ``:::``, ``?``, ``??``, ``==gaps==``, and its schedules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from studyapp.formats import build
from studyapp.formats.html import CLOSE, OPEN
from studyapp.formats.notes_folder import Making, sm2_state
from studyapp.formats.value import DeckPath

_SCHEDULE = re.compile(r"[ \t]*<!--SR:(?P<entries>[^>\n]*)-->")
_ENTRY = re.compile(r"!(?P<due>\d{4}-\d\d-\d\d),(?P<interval>\d+(?:\.\d+)?),(?P<ease>\d+(?:\.\d+)?)")
_BLOCK_ID = re.compile(r"[ \t]+\^[\w-]+[ \t]*$", re.MULTILINE)
_TAG = re.compile(r"(?:^|(?<=\s))#(?P<tag>[^\s#.,;:!?()\[\]{}\"'`]*[^\W\d][^\s#.,;:!?()\[\]{}\"'`]*)")
_GAP = re.compile(r"==(?P<gap>[^=\n](?:[^\n]*?[^=\n])?)==")
_HIDDEN = re.compile(r"`[^`\n]*`|\$\$.+?\$\$|\$[^\s$](?:[^$\n]*[^\s$])?\$(?!\d)|https?://\S+", re.DOTALL)
_COMMENT = re.compile(r"%%.*?%%|<!--(?!SR:).*?-->", re.DOTALL)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_LISTED = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")


def is_written_so(text: str, *, surely: bool = False) -> bool:
    """Whether a text has cards in this form; ``surely`` asks for more than a pair of colons."""
    if _SCHEDULE.search(text) or re.search(r"^\?{1,2}[ \t]*$", text, re.MULTILINE) or "#flashcards" in text:
        return True
    hidden = _HIDDEN.sub("", text)
    return not surely and bool(re.search(r"\S\s?::\s?\S", hidden) or _GAP.search(hidden))


def read(making: Making, file: Path, text: str) -> None:
    """The cards of one file."""
    deck = making.deck_of(file)
    tagged, common = _tags(text, deck)
    for block in _blocks(_COMMENT.sub("", _FRONT_MATTER.sub("", text))):
        _block(making, file, tagged, block, common)


def _tags(text: str, deck: DeckPath) -> tuple[DeckPath, tuple[str, ...]]:
    """The deck that ``#flashcards/…`` names, and the other tags of the note."""
    words = [match["tag"] for match in _TAG.finditer(_HIDDEN.sub("", text))]
    for word in words:
        if word.startswith("flashcards/"):
            deck = (deck[0], *word.split("/")[1:])
    return deck, build.tags_of(word for word in dict.fromkeys(words) if not word.startswith("flashcards"))


def _blocks(text: str) -> Iterator[str]:
    """Pieces of text between blank lines, code left whole."""
    lines: list[str] = []
    fence = ""
    for line in [*text.split("\n"), ""]:
        opening = re.match(r"\s*(```+|~~~+)", line)
        if opening:
            fence = "" if fence and opening[1].startswith(fence) else fence or opening[1][:3]
        if line.strip() or fence:
            lines.append(line)
        elif lines:
            yield "\n".join(lines)
            lines = []
    if lines:
        yield "\n".join(lines)


def _block(making: Making, file: Path, deck: DeckPath, block: str, common: tuple[str, ...]) -> None:
    if re.match(r"\s*(```|~~~|#{1,6}\s)", block) and "\n" not in block.strip():
        return
    lines = block.split("\n")
    for place, line in enumerate(lines):
        if line.strip() in ("?", "??") and place:
            entries = list(_entries(block))
            front = "\n".join(lines[:place])
            back = _BLOCK_ID.sub("", _SCHEDULE.sub("", "\n".join(lines[place + 1 :])))
            _pair(making, file, deck, front, back, line.strip() == "??", entries, common)
            return
    in_code = False
    rest: list[str] = []
    for place, line in enumerate(lines):
        in_code ^= bool(re.match(r"\s*(```|~~~)", line))
        parted = None if in_code else _parted(line)
        if parted is None:
            rest.append(line)
            continue
        after = lines[place + 1] if place + 1 < len(lines) and _SCHEDULE.fullmatch(lines[place + 1].strip()) else ""
        front, sign, back = parted
        entries = list(_entries(line + after))
        _pair(making, file, deck, _LISTED.sub("", front), back, sign == ":::", entries, common)
    body = "\n".join(rest)
    if _GAP.search(_HIDDEN.sub("", body)):
        _cloze(making, file, deck, body, common)


def _parted(line: str) -> tuple[str, str, str] | None:
    """The sides of a card on one line, and the sign between them."""
    blank = _HIDDEN.sub(lambda match: "\0" * len(match[0]), line)
    match = re.search(r":{2,3}", blank)
    if match is None or re.match(r"\s*[|>]", line):
        return None
    front = line[: match.start()]
    back = _BLOCK_ID.sub("", _SCHEDULE.sub("", line[match.end() :]))
    return (front, match[0], back) if front.strip() and back.strip() else None


def _entries(text: str) -> Iterator[dict[str, Any]]:
    """The schedules that a comment holds, one for each card of the block."""
    for comment in _SCHEDULE.finditer(text):
        for entry in _ENTRY.finditer(comment["entries"]):
            yield sm2_state(entry["due"], float(entry["interval"]), float(entry["ease"]) / 100)


def _pair(
    making: Making, file: Path, deck: DeckPath, front: str, back: str, reversed_too: bool,
    entries: list[dict[str, Any]], common: tuple[str, ...],
) -> None:  # fmt: skip
    media: list[str] = []
    name = build.excerpt(front)
    own = build.tags_of(match["tag"] for match in _TAG.finditer(front) if not match["tag"].startswith("flashcards"))
    key = _TAG.sub("", front).strip() or front.strip()
    question, answer = (making.text(text, file, name, media) for text in (key, back))
    tags = tuple(dict.fromkeys((*own, *common)))
    if not question or not answer:
        making.add(None, deck, key)
        return
    identity = making.identity(deck, key)
    group = {"group": identity} if reversed_too else {}
    first = entries[0] if entries else {}
    making.add(build.recall(identity, question, answer, tags=tags, **group), deck, key, media, **first)
    if reversed_too:
        second = entries[1] if len(entries) > 1 else {}
        back_card = build.recall(build.numbered(identity, 1), answer, question, tags=tags, **group)
        making.add(back_card, deck, key, media, ordinal=1, **second)


def _cloze(making: Making, file: Path, deck: DeckPath, body: str, common: tuple[str, ...]) -> None:
    entries = list(_entries(body))
    text = _BLOCK_ID.sub("", _SCHEDULE.sub("", body)).strip()
    media: list[str] = []
    shown = making.text(text, file, build.excerpt(text), media)
    blank = _HIDDEN.sub(lambda match: "\0" * len(match[0]), shown)
    places = [(match.start(), match.end()) for match in _GAP.finditer(blank)]
    identity = making.identity(deck, shown.replace("==", ""))
    group = {"group": identity} if len(places) > 1 else {}
    for number in range(len(places)):
        pieces, position = [], 0
        for place, (start, end) in enumerate(places):
            inner = shown[start + 2 : end - 2]
            pieces += [shown[position:start], f"{OPEN}{inner}{CLOSE}" if place == number else inner]
            position = end
        card = build.cloze(build.numbered(identity, number), "".join([*pieces, shown[position:]]), tags=common, **group)
        state = entries[number] if number < len(entries) else {}
        making.add(card, deck, text, media, ordinal=number, **state)
