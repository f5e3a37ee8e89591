"""Where a format is read from: a file or a folder, looked at before it is read."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from studyapp.formats.limits import MOST_FILES, MOST_TEXT, too_large
from studyapp.formats.value import FormatError
from studyapp.locale.message import Message
from studyapp.plain_file import open_plain, read_plain

_NOTHING = Message("There is no file or folder {path}.")
_UNREADABLE = Message("{path} cannot be read: {reason}.")
_NO_FILE = Message("{path} is neither a file nor a folder.")
_EMPTY = Message("{path} is empty.")
_TOO_MANY = Message("{path} holds more than {count} files; that many are not read.")
_NOT_TEXT = Message("{path} is no text in UTF-8, UTF-16 or a Western encoding.")

_HEAD = 65_536
_DEEPEST = 12
_TEXTS = (".md", ".markdown", ".txt", ".org", ".json", ".csv", ".tsv")


class Source:
    """A file or a folder that is to be read."""

    def __init__(self, path: Path) -> None:
        """Looks at what is at ``path``.

        Raises:
            FormatError: nothing that can be read is there.
        """
        self.path = path
        try:
            status = os.stat(path)
            if stat.S_ISREG(status.st_mode):
                with open(open_plain(path), "rb") as file:
                    self.head = file.read(_HEAD)
            elif stat.S_ISDIR(status.st_mode):
                self.head = b""
            else:
                raise FormatError(_NO_FILE(path=path))
        except FileNotFoundError:
            raise FormatError(_NOTHING(path=path)) from None
        except (OSError, ValueError) as error:
            raise FormatError(_UNREADABLE(path=path, reason=getattr(error, "strerror", None) or error)) from None
        self.is_folder = stat.S_ISDIR(status.st_mode)
        self.size = status.st_size
        if not self.is_folder and not self.head:
            raise FormatError(_EMPTY(path=path))

    @property
    def name(self) -> str:
        """The name without its extension, by which a deck can be called."""
        return self.path.name if self.is_folder else self.path.stem

    @cached_property
    def text(self) -> str:
        """The whole text of the file.

        Raises:
            FormatError: it is too large, or no text.
        """
        if self.size > MOST_TEXT:
            raise too_large(self.path.name, MOST_TEXT)
        return decoded(read_file(self.path, MOST_TEXT), self.path)

    @cached_property
    def head_text(self) -> str:
        """The beginning of the file as text; empty where it is none."""
        if self.is_folder or self.head.startswith((b"PK\x03\x04", b"SQLite format 3\x00")):
            return ""
        try:
            return decoded(self.head, self.path, cut=len(self.head) < self.size)
        except FormatError:
            return ""

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """The text files of a folder, sorted; hidden ones and links are passed over.

        Raises:
            FormatError: there are too many.
        """
        found = list(self._walk(self.path, 0))
        return tuple(found)

    def _walk(self, folder: Path, depth: int) -> Iterator[Path]:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            return
        count = 0
        for entry in entries:
            if entry.name.startswith(".") or entry.is_symlink():
                continue
            if entry.is_file() and entry.name.lower().endswith(_TEXTS):
                count += 1
                if count > MOST_FILES:
                    raise FormatError(_TOO_MANY(path=self.path, count=MOST_FILES))
                yield Path(entry.path)
            elif entry.is_dir() and depth < _DEEPEST:
                yield from self._walk(Path(entry.path), depth + 1)


def read_file(path: Path, limit: int) -> bytes:
    """The bytes of a file of at most ``limit`` bytes.

    Raises:
        FormatError: it is larger, or cannot be read.
    """
    try:
        data = read_plain(path, limit + 1)
    except OSError as error:
        raise FormatError(_UNREADABLE(path=path, reason=error.strerror)) from None
    if len(data) > limit:
        raise too_large(path.name, limit)
    return data


def decoded(data: bytes, path: Path, cut: bool = False) -> str:
    """Text from bytes: UTF-8, UTF-16 with a mark, GB 18030, or Windows-1252, whichever first fits.

    ``cut`` says that the last character may be incomplete.

    Raises:
        FormatError: it holds NUL bytes, as no text does.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace" if cut else "strict") if len(data) % 2 == 0 else ""
        if text:
            return _lines(text)
    if b"\0" in data:
        raise FormatError(_NOT_TEXT(path=path))
    for encoding in ("utf-8-sig", "gb18030", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            if not (cut and error.start >= len(data) - 4 and encoding == "utf-8-sig"):
                continue
            text = data[: error.start].decode(encoding)
        if encoding == "gb18030" and not _seems_chinese(text):
            continue
        return _lines(text)
    return _lines(data.decode("latin-1"))


def _seems_chinese(text: str) -> bool:
    """Whether what was read as GB 18030 is Chinese, and not a Western encoding that happens to fit."""
    others = [character for character in text if ord(character) > 127]
    common = len(re.findall("[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]", text))
    # An accented letter between plain ones swallows the letter after it and gives lone characters.
    lone = sum(
        1 for before, here, after in zip(" " + text, text, text[1:] + " ", strict=False)
        if ord(here) > 127 and ord(before) < 128 and ord(after) < 128
    )  # fmt: skip
    return bool(others) and common >= 0.9 * len(others) and lone < 0.3 * len(others)


def _lines(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
