"""Notes as Anki writes them in plain text: header lines that begin with ``#``, then a row a note."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

from studyapp.formats import delimited
from studyapp.formats.anki_outgoing import notes_of
from studyapp.formats.outgoing import Outgoing
from studyapp.formats.source import Source
from studyapp.formats.value import Collection

_HEADER = re.compile(r"#([a-z ]+):(.*)", re.IGNORECASE)
_KEYS = ("separator", "html", "tags", "columns", "notetype", "deck", "notetype column", "deck column", "tags column",
         "guid column", "if matches")  # fmt: skip
_SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "space": " ", "pipe": "|", "colon": ":"}


def looks_like(source: Source) -> bool:
    """Whether the first line is one of Anki's header lines."""
    match = _HEADER.match(source.head_text.partition("\n")[0])
    return match is not None and match[1].lower() in _KEYS


def read(source: Source, progress: Callable[[int, int], None] = lambda done, total: None) -> Collection:
    """All notes. A note with a guid is found again by it."""
    header, body = _parts(source.text)
    written = header.get("separator", "")
    delimiter = _SEPARATORS.get(written.strip().lower(), written.strip()[:1] or delimited.sniffed(body) or "\t")
    special = {
        int(header[key]) - 1: name
        for key, name in (
            ("guid column", "id"), ("deck column", "deck"), ("tags column", "tags"), ("notetype column", "#notetype"),
        )
        if header.get(key, "").strip().isdigit() and int(header[key]) > 0
    }  # fmt: skip
    rows = list(delimited.rows(source, body, delimiter))
    width = max((len(row) for _, row in rows), default=0)
    names = header["columns"].split(delimiter) if "columns" in header else []
    columns: list[str] = []
    roles = ["question", "answer"]
    for place in range(width):
        if place in special:
            columns.append(special[place])
        elif roles:
            columns.append(roles.pop(0))
        else:
            columns.append(names[place].strip() if place < len(names) and names[place].strip() else f"{place + 1}")
    deck = header.get("deck", "").strip()
    from studyapp.formats.build import deck_path

    return delimited.read_rows(
        source,
        iter(rows),
        columns,
        prefix="anki",
        html=header.get("html", "false").strip().lower() == "true",
        deck=deck_path(deck) if deck else None,
        tags=header.get("tags", "").split(),
    )


def _parts(text: str) -> tuple[dict[str, str], str]:
    """The header by its keys, and what follows it."""
    header: dict[str, str] = {}
    position = 0
    while text.startswith("#", position):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        match = _HEADER.match(text, position, end)
        if match is None or match[1].lower() not in _KEYS:
            break
        header[match[1].lower()] = match[2]
        position = end + 1
    return header, text[position:]


def write(outgoing: Outgoing, path: Path) -> None:
    """Writes a row a note, as Anki's "Notes in Plain Text" has them. Raises OSError."""
    notes = notes_of(outgoing)
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write("#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:4\n")
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        for note in notes:
            first = next(iter(note.cards.values()))
            deck = "::".join(first.source.deck) if first.source is not None else first.deck.replace("/", "::")
            writer.writerow([note.note.guid, note.type.name, deck, " ".join(note.note.tags), *note.note.fields])
