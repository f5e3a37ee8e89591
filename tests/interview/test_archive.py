"""The folder of reports."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from studyapp.interview.archive import saved_reports, write_report

MONDAY = datetime(2026, 3, 2, 9, 30, 15)


def a_report(ended: datetime, score: int) -> str:
    return f"# Mock interview, {ended:%Y-%m-%d %H:%M}\n\n5 questions in 1:00, {score}% of the points.\n"


def test_two_reports_of_the_same_second_are_both_kept(tmp_path: Path):
    folder = tmp_path / "interviews"
    paths = [write_report(folder, a_report(MONDAY, score), MONDAY) for score in (10, 20, 30)]
    assert [path.name for path in paths] == ["2026-03-02-093015.md", "2026-03-02-093015-2.md", "2026-03-02-093015-3.md"]
    assert sorted(one.facts.score for one in saved_reports(folder) if one.facts) == [10, 20, 30]


def test_the_newest_comes_first_and_what_is_no_report_last(tmp_path: Path):
    for days in (2, 0, 1):
        write_report(tmp_path, a_report(MONDAY + timedelta(days=days), days), MONDAY + timedelta(days=days))
    (tmp_path / "zz.md").write_text("# Shopping")
    (tmp_path / "bytes.md").write_bytes(b"\xff\x00\x1b[2J" * 100_000)
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "broken.md").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "other.txt").write_text(a_report(MONDAY, 99))
    found = saved_reports(tmp_path)
    assert [one.facts.score for one in found if one.facts] == [2, 1, 0]
    assert [one.path.name for one in found[3:]] == ["zz.md", "bytes.md"]


def test_no_folder_has_no_reports(tmp_path: Path):
    assert saved_reports(tmp_path / "none") == []
