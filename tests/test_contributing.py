"""The walks of CONTRIBUTING.md: each names all the files that something of its kind touches, and they exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from studyapp.kinds import KINDS
from studyapp.tui.commands import PLACES

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
SOURCE = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in sorted((ROOT / "studyapp").rglob("*.py"))
}


def walk(what: str) -> str:
    """The section "To add a …"."""
    return TEXT.partition(f"### To add a {what}\n")[2].partition("\n#")[0]


def named_files(what: str, **names: str) -> set[str]:
    """The files of the package that a walk names, with NAME and FAMILY filled in."""
    text = walk(what)
    for placeholder, name in names.items():
        text = text.replace(placeholder, name)
    return {path for path in re.findall(r"`([\w/.-]+)`", text) if path.startswith("studyapp/")}


def files_that_say(pattern: str) -> set[str]:
    """The files of the package in which a regular expression is found."""
    return {path for path, text in SOURCE.items() if re.search(pattern, text)}


def test_a_card_kind_is_named_in_its_files_and_two_tables() -> None:
    named = named_files("card kind", NAME="order")
    assert files_that_say(r"kinds\.order\b|tui\.answers\.order\b|OrderCard") <= named
    assert named <= set(SOURCE)
    tables = {path for path in named if "order" not in path}
    assert all(f'"{name}": "studyapp.' in SOURCE["studyapp/kinds/__init__.py"] for name in KINDS)
    assert len(tables) == 2


@pytest.mark.parametrize("name", ["org_drill", "crowdanki", "csv_file", "log_jsonl"])
def test_a_format_is_one_module_and_one_line(name: str) -> None:
    named = named_files("format", NAME=name)
    assert named <= set(SOURCE)
    assert files_that_say(rf'"{name}"|formats\.{name}\b|import {name}\b') == {"studyapp/formats/table.py"} <= named


@pytest.mark.parametrize("name", ["learn_ahead", "new_per_day", "theme"])
def test_a_setting_is_one_field_and_the_place_that_uses_it(name: str) -> None:
    uses = files_that_say(rf"settings\.{name}\b")
    assert named_files("setting") == {"studyapp/settings.py"}
    assert re.search(rf"^    {name}: ", SOURCE["studyapp/settings.py"], re.MULTILINE)
    assert f'"{name}": Message(' in SOURCE["studyapp/settings.py"]
    assert len(uses - {"studyapp/settings.py"}) == 1


@pytest.mark.parametrize(
    ("name", "family"), [("log_cosh", "regression"), ("squared_hinge", "margin"), ("js", "information")]
)
def test_a_loss_is_its_definition_its_name_and_its_steps(name: str, family: str) -> None:
    named = named_files("loss", FAMILY=family)
    assert named <= set(SOURCE)
    assert files_that_say(rf'def {name}\(|"{name}"') <= named


@pytest.mark.parametrize(("name", "screen"), [("reports", "ReportsScreen"), ("statistics", "StatisticsScreen")])
def test_a_screen_is_its_module_its_commands_and_whoever_opens_it(name: str, screen: str) -> None:
    named = named_files("screen", NAME=name)
    assert named <= set(SOURCE)
    assert name in PLACES
    assert len(files_that_say(rf"\b{screen}\b") - named) == 1
    assert f'"{name}.' in SOURCE["studyapp/tui/commands.py"]


def test_all_files_that_are_named_exist() -> None:
    paths = re.findall(r"`((?:studyapp|tests|content|docs)/[\w/.-]+?)`", TEXT)
    missing = [path for path in paths if not re.search(r"NAME|FAMILY", path) and not (ROOT / path).exists()]
    assert len(paths) > 20
    assert missing == []
