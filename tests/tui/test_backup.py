"""The backup of the day is made while the app runs, and a failure is said."""

from __future__ import annotations

import threading

import pytest

from studyapp.store.backup import backups
from studyapp.store.errors import DiskFull


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studyapp.tui.app.BACK_UP_AFTER", 0.01)


async def test_yesterdays_answers_are_backed_up_once_a_day(perform, home, clock):
    async with perform() as stage:
        await stage.press("space", "3")
    clock.move(days=1)
    for _ in range(2):
        async with perform("home") as stage:
            await stage.until(lambda: len(backups(home)) == 1, "a backup")
            day = stage.services.store.today
    assert [copy.day for copy in backups(home)] == [day]


async def test_the_app_goes_on_while_the_backup_is_made_and_a_full_disk_is_said(perform, monkeypatch):
    may_fail = threading.Event()

    def full(_store):
        assert threading.current_thread() is not threading.main_thread()
        may_fail.wait(8)
        raise DiskFull("The disk is full: no backup could be written.")

    monkeypatch.setattr("studyapp.store.database.Store.daily_backup", full)
    async with perform("home") as stage:
        await stage.until(lambda: any(worker.group == "backup" for worker in stage.app.workers), "the backup to begin")
        await stage.pilot.press("question_mark")
        await stage.see("Study the chosen deck")
        may_fail.set()
        await stage.see("No backup was made", "The disk is full")
