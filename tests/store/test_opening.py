"""Opening what is there: sound, old, new, damaged, foreign, missing."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

import studyapp
from studyapp.schedule.rating import Rating
from studyapp.store import migrations, schema
from studyapp.store.connection import look, open_writer, side_files
from studyapp.store.database import Store
from studyapp.store.errors import Busy, Damaged, NewerSchema, StoreError
from studyapp.store.lock import InstanceLock

WORKER = Path(__file__).with_name("worker.py")
ADD_COLUMN = ("ALTER TABLE card_mark ADD COLUMN note TEXT",)


def everything_in(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"}


@pytest.fixture
def studied(collection):
    """A collection with some answers in it, closed."""
    store = collection.open()
    for number in range(5):
        collection.learn(store, f"c{number}")
    collection.close()
    return collection


def test_a_new_folder_is_made_with_the_newest_format(collection):
    collection.open().close()
    with closing(sqlite3.connect(collection.path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (migrations.newest_version(),)
        assert connection.execute("PRAGMA application_id").fetchone() == (schema.APPLICATION_ID,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_any_number_may_start_at_once_for_the_first_time(folder):
    command = [sys.executable, str(WORKER), "begin", str(folder), "0", "40"]
    environment = os.environ | {"PYTHONPATH": str(Path(studyapp.__file__).parents[1])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["opened"] * 4 * 40


@pytest.mark.parametrize("unsaved", [False, True], ids=["in the file", "in its write-ahead log"])
def test_a_newer_format_is_refused_and_not_a_byte_is_touched(studied, unsaved):
    other = sqlite3.connect(studied.path)
    other.execute(f"PRAGMA user_version = {migrations.newest_version() + 1}")
    if unsaved:
        # As a crashed newer app leaves it: copied before the log is taken into the file.
        copy = studied.home.parent / "copy"
        shutil.copytree(studied.home, copy)
        other.close()
        shutil.rmtree(studied.home)
        shutil.move(copy, studied.home)
        (studied.home / "progress.db-shm").unlink()
    else:
        other.close()
    before = everything_in(studied.home)
    with pytest.raises(NewerSchema, match="Update studyapp"):
        studied.open()
    after = everything_in(studied.home)
    after.pop(studied.home / "progress.db-shm", None)
    assert after == before


def truncate(path):
    path.write_bytes(path.read_bytes()[:-5000])


def truncate_to_half_a_page(path):
    path.write_bytes(path.read_bytes()[:2000])


def overwrite_header(path):
    path.write_bytes(b"x" * 200 + path.read_bytes()[200:])


def write_text(path):
    path.write_text("my notes, which are no database " * 20)


def put_other_program(path):
    path.unlink()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")


def put_other_program_with_its_mark(path):
    put_other_program(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA application_id = 77")


@pytest.mark.parametrize(
    "spoil",
    [truncate, truncate_to_half_a_page, overwrite_header, write_text, put_other_program,
     put_other_program_with_its_mark],
)  # fmt: skip
def test_what_is_no_sound_progress_file_is_refused_and_not_overwritten(studied, spoil):
    spoil(studied.path)
    before = studied.path.read_bytes()
    for _ in range(2):
        with pytest.raises(Damaged, match=r"untouched|left as it is"):
            studied.open()
    assert studied.path.read_bytes() == before


def test_a_file_that_ends_too_early_is_recognised_by_its_size_alone(studied):
    studied.path.write_bytes(studied.path.read_bytes()[:-1])
    with pytest.raises(Damaged, match="1 bytes are missing at its end"):
        studied.open()


def test_an_empty_file_is_a_beginning_only_where_there_are_no_backups(studied):
    store = studied.open()
    store.daily_backup()
    studied.close()
    for spoil in (lambda: studied.path.write_bytes(b""), studied.path.unlink):
        spoil()
        with pytest.raises(Damaged, match="doctor"):
            studied.open()
    shutil.rmtree(studied.home / "backups")
    assert studied.open().is_empty()


def test_an_older_format_is_updated_after_a_backup(studied, monkeypatch):
    before = studied.tables("log", "card_state")
    version = migrations.newest_version()
    monkeypatch.setattr(migrations, "STEPS", migrations.STEPS | {version: ADD_COLUMN})
    store = studied.open()
    assert studied.tables("log", "card_state") == before
    assert store.check(thorough=True) == ()
    (backup,) = (studied.home / "backups").glob("*-before-*")
    studied.answer(store, "c7")
    assert f"before-update-from-{version}" in backup.name
    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (version,)
        assert sorted(copy.execute("SELECT * FROM log")) == sorted(before["log"])


def test_an_update_that_fails_leaves_the_old_format_and_its_data(studied, monkeypatch):
    before = studied.tables("log", "card_state", "card_mark")
    old_steps = migrations.STEPS
    newest = migrations.newest_version()
    failing = {newest: ADD_COLUMN, newest + 1: ("SELECT * FROM no_such_table",)}
    monkeypatch.setattr(migrations, "STEPS", old_steps | failing)
    with pytest.raises(StoreError):
        studied.open()
    monkeypatch.setattr(migrations, "STEPS", old_steps)
    assert studied.open().check() == ()
    assert studied.tables("log", "card_state", "card_mark") == before


def test_an_update_waits_for_other_instances_to_close(studied, monkeypatch):
    monkeypatch.setattr("studyapp.store.lock.PATIENCE", 0.05)
    other = studied.open()
    monkeypatch.setattr(migrations, "STEPS", migrations.STEPS | {migrations.newest_version(): ADD_COLUMN})
    with pytest.raises(Busy, match="Close it"):
        studied.open()
    other.close()
    assert studied.open().state("c1") is not None


def test_nothing_is_opened_while_the_data_is_being_replaced(studied, monkeypatch):
    monkeypatch.setattr("studyapp.store.lock.PATIENCE", 0.05)
    with InstanceLock(studied.home, exclusive=True), pytest.raises(Busy, match="restoring"):
        studied.open()
    studied.open()


def test_a_folder_that_cannot_be_made_is_named(collection):
    collection.home.write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="home"):
        collection.open()


def test_two_that_open_at_once_for_the_first_time_share_one_file(collection):
    one = collection.open()
    two = Store.open(collection.home, clock=collection.clock, days=collection.days)
    collection.answer(one, "c1", Rating.EASY)
    assert two.state("c1") == one.state("c1")
    two.close()


def test_looking_at_data_in_use_here_does_not_let_another_process_clear_its_log_away(tmp_path):
    """Reading the file's bytes by hand would drop this process's locks as soon as the handle is closed."""
    path = tmp_path / "progress.db"
    with Store.open(tmp_path), closing(open_writer(path)) as connection:
        assert look(path) == migrations.newest_version()
        other = "import sys; from pathlib import Path; from studyapp.store.database import Store; " \
            "from studyapp.store.log import Mark\n" \
            "with Store.open(Path(sys.argv[1])) as store: store.mark('a', Mark.FLAG)"  # fmt: skip
        subprocess.run([sys.executable, "-c", other, str(tmp_path)], check=True, cwd=Path(__file__).parents[2])
        assert side_files(path)[0].exists(), "the other process took itself for the last one and deleted the log"
        assert connection.execute("SELECT count(*) FROM log").fetchone() == (1,)
