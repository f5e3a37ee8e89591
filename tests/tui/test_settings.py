"""Settings on the screen, and the file behind them."""

from __future__ import annotations

from pathlib import Path

from studyapp.settings import Settings, load_settings, setting_names
from studyapp.tui.keymap import read_keymap, template


async def test_a_setting_is_changed_checked_and_remembered(perform, home: Path):
    async with perform("home") as stage:
        await stage.press("comma")
        await stage.see("new_per_day = 20")
        names = setting_names()
        await stage.press(*["down"] * names.index("new_per_day"), "enter", "ctrl+u")
        await stage.type("many\n")
        await stage.see("expected a number")
        await stage.press("ctrl+u")
        await stage.type("5\n")
        await stage.see("new_per_day = 5")
        assert load_settings(home / "config.toml", {}).new_per_day == 5
        await stage.press("escape")
        await stage.see("Welcome", "5 of 11 today")
        await stage.press("comma", *["down"] * names.index("new_per_day"), "d")
        await stage.see("new_per_day = 20")


async def test_a_setting_that_the_environment_holds_says_so(perform, monkeypatch):
    monkeypatch.setenv("STUDYAPP_NEW_PER_DAY", "7")
    async with perform("home") as stage:
        await stage.press("comma")
        await stage.see("STUDYAPP_NEW_PER_DAY is set, and", "wins over this page at the next start.")


async def test_a_theme_is_remembered(perform, home: Path):
    async with perform("home") as stage:
        stage.app.theme = "textual-light"
        await stage.settle()
    async with perform("home", settings=load_settings(home / "config.toml", {})) as stage:
        assert stage.app.theme == "textual-light"


async def test_an_unknown_theme_is_passed_over(perform):
    async with perform("home", settings=Settings(theme="no-such-theme")) as stage:
        await stage.see("Welcome")


def test_the_key_file_begins_with_every_command_commented_out(tmp_path: Path):
    path = tmp_path / "keys.toml"
    path.write_text(template())
    assert read_keymap(path) == ({}, [])
    path.write_text("\n".join(line.removeprefix("# ") for line in template().splitlines() if line.startswith('# "')))
    keymap, problems = read_keymap(path)
    assert not problems and keymap["review.flag"] == "f,alt+f"


def test_problems_of_a_key_file_are_said(tmp_path: Path):
    path = tmp_path / "keys.toml"
    path.write_text('[review]\nflag = "F"\nburry = "b"\n["card.hint"]\n')
    keymap, problems = read_keymap(path)
    assert keymap == {"review.flag": "F"}
    assert any("did you mean review.bury" in problem for problem in problems)
    path.write_text("flag = ")
    assert "not valid TOML" in read_keymap(path)[1][0]
