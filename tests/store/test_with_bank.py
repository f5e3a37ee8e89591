"""The store beside a real bank: the index is made by the deck part, read here, and may vanish at any time."""

from studyapp.deck.bank import Bank
from studyapp.deck.library import Library
from studyapp.schedule.rating import Rating

DECK = """\
deck: basics
title: Basics
cards:
  - {id: first, kind: recall, question: What is the mean squared error?, answer: A mean, group: pair}
  - {id: second, kind: recall, question: What is the mean absolute error?, answer: Another mean, group: pair}
  - {id: third, kind: recall, question: What is the Huber loss?, answer: Something between the two}
"""


def test_the_order_of_a_real_deck_its_groups_and_its_edits(collection):
    content = collection.home.parent / "content"
    content.mkdir()
    deck = content / "basics.yaml"
    deck.write_text(DECK, encoding="utf-8")
    collection.cache.unlink()
    with Bank.open(Library(collection.home, content), collection.cache) as bank:
        store = collection.open()
        assert [card.card_id for card in store.queue().main] == ["first", "third"]
        known = collection.answer(store, "third", Rating.EASY).state
        deck.write_text(DECK.replace("What is", "Define"), encoding="utf-8")
        assert bank.refresh() == {"basics"}
        assert store.state("third") == known
        assert [card.card_id for card in store.queue().main] == ["first"]
        assert store.overview().decks["basics"].new == 1
        deck.unlink()
        bank.refresh()
        assert store.queue().counts.total == 0
        assert len(store.history("third")) == 1


def test_an_index_made_anew_is_seen(collection):
    content = collection.home.parent / "content"
    content.mkdir()
    (content / "basics.yaml").write_text(DECK, encoding="utf-8")
    library = Library(collection.home, content)
    collection.cache.unlink()
    Bank.open(library, collection.cache).close()
    store = collection.open()
    assert store.queue().counts.new == 2
    for leftover in collection.cache.parent.glob("cache.db*"):
        leftover.unlink()
    Bank.open(library, collection.cache).close()
    assert store.queue(decks=["basics"]).counts.new == 2
