"""The rows of cards in the index: written where something has changed, left alone where nothing has."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from msgspec import Struct

from studyapp.cards.card import BEYOND, Card

from .cache import has_full_text
from .fold import title_of
from .reader import OnProgress

T = TypeVar("T")
POSITION_BITS = 24
"""A card's place in its file takes the low bits of its position, its deck's rank the high ones."""

PLACE_MASK = (1 << POSITION_BITS) - 1


class CardRow(Struct, frozen=True):
    """A card as the index keeps it: ``text`` is what search looks through, ``translations`` go by language."""

    card: Card
    place: int
    line: int
    payload: bytes
    text: str
    translations: tuple[tuple[str, str, bytes], ...] = ()
    """Language, first line and the card of each."""


class CardRows:
    """Writes and deletes the rows of cards. Runs inside the caller's transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._full_text = has_full_text(connection)

    def replace(
        self,
        deck_id: int,
        rows: Sequence[CardRow],
        spared: Sequence[int] = (),
        on_progress: OnProgress = lambda _share: None,
    ) -> None:
        """Makes ``rows`` the cards of a deck. ``spared`` cards stay too, behind them.

        Positions are left without their rank: the caller ranks the deck afterwards. ``on_progress`` learns which
        share of the work is done.
        """
        stored = {
            card_id: (number, position & PLACE_MASK, line, payload, text)
            for number, card_id, position, line, payload, text in self._connection.execute(
                "SELECT number, card_id, position, line, payload, text"
                " FROM card JOIN body USING (number) JOIN folded USING (number) WHERE deck_id = ?",
                (deck_id,),
            )
        }
        new: list[CardRow] = []
        moved: list[tuple[int, int, int]] = []
        stale = {number for number, *_ in stored.values()} - set(spared)
        for row in rows:
            number, place, line, payload, text = stored.get(row.card.id, (0, 0, 0, b"", ""))
            if number and payload == row.payload and text == row.text:
                stale.discard(number)
                if (place, line) != (row.place, row.line):
                    moved.append((row.place, row.line, number))
            else:
                new.append(row)
        self.drop(stale)
        self._insert(deck_id, new, on_progress)
        many = self._connection.executemany
        many("UPDATE card SET position = ?, line = ? WHERE number = ?", moved)
        many("UPDATE card SET position = ? WHERE number = ?", list(enumerate(spared, len(rows))))
        many("DELETE FROM translation WHERE card_id = ?", [(row.card.id,) for row in rows])
        many(
            "INSERT OR REPLACE INTO translation VALUES (?, ?, ?, ?)",
            [(row.card.id, *translation) for row in rows for translation in row.translations],
        )

    def _insert(self, deck_id: int, rows: Sequence[CardRow], on_progress: OnProgress) -> None:
        first = self._connection.execute("SELECT coalesce(max(number), 0) + 1 FROM card").fetchone()[0]
        numbered = list(enumerate(rows, first))
        chosen = self._connection.execute("SELECT beyond FROM deck WHERE deck_id = ?", (deck_id,)).fetchone()
        holds = not (chosen and chosen[0])
        many = self._connection.executemany
        many(
            "INSERT INTO card VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    number,
                    row.card.id,
                    deck_id,
                    row.place,
                    row.card.kind,
                    row.card.group,
                    row.line,
                    title_of(row.card),
                    _words(row.card.tags),
                    _words(row.card.covers),
                    holds and BEYOND in row.card.tags,
                )
                for number, row in numbered
            ],
        )
        many("INSERT INTO body VALUES (?, ?)", [(number, row.payload) for number, row in numbered])
        texts = [(number, row.text) for number, row in numbered]
        many("INSERT INTO folded VALUES (?, ?)", texts)
        if self._full_text:
            # The most costly table: while it is written the caller hears of every row.
            many("INSERT INTO card_text (rowid, text) VALUES (?, ?)", _telling(texts, on_progress))

    def hold(self, deck_id: int, held: bool) -> None:
        """Holds back the cards of a deck that are tagged `beyond`, or lets them be asked."""
        self._connection.execute(
            f"UPDATE card SET held = ? WHERE deck_id = ? AND instr(tags, ' {BEYOND} ')", (held, deck_id)
        )

    def drop_deck(self, deck_id: int) -> None:
        """Deletes all cards of a deck."""
        rows = self._connection.execute("SELECT number FROM card WHERE deck_id = ?", (deck_id,)).fetchall()
        self.drop(number for (number,) in rows)

    def drop(self, numbers: Iterable[int]) -> None:
        """Deletes cards by their numbers."""
        keys = [(number,) for number in numbers]
        many = self._connection.executemany
        many("DELETE FROM translation WHERE card_id = (SELECT card_id FROM card WHERE number = ?)", keys)
        if self._full_text:
            many(
                "INSERT INTO card_text (card_text, rowid, text)"
                " SELECT 'delete', number, text FROM folded WHERE number = ?",
                keys,
            )
        many("DELETE FROM folded WHERE number = ?", keys)
        many("DELETE FROM body WHERE number = ?", keys)
        many("DELETE FROM card WHERE number = ?", keys)


def _telling(rows: Sequence[T], on_progress: OnProgress) -> Iterator[T]:
    """The rows one by one, saying before each how far it is."""
    for number, row in enumerate(rows):
        on_progress(number / len(rows))
        yield row


def _words(words: Sequence[str]) -> str:
    """Words with a blank on either side of each, so that a whole word can be looked for."""
    return f" {' '.join(words)} " if words else ""
