"""Markdown of hashcards and repeater: ``Q:`` and ``A:``, and ``C:`` with ``[gaps]``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from studyapp.formats import build
from studyapp.formats.html import CLOSE, OPEN
from studyapp.formats.notes_folder import Making
from studyapp.formats.outgoing import Outgoing, as_recall
from studyapp.formats.value import DeckPath, loss
from studyapp.kinds.cloze import ClozeCard
from studyapp.kinds.cloze.gaps import find_gaps
from studyapp.kinds.recall import RecallCard
from studyapp.locale.message import Message

_LOST = Message("{keys} cannot be written")
_EACH_GAP = Message("each of its {count} gaps becomes a card of its own")

MARK = re.compile(r"^(?P<mark>[QAC]):[ \t]*(?P<rest>.*)$")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<toml>.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_PROTECTED = re.compile(
    r"\\.|!?\[[^\]\n]*\]\([^)\n]*\)|`[^`\n]*`|\$\$.+?\$\$|\$[^\s$](?:[^$\n]*[^\s$])?\$(?!\d)", re.DOTALL
)
_KEYS = ("tags", "points", "hints", "solution", "source", "covers")


def is_written_so(text: str) -> bool:
    """Whether a text has cards in this form."""
    marks = {match["mark"] for match in map(MARK.match, text.split("\n")) if match}
    return {"Q", "A"} <= marks or ("C" in marks and "[" in text)


def read(making: Making, file: Path, text: str) -> None:
    """The cards of one file."""
    deck = making.deck_of(file)
    front = _FRONT_MATTER.match(text)
    if front:
        text = text[front.end() :]
        try:
            name = tomllib.loads(front["toml"]).get("name")
        except tomllib.TOMLDecodeError:
            name = None
        if isinstance(name, str) and name.strip():
            making.titles[deck] = name.strip()[:200]
    for kind, first, second in blocks(text):
        if kind == "Q":
            _question(making, file, deck, first, second)
        else:
            _cloze(making, file, deck, first)


def blocks(text: str) -> Iterator[tuple[str, str, str]]:
    """The cards of a text: ``Q`` with question and answer, ``C`` with its text."""
    kind, parts = "", {"Q": "", "A": "", "C": ""}
    current = ""
    fence = ""

    def finished() -> Iterator[tuple[str, str, str]]:
        if kind == "Q":
            yield "Q", parts["Q"].strip(), parts["A"].strip()
        elif kind == "C":
            yield "C", parts["C"].strip(), ""

    for line in text.split("\n"):
        opening = re.match(r"\s*(```+|~~~+)", line)
        if opening:
            fence = "" if fence and opening[1].startswith(fence) else fence or opening[1][:3]
        match = None if fence else MARK.match(line)
        if match is None and not fence and re.fullmatch(r"---+\s*", line) and current:
            yield from finished()
            kind = current = ""
        elif match is None:
            if current:
                parts[current] += "\n" + line
        elif match["mark"] == "A" and kind == "Q" and current == "Q":
            current = "A"
            parts["A"] = match["rest"]
        else:
            yield from finished()
            kind = current = match["mark"] if match["mark"] != "A" else ""
            parts = {"Q": "", "A": "", "C": ""}
            if current:
                parts[current] = match["rest"]
    yield from finished()


def _question(making: Making, file: Path, deck: DeckPath, question: str, answer: str) -> None:
    media: list[str] = []
    name = build.excerpt(question)
    shown = [making.text(text, file, name, media) for text in (question, answer)]
    identity = making.identity(deck, question)
    making.add(build.recall(identity, *shown) if all(shown) else None, deck, question, media)


def _cloze(making: Making, file: Path, deck: DeckPath, text: str) -> None:
    """A card of each gap: the others are filled in."""
    media: list[str] = []
    shown = making.text(text, file, build.excerpt(text), media)
    places = list(_brackets(shown))
    plain = re.sub(r"[\[\]]", "", shown)
    identity = making.identity(deck, plain)
    if not places:
        making.add(None, deck, text)
    for number in range(len(places)):
        pieces, position = [], 0
        for place, (start, end) in enumerate(places):
            inner = shown[start + 1 : end]
            pieces += [shown[position:start], f"{OPEN}{inner}{CLOSE}" if place == number else inner]
            position = end + 1
        marked = _unescaped("".join([*pieces, shown[position:]]))
        group = {"group": identity} if len(places) > 1 else {}
        making.add(build.cloze(build.numbered(identity, number), marked, **group), deck, text, media)


def _brackets(text: str) -> Iterator[tuple[int, int]]:
    """Where brackets open and close, outside of code, formulas, links and pictures."""
    blank = _PROTECTED.sub(lambda match: "\0" * len(match[0]), text)
    for match in re.finditer(r"\[([^\[\]]+)\]", blank):
        yield match.start(), match.end() - 1


def _unescaped(text: str) -> str:
    return text.replace(r"\[", "[").replace(r"\]", "]")


def write(outgoing: Outgoing, path: Path) -> None:
    """Writes all cards below each other; graded kinds become questions. Raises OSError."""
    name = outgoing.cards[0].deck if len({card.deck for card in outgoing.cards}) == 1 else ""
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        if name:
            title = outgoing.cards[0].deck_title or name
            escaped = title.replace("\\", "\\\\").replace('"', '\\"')
            file.write(f'---\nname = "{escaped}"\n---\n\n')
        siblings: dict[tuple[str, str], list[ClozeCard]] = {}
        for one in outgoing.cards:
            if isinstance(one.card, ClozeCard) and one.card.group:
                siblings.setdefault((one.card.group, _filled(one.card.text)[0]), []).append(one.card)
        for one in outgoing.cards:
            card = one.card
            lost = [key for key in _KEYS if getattr(card, key, ())]
            if isinstance(card, ClozeCard):
                text, places = _filled(card.text)
                alike = siblings.get((card.group, text), [card]) if card.group else [card]
                if alike[0].id == card.id:
                    places = [place for other in alike for place in _filled(other.text)[1]]
                    question = f"{card.question}\n\n" if card.question else ""
                    file.write(f"C: {_safe(question + _bracketed(text, places))}\n\n---\n\n")
                if len(alike) == 1 and len(places) > 1:
                    outgoing.losses.append(loss(_EACH_GAP, card.id, count=len(places)))
            else:
                plain = card if isinstance(card, RecallCard) else as_recall(one, outgoing)
                if plain is None:
                    continue
                answer = plain.answer
                if plain.solution and card.kind != "recall":
                    answer += f"\n\n{plain.solution}"
                    lost = [key for key in lost if key != "solution"]
                file.write(f"Q: {_safe(plain.question)}\nA: {_safe(answer)}\n\n---\n\n")
            if lost:
                outgoing.losses.append(loss(_LOST, card.id, keys=", ".join(lost)))


def _filled(text: str) -> tuple[str, list[tuple[int, int]]]:
    """A text with its gaps filled in, and where they are in it."""
    filled, position = "", 0
    places = []
    for gap in find_gaps(text):
        filled += text[position : gap.start]
        answer = next(filter(None, gap.alternatives), "")
        places.append((len(filled), len(filled) + len(answer)))
        filled += answer
        position = gap.end
    return filled + text[position:], places


def _bracketed(text: str, places: list[tuple[int, int]]) -> str:
    pieces, position = [], 0
    for start, end in sorted(set(places)):
        if start >= position:
            pieces += [_escaped(text[position:start]), f"[{text[start:end]}]"]
            position = end
    return "".join([*pieces, _escaped(text[position:])])


def _escaped(text: str) -> str:
    blank = _PROTECTED.sub(lambda match: "\0" * len(match[0]), text)
    return "".join("\\" + sign if mark in "[]" else sign for sign, mark in zip(text, blank, strict=True))


def _safe(text: str) -> str:
    """A text of which no line begins a card."""
    first, *rest = text.split("\n")
    begins = [bool(MARK.match(line) or re.fullmatch(r"---+\s*", line)) for line in rest]
    return "\n".join([first, *(f" {line}" if begin else line for line, begin in zip(rest, begins, strict=True))])
