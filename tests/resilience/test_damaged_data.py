"""A progress file that is not what it should be: refused, or recovered with the help of its copies, and kept aside."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from studyapp.store import doctor, migrations, recovery
from studyapp.store.checks import Cure
from studyapp.store.errors import Damaged, StoreError

from .app import run, without_surprise
from .audit import complaints, read_log
from .small_world import SmallWorld, rate_next, study_days

ANSWERS_IN_COPY, ANSWERS = 14, 28


def world_with_copy(folder: Path) -> SmallWorld:
    """Data with a copy of a part of it; everything is in the one file, nothing in a write-ahead log."""
    world = SmallWorld(folder)
    given = study_days(world, random.Random(5), days=2, a_day=7)
    assert given == ANSWERS_IN_COPY
    services = world.open()
    services.store.daily_backup()
    services.close()
    assert given + study_days(world, random.Random(6), days=2, a_day=7) == ANSWERS
    with closing(sqlite3.connect(world.home / "progress.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return world


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def cut_in_the_header(path: Path) -> None:
    os.truncate(path, 60)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def no_database(path: Path) -> None:
    path.write_bytes(b"Dear diary, today I learnt about the hinge loss.\n" * 200)


def another_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE holiday (place TEXT)")


def overwritten(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 * 2 : 4096 * 5] = bytes(4096 * 3)
    path.write_bytes(content)


def gone(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("damage", [truncated, cut_in_the_header, emptied, no_database, overwritten, gone])
def test_damage_is_told_and_what_is_readable_anywhere_comes_back(damage: Callable[[Path], None], scratch: Path) -> None:
    world = world_with_copy(scratch)
    path = world.home / "progress.db"
    # A newer copy that is itself no good must be passed over.
    (world.home / "backups" / "progress-2027-01-01.db").write_bytes(b"SQLite format 3\0" + bytes(5000))
    damage(path)
    left = path.read_bytes() if path.exists() else None

    if damage is not overwritten:  # a page inside may go unseen until it is read
        with pytest.raises(Damaged, match="studyapp doctor"):
            world.open()
    assert (path.read_bytes() if path.exists() else None) == left

    if damage is truncated:  # once through the real app
        refused = run(world.home, "review", typed=":give-up\n3\n")
        assert refused.returncode == 1 and "studyapp doctor" in refused.stderr, refused.stderr
        assert without_surprise(refused.stderr)
        asked = run(world.home, "doctor")
        assert asked.returncode == 1 and "Nothing was changed" in asked.stderr
        assert (path.read_bytes() if path.exists() else None) == left
        mended = run(world.home, "doctor", "--repair")
        assert mended.returncode == 0 and f"The log has {ANSWERS} entries" in mended.stderr, mended.stderr
    else:
        findings = doctor.examine(world.home, world.clock())
        assert Cure.RESTORE in {finding.cure for finding in findings}
        assert (path.read_bytes() if path.exists() else None) == left
        recovered = recovery.recover(world.home, world.clock())
        assert len(read_log(world.home)) == recovered.entries >= ANSWERS_IN_COPY
        if damage is overwritten:
            assert recovered.entries + recovered.missing == ANSWERS
    assert [one for one in complaints(world.home, world.clock()) if "no copy has them" not in one] == []
    if left is not None:
        assert left in [kept.read_bytes() for kept in (world.home / "damaged").glob("*.db")]
    services = world.open()
    rate_next(services.session())
    services.close()


def test_data_of_another_program_or_a_newer_app_is_left_alone(scratch: Path) -> None:
    world = world_with_copy(scratch)
    path = world.home / "progress.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {migrations.newest_version() + 3}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for content in ("newer", "other"):
        if content == "other":
            another_program(path)
        before = path.read_bytes()
        for command in (["review"], ["doctor"]):
            done = run(world.home, *command)
            assert done.returncode == 1 and without_surprise(done.stderr), (command, done.stderr)
            assert "newer studyapp" in done.stderr + done.stdout or content == "other"
        if content == "newer":
            assert run(world.home, "doctor", "--repair").returncode == 1
        assert path.read_bytes() == before


def flip_bytes(path: Path, rng: random.Random) -> None:
    """One to forty bytes of a file changed, near each other or anywhere."""
    content = bytearray(path.read_bytes())
    count = rng.choice([1, 1, 2, 8, 40])
    start, span = (rng.randrange(len(content)), 400) if rng.random() < 0.5 else (0, len(content))
    for _ in range(count):
        content[(start + rng.randrange(span)) % len(content)] ^= 1 << rng.randrange(8)
    path.write_bytes(content)


def live_with(world: SmallWorld) -> str:
    """Tries to study, then to check and mend, with data that may be damaged; what went wrong, or nothing."""
    try:
        services = world.open()
        try:
            session = services.session()
            if session.turn is not None:
                rate_next(session)
            services.store.statistics().collection()
            services.store.overview()
        finally:
            services.close()
    except StoreError:
        pass
    for _ in range(2):
        cures = {finding.cure for finding in doctor.examine(world.home, world.clock())}
        if Cure.UPDATE in cures:
            return ""  # the version number was hit: refused, and untouched
        if Cure.RESTORE in cures:
            recovery.recover(world.home, world.clock())
            if not ANSWERS_IN_COPY <= len(read_log(world.home)) <= ANSWERS + 1:
                return f"restored {len(read_log(world.home))} entries"
        elif Cure.REBUILD in cures:
            doctor.rebuild(world.home, world.clock(), world.days)
        else:
            break
    left = [one for one in complaints(world.home, world.clock()) if not one.startswith("doctor: results")]
    return "; ".join(left)


def flipped_files(scratch: Path, seed: int, files: int) -> list[str]:
    """What went wrong with ``files`` damaged copies of the same data."""
    world_with_copy(scratch / "whole")
    faults = []
    for number in range(files):
        rng = random.Random(seed * 1_000_003 + number)
        trial = scratch / "trial"
        shutil.rmtree(trial, ignore_errors=True)
        shutil.copytree(scratch / "whole", trial)
        world = SmallWorld(trial)
        world.clock.move(days=4)
        flip_bytes(world.home / "progress.db", rng)
        try:
            fault = live_with(world)
        except Exception as error:
            fault = f"{type(error).__name__}: {error}"
        if fault:
            faults.append(f"seed {seed}, file {number}: {fault}")
    return faults


def test_flipped_bytes_never_surprise(scratch: Path) -> None:
    assert flipped_files(scratch, seed=1, files=int(os.environ.get("STUDYAPP_TEST_FLIPS", "25"))) == []


def test_where_nothing_is_readable_nothing_is_touched(scratch: Path) -> None:
    world = world_with_copy(scratch)
    shutil.rmtree(world.home / "backups")
    path = world.home / "progress.db"
    no_database(path)
    before = path.read_bytes()
    with pytest.raises(Damaged):
        world.open()
    refused = run(world.home, "doctor", "--repair")
    assert refused.returncode == 1 and "no good copy" in refused.stderr
    assert path.read_bytes() == before
