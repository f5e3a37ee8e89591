"""kill -9 loses no answer whose next card was shown, and leaves nothing half-written. (Long form: see __main__.)"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .app import CHECKOUT
from .kills import kill_sessions
from .stepwise import OPERATIONS

KILLS = 12
STRIDE = {
    "first start": 40,
    "answer": 35,
    "deck registered": 12,
    "deck choices": 12,
    "setting": 12,
    "draft": 12,
    "interview saved": 5,
    "interview ended": 20,
    "interview counted": 150,
    "doctor restores": 600,
    "backup": 60,
    "newer format": 60,
}
"""Of the lines at which an operation could be killed, each so-many-th is tried here."""


def test_sessions_killed_at_random_moments(scratch: Path) -> None:
    tally = kill_sessions(scratch, seed=20_260_105, kills=KILLS, sessions_per_home=8)

    assert tally.faults == []
    assert tally.kills == KILLS and tally.entries > KILLS


@pytest.mark.parametrize("operation", OPERATIONS)
def test_writing_killed_at_a_line_of_its_code(operation: str, scratch: Path) -> None:
    stride = STRIDE.get(operation, 150)
    command = [sys.executable, "-m", "tests.resilience.stepwise", str(scratch), str(stride), "5", operation]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, encoding="utf-8", check=False)

    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["faults"] == []
    assert result["kills"] > 3
