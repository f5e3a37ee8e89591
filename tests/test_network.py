"""The app never touches the network: an audit hook watches real runs of it for any socket."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import studyapp

CHECKOUT = Path(studyapp.__file__).parents[1]
WATCHED = """
import sys

def watch(event, arguments):
    if event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "ssl.", "webbrowser.")):
        local = event == "socket.__new__" and int(arguments[1]) == 1  # AF_UNIX: the event loop's own wake-up pair
        if not local:
            sys.__stderr__.write(f"NETWORK {event} {arguments!r}\\n")
            sys.__stderr__.flush()

sys.addaudithook(watch)
"""

COMMANDS = [
    ["decks"], ["check", "--seeds", "0"], ["stats"], ["doctor"], ["where"], ["schema"], ["cards", "loss"],
    ["loss", "bce", "[1]", "[.5]"], ["show", "found-loss-definition", "--answer"], ["config"],
    ["config", "new_per_day", "9"], ["doctor", "--repair"], ["completion", "bash"], ["--help"],
]  # fmt: skip


def watched(code: str, home: Path, typed: str = "") -> str:
    """Runs code under the hook; what it printed on stderr."""
    done = subprocess.run(
        [sys.executable, "-c", WATCHED + code],
        cwd=CHECKOUT,
        env={"STUDYAPP_HOME": str(home), "PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "LANG": "C.UTF-8"},
        input=typed,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return done.stderr


def test_the_watch_would_see_a_connection(tmp_path: Path) -> None:
    code = "import socket\ntry:\n    socket.create_connection(('127.0.0.1', 9), 0.1)\nexcept OSError:\n    pass"
    assert "NETWORK socket.connect" in watched(code, tmp_path)


def test_no_command_touches_the_network(tmp_path: Path) -> None:
    code = f"from studyapp.__main__ import run\nfor words in {COMMANDS!r}:\n    run(words)"
    errors = watched(code, tmp_path)
    assert "NETWORK" not in errors and "Traceback" not in errors, errors[-2000:]


def test_no_session_touches_the_network(tmp_path: Path) -> None:
    """A session over cards of all kinds, code that runs in a child process included."""
    deck = tmp_path / "kinds.yaml"
    typed = ":hint\n:flag\n1\n.\n\n3\n" * 3 + ":give-up\n3\n" * 12
    code = (
        "from studyapp.__main__ import run\n"
        f"run(['new', {str(deck)!r}])\n"
        "run(['review', 'kinds'])\n"
        "run(['grade', 'kinds-code', 'def f(x):\\n    return x'])\n"
    )
    errors = watched(code, tmp_path / "home", typed)
    assert "NETWORK" not in errors and "Traceback" not in errors, errors[-2000:]


@pytest.mark.parametrize("start", ["study", "home"])
def test_the_app_on_the_screen_does_not_either(start: str, tmp_path: Path) -> None:
    code = f"""
import asyncio
from studyapp.folders import find_folders
from studyapp.services import open_services
from studyapp.settings import Settings
from studyapp.tui.app import StudyApp

async def main():
    services = open_services(find_folders(), Settings())
    session = services.session() if {start!r} == "study" else None
    async with StudyApp(services, session).run_test() as pilot:
        interview = ("escape", "escape", "m", "s", "ctrl+g", "enter", "ctrl+r", "down", "enter", "escape", "t")
        for key in ("ctrl+g", "3", "ctrl+g", "1", "u", "question_mark", "escape", *interview):
            await pilot.press(key)
            await pilot.pause(0.1)
    services.close()

asyncio.run(main())
"""
    errors = watched(code, tmp_path)
    assert "NETWORK" not in errors and "Traceback" not in errors, errors[-2000:]
