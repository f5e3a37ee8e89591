"""The formats that there are: what they are called, which way they go, and the module that knows each."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from msgspec import Struct

from studyapp.formats.source import Source
from studyapp.formats.value import Collection, FormatError
from studyapp.locale.message import Message

if TYPE_CHECKING:
    from studyapp.formats.outgoing import Outgoing

Progress = Callable[[int, int], None]


class Reader(Protocol):
    """What a module of a format that is read offers."""

    def looks_like(self, source: Source) -> bool:
        """Whether the source is of this format, by its content."""
        ...

    def read(self, source: Source, progress: Progress = ...) -> Collection:
        """All that it holds. Raises FormatError."""
        ...


class Writer(Protocol):
    """What a module of a format that is written offers."""

    def write(self, outgoing: Outgoing, path: Path) -> None:
        """Writes a new file. Raises OSError."""
        ...


class Format(Struct, frozen=True):
    """One format: its name for commands, what it is, its module, whether it is read, and the endings of files that are
    written in it (none: it is not written)."""

    name: str
    what: Message
    module: str
    reads: bool = True
    endings: tuple[str, ...] = ()
    holds_cards: bool = True
    """Whether it holds cards, and not answers alone."""

    @property
    def _module(self) -> Any:
        return import_module(f"studyapp.formats.{self.module}")

    @property
    def reader(self) -> Reader:
        """The module as a reader; imported now."""
        return cast("Reader", self._module)

    @property
    def writer(self) -> Writer:
        """The module as a writer; imported now."""
        return cast("Writer", self._module)


FORMATS = (
    Format(
        name="log-jsonl",
        what=Message("a review log in JSON Lines"),
        module="log_jsonl",
        endings=(".jsonl",),
        holds_cards=False,
    ),
    Format(
        name="log-csv", what=Message("a review log in CSV"), module="log_csv", endings=(".log.csv",), holds_cards=False
    ),
    Format(name="apkg", what=Message("an Anki package"), module="apkg", endings=(".apkg",)),
    Format(name="anki-text", what=Message("Anki notes in plain text"), module="anki_text", endings=(".anki.txt",)),
    Format(name="crowdanki", what=Message("a deck of CrowdAnki"), module="crowdanki"),
    Format(name="org-drill", what=Message("org-drill"), module="org_drill"),
    Format(
        name="markdown",
        what=Message("Markdown (hashcards, repeater, Obsidian, headings, check boxes)"),
        module="markdown",
        endings=(".md", ".markdown"),
    ),
    Format(name="csv", what=Message("comma-separated values"), module="csv_file", endings=(".csv",)),
    Format(name="tsv", what=Message("tab-separated values"), module="tsv_file", endings=(".tsv", ".txt")),
)
"""Every format, in the order in which a source is held against them."""

_UNKNOWN = Message("{path} is in no format that is known here. Known are: {formats}.")


def detect(source: Source) -> Format:
    """The format of a source, by its content.

    Raises:
        FormatError: it is in none.
    """
    for one in FORMATS:
        if one.reads and one.reader.looks_like(source):
            return one
    formats = ", ".join(str(one.what) for one in FORMATS if one.reads)
    raise FormatError(_UNKNOWN(path=source.path, formats=formats))


def format_named(name: str) -> Format:
    """The format of that name. Raises KeyError."""
    return {one.name: one for one in FORMATS}[name]


def format_for(path: Path) -> Format | None:
    """The format in which a file of that name is written; None where its ending says none."""
    name = path.name.lower()
    fits = [(len(ending), one) for one in FORMATS for ending in one.endings if name.endswith(ending)]
    return max(fits, key=lambda fit: fit[0])[1] if fits else None
