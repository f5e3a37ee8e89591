"""Org-drill: headings of Org mode with the tag ``:drill:``, their answers and their schedule."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from studyapp.formats import build
from studyapp.formats.html import CLOSE, OPEN
from studyapp.formats.limits import MOST_TEXT
from studyapp.formats.notes_folder import Making, sm2_state
from studyapp.formats.source import Source, decoded, read_file
from studyapp.formats.value import Collection, DeckPath, loss
from studyapp.locale.message import Message

_OTHER_KIND = Message("cards of the kind {kind} are not known here; it becomes a question with its answer")

_HEADING = re.compile(r"^(?P<stars>\*+)[ \t]+(?P<text>.*?)(?:[ \t]+(?P<tags>:[\w@#%:]+:))?[ \t]*$")
_DRAWER = re.compile(
    r"^[ \t]*:PROPERTIES:[ \t]*\n(?P<inner>.*?)^[ \t]*:END:[ \t]*$\n?", re.DOTALL | re.MULTILINE | re.IGNORECASE
)
_LOGBOOK = re.compile(r"^[ \t]*:LOGBOOK:[ \t]*\n.*?^[ \t]*:END:[ \t]*$\n?", re.DOTALL | re.MULTILINE | re.IGNORECASE)
_PROPERTY = re.compile(r"^[ \t]*:(?P<name>[\w-]+):[ \t]*(?P<value>.*?)[ \t]*$", re.MULTILINE)
_PLANNED = re.compile(r"^[ \t]*(?:(?:SCHEDULED|DEADLINE|CLOSED):[ \t]*[<\[][^>\]\n]*[>\]][ \t]*)+$\n?", re.MULTILINE)
_SCHEDULED = re.compile(r"SCHEDULED:[ \t]*<(?P<date>\d{4}-\d\d-\d\d)")
_CODE = re.compile(
    r"^[ \t]*#\+begin_(?:src|example)(?P<language>[ \t]+\S+)?[^\n]*\n(?P<code>.*?)^[ \t]*#\+end_(?:src|example)[ \t]*$",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_LINK = re.compile(r"\[\[(?P<target>[^\]\n]+)\](?:\[(?P<words>[^\]\n]+)\])?\]")
_GAP = re.compile(r"(?<![\w\\\]])\[(?!\[)(?P<gap>[^\[\]\n|]+?)(?:\|\|(?P<hint>[^\[\]\n]*))?\](?![\](])")
_EMPHASIS = re.compile(
    r"(?:^|(?<=[\s({'\"-]))(?P<sign>[*/=~])(?P<text>\S|\S[^\n]*?\S)(?P=sign)(?=$|[\s)}'\".,;:!?-])", re.MULTILINE
)
_MATHS = re.compile(r"\$\$.+?\$\$|\$[^\s$](?:[^$\n]*[^\s$])?\$(?!\d)", re.DOTALL)
_TWO_SIDED = ("twosided", "multisided")
_HIDDEN_GAPS = ("hide1cloze", "hide2cloze", "show1cloze", "show2cloze", "hidefirst", "hidelast", "hide1_firstmore")


class Entry(Struct):
    """A heading with what stands under it."""

    level: int
    heading: str
    tags: tuple[str, ...] = ()
    body: str = ""
    below: list[Entry] = field(default_factory=list)


def looks_like(source: Source) -> bool:
    """Whether headings are tagged ``:drill:`` in the file, or in a file of the folder."""
    if source.is_folder:
        return any(path.suffix.lower() == ".org" for path in source.files)
    return bool(re.search(r"^\*+ .*:drill:", source.head_text, re.MULTILINE))


def read(source: Source, progress: Callable[[int, int], None] = lambda done, total: None) -> Collection:
    """The cards of all files."""
    making = Making(source, "org")
    files = [path for path in source.files if path.suffix.lower() == ".org"] if source.is_folder else [source.path]
    for place, path in enumerate(files):
        progress(place, len(files))
        text = source.text if not source.is_folder else decoded(read_file(path, MOST_TEXT), path)
        for entry in _entries(text):
            _drill(making, path, making.deck_of(path), entry, ())
    return making.collection()


def _entries(text: str) -> list[Entry]:
    """The headings at the top, with those below them."""
    root = Entry(0, "")
    open_ones = [root]
    in_block = False
    for line in text.split("\n"):
        in_block = in_block != bool(re.match(r"\s*#\+(?:begin|end)_", line, re.IGNORECASE))
        match = None if in_block else _HEADING.match(line)
        if match is None:
            open_ones[-1].body += line + "\n"
            continue
        entry = Entry(len(match["stars"]), match["text"].strip(), tuple(filter(None, (match["tags"] or "").split(":"))))
        while open_ones[-1].level >= entry.level:
            open_ones.pop()
        open_ones[-1].below.append(entry)
        open_ones.append(entry)
    return root.below


def _drill(making: Making, file: Path, deck: DeckPath, entry: Entry, inherited: tuple[str, ...]) -> None:
    tags = tuple(dict.fromkeys((*inherited, *entry.tags)))
    if "drill" in entry.tags:
        _card(making, file, deck, entry, tuple(tag for tag in tags if tag not in ("drill", "leech")))
        return
    for one in entry.below:
        _drill(making, file, deck, one, tags)


def _card(making: Making, file: Path, deck: DeckPath, entry: Entry, tags: tuple[str, ...]) -> None:
    drawer = _DRAWER.search(entry.body)
    told = _PROPERTY.finditer(drawer["inner"]) if drawer else ()
    properties = {match["name"].upper(): match["value"] for match in told}
    planned = _SCHEDULED.search(entry.body)
    body = _PLANNED.sub("", _LOGBOOK.sub("", _DRAWER.sub("", entry.body))).strip()
    kind = properties.get("DRILL_CARD_TYPE", "").strip().lower()
    media: list[str] = []
    name = build.excerpt(body or entry.heading)

    def said(text: str) -> str:
        return making.text(markdown(text), file, name, media)

    key = properties.get("ID", "").strip()
    state = _state(properties, planned["date"] if planned else "")
    common: dict[str, Any] = {"tags": build.tags_of(tags)}
    identity = making.identity(deck, f"{entry.heading}\0{body}", key)
    answers = [one for one in entry.below if "drill" not in one.tags]
    if kind in _TWO_SIDED and len(answers) >= 2:
        sides = [said(_below(one)) for one in answers[:2]]
        common["group"] = identity
        for ordinal, (front, back) in enumerate(((sides[0], sides[1]), (sides[1], sides[0]))):
            question = "\n\n".join(filter(None, (said(body), front)))
            own = build.numbered(identity, ordinal)
            card = build.recall(own, question, back, **common) if question and back else None
            making.add(card, deck, name, media, ordinal=ordinal, **(state if ordinal == 0 else {}))
        return
    answer = "\n\n".join(said(_below(one)) for one in answers)
    gaps = list(_GAP.finditer(body))
    if gaps and (not answer or kind in _HIDDEN_GAPS or kind == ""):
        marked = _GAP.sub(rf"{OPEN}\g<gap>{CLOSE}", body)
        hints = tuple(match["hint"].strip() for match in gaps if match["hint"] and match["hint"].strip())
        if hints:
            common["hints"] = hints
        if answer:
            common["solution"] = answer
        making.add(build.cloze(identity, said(marked), **common), deck, name, media, **state)
        return
    if kind and kind not in ("simple", "nil", *_TWO_SIDED):
        making.losses.append(loss(_OTHER_KIND, name, kind=kind))
    question = said(body) or said(entry.heading)
    if not answer:
        question, answer = said(entry.heading), said(body)
    card = build.recall(identity, question, answer, **common) if question and answer else None
    making.add(card, deck, name, media, **state)


def _below(entry: Entry) -> str:
    """The text of a heading and of those below it."""
    parts = [_LOGBOOK.sub("", _DRAWER.sub("", entry.body)).strip(), *map(_below, entry.below)]
    return "\n\n".join(part for part in parts if part)


def _state(properties: dict[str, str], scheduled: str) -> dict[str, Any]:
    def number(name: str, otherwise: float) -> float:
        try:
            return float(properties.get(name, otherwise))
        except ValueError:
            return otherwise

    interval = number("DRILL_LAST_INTERVAL", 0.0)
    if not scheduled or interval <= 0:
        return {}
    counts = {
        "answers": max(0, int(min(number("DRILL_TOTAL_REPEATS", 0), 10**6))),
        "lapses": max(0, int(min(number("DRILL_FAILURE_COUNT", 0), 10**6))),
    }
    return sm2_state(scheduled, interval, number("DRILL_EASE", 2.5) or 2.5, **counts)


def markdown(text: str) -> str:
    """Org's markup as Markdown; formulas as they are, between dollar signs."""
    held: list[str] = []

    def hold(piece: str) -> str:
        held.append(piece)
        return f"\ue002{len(held) - 1}\ue003"

    def code(match: re.Match[str]) -> str:
        return hold(f"```{(match['language'] or '').strip()}\n{match['code'].rstrip()}\n```")

    def link(match: re.Match[str]) -> str:
        target = match["target"].removeprefix("file:").removeprefix("./")
        if match["words"] is None and re.search(r"\.(?:png|jpe?g|gif|svg|webp)$", target, re.IGNORECASE):
            return hold(f"![]({target})" if " " not in target else f"![](<{target}>)")
        return f"{match['words']} ({target})" if match["words"] else target

    def emphasis(match: re.Match[str]) -> str:
        marks = {"*": "**", "/": "*", "=": "`", "~": "`"}[match["sign"]]
        return f"{marks}{match['text']}{marks}"

    text = re.sub("[\ue002\ue003]", "", text)
    text = _CODE.sub(code, text)
    text = re.sub(r"\\\((.+?)\\\)", lambda match: hold(f"${match[1].strip()}$"), text, flags=re.DOTALL)
    text = re.sub(r"\\\[(.+?)\\\]", lambda match: hold(f"$${match[1].strip()}$$"), text, flags=re.DOTALL)
    text = _MATHS.sub(lambda match: hold(match[0]), text)
    text = _EMPHASIS.sub(emphasis, _LINK.sub(link, text))
    return re.sub("\ue002(\\d+)\ue003", lambda match: held[int(match[1])], text)
