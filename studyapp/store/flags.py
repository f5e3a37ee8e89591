"""What can be asked of a card's progress in a search: ``is:due``, ``is:new``, ``is:leech`` and the like."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from studyapp.deck.query import CardSet, Flags
from studyapp.schedule.leech import FIRST_ALARM
from studyapp.store.selection import Moment

_QUERIES = {
    "due": """
        SELECT card_number FROM card_state WHERE phase = 2 AND due_day <= :today
        UNION ALL SELECT card_number FROM card_state WHERE phase <> 2 AND due_at <= :now
    """,
    "learning": "SELECT card_number FROM card_state WHERE phase <> 2",
    "review": "SELECT card_number FROM card_state WHERE phase = 2",
    "flagged": "SELECT card_number FROM card_mark WHERE flagged",
    "suspended": "SELECT card_number FROM card_mark WHERE suspended",
    "buried": "SELECT card_number FROM card_mark WHERE buried_day = :today",
    "leech": f"SELECT card_number FROM card_state WHERE lapses >= {FIRST_ALARM}",
}
_ANSWERED = "SELECT card_number FROM card_state"

FLAGS = ("new", *_QUERIES)
"""Every flag there is. A card is ``due`` whether or not it is suspended or buried."""


def flag_lookup(connection: sqlite3.Connection, moment: Moment, flags: Iterable[str]) -> Flags:
    """Which cards carry each of ``flags`` at ``moment``.

    Raises:
        ValueError: for a flag that is none of `FLAGS`.
    """
    carriers: dict[str, CardSet] = {}
    for flag in set(flags):
        if flag not in FLAGS:
            raise ValueError(f"is:{flag}: expected one of {', '.join(FLAGS)}")
        carrying = _QUERIES.get(flag, _ANSWERED)
        rows = connection.execute(
            f"SELECT card_id FROM ({carrying}) CROSS JOIN main.card USING (card_number)", moment.names
        )
        carriers[flag] = CardSet(frozenset(card_id for (card_id,) in rows), others=flag == "new")
    return carriers
