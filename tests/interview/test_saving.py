"""An interview under way as a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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
def test_a_damaged_file_is_refused_and_put_aside(text: str, tmp_path: Path):
    with pytest.raises(InterviewFileError):
        from_json(text)
    (tmp_path / "interview.json").write_text(text)
    with pytest.raises(InterviewFileError, match=r"interview-1\.json"):
        load(tmp_path / "interview.json")
    assert (tmp_path / "damaged" / "interview-1.json").read_text() == text
    assert load(tmp_path / "interview.json") is None


@pytest.mark.parametrize(
    "changed",
    [
        {"seconds": -1}, {"seconds": 1e300}, {"records": [{"score": 1e308}]}, {"records": [{"seconds": 1e300}]},
        {"on_table": {"card_id": "b", "seconds": -5}}, {"plan": {"questions": -5}}, {"plan": {"minutes": 0}},
        {"plan": {"seed": -1}}, {"plan": {"seed": 10**40}}, {"plan": {"language": "xx"}},
    ],
)  # fmt: skip
def test_numbers_that_no_interview_comes_to_are_refused(changed: dict[str, Any]):
    written = json.loads(to_json(INTERVIEW))
    for name, value in changed.items():
        if isinstance(value, list):
            written[name][0].update(value[0])
        elif isinstance(value, dict):
            written[name].update(value)
        else:
            written[name] = value
    with pytest.raises(InterviewFileError):
        from_json(json.dumps(written))


def test_no_file_is_no_interview_and_a_file_that_is_no_text_is_put_aside(tmp_path: Path):
    assert load(tmp_path / "none.json") is None
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe{")
    with pytest.raises(InterviewFileError, match="is kept as"):
        load(tmp_path / "bytes.json")


def test_text_that_is_no_unicode_can_be_stored():
    assert storable("a\udc80b").encode() == b"a\\udc80b"
