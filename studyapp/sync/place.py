"""Where the files lie: a folder, or whatever fsspec reaches at an address. Four operations, no lock, no clock."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from studyapp.folders import absolute
from studyapp.plain_file import read_plain

ROOT = ("studyapp", "1")
"""The folders below the address; the number counts the layouts."""

_MOST_HOLDERS = 1000
_EXTRAS = {"s3": "s3", "sftp": "sftp", "ssh": "sftp", "webdav": "webdav", "webdavs": "webdav", "dav": "webdav"}
_SECONDS = 30


class PlaceError(Exception):
    """The store cannot be reached, read or written; the message says what to do."""


class Place(Protocol):
    """A store of files in folders, one folder a holder. Writes may become visible late, or in pieces."""

    def holders(self) -> list[str]:
        """The folders there are."""
        ...

    def names(self, holder: str) -> list[str]:
        """The files in a folder; none where it is missing."""
        ...

    def read(self, holder: str, name: str, most: int) -> bytes | None:
        """A file, of a longer one the first ``most`` bytes and one more; None where it is missing."""
        ...

    def write(self, holder: str, name: str, data: bytes) -> None:
        """Writes a file, in the place of one of that name."""
        ...

    def delete(self, holder: str, name: str) -> None:
        """Deletes a file, if it is there."""
        ...


class FolderPlace:
    """A folder, that Syncthing, Dropbox, iCloud or a network drive may carry."""

    def __init__(self, folder: Path) -> None:
        """``folder`` must be there: a drive that is not mounted must not be taken for an empty store."""
        if not folder.is_dir():
            raise PlaceError(f"There is no folder {folder}. Create it, or mount the drive on which it lies.")
        self._root = folder.joinpath(*ROOT)

    def holders(self) -> list[str]:
        return _listed(self._root)[:_MOST_HOLDERS]

    def names(self, holder: str) -> list[str]:
        return _listed(self._root / holder)

    def read(self, holder: str, name: str, most: int) -> bytes | None:
        path = self._root / holder / name
        try:
            return read_plain(path, most + 1)
        except FileNotFoundError:
            return None

    def write(self, holder: str, name: str, data: bytes) -> None:
        folder = self._root / holder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = folder / f".{name[:40]}.{os.getpid()}.partial"
        try:
            with open(partial, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(partial, folder / name)
        finally:
            with suppress(OSError):
                partial.unlink()

    def delete(self, holder: str, name: str) -> None:
        (self._root / holder / name).unlink(missing_ok=True)


def _listed(folder: Path) -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder) if not name.startswith("."))
    except (FileNotFoundError, NotADirectoryError):
        return []


class RemotePlace:
    """A store that fsspec reaches. Files are written under their names: readers see by the checksum what is whole."""

    def __init__(self, address: str, options: dict[str, Any] | None = None) -> None:
        """``options`` are those of the file system, for what the address and the environment do not say."""
        scheme = address.split(":", 1)[0].lower()
        try:
            import fsspec

            given: dict[str, Any] = dict(options or {})
            if scheme in ("webdav", "webdavs", "dav"):
                self._files, self._root = _webdav(address, given)
            else:
                self._files, root = fsspec.core.url_to_fs(address, **given)
                self._root = root.rstrip("/")
        except ImportError as error:
            extra = _EXTRAS.get(scheme)
            how = f"pip install 'studyapp[{extra}]'" if extra else str(error)
            raise PlaceError(f"{scheme}:// needs more packages: {how}.") from None
        except Exception as error:  # of whatever library reaches it
            reason = shown(str(error) or type(error).__name__).splitlines()[0][:200]
            raise PlaceError(f"{shown(address)} cannot be reached: {reason}. Nothing is lost.") from error

    def holders(self) -> list[str]:
        return self._listed(self._path())[:_MOST_HOLDERS]

    def names(self, holder: str) -> list[str]:
        return self._listed(self._path(holder))

    def read(self, holder: str, name: str, most: int) -> bytes | None:
        path = self._path(holder, name)
        try:
            self._files.invalidate_cache()
            with self._files.open(path, "rb") as file:
                data: bytes = file.read(most + 1)
                return data
        except FileNotFoundError:
            return None

    def write(self, holder: str, name: str, data: bytes) -> None:
        with suppress(FileExistsError):
            self._files.makedirs(self._path(holder), exist_ok=True)
        with self._files.open(self._path(holder, name), "wb") as file:
            file.write(data)

    def delete(self, holder: str, name: str) -> None:
        with suppress(FileNotFoundError):
            self._files.rm_file(self._path(holder, name))

    def _path(self, *parts: str) -> str:
        return "/".join((self._root, *ROOT, *parts)).lstrip("/" if not self._root else "")

    def _listed(self, path: str) -> list[str]:
        self._files.invalidate_cache()
        try:
            found: Iterable[Any] = self._files.ls(path, detail=False)
        except (FileNotFoundError, NotADirectoryError):
            return []
        names = {str(one).rstrip("/").rsplit("/", 1)[-1] for one in found if str(one).strip("/") != path.strip("/")}
        return sorted(name for name in names if not name.startswith("."))


def _webdav(address: str, options: dict[str, Any]) -> tuple[Any, str]:
    from urllib.parse import unquote, urlsplit, urlunsplit

    from webdav4.fsspec import WebdavFileSystem

    parts = urlsplit(address)
    secure = parts.scheme.lower() == "webdavs"
    host = parts.hostname or ""
    host = f"{host}:{parts.port}" if parts.port else host
    if parts.username:
        options.setdefault("auth", (unquote(parts.username), unquote(parts.password or "")))
    base = urlunsplit(("https" if secure else "http", host, parts.path, "", ""))
    options.setdefault("timeout", _SECONDS)
    return WebdavFileSystem(base, **options), ""


def open_place(address: str) -> Place:
    """The store at ``address``: a folder, or ``SCHEME://…``.

    Raises:
        PlaceError: there is no such folder, or packages are missing.
    """
    if not address.strip():
        raise PlaceError("No store is named. `studyapp sync FOLDER` or `studyapp config sync FOLDER` names one.")
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", address):
        if address.lower().startswith("file://"):
            from urllib.parse import unquote, urlsplit

            return FolderPlace(Path(unquote(urlsplit(address).path)))
        return RemotePlace(address)
    return FolderPlace(absolute(address))


def shown(address: str) -> str:
    """An address without the password in it.

    >>> shown("sftp://me:secret@host/study"), shown("/mnt/study")
    ('sftp://me:…@host/study', '/mnt/study')
    """
    return re.sub(r"(://[^/@:]*:)[^/@]*(?=@)", r"\1…", address)
