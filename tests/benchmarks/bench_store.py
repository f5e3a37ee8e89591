"""How long the store takes with a large collection.

Run ``python tests/benchmarks/bench_store.py [--cards 100000] [--reviews 1000000] [--folder KEEP]``. It builds a
collection (in ``--folder`` it is kept and used again), then prints each operation's median and worst time. What the
opening of a session needs is to stay under 40 ms a query at 100,000 cards and 1,000,000 reviews.
"""

from __future__ import annotations

import argparse
import random
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from studyapp.deck.cache import Cache
from studyapp.schedule.day import StudyDays
from studyapp.schedule.memory import ENGINE, Scheduler
from studyapp.schedule.queue import Limits
from studyapp.schedule.rating import Rating
from studyapp.store.database import Store
from studyapp.store.log import AnswerRecord

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
DAYS = StudyDays(UTC)
TODAY = DAYS.day_of(NOW)
DECKS = 50


def card_id(number: int) -> str:
    return f"topic-{number % DECKS}-card-{number}"


def build(home: Path, cards: int, reviews: int) -> None:
    """A bank of ``cards`` cards in 50 decks, and a log of ``reviews`` answers to nine tenths of them."""
    with closing(Cache.open(home / "cache.db")) as cache, cache.connection as bank:
        bank.execute("BEGIN")
        bank.executemany(
            "INSERT INTO deck (deck_id, name, title, description, path, sort_order, rank, language, languages,"
            " card_count, problem_count, bundled) VALUES (?, ?, '', '', ?, ?, ?, 'en', 'en', ?, 0, 0)",
            [(deck, f"topic/{deck}", f"/{deck}", deck, deck, cards // DECKS) for deck in range(DECKS)],
        )
        bank.executemany(
            "INSERT INTO card VALUES (?, ?, ?, ?, 'recall', ?, 1, 'A title of common length', '', '', 0)",
            (
                (number, card_id(number), number % DECKS, (number % DECKS << 24) + number // DECKS,
                 f"pair-{number // 100}" if number % 100 < 2 else "")
                for number in range(cards)
            ),
        )  # fmt: skip
    Store.open(home, clock=lambda: NOW, days=DAYS).close()
    with closing(sqlite3.connect(home / "progress.db")) as progress, progress:
        progress.execute(
            "INSERT INTO scheduler (settings, engine) VALUES (?, ?)", (Scheduler().settings.to_json(), ENGINE)
        )
        progress.executemany("INSERT INTO card (card_id) VALUES (?)", ((card_id(number),) for number in range(cards)))
        progress.executemany(
            "INSERT INTO log (device_id, number, kind, card_number, at, ordered_at, utc_offset, day, mode, rating,"
            " outcome, score, seed, drawn, answer, hints, tries, duration, scheduler_id)"
            f" VALUES (1, {', '.join('?' * 17)}, 1)",
            log_rows(cards, reviews),
        )
    with Store.open(home, clock=lambda: NOW, days=DAYS) as store:
        store.rebuild()


def log_rows(cards: int, reviews: int) -> Iterator[tuple[object, ...]]:
    """Answers in the order of time, every card once in four weeks."""
    chance = random.Random(1)
    known = cards * 9 // 10
    rounds = max(1, reviews // known)
    start = TODAY - 4 * rounds * 7
    written = 0
    for turn in range(rounds):
        for number in range(known):
            if written == reviews:
                return
            written += 1
            day = start + turn * 28 + number * 27 // known
            at = (day - 719163) * 86400_000 + 43200_000
            yield (
                written, "answer", number + 1, at, at, 0, day, "review", chance.choice([1, 3, 3, 3, 4]), "correct", 1.0,
                str(chance.getrandbits(60)), '{"y": [1, 0, 1], "p": [0.25, 0.5, 0.75]}', "0.5108", 0, 1,
                chance.randrange(2000, 30000),
            )  # fmt: skip


def measure(name: str, action: Callable[[], object], times: int = 5) -> None:
    durations = []
    for _ in range(times):
        begin = time.perf_counter()
        action()
        durations.append((time.perf_counter() - begin) * 1000)
    print(f"{name:52} {statistics.median(durations):9.2f} {max(durations):9.2f}", flush=True)


def run(home: Path) -> None:
    from studyapp.store import backup, doctor

    clock_now = [NOW]
    scheduler = Scheduler()

    def opened() -> Store:
        return Store.open(
            home, clock=lambda: clock_now[0], cache_path=home / "cache.db", days=DAYS, scheduler=scheduler
        )

    print(f"{'operation':52} {'median ms':>9} {'worst ms':>9}")
    measure("first preview", lambda: scheduler.preview(None, NOW, DAYS, "x"), 1)
    measure("open and close", lambda: opened().close())

    def first_queue() -> None:
        with opened() as store:
            store.queue()

    measure("open, queue of all decks, close", first_queue)
    store = opened()
    queue = store.queue()
    print("   ", queue.counts, store.overview().total)
    measure("queue of all decks", store.queue)
    measure("queue of one deck", lambda: store.queue(decks=["topic/7"]))
    measure("queue of half the decks", lambda: store.queue(decks=[f"topic/{n}" for n in range(25)]))
    measure("overview (list of decks)", store.overview)
    measure("day_count", store.day_count)
    measure("next_due", store.next_due)
    measure("held_back", store.held_back)
    measure("candidate", lambda: store.candidate(card_id(17)), 50)

    def answer_and_next() -> None:
        nonlocal queue
        card = queue.next(clock_now[0])
        assert card is not None
        record = AnswerRecord(card.card_id, Rating.GOOD, outcome="correct", answer="0.5108", duration=4000)
        recorded = store.record(record, store.state(card.card_id))
        assert recorded.state is not None
        queue = queue.answered(card, recorded.state, store.end_of_day)
        clock_now[0] += timedelta(seconds=5)
        following = queue.next(clock_now[0])
        assert following is not None
        scheduler.preview(store.state(following.card_id), clock_now[0], DAYS, following.card_id)

    measure("answer, next card and its preview", answer_and_next, 150)
    measure("undo", store.undo, 100)
    measure("flag_lookup is:due", lambda: store.flag_lookup(["due"]), 3)
    figures = store.statistics()
    measure("statistics: calendar of a year", lambda: figures.calendar(TODAY - 365, TODAY), 2)
    measure("statistics: retention of a month", lambda: figures.retention(TODAY - 30, TODAY), 2)
    measure("statistics: retention of all time", lambda: figures.retention(0, TODAY), 2)
    measure("statistics: ratings of all time", lambda: figures.ratings(0, TODAY), 2)
    measure("statistics: forecast of a month", lambda: figures.forecast(30), 2)
    measure("statistics: misconceptions", lambda: figures.misconceptions(0, TODAY), 2)
    measure("statistics: collection", figures.collection, 2)
    store.close()
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    with opened() as store:
        measure("queue of all decks, no limits", lambda: store.queue(Limits(None, None)), 3)
    measure("doctor: check", lambda: doctor.examine(home, NOW), 1)
    measure("backup, checked", lambda: backup.take(home / "progress.db", home, TODAY, "bench").path.unlink(), 1)
    measure("rebuild", lambda: doctor.rebuild(home, NOW, DAYS).backup.path.unlink(), 1)
    print(f"size of progress.db {(home / 'progress.db').stat().st_size / 1e6:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cards", type=int, default=100_000)
    parser.add_argument("--reviews", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="keep the collection here and use it again")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home: Path = chosen.folder or Path(temporary)
        if not (home / "progress.db").exists():
            home.mkdir(parents=True, exist_ok=True)
            print(f"building {chosen.cards} cards, {chosen.reviews} reviews …", file=sys.stderr)
            build(home, chosen.cards, chosen.reviews)
        run(home)


if __name__ == "__main__":
    main()
