"""kill -9 of the app on a real screen: what was seen is in the log, and nothing is left half-written.

(Long form: see __main__.)
"""

from __future__ import annotations

from pathlib import Path

import pytest

from .screen_kills import WAYS, kill_screens

HALF = len(WAYS) // 2


@pytest.mark.parametrize("ways", [tuple(WAYS)[:HALF], tuple(WAYS)[HALF:]], ids=", ".join)
def test_the_app_killed_in_whatever_it_does(ways: tuple[str, ...], scratch: Path) -> None:
    tally = kill_screens(scratch, seed=8, kills=len(ways), ways=ways)

    assert tally.faults == []
    assert set(tally.kills) == set(ways)
    assert tally.seen > 0 or "rating" not in ways
