"""A terminal that goes away under the app, and an app that is told to end: it ends, and what was typed is kept."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import pytest

from tests.benchmarks.terminal import Terminal

from .app import environment, run


def test_the_app_ends_with_its_terminal(scratch: Path) -> None:
    home = scratch / "home"
    with Terminal([sys.executable, "-m", "studyapp", "study"], environment(home)) as terminal:
        terminal.wait_for("What is a loss function?")
        assert terminal.hang_up() is not None, "the app goes on without a terminal"
    assert not list(home.glob("*.partial"))


DECK = """deck: mine
title: Mine
cards:
  - {id: mine-why, kind: explain, question: Why is it so?, answer: Because., points: [it is so]}
"""
RESTORED = ("\x1b[?1049l", "\x1b[?25h", "\x1b[?1000l", "\x1b[?2004l")
"""The alternate screen is left, the cursor shown, the mouse and the marks around pasted text are off."""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_gives_the_terminal_back_and_keeps_what_was_typed(scratch: Path, number: signal.Signals) -> None:
    home, deck = scratch / "home", scratch / "mine.yaml"
    deck.write_text(DECK, "utf-8")
    assert run(home, "add", str(deck)).returncode == 0
    with Terminal([sys.executable, "-m", "studyapp", "study", "mine"], environment(home)) as terminal:
        terminal.wait_for("Why is it so?")
        terminal.send("half a thought")
        terminal.wait_for("half a thought")
        assert terminal.signal(number) == 128 + number
        for sequence in RESTORED:
            assert sequence in terminal.everything
        assert terminal.text.rstrip().endswith("The app was told to end. Every answer that was rated is saved.")
    assert json.loads((home / "drafts.json").read_text("utf-8")) == {"mine-why": "half a thought"}
