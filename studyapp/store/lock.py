"""Who has the data open: every instance holds a shared lock, replacing the file takes an exclusive one."""

from __future__ import annotations

from pathlib import Path

from studyapp.file_lock import FileLock, LockHeld
from studyapp.store.errors import Busy, explained

PATIENCE = 5.0
"""How many seconds an instance waits for another."""


class InstanceLock(FileLock):
    """A lock on the data in ``home``."""

    def __init__(self, home: Path, *, exclusive: bool = False, patience: float | None = None) -> None:
        """Takes the lock.

        Raises:
            Busy: another instance keeps it for longer than ``patience`` seconds (`PATIENCE` if None).
            StoreError: the folder cannot be written.
        """
        path = home / "progress.lock"
        try:
            with explained(path):
                super().__init__(path, exclusive=exclusive, patience=PATIENCE if patience is None else patience)
        except LockHeld:
            raise Busy(_held(home, exclusive)) from None


def _held(home: Path, exclusive: bool) -> str:
    if exclusive:
        return f"Another studyapp has the data in {home} open. Close it and try again."
    return f"Another studyapp is restoring the data in {home} or bringing it up to date. Try again shortly."
