"""Messages of Protocol Buffers without their schema: the few that Anki's packages hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

Value: TypeAlias = int | bytes


class NoProtobuf(ValueError):
    """Bytes that are no message."""


def fields(data: bytes) -> Iterator[tuple[int, Value]]:
    """The fields of a message in order: numbers, and whole numbers or bytes.

    Raises:
        NoProtobuf: the bytes are no message, or are cut off.

    >>> list(fields(b"\\x0a\\x02hi\\x10\\x96\\x01"))
    [(1, b'hi'), (2, 150)]
    """
    position = 0
    while position < len(data):
        key, position = _varint(data, position)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, position = _varint(data, position)
            yield number, value
            continue
        if kind == 2:
            size, position = _varint(data, position)
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
        else:
            raise NoProtobuf(f"a field of kind {kind}")
        if position + size > len(data):
            raise NoProtobuf("a field is cut off")
        yield number, data[position : position + size]
        position += size


def field(data: bytes, wanted: int) -> Value | None:
    """The last field of that number; None where there is none. Raises NoProtobuf."""
    found = None
    for number, value in fields(data):
        if number == wanted:
            found = value
    return found


def text(data: bytes, wanted: int) -> str:
    """The last field of that number as text; empty where there is none. Raises NoProtobuf."""
    value = field(data, wanted)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def whole(data: bytes, wanted: int) -> int:
    """The last field of that number as a whole number; 0 where there is none. Raises NoProtobuf."""
    value = field(data, wanted)
    return value if isinstance(value, int) else 0


def _varint(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 70:
        if position >= len(data):
            raise NoProtobuf("a number is cut off")
        byte = data[position]
        value |= (byte & 0x7F) << shift
        position += 1
        if byte < 0x80:
            return value, position
        shift += 7
    raise NoProtobuf("a number is too long")
