"""Writing a file so that it is there whole or not at all."""

from __future__ import annotations

import contextlib
import os
from itertools import count
from pathlib import Path

ASIDE = "damaged"
"""The folder for files that cannot be used."""


def write_atomically(path: Path, text: str, *, mode: int = 0o644, replace: bool = True) -> None:
    """Writes ``text`` to ``path`` by way of a file beside it. Where ``path`` is a link, what it points to is written.

    With ``replace=False`` an existing file is left alone and FileExistsError raised, even if it appears at
    the last moment. Other OSErrors (full disk, no permission) leave ``path`` as it was.
    """
    import tempfile

    if replace:
        path = Path(os.path.realpath(path))
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        if replace:
            os.replace(temporary, path)
        else:
            _move_to_new(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(path.parent)


def set_aside(path: Path) -> Path | None:
    """Moves a file that cannot be used into the folder ``damaged`` beside it, under a name of its own.

    None where that is not possible, or what is there is no file; it is still in its place then.
    """
    if not path.is_file():
        return None
    folder = path.parent / ASIDE
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        taken = set(os.listdir(folder))
        names = (f"{path.stem}-{number}{path.suffix}" for number in count(1))
        aside = folder / next(name for name in names if name not in taken)
        os.replace(path, aside)
    except OSError:
        return None
    return aside


def _move_to_new(temporary: Path, path: Path) -> None:
    """Gives a file its final name unless something has that name already."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        # A file system without hard links: the next best check.
        if path.exists():
            raise FileExistsError(f"{path} exists already") from None
        os.replace(temporary, path)
    else:
        temporary.unlink()


def _sync_folder(folder: Path) -> None:
    """Makes the new name last through a power cut, where the system can do that."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
