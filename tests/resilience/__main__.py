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

from .app import CHECKOUT
from .kills import Tally, kill_sessions
from .mutants import try_mutants
from .scratch import scratch_folder

RESULT = Path(__file__).with_name("RESULT.md")

Row = tuple[str, str, list[str]]
"""What was tried, what came of it in figures, and what was wrong."""


def sessions(seed: int, kills: int, workers: int) -> Row:
    """kill -9 of sessions, some at a time."""
    shares = [kills // workers + (worker < kills % workers) for worker in range(workers)]
    with scratch_folder() as folder, ThreadPoolExecutor(workers) as pool:

        def share(worker: int) -> Tally:
            place = folder / str(worker)
            place.mkdir()
            return kill_sessions(place, seed + worker, shares[worker])

        tally = Tally()
        for done in pool.map(share, range(workers)):
            tally.add(done)
    figures = (
        f"{tally.kills} sessions killed, {tally.at_start} of them while starting, {tally.with_answer_in_flight} with a "
        f"command under way (of which {tally.in_flight_was_logged} had reached the log); {tally.entries} entries logged"
    )
    return "`kill -9` of real sessions at random moments", figures, tally.faults


def lines(stride: int) -> Iterator[Row]:
    """Every operation that writes, killed at one line after the other."""
    with scratch_folder() as folder:
        command = [sys.executable, "-m", "tests.resilience.stepwise", str(folder), str(stride), "1"]
        done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, encoding="utf-8", check=False)
    for line in done.stdout.splitlines():
        result = json.loads(line)
        yield f"`kill -9` at the lines of: {result['operation']}", f"{result['kills']} kills", result["faults"]
    if done.returncode:
        yield "`kill -9` at the lines", "broken off", [done.stderr[-500:]]


def mutants(seed: int, count: int) -> Row:
    """Mutated decks."""
    found = try_mutants(seed, count)
    figures = (
        f"{found.mutants} mutants: {found.with_problems} with problems, each with its place, {found.still_readable} "
        f"with cards left, {found.cards_asked} cards asked and graded"
    )
    return "Mutated decks", figures, found.faults


def flips(seed: int, count: int) -> Row:
    """Data with flipped bytes."""
    from .test_damaged_data import flipped_files

    with scratch_folder() as folder:
        return "Data with flipped bytes", f"{count} files", flipped_files(folder, seed, count)


def other_tests() -> Row:
    """The tests of this folder, with every write failing in turn and not only some."""
    environment = os.environ | {"STUDYAPP_TEST_STRIDE": "1", "STUDYAPP_TEST_FLIPS": "1"}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(Path(__file__).parent)]
    command += ["--deselect", "tests/resilience/test_kills.py"]
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, encoding="utf-8", check=False)
    last = done.stdout.strip().splitlines()[-1].strip("= ")
    faults = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return "Full, read-only and failing disk (each write), two instances, clock, undo, answers", last, faults


def report(options: argparse.Namespace, rows: list[Row], seconds: float) -> str:
    """The result as Markdown."""
    command = f"python -m tests.resilience --seed {options.seed} --kills {options.kills} --mutants {options.mutants}"
    text = [
        "# Last long run of the resilience tests",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{platform.system()}; {seconds / 60:.0f} minutes for `{command} --flips {options.flips} "
        f"--stride {options.stride}`.",
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
    parser = argparse.ArgumentParser(prog="python -m tests.resilience", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--mutants", type=int, default=5000)
    parser.add_argument("--flips", type=int, default=400)
    parser.add_argument("--stride", type=int, default=2, help="each so-many-th line is a place to be killed at")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    begun = time.monotonic()
    parts: list[Callable[[], Iterator[Row]]] = [
        lambda: iter([sessions(options.seed, options.kills, options.workers)]),
        lambda: lines(options.stride),
        lambda: iter([mutants(options.seed, options.mutants)]),
        lambda: iter([flips(options.seed, options.flips)]),
        lambda: iter([other_tests()]),
    ]
    rows: list[Row] = []
    for part in parts:
        for row in part():
            rows.append(row)
            print(f"{row[0]}: {row[1]}; {len(row[2])} faults", *row[2][:10], sep="\n  ", flush=True)
    RESULT.write_text(report(options, rows, time.monotonic() - begun), encoding="utf-8")
    return int(any(faults for *_, faults in rows))


if __name__ == "__main__":
    sys.exit(main())
