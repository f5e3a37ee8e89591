"""Writing one key of the settings file, leaving everything else in it, comments too, as it is."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from studyapp.deck.atomic import write_atomically
from studyapp.plain_file import read_plain_text
from studyapp.settings import LONGEST_FILE, SettingsError, read_toml


def with_key(text: str, key: str, value: Any) -> str:
    """The TOML text with ``key`` set to ``value``: in its place where it has one, else in a new line.

    A new line goes before the first table, since keys after a table's header belong to the table.
    """
    line = f"{key} = {toml_value(value)}"
    table = re.search(r"^[ \t]*\[", text, re.MULTILINE)
    head, tail = (text[: table.start()], text[table.start() :]) if table else (text, "")
    lines = head.split("\n")
    if not lines[-1]:
        lines.pop()
    pattern = re.compile(rf"""[ \t]*(["']?){re.escape(key)}\1[ \t]*=""")
    for first, old in enumerate(lines):
        if pattern.match(old):
            after = _end_of_value(lines, first)
            lines[first:after] = [line + _remark("\n".join(lines[first:after]))]
            break
    else:
        lines.append(line)
    return "\n".join(lines) + "\n" + tail


def _end_of_value(lines: list[str], first: int) -> int:
    """The line after a value that begins in line ``first`` and may take several."""
    for after in range(first + 1, len(lines) + 1):
        if _parses("\n".join(lines[first:after])):
            return after
    return first + 1


def _remark(text: str) -> str:
    """The comment behind a key and its value, with two blanks before it; empty where there is none."""
    for place in (match.start() for match in re.finditer("#", text)):
        if "\n" not in text[place:] and _parses(text[:place]):
            return "  " + text[place:]
    return ""


def _parses(text: str) -> bool:
    try:
        return bool(read_toml(text))
    except ValueError:
        return False


def toml_value(value: Any) -> str:
    """A setting as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml_value(entry) for entry in value) + "]"
    if isinstance(value, str):
        # TOML's strings are JSON's, but that TOML wants the delete character escaped too.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)


def write_key(path: Path, key: str, value: Any) -> None:
    """Set one key of the settings file, made new where there is none.

    Raises:
        SettingsError: the file is not TOML; it was left as it is.
        OSError: it cannot be read or written; the old file is intact.
    """
    try:
        text = read_plain_text(path, LONGEST_FILE)
    except FileNotFoundError:
        text = ""
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: it is not UTF-8 text; nothing was written") from None
    if len(text) > LONGEST_FILE:
        raise SettingsError(f"{path}: the file is too long; nothing was written")
    written = with_key(text, key, value)
    try:
        read_toml(written)
    except ValueError as error:
        raise SettingsError(f"{path}: {error}; nothing was written") from None
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_atomically(path, written, mode=0o600)
