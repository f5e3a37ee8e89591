"""What many tests share: a standing clock, and a user's services in a temporary folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from studyapp.locale.message import use_language
from tests.desk import Desk, ManualClock

# The same examples in every run, so that the suite says the same of the same code; `STUDYAPP_EXPLORE=1` looks further.
settings.register_profile("repeatable", derandomize=True, database=None)
if "STUDYAPP_EXPLORE" not in os.environ:
    settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test begins in English, whatever the machine's locale is or the test before spoke."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG", "STUDYAPP_LANGUAGE"):
        monkeypatch.delenv(variable, raising=False)
    use_language("en")
    yield
    use_language("en")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def desk(tmp_path: Path, clock: ManualClock) -> Iterator[Desk]:
    desk = Desk(tmp_path, clock)
    yield desk
    desk.close()
