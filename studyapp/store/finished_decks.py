"""Decks in which no card is new: noted in the index, so that a start need not look through all their cards again.

What is noted holds as long as the log still goes on from the same entry, nothing has been made new since (a reset or an
undo), and no card has come into the deck (the index then forgets the note by itself).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from studyapp.store.connection import CACHE_KILOBYTES

_KNOWN = """
    SELECT note.deck_id FROM learnt AS note JOIN log AS entry ON entry.sequence = note.sequence
    WHERE entry.at = note.at AND NOT EXISTS (
        SELECT 1 FROM log AS later WHERE later.sequence > (SELECT min(sequence) FROM learnt)
            AND later.kind IN ('reset', 'undo')
    )
"""
_FOUND = """
    SELECT deck_id FROM deck WHERE NOT EXISTS (
        SELECT 1 FROM main.card AS card WHERE card.deck_id = deck.deck_id AND NOT card.held
            AND NOT EXISTS (
                SELECT 1 FROM data.card AS known CROSS JOIN card_state AS state USING (card_number)
                WHERE known.card_id = card.card_id
            )
    )
"""
_BUSY_SECONDS = 0.5


def known(connection: sqlite3.Connection) -> frozenset[int]:
    """The numbers of the decks that are noted as learnt and still are; ``connection`` sees data and index."""
    return frozenset(number for (number,) in connection.execute(_KNOWN))


def note(path: Path, cache_path: Path) -> None:
    """Looks through all decks of the index and notes those in which no card is new. Opens both files for itself.

    Raises:
        sqlite3.Error: one of the files cannot be used; the earlier notes stand.
    """
    with closing(sqlite3.connect(cache_path, timeout=_BUSY_SECONDS, isolation_level=None, uri=True)) as index:
        index.execute("ATTACH DATABASE ? AS data", (f"{path.absolute().as_uri()}?mode=ro",))
        for name in ("main", "data"):
            index.execute(f"PRAGMA {name}.cache_size = -{CACHE_KILOBYTES}")
        # Nothing may come into a deck between the look and the note.
        index.execute("BEGIN IMMEDIATE")
        entry = index.execute("SELECT sequence, at FROM log ORDER BY sequence DESC LIMIT 1").fetchone()
        found = index.execute(_FOUND).fetchall() if entry else []
        index.execute("DELETE FROM learnt")
        index.executemany("INSERT INTO learnt VALUES (?, ?, ?)", [(number, *entry) for (number,) in found])
        index.execute("COMMIT")
