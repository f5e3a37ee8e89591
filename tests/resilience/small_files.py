"""How the app reads each small file beside the answers, and what the user is told of it then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from studyapp.deck.library import Library, LibraryError
from studyapp.interview.saving import InterviewFileError, load
from studyapp.settings import SettingsError, load_settings
from studyapp.tui.drafts import Drafts
from studyapp.tui.keymap import read_keymap


def read_settings(path: Path) -> list[str]:
    try:
        load_settings(path, {})
    except SettingsError as error:
        return [str(error)]
    return []


def read_keys(path: Path) -> list[str]:
    return read_keymap(path)[1]


def read_library(path: Path) -> list[str]:
    library = Library(path.parent)
    try:
        library.deck_files()
        library.missing()
        library.choices()
    except LibraryError as error:
        return [str(error)]
    return []


def read_drafts(path: Path) -> list[str]:
    drafts = Drafts(path)
    return [drafts.trouble] if drafts.trouble else []


def read_interview(path: Path) -> list[str]:
    try:
        load(path)
    except InterviewFileError as error:
        return [str(error)]
    return []


READERS: dict[str, Callable[[Path], list[str]]] = {
    "config.toml": read_settings,
    "keys.toml": read_keys,
    "library.json": read_library,
    "drafts.json": read_drafts,
    "interview.json": read_interview,
}
"""Reads a file and returns what the user is told about it."""
