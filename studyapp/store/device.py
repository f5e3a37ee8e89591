"""Devices: which one this home is, and when it has to become another.

The entries of the log are known everywhere by their device and number. So no two files may go on with the numbers of
one device: a copy of a home, or a backup put back in its place, takes a new one. The file knows the inode at which it
was made; a copy lies at another.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from msgspec import Struct


class Device(Struct, frozen=True):
    """One home in which answers were given. ``label`` is for people."""

    device_id: int
    uuid: str
    label: str


def own_device(connection: sqlite3.Connection) -> Device | None:
    """The device of this file; None where it has none yet."""
    row = connection.execute("SELECT device.* FROM home JOIN device USING (device_id)").fetchone()
    return None if row is None else Device(*row)


def devices(connection: sqlite3.Connection) -> tuple[Device, ...]:
    """Every device of which this file has, or names, entries."""
    return tuple(Device(*row) for row in connection.execute("SELECT * FROM device ORDER BY device_id"))


def is_copied(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the file at ``path`` has no device yet, or lies elsewhere than where its device was named."""
    row = connection.execute("SELECT inode FROM home").fetchone()
    return row is None or row[0] is None or row[0] != _inode(path)


def settle(connection: sqlite3.Connection, path: Path) -> None:
    """Gives the file at ``path`` a device of its own where it has none, within the caller's transaction."""
    row = connection.execute("SELECT inode FROM home").fetchone()
    if row is not None and row[0] is None:
        connection.execute("UPDATE home SET inode = ?", (_inode(path),))
    elif is_copied(connection, path):
        take_new_device(connection, path)


def take_new_device(connection: sqlite3.Connection, path: Path | None) -> Device:
    """From now on this file logs as a new device, within the caller's transaction.

    With no ``path`` the inode is noted when the file is opened next.
    """
    from uuid import uuid4

    device_id = number_of(connection, str(uuid4()), _label())
    connection.execute("DELETE FROM home")
    connection.execute("INSERT INTO home VALUES (?, ?)", (device_id, None if path is None else _inode(path)))
    device = own_device(connection)
    assert device is not None
    return device


def number_of(connection: sqlite3.Connection, uuid: str, label: str = "") -> int:
    """The number that the device has in this file; a new one where it is not known yet."""
    row = connection.execute("SELECT device_id FROM device WHERE uuid = ?", (uuid,)).fetchone()
    if row is None:
        row = (connection.execute("INSERT INTO device (uuid, label) VALUES (?, ?)", (uuid, label)).lastrowid,)
    return int(row[0])


def _label() -> str:
    """The name of the computer, as far as it has one."""
    import platform

    return platform.node()[:80].encode("utf-8", "replace").decode("utf-8") or "computer"


def _inode(path: Path) -> int:
    return os.stat(path).st_ino & 0x7FFFFFFFFFFFFFFF
