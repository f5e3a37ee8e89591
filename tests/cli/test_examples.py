"""The example that each command's help shows is run as it stands, on the bundled decks."""

from __future__ import annotations

import io
import re
import shlex
import sys
from pathlib import Path

import click
import pytest

from studyapp.__main__ import run
from studyapp.cli import commands
from studyapp.cli.group import SUMMARIES

OF_THE_READER = {"add", "check", "ids", "import", "merge", "remove", "sync", "update"}
"""Commands whose examples name files, decks and places that only a learner has."""


def examples(name: str) -> list[list[str]]:
    """The words of every example, without the name of the program."""
    command = commands.get_command(click.Context(commands), name)
    assert command is not None and command.epilog
    lines = re.split(r"\n| · ", command.epilog.replace("\b", ""))
    found = [line.split("studyapp ", 1)[1] for line in lines if "studyapp " in line]
    return [shlex.split(line.split(" > ")[0]) for line in found]


def test_the_examples_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("STUDYAPP_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    assert run(["new", "mine.yaml"]) == 0
    tried = 0
    for name in SUMMARIES:
        assert examples(name), name
        for words in () if name in OF_THE_READER else examples(name):
            monkeypatch.setattr(sys, "stdin", io.StringIO())
            code = run(words)
            said = capsys.readouterr().err
            tried += 1
            if name == "study":
                assert "needs a terminal" in said
            else:
                assert code == 0, (words, said)
    assert tried > 15
