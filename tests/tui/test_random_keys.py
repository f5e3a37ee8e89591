"""Any keys, on any screen, in a terminal of any size: the app neither fails nor harms the data."""

from __future__ import annotations

import os
import random

import pytest

from studyapp.store.checks import Cure
from studyapp.store.doctor import examine
from studyapp.tui.screens.home import HomeScreen

KEYS = (
    *"abcdefghijklmnopqrstuvwxyzARJKG0123456789/?,.;:[](){}$+-*^='\"\\|~`!@#%&<>_é界👍🏽",
    *("space", "enter", "tab", "shift+tab", "escape", "backspace", "delete", "up", "down", "left", "right"),
    *("home", "end", "pageup", "pagedown", "shift+up", "shift+down", "shift+left", "shift+right"),
    *("ctrl+s", "ctrl+t", "ctrl+g", "ctrl+z", "ctrl+l", "ctrl+u", "ctrl+r", "ctrl+up", "ctrl+e", "ctrl+o", "f1"),
    *("ctrl+p", "ctrl+w", "ctrl+k", "ctrl+a", "ctrl+left", "ctrl+right", "ctrl+home", "ctrl+end", "alt+f", "alt+b"),
    *("alt+s", "insert", "f5", "f12", "f24", "ctrl+shift+f5", "super+s", "hyper+x", "ctrl+@", "ctrl+underscore"),
)
"""What is pressed: everything but what leaves the app."""

PRESSES = int(os.environ.get("STUDYAPP_RANDOM_KEYS", "400"))
"""Keys in all. STUDYAPP_RANDOM_KEYS=20000 runs the long version."""

SEEDS = (1, 2, 3, 4)

OPENED_BY = {
    "home": "", "palette": "ctrl+p", "help": "question_mark", "colours": "ctrl+p t h e m e enter",
    "browse": "slash", "cards found": "slash enter", "practice": "slash enter p", "ahead": "slash enter a",
    "statistics": "t", "settings": "comma", "setting": "comma enter", "problems": "p",
    "decks": "d", "path of a deck": "d a", "path of an import": "d i", "limits": "d t",
    "explorer": "x escape", "losses": "x", "comparisons": "x escape ctrl+r",
    "question": "enter", "verdict": "enter ctrl+g", "summary": "enter ctrl+g 3 escape escape",
    "interview setup": "m", "kinds": "m down down down enter", "interview": "m s", "end of interview": "m s ctrl+r",
    "report": "m s ctrl+g enter ctrl+r down enter", "questions": "m s ctrl+g enter ctrl+r down enter enter",
    "plan": "i", "target": "i n", "way there": "i n 2 0 2 6 minus 0 4 minus 0 1 enter",
    "reports": "m s ctrl+g enter ctrl+r down enter escape m r",
}  # fmt: skip
"""Every screen and dialog, and the keys that lead to it from the decks."""

LISTS = ("home", "palette", "cards found", "decks", "losses", "interview setup", "setting", "question")
"""Of these the lists and fields that have failed once, for the quick suite."""

SIZES = ((1, 1), (3, 24), (60, 1), (60, 3), (0, 0), (80, 24))
LONG_SIZES = (*((width, height) for width in range(1, 9) for height in (1, 2, 3, 24)), *SIZES)


async def look_at(perform, keys, sizes):
    """Open a screen, then give it each of the sizes and press what moves in lists."""
    async with perform("home") as stage:
        await stage.press(*keys.split())
        for size in sizes:
            await stage.pilot.resize_terminal(*size)
            await stage.rush("pageup", "pagedown", "end", "up", "pageup", "home", "down")
        await stage.settle()
        assert stage.app.is_running


@pytest.mark.parametrize("name", LISTS)
async def test_lists_stand_a_terminal_of_any_size(perform, name):
    await look_at(perform, OPENED_BY[name], SIZES)


@pytest.mark.resilience
@pytest.mark.parametrize("keys", OPENED_BY.values(), ids=OPENED_BY.keys())
async def test_every_screen_stands_a_terminal_of_any_size(perform, keys):
    await look_at(perform, keys, LONG_SIZES)


async def stay(app):
    """Leaving the app, which the palette offers, is not what is tried."""


@pytest.mark.resilience
@pytest.mark.parametrize("seed", SEEDS)
async def test_random_keys_end_without_a_failure_and_with_sound_data(perform, monkeypatch, tmp_path, home, clock, seed):
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(HomeScreen, "action_leave", lambda _self: None)
    monkeypatch.setattr("studyapp.tui.app.StudyApp.action_quit", stay)
    monkeypatch.setattr("studyapp.tui.app.StudyApp._save_picture", lambda _self: None)
    choice = random.Random(seed)
    async with perform("home", size=(80, 24) if seed % 2 else (40, 15)) as stage:
        for _ in range(PRESSES // len(SEEDS)):
            key = choice.choice(KEYS)
            await stage.pilot.press(key)
            if choice.random() < 0.02:
                stage.clock.move(minutes=choice.choice((1, 30, 2000)))
            if choice.random() < 0.02:
                small = (choice.randint(1, 150), choice.randint(1, 50))
                await stage.pilot.resize_terminal(*choice.choice((small, (80, 24), (40, 15), (130, 40))))
        await stage.settle()
        assert stage.app.is_running
    found = examine(home, clock(), thorough=True)
    assert [str(finding) for finding in found if finding.cure is not Cure.NONE] == []
