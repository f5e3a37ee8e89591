"""Statistics on the screen."""

from __future__ import annotations

import threading

import pytest

from studyapp.tui.screens.practice import PracticeScreen
from studyapp.tui.screens.statistics import page_of


async def study(stage, days: int) -> None:
    """Answer the recall card Easy and the formula with its known mistake, and let days pass."""
    await stage.press("enter", "space", "4")
    await stage.type("y-a\n")
    await stage.press("1")
    await stage.type("y-a\n")
    await stage.press("4")
    await stage.press("enter")
    stage.clock.advance(days=days)


async def test_figures_and_pictures(perform):
    async with perform("home", cards="recall-bce formula-gradient") as stage:
        await study(stage, days=9)
        await stage.press("t")
        await stage.see("True retention", "30 days", "Topics, weakest first", "One of each kind", "2/2")
        await stage.see("2× sign  (formula-gradient)")
        await stage.press("end")
        await stage.see("How firm the cards are", "difficulty, 1 easy to 10 hard")


async def test_mistakes_that_come_back_are_drilled(perform):
    async with perform("home", cards="recall-bce formula-gradient") as stage:
        await study(stage, days=1)
        await stage.press("t")
        await stage.press("d")
        assert isinstance(stage.app.screen, PracticeScreen)
        await stage.see("Mistakes that come back · 1 left", "∂L/∂z for BCE")


@pytest.mark.parametrize("size", [(80, 24), (40, 15)])
async def test_no_line_is_wider_than_the_screen(perform, size):
    async with perform("home", cards="recall-bce formula-gradient", size=size) as stage:
        await study(stage, days=9)
        await stage.press("t")
        body = stage.app.screen.body
        assert [line for line in str(body.content).splitlines() if len(line) > size[0] - 3] == []


async def test_the_screen_can_be_used_and_left_while_figures_are_worked_out(perform, monkeypatch):
    asked, go_on = threading.Event(), threading.Event()

    def slow_page(figures, *others):
        asked.set()
        go_on.wait(10)
        return page_of(figures, *others)

    monkeypatch.setattr("studyapp.tui.screens.statistics.page_of", slow_page)
    async with perform("home", cards="recall-bce") as stage:
        await stage.pilot.press("t")
        await stage.until(asked.is_set, "the worker")
        await stage.see("Working the figures out")
        await stage.pilot.press("escape")
        await stage.see("Welcome")
        go_on.set()
        await stage.settle()
        await stage.see("Welcome")
        await stage.press("t")
        await stage.see("True retention")


async def test_figures_follow_the_width(perform):
    async with perform("home", cards="recall-bce formula-gradient") as stage:
        await study(stage, days=9)
        await stage.press("t")
        await stage.see("young")
        await stage.pilot.resize_terminal(40, 15)
        body = stage.app.screen.body
        await stage.until(lambda: "young" not in str(body.content).split("Topics")[0], "a narrower table")
