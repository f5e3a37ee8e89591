"""Killed at any moment, two at once, no room left: what was said to be recorded is there, and all is sound.

``STUDYAPP_KILLS`` sets how many processes are killed of each sort; the default keeps the run short.
"""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

import studyapp
from studyapp.store import backup, doctor, recovery
from studyapp.store.connection import open_reader

pytestmark = pytest.mark.resilience

KILLS = int(os.environ.get("STUDYAPP_KILLS", "2"))
WORKER = Path(__file__).with_name("worker.py")
LONG = 10**6

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")


def start(kind, home, seed, count):
    command = [sys.executable, str(WORKER), kind, str(home), str(seed), str(count)]
    environment = os.environ | {"PYTHONPATH": str(Path(studyapp.__file__).parents[1])}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def run(kind, home, seed, count):
    process = start(kind, home, seed, count)
    said, complained = process.communicate(timeout=60)
    assert process.returncode == 0, complained
    return said.split("\n")


def kill_after(process, lines, pause):
    """Lets it say so many lines, waits a moment more, kills it; everything that it has said."""
    said = []
    for _ in range(lines):
        line = process.stdout.readline()
        if not line:
            break
        said.append(line)
    time.sleep(pause)
    process.kill()
    rest, complained = process.communicate()
    assert process.returncode == -signal.SIGKILL, complained
    return "".join(said) + rest


def assert_sound(collection):
    found = doctor.examine(collection.home, collection.clock(), thorough=True)
    assert {finding.code for finding in found} <= {"clock", "future"}, found


def sequences(collection):
    with closing(open_reader(collection.path)) as connection:
        logged = {number for (number,) in connection.execute("SELECT number FROM log WHERE kind <> 'undo'")}
        undone = {number for (number,) in connection.execute("SELECT undoes_number FROM log WHERE kind = 'undo'")}
    return logged, undone


def told(output, word):
    lines = [line.split() for line in output.splitlines()]
    return {int(line[1]) for line in lines if len(line) == 2 and line[0] == word and line[1].isdigit()}


@pytest.mark.parametrize("seed", range(KILLS))
def test_what_was_recorded_survives_a_kill(collection, seed):
    chance = random.Random(seed)
    output = ""
    for part in range(2):
        process = start("answer", collection.home, seed * 100 + part, LONG)
        output += kill_after(process, chance.randrange(1, 40), chance.random() * 0.02)
        assert_sound(collection)
    logged, undone = sequences(collection)
    assert told(output, "recorded") and told(output, "recorded") <= logged
    assert told(output, "undone") <= undone


@pytest.mark.parametrize("kind", ["backup", "rebuild", "update"])
@pytest.mark.parametrize("seed", range(KILLS))
def test_upkeep_that_is_killed_harms_nothing(collection, kind, seed):
    chance = random.Random(seed)
    run("answer", collection.home, seed, 60)
    before = collection.tables("log", "card_state")
    process = start(kind, collection.home, seed, LONG)
    if kind == "update":
        time.sleep(0.05 + 0.25 * chance.random())
        process.kill()
        process.communicate()
    else:
        kill_after(process, chance.randrange(3), chance.random() * 0.03)
    assert collection.tables("log", "card_state") == before
    assert all(not backup.unsound(copy.path, thorough=True) for copy in backup.backups(collection.home))
    if kind == "update":
        run("update", collection.home, seed, 0)
        assert collection.tables("log", "card_state") == before
    else:
        assert_sound(collection)


@pytest.mark.parametrize("seed", range(KILLS))
def test_a_restore_that_is_killed_can_be_done_again(collection, seed):
    chance = random.Random(seed)
    run("answer", collection.home, seed, 40)
    run("backup", collection.home, seed, 1)
    before = collection.tables("log", "card_state")
    process = start("restore", collection.home, seed, LONG)
    kill_after(process, chance.randrange(1, 4), chance.random() * 0.02)
    recovery.recover(collection.home, collection.clock())
    assert_sound(collection)
    assert collection.tables("log", "card_state") == before
    assert not list(collection.home.glob("*.restored*"))


def test_two_that_answer_at_once_lose_nothing(collection):
    processes = [start("race", collection.home, seed, 60) for seed in (1, 2)]
    outputs = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], outputs
    recorded = [told(output, "recorded") for output, _ in outputs]
    assert not recorded[0] & recorded[1]
    logged, _ = sequences(collection)
    assert recorded[0] | recorded[1] == logged
    assert_sound(collection)


def test_rebuilding_while_another_answers_loses_nothing(collection):
    run("answer", collection.home, 1, 30)
    answering = start("race", collection.home, 2, 60)
    rebuilding = start("rebuild", collection.home, 3, 3)
    outputs = [process.communicate(timeout=60) for process in (answering, rebuilding)]
    assert (answering.returncode, rebuilding.returncode) == (0, 0), outputs
    assert "rebuilt 0" in outputs[1][0]
    assert told(outputs[0][0], "recorded") <= sequences(collection)[0]
    assert_sound(collection)


@pytest.mark.parametrize("room", [150_000, 400_000])
def test_without_room_the_answer_is_refused_in_words_and_recorded_once_there_is_room(collection, room):
    pytest.importorskip("resource")
    run("answer", collection.home, 1, 5)
    lines = run("fill", collection.home, 2, room)
    (refusal,) = (line for line in lines if line.startswith("refused"))
    assert "progress.db" in refusal and "try again" in refusal
    assert lines[-2].startswith("recorded")
    assert told("\n".join(lines), "recorded") <= sequences(collection)[0]
    assert_sound(collection)
