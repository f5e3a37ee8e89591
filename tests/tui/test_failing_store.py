"""A disk that goes while the app is open: every screen says so and stays; nothing that a key does ends the app."""

from __future__ import annotations

import pytest

from studyapp.store.bank_view import BankView
from studyapp.store.database import Store
from studyapp.store.errors import DiskError
from studyapp.tui.screens.home import HomeScreen
from tests.tui.test_random_keys import OPENED_BY

ASKED_OF_THE_STORE = (
    "record", "mark", "reset", "undo", "standing", "undoable", "candidate", "queue", "overview", "next_due",
    "held_back", "day_count", "day_count_by_deck", "history", "marks", "is_empty", "flag_lookup", "scheduler_of",
    "all_answers",
)  # fmt: skip
KEYS = (
    *("down", "enter", "space", "escape", "1", "3", "u", "f", "s", "b", "R", "p", "a", "e", "l", "x", "t", "d", "c"),
    *("v", "h", "g", "slash", "tab", "m", "r", "q", "ctrl+z", "ctrl+l", "ctrl+g", "ctrl+s"),
)


def refuse(*_: object, **__: object) -> None:
    raise DiskError("the disk has gone")


async def press_on(perform, monkeypatch, name, keys):
    """Open a screen, break the store, and press the keys, each followed by what leaves a dialog."""
    monkeypatch.setenv("EDITOR", "true")
    with monkeypatch.context() as patched:
        for leaving in ("leave", "escape"):
            patched.setattr(HomeScreen, f"action_{leaving}", lambda _self: None)
        async with perform("home") as stage:
            await stage.press(*OPENED_BY[name].split())
            for method in ASKED_OF_THE_STORE:
                patched.setattr(Store, method, refuse)
            patched.setattr(BankView, "ask", refuse)
            for key in keys:
                await stage.press(key, "enter", "escape")
            assert stage.app.is_running


@pytest.mark.parametrize(
    ("name", "keys"),
    [("home", "lud"), ("cards found", "fsaul"), ("question", "gfbs1"), ("verdict", "13u"), ("statistics", "dl")],
)
async def test_a_store_that_fails_ends_no_screen(perform, monkeypatch, name, keys):
    await press_on(perform, monkeypatch, name, keys)


@pytest.mark.resilience
@pytest.mark.parametrize("name", OPENED_BY)
async def test_no_key_ends_the_app_where_the_store_fails(perform, monkeypatch, name):
    for first in range(6):
        await press_on(perform, monkeypatch, name, KEYS[first::6])
