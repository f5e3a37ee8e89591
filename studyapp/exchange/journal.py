"""Writing many files so that all of them are there or none, and taking them back later.

Each import has a folder of its own in the home folder: what it replaces is kept in it before anything is replaced, so
that an import which was interrupted, or which is undone, leaves the files as they were.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from studyapp.deck.atomic import write_atomically
from studyapp.file_lock import FileLock, LockHeld
from studyapp.locale.message import Message
from studyapp.plain_file import open_plain, read_plain
from studyapp.store.imports import Span

_LARGEST_RECORD = 100_000_000
"""Bytes of the record of one import; a larger one is none of ours."""

_BUSY = Message("Another import is under way; try again when it is done.")


class ExchangeError(Exception):
    """An import, export or undo that cannot be done; the message says why."""


class File(msgspec.Struct, frozen=True):
    """One file that an import wrote: its path, the digest of what it wrote, and whether there was one before, which is
    kept under ``kept``."""

    path: str
    digest: str
    kept: str = ""


class Record(msgspec.Struct, omit_defaults=True):
    """What an import did. ``stage`` is ``begun``, ``done`` or ``undone``; ``span`` are its entries in the log;
    ``registered`` what it added to the library; ``folders`` are those that it made."""

    stage: str
    at: int
    source: str
    files: list[File] = []
    folders: list[str] = []
    registered: list[str] = []
    span: Span | None = None
    cards: int = 0


class Journal:
    """The folder of one import."""

    def __init__(self, folder: Path, record: Record) -> None:
        self.folder = folder
        self.record = record

    @classmethod
    def begin(cls, imports: Path, at: int, source: str) -> Journal:
        """Makes a new folder for an import. Raises OSError."""
        imports.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = max((int(name) for name in os.listdir(imports) if name.isdigit()), default=0) + 1
        folder = imports / f"{number:04}"
        folder.mkdir(mode=0o700)
        journal = cls(folder, Record("begun", at, source))
        journal.save()
        return journal

    def save(self) -> None:
        """Writes down what has been done so far. Raises OSError."""
        write_atomically(self.folder / "journal.json", msgspec.json.encode(self.record).decode() + "\n", mode=0o600)

    def plan(self, path: Path, new: Path) -> None:
        """Says that ``new`` is going to be at ``path``; what is there now is kept. Raises OSError."""
        kept = ""
        if path.exists():
            kept = f"before-{len(self.record.files)}"
            shutil.copy2(path, self.folder / kept)
        self.record.files.append(File(str(path), digest_of(new), kept))

    def make_folder(self, folder: Path) -> None:
        """Makes a folder that may be there already, and those above it. Raises OSError."""
        missing = []
        while not folder.exists():
            missing.append(folder)
            folder = folder.parent
        for one in reversed(missing):
            self.record.folders.append(str(one))
        self.save()
        for one in reversed(missing):
            one.mkdir()

    def roll_back(self) -> list[str]:
        """Puts the files back as they were; names those that have been changed since and stay.

        What is taken away is kept in the folder of the import. Raises OSError.
        """
        changed = []
        for place, file in reversed(list(enumerate(self.record.files))):
            path = Path(file.path)
            if path.exists():
                if digest_of(path) != file.digest:
                    if file.kept and digest_of(path) == digest_of(self.folder / file.kept):
                        continue  # it was not replaced yet, or is back already
                    if self.record.stage == "done" or file.kept:
                        changed.append(file.path)
                        continue
                if not file.kept:
                    with contextlib.suppress(OSError):
                        os.replace(path, self.folder / f"after-{place}")
                    path.unlink(missing_ok=True)
                    continue
            if file.kept:
                temporary = path.with_name(f".{path.name}.back")
                shutil.copy2(self.folder / file.kept, temporary)
                os.replace(temporary, path)
        for folder in reversed(self.record.folders):
            with contextlib.suppress(OSError):
                os.rmdir(folder)
        return changed

    def discard(self) -> None:
        """Deletes the folder of an import that left nothing."""
        shutil.rmtree(self.folder, ignore_errors=True)


def journals(imports: Path) -> list[Journal]:
    """All imports that there were, oldest first. One whose record cannot be read is passed over."""
    found = []
    names = sorted(name for name in os.listdir(imports) if name.isdigit()) if imports.is_dir() else []
    for name in names:
        try:
            record = msgspec.json.decode(read_plain(imports / name / "journal.json", _LARGEST_RECORD), type=Record)
        except (OSError, msgspec.DecodeError):
            continue
        found.append(Journal(imports / name, record))
    return found


def digest_of(path: Path) -> str:
    """The SHA-256 of a file. Raises OSError."""
    with open(open_plain(path), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Keeps two processes from importing at once.

    Raises:
        ExchangeError: another one is.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        lock = FileLock(home / "imports.lock", exclusive=True, patience=0.5)
    except LockHeld:
        raise ExchangeError(_BUSY()) from None
    with lock:
        yield
