"""Where data is kept, and that STUDYAPP_HOME moves all of it."""

from __future__ import annotations

from pathlib import Path

from studyapp.folders import content_folder, find_folders


def test_studyapp_home_moves_everything_that_is_written(tmp_path: Path) -> None:
    folders = find_folders({"STUDYAPP_HOME": str(tmp_path)})
    assert {folders.progress.parent, folders.cache.parent, folders.config.parent} == {tmp_path}


def test_a_blank_studyapp_home_counts_as_unset() -> None:
    assert find_folders({"STUDYAPP_HOME": "  "}) == find_folders({})


def test_a_relative_home_is_made_absolute() -> None:
    assert find_folders({"STUDYAPP_HOME": "data"}).home == Path.cwd() / "data"


def test_finding_the_folders_creates_nothing(tmp_path: Path) -> None:
    find_folders({"STUDYAPP_HOME": str(tmp_path / "new")})
    assert not (tmp_path / "new").exists()


def test_the_bundled_decks_are_found() -> None:
    assert list(content_folder().rglob("*.yaml"))
