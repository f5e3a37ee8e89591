"""The intervals on the rating keys: those that an answer gives, and FSRS is not loaded before somebody looks."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

from studyapp.schedule.day import StudyDays
from studyapp.schedule.intervals import Intervals
from studyapp.schedule.memory import Phase, Scheduler, SchedulerSettings
from studyapp.schedule.rating import Rating

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAYS = StudyDays(UTC)


def test_they_are_what_an_answer_gives() -> None:
    scheduler = Scheduler(SchedulerSettings())
    state, now = None, NOON
    for rating in (Rating.GOOD, Rating.GOOD, Rating.GOOD, Rating.AGAIN, Rating.HARD):
        shown = Intervals(lambda: scheduler, state, now, DAYS, "card")
        assert list(shown) == list(Rating)
        for choice in Rating:
            after = scheduler.answer(state, choice, now, DAYS, "card")
            given = timedelta(days=after.interval) if after.phase is Phase.REVIEW else after.due_at - now
            assert shown[choice] == given
        state = scheduler.answer(state, rating, now, DAYS, "card")
        now = state.due_at + timedelta(minutes=1)


def test_the_settings_at_the_first_look_count_and_what_was_seen_stays() -> None:
    schedulers = [Scheduler(SchedulerSettings(retention=0.8)), Scheduler(SchedulerSettings(retention=0.97))]
    state = schedulers[0].answer(None, Rating.EASY, NOON, DAYS, "card")
    shown = Intervals(lambda: schedulers[-1], state, state.due_at, DAYS, "card")
    schedulers.pop()
    easy = shown[Rating.EASY]
    assert easy == timedelta(days=schedulers[0].answer(state, Rating.EASY, state.due_at, DAYS, "card").interval)
    schedulers.append(Scheduler(SchedulerSettings(retention=0.97)))
    assert shown[Rating.EASY] == easy


def test_a_session_schedules_without_numpy_and_without_py_fsrs(tmp_path) -> None:
    script = f"""
import sys
from pathlib import Path
from studyapp.folders import Folders, content_folder
from studyapp.schedule.rating import Rating
from studyapp.services import open_services
from studyapp.settings import Settings

home = Path({str(tmp_path)!r})
services = open_services(Folders(home, home / "config.toml", content_folder()), Settings())
session = services.session()
assert session.turn is not None
session.give_up()
before = set(sys.modules)
assert len(dict(session.turn.previews)) == 4
session.rate(Rating.GOOD)
assert not {{"numpy", "fsrs"}} & (set(sys.modules) - before)
assert not {{"fsrs", "studyapp.schedule.replay"}} & set(sys.modules)
services.close()
"""
    subprocess.run([sys.executable, "-c", script], check=True)
