"""A disk that fails: injected at one write call after the other, or really, by limits that the system sets."""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar
from unittest import mock

_WRITES = ("BEGIN", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "REINDEX", "COMMIT", "PRAGMA WAL_CHECKPOINT")
_SYSTEM_CALLS = ("open", "mkdir", "replace", "fsync", "link", "unlink")

DISK_FULL = (sqlite3.SQLITE_FULL, "database or disk is full", errno.ENOSPC)
READ_ONLY = (sqlite3.SQLITE_READONLY, "attempt to write a readonly database", errno.EROFS)
IO_ERROR = (sqlite3.SQLITE_IOERR | (3 << 8), "disk I/O error", errno.EIO)


class FailingDisk:
    """Lets the writes to some folder pass up to the ``nth``, which fails, as do all later ones if ``for_good``.

    A write is a statement of SQLite that writes, or a call of the system that does, on a file that ``concerns`` says
    yes to. ``failed`` counts the failures.
    """

    def __init__(self, kind: tuple[int, str, int], nth: int, for_good: bool, concerns: Callable[[str], bool]) -> None:
        self._kind = kind
        self._nth = nth
        self._for_good = for_good
        self._concerns = concerns
        self.seen = 0
        self.failed = 0
        self.is_mended = False

    def mend(self) -> None:
        """From now on all writes pass."""
        self.is_mended = True

    def _fails(self) -> bool:
        self.seen += 1
        due = self.seen == self._nth or (self._for_good and self.seen > self._nth)
        if due and not self.is_mended:
            self.failed += 1
            return True
        return False

    def sqlite_write(self) -> None:
        """Called before a statement that writes."""
        if self._fails():
            code, message, _ = self._kind
            error = sqlite3.OperationalError(message)
            error.sqlite_errorcode = code
            raise error

    def system_write(self, name: str) -> None:
        """Called before a call of the system that writes ``name``."""
        if self._fails():
            code = self._kind[2]
            raise OSError(code, os.strerror(code), name)

    @contextmanager
    def in_use(self) -> Iterator[FailingDisk]:
        """Puts itself between the app and the disk."""
        connect = sqlite3.connect

        def connecting(database: Any, *arguments: Any, **keywords: Any) -> sqlite3.Connection:
            if self._concerns(str(database)) and "mode=ro" not in str(database):
                own = keywords.pop("factory", sqlite3.Connection)
                factory = type("Failing", (_Writes, own), {})
                connection: sqlite3.Connection = connect(database, *arguments, factory=factory, **keywords)
                _Writes.disks[id(connection)] = self
                return connection
            return connect(database, *arguments, **keywords)

        with mock.patch.object(sqlite3, "connect", connecting):
            patches = [mock.patch.object(os, name, self._system_call(name)) for name in _SYSTEM_CALLS]
            patches.append(mock.patch.object(os, "fdopen", self._opened_file))
            for patch in patches:
                patch.start()
            try:
                yield self
            finally:
                for patch in patches:
                    patch.stop()
                _Writes.disks.clear()

    def _opened_file(self, descriptor: int, *arguments: Any, **keywords: Any) -> Any:
        """A file made from a descriptor, whose ``write`` is a write of the disk."""
        path = _path_of(descriptor)
        file = open(descriptor, *arguments, **keywords)  # noqa: SIM115 (whoever asked for it closes it)
        write = file.write
        if self._concerns(path):

            def writing(text: Any) -> int:
                self.system_write(path)
                return int(write(text))

            file.write = writing
        return file

    def _system_call(self, name: str) -> Callable[..., Any]:
        call = getattr(os, name)

        def calling(target: Any, *arguments: Any, **keywords: Any) -> Any:
            writes = name != "open" or (bool(arguments) and arguments[0] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
            path = _path_of(target)
            if writes and self._concerns(path):
                self.system_write(path)
            return call(target, *arguments, **keywords)

        return calling


class _Writes(sqlite3.Connection):
    """A connection, of whatever class the app wants, that asks its disk before every write."""

    disks: ClassVar[dict[int, FailingDisk]] = {}

    def execute(self, statement: str, *arguments: Any) -> sqlite3.Cursor:
        self._ask(statement)
        return super().execute(statement, *arguments)

    def executemany(self, statement: str, *arguments: Any) -> sqlite3.Cursor:
        self._ask(statement)
        return super().executemany(statement, *arguments)

    def _ask(self, statement: str) -> None:
        disk = self.disks.get(id(self))
        if disk is not None and statement.lstrip().upper().startswith(_WRITES):
            disk.sqlite_write()


def _path_of(target: Any) -> str:
    if isinstance(target, int):
        with suppress(OSError):
            return os.readlink(f"/proc/self/fd/{target}")
        return ""
    return os.fsdecode(target)


def file_size_limit(size: int) -> Callable[[], None]:
    """For a child process: no file grows beyond ``size`` bytes; writing more fails half-way, as on a full disk."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def without_privileges() -> None:
    """For a child process: file modes hold for root too (Linux)."""
    if os.geteuid() != 0 or not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    version_3 = 0x20080522
    header = (ctypes.c_uint32 * 2)(version_3, 0)
    no_capabilities = (ctypes.c_uint32 * 6)()
    keep_none_at_exec = 24, 1  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE
    for capability in (keep_none_at_exec[1], 2):
        libc.prctl(keep_none_at_exec[0], capability, 0, 0, 0)
    if libc.capset(ctypes.byref(header), ctypes.byref(no_capabilities)):
        raise OSError(ctypes.get_errno(), "capset")


@contextmanager
def small_disk(at: Path, kilobytes: int) -> Iterator[Path | None]:
    """A file system of its own with so much room; None where this user may not mount one."""
    at.mkdir(parents=True, exist_ok=True)
    if not mount("-t", "tmpfs", "-o", f"size={kilobytes}k,mode=0700", "tmpfs", str(at)):
        yield None
        return
    try:
        yield at
    finally:
        _quietly("umount", "-l", str(at))


def mount(*arguments: str) -> bool:
    """Calls mount(8); whether that worked."""
    return os.geteuid() == 0 and _quietly("mount", *arguments)


def _quietly(*command: str) -> bool:
    import subprocess

    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False
