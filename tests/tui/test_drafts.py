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


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"a": 1}', b"\xff\xfe", b"[" * 100_000, b"9" * 9000])
def test_a_damaged_file_is_put_aside_with_a_word(tmp_path: Path, content: bytes):
    path = tmp_path / "drafts.json"
    path.write_bytes(content)
    drafts = Drafts(path)
    aside = tmp_path / "damaged" / "drafts-1.json"
    assert drafts.get("a") == "" and str(aside) in drafts.trouble
    drafts.put("a", "text")
    assert drafts.save()
    assert aside.read_bytes() == content
    assert (Drafts(path).get("a"), Drafts(path).trouble) == ("text", "")


def test_two_instances_keep_each_other_s_drafts(tmp_path: Path):
    path = tmp_path / "drafts.json"
    first, second = Drafts(path), Drafts(path)
    first.put("one", "mine")
    second.put("two", "yours")
    assert first.save() and second.save()
    again = Drafts(path)
    assert (again.get("one"), again.get("two")) == ("mine", "yours")
    first.put("two", "changed")
    first.put("two", "")
    assert first.save()
    assert Drafts(path).get("one") == "mine"


def test_bytes_that_are_no_characters_can_be_kept(tmp_path: Path):
    drafts = Drafts(tmp_path / "drafts.json")
    drafts.put("one", "a\udc80b")
    assert drafts.save()
    assert Drafts(tmp_path / "drafts.json").get("one") == "a\\udc80b"


def test_a_folder_that_cannot_be_written_costs_nothing_else(tmp_path: Path):
    (tmp_path / "file").write_text("")
    drafts = Drafts(tmp_path / "file" / "drafts.json")
    drafts.put("one", "text")
    assert not drafts.save()
    assert drafts.get("one") == "text"
