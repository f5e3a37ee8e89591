"""Backups: taken, thinned, restored, never worse than before."""

import os
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from studyapp.store import backup
from studyapp.store.backup import Backup, superfluous
from studyapp.store.errors import Damaged, DiskFull

TODAY = date(2026, 7, 15).toordinal()


def copies(collection):
    return [copy.path.name for copy in backup.backups(collection.home)]


@pytest.fixture
def studied(collection):
    store = collection.open()
    for number in range(3):
        collection.learn(store, f"c{number}")
    return collection


def test_one_copy_a_day_and_only_after_changes(studied):
    store = studied.open()
    assert store.daily_backup().path.name == "progress-2026-01-01.db"
    assert store.daily_backup() is None
    studied.clock.move(days=1)
    assert store.daily_backup() is None
    studied.learn(store, "c5")
    assert store.daily_backup().path.name == "progress-2026-01-02.db"
    assert copies(studied) == ["progress-2026-01-02.db", "progress-2026-01-01.db"]


def test_nothing_is_copied_of_nothing(collection):
    assert collection.open().daily_backup() is None


def test_a_copy_holds_everything_even_what_is_still_in_the_write_ahead_log(studied):
    copy = studied.open().daily_backup()
    assert copy is not None and not backup.unsound(copy.path, thorough=True)
    assert backup.count_entries(copy.path) == 3
    assert os.listdir(copy.path.parent) == [copy.path.name]


@pytest.mark.parametrize(
    ("ages", "kept"),
    [
        ([0, 0, 1, 1], [0, 0, 1, 1]),  # all of the last two days
        ([2, 2, 3, 14], [2, 3, 14]),  # one a day for two weeks
        # one a week for two months; 15 July 2026 is a Wednesday
        ([15, 16, 17, 18, 23, 30], [15, 17, 30]),
        # one a month for ever
        ([75, 80, 90, 120, 400, 405], [75, 80, 120, 400]),
    ],
)
def test_thinning_keeps_days_then_weeks_then_months(ages, kept):
    present = [Backup(Path(f"{index}"), TODAY - age) for index, age in enumerate(ages)]
    gone = superfluous(present, TODAY)
    assert [TODAY - copy.day for copy in present if copy not in gone] == kept


def test_a_year_of_daily_copies_thins_to_few_and_never_loses_the_newest_of_a_span():
    present: list[Backup] = []
    for day in range(TODAY, TODAY + 400):
        present.insert(0, Backup(Path(str(day)), day))
        gone = superfluous(present, day)
        present = [copy for copy in present if copy not in gone]
        ages = [day - copy.day for copy in present]
        assert ages[0] == 0 and ages == sorted(ages)
        if day > TODAY + 40:
            assert sum(age <= 14 for age in ages) == 15
            assert all(later - earlier <= 31 + 31 for earlier, later in pairwise(ages))
    assert len(present) <= 15 + 9 + 13


def test_a_damaged_file_is_never_copied_over_good_copies(studied):
    store = studied.open()
    store.daily_backup()
    studied.learn(store, "c6")
    studied.clock.move(days=1)
    studied.close()
    spoil_a_page(studied.path)
    with pytest.raises(Damaged, match="damaged"):
        backup.take(studied.path, studied.home, TODAY)
    assert copies(studied) == ["progress-2026-01-01.db"]
    assert os.listdir(studied.home / "backups") == ["progress-2026-01-01.db"]


def spoil_a_page(path):
    """Flips bytes in the middle of the file, as a failing disk does."""
    content = bytearray(path.read_bytes())
    for place in range(4096 * 2, len(content), 4096):
        content[place : place + 8] = b"\xff" * 8
    path.write_bytes(content)


def test_whichever_page_is_damaged_no_unsound_copy_is_kept(studied):
    studied.close()
    sound = studied.path.read_bytes()
    refused = 0
    for start in range(4096, len(sound), 4096):
        studied.path.write_bytes(sound[:start] + b"\xff" * 64 + sound[start + 64 :])
        try:
            copy = backup.take(studied.path, studied.home, TODAY)
        except Damaged:
            refused += 1
            assert copies(studied) == []
        else:
            assert not backup.unsound(copy.path)
            copy.path.unlink()
    assert refused >= 8


def test_a_copy_that_finds_no_room_leaves_no_trace(studied, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(DiskFull):
        studied.open().daily_backup()
    assert os.listdir(studied.home / "backups") == []


def test_what_a_killed_copy_left_behind_is_cleared_away(studied):
    store = studied.open()
    folder = studied.home / "backups"
    folder.mkdir()
    partial = folder / "progress-2025-12-31.db.99.partial"
    partial.write_bytes(b"half")
    os.utime(partial, (0, 0))
    store.daily_backup()
    assert os.listdir(folder) == ["progress-2026-01-01.db"]
    assert date.fromordinal(store.today) - timedelta(days=1) == date(2025, 12, 31)


def test_a_new_home_has_a_copy_after_its_first_answers_and_one_of_the_day_all_the_same(collection):
    store = collection.open()
    for number in range(4):
        collection.learn(store, f"c{number}")
    assert backup.backups(collection.home) == ()
    for number in range(4, 8):
        collection.learn(store, f"c{number}")
    (first,) = backup.backups(collection.home)
    assert backup.count_entries(first.path) == 5
    assert store.daily_backup() is not None
    assert sorted(backup.count_entries(one.path) for one in backup.backups(collection.home)) == [5, 8]


def test_a_first_copy_that_cannot_be_made_costs_no_answer(collection):
    store = collection.open()
    (collection.home / backup.FOLDER).write_text("in the way")
    for number in range(6):
        collection.learn(store, f"c{number}")
    assert store.state("c5") is not None
