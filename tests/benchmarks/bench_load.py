"""Loading decks, measured beside yaml.CSafeLoader on the same file.

    python tests/benchmarks/bench_load.py [--cards 5000] [--collection 100000]

Prints how long a changed deck takes to be read and to be indexed, as ratios of the plain YAML loader, and what
opening and searching an indexed collection costs.
"""

from __future__ import annotations

import argparse
import gc
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time

import yaml

from studyapp.deck.bank import Bank
from studyapp.deck.library import Library
from studyapp.deck.query import parse_query
from studyapp.deck.reader import read_deck
from studyapp.deck.search import search
from studyapp.deck.template import starter_deck

TARGET = 1.5
_REPEATS = 5


def deck_of(cards: int, name: str) -> str:
    """A deck with every kind of card in equal parts, without comments."""
    text = re.sub(r"^ *#.*\n|  +# .*$", "", starter_deck("name"), flags=re.MULTILINE)
    header, _, body = text.partition("cards:\n")
    blocks = -(-cards // 8)
    copies = (body.replace("name-", f"{name}-{number}-") for number in range(blocks))
    return header.replace("deck: name", f"deck: {name}") + "cards:\n" + "".join(copies)


def best(*works: Callable[[], object]) -> list[float]:
    """The least processor time of each of ``works`` in seconds, measured in turn over several rounds."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(_REPEATS):
        for work, spent in zip(works, times, strict=True):
            gc.collect()
            started = process_time()
            work()
            spent.append(process_time() - started)
    return [min(spent) for spent in times]


def measure_changed_deck(folder: Path, cards: int) -> bool:
    """Reads and indexes one changed deck; True where the target is met."""
    content = folder / "content"
    content.mkdir()
    path = content / "big.yaml"
    path.write_text(deck_of(cards, "big"), encoding="utf-8")
    data = path.read_bytes()
    with Bank.open(Library(folder / "home", content), folder / "home" / "cache.db") as bank:
        count = bank.decks()[0].card_count
        assert not bank.problems(), bank.problems()[0]
        edits = 0

        def refresh() -> None:
            nonlocal edits
            edits += 1
            path.write_bytes(data.replace(b"largest errors", b"largest residuals %d" % edits, 1))
            assert bank.refresh() == {"big"}

        def rewrite() -> None:
            nonlocal edits
            edits += 1
            path.write_bytes(data.replace(b"Which ", b"Which, in version %d, " % edits))
            assert bank.refresh() == {"big"}

        loader, *spent = best(
            lambda: yaml.load(data, yaml.CSafeLoader), lambda: read_deck(path), refresh, rewrite, bank.refresh
        )
    names = (
        "read and checked",
        "one card edited: read, checked, indexed",
        "every eighth card edited: the same",
        "unchanged",
    )
    print(f"one deck of {count:,} cards, {len(data) / 1e6:.1f} MB")
    print(f"  {'yaml.CSafeLoader':42} {loader * 1000:8.0f} ms")
    for name, seconds in zip(names, spent, strict=True):
        print(f"  {name:42} {seconds * 1000:8.1f} ms   {seconds / loader:5.2f} × (at most {TARGET})")
    return max(spent) <= TARGET * loader


def measure_collection(folder: Path, cards: int) -> None:
    """Builds a collection of many decks, then opens and searches it."""
    content = folder / "collection"
    content.mkdir()
    each = 5_000
    for number in range(-(-cards // each)):
        text = deck_of(min(each, cards), f"deck-{number}")
        (content / f"deck-{number}.yaml").write_text(text, encoding="utf-8")
    home = folder / "home-of-collection"
    build = "Bank.open(Library(home, content), home / 'cache.db')"
    print(f"a collection of {cards:,} cards")
    for name in ("first opening (every deck is read)", "opening"):
        seconds, megabytes = _in_child(home, content, build)
        print(f"  {name:42} {seconds * 1000:8.1f} ms   {megabytes:5.0f} MB")
    with Bank.open(Library(home, content), home / "cache.db") as bank:
        card_ids = iter([entry.card_id for entry in bank.select_entries("1", [], 1000)])
        print(f"  {'one card':42} {best(lambda: bank.card(next(card_ids)))[0] * 1000:8.2f} ms")
        for query in ("median", "med", "md", "zzz", "kind:compute residual", '"squared residuals"'):
            (seconds,) = best(lambda query=query: list(search(bank, parse_query(query), limit=50)))  # type: ignore[misc]
            print(f"  {'search ' + query:42} {seconds * 1000:8.2f} ms")
    print(f"  {'index':42} {(home / 'cache.db').stat().st_size / 1e6:8.0f} MB")


def _in_child(home: Path, content: Path, work: str) -> tuple[float, float]:
    """Seconds and peak megabytes of ``work`` in a process of its own."""
    script = (
        "import time\n"
        "from pathlib import Path\n"
        "from studyapp.deck.bank import Bank\n"
        "from studyapp.deck.library import Library\n"
        f"home, content = Path({str(home)!r}), Path({str(content)!r})\n"
        "started = time.perf_counter()\n"
        f"bank = {work}\n"
        "seconds = time.perf_counter() - started\n"
        "status = dict(line.split(':', 1) for line in open('/proc/self/status'))\n"
        "print(seconds, int(status['VmHWM'].split()[0]) / 1024)\n"
        "bank.close()\n"
    )
    output = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    seconds, megabytes = output.split()
    return float(seconds), float(megabytes)


def main() -> int:
    """Runs both measurements; fails where a changed deck takes too long."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--cards", type=int, default=5_000, help="cards of the deck that changes")
    parser.add_argument("--collection", type=int, default=0, help="cards of a collection to open and search")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        good = measure_changed_deck(Path(name), arguments.cards)
        if arguments.collection:
            measure_collection(Path(name), arguments.collection)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
