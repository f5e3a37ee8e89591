"""Who has the data open: every instance holds a shared lock, replacing the file takes an exclusive one."""

from __future__ import annotations

from pathlib import Path

from studyapp.file_lock import FileLock, LockHeld
from studyapp.locale.message import Message
from studyapp.store.errors import Busy, explained

_OPEN_ELSEWHERE = Message("Another studyapp has the data in {folder} open. Close it and try again.")
_BEING_RESTORED = Message(
    "Another studyapp is restoring the data in {folder} or bringing it up to date. Try again shortly."
)

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
        return _OPEN_ELSEWHERE(folder=home)
    return _BEING_RESTORED(folder=home)
