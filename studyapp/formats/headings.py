"""Markdown whose headings are questions and what stands below them the answers; lists with check boxes are choices."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from studyapp.formats import build
from studyapp.formats.notes_folder import Making

_HEADING = re.compile(r"^(?P<level>#{1,6})[ \t]+(?P<text>.+?)[ \t]*#*[ \t]*$")
BOX = re.compile(r"^\s*[-*+]\s+\[(?P<mark>[ xX])\]\s+(?P<text>.+)$")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n---[ \t]*(?:\n|\Z)", re.DOTALL)


def is_written_so(text: str) -> bool:
    """Whether a text has headings, or check boxes of which some are checked."""
    lines = text.split("\n")
    boxes = [match["mark"] for match in map(BOX.match, lines) if match]
    return any(map(_HEADING.match, lines)) or (" " in boxes and len(set(boxes)) > 1)


def read(making: Making, file: Path, text: str) -> None:
    """The cards of one file: of each heading that has a text of its own."""
    deck = making.deck_of(file)
    found = list(sections(_FRONT_MATTER.sub("", text)))
    titled = [section for section in found if section[0]]
    if titled and titled[0][0] == 1 and not titled[0][2].strip() and sum(one[0] == 1 for one in titled) == 1:
        making.titles[deck] = titled[0][1]
    for _, heading, body in found:
        if not body.strip():
            continue
        media: list[str] = []
        name = build.excerpt(heading or body)
        parts = choice_parts(body)
        identity = making.identity(deck, heading or body)
        if parts is not None:
            before, options, after = parts
            question = "\n\n".join(filter(None, (heading, making.text(before, file, name, media))))
            shown = [(making.text(option, file, name, media), right) for option, right in options]
            solution = making.text(after, file, name, media)
            card = build.choice(identity, question, shown, solution=solution) if question else None
            if card is not None:
                making.add(card, deck, heading or body, media)
                continue
        if heading:
            answer = making.text(body, file, name, media)
            making.add(build.recall(identity, heading, answer), deck, heading, media)


def sections(text: str) -> Iterator[tuple[int, str, str]]:
    """The level of each heading, its text, and what stands below it before the next one."""
    level, heading, body = 0, "", ""
    fence = ""
    for line in text.split("\n"):
        opening = re.match(r"\s*(```+|~~~+)", line)
        if opening:
            fence = "" if fence and opening[1].startswith(fence) else fence or opening[1][:3]
        match = None if fence else _HEADING.match(line)
        if match is None:
            body += line + "\n"
            continue
        yield level, heading, body
        level, heading, body = len(match["level"]), match["text"].strip(), ""
    yield level, heading, body


def choice_parts(body: str) -> tuple[str, list[tuple[str, bool]], str] | None:
    """What stands before a list with check boxes, its options, and what stands after it; None where nothing is to be
    chosen."""
    lines = body.split("\n")
    places = [place for place, line in enumerate(lines) if BOX.match(line)]
    if len(places) < 2:
        return None
    options: list[tuple[str, bool]] = []
    for place, line in enumerate(lines[places[0] :], places[0]):
        match = BOX.match(line)
        if match:
            options.append((match["text"].strip(), match["mark"] != " "))
        elif place < places[-1] and line.startswith((" ", "\t")) and options:
            options[-1] = (f"{options[-1][0]} {line.strip()}", options[-1][1])
    right = sum(correct for _, correct in options)
    if not 0 < right < len(options):
        return None
    return "\n".join(lines[: places[0]]).strip(), options, "\n".join(lines[places[-1] + 1 :]).strip()
