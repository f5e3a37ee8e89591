"""A synchronisation that is killed at any moment loses nothing, and the next one makes it good."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from studyapp.sync.place import FolderPlace
from tests.sync.conftest import Machine
from tests.sync.test_synchronise import settled

ROOT = Path(__file__).parents[2]


@pytest.mark.resilience
@pytest.mark.parametrize("seed", range(4))
def test_machines_that_are_killed_again_and_again_have_one_history(machine, tmp_path, seed):
    chance = random.Random(seed)
    shared = tmp_path / "shared"
    shared.mkdir()
    recorded = 0
    for round_ in range(8):
        running = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.sync.worker", tmp_path / name, shared, str(seed * 100 + round_)],
                cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            )
            for name in ("laptop", "desktop")
        ]  # fmt: skip
        for one in running:
            assert one.stdout is not None and one.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.02, 0.7))  # the moment of the kill is what is tried
        for one in running:
            one.kill()
            told, _ = one.communicate()
            assert "Traceback" not in told, told
            recorded += told.count("recorded\n")
    place = FolderPlace(shared)
    followed = settled(place, machine("laptop"), machine("desktop"))
    assert (
        recorded <= len(followed["log"]) <= recorded + 16
    )  # the word of the last answer may have died with its process
    assert recorded > 20


def killed_at(line, home, place):
    """Synchronises in a process that kills itself before its ``line``-th line of code; False if it came to its end."""
    child = os.fork()
    if child == 0:
        left = line

        def trace(frame, event, argument):
            nonlocal left
            name = frame.f_code.co_filename
            if "/studyapp/sync/" not in name and not name.endswith("/store/union.py"):
                return None
            if event == "line":
                left -= 1
                if left <= 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            return trace

        sys.settrace(trace)
        try:
            Machine(home).sync(place)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@pytest.mark.resilience
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_killed_at_any_line(machine, tmp_path):
    begun = tmp_path / "begun"
    begun.mkdir()
    laptop, desktop = machine("begun/laptop"), machine("begun/desktop", hours=3)
    place = FolderPlace(begun)
    for number in range(8):  # so many that small files are made into one
        laptop.answer(f"c{number % 2}")
        laptop.sync(place)
        desktop.answer(f"c{number % 2}")
        desktop.choose("basics", new_per_day=number)
    desktop.sync(place)
    laptop.answer("a")
    laptop.open().undo()
    laptop.choose("basics", reviews_per_day=3)
    for one in (laptop, desktop):
        one.close()
    line, killed = 1, True
    while killed:
        folder = tmp_path / f"at-{line}"
        shutil.copytree(begun, folder)
        again = FolderPlace(folder)
        for name in ("laptop", "desktop"):
            path = folder / name / "progress.db"
            Machine(folder / name).execute("UPDATE home SET inode = ?", path.stat().st_ino)
        killed = killed_at(line, folder / "laptop", again)
        one, other = Machine(folder / "laptop"), Machine(folder / "desktop", hours=3)
        followed = settled(again, one, other)
        assert len(followed["log"]) == 18, line
        assert "new_per_day=7, reviews_per_day=3" in followed["choices"], line
        for each in (one, other):
            each.close()
        shutil.rmtree(folder)
        line += 11  # a number without a common divisor with the loops' lengths
    assert line > 500
