"""Rows by name: the one place where values become rows of a table and rows become values."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any


def insert(connection: sqlite3.Connection, table: str, row: Mapping[str, Any], *, replace: bool = False) -> int:
    """Writes one row, in the place of one with the same key if ``replace``; returns its rowid."""
    cursor = connection.execute(_insertion(table, tuple(row), replace), tuple(row.values()))
    return int(cursor.lastrowid or 0)


def insert_many(
    connection: sqlite3.Connection, table: str, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]
) -> None:
    """Writes many rows whose values stand in the order of ``columns``."""
    connection.executemany(_insertion(table, tuple(columns), False), rows)


def named(columns: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    """The values of a row by the names of its columns."""
    return dict(zip(columns, row, strict=True))


@cache
def _insertion(table: str, columns: tuple[str, ...], replace: bool) -> str:
    verb = "INSERT OR REPLACE" if replace else "INSERT"
    return f"{verb} INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
