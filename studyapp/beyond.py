"""Cards tagged `beyond` go further than their topic. They are asked once it is learnt, or once they are turned on.

Until then they are held back in the index: not asked as new and not counted. That a topic is learnt is noticed at the
end of a session, once: it is kept as the choice of the deck, which the learner can change at any time.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from msgspec import Struct
from msgspec.structs import replace

from studyapp import faults
from studyapp.deck.bank import Bank
from studyapp.deck.library import LibraryError
from studyapp.deck.topics import StudyTopic, Topics
from studyapp.locale.message import Message
from studyapp.store.database import Store
from studyapp.store.errors import StoreError

LEARNT_DAYS = 7.0
"""From this stability on a card counts as learnt."""

LEARNT_SHARE = 0.9
"""A topic is learnt when so many of its cards are; those that are suspended do not count."""

_CARDS = """
    SELECT deck.name, card.covers, instr(card.tags, ' beyond ') > 0, card.held, coalesce(state.stability, 0.0)
    FROM bank.card AS card CROSS JOIN bank.deck AS deck ON deck.deck_id = card.deck_id
    LEFT JOIN main.card AS known ON known.card_id = card.card_id LEFT JOIN card_state AS state USING (card_number)
    WHERE (card.covers <> '' OR card.deck_id IN (SELECT deck_id FROM bank.card WHERE instr(tags, ' beyond ') AND held))
        AND deck.enabled
        AND NOT EXISTS (
            SELECT 1 FROM card_mark AS mark WHERE mark.card_number = known.card_number AND mark.suspended
        )
"""
_ANY = "SELECT 1 FROM bank.card WHERE instr(tags, ' beyond ') AND held LIMIT 1"

_OPENED = Message(
    "{title} is learnt: {count} question that interviewers ask next is among your new cards now (off: d, b).",
    "{title} is learnt: {count} questions that interviewers ask next are among your new cards now (off: d, b).",
)


class Opened(Struct, frozen=True):
    """A deck whose `beyond` cards are asked from now on, and how many these are."""

    deck: str
    title: str
    cards: int

    def __str__(self) -> str:
        return _OPENED(title=self.title, count=self.cards)


class CardFacts(Struct, frozen=True):
    """What is known of a card here: where it stands, how firm it is (days, 0 for one never answered)."""

    deck: str
    covers: str
    is_beyond: bool
    held: bool
    stability: float


def learnt_decks(cards: Iterable[CardFacts], topics: Topics) -> dict[str, int]:
    """The decks whose held cards go beyond topics that are all learnt, with the number of these cards.

    A topic of which there are only `beyond` cards is never learnt by itself.
    """
    total: Counter[StudyTopic] = Counter()
    learnt: Counter[StudyTopic] = Counter()
    further: defaultdict[str, set[StudyTopic]] = defaultdict(set)
    held: Counter[str] = Counter()
    for card in cards:
        found = topics.of(card.deck, card.covers)
        if card.is_beyond:
            if card.held:
                further[card.deck].update(found)
                held[card.deck] += 1
            continue
        total.update(found)
        if card.stability >= LEARNT_DAYS:
            learnt.update(found)
    return {
        deck: held[deck]
        for deck, about in further.items()
        if any(total[topic] for topic in about)
        and all(learnt[topic] >= LEARNT_SHARE * total[topic] for topic in about if total[topic])
    }


def open_learnt(bank: Bank, store: Store, topics: Callable[[], Topics]) -> tuple[Opened, ...]:
    """Lets the `beyond` cards of learnt topics be asked where nothing else was chosen, and tells which: each only once.

    Where something cannot be read or written nothing is opened; the end of the next session tries again.
    """
    try:
        return _open_learnt(bank, store, topics)
    except (LibraryError, StoreError, sqlite3.Error, OSError) as error:
        faults.record(error, "opening what goes beyond learnt topics")
        return ()


def _open_learnt(bank: Bank, store: Store, topics: Callable[[], Topics]) -> tuple[Opened, ...]:
    statistics = store.statistics()
    if not statistics.rows(_ANY):
        return ()
    cards = (
        CardFacts(deck, covers, bool(is_beyond), bool(held), stability)
        for deck, covers, is_beyond, held, stability in statistics.rows(_CARDS)
    )
    learnt = learnt_decks(cards, topics())
    opened = [deck for deck in bank.decks() if deck.name in learnt and deck.choice.beyond is None]
    if not opened:
        return ()
    bank.library.choose({deck.name: replace(deck.choice, beyond=True) for deck in opened}, store.clock)
    bank.refresh()
    store.use_bank(bank.cache_path)
    return tuple(Opened(deck.name, deck.title or deck.name, learnt[deck.name]) for deck in opened)
