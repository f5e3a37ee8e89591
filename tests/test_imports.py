"""What is imported when: the core knows no screen, and commands start without what they do not need."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import studyapp

SCREEN = {"textual", "textual_plot", "rich"}
CHECKOUT = Path(studyapp.__file__).parents[1]


def imported_by(code: str, *arguments: str, home: Path | None = None) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded after ``code``."""
    names = "sorted({m.split('.')[0] for m in sys.modules})"
    script = f"import sys, json\n{code}\nsys.stderr.write('\\n' + json.dumps({names}))"
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=CHECKOUT,
        env={"STUDYAPP_HOME": str(home or "/nonexistent"), "PATH": "/usr/bin:/bin"},
        input="",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.rsplit("\n", 1)[1]))


def core_modules() -> list[str]:
    """Every module of the project outside of ``tui``."""
    found = [module.name for module in pkgutil.walk_packages(studyapp.__path__, "studyapp.")]
    return [name for name in found if not name.startswith("studyapp.tui") and not name.endswith("__main__")]


def test_the_core_loads_no_screen() -> None:
    modules = core_modules()
    assert "studyapp.session" in modules and "studyapp.grading.grade" in modules
    skipped = {"studyapp.grading.code.child"}  # a program of its own
    code = "\n".join(f"import {name}" for name in modules if name not in skipped)
    assert imported_by(code) & SCREEN == set()


def command(*words: str) -> str:
    return f"from studyapp.__main__ import run\nrun({list(words)!r})"


HEAVY = SCREEN | {"numpy", "fsrs", "texicode"}


@pytest.mark.parametrize(
    ("words", "without"),
    [
        (["--help"], HEAVY | {"yaml", "msgspec", "sqlite3"}),
        (["--version"], HEAVY | {"yaml", "msgspec", "sqlite3"}),
        (["study", "--help"], HEAVY),
        (["where"], HEAVY | {"yaml", "msgspec", "sqlite3"}),
        (["decks"], SCREEN | {"texicode"}),
        (["grade", "mae-minimiser", "median"], SCREEN),
        (["review"], SCREEN),
        (["stats"], SCREEN),
        (["loss", "mse", "1", "2"], SCREEN | {"fsrs", "yaml", "texicode"}),
        (["new", "--no-add", "x.yaml"], HEAVY),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_loads_only_what_it_needs(words: list[str], without: set[str], tmp_path: Path) -> None:
    words = [str(tmp_path / word) if word.endswith(".yaml") else word for word in words]
    assert imported_by(command(*words), home=tmp_path) & without == set()


def test_losses_load_numpy_and_nothing_else_of_this_project() -> None:
    others = "[m for m in sys.modules if m.startswith('studyapp.') and 'losses' not in m]"
    code = f"import studyapp.losses\nassert not {others}"
    assert imported_by(code) & (HEAVY - {"numpy"} | {"yaml", "msgspec", "click", "sqlite3"}) == set()
