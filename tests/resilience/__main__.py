"""The long form: many kills, many mutants, every line and every write. ``python -m tests.resilience --help``."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from .app import CHECKOUT
from .kills import Tally, kill_sessions
from .mutants import try_mutants
from .scratch import scratch_folder
from .screen_kills import ScreenTally, kill_screens

RESULT = Path(__file__).with_name("RESULT.md")

Row = tuple[str, str, list[str]]
"""What was tried, what came of it in figures, and what was wrong."""

BETWEEN_WORDS = 10.0
"""Seconds between two lines about how far a part is."""


class Progress:
    """Says how far the run is, a line now and then, from any thread."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self._lock = Lock()
        self._part, self._done, self._total = "", 0, 0
        self._next = 0.0

    def begin(self, part: str, total: int) -> None:
        """A part of ``total`` steps begins."""
        with self._lock:
            self._part, self._done, self._total = part, 0, total
            self._next = time.monotonic() + BETWEEN_WORDS
            self._say(part)

    def step(self) -> None:
        """One more step is done."""
        with self._lock:
            self._done += 1
            if time.monotonic() >= self._next:
                self._next = time.monotonic() + BETWEEN_WORDS
                self._say(f"{self._part}: {self._done} of {self._total}")

    def _say(self, text: str) -> None:
        seconds = round(time.monotonic() - self.begun)
        print(f"[{seconds // 60:3}:{seconds % 60:02}] {text}", flush=True)


def shared(count: int, workers: int) -> list[int]:
    """So many split up as evenly as can be."""
    return [count // workers + (worker < count % workers) for worker in range(workers)]


def sessions(options: argparse.Namespace, progress: Progress) -> Iterator[Row]:
    """kill -9 of sessions in plain lines, some at a time."""
    progress.begin("kill -9 of sessions in plain lines", options.kills)
    shares = shared(options.kills, options.workers)
    with scratch_folder() as folder, ThreadPoolExecutor(options.workers) as pool:

        def share(worker: int) -> Tally:
            place = folder / str(worker)
            place.mkdir()
            return kill_sessions(place, options.seed + worker, shares[worker], done=progress.step)

        tally = Tally()
        for done in pool.map(share, range(options.workers)):
            tally.add(done)
    figures = (
        f"{tally.kills} sessions killed, {tally.at_start} of them while starting, {tally.with_answer_in_flight} with a "
        f"command under way (of which {tally.in_flight_was_logged} had reached the log); {tally.entries} entries logged"
    )
    yield "`kill -9` of real sessions in plain lines, at random moments", figures, tally.faults


def screens(options: argparse.Namespace, progress: Progress) -> Iterator[Row]:
    """kill -9 of the app on real screens, some at a time."""
    progress.begin("kill -9 of the app on a real screen", options.screens)
    shares = shared(options.screens, options.workers)
    with scratch_folder() as folder, ThreadPoolExecutor(options.workers) as pool:

        def share(worker: int) -> ScreenTally:
            place = folder / str(worker)
            place.mkdir()
            return kill_screens(place, options.seed + 1000 + worker, shares[worker], done=progress.step)

        tally = ScreenTally()
        for done in pool.map(share, range(options.workers)):
            tally.add(done)
    kinds = ", ".join(f"{count} {name}" for name, count in tally.kills.items())
    figures = f"{tally.kills.total()} killed ({kinds}); {tally.entries} entries logged"
    yield "`kill -9` of the app on a real screen", figures, tally.faults


def lines(options: argparse.Namespace, progress: Progress) -> Iterator[Row]:
    """Every operation that writes, killed at one line after the other, some operations at a time."""
    from .stepwise import OPERATIONS

    progress.begin("kill -9 at the lines of what writes", len(OPERATIONS))
    with scratch_folder() as folder, ThreadPoolExecutor(options.workers) as pool:

        def tried(name: str) -> Row:
            place = folder / name.replace(" ", "-")
            command = [sys.executable, "-m", "tests.resilience.stepwise", str(place), str(options.stride), "1", name]
            done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, encoding="utf-8", check=False)
            progress.step()
            what = f"`kill -9` at the lines of: {name}"
            if done.returncode:
                return what, "broken off", [done.stderr[-500:]]
            result = json.loads(done.stdout)
            return what, f"{result['kills']} kills", result["faults"]

        yield from pool.map(tried, OPERATIONS)


def mutants(options: argparse.Namespace, progress: Progress) -> Iterator[Row]:
    """Mutated decks."""
    progress.begin("mutated decks", options.mutants)
    found = try_mutants(options.seed, options.mutants, progress.step)
    figures = (
        f"{found.mutants} mutants: {found.with_problems} with problems, each with its place, {found.still_readable} "
        f"with cards left, {found.cards_asked} cards asked and graded"
    )
    yield "Mutated decks", figures, found.faults


def flips(options: argparse.Namespace, progress: Progress) -> Iterator[Row]:
    """Data with flipped bytes."""
    from .test_damaged_data import flipped_files

    progress.begin(f"{options.flips} files of data with flipped bytes", 1)
    with scratch_folder() as folder:
        yield "Data with flipped bytes", f"{options.flips} files", flipped_files(folder, options.seed, options.flips)


def other_tests(options: argparse.Namespace, progress: Progress) -> Iterator[Row]:
    """The tests of this folder, with every write failing in turn and not only some."""
    progress.begin("the tests of this folder, each write failing in turn", 1)
    environment = os.environ | {
        "STUDYAPP_TEST_STRIDE": "1",
        "STUDYAPP_TEST_FLIPS": "1",
        "STUDYAPP_TEST_FILES": str(options.files),
    }
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-n", str(options.workers)]
    command += [str(Path(__file__).parent), "-rs"]
    for name in ("test_kills.py", "test_kills_on_screen.py"):
        command += ["--deselect", f"tests/resilience/{name}"]
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, encoding="utf-8", check=False)
    printed = done.stdout.strip().splitlines()
    faults = [line for line in printed if line.startswith(("FAILED", "ERROR"))]
    if done.returncode and not faults:
        faults = [(done.stdout + done.stderr)[-500:]]
    skipped = "".join(f"; {line}" for line in printed if line.startswith("SKIPPED"))
    what = (
        "Full, read-only and failing disk (each write), small files, two instances, clock, hostile text, undo, answers"
    )
    yield what, (printed[-1].strip("= ") if printed else "nothing was said") + skipped, faults


PARTS: tuple[Callable[[argparse.Namespace, Progress], Iterator[Row]], ...] = (
    sessions,
    screens,
    lines,
    mutants,
    flips,
    other_tests,
)


def report(options: argparse.Namespace, rows: list[Row], seconds: float) -> str:
    """The result as Markdown."""
    chosen = " ".join(f"--{name} {value}" for name, value in vars(options).items())
    text = [
        "# Last long run of the resilience tests",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{platform.system()}; {seconds / 60:.0f} minutes for `python -m tests.resilience {chosen}`.",
        "",
        "| tried | figures | faults |",
        "|---|---|---|",
    ]
    text += [f"| {what} | {figures} | {len(faults)} |" for what, figures, faults in rows]
    for _, _, faults in rows:
        text += ["", *(f"- {fault}" for fault in faults[:10])] if faults else []
    return "\n".join(text) + "\n"


def main() -> int:
    """Runs everything, writes RESULT.md, and exits with 1 if there was a fault."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.resilience",
        description=__doc__,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--seed", type=int, default=1, help="another one makes other kills, mutants and flips")
    parser.add_argument("--kills", type=int, default=300, help="sessions in plain lines to kill")
    parser.add_argument("--screens", type=int, default=70, help="sessions of the app in a pseudo-terminal to kill")
    parser.add_argument("--mutants", type=int, default=5000, help="decks to mutate")
    parser.add_argument("--flips", type=int, default=400, help="copies of the data to flip bytes in")
    parser.add_argument("--files", type=int, default=600, help="mutants of each small file")
    parser.add_argument("--stride", type=int, default=2, help="each so-many-th line is a place to be killed at")
    parser.add_argument("--workers", type=int, default=2, help="how many work at a time")
    options = parser.parse_args()
    progress = Progress()
    rows: list[Row] = []
    for part in PARTS:
        for row in part(options, progress):
            rows.append(row)
            print(f"{row[0]}: {row[1]}; {len(row[2])} faults", *row[2][:10], sep="\n  ", flush=True)
    RESULT.write_text(report(options, rows, time.monotonic() - progress.begun), encoding="utf-8")
    return int(any(faults for *_, faults in rows))


if __name__ == "__main__":
    sys.exit(main())
