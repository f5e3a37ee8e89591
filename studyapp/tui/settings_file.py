"""Writing one key of the settings file, leaving everything else in it as it is."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from studyapp.deck.atomic import write_atomically


def with_key(text: str, key: str, value: Any) -> str:
    """The TOML text with ``key`` set to ``value``: in its line where there is one, else in a new line.

    A new line goes before the first table, since keys after a table's header belong to the table.
    """
    line = f"{key} = {toml_value(value)}"
    pattern = re.compile(rf"^[ \t]*{re.escape(key)}[ \t]*=.*$", re.MULTILINE)
    table = re.search(r"^[ \t]*\[", text, re.MULTILINE)
    head, tail = (text[: table.start()], text[table.start() :]) if table else (text, "")
    if pattern.search(head):
        return pattern.sub(lambda _: line, head, count=1) + tail
    if head and not head.endswith("\n"):
        head += "\n"
    return f"{head}{line}\n{tail}"


def toml_value(value: Any) -> str:
    """A setting as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml_value(entry) for entry in value) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def write_key(path: Path, key: str, value: Any) -> None:
    """Set one key of the settings file, made new where there is none.

    Raises:
        OSError: it cannot be read or written; the old file is intact.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        text = ""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, with_key(text, key, value))
