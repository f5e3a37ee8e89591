"""Deck files as text: cards written as YAML, and files changed card by card with everything else left as it stands."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from studyapp.cards.card import Card
from studyapp.cards.written import Literal, Word, written_card
from studyapp.deck.reader import ReadDeck, parse_deck
from studyapp.forms.scalar import not_text
from studyapp.locale.message import Message

_UNREADABLE = Message("{path} cannot be read as a whole: studyapp check {path}")
_ON_NO_LINE = Message("{path}: the cards do not begin on lines of their own, so {card} cannot be changed there")
_NO_CARDS_LINE = Message("{path}: no line says `cards:` where cards could be added")
_NOT_CARD_BY_CARD = Message("{path} is written so that it cannot be changed card by card ({card})")

_PLAIN = re.compile(r"[^\W_][^\n:#{}\[\],&*!|>'\"%@`]*", re.UNICODE)
_ITEM = re.compile(r"^( *)-(?:\s|$)")
_WIDTH_OF_FLOW = 100


class CannotEdit(Exception):
    """A deck file that cannot be changed without harm; the message says why."""


def scalar(text: str, indent: int) -> str:
    """A text as a YAML value that stands at ``indent`` spaces: plain, quoted, or as a block where it has lines."""
    if "\n" in text:
        ends = len(text) - len(text.rstrip("\n"))
        mark = "|" + ("2" if text[0] in " \n" else "") + ("-" if ends == 0 else "" if ends == 1 else "+")
        padding = " " * (indent + 2)
        return "\n".join([mark, *(padding + line if line else "" for line in text.removesuffix("\n").split("\n"))])
    if _PLAIN.fullmatch(text) and text == text.strip() and not not_text(text):
        return text
    return "'" + text.replace("'", "''") + "'"


def card_text(card: Card, indent: int = 2) -> str:
    """A card as an entry of the list of cards, with a line end."""
    lines = _mapping(written_card(card), indent + 2)
    lines[0] = " " * indent + "- " + lines[0].lstrip(" ")
    return "\n".join(lines) + "\n"


def _mapping(values: Mapping[str, Any], indent: int) -> list[str]:
    lines: list[str] = []
    padding = " " * indent
    for name, value in values.items():
        if isinstance(value, str):
            lines += f"{padding}{_key(name)}: {scalar(value, indent)}".split("\n")
        elif isinstance(value, list):
            lines += _list(name, value, indent)
        elif isinstance(value, dict):
            lines += [f"{padding}{_key(name)}:", *_mapping(value, indent + 2)]
        else:
            lines.append(f"{padding}{_key(name)}: {_simple(value)}")
    return lines


def _list(name: str, values: Iterable[Any], indent: int) -> list[str]:
    padding = " " * indent
    entries = list(values)
    if all(isinstance(entry, str) and "\n" not in entry for entry in entries):
        flow = f"{padding}{name}: [{', '.join(scalar(entry, 0) for entry in entries)}]"
        if len(flow) <= _WIDTH_OF_FLOW:
            return [flow]
    lines = [f"{padding}{name}:"]
    for entry in entries:
        if isinstance(entry, dict):
            inner = _mapping(entry, indent + 4)
            inner[0] = f"{padding}  - {inner[0].lstrip(' ')}"
            lines += inner
        else:
            value = scalar(entry, indent + 2) if isinstance(entry, str) else _simple(entry)
            lines += f"{padding}  - {value}".split("\n")
    return lines


def _simple(value: Any) -> str:
    """A number, a flag or a literal, on one line."""
    if isinstance(value, Literal):
        value = value.value
    if isinstance(value, float) and math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    if isinstance(value, Word):
        return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_simple, value))}]"
    if isinstance(value, dict):
        entries = (f"{_key(name)}: {_simple(one)}" for name, one in value.items())
        return f"{{{', '.join(entries)}}}"
    return json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    return name if _PLAIN.fullmatch(name) and not not_text(name) else json.dumps(name, ensure_ascii=False)


def deck_head(name: str, title: str, description: str = "", language: str = "en") -> str:
    """The head of a new deck file, down to ``cards:``."""
    lines = [f"deck: {name}", f"title: {scalar(title, 0)}"]
    if language != "en":
        lines.append(f"language: {language}")
    if description:
        lines.append(f"description: {scalar(description, 0)}")
    return "\n".join([*lines, "cards:", ""])


def changed_deck(text: str, path: Path, changed: Mapping[str, Card], new: Iterable[Card]) -> str:
    """The text of a deck file with some cards in other words and new ones at its end; the rest stays as it is.

    Comments on lines of their own inside of a changed card stay above its keys.

    Raises:
        CannotEdit: the file cannot be read as a whole, or is written so that it cannot be changed card by card.
    """
    read = parse_deck(text, path)
    if read.deck is None or not read.complete:
        raise CannotEdit(_UNREADABLE(path=path))
    lines = text.split("\n")
    added = list(new)
    if added:  # from the end on, so that the lines above keep their numbers
        indent, at = _end_of_cards(lines, read, path)
        block: list[str] = []
        for card in added:
            block += card_text(card, indent).rstrip("\n").split("\n")
        lines[at:at] = block
    for card_id, card in sorted(changed.items(), key=lambda entry: -read.lines.get(entry[0], 0)):
        start, end, indent = _span(lines, read, card_id, path)
        comments = [line for line in lines[start:end] if line.lstrip().startswith("#")]
        lines[start:end] = [*comments, *card_text(card, indent).rstrip("\n").split("\n")]
    result = "\n".join(lines)
    if not result.endswith("\n"):
        result += "\n"
    _verify(result, path, read, changed, added)
    return result


def _span(lines: list[str], read: ReadDeck, card_id: str, path: Path) -> tuple[int, int, int]:
    """Where the entry of a card begins and ends, without the comments and blank lines that follow it."""
    start = read.lines[card_id] - 1
    while start >= 0 and not _ITEM.match(lines[start]):
        start -= 1
    match = _ITEM.match(lines[start]) if start >= 0 else None
    if match is None:
        raise CannotEdit(_ON_NO_LINE(path=path, card=card_id))
    indent = len(match[1])
    end = start + 1
    while end < len(lines) and not _is_next(lines[end], indent):
        end += 1
    while end > start + 1 and (not lines[end - 1].strip() or _is_outer_comment(lines[end - 1], indent)):
        end -= 1
    return start, end, indent


def _is_next(line: str, indent: int) -> bool:
    """Whether a line no longer belongs to an entry of a list at ``indent``."""
    if not line.strip() or line.lstrip().startswith("#"):
        return False
    depth = len(line) - len(line.lstrip(" "))
    return depth < indent or (
        depth == indent and (line.lstrip().startswith("- ") or line.strip() == "-" or indent == 0)
    )


def _is_outer_comment(line: str, indent: int) -> bool:
    return line.lstrip().startswith("#") and len(line) - len(line.lstrip(" ")) <= indent


def _end_of_cards(lines: list[str], read: ReadDeck, path: Path) -> tuple[int, int]:
    """The indentation of the entries, and the line before which a new one goes."""
    if read.lines:
        last = max(read.lines, key=lambda card_id: read.lines[card_id])
        _, end, indent = _span(lines, read, last, path)
        return indent, end
    for place, line in enumerate(lines):
        match = re.match(r"cards:\s*(\[\s*\])?\s*(#.*)?$", line)
        if match:
            lines[place] = "cards:"
            return 2, place + 1
    raise CannotEdit(_NO_CARDS_LINE(path=path))


def _verify(text: str, path: Path, before: ReadDeck, changed: Mapping[str, Card], new: list[Card]) -> None:
    """The new text holds the cards that it should, and all others as they were."""
    after = parse_deck(text, path)
    assert before.deck is not None
    wanted = {card.id: changed.get(card.id, card) for card in before.deck.cards}
    found = {card.id: card for card in after.deck.cards} if after.deck else {}
    # A new card takes on what the deck says of all its cards.
    come = {card.id: found.pop(card.id) for card in new if card.id in found}
    if not after.complete or found != wanted or len(come) != len(new):
        wrong = next((name for name in wanted if found.get(name) != wanted[name]), "")
        raise CannotEdit(_NOT_CARD_BY_CARD(path=path, card=wrong))
