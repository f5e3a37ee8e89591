"""Entries of the log whose rows are lost, as far as indexes and results still tell of them.

The index over device and number says what an entry was called, the index by card says of which card it was and when,
the index of undos what it took back, and the row of ``result`` which rating was given. What was typed is gone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date
from typing import Any

from studyapp.clock import EARLIEST, LATEST, from_milliseconds
from studyapp.store.log import Kind, Mode

_NAMES = (
    "SELECT sequence, device_id, number FROM log INDEXED BY sqlite_autoindex_log_1"
    " ORDER BY device_id {order}, number {order}"
)
_CARDS = (
    "SELECT sequence, card_number, ordered_at FROM log INDEXED BY log_by_card"
    " ORDER BY card_number {order}, ordered_at {order}"
)
_UNDOS = (
    "SELECT sequence, undoes_device, undoes_number FROM log INDEXED BY log_undone WHERE undoes_number IS NOT NULL"
    " ORDER BY undoes_device {order}, undoes_number {order}"
)


def entries(
    connection: sqlite3.Connection, rows: Sequence[Mapping[str, Any]], results: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """The answers and undos that are in none of ``rows``, with the columns of the log that can be told.

    ``results`` are the rows of that table which can be read.
    """
    names, cards, undos = (_scanned(connection, query) for query in (_NAMES, _CARDS, _UNDOS))
    rated = {row["sequence"]: row for row in results}
    present = {row["sequence"]: row for row in rows}
    offset, scheduler = 0, max((row["scheduler_id"] or 0 for row in rows), default=0)
    for sequence in sorted(names.keys() & cards.keys()):
        if sequence in present:
            before = present[sequence]
            offset, scheduler = before["utc_offset"], before["scheduler_id"] or scheduler
            continue
        (device, number), (card, at) = names[sequence], cards[sequence]
        if not (isinstance(at, int) and EARLIEST <= at <= LATEST):
            continue
        found = {"sequence": sequence, "device_id": device, "number": number, "card_number": card,
                 "at": at, "ordered_at": at, "utc_offset": offset, "day": _day(at, offset)}  # fmt: skip
        result = rated.get(sequence)
        if sequence in undos:
            undone = dict(zip(("undoes_device", "undoes_number"), undos[sequence], strict=True))
            yield found | {"kind": Kind.UNDO.value} | undone
        elif result is not None:
            moved = result["phase"] is not None
            answer = {"kind": Kind.ANSWER.value, "day": result["day"], "rating": result["rating"],
                      "duration": result["duration"], "hints": 0, "tries": 1,
                      "mode": (Mode.REVIEW if moved else Mode.CRAM).value,
                      "scheduler_id": scheduler or None if moved else None}  # fmt: skip
            yield found | answer


def _scanned(connection: sqlite3.Connection, query: str) -> dict[int, tuple[Any, Any]]:
    """What an index holds by the number of the row, from both ends where a part between cannot be read."""
    found: dict[int, tuple[Any, Any]] = {}
    for order in ("ASC", "DESC"):
        try:
            for sequence, first, second in connection.execute(query.format(order=order)):
                found.setdefault(sequence, (first, second))
            break
        except sqlite3.Error:
            continue
    return found


def _day(at: int, offset: int) -> int:
    """The date of a moment where the study day is not told."""
    moment = from_milliseconds(at + 60_000 * offset).astimezone(UTC)
    return date(moment.year, moment.month, moment.day).toordinal()
