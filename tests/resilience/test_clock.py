"""The clock jumps, the zone changes, days are longer or shorter: no negative interval, no lost or doubled day."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from studyapp.clock import from_milliseconds
from studyapp.schedule.day import StudyDays
from studyapp.schedule.memory import Phase
from studyapp.schedule.rating import Rating
from studyapp.settings import Settings
from tests.clock import ManualClock

from .app import run, without_surprise
from .audit import complaints, read_log, tables
from .small_world import SmallWorld, rate_next

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
        assert lapses >= 0, card_id
        assert due_day > last_day if phase == Phase.REVIEW else due_at > last_at, card_id
        assert stability > 0 and 1 <= difficulty <= 10, card_id
        assert (step is None) == (phase == Phase.REVIEW), card_id


@pytest.mark.parametrize("seed", range(4))
def test_jumps_of_the_clock_and_of_the_zone(seed: int, scratch: Path) -> None:
    rng = random.Random(seed)
    world = SmallWorld(scratch, cards=30, clock=ManualClock(datetime(2028, 2, 27, 20, tzinfo=UTC)))
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
        world = SmallWorld(scratch / f"{start.year}", cards=40, clock=ManualClock(start))
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


class Moment(NamedTuple):
    """When and where a card is answered, by the clock on the wall, and which study day that is, from the first one."""

    zone: str
    wall: str
    day: int
    second_time: bool = False
    """Whether the hour is one that daylight saving brings twice, and it is the second time."""

    @property
    def instant(self) -> datetime:
        wall = datetime.fromisoformat(self.wall).replace(tzinfo=ZoneInfo(self.zone), fold=int(self.second_time))
        return wall.astimezone(UTC)


BERLIN, NEW_YORK, TOKYO, HONOLULU = "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Honolulu"

DAYS_OF = {
    # name: the hour at which days begin, the moments, the study days in a row at the last moment
    "an hour is skipped": (4, [
        Moment(BERLIN, "2027-03-27 23:00", 0), Moment(BERLIN, "2027-03-28 01:59", 0),
        Moment(BERLIN, "2027-03-28 03:00", 0), Moment(BERLIN, "2027-03-28 03:59", 0),
        Moment(BERLIN, "2027-03-28 04:00", 1), Moment(BERLIN, "2027-03-29 04:00", 2),
    ], 3),
    "the hour at which the day begins is skipped": (2, [
        Moment(BERLIN, "2027-03-28 01:59", 0), Moment(BERLIN, "2027-03-28 03:00", 1),
        Moment(BERLIN, "2027-03-29 01:59", 1), Moment(BERLIN, "2027-03-29 02:00", 2),
    ], 3),
    "an hour comes twice": (4, [
        Moment(BERLIN, "2027-10-30 23:00", 0), Moment(BERLIN, "2027-10-31 02:30", 0),
        Moment(BERLIN, "2027-10-31 02:30", 0, second_time=True), Moment(BERLIN, "2027-10-31 03:59", 0),
        Moment(BERLIN, "2027-10-31 04:00", 1), Moment(BERLIN, "2027-11-01 04:00", 2),
    ], 3),
    "tomorrow in the west": (4, [
        Moment(BERLIN, "2027-05-01 21:00", 0), Moment(NEW_YORK, "2027-05-02 08:00", 1),
        Moment(NEW_YORK, "2027-05-03 03:00", 1), Moment(NEW_YORK, "2027-05-03 08:00", 2),
    ], 3),
    "tomorrow in the east": (4, [
        Moment(BERLIN, "2027-05-01 09:00", 0), Moment(TOKYO, "2027-05-02 20:00", 1),
        Moment(TOKYO, "2027-05-03 07:00", 2),
    ], 3),
    "yesterday again, over the date line": (4, [
        Moment(TOKYO, "2027-05-02 09:00", 0), Moment(HONOLULU, "2027-05-01 20:00", -1),
        Moment(HONOLULU, "2027-05-02 09:00", 0),
    ], 2),
    "a leap day": (4, [
        Moment("UTC", "2028-02-28 12:00", 0), Moment("UTC", "2028-02-29 12:00", 1),
        Moment("UTC", "2028-03-01 03:59", 1), Moment("UTC", "2028-03-01 04:00", 2),
    ], 3),
    "the clock a year back, and right again": (4, [
        Moment("UTC", "2027-06-01 12:00", 0), Moment("UTC", "2026-06-01 12:05", -365),
        Moment("UTC", "2027-06-02 12:00", 1),
    ], 2),
    "the clock a year ahead, and right again": (4, [
        Moment("UTC", "2027-06-01 12:00", 0), Moment("UTC", "2028-06-01 12:05", 366),
        Moment("UTC", "2027-06-02 12:00", 1),
    ], 2),
}  # fmt: skip


@pytest.mark.parametrize("name", DAYS_OF)
def test_days_in_the_session_and_in_the_statistics(name: str, scratch: Path) -> None:
    start_hour, moments, in_a_row = DAYS_OF[name]
    world = SmallWorld(scratch, cards=30)
    first = StudyDays(ZoneInfo(moments[0].zone), start_hour).day_of(moments[0].instant)
    answers: dict[int, int] = {}
    for moment in moments:
        world.clock.now = moment.instant
        world.days = StudyDays(ZoneInfo(moment.zone), start_hour)
        services = world.open()
        session, day = services.session(), first + moment.day
        assert services.store.today == day
        assert session.turn is not None
        assert min(session.turn.previews.values()) > timedelta()
        rate_next(session, Rating.EASY)
        answers[day] = answers.get(day, 0) + 1
        sane(world)

        done = services.store.day_count()
        assert done.introduced + done.reviewed <= answers[day]
        statistics = services.store.statistics()
        assert {one.day: one.answers for one in statistics.calendar(0, 10**6)} == answers
        assert statistics.calendar(day, day)[0].answers == answers[day]
        summary = session.summary()
        assert summary.next_due is not None and summary.next_due > moment.instant
        due = tables(world.home)["card_state"]
        coming = statistics.forecast(5000)
        assert sum(coming) == len(due), "each card comes back once"
        days = services.store.days
        due_days = [
            day_ if at is None else days.day_of(from_milliseconds(at)) for *_, at, day_ in (row[:7] for row in due)
        ]
        assert coming[0] == sum(due_day <= day for due_day in due_days)
        services.close()
    services = world.open()
    assert services.store.statistics().streak() == in_a_row
    services.close()
    assert complaints(world.home, world.clock()) == []


def test_answers_dated_in_the_future_are_no_trouble_for_figures(scratch: Path) -> None:
    world = SmallWorld(scratch, clock=ManualClock(datetime.now(UTC) + timedelta(days=300)))
    services = world.open()
    rate_next(services.session(), Rating.GOOD)
    services.close()
    for command in (["stats"], ["stats", "--json"], ["doctor"], ["decks"]):
        done = run(world.home, *command)
        assert done.returncode == 0 and without_surprise(done.stderr), (command, done.stderr)
