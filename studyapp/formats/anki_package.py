"""The zip file of an Anki package: its collection, of one of three ages, and its media.

No name in it is ever used as a path, and nothing is unpacked on the word of its directory.
"""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from msgspec import Struct

from studyapp.formats import protobuf
from studyapp.formats.limits import MOST_DATABASE, MOST_MEDIA_FILES, MOST_MEDIUM, read_at_most, too_large
from studyapp.formats.value import FormatError, Medium
from studyapp.locale.message import Message

_BROKEN = Message("{path} is a damaged or cut-off package: {reason}.")
_NO_COLLECTION = Message("{path} is no Anki package: it holds no collection.")
_TOO_NEW = Message("{path} is a package of a newer kind (version {version}) than is known here.")
_ENCRYPTED = Message("{path} is encrypted.")

COLLECTIONS = ("collection.anki21b", "collection.anki21", "collection.anki2")
"""The names of the collection, the newest kind first: a package may hold an older one for older programs."""

_MAP_BYTES = 50_000_000
_PIECE = 1 << 20


class Package(Struct, frozen=True):
    """An open package: the name of its collection, and its media by their names."""

    path: Path
    collection: str
    media: dict[str, Medium]


def is_package(path: Path) -> bool:
    """Whether a zip file holds a collection."""
    try:
        with zipfile.ZipFile(path) as zipped:
            return any(name in zipped.NameToInfo for name in COLLECTIONS)
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def open_package(path: Path) -> Package:
    """Looks at what a package holds.

    Raises:
        FormatError: it is damaged, too new, or beyond the limits.
    """
    with explained(path), zipfile.ZipFile(path) as zipped:
        names = zipped.NameToInfo
        if len(names) > MOST_MEDIA_FILES:
            raise too_large(path.name, MOST_DATABASE)
        if any(info.flag_bits & 1 for info in names.values()):
            raise FormatError(_ENCRYPTED(path=path))
        version = protobuf.whole(_read(zipped, "meta", 1000), 1) if "meta" in names else 0
        if version > 3:
            raise FormatError(_TOO_NEW(path=path, version=version))
        found = [name for name in COLLECTIONS if name in names]
        if not found:
            raise FormatError(_NO_COLLECTION(path=path))
        told = COLLECTIONS[3 - version] if version else found[0]
        collection = told if told in names else found[0]
        return Package(path, collection, dict(_media(path, zipped, collection)))


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns what goes wrong with damaged packages into a `FormatError`."""
    import zstandard

    try:
        yield
    except (zipfile.BadZipFile, zlib.error, zstandard.ZstdError, EOFError, protobuf.NoProtobuf, sqlite3.Error) as error:
        raise FormatError(_BROKEN(path=path, reason=error)) from None
    except (NotImplementedError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise FormatError(_BROKEN(path=path, reason=type(error).__name__)) from None


def unpack_collection(package: Package, target: Path) -> None:
    """Writes the collection, unpacked, to ``target``.

    Raises:
        FormatError: it is damaged, or beyond the limits. OSError: it cannot be written.
    """
    with explained(package.path), zipfile.ZipFile(package.path) as zipped, zipped.open(package.collection) as packed:
        source = _unzstd(cast("BinaryIO", packed)) if package.collection == COLLECTIONS[0] else packed
        written = 0
        with open(target, "wb") as file:
            while piece := source.read(_PIECE):
                written += len(piece)
                if written > MOST_DATABASE:
                    raise too_large(package.path.name, MOST_DATABASE)
                file.write(piece)


def _read(zipped: zipfile.ZipFile, name: str, limit: int) -> bytes:
    with zipped.open(name) as file:
        return read_at_most(cast("BinaryIO", file), limit, name)


def _unzstd(packed: BinaryIO) -> BinaryIO:
    import zstandard

    unpacker = zstandard.ZstdDecompressor(max_window_size=1 << 27)
    return cast("BinaryIO", unpacker.stream_reader(packed, read_across_frames=True))


def _media(path: Path, zipped: zipfile.ZipFile, collection: str) -> Iterator[tuple[str, Medium]]:
    if "media" not in zipped.NameToInfo:
        return
    if collection == COLLECTIONS[0]:
        with zipped.open("media") as packed:
            data = read_at_most(_unzstd(cast("BinaryIO", packed)), _MAP_BYTES, "media")
        for place, (number, entry) in enumerate(protobuf.fields(data)):
            if number != 1 or not isinstance(entry, bytes):
                continue
            member = str(protobuf.field(entry, 255) if protobuf.field(entry, 255) is not None else place)
            if member in zipped.NameToInfo and protobuf.text(entry, 1):
                opener = partial(_open_medium, path, member, True)
                yield protobuf.text(entry, 1), Medium(protobuf.whole(entry, 2), opener)
        return
    named = json.loads(_read(zipped, "media", _MAP_BYTES) or b"{}")
    if not isinstance(named, dict):
        return
    for member, name in named.items():
        info = zipped.NameToInfo.get(member)
        if info is not None and isinstance(name, str) and name:
            yield name, Medium(info.file_size, partial(_open_medium, path, member, False))


def _open_medium(path: Path, member: str, packed: bool) -> BinaryIO:
    with explained(path):
        zipped = zipfile.ZipFile(path)
        source = zipped.open(member)
        stream = _unzstd(cast("BinaryIO", source)) if packed else cast("BinaryIO", source)
        return cast("BinaryIO", _Limited(stream, zipped, path))


class _Limited(io.RawIOBase):
    """A medium as it is read: never more than is allowed, with damage told as a `FormatError`."""

    def __init__(self, stream: BinaryIO, zipped: zipfile.ZipFile, path: Path) -> None:
        super().__init__()
        self._stream = stream
        self._zipped = zipped
        self._path = path
        self._left = MOST_MEDIUM

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        with explained(self._path):
            data = self._stream.read(_PIECE if size < 0 else min(size, _PIECE))
        self._left -= len(data)
        if self._left < 0:
            raise too_large(self._path.name, MOST_MEDIUM)
        return data

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
            self._zipped.close()
        super().close()
