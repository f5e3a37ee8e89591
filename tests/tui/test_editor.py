"""Opening the user's editor at a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.tui.editor import EditorError, at_line, edit, editor_command

DECK = Path("/decks/my deck.yaml")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["vim"], ["vim", "+7", str(DECK)]),
        (["/usr/bin/nano", "-l"], ["/usr/bin/nano", "-l", "+7", str(DECK)]),
        (["code"], ["code", "--wait", "--goto", f"{DECK}:7"]),
        (["hx"], ["hx", f"{DECK}:7"]),
        (["someeditor"], ["someeditor", str(DECK)]),
    ],
)
def test_each_editor_gets_the_line_in_its_own_way(command, words):
    assert at_line(command, DECK, 7) == words


def test_the_setting_comes_before_the_environment():
    environment = {"VISUAL": "emacs -nw", "EDITOR": "vi"}
    assert editor_command("micro", environment) == ["micro"]
    assert editor_command("", environment) == ["emacs", "-nw"]
    assert editor_command(" ", {"EDITOR": "vi"}) == ["vi"]


def test_what_goes_wrong_is_said(monkeypatch):
    with pytest.raises(EditorError, match="cannot be read"):
        editor_command("vi 'oops", {})
    monkeypatch.setattr("shutil.which", lambda _name: None)
    with pytest.raises(EditorError, match="set EDITOR"):
        editor_command("", {})
    with pytest.raises(EditorError, match="could not be started"):
        edit(DECK, 1, "/nowhere/editor")
    with pytest.raises(EditorError, match="ended with code 1"):
        edit(DECK, 1, "false")
