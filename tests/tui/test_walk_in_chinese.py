"""A walk through every screen and dialog of the app in Chinese: no English sentence is met."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC
from pathlib import Path

import pytest

from studyapp.folders import Folders, content_folder
from studyapp.schedule.day import StudyDays
from studyapp.schedule.rating import Rating
from studyapp.services import open_services
from studyapp.settings import Settings
from tests.clock import ManualClock
from tests.tui.conftest import Stage, TestApp

ENGLISH = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")
"""Three English words in a row: a name or a term of the field has two at most."""

ALLOWED = re.compile(
    r"is:due|deck:|tag:|kind:|https?://\S+|[~/][\w./-]+|[a-z_]+ = .*|name=value|ctrl\+\w|shift\+\w|alt\+\w|↑ ↓ enter"
    r"|Paul Viola|Ross Girshick|Lin et al"
)


KEYWORD = re.compile(r"\b(?:if|else|return|def|import|lambda)\b")
"""Words by which a line is code."""


def english(stage: Stage) -> list[str]:
    """The English sentences on the screen."""
    found = (one[0] for line in stage.text.split("\n") for one in ENGLISH.finditer(ALLOWED.sub("·", line)))
    return [one for one in found if not KEYWORD.search(one)]


@asynccontextmanager
async def walk(home: Path, clock: ManualClock, size: tuple[int, int], start: str = "home") -> AsyncIterator[Stage]:
    """The app with the decks that come with it."""
    folders = Folders(home, home / "config.toml", content_folder())
    services = open_services(folders, Settings(language="zh", new_per_day=3), clock, StudyDays(UTC))
    try:
        app = TestApp(services, start)
        async with app.run_test(size=size, notifications=True) as pilot:
            stage = Stage(app, pilot, clock)
            await stage.settle()
            yield stage
    finally:
        services.close()


async def look(stage: Stage, *keys: str) -> None:
    """Press keys one by one; after each the screen is read."""
    for key in keys:
        await stage.press(key)
        assert english(stage) == [], f"after {key}:\n{stage.text}"


SIZES = [(80, 24), (40, 15)]


@pytest.mark.parametrize("size", SIZES)
async def test_screens_that_home_opens(
    home: Path, clock: ManualClock, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    async with walk(home, clock, size) as stage:
        assert english(stage) == []
        await look(stage, "question_mark", *["pagedown"] * 12, "escape")
        await look(stage, "ctrl+p", "down", "down", "escape")
        await look(stage, "t", "pagedown", "pagedown", "escape")
        await look(
            stage,
            "d",
            "down",
            "t",
            "escape",
            "space",
            "space",
            "b",
            "b",
            "b",
            "a",
            "escape",
            "i",
            "escape",
            "n",
            "escape",
        )
        await look(stage, "u", "e", "d", "escape")
        await look(stage, "comma", *["down"] * 16, "enter", "escape", "d", "escape")
        await look(stage, "i", "n", "escape", "escape")
        await look(stage, "x", "down", "enter", "ctrl+r", "ctrl+g", "ctrl+o", "escape", "escape")
        await look(stage, "slash", "enter", "down", "f", "s", "R", "a", "escape", "tab", "p", "escape", "escape")
        await look(stage, "p", "u", "r", "escape")


@pytest.mark.parametrize("size", SIZES)
async def test_a_session_from_question_to_summary(home: Path, clock: ManualClock, size: tuple[int, int]) -> None:
    async with walk(home, clock, size, "study") as stage:
        for number, rating in enumerate((Rating.AGAIN, Rating.GOOD, Rating.EASY)):
            await look(stage, "escape", "h", "ctrl+g", "space", str(rating.value))
            clock.move(minutes=number)
        await look(stage, "u", "3", "f", "b", "u", "escape")
        await stage.press("q")
        assert english(stage) == []
        await look(stage, "t", "pagedown", "escape")


@pytest.mark.parametrize("size", SIZES)
async def test_a_mock_interview_and_its_report(home: Path, clock: ManualClock, size: tuple[int, int]) -> None:
    async with walk(home, clock, size) as stage:
        await look(stage, "m", "down", "enter", "escape", "down", "enter", "escape", "down", "enter", "escape")
        await look(stage, "down", "enter", "escape", "end", "s")
        for _ in range(3):
            await look(stage, "ctrl+g", "space", "enter")
        await look(stage, "ctrl+r", "down", "enter")
        await stage.see("按主题")
        await look(stage, "pagedown", "enter", "down", "escape", "c", "escape", "p", "escape", "escape", "escape")
        await look(stage, "m", "r", "enter", "escape", "escape")
