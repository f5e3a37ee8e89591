"""Text of strangers, of broken files and of answers: whatever it holds, nothing of it steers the terminal."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from studyapp.__main__ import run as studyapp_command
from studyapp.deck.template import starter_deck
from studyapp.folders import find_folders
from studyapp.interview.archive import saved_reports, write_report
from studyapp.interview.course import Interview, Plan, Record
from studyapp.interview.report import report
from studyapp.sanitizing import CONTROL_CHARACTERS
from studyapp.services import open_services
from studyapp.settings import Settings

from .app import environment, without_surprise
from .small_world import START

POISON = (
    "\x1b[?9999h\x1b]0;owned\x07\x1bPq\x1b\\\x9b31m\x90\x85\u202ertl\u2066\u2069\u200b\u200e\ufeff\x7f\x08\r"
    "\U000e0041\u2028\xad\u061c\ufff9"
)
"""Escape sequences of seven and eight bits, marks of direction, invisible and deleting characters, line separators."""

ONE_LINE = POISON.translate(dict.fromkeys(map(ord, "\r\x85\u2028")))
_TEXTS = {"title", "description", "question", "text", "why", "say", "solution", "starter", "hints", "points", "words"}


def poisoned(value: Any, key: str = "", kind: str = "") -> Any:
    """A deck's data with the poison behind every text that a learner may see."""
    if isinstance(value, dict):
        return {name: poisoned(entry, name, value.get("kind", kind)) for name, entry in value.items()}
    if isinstance(value, list):
        return [poisoned(entry, key, kind) for entry in value]
    if isinstance(value, str) and (key in _TEXTS or (key == "answer" and kind in ("recall", "explain"))):
        return f"{value} {POISON}"
    return value


def hostile_deck(name: str = "hostile") -> dict[str, Any]:
    """One card of each kind."""
    deck: dict[str, Any] = poisoned(yaml.safe_load(starter_deck(name)))
    code = next(card for card in deck["cards"] if card["kind"] == "code")
    code["starter"] = f"def mse(y, p):\n    # {POISON}"
    return deck


@pytest.fixture
def home(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home with the hostile deck, and one with mistakes whose file has a hostile name."""
    monkeypatch.setenv("STUDYAPP_HOME", str(scratch / "home"))
    (scratch / "hostile.yaml").write_text(yaml.dump(hostile_deck(), sort_keys=False), "utf-8")
    broken = yaml.dump(hostile_deck("broken"), sort_keys=False).replace("question:", "qustion:")
    (scratch / "b\x1b[31m\u202e.yaml").write_text(broken, "utf-8")
    yield scratch / "home"


class Commands:
    """Runs commands in this process and looks at every character that they print."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *words: str, typed: str = "") -> str:
        self._monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        studyapp_command(list(words))
        said = self._capsys.readouterr()
        for output in (said.out, said.err):
            assert without_surprise(output), (words, output)
            assert CONTROL_CHARACTERS.findall(output) == [], (words, ascii(output))
        return said.out + said.err


@pytest.fixture
def perform(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(monkeypatch, capsys)


ANSWERS = [
    POISON, f"1{POISON}", f"({POISON}", f"def {ONE_LINE}",
    f"def mse(y, p):\n    print('{ONE_LINE}')\n    raise ValueError('{ONE_LINE}')",
    'def mse(y, p):\n    return "\\x1b[31m\\x9b\\u202e"',
    'def mse(y, p):\n    class A:\n        def __repr__(self): return "\\x1b[31m"\n    return A()',
    'def mse(y, p):\n    import sys\n    sys.stderr.write("\\x1b[31m\\x9b")\n    sys.exit("\\x1b]0;x\\x07")',
]  # fmt: skip


def test_a_hostile_deck_in_every_command(home: Path, perform: Commands) -> None:
    deck = str(home.parent / "hostile.yaml")
    for path in (deck, str(home.parent / "b\x1b[31m\u202e.yaml")):
        perform("check", path)
        perform("add", path)
    for card in hostile_deck()["cards"]:
        for options in ((), ("--answer",), ("--json",)):
            assert "␛" in perform("show", card["id"], *options) or options == ("--json",)
        for answer in ANSWERS if card["kind"] == "code" else ANSWERS[:3]:
            perform("grade", card["id"], answer)
        perform("grade", card["id"], POISON, "--json")
    perform("review", "hostile", typed=f"{ONE_LINE}\n.\n:hint\n:flag\n:again\n:{ONE_LINE}\n:give-up\n\n1\n" * 9)
    for words in (["decks"], ["cards", "mean"], ["stats"], ["doctor"], ["check", "--seeds", "0"], ["config"]):
        perform(*words)
        perform(*words, *([] if words == ["doctor"] else ["--json"]))


def test_hostile_words_on_the_command_line(home: Path, perform: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    for words in (
        ["cards", POISON], ["cards", f"tag:{POISON}"], ["show", POISON], ["show", "x" * 5000], ["remove", POISON],
        ["add", POISON], ["check", POISON], ["decks", POISON], ["review", POISON], ["study", POISON],
        ["loss", POISON], ["loss", "bce", POISON, "1"], ["grade", POISON, "1"], ["config", POISON],
        ["new", f"{home}/a{POISON[:20]}.yaml"], ["config", "theme", POISON], ["config", "editor", POISON],
        ["config", "editor"], ["config"], ["config", "--json"], [POISON], [f"--{ONE_LINE}"], ["decks", f"--{ONE_LINE}"],
    ):  # fmt: skip
        perform(*words)
    monkeypatch.setenv("STUDYAPP_NEW_PER_DAY", POISON)
    perform("config")
    perform("decks")
    monkeypatch.delenv("STUDYAPP_NEW_PER_DAY")
    elsewhere = home.parent / "h\x1b[31m\u202e"
    monkeypatch.setenv("STUDYAPP_HOME", str(elsewhere))
    for words in (["where"], ["where", "--json"], ["decks"], ["doctor"]):
        perform(*words)
    perform("review", typed=":give-up\n3\n")
    (elsewhere / "progress.db").write_bytes(b"no database" * 300)
    perform("review")
    perform("doctor")


INTERVIEW = Interview(Plan(questions=3, seed=5), "now").with_record(
    Record("real", "hostile", "cloze", f"Which (`other`): correct, 100% {POISON}?", "wrong", 0.0, 9.0, POISON, POISON)
)


def test_a_report_holds_nothing_that_steers_and_names_the_card_that_was_asked(scratch: Path) -> None:
    text = report(INTERVIEW, {"hostile": f"Evil | {POISON}"}, START)
    assert CONTROL_CHARACTERS.findall(text) == []
    write_report(scratch / "interviews", text, START)
    (saved,) = saved_reports(scratch / "interviews")
    assert saved.facts is not None
    assert [(one.card_id, one.score) for one in saved.facts.asked] == [("real", "0%")]


# On the screen


def poison_the_home(home: Path, perform: Commands) -> None:
    """Hostile text in every file that the app shows something of."""
    for path in home.parent.glob("*.yaml"):
        perform("add", str(path))
    (home / "keys.toml").write_text('"review.flag" = "\\u001b[31m"\n"card.hint" = "\\u009b"\n"no\\u001b[2J" = "x"\n')
    (home / "drafts.json").write_text('{"hostile-explain": "\\u001b[?9999h \\u009b31m\\u202e"}')
    (home / "interviews").mkdir()
    (home / "interviews" / "2026-01-01.md").write_text(
        report(INTERVIEW, {}, START).replace("Which", f"Which {ONE_LINE}"), "utf-8"
    )
    (home / "interviews" / "x\x1b[31m\u202e.md").write_text(POISON, "utf-8")


_OWN = "\x1b\r\x07\x0e\x0f"
"""What the terminal driver itself sends besides text."""

JOURNEYS = {
    "study hostile": ["h", "\x07", "1"] * 9 + ["?", "\x1b", "l", "e", "u"],
    "": ["t", "\x1b", "d", "\x1b[B", "\x1b", "p", "\x1b", "/", *"mean", "\r", "\x1b", "\x1b"],
    " ": ["m", *["\x1b[B"] * 9, "\r", "\r", "l", "\x1b", "\x1b", "\x1b[B", "\r", "\x1b"],
    "study broken": ["\x07", "\x1b", "m", "s", "x", "\x13", "\r", "\x07", "\r", "\x07", "\r", "\x07", "\r", "f"],
}
"""Commands and the keys pressed in them: all kinds of cards, statistics, decks, search, reports, an interview."""


@pytest.mark.parametrize("command", JOURNEYS, ids=["study", "screens", "reports", "interview"])
def test_nothing_of_it_reaches_a_real_terminal(command: str, home: Path, perform: Commands) -> None:
    from tests.benchmarks.terminal import Terminal

    poison_the_home(home, perform)
    with Terminal([sys.executable, "-m", "studyapp", *command.split()], environment(home)) as terminal:
        terminal.wait_for("␛" if command.strip() else "Explore")
        for keys in JOURNEYS[command]:
            terminal.send(keys)
            until = time.monotonic() + 0.12
            while (left := until - time.monotonic()) > 0:
                terminal.read(left)
        assert terminal.is_running, terminal.text[-2000:]
        painted = terminal.everything
    assert "Traceback" not in painted
    assert [hit for hit in CONTROL_CHARACTERS.findall(painted) if hit not in _OWN] == []
    for sequence in ("\x1b[?9999h", "\x1b]0;owned", "\x1bPq", "\x1b[31m\u202e"):
        assert sequence not in painted


async def test_a_picture_of_the_screen_is_sound(home: Path, perform: Commands) -> None:
    from studyapp.tui.app import StudyApp

    poison_the_home(home, perform)
    services = open_services(find_folders(os.environ), Settings())
    app = StudyApp(services, services.session(["hostile"]))
    async with app.run_test(size=(80, 24)) as pilot:
        for key in ("ctrl+g", "1", "ctrl+g", "1"):
            await pilot.press(key)
            await pilot.pause()
            picture = app.export_screenshot()
            assert CONTROL_CHARACTERS.findall(picture) == []
            ElementTree.fromstring(picture)
    services.close()
