"""From a path to the text of a deck file, or to a clear word on why there is none."""

from __future__ import annotations

import codecs
import os
import re
import stat
from pathlib import Path

from msgspec import Struct

from studyapp.locale.message import Message
from studyapp.plain_file import open_plain

_REGULAR_FILE = Message("this is not a regular file")
_FILE_MB_DECK_MAY = Message("the file has {value} MB; a deck may have {value_2} MB")
_SPLIT_INTO_SEVERAL_DECKS = Message("split it into several decks")
_NUL_BYTE = Message("a NUL byte")
_CONTROL_CHARACTER_U = Message("the control character U+{value}")
_STANDS_HERE = Message("{name} stands here")
_DELETE = Message("delete it")
_FOLDER_DECK_FILE = Message("this is a folder, not a deck file")
_NAME_YAML_FILE = Message("name a .yaml file in it")
_THERE_NO_SUCH_FILE = Message("there is no such file")
_FILE_MAY_READ = Message("the file may not be read")
_CHANGE_ITS_PERMISSIONS_SO = Message("change its permissions so that you can read it")
_FILE_CANNOT_READ = Message("the file cannot be read: {reason}")
_FILE_WRITTEN = Message("the file is written in {name}")
_SAVE_UTF = Message("save it as UTF-8")
_BYTE_X_UTF = Message("byte 0x{data} is not UTF-8")
_FILE_SEEMS_ANOTHER_ENCODING = Message(
    "the file seems to be in another encoding (Latin-1, Windows-1252, GBK …): save it as UTF-8"
)
_FILE_LOOKS_LIKE_UTF = Message("the file looks like UTF-16")

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
        raise UnreadableFile("no-file", _THERE_NO_SUCH_FILE()) from None
    except PermissionError:
        raise UnreadableFile("unreadable", _FILE_MAY_READ(), _CHANGE_ITS_PERMISSIONS_SO()) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableFile("unreadable", _FILE_CANNOT_READ(reason=reason)) from None
    if len(data) > MAX_BYTES:
        raise _too_large(len(data))
    return decode(data), Signature.of(status)


def decode(data: bytes) -> str:
    """UTF-8 text from bytes. Raises UnreadableFile for other encodings and for characters that YAML
    forbids."""
    for mark, name in _OTHER_ENCODINGS:
        if data.startswith(mark):
            raise UnreadableFile("encoding", _FILE_WRITTEN(name=name), _SAVE_UTF())
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _place(data[: error.start].decode("utf-8", "replace"))
        if b"\x00" in data[:4]:
            raise UnreadableFile("encoding", _FILE_LOOKS_LIKE_UTF(), _SAVE_UTF()) from None
        raise UnreadableFile(
            "encoding",
            _BYTE_X_UTF(data=f"{data[error.start]:02x}"),
            _FILE_SEEMS_ANOTHER_ENCODING(),
            line,
            column,
        ) from None
    forbidden = _NOT_YAML.search(text)
    if forbidden:
        line, column = _place(text[: forbidden.start()])
        if forbidden.group() == "\x00" and b"\x00" in data[:4]:
            raise UnreadableFile("encoding", _FILE_LOOKS_LIKE_UTF(), _SAVE_UTF())
        name = (
            _NUL_BYTE() if forbidden.group() == "\x00" else _CONTROL_CHARACTER_U(value=f"{ord(forbidden.group()):04X}")
        )
        raise UnreadableFile("control-character", _STANDS_HERE(name=name), _DELETE(), line, column)
    return text


def _place(before: str) -> tuple[int, int]:
    """Line and column, from 1, of the character after ``before``."""
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _not_a_file(status: os.stat_result) -> UnreadableFile:
    if stat.S_ISDIR(status.st_mode):
        return UnreadableFile("not-a-file", _FOLDER_DECK_FILE(), _NAME_YAML_FILE())
    return UnreadableFile("not-a-file", _REGULAR_FILE())


def _too_large(size: int) -> UnreadableFile:
    return UnreadableFile(
        "too-large",
        _FILE_MB_DECK_MAY(value=f"{size / 1000000.0:.1f}", value_2=MAX_BYTES // 1000000),
        _SPLIT_INTO_SEVERAL_DECKS(),
    )
