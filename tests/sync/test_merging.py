"""Two homes that were used apart become one."""

import pytest

from studyapp.schedule.rating import Rating
from studyapp.store.errors import StoreError
from studyapp.store.log import Mark
from studyapp.sync.merging import merge


def test_everything_of_the_other_home_comes_and_a_second_time_nothing(machine):
    one, other = machine("one"), machine("other", hours=5)
    one.answer("a", Rating.GOOD)
    other.answer("a", Rating.AGAIN)
    other.answer("b")
    other.open().undo()
    other.open().mark("c", Mark.SUSPEND)
    other.choose("basics", new_per_day=3)
    theirs = other.followed()
    merged = merge(one.home, other.home, one.days, clock=one.clock)
    assert (merged.entries, merged.choices) == (4, 1) and merged.backup.exists()
    assert len(one.followed()["log"]) == 5 and one.findings() == set()
    assert other.followed() == theirs
    again = merge(one.home, other.home, one.days, clock=one.clock)
    assert (again.entries, again.choices) == (0, 0)
    merge(other.home, one.home, one.days, clock=one.clock)
    assert one.followed() == other.followed()


def test_what_is_no_other_home_is_said(machine, tmp_path):
    one = machine("one")
    one.answer("a")
    for folder, why in ((tmp_path / "nothing", "no home of studyapp"), (one.home, "nothing to merge")):
        with pytest.raises(StoreError, match=why):
            merge(one.home, folder, one.days, clock=one.clock)
