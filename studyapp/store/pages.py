"""Rows of a damaged database file, read from its pages without the tree that leads to them.

Of SQLite's file format (https://www.sqlite.org/fileformat2.html) this knows leaf pages of tables, records, overflow
pages and the write-ahead log: enough for rows that no query reaches any more because a page above them is gone.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

Value: TypeAlias = int | float | str | bytes | None

_LEAF = 0x0D
_WAL_HEADER, _FRAME_HEADER = 32, 24
_WAL_MAGIC = (0x377F0682, 0x377F0683)
_MOST_BYTES = 4 << 30
"""A file beyond this is not read into memory."""
_MOST_PAYLOAD = 16 << 20


def rows(path: Path, wal: Path) -> Iterator[tuple[int, list[Value]]]:
    """Every row that a leaf page still holds: its rowid and its columns, of whatever table it was.

    Rows of free pages come, too. What a write-ahead log has committed stands in the place of the file's own pages.
    Nothing is raised for damage; OSError where the file cannot be read at all.
    """
    if path.stat().st_size > _MOST_BYTES:
        return
    data = path.read_bytes()
    size = _page_size(data, wal)
    if size == 0:
        return
    newer = dict(_committed(wal, size))
    count = max(len(data) // size, max(newer, default=0))

    def page(number: int) -> bytes:
        return newer.get(number) or data[(number - 1) * size : number * size]

    usable = size - (data[20] if len(data) > 20 and data[20] <= 32 else 0)
    for number in range(1, count + 1):
        content = page(number)
        start = 100 if number == 1 else 0
        if len(content) != size or content[start] != _LEAF:
            continue
        cells = int.from_bytes(content[start + 3 : start + 5], "big")
        for index in range(min(cells, (size - start - 8) // 2)):
            at = int.from_bytes(content[start + 8 + 2 * index : start + 10 + 2 * index], "big")
            try:
                found = _cell(content, at, usable, page)
            except (IndexError, ValueError):
                continue
            if found is not None:
                yield found


def _page_size(data: bytes, wal: Path) -> int:
    """From the header, from the write-ahead log where the header is gone, or SQLite's own default."""
    size = int.from_bytes(data[16:18], "big") if data.startswith(b"SQLite format 3\x00") else 0
    if size == 0 and wal.is_file():
        with wal.open("rb") as file:
            size = int.from_bytes(file.read(12)[8:12], "big")
    size = 65536 if size == 1 else size or 4096
    return size if 512 <= size <= 65536 and size & (size - 1) == 0 else 0


def _committed(wal: Path, size: int) -> Iterator[tuple[int, bytes]]:
    """The pages in a write-ahead log up to its last commit, a later copy of one after the earlier ones."""
    try:
        data = wal.read_bytes() if wal.is_file() and wal.stat().st_size <= _MOST_BYTES else b""
    except OSError:
        return
    if int.from_bytes(data[:4], "big") not in _WAL_MAGIC or int.from_bytes(data[8:12], "big") != size:
        return
    salts = data[16:24]
    waiting: list[tuple[int, bytes]] = []
    for start in range(_WAL_HEADER, len(data) - _FRAME_HEADER - size + 1, _FRAME_HEADER + size):
        header = data[start : start + _FRAME_HEADER]
        if header[8:16] != salts:
            return
        waiting.append((int.from_bytes(header[:4], "big"), data[start + _FRAME_HEADER :][:size]))
        if any(header[4:8]):  # the size of the database: a commit
            yield from waiting
            waiting = []


def _cell(content: bytes, at: int, usable: int, page: Callable[[int], bytes]) -> tuple[int, list[Value]] | None:
    length, at = _varint(content, at)
    rowid, at = _varint(content, at)
    if not 2 <= length <= _MOST_PAYLOAD:
        return None
    local = length
    if length > usable - 35:
        least = (usable - 12) * 32 // 255 - 23
        local = least + (length - least) % (usable - 4)
        local = least if local > usable - 35 else local
    payload = content[at : at + local]
    if local < length:
        following = int.from_bytes(content[at + local : at + local + 4], "big")
        payload += _overflow(following, length - local, usable, page)
    if len(payload) != length:
        return None
    return (rowid if rowid < 1 << 63 else rowid - (1 << 64)), _record(payload)


def _overflow(number: int, length: int, usable: int, page: Callable[[int], bytes]) -> bytes:
    parts: list[bytes] = []
    while number and length > 0:
        content = page(number)
        parts.append(content[4:usable][:length])
        length -= usable - 4
        number = int.from_bytes(content[:4], "big")
    return b"".join(parts)


def _record(payload: bytes) -> list[Value]:
    head, at = _varint(payload, 0)
    if not at <= head <= len(payload):
        raise ValueError("the record's header is longer than the record")
    types: list[int] = []
    while at < head:
        kind, at = _varint(payload, at)
        types.append(kind)
    values: list[Value] = []
    at = head
    for kind in types:
        value, at = _value(payload, at, kind)
        values.append(value)
    return values


_WHOLE = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


def _value(payload: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind in (0, 8, 9):
        return {0: None, 8: 0, 9: 1}[kind], at
    if kind in (10, 11):
        raise ValueError("a reserved type")
    size = _WHOLE.get(kind) or (8 if kind == 7 else (kind - 12) // 2)
    part = payload[at : at + size]
    if len(part) != size:
        raise ValueError("the record ends early")
    if kind in _WHOLE:
        return int.from_bytes(part, "big", signed=True), at + size
    if kind == 7:
        return struct.unpack(">d", part)[0], at + size
    return (part if kind % 2 == 0 else part.decode("utf-8", "replace")), at + size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(9):
        byte = data[at + place]
        if place == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + place + 1
    raise ValueError("no end")
