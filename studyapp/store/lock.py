"""Who has the data open: every instance holds a shared lock, replacing the file takes an exclusive one.

The lock goes with the process, however it ends. Where the system has no such locks (Windows) an open file
cannot be replaced anyway.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from types import TracebackType

from studyapp.store.errors import Busy, explained

try:
    import fcntl
except ImportError:  # pragma: no cover
    fcntl = None  # type: ignore[assignment]

PATIENCE = 5.0
"""How many seconds an instance waits for another."""

_PAUSE = 0.02


class InstanceLock:
    """A lock on the data in ``home``, released by `close`."""

    def __init__(self, home: Path, *, exclusive: bool = False, patience: float | None = None) -> None:
        """Takes the lock.

        Raises:
            Busy: another instance keeps it for longer than ``patience`` seconds (`PATIENCE` if None).
            StoreError: the folder cannot be written.
        """
        self._path = home / "progress.lock"
        with explained(self._path):
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._take(exclusive, PATIENCE if patience is None else patience)
        except BaseException:
            os.close(self._descriptor)
            raise

    def _take(self, exclusive: bool, patience: float) -> None:
        if fcntl is None:  # pragma: no cover
            return
        wanted = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
        patient_until = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(self._descriptor, wanted | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() >= patient_until:
                    raise Busy(_held(self._path.parent, exclusive)) from None
            except OSError:
                return  # a file system without locks
            time.sleep(_PAUSE)

    def close(self) -> None:
        """Lets go of the lock."""
        with contextlib.suppress(OSError):
            os.close(self._descriptor)

    def __enter__(self) -> InstanceLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _held(home: Path, exclusive: bool) -> str:
    if exclusive:
        return f"Another studyapp has the data in {home} open. Close it and try again."
    return f"Another studyapp is restoring the data in {home} or bringing it up to date. Try again shortly."
