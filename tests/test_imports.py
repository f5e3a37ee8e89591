"""What is imported when: the core knows no screen, and commands start without what they do not need."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import studyapp

SCREEN = {"textual", "textual_plot", "rich.console"}
CHECKOUT = Path(studyapp.__file__).parents[1]

REPORT = """
import json, sys

def report(*_):
    loaded = {name for name in sys.modules if name.startswith("rich.")} | {name.split(".")[0] for name in sys.modules}
    sys.stderr.write("\\n" + json.dumps(sorted(loaded)) + "\\n")
"""


def loaded_after(*steps: str, home: Path | None = None) -> list[set[str]]:
    """The top-level modules (and those inside of rich) that one fresh interpreter has loaded after each step."""
    script = REPORT + "".join(f"{step}\nreport()\n" for step in steps)
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=CHECKOUT,
        env={"STUDYAPP_HOME": str(home or "/nonexistent"), "PATH": "/usr/bin:/bin"},
        input="",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    reports = [set(json.loads(line)) for line in done.stderr.split("\n") if line.startswith('["')]
    assert len(reports) == len(steps)
    return reports


def core_modules() -> list[str]:
    """Every module of the project outside of ``tui``."""
    found = [module.name for module in pkgutil.walk_packages(studyapp.__path__, "studyapp.")]
    return [name for name in found if not name.startswith("studyapp.tui") and not name.endswith("__main__")]


def test_the_core_loads_no_screen() -> None:
    modules = core_modules()
    assert "studyapp.session" in modules and "studyapp.kinds.grade" in modules
    skipped = {"studyapp.kinds.code.child"}  # a program of its own
    code = "\n".join(f"import {name}" for name in modules if name not in skipped)
    (loaded,) = loaded_after(code)
    assert loaded & SCREEN == set()


def command(*words: str) -> str:
    return f"from studyapp.__main__ import run\nrun({list(words)!r})"


HEAVY = SCREEN | {"numpy", "fsrs"}


def test_a_command_loads_only_what_it_needs(tmp_path: Path) -> None:
    # In one interpreter, the commands that need least first: what an earlier one has loaded counts for all later ones.
    without = {
        ("--help",): HEAVY | {"yaml", "msgspec", "sqlite3"},
        ("--version",): HEAVY | {"yaml", "msgspec", "sqlite3"},
        ("where",): HEAVY | {"yaml", "msgspec", "sqlite3"},
        ("study", "--help"): HEAVY,
        ("new", "--no-add", str(tmp_path / "x.yaml")): HEAVY,
        ("decks",): SCREEN,
        ("grade", "mae-minimiser", "median"): SCREEN,
        ("review",): SCREEN,
        ("stats",): SCREEN,
    }
    loaded = loaded_after(*(command(*words) for words in without), home=tmp_path)
    found = {words: after & names for (words, names), after in zip(without.items(), loaded, strict=True)}
    assert {words: names for words, names in found.items() if names} == {}


def test_a_loss_is_computed_without_decks_or_scheduling(tmp_path: Path) -> None:
    (loaded,) = loaded_after(command("loss", "mse", "1", "2"), home=tmp_path)
    assert loaded & (SCREEN | {"fsrs", "yaml"}) == set()


def test_losses_load_numpy_and_nothing_else_of_this_project() -> None:
    others = "[m for m in sys.modules if m.startswith('studyapp.') and 'losses' not in m]"
    code = f"import studyapp.losses\nassert not {others}"
    (loaded,) = loaded_after(code)
    assert loaded & (HEAVY - {"numpy"} | {"yaml", "msgspec", "click", "sqlite3"}) == set()
