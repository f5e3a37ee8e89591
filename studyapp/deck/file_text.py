"""From a path to the text of a deck file, or to a clear word on why there is none."""

from __future__ import annotations

import codecs
import os
import re
import stat
from pathlib import Path

from msgspec import Struct

from studyapp.plain_file import open_plain

MAX_BYTES = 20_000_000
"""Larger files are refused: a deck of this size wants to be several decks."""

_NOT_YAML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")
"""Characters that YAML forbids even inside quotes."""

_OTHER_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


class Signature(Struct, frozen=True):
    """What tells an unchanged file from a changed one without reading it."""

    modified_ns: int
    size: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> Signature:
        """The signature in a file's status."""
        return cls(status.st_mtime_ns, status.st_size, status.st_ino)


class UnreadableFile(Exception):
    """A file that yields no text. ``line`` and ``column`` count from 1."""

    def __init__(self, code: str, message: str, hint: str = "", line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.line = line
        self.column = column


def read_text(path: Path) -> tuple[str, Signature]:
    """The text of ``path``, without a byte order mark, and the signature of what was read.

    Raises UnreadableFile for anything but a regular UTF-8 file of at most ``MAX_BYTES``.
    """
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise _not_a_file(status)
        if status.st_size > MAX_BYTES:
            raise _too_large(status.st_size)
        with open(open_plain(path), "rb") as file:
            status = os.fstat(file.fileno())
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise UnreadableFile("no-file", "there is no such file") from None
    except PermissionError:
        raise UnreadableFile(
            "unreadable", "the file may not be read", "change its permissions so that you can read it"
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableFile("unreadable", f"the file cannot be read: {reason}") from None
    if len(data) > MAX_BYTES:
        raise _too_large(len(data))
    return decode(data), Signature.of(status)


def decode(data: bytes) -> str:
    """UTF-8 text from bytes. Raises UnreadableFile for other encodings and for characters that YAML
    forbids."""
    for mark, name in _OTHER_ENCODINGS:
        if data.startswith(mark):
            raise UnreadableFile("encoding", f"the file is written in {name}", "save it as UTF-8")
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _place(data[: error.start].decode("utf-8", "replace"))
        if b"\x00" in data[:4]:
            raise UnreadableFile("encoding", "the file looks like UTF-16", "save it as UTF-8") from None
        raise UnreadableFile(
            "encoding",
            f"byte 0x{data[error.start]:02x} is not UTF-8",
            "the file seems to be in another encoding (Latin-1, Windows-1252, GBK …): save it as UTF-8",
            line,
            column,
        ) from None
    forbidden = _NOT_YAML.search(text)
    if forbidden:
        line, column = _place(text[: forbidden.start()])
        if forbidden.group() == "\x00" and b"\x00" in data[:4]:
            raise UnreadableFile("encoding", "the file looks like UTF-16", "save it as UTF-8")
        name = "a NUL byte" if forbidden.group() == "\x00" else f"the control character U+{ord(forbidden.group()):04X}"
        raise UnreadableFile("control-character", f"{name} stands here", "delete it", line, column)
    return text


def _place(before: str) -> tuple[int, int]:
    """Line and column, from 1, of the character after ``before``."""
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _not_a_file(status: os.stat_result) -> UnreadableFile:
    if stat.S_ISDIR(status.st_mode):
        return UnreadableFile("not-a-file", "this is a folder, not a deck file", "name a .yaml file in it")
    return UnreadableFile("not-a-file", "this is not a regular file")


def _too_large(size: int) -> UnreadableFile:
    return UnreadableFile(
        "too-large",
        f"the file has {size / 1e6:.1f} MB; a deck may have {MAX_BYTES // 1_000_000} MB",
        "split it into several decks",
    )
