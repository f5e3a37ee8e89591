"""Commands as a user runs them: the home of a user with one deck, and what a command prints where."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from studyapp.__main__ import run

DECK = """\
deck: mine
title: Mine
cards:
  - {id: mine-half, kind: compute, question: "Half of {x}?", draw: {x: {integers: [2, 90]}}, answer: x / 2,
     wrong: [{id: doubled, value: 2 * x, say: "That is twice {x}."}]}
  - {id: mine-word, kind: cloze, text: "MAE is minimised by the {{median}}."}
  - {id: mine-told, kind: recall, question: Define MSE., answer: The mean square., points: [mean, square]}
"""


@dataclass
class Result:
    code: int
    out: str
    err: str

    @property
    def data(self) -> object:
        return json.loads(self.out)


Studyapp = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user with one deck of their own and no bundled ones."""
    home = tmp_path / "home"
    monkeypatch.setenv("STUDYAPP_HOME", str(home))
    monkeypatch.setattr("studyapp.folders.content_folder", lambda: tmp_path / "no-content")
    monkeypatch.chdir(tmp_path)
    return home


@pytest.fixture
def studyapp(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Studyapp:
    def studyapp(*arguments: str, typed: str = "") -> Result:
        import io

        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        capsys.readouterr()
        code = run(list(arguments))
        out, err = capsys.readouterr()
        return Result(code, out, err)

    return studyapp


@pytest.fixture
def deck(studyapp: Studyapp, tmp_path: Path) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(DECK, encoding="utf-8")
    assert studyapp("add", str(path)).code == 0
    return path
