"""The decks as a tree of folders, with what each holds for today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from studyapp.deck.bank import DeckInfo
from studyapp.locale.message import Message

_ALL, _OFF = Message("All decks"), Message("{title} (off)")


class Today(Struct, frozen=True):
    """Cards that today brings: new ones, ones being learnt, reviews that are due.

    ``all_new`` and ``all_due`` are those that wait, whatever the day's limits leave of them.
    """

    new: int = 0
    learning: int = 0
    due: int = 0
    all_new: int = 0
    all_due: int = 0

    def __add__(self, other: Today) -> Today:
        return Today(
            self.new + other.new,
            self.learning + other.learning,
            self.due + other.due,
            self.all_new + other.all_new,
            self.all_due + other.all_due,
        )

    @property
    def total(self) -> int:
        """All that today brings."""
        return self.new + self.learning + self.due


class DeckRow(Struct, frozen=True):
    """A line of the tree: a deck, a folder with all decks below it, or everything."""

    title: str
    depth: int
    decks: tuple[str, ...]
    today: Today
    problems: int = 0
    cards: int = 0
    is_folder: bool = False


def deck_rows(
    decks: Sequence[DeckInfo],
    today: Mapping[str, Today],
    everything: Today | None = None,
    titles: Mapping[str, str] | None = None,
) -> list[DeckRow]:
    """The lines of the tree: all decks first, then decks and folders in study order.

    ``titles`` are those in the language shown, by name; without one a deck's own stands. ``everything`` is what all
    decks bring together, where limits make that less than the sum.
    """
    total = everything if everything is not None else sum((today.get(deck.name, Today()) for deck in decks), Today())
    rows = [_row(str(_ALL), 0, decks, today, is_folder=True, today_in_all=total)] if len(decks) > 1 else []
    seen: set[str] = set()
    for deck in decks:
        parts = deck.name.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth]) + "/"
            if folder not in seen:
                seen.add(folder)
                below = [other for other in decks if other.name.startswith(folder)]
                rows.append(_row(parts[depth - 1] + "/", depth - 1, below, today, True, _within(below, today, total)))
        title = (titles or {}).get(deck.name) or deck.title or deck.name
        rows.append(_row(title if deck.choice.enabled else _OFF(title=title), len(parts) - 1, [deck], today))
    # Decks of one folder stand together even where the order of study parts them.
    return rows if not seen else _gathered(rows, decks)


def _within(decks: Sequence[DeckInfo], today: Mapping[str, Today], total: Today) -> Today:
    """What some decks bring together: no more than the limits leave for all."""
    counts = sum((today.get(deck.name, Today()) for deck in decks), Today())
    new, due = min(counts.new, total.new), min(counts.due, total.due)
    return Today(new, counts.learning, due, counts.all_new, counts.all_due)


def _gathered(rows: list[DeckRow], decks: Sequence[DeckInfo]) -> list[DeckRow]:
    first = [row for row in rows if len(decks) > 1 and row.decks == tuple(deck.name for deck in decks)][:1]
    rank: dict[str, int] = {}
    for number, deck in enumerate(decks):
        parts = deck.name.split("/")
        for depth in range(1, len(parts) + 1):
            rank.setdefault("/".join(parts[:depth]), number)

    def key(row: DeckRow) -> tuple[int, ...]:
        name = row.decks[0]
        parts = name.split("/")
        places = tuple(rank["/".join(parts[:depth])] for depth in range(1, len(parts) + 1))
        return places[: row.depth + 1]

    rest = [row for row in rows if row not in first]
    return first + sorted(rest, key=lambda row: (key(row), not row.is_folder))


def _row(
    title: str,
    depth: int,
    decks: Sequence[DeckInfo],
    today: Mapping[str, Today],
    is_folder: bool = False,
    today_in_all: Today | None = None,
) -> DeckRow:
    counts = sum((today.get(deck.name, Today()) for deck in decks), Today()) if today_in_all is None else today_in_all
    return DeckRow(
        title,
        depth,
        tuple(deck.name for deck in decks),
        counts,
        sum(deck.problem_count for deck in decks),
        sum(deck.card_count for deck in decks),
        is_folder,
    )
