"""How long synchronisations take, and how many bytes an entry takes in the store.

Run ``python tests/benchmarks/bench_sync.py [--entries 1000000] [--cards 100000]``. It logs generated answers, each with
the seed of its question, every fourth with drawn numbers and a typed answer, sends them to an empty folder, receives
them in an empty home, and then exchanges 200 more. The targets are 60 s, 1 s and 40 bytes.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from studyapp.clock import to_milliseconds
from studyapp.grading.question import variant_seed
from studyapp.schedule.day import StudyDays
from studyapp.schedule.rating import Rating
from studyapp.store.database import Store
from studyapp.store.log import AnswerRecord
from studyapp.sync.place import FolderPlace
from studyapp.sync.synchronise import Report, synchronise

DAYS = StudyDays(UTC)
_INSERT = """
    INSERT INTO log (
        device_id, number, kind, card_number, at, ordered_at, utc_offset, day, mode, rating, outcome, score, seed,
        drawn, answer, hints, tries, duration, scheduler_id
    ) VALUES ((SELECT device_id FROM home), ?, 'answer', ?, ?, ?, 60, ?, 'review', ?, ?, ?, ?, ?, ?, 0, 1, ?, 1)
"""


def fill(home: Path, entries: int, cards: int) -> None:
    """Logs so many answers over two years."""
    with Store.open(home, days=DAYS) as store:
        store.record(AnswerRecord("first", Rating.GOOD), None)
    chance = random.Random(1)
    begin = to_milliseconds(datetime(2024, 1, 1, tzinfo=UTC))
    step = 2 * 365 * 86_400_000 // entries

    def rows() -> Iterator[tuple[object, ...]]:
        first = datetime(2024, 1, 1).toordinal()
        for number in range(entries - 1):
            card = chance.randrange(cards)
            at = begin + number * step + chance.randrange(step)
            computed = card % 4 == 0
            rating = chance.choices([1, 2, 3, 4], [8, 7, 75, 10])[0]
            yield (
                number + 2, card + 2, at, at, first + (at - begin - 4 * 3_600_000) // 86_400_000, rating,
                "wrong" if rating == 1 else "correct" if computed else "self_rated",
                float(rating > 1) if computed else None, str(variant_seed(f"gen-{card:06}", number // cards)),
                f'{{"y": [{card % 7}.5, 1.0, 2.5], "p": [0.25, {number % 5}.75, 2.25]}}' if computed else None,
                f"{chance.randrange(1000) / 1000}" if computed else None, 3000 + chance.randrange(20_000),
            )  # fmt: skip

    with closing(sqlite3.connect(home / "progress.db")) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.executemany("INSERT INTO card (card_id) VALUES (?)", ((f"gen-{card:06}",) for card in range(cards)))
        connection.executemany(_INSERT, rows())
    with Store.open(home, days=DAYS) as store:
        store.rebuild()


def timed(what: str, home: Path, place: FolderPlace) -> Report:
    """One synchronisation, with its time printed."""
    begin = time.perf_counter()
    report = synchronise(home, place, DAYS)
    seconds = time.perf_counter() - begin
    print(f"{what:<42} {seconds:8.2f} s   {report.sent} sent, {report.received} received", flush=True)
    return report


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, default=1_000_000)
    options.add_argument("--cards", type=int, default=100_000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="studyapp-bench-") as name:
        root = Path(name)
        (root / "shared").mkdir()
        place = FolderPlace(root / "shared")
        fill(root / "one", chosen.entries, chosen.cards)
        timed("first: everything sent", root / "one", place)
        size = sum(file.stat().st_size for file in (root / "shared").rglob("*.zst"))
        print(f"{'in the store':<42} {size / chosen.entries:8.1f} bytes an entry", flush=True)
        timed("first: everything received", root / "two", place)
        for attempt in range(3):
            with Store.open(root / "one", days=DAYS) as store:
                for number in range(200):
                    card = f"gen-{number * 37 + attempt:06}"
                    store.record(AnswerRecord(card, Rating.GOOD, seed=number), store.state(card))
            timed("daily: 200 entries sent", root / "one", place)
            timed("daily: 200 entries received", root / "two", place)
        timed("nothing new", root / "one", place)
        timed("nothing new", root / "two", place)


if __name__ == "__main__":
    main()
