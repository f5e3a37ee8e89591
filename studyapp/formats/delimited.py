"""Rows of text parted by commas, tabs or other signs: what the formats made of them share.

A row is a card: its columns are those of a header (`COLUMNS`, or the words that other programs use), or else the
question, the answer, and maybe tags.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from studyapp.cards.card import Card
from studyapp.formats import anki_cloze, build
from studyapp.formats.html import clean, is_html, marked_to_markdown, to_markdown
from studyapp.formats.limits import LONGEST_FIELD, MOST_NOTES
from studyapp.formats.outgoing import Outgoing, as_recall
from studyapp.formats.source import Source
from studyapp.formats.value import Collection, DeckPath, FormatError, Loss, SourceCard, loss
from studyapp.locale.message import Message

COLUMNS = (
    "id", "deck", "kind", "question", "answer", "text", "points", "options", "multiple", "tags", "hints", "solution",
    "covers", "source", "leads_to", "group", "loss", "difficulty", "was", "accept", "as", "match", "fold",
    "tolerance", "unit",
)  # fmt: skip
"""The columns in which cards are written."""

TABLE_KINDS = ("recall", "explain", "cloze", "choice", "typed")
"""The kinds that the columns can hold."""

_OF_A_KIND = {
    "cloze": ("match", "fold"),
    "typed": ("accept", "as", "match", "fold", "tolerance", "unit"),
}
"""The columns that say something of these kinds alone; in other rows they are any column's words."""

_LISTS = ("tags", "hints", "covers", "source", "leads_to", "points", "options", "was", "accept")
_WORDS = {
    "question": ("question", "front", "term", "prompt", "word", "expression", "q", "问题", "正面"),
    "answer": ("answer", "back", "definition", "meaning", "response", "translation", "a", "答案", "背面"),
    "text": ("text", "cloze"),
    "tags": ("tags", "tag", "labels", "标签"),
    "deck": ("deck", "category", "topic", "牌组"),
    "id": ("id", "guid", "uuid", "key"),
    "kind": ("kind", "type", "notetype", "note type"),
    "solution": ("solution", "extra", "explanation", "notes", "note", "back extra", "comment"),
    "hints": ("hint", "hints"),
}
_KNOWN = frozenset(COLUMNS) - {"was", *(column for columns in _OF_A_KIND.values() for column in columns)}
_NAMES = {word: column for column, words in _WORDS.items() for word in words} | {name: name for name in COLUMNS}

NO_TEXT = Message("a row without question or text")
BAD_CELL = Message("column {column}: {reason}")
_ROW = Message("row {number}")
_TOO_MANY = Message("{path} holds more than {count} rows; that many are not read.")
_BROKEN = Message("{path}: row {number} cannot be read: {reason}.")


def rows(source: Source, text: str, delimiter: str, most: int = MOST_NOTES) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, each with its number.

    Raises:
        FormatError: a quote is never closed in a field beyond all measure, or there are too many rows.
    """
    csv.field_size_limit(LONGEST_FIELD)
    number = 0
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False), 1):
            if number > most:
                raise FormatError(_TOO_MANY(path=source.path, count=most))
            if any(cell.strip() for cell in row):
                yield number, row
    except csv.Error as error:
        raise FormatError(_BROKEN(path=source.path, number=number + 1, reason=error)) from None


def sniffed(text: str) -> str:
    """The sign that parts the columns: the one by which the first rows come out alike, with the most columns."""
    best, chosen = (0.0, 0), ""
    sample = text[:20_000]
    for delimiter in "\t,;|":
        try:
            found = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if any(row)][:50]
        except csv.Error:
            continue
        if len(sample) < len(text) and len(found) > 1:
            found.pop()
        widths = [len(row) for row in found]
        if not widths:
            continue
        usual = max(set(widths), key=widths.count)
        if usual >= 2:
            score = (widths.count(usual) / len(widths), usual)
            if score[0] > 0.8 and score > best:
                best, chosen = score, delimiter
    return chosen


def header_of(row: Sequence[str]) -> list[str] | None:
    """The columns that a header row names; None where it is no header. Unknown names stay, in lower case."""
    names = [_NAMES.get(cell.strip().lower().lstrip("\ufeff"), cell.strip().lower()) for cell in row]
    known = set(names) & {"question", "answer", "text"}
    return names if known and len(known & {"question", "text"}) and len(set(names)) == len(names) else None


def read_rows(
    source: Source,
    found: Iterator[tuple[int, list[str]]],
    columns: Sequence[str] | None,
    *,
    prefix: str = "text",
    html: bool | None = None,
    deck: DeckPath | None = None,
    tags: Sequence[str] = (),
) -> Collection:
    """A card of each row. ``html`` None looks at each cell."""
    cards: list[SourceCard] = []
    losses: list[Loss] = []
    ids: set[str] = set()
    usual = deck or (source.name,)
    for number, row in found:
        if columns is None:
            columns = header_of(row)
            if columns is not None:
                continue
            columns = ["question", "answer", *["tags" if place == 2 and _are_tags(row) else f"column {place + 1}"
                                                for place in range(2, len(row))]]  # fmt: skip
        cells = dict(zip(columns, row, strict=False))
        made, problems = _card(cells, str(_ROW(number=number)), usual, prefix, html, tuple(tags))
        losses += problems
        for card in made:
            if card.card.id in ids:
                again = build.card_id(prefix, card.card.id, *row)
                if again in ids:
                    continue  # the same row twice
                card = msgspec.structs.replace(card, card=msgspec.structs.replace(card.card, id=again))
            ids.add(card.card.id)
            cards.append(card)
    return Collection(name=source.name, cards=tuple(cards), losses=tuple(losses))


def _are_tags(row: Sequence[str]) -> bool:
    return len(row) == 3 and bool(re.fullmatch(r"[\w:./ -]{0,200}", row[2]))


def _card(
    cells: Mapping[str, str], name: str, usual: DeckPath, prefix: str, html: bool | None, more_tags: tuple[str, ...]
) -> tuple[list[SourceCard], list[Loss]]:
    losses: list[Loss] = []
    dropped: set[str] = set()
    media: list[str] = []

    def said(column: str) -> str:
        text = cells.get(column, "")
        if html or (html is None and is_html(text)):
            converted = to_markdown(text)
            dropped.update(converted.dropped)
            media.extend(converted.media)
            return converted.text
        return clean(text).strip()

    kind = cells.get("kind", "").strip().lower()
    deck = build.deck_path(cells["deck"], "::" if "::" in cells["deck"] else "/") if cells.get("deck") else usual
    question, text = said("question"), said("text")
    written = cells.get("id", "").strip()
    is_own = prefix == "text" and build.is_card_id(written)
    key = [written] if written else ["/".join(deck), kind, question or text]
    identity = written if is_own else build.card_id(prefix, *key)
    named = build.excerpt(question or text) or name
    common: dict[str, Any] = {"tags": build.tags_of([*re.split(r"[\s,;]+", cells.get("tags", "")), *more_tags])}
    if said("solution"):
        common["solution"] = said("solution")
    for column in ("hints", "covers", "source", "leads_to", *(["was"] if kind in TABLE_KINDS else [])):
        if cells.get(column, "").strip():
            common[column] = tuple(lines_of(cells[column]))
    for column in ("group", "loss"):
        if cells.get(column, "").strip():
            common[column] = clean(cells[column]).strip()
    if cells.get("difficulty", "").strip() in ("1", "2", "3"):
        common["difficulty"] = int(cells["difficulty"])

    def made(card: Card | None, ordinal: int = 0) -> list[SourceCard]:
        if card is None:
            losses.append(loss(NO_TEXT, named))
            return []
        if not build.fits(card):
            losses.append(build.too_long(named))
            return []
        losses.extend(html_losses(named, dropped))
        unique = tuple(dict.fromkeys(media))
        return [SourceCard(card=card, deck=deck, key="\0".join(key), ordinal=ordinal, media=unique)]

    if kind in TABLE_KINDS:
        card, problem = _own_kind(kind, identity, question, text, said("answer"), cells, common)
        return (made(card), losses) if problem is None else ([], [loss(BAD_CELL, named, **problem)])
    whole = cells.get("text") or cells.get("question", "")
    gap_numbers = anki_cloze.numbers(whole)
    if gap_numbers:
        cards = []
        for number in gap_numbers:
            marked, hints = anki_cloze.marked(whole, number)
            if html or (html is None and is_html(marked)):
                converted = marked_to_markdown(clean(marked))
                dropped.update(converted.dropped)
                media.extend(converted.media)
                marked = converted.text
            extra = dict(common)
            if hints:
                extra["hints"] = tuple(clean(hint) for hint in hints)
            rest = "" if cells.get("text") and not cells.get("answer") else said("answer")
            if rest:
                extra["solution"] = "\n\n".join(filter(None, [rest, extra.get("solution", "")]))
            if len(gap_numbers) > 1:
                extra["group"] = identity
            own = build.numbered(identity, number - 1)
            cards += made(build.cloze(own, clean(marked).strip(), **extra), number - 1)
        return cards, losses
    if not question and not text:
        return [], [loss(NO_TEXT, name)]
    answer = said("answer") or text
    more = [f"{column}: {said(column)}" for column in cells
            if column not in _KNOWN and not column.startswith("#") and cells[column].strip()]  # fmt: skip
    if not answer and more:
        answer, *more = [line.partition(": ")[2] for line in more]
    if more:
        common["solution"] = "\n\n".join([*filter(None, [common.get("solution", "")]), *more])
    if not answer:
        return [], [loss(build.NO_ANSWER, named)]
    note_type = cells.get("#notetype", "").lower()
    if "type in" in note_type:
        return made(build.typed(identity, question, answer, **common)), losses
    if "revers" in note_type and ("optional" not in note_type or any(more)):
        common["group"] = identity
        back = build.recall(build.numbered(identity, 1), answer, question, **common)
        return [*made(build.recall(identity, question, answer, **common)), *made(back, 1)], losses
    return made(build.recall(identity, question or text, answer, **common)), losses


def _own_kind(
    kind: str, identity: str, question: str, text: str, answer: str, cells: Mapping[str, str], common: dict[str, Any]
) -> tuple[Card | None, dict[str, str] | None]:
    """A card of one of the kinds that are written into columns; or what is wrong with a column."""
    plain: dict[str, Any] = {"kind": kind, "id": identity, "question": question, **common}
    if kind in ("recall", "explain"):
        plain["answer"] = answer
        plain["points"] = [
            entry if isinstance(entry, dict) else {"text": entry} for entry in entries_of(cells.get("points", ""))
        ]
    elif kind == "cloze":
        plain["text"] = text or answer
    elif kind == "typed":
        plain["answer"] = answer
        plain["accept"] = lines_of(cells.get("accept", ""))
    else:
        plain["options"] = entries_of(cells.get("options", ""))
        plain["multiple"] = cells.get("multiple", "").strip().lower() in ("true", "1", "yes")
    for column in _OF_A_KIND.get(kind, ()):
        if column != "accept" and cells.get(column, "").strip():
            said = clean(cells[column]).strip()
            plain["form" if column == "as" else column] = _spellings(said) if column == "fold" else said
    from studyapp.kinds import kind_named

    try:
        card: Card = msgspec.convert(plain, kind_named(kind).card)
    except msgspec.ValidationError as error:
        return None, {"column": "options" if kind == "choice" else "points", "reason": str(error)}
    if kind == "cloze" and build.gaps_in(plain["text"]) < 1:
        return None, {"column": "text", "reason": str(_NO_GAP)}
    if kind in ("recall", "explain", "typed") and not (question and answer):
        return None, None
    if kind == "typed":
        wrong = next((one for one in kind_named(kind).rules(card) if one.severity == "error"), None)
        if wrong is not None:
            return None, {"column": str(wrong.path[0]), "reason": str(wrong.message)}
    return card, None


def _spellings(cell: str) -> dict[str, str]:
    """The pairs of a JSON object; empty where the cell is none."""
    try:
        pairs = json.loads(cell)
    except (ValueError, RecursionError):
        pairs = None
    return {str(key): str(value) for key, value in pairs.items()} if isinstance(pairs, dict) else {}


_NO_GAP = Message("it has no {{{{gap}}}}")


def lines_of(cell: str) -> list[str]:
    """The entries of a cell: one a line, or a JSON list."""
    return [entry if isinstance(entry, str) else json.dumps(entry, ensure_ascii=False) for entry in entries_of(cell)]


def entries_of(cell: str) -> list[Any]:
    """The same with entries that are no text."""
    cell = clean(cell).strip()
    if cell.startswith("["):
        try:
            entries = json.loads(cell)
        except (ValueError, RecursionError):
            entries = None
        if isinstance(entries, list):
            return entries
    return [line.strip() for line in cell.split("\n") if line.strip()]


SCRIPT = Message("active content ({elements}) was taken out")
REMOTE = Message("a picture at an address on the web was left out; its address stands in its place")
ODD_PICTURE = Message("a picture within the text was left out")
VIDEO = Message("a video was left out")


def html_losses(card: str, dropped: set[str] | frozenset[str]) -> Iterator[Loss]:
    """What was left out of the HTML of a card."""
    rest = sorted(dropped - {"remote", "img", "video"})
    if rest:
        yield loss(SCRIPT, card, elements=", ".join(rest))
    for name, what in (("remote", REMOTE), ("img", ODD_PICTURE), ("video", VIDEO)):
        if name in dropped:
            yield loss(what, card)


def written(entries: Sequence[Any]) -> str:
    """A list as a cell: one entry a line where they are texts of one line, or else JSON."""
    plain = all(isinstance(entry, str) and entry.strip() == entry and entry and "\n" not in entry for entry in entries)
    if plain and entries and not entries[0].startswith("["):
        return "\n".join(entries)
    return json.dumps(entries, ensure_ascii=False) if entries else ""


def row_of(card: Card, deck: str) -> list[str]:
    """A card as a row of `COLUMNS`."""
    plain = msgspec.to_builtins(card)
    cells = []
    for column in COLUMNS:
        if column == "deck":
            cells.append(deck)
            continue
        value = plain.get("form" if column == "as" else column, "")
        if column == "points":
            value = [entry["text"] if len(entry) == 1 else entry for entry in value or ()]
        if column == "tags":
            cells.append(" ".join(value or ()))
        elif column in _LISTS:
            cells.append(written(list(value or ())))
        elif isinstance(value, bool):
            cells.append("true" if value else "")
        elif isinstance(value, dict):
            cells.append(json.dumps(value, ensure_ascii=False))
        else:
            cells.append(str(value))
    return cells


def write_rows(outgoing: Outgoing, path: Path, delimiter: str) -> None:
    """Writes all cards as rows below a header; graded kinds become questions. Raises OSError."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow(COLUMNS)
        for one in outgoing.cards:
            card = one.card
            if card.kind not in TABLE_KINDS:
                plain = as_recall(one, outgoing)
                if plain is None:
                    continue
                card = plain
            writer.writerow(row_of(card, one.deck))
