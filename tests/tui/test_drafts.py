"""Unfinished answers kept over a restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.tui.drafts import MOST_DRAFTS, Drafts


def test_drafts_come_back_and_empty_ones_are_forgotten(tmp_path: Path):
    drafts = Drafts(tmp_path / "home" / "drafts.json")
    drafts.put("one", "def f():\n    返回")
    drafts.put("two", "x")
    drafts.put("two", "  ")
    assert drafts.save()
    again = Drafts(tmp_path / "home" / "drafts.json")
    assert (again.get("one"), again.get("two")) == ("def f():\n    返回", "")


def test_only_the_newest_are_kept(tmp_path: Path):
    drafts = Drafts(tmp_path / "drafts.json")
    for number in range(MOST_DRAFTS + 3):
        drafts.put(str(number), "text")
    assert drafts.get("2") == "" and drafts.get("3") == "text"


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"a": 1}', b"\xff\xfe"])
def test_a_damaged_file_counts_as_empty(tmp_path: Path, content: bytes):
    path = tmp_path / "drafts.json"
    path.write_bytes(content)
    assert Drafts(path).get("a") == ""


def test_a_folder_that_cannot_be_written_costs_nothing_else(tmp_path: Path):
    (tmp_path / "file").write_text("")
    drafts = Drafts(tmp_path / "file" / "drafts.json")
    drafts.put("one", "text")
    assert not drafts.save()
    assert drafts.get("one") == "text"
