"""Small files, read without waiting: what stands in the place of a file may be a pipe, a device or a folder.

Opening a pipe waits until somebody writes into it, and some devices have no end. Both are refused by a word.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

_WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0)
_EXACTLY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOINHERIT", 0)


def open_plain(path: Path | str, flags: int = os.O_RDONLY, mode: int = 0o600) -> int:
    """A descriptor of a regular file. It can be given to ``open`` as its opener.

    Raises:
        OSError: it cannot be opened, or is no regular file.
    """
    descriptor = os.open(path, flags | _WITHOUT_WAITING | _EXACTLY, mode)
    kind = os.fstat(descriptor).st_mode
    if stat.S_ISREG(kind):
        return descriptor
    os.close(descriptor)
    if stat.S_ISDIR(kind):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    raise OSError(errno.EINVAL, "It is a pipe or a device, not a file", str(path))


def read_plain(path: Path, most: int) -> bytes:
    """The first ``most`` bytes of a regular file.

    Raises:
        OSError: it cannot be read, or is no regular file.
    """
    with open(open_plain(path), "rb") as file:
        return file.read(most)


def read_plain_text(path: Path, most: int) -> str:
    """The first characters of a text file in UTF-8, with plain line ends: all of it, or more than ``most``.

    Raises:
        OSError: it cannot be read, or is no regular file.
        UnicodeDecodeError: it is not UTF-8.
    """
    data = read_plain(path, 4 * most + 4)
    whole = len(data) < 4 * most + 4
    return data.decode("utf-8-sig", "strict" if whole else "ignore").replace("\r\n", "\n").replace("\r", "\n")
