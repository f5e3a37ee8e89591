"""A lock between processes, on a file of its own. It ends with its process, however that ends.

Where the system has no such locks (Windows, some network file systems) nothing is locked.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

try:
    import fcntl
except ImportError:  # pragma: no cover
    fcntl = None  # type: ignore[assignment]

_PAUSE = 0.02


class LockHeld(Exception):
    """Another process has kept the lock for longer than one was willing to wait."""


class FileLock:
    """A lock on ``path``, taken when it is made and released by `close`; the file stays.

    Any number of processes may hold a shared lock, one alone an exclusive one.
    """

    def __init__(self, path: Path, *, exclusive: bool, patience: float) -> None:
        """Takes the lock, waiting for at most ``patience`` seconds.

        Raises:
            LockHeld: another process keeps it.
            OSError: the file cannot be opened for writing.
        """
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._take(exclusive, patience)
        except BaseException:
            os.close(self._descriptor)
            raise

    def _take(self, exclusive: bool, patience: float) -> None:
        if fcntl is None:  # pragma: no cover
            return
        wanted = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(self._descriptor, wanted | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise LockHeld from None
            except OSError:
                return  # a file system without locks
            time.sleep(_PAUSE)

    def close(self) -> None:
        """Releases the lock."""
        with contextlib.suppress(OSError):
            os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
