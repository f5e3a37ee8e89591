"""The clock jumps, the zone changes, days are longer or shorter: no negative interval, no lost or doubled day."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from studyapp.schedule.day import StudyDays
from studyapp.schedule.memory import Phase
from studyapp.schedule.rating import Rating
from studyapp.settings import Settings

from .audit import complaints, read_log, tables
from .small_world import Clock, SmallWorld, rate_next

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu"]


@pytest.mark.parametrize("zone", ZONES)
def test_every_day_of_four_years_comes_once(zone: str) -> None:
    """Half an hour at a time through two changes a year and a leap day: study days follow one another."""
    days = StudyDays(ZoneInfo(zone))
    instant = datetime(2027, 1, 1, tzinfo=UTC)
    end = datetime(2031, 1, 1, tzinfo=UTC)
    day = days.day_of(instant)
    began = days.start_of(day)
    while instant < end:
        instant += timedelta(minutes=30)
        now = days.day_of(instant)
        assert now - day in (0, 1), instant
        if now != day:
            begin = days.start_of(now)
            assert days.day_of(begin) == now and days.day_of(begin - timedelta(seconds=1)) == day
            assert timedelta(hours=22) < begin - began < timedelta(hours=26)
            day, began = now, begin
    assert datetime.fromordinal(day) in (datetime(2030, 12, 31), datetime(2031, 1, 1))


def sane(world: SmallWorld) -> None:
    """What must hold of every state at any time."""
    for card_id, phase, step, stability, difficulty, due_at, due_day, last_at, last_day, _, lapses in tables(
        world.home
    )["card_state"]:
        assert due_at > last_at and due_day >= last_day and lapses >= 0, card_id
        assert stability > 0 and 1 <= difficulty <= 10, card_id
        assert due_day > last_day if phase == Phase.REVIEW else step is not None, card_id


@pytest.mark.parametrize("seed", range(4))
def test_jumps_of_the_clock_and_of_the_zone(seed: int, scratch: Path) -> None:
    rng = random.Random(seed)
    world = SmallWorld(scratch, cards=30, clock=Clock(datetime(2028, 2, 27, 20, tzinfo=UTC)))
    answers = 0
    for _ in range(25):
        world.days = StudyDays(ZoneInfo(rng.choice(ZONES)), start_hour=rng.choice([0, 4, 4, 23]))
        services = world.open()
        session = services.session()
        for _ in range(rng.randint(0, 6)):
            if session.turn is None:
                break
            for interval in session.turn.previews.values():
                assert interval > timedelta()
            rate_next(session, Rating(rng.randint(1, 4)))
            answers += 1
            jump = rng.choice(
                [timedelta(seconds=20)] * 8 + [timedelta(days=-40), timedelta(hours=-3), timedelta(days=9)]
            )
            world.clock.now += jump
        assert session.summary().seconds >= 0
        services.store.overview(services.limits)
        services.close()
        sane(world)
        world.clock.now += rng.choice([timedelta(hours=20), timedelta(days=1), timedelta(days=-2), timedelta(days=400)])
    assert len(read_log(world.home)) == answers > 30
    assert complaints(world.home, world.clock()) == []


def test_limits_hold_for_each_study_day_over_changes_of_the_zone_and_a_leap_day(scratch: Path) -> None:
    """One session a day in late February and over both changes of daylight saving: three new cards each."""
    settings = Settings(new_per_day=3, reviews_per_day=5)
    for start in (datetime(2028, 2, 27, 22, tzinfo=UTC), datetime(2027, 3, 27, 23, tzinfo=UTC)):
        world = SmallWorld(scratch / f"{start.year}", cards=40, clock=Clock(start))
        world.days = StudyDays(ZoneInfo("Europe/Berlin"))
        seen: dict[int, int] = {}
        for _ in range(5):
            for _ in range(2):  # a second session on the same day gets nothing new
                services = world.open(settings)
                session = services.session()
                while session.turn is not None:
                    if session.turn.state is None:
                        day = services.store.today
                        seen[day] = seen.get(day, 0) + 1
                    rate_next(session, Rating.EASY)
                assert session.summary().held_back > 0
                services.close()
                world.clock.move(minutes=30)
            world.clock.move(hours=23)
        assert set(seen.values()) == {3} and len(seen) == 5
        assert sorted(seen) == list(range(min(seen), min(seen) + 5))


def test_a_clock_set_back_neither_hides_nor_doubles_what_was_answered(scratch: Path) -> None:
    world = SmallWorld(scratch)
    services = world.open()
    session = services.session()
    first = rate_next(session, Rating.GOOD)
    world.clock.move(days=-30)
    session.refresh()
    assert services.store.candidate(first) is not None
    undone = session.undo()
    assert undone is not None and undone.card_id == first
    services.close()
    assert tables(world.home)["card_state"] == []
    assert complaints(world.home, world.clock()) == []
