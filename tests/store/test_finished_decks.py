"""The note of decks in which no card is new: it spares looking through them, and never hides a card."""

import random
import shutil
import sqlite3
from contextlib import closing

import pytest

from studyapp.deck.bank import Bank
from studyapp.deck.library import Library
from studyapp.schedule.rating import Rating
from studyapp.store import backup
from studyapp.store.log import Mark


class Shelf:
    """Two real decks whose cards come and go, beside a collection."""

    def __init__(self, collection) -> None:
        self.collection = collection
        self.content = collection.home.parent / "content"
        self.content.mkdir()
        collection.cache.unlink(missing_ok=True)
        self.cards = {"a": 3, "b": 3}
        self.bank = None
        for deck in self.cards:
            self.write(deck)

    def write(self, deck: str) -> None:
        cards = "\n".join(
            f"  - {{id: {deck}{n}, kind: recall, question: Q?, answer: A}}" for n in range(self.cards[deck])
        )
        (self.content / f"{deck}.yaml").write_text(f"deck: {deck}\ntitle: {deck}\ncards:\n{cards}\n", encoding="utf-8")
        if self.bank is None:
            self.bank = Bank.open(Library(self.collection.home, self.content), self.collection.cache)
        self.bank.refresh()

    def noted(self) -> set[int]:
        with closing(sqlite3.connect(self.collection.cache)) as index:
            return {number for (number,) in index.execute("SELECT deck_id FROM learnt")}

    def without_notes(self) -> None:
        with closing(sqlite3.connect(self.collection.cache)) as index, index:
            index.execute("DELETE FROM learnt")


@pytest.fixture
def shelf(collection):
    shelf = Shelf(collection)
    yield shelf
    shelf.bank.close()


def new_cards(store) -> list[str]:
    return [card.card_id for card in store.queue().main if card.phase is None]


def test_a_deck_is_noted_once_every_card_was_answered(shelf, collection):
    store = collection.open()
    for card in ("a0", "a1"):
        collection.answer(store, card)
    store.note_finished_decks()
    assert shelf.noted() == set()
    collection.answer(store, "a2")
    store.note_finished_decks()
    assert len(shelf.noted()) == 1 and new_cards(store) == ["b0", "b1", "b2"]


@pytest.mark.parametrize("change", ["undo", "reset", "card added", "older backup", "unsuspend"])
def test_what_makes_a_card_new_makes_the_note_void(change, shelf, collection):
    store = collection.open()
    for card in ("a0", "a1"):
        collection.answer(store, card)
    if change == "unsuspend":
        store.mark("a2", Mark.SUSPEND)
        store.note_finished_decks()
        assert shelf.noted() == set()
        store.mark("a2", Mark.UNSUSPEND)
    else:
        backup.take(store.path, collection.home, store.today)
        collection.clock.move(minutes=1)
        collection.answer(store, "a2")
        store.note_finished_decks()
        assert len(shelf.noted()) == 1
    if change == "undo":
        store.undo()
    elif change == "reset":
        store.reset("a2")
    elif change == "card added":
        shelf.cards["a"] += 1
        shelf.write("a")
    elif change == "older backup":
        collection.close()
        (copy,) = backup.backups(collection.home)
        shutil.copy(copy.path, collection.path)
        store = collection.open()
        collection.clock.move(minutes=1)
        collection.answer(store, "b0")  # the log is as long again, but another one
    assert any(card.startswith("a") for card in new_cards(collection.open()))


@pytest.mark.parametrize("seed", range(6))
def test_notes_change_no_queue(seed, shelf, collection):
    chance = random.Random(seed)
    store = collection.open()
    for _ in range(25):
        collection.clock.move(minutes=1)
        card = f"{chance.choice('ab')}{chance.randrange(4)}"
        match chance.choice(["answer"] * 5 + ["undo", "reset", "bury", "suspend", "unsuspend", "grow", "note", "note"]):
            case "answer":
                collection.answer(store, card, chance.choice(list(Rating)))
            case "undo":
                store.undo()
            case "reset":
                store.reset(card)
            case "grow":
                deck = chance.choice("ab")
                shelf.cards[deck] = 3 + (shelf.cards[deck] == 3)
                shelf.write(deck)
            case "note":
                store.note_finished_decks()
            case mark:
                store.mark(card, Mark[mark.upper()])
        with_notes = new_cards(collection.open())
        noted = shelf.noted()
        shelf.without_notes()
        assert with_notes == new_cards(collection.open()), noted
        store.note_finished_decks()
