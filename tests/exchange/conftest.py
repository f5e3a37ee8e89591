"""A learner with an empty home."""

from pathlib import Path

import pytest

from tests.exchange.desk import Learner


@pytest.fixture
def learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Learner:
    home = tmp_path / "home"
    monkeypatch.setenv("STUDYAPP_HOME", str(home))
    monkeypatch.setattr("studyapp.folders.content_folder", lambda: tmp_path / "no-content")
    return Learner(home, capsys)
