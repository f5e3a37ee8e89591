"""The table of commands against the screens that carry them out."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter

import pytest
from textual.screen import Screen

from studyapp.tui import screens
from studyapp.tui.app import StudyApp
from studyapp.tui.commands import COMMANDS, PLACES, commands_of, key_name


def screen_classes() -> list[type[Screen]]:
    found = []
    for module in pkgutil.iter_modules(screens.__path__):
        loaded = importlib.import_module(f"{screens.__name__}.{module.name}")
        found += [one for one in vars(loaded).values() if isinstance(one, type) and getattr(one, "PLACES", ())]
    return sorted(set(found), key=lambda one: one.__name__)


def test_every_command_is_declared_once_and_for_a_known_place():
    assert not [name for name, count in Counter(command.id for command in COMMANDS).items() if count > 1]
    assert {command.place for command in COMMANDS} == set(PLACES)


@pytest.mark.parametrize("screen", screen_classes(), ids=lambda screen: screen.__name__)
def test_a_screen_carries_out_all_commands_of_its_places(screen):
    for command in commands_of(*screen.PLACES):
        name = command.action.partition("(")[0]
        assert hasattr(screen, f"action_{name}"), command.id


def test_the_app_carries_out_the_commands_of_everywhere():
    assert all(hasattr(StudyApp, f"action_{command.action}") for command in commands_of("app"))


def test_every_place_has_a_screen():
    served = {place for screen in screen_classes() for place in screen.PLACES}
    assert served == set(PLACES) - {"app"}


def test_keys_are_named_as_people_read_them():
    assert [key_name(key) for key in ("ctrl+s", "question_mark", "escape", "f")] == ["^s", "?", "esc", "f"]
