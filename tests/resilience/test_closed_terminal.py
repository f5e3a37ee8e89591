"""A terminal that goes away under the app: the app ends, and what was typed is kept."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.benchmarks.terminal import Terminal

from .app import environment


def test_the_app_ends_with_its_terminal(scratch: Path) -> None:
    home = scratch / "home"
    with Terminal([sys.executable, "-m", "studyapp", "study"], environment(home)) as terminal:
        terminal.wait_for("What is a loss function?")
        assert terminal.hang_up() is not None, "the app goes on without a terminal"
    assert not list(home.glob("*.partial"))
