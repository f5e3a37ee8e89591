"""The deck that a new author starts from: one card of each kind, with the keys explained where they stand."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from studyapp.forms.problem import quoted
from studyapp.kinds import KINDS, kind_named
from studyapp.locale.catalogue import beside
from studyapp.locale.message import Message, current_language

from .atomic import write_atomically
from .reader import DECK_NAME

STARTER = "starter.yaml"
_NO_NAME = Message("{name} is not {what}")

_HEAD = r"""# A deck of question cards. Check it with:  studyapp check {file}
# Study it with:                            studyapp add {file}  and then  studyapp study {name}
#
# A card's id is its identity for life: change the text as often as you like, and its history stays.
# Maths stands between dollar signs. Put LaTeX in single quotes or after |, where a backslash is just a
# backslash, and put every text that contains ": " or begins with a special character in quotes.

deck: {name}                    # unique among all your decks
title: {title}
language: en
description: One card of each kind, to be replaced by your own.
order: 1000                     # decks with smaller numbers are studied first

cards:
"""


def starter_deck(name: str, file: str = "") -> str:
    """The YAML text of a commented deck called ``name``, whose head tells the shell's commands for ``file``.

    Where the language spoken has a starter deck of its own beside its catalogue, it is that one.

    Raises ValueError for a name that no deck may
    have."""
    if DECK_NAME.pattern is None or not DECK_NAME.pattern.fullmatch(name):
        raise ValueError(_NO_NAME(name=quoted(name), what=DECK_NAME.what))
    title = name.rpartition("/")[2].replace("-", " ").replace("_", " ").replace(".", " ").capitalize()
    translation = beside(current_language(), STARTER)
    if translation is not None:
        head, mark, cards = translation.read_text("utf-8").partition("\ncards:\n")
        head += mark
    else:
        head, cards = _HEAD, "\n".join(kind_named(kind).starter.removeprefix("\n") for kind in KINDS)
    head = (
        head.replace("{name}", name)
        .replace("{title}", f"'{title}'")
        .replace("{file}", shlex.quote(file) if file.isprintable() and file else "FILE")
    )
    return head + cards.replace("{name}-", name.replace("/", "-") + "-")


def deck_name_for(path: Path) -> str:
    """The name that a deck in the file ``path`` would naturally have. Raises ValueError where none can be
    made."""
    stem = path.name.removesuffix(".yaml").removesuffix(".yml").lower()
    name = re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:60].strip("-")
    if not name:
        raise ValueError(f"no deck name can be made of {path.name!r}: use letters a to z, digits and hyphens")
    return name


def write_new_deck(path: Path) -> str:
    """Writes a starter deck to ``path``, whole or not at all; returns the deck's name.

    Raises FileExistsError where something is there already, ValueError for a file name that gives no deck
    name or that does not end in ``.yaml``, and other OSErrors with the reason.
    """
    if path.suffix not in (".yaml", ".yml"):
        raise ValueError(f"{path.name!r} should end in .yaml")
    name = deck_name_for(path)
    if path.exists() or path.is_symlink():
        raise FileExistsError(f"{path} exists already and is left as it is")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, starter_deck(name, str(path)), replace=False)
    return name
