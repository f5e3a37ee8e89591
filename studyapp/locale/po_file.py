"""Compiles a catalogue of gettext: the text form (``.po``) to the binary one (``.mo``)."""

from __future__ import annotations

import json
import struct

_MAGIC = 0x950412DE


def compile_po(text: str) -> bytes:
    """The ``.mo`` file for a ``.po`` file. Entries that are marked fuzzy (but for the head), obsolete or not
    translated are left out.

    Raises:
        ValueError: a line that no ``.po`` file holds.
    """
    return _mo_file(read_po(text))


def read_po(text: str) -> dict[str, str]:
    """Translations by what is translated, as a ``.mo`` file holds them: forms of a plural are parted by NUL."""
    entries: dict[str, str] = {}
    fields: dict[str, str] = {}
    fuzzy, field = False, ""

    def keep() -> None:
        forms = [fields[name] for name in fields if name.startswith("msgstr")]
        if "msgid" in fields and all(forms) and not (fuzzy and fields["msgid"]):
            plural = f"\0{fields['msgid_plural']}" if "msgid_plural" in fields else ""
            context = f"{fields['msgctxt']}\4" if "msgctxt" in fields else ""
            entries[context + fields["msgid"] + plural] = "\0".join(forms)

    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if line.startswith("#"):
            if field.startswith("msgstr"):
                keep()
                fields, fuzzy, field = {}, False, ""
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
        elif line.startswith('"') and field:
            fields[field] += _string(line, number)
        elif line:
            name, _, value = line.partition(" ")
            if name in ("msgctxt", "msgid") and field.startswith("msgstr"):
                keep()
                fields, fuzzy = {}, False
            if not name.startswith("msg"):
                raise ValueError(f"line {number} of the catalogue cannot be read: {line}")
            field = name
            fields[field] = _string(value, number)
    keep()
    return entries


def _string(written: str, number: int) -> str:
    try:
        value = json.loads(written)  # the escapes of a catalogue are among those of JSON
    except ValueError:
        value = None
    if not isinstance(value, str):
        raise ValueError(f"line {number} of the catalogue cannot be read: {written}")
    return value


def _mo_file(entries: dict[str, str]) -> bytes:
    """The binary form: a head, two tables of lengths and places, then all strings, each with a NUL behind it."""
    keys = sorted(entries, key=str.encode)
    strings = [one.encode() for one in keys] + [entries[one].encode() for one in keys]
    count, head = len(keys), 28
    place = head + 16 * count
    table = b""
    for one in strings:
        table += struct.pack("<2I", len(one), place)
        place += len(one) + 1
    start = struct.pack("<7I", _MAGIC, 0, count, head, head + 8 * count, 0, 0)
    return start + table + b"".join(one + b"\0" for one in strings)
