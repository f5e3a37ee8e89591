"""A language that writes every message in wide letters: what stands there in others was not translated."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

import studyapp
from studyapp.locale import catalogue

PSEUDO = "xx"

# As in CONTRIBUTING.md: a message has one form, or one for one and one for more.
KEYWORDS = {"Message": {1: (1,), None: (1, 2)}}
METHODS = [("cli/**.py", "studyapp.locale.extraction:commands"), ("**.py", "python")]


@cache
def messages_in_source() -> Catalog:
    """Every message of the package."""
    found = Catalog()
    package = Path(studyapp.__file__).parent
    for name, _, message, comments, _ in extract_from_dir(package, METHODS, keywords=KEYWORDS):
        found.add(message, None, [(name, 0)], auto_comments=comments)
    return found


def pseudo(text: str) -> str:
    """The text in wide letters, but for its placeholders, code and formulas."""
    kept = re.split(r"(`[^`]*`|\$[^$]*\$|\{\{|\}\}|\{[^{}]*\})", text)
    return "".join(part if place % 2 else part.translate(_WIDE) for place, part in enumerate(kept))


_WIDE = {ord(letter): ord(letter) + 0xFEE0 for letter in string.ascii_letters}


@contextmanager
def pseudo_language(folder: Path) -> Iterator[str]:
    """Let the app have the language ``xx`` beside English, and no other."""
    made = Catalog(locale="zh")  # one form, as Chinese has
    for message in messages_in_source():
        if isinstance(message.id, tuple):
            made.add(message.id, (pseudo(message.id[-1]),))
        elif message.id:
            made.add(message.id, pseudo(message.id))
    place = folder / PSEUDO / "LC_MESSAGES" / "studyapp.po"
    place.parent.mkdir(parents=True)
    with place.open("wb") as file:
        write_po(file, made)
    before, catalogue._FOLDER = catalogue._FOLDER, folder
    _forget()
    try:
        yield PSEUDO
    finally:
        catalogue._FOLDER = before
        _forget()


def _forget() -> None:
    for remembered in (catalogue.catalogues, catalogue.languages, catalogue.translations):
        remembered.cache_clear()
