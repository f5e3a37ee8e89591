"""Any keys, on any screen: the app neither fails nor harms the data."""

from __future__ import annotations

import os
import random

import pytest

from studyapp.store.checks import Cure
from studyapp.store.doctor import examine
from studyapp.tui.screens.home import HomeScreen

KEYS = (
    *"abcdefghijklmopqrstuvwxyzRJKG0123456789/?,.;[](){}$+-*^='\"",
    *("space", "enter", "tab", "shift+tab", "escape", "backspace", "delete", "up", "down", "left", "right"),
    *("home", "end", "pageup", "pagedown", "shift+up", "shift+down", "shift+left", "shift+right"),
    *("ctrl+s", "ctrl+t", "ctrl+g", "ctrl+z", "ctrl+l", "ctrl+u", "ctrl+r", "ctrl+up", "ctrl+e", "f1"),
)
"""What is pressed: everything but what leaves the app or writes a new deck (n)."""

PRESSES = int(os.environ.get("STUDYAPP_RANDOM_KEYS", "150"))
"""STUDYAPP_RANDOM_KEYS=20000 runs the long version."""


@pytest.mark.resilience
@pytest.mark.parametrize("seed", [1, 2])
async def test_random_keys_end_without_a_failure_and_with_sound_data(perform, monkeypatch, home, clock, seed):
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.setattr(HomeScreen, "action_leave", lambda _self: None)
    choice = random.Random(seed)
    async with perform("home", size=(80, 24) if seed % 2 else (40, 15)) as stage:
        for _ in range(PRESSES):
            key = choice.choice(KEYS)
            await stage.pilot.press(key)
            if choice.random() < 0.02:
                stage.clock.move(minutes=choice.choice((1, 30, 2000)))
            if choice.random() < 0.01:
                await stage.pilot.resize_terminal(*choice.choice(((80, 24), (40, 15), (130, 40))))
        await stage.settle()
        assert stage.app.is_running
    found = examine(home, clock(), thorough=True)
    assert [str(finding) for finding in found if finding.cure is not Cure.NONE] == []
