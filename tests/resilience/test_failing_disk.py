"""A full, read-only or failing disk: a clear message, the session goes on or ends cleanly, what is recorded stays."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from studyapp.__main__ import run as studyapp_command
from studyapp.deck.library import LibraryError
from studyapp.schedule.rating import Rating
from studyapp.services import Services
from studyapp.session import Session
from studyapp.store.errors import StoreError

from .app import Ended, Review, run, without_surprise
from .audit import Logged, complaints, read_log, tables
from .faults import (
    DISK_FULL,
    IO_ERROR,
    READ_ONLY,
    FailingDisk,
    file_size_limit,
    mount,
    small_disk,
    without_privileges,
)
from .small_world import SmallWorld, plain_deck, rate_next
from .test_small_files import WRITES, facts, write_all

# The index of the bundled decks takes over 3 MB, and twice that while it is written; what is too much is filled.
DISK_KILOBYTES = 24_000

Step = Callable[[Session, Services], object]

STEPS: tuple[Step, ...] = (
    lambda session, _: rate_next(session, Rating.GOOD),
    lambda session, _: session.flag(),
    lambda session, _: rate_next(session, Rating.AGAIN),
    lambda session, _: session.undo(),
    lambda session, _: session.bury(),
    lambda _, services: services.store.daily_backup(),
    lambda session, _: session.suspend(),
    lambda session, _: session.undo(),
    lambda _, services: services.store.rebuild(),
    lambda session, _: rate_next(session, Rating.EASY),
)


def about_progress(path: str) -> bool:
    """Whether a file holds the user's data (the index of the decks has a substitute)."""
    return "progress" in path or path.endswith("backups")


class Script:
    """The same steps again and again on fresh data, each until it succeeds."""

    def __init__(self, world: SmallWorld) -> None:
        self.world = world
        world.open().close()

    def play(self, disk: FailingDisk) -> tuple[dict[str, list[tuple[object, ...]]], int]:
        """The tables afterwards, and how often a step had to be made again."""
        for name in ("progress.db", "progress.db-wal", "progress.db-shm", "progress.lock"):
            (self.world.home / name).unlink(missing_ok=True)
        shutil.rmtree(self.world.home / "backups", ignore_errors=True)
        repeats = 0

        def insist(step: Callable[[], object]) -> object:
            nonlocal repeats
            try:
                return step()
            except StoreError as error:
                assert len(str(error)) > 30 and str(error).endswith("."), f"says too little: {error}"
                repeats += 1
                disk.mend()
                assert complaints(self.world.home, self.world.clock()) == []
                return step()

        with disk.in_use():
            services = insist(self.world.open)
            assert isinstance(services, Services)
            try:
                session = services.session()
                for step in STEPS:
                    insist(lambda step=step: step(session, services))  # type: ignore[misc]
            finally:
                services.close()
        assert complaints(self.world.home, self.world.clock()) == []
        return tables(self.world.home), repeats


@pytest.mark.parametrize("for_good", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("kind", [DISK_FULL, READ_ONLY, IO_ERROR], ids=["full", "read-only", "failing"])
def test_each_write_fails_in_turn(kind: tuple[int, str, int], for_good: bool, scratch: Path) -> None:
    script = Script(SmallWorld(scratch))
    clean = FailingDisk(kind, 0, False, about_progress)
    wanted, _ = script.play(clean)
    assert clean.seen > 60

    refused = 0
    stride = int(os.environ.get("STUDYAPP_TEST_STRIDE", "5"))
    for nth in range(1 + for_good, clean.seen + 1, stride):
        disk = FailingDisk(kind, nth, for_good, about_progress)
        found, repeats = script.play(disk)
        assert disk.failed, nth
        refused += repeats
        assert remaining_answers(found) == remaining_answers(wanted), f"after write {nth} failed"
        assert found["card_state"] == wanted["card_state"], f"after write {nth} failed"
        assert found["card_mark"] == wanted["card_mark"], f"after write {nth} failed"
    assert refused > 3


def remaining_answers(found: dict[str, list[tuple[object, ...]]]) -> list[object]:
    """What remains in the log, without its numbers."""
    return [row[1:3] for row in found["remaining"]]


def answer_until_it_ends(review: Review) -> list[Logged]:
    """Rates card after card; what was seen to be accepted."""
    seen = []
    try:
        card_id = review.next_card()
        for number in range(400):
            review.send(f":give-up\n{number % 4 + 1}")
            next_card = review.next_card()
            seen.append(Logged("answer", card_id, number % 4 + 1))
            card_id = next_card
    except Ended:
        pass
    return seen


@pytest.mark.parametrize("size", [40_000, 200_001])
def test_a_session_that_meets_the_end_of_the_disk(size: int, scratch: Path) -> None:
    home = scratch / "home"
    run(home, "decks")

    # Python itself cuts compiled modules short where it may not write more: here it shall write none.
    with Review(home, before=file_size_limit(size), PYTHONDONTWRITEBYTECODE="1") as review:
        seen = answer_until_it_ends(review)
        code = review.finish()

    assert code == 1 and without_surprise(review.text), review.text[-600:]
    assert "Check the disk" in review.text or "disk is full" in review.text
    assert read_log(home) == seen
    assert complaints(home) == []
    with Review(home) as review:
        review.send(":give-up\n3")
        review.next_card()
        review.next_card()
    assert len(read_log(home)) == len(seen) + 1


COMMANDS = (["review"], ["doctor"], ["stats"], ["decks"], ["cards", "median"], ["config"])


@pytest.mark.parametrize("kind", [DISK_FULL, READ_ONLY], ids=["full", "read-only"])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_on_a_disk_that_takes_nothing(
    command: list[str],
    kind: tuple[int, str, int],
    scratch: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What a real full or read-only disk shows below, without one: every write fails from the first on."""
    home = scratch / "home"
    (scratch / "plain.yaml").write_text(plain_deck("plain", 9), "utf-8")
    monkeypatch.setenv("STUDYAPP_HOME", str(home))

    def perform(words: list[str]) -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(":give-up\n3\n:flag\n:undo\n"))
        code = studyapp_command(words)
        said = capsys.readouterr()
        return code, said.out + said.err

    assert perform(["add", str(scratch / "plain.yaml")])[0] == 0
    assert perform(["review", "plain"])[0] == 0
    log = read_log(home)
    with FailingDisk(kind, 1, True, lambda path: path.startswith((str(home), "file://" + str(home)))).in_use() as disk:
        code, said = perform(command)
    assert without_surprise(said), said
    assert code in (0, 1)
    if command == ["review"]:
        assert disk.failed and code == 1 and str(home) in said, said
    assert read_log(home) == log
    assert complaints(home) == []


def test_a_full_file_system(scratch: Path) -> None:
    with small_disk(scratch / "disk", DISK_KILOBYTES) as disk:
        if disk is None:
            pytest.skip("this user may not mount a file system; the tests above make each write fail instead")
        home = disk / "home"
        run(home, "decks")
        ballast = disk / "ballast"
        room = shutil.disk_usage(disk).free
        ballast.write_bytes(bytes(max(0, room - 200_000)))

        with Review(home) as review:
            seen = answer_until_it_ends(review)
            code = review.finish()
        assert code == 1 and "The disk is full" in review.text and without_surprise(review.text), review.text[-600:]
        assert len(seen) > 1
        assert read_log(home) == seen

        for command in (["doctor"], ["stats"]):
            assert without_surprise(run(home, *command).stderr), command
        assert without_surprise(run(home, "review", typed=":give-up\n3\n").stderr)
        small = disk / "small"
        ballast.unlink()
        write_all(small)
        old = facts(small)
        with ballast.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
            while True:
                file.write(bytes(4096))
        for what, write in WRITES.items():
            with pytest.raises((OSError, LibraryError)):
                write(small)
            assert facts(small) == old, what
        ballast.unlink()
        assert complaints(home) == []

        assert mount("-o", "remount,ro", str(disk))
        refused = run(home, "review", typed=":give-up\n3\n")
        assert refused.returncode == 1 and "cannot be written" in refused.stderr, refused.stderr
        assert without_surprise(refused.stderr)


def test_a_disk_with_any_little_room_is_called_full(scratch: Path) -> None:
    """Which file cannot grow (the log, the shared memory, the index) decides the error of SQLite, not what is told."""
    with small_disk(scratch / "disk", DISK_KILOBYTES) as disk:
        if disk is None:
            pytest.skip("this user may not mount a file system; the tests above make each write fail instead")
        home = disk / "home"
        run(home, "decks")
        ballast = disk / "ballast"
        for room in (0, 4096, 8192, 16_384, 24_576, 32_768, 40_960, 65_536, 98_304):
            ballast.unlink(missing_ok=True)
            ballast.write_bytes(bytes(shutil.disk_usage(disk).free - room))
            told = run(home, "review", typed=":give-up\n3\n")
            assert told.returncode == 0 or "The disk is full" in told.stderr, (room, told.stderr)
            assert without_surprise(told.stderr), room
        ballast.unlink()
        assert complaints(home) == []


def test_a_folder_that_may_not_be_written(scratch: Path) -> None:
    home = scratch / "home"
    run(home, "review", typed=":give-up\n3\n")
    log = read_log(home)
    assert len(log) == 1
    for path in home.iterdir():
        path.chmod(0o400)
    home.chmod(0o500)
    try:
        for command in (["review"], ["decks"], ["doctor"], ["new", str(home / "own.yaml")]):
            done = run(home, *command, typed=":give-up\n3\n", before=without_privileges)
            assert without_surprise(done.stderr), (command, done.stderr)
            if command[0] in ("review", "new"):
                assert done.returncode == 1 and "studyapp:" in done.stderr, (command, done.stderr)
    finally:
        home.chmod(0o700)
        for path in home.iterdir():
            path.chmod(0o600)
    assert read_log(home) == log
    assert complaints(home) == []


def test_data_is_for_its_owner_alone(scratch: Path) -> None:
    home = scratch / "home"
    run(home, "review", typed=":give-up\n3\n", before=lambda: os.umask(0) and None)
    world = SmallWorld(scratch)
    services = world.open()
    services.store.daily_backup()
    services.close()

    modes = {path.relative_to(home).as_posix(): path.stat().st_mode & 0o777 for path in home.rglob("*")}
    assert modes.pop("backups") == 0o700
    assert home.stat().st_mode & 0o777 == 0o700
    assert {name for name, mode in modes.items() if mode != 0o600} == set()
