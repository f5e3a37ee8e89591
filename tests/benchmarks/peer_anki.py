"""Anki's own backend doing the same: ``python peer_anki.py FOLDER CARDS REVIEWS`` prints its times in seconds as JSON.

Needs the package ``anki`` (development only; it may be in an environment of its own). The collection has one deck,
cards of one note each, FSRS switched on, nine tenths of the cards in review, about one in nine of them due, and a
review log.

An answer is measured as the app's is: from the rating until the answer is on disk (Anki keeps its collection in WAL
with ``synchronous = FULL`` too, one ``fsync`` an answer), the next card is fetched and its question is rendered; that
is what Anki's own reviewer does between two cards. A search gives Anki's card ids, without any of their text.
"""

from __future__ import annotations

import json
import random
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def build(path: Path, cards: int, reviews: int) -> None:
    """The collection, made once."""
    from anki.collection import AddNoteRequest, Collection

    collection = Collection(str(path))
    kind = collection.models.by_name("Basic")
    deck = collection.decks.id("generated")
    assert kind is not None and deck is not None
    for first in range(0, cards, 5000):
        requests = []
        for n in range(first, min(first + 5000, cards)):
            note = collection.new_note(kind)
            note["Front"] = f"Minimiser {n}: which constant minimises the quadratic error on the targets 1, 2 and {n}?"
            note["Back"] = "the mean; the derivative of the sum vanishes there"
            requests.append(AddNoteRequest(note, deck))
        collection.add_notes(requests)
    collection.set_config("fsrs", True)
    ids = [row[0] for row in collection.db.all("SELECT id FROM cards ORDER BY id")]
    today = collection.sched.today
    rng = random.Random(1)
    learned = ids[: cards * 9 // 10]
    states = []
    for card in learned:
        interval = max(1, int(rng.lognormvariate(3.5, 1.0)))
        due = today + rng.randint(-interval // 8, interval)
        data = json.dumps({"s": float(interval), "d": round(rng.uniform(2, 8), 3), "dr": 0.9})
        states.append((interval, due, max(1, reviews // len(learned)), data, card))
    collection.db.executemany(
        "UPDATE cards SET type = 2, queue = 2, ivl = ?, due = ?, reps = ?, factor = 2500, data = ? WHERE id = ?", states
    )
    start = int(time.time() * 1000) - 700 * 86_400_000
    step = 690 * 86_400_000 // max(1, reviews)
    rows = ((start + n * step, learned[n % len(learned)], -1, 3, 10, 5, 2500, 5000, 1) for n in range(reviews))
    collection.db.executemany("INSERT INTO revlog VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    config = collection.decks.config_dict_for_deck_id(deck)
    config["rev"]["perDay"] = 200
    config["new"]["perDay"] = 20
    collection.decks.update_config(config)
    collection.close()


def spent(action: Callable[[], Any]) -> float:
    """Seconds that one call takes."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def median(action: Callable[[], Any], times: int) -> float:
    """The median of several calls."""
    return statistics.median(spent(action) for _ in range(times))


def measure(path: Path) -> dict[str, float]:
    """Seconds for what a learner does."""
    from anki.collection import Card, Collection  # a Card imported from its own module first is a circle
    from anki.scheduler.v3 import CardAnswer

    found: dict[str, float] = {}

    def open_to_first_card() -> Collection:
        collection = Collection(str(path))
        collection.decks.select(collection.decks.id("generated"))
        assert collection.sched.get_queued_cards().cards
        return collection

    times = []
    for _ in range(5):
        begun = time.perf_counter()
        collection = open_to_first_card()
        times.append(time.perf_counter() - begun)
        collection.close()
    found["open"] = statistics.median(times)

    collection = open_to_first_card()
    # Anki's own default, stated so that both sides surely wait for the disk at every answer.
    collection.db.execute("PRAGMA synchronous = FULL")

    def show_next() -> tuple[Any, Card]:
        queued = collection.sched.get_queued_cards().cards[0]
        card = Card(collection, backend_card=queued.card)
        card.start_timer()
        assert "Minimiser" in card.question()
        return queued, card

    answers = []
    queued, card = show_next()
    for _ in range(100):
        begun = time.perf_counter()
        answer = collection.sched.build_answer(card=card, states=queued.states, rating=CardAnswer.GOOD)
        collection.sched.answer_card(answer)
        queued, card = show_next()
        answers.append(time.perf_counter() - begun)
    found["answer"] = statistics.median(answers)
    found["answer p95"] = statistics.quantiles(answers, n=20)[-1]

    def undo() -> None:
        collection.undo()
        show_next()

    found["undo"] = median(undo, 20)
    found["search word"] = median(lambda: collection.find_cards("Minimiser 777"), 5)
    found["search due"] = median(lambda: collection.find_cards("is:due"), 5)
    found["statistics"] = median(lambda: collection._backend.graphs(search="deck:*", days=365), 3)
    found["deck counts"] = median(lambda: collection.sched.deck_due_tree(), 5)
    collection.close()
    return found


def forget(folder: Path, pattern: str) -> None:
    """Deletes what an earlier run has left: files, and the media folders beside them."""
    for old in folder.glob(pattern):
        shutil.rmtree(old) if old.is_dir() else old.unlink()


def main() -> None:
    """Builds where needed, measures, prints."""
    folder, cards, reviews = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{cards}-{reviews}-{time.strftime('%Y%m%d')}.anki2"
    if not path.exists():
        making = path.with_suffix(".making.anki2")
        forget(folder, "*.making.*")
        build(making, cards, reviews)
        making.rename(path)
    used = folder / "in-use.anki2"
    forget(folder, "in-use.*")
    shutil.copy(path, used)
    print(json.dumps(measure(used)))


if __name__ == "__main__":
    main()
