"""Speed and memory of the app beside its peers, all in one run: ``python -m tests.benchmarks.run [--cards 100000 …]``.

The peers are a bare Textual app (start, memory), Anki's own backend (open, answer, undo, search, statistics; given by
``--anki PYTHON`` where the package ``anki`` lives in an environment of its own) and ``yaml.CSafeLoader`` (loading).
Prints a Markdown table of ratios with the target beside each; exits with 1 where a target is missed. Collections are
made once a day and kept in ``--folder``.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from studyapp.deck.reader import read_deck
from tests.benchmarks.collection import MARKER, collection
from tests.benchmarks.terminal import Terminal

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[1]
BUNDLED_QUESTION = "What is a loss function?"
LEAVE_OUT_OF_COUNT = 1
"""The first start of each program warms the disk's cache and is not counted."""


@dataclass(frozen=True)
class Row:
    """One line of the table. ``target`` is the most that ``figure`` may be; None where there is none."""

    what: str
    ours: str
    peer: str
    figure: float
    unit: str
    target: float | None

    @property
    def missed(self) -> bool:
        """Whether a target is missed."""
        return self.target is not None and self.figure > self.target

    def __str__(self) -> str:
        target = "" if self.target is None else f"≤ {self.target:g} {self.unit}"
        sign = "" if self.target is None else "✗" if self.missed else "✓"
        figure = f"{self.figure:.2f} {self.unit}" if self.unit == "×" else f"{self.figure:.1f} {self.unit}"
        return f"| {self.what} | {self.ours} | {self.peer} | {figure} | {target} | {sign} |"


def installed_copy(folder: Path) -> Path:
    """The app as the wheel installs it, compiled: what is measured must not compile itself at every start."""
    target = folder / "installed"
    shutil.rmtree(target, ignore_errors=True)
    ignore = shutil.ignore_patterns("__pycache__", ".*")
    shutil.copytree(CHECKOUT / "studyapp", target / "studyapp", ignore=ignore)
    shutil.copytree(CHECKOUT / "content", target / "studyapp" / "content", ignore=ignore)
    shutil.copy(HERE / "hello.py", target / "hello.py")
    compileall.compile_dir(target, quiet=1)
    return target


def environment(installed: Path, home: Path) -> dict[str, str]:
    """A user's: no Python settings, the app's own home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "STUDYAPP_"))}
    return kept | {"PYTHONPATH": str(installed), "STUDYAPP_HOME": str(home)}


HELLO = [sys.executable, "-c", "import hello; hello.Hello().run()"]
STUDY = [sys.executable, "-c", "from studyapp.__main__ import main; main(['study'])"]


@dataclass(frozen=True)
class Start:
    """Medians over several starts: seconds to the text on the screen, peak memory in megabytes."""

    seconds: float
    megabytes: float


def starts(programs: Sequence[tuple[list[str], dict[str, str], str]], times: int) -> list[Start]:
    """Starts the programs in turn, so that whatever slows the machine slows all of them."""
    seconds: list[list[float]] = [[] for _ in programs]
    memory: list[list[float]] = [[] for _ in programs]
    for round_number in range(times + LEAVE_OUT_OF_COUNT):
        for place, (command, variables, text) in enumerate(programs):
            with Terminal(command, variables) as terminal:
                took = terminal.wait_for(text)
                if round_number >= LEAVE_OUT_OF_COUNT:
                    seconds[place].append(took)
                    time.sleep(0.3)
                    memory[place].append(terminal.peak_megabytes)
    return [Start(statistics.median(s), statistics.median(m)) for s, m in zip(seconds, memory, strict=True)]


def keys_and_memory(home: Path, installed: Path, cards: int) -> tuple[list[float], float]:
    """Seconds from a key to the repainted screen, over a session of ``cards`` cards, and its peak memory."""
    latencies = []
    with Terminal(STUDY, environment(installed, home)) as terminal:
        terminal.wait_for(MARKER)
        terminal.press("")
        for _ in range(cards):
            for key in (" ", "\x07", "3"):  # reveal (a blank in a field of text), give up, rate Good
                latency = terminal.press(key)
                if latency is not None:
                    latencies.append(latency)
        return latencies, terminal.peak_megabytes


@contextmanager
def as_it_was(database: Path) -> Iterator[None]:
    """Afterwards the database holds what it held before: today's cards are there for the next measurement."""
    kept = database.with_suffix(".kept")
    shutil.copy(database, kept)
    try:
        yield
    finally:
        for side_file in ("-wal", "-shm"):
            database.with_name(database.name + side_file).unlink(missing_ok=True)
        kept.replace(database)


def loading(rounds: int) -> Row:
    """The largest bundled deck, read and checked, beside the plain loader on the same file."""
    path = max((CHECKOUT / "content").rglob("*.yaml"), key=lambda path: path.stat().st_size)
    text = path.read_text("utf-8")

    def plain() -> object:
        return yaml.load(text, Loader=yaml.CSafeLoader)

    ours, peer = _best(lambda: read_deck(path), rounds), _best(plain, rounds)
    return Row(f"loading a changed deck ({len(text) // 1000} kB)", _ms(ours), _ms(peer), ours / peer, "×", 1.5)


def _best(action: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        action()
        times.append(time.process_time() - begun)
    return min(times)


def child(command: Sequence[str], variables: dict[str, str]) -> dict[str, Any]:
    """The JSON that a program prints last."""
    done = subprocess.run(command, env=variables, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def with_anki(python: str) -> bool:
    """Whether that Python has the package ``anki``."""
    return subprocess.run([python, "-c", "import anki"], capture_output=True, check=False).returncode == 0


BESIDE_ANKI = {
    "answer": ("answer → next card, on disk", 1.0),
    "answer p95": ("the same, 95th percentile", None),
    "answer unprepared": ("the same, nothing prepared while the verdict is read", None),
    "open": ("open to the first card (warm process)", None),
    "undo": ("undo → the card is back", None),
    "search word": ("search for words", None),
    "search due": ("search is:due", None),
    "statistics": ("statistics of a year", None),
    "deck counts": ("counts of all decks", None),
}


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.3g} ms" if seconds < 0.01 else f"{seconds * 1000:.0f} ms"


def measure(options: argparse.Namespace, folder: Path) -> list[Row]:
    """Every row of the table."""
    installed = installed_copy(folder)
    fresh = folder / "fresh-home"
    shutil.rmtree(fresh, ignore_errors=True)
    rows = []
    programs = [
        (HELLO, environment(installed, fresh), "Hello, world"),
        (STUDY, environment(installed, fresh), BUNDLED_QUESTION),
    ]
    made = {cards: collection(folder, cards, cards * 10) for cards in options.cards}
    for one in made.values():
        # An index made by another version of the code is made again, once: that is no start of every day.
        command = [sys.executable, "-c", "from studyapp.__main__ import main; main(['decks'])"]
        subprocess.run(command, env=environment(installed, one.folders.home), capture_output=True, check=True)
        # And so is the first session of a collection: what its end notes makes the next starts quicker.
        with Terminal(STUDY, environment(installed, one.folders.home)) as terminal:
            terminal.wait_for(MARKER)
            terminal.quit()
    programs += [(STUDY, environment(installed, one.folders.home), MARKER) for one in made.values()]
    hello, bundled, *large = starts(programs, options.starts)
    rows.append(_start_row("first question, bundled decks", bundled, hello, 1.5))
    for (cards, one), start in zip(made.items(), large, strict=True):
        label = f"{cards:,} cards, {one.reviews:,} reviews"
        rows.append(_start_row(f"first question, {label}", start, hello, 1.6))
        with as_it_was(one.folders.progress):
            latencies, peak = keys_and_memory(one.folders.home, installed, options.session)
        p95 = statistics.quantiles(latencies, n=20)[-1] * 1000
        typical = statistics.median(latencies) * 1000
        rows.append(Row(f"key → repainted screen, p95, {label}", f"median {typical:.0f} ms", "", p95, "ms", 50))
        memory = peak / hello.megabytes
        rows.append(
            Row(f"peak memory of a session, {label}", f"{peak:.0f} MB", f"{hello.megabytes:.0f} MB", memory, "×", 2.0)
        )
        rows += _beside_anki(one.folders.home, installed, cards, label, options, folder)
    rows.append(loading(15))
    return rows


def _start_row(what: str, ours: Start, hello: Start, target: float) -> Row:
    return Row(what, _ms(ours.seconds), _ms(hello.seconds), ours.seconds / hello.seconds, "×", target)


def _beside_anki(
    home: Path, installed: Path, cards: int, label: str, options: argparse.Namespace, folder: Path
) -> list[Row]:
    variables = environment(installed, home)
    with as_it_was(home / "progress.db"):
        ours = child([sys.executable, str(HERE / "measure_app.py")], variables)
    if not with_anki(options.anki):
        return [Row(f"{BESIDE_ANKI[key][0]}, {label}", _ms(ours[key]), "no anki", 0.0, "×", None) for key in ours]
    command = [options.anki, str(HERE / "peer_anki.py"), str(folder / "anki"), str(cards), str(cards * 10)]
    peer = child(command, variables)
    peer["answer unprepared"] = peer["answer"]
    return [
        Row(f"{what}, {label}", _ms(ours[key]), _ms(peer[key]), ours[key] / peer[key], "×", target)
        for key, (what, target) in BESIDE_ANKI.items()
    ]


def main() -> int:
    """Measures, prints the table, and says whether every target is met."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.run", description=__doc__)
    parser.add_argument("--cards", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--starts", type=int, default=9, help="starts of each program")
    parser.add_argument("--session", type=int, default=40, help="cards of the session in the terminal")
    parser.add_argument("--anki", default=sys.executable, metavar="PYTHON", help="a Python that has the package anki")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "studyapp-benchmarks")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    rows = measure(options, options.folder)
    load = os.getloadavg()[0]
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f}\n"
    )
    print("| what | studyapp | peer | figure | target | |", "|---|---|---|---|---|---|", *map(str, rows), sep="\n")
    if options.json:
        options.json.write_text(json.dumps([vars(row) for row in rows], indent=2), "utf-8")
    return int(any(row.missed for row in rows))


if __name__ == "__main__":
    sys.exit(main())
