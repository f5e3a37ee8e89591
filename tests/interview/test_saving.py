"""An interview under way as a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.interview.course import Interview, OnTable, Plan, Record
from studyapp.interview.saving import InterviewFileError, from_json, load, save, storable, to_json

RECORD = Record("a", "boxes", "code", "Title", "wrong", 0.25, 12.5, "def f(): ...", "", ("x", "y"))
INTERVIEW = Interview(
    Plan(decks=("boxes",), language="zh", minutes=10), "now", (RECORD,), 12.5, ("skipped",), OnTable("b", 3.5, "für")
)


def test_a_saved_interview_comes_back_equal(tmp_path: Path):
    assert from_json(to_json(INTERVIEW)) == INTERVIEW
    save(tmp_path / "new folder" / "interview.json", INTERVIEW)
    assert load(tmp_path / "new folder" / "interview.json") == INTERVIEW


def test_one_of_an_earlier_version_has_nothing_on_the_table():
    text = to_json(INTERVIEW)
    assert from_json(text[: text.index(',\n "on_table"')] + "}").on_table is None


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"plan": {}, "started_at": 1}', "null", "[" * 100_000, '{"plan": {"minutes": "x"}}']
)
def test_a_damaged_file_is_refused(text: str, tmp_path: Path):
    with pytest.raises(InterviewFileError):
        from_json(text)
    (tmp_path / "interview.json").write_text(text)
    assert load(tmp_path / "interview.json") is None


def test_no_file_and_a_file_that_is_no_text_are_no_interview(tmp_path: Path):
    assert load(tmp_path / "none.json") is None
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe{")
    assert load(tmp_path / "bytes.json") is None


def test_text_that_is_no_unicode_can_be_stored():
    assert storable("a\udc80b").encode() == b"a\\udc80b"
