"""Files that give a text, and files that give a clear word on why they do not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from studyapp.deck import file_text
from studyapp.deck.file_text import UnreadableFile, decode, read_text


@pytest.mark.parametrize(
    ("data", "code", "line", "column", "words"),
    [
        (b"deck: a\ntitle: caf\xe9\n", "encoding", 2, 11, "UTF-8"),
        ("deck: a\n".encode("utf-16"), "encoding", 1, 1, "UTF-16"),
        ("deck: a\n".encode("utf-16-le"), "encoding", 1, 1, "UTF-16"),
        ("deck: a\n".encode("utf-32"), "encoding", 1, 1, "UTF-32"),
        ("标题\n".encode("gbk"), "encoding", 1, 1, "save it as UTF-8"),
        (b"deck: a\ntitle: x\x00y\n", "control-character", 2, 9, "NUL"),
        (b"deck: a\ntitle: \x1b[31mred\n", "control-character", 2, 8, "U+001B"),
    ],
)
def test_other_encodings_and_control_characters_are_refused_at_their_place(
    data: bytes, code: str, line: int, column: int, words: str
) -> None:
    with pytest.raises(UnreadableFile) as caught:
        decode(data)
    error = caught.value
    assert (error.code, error.line, error.column) == (code, line, column)
    assert words in f"{error.message} {error.hint}"


def test_a_byte_order_mark_and_crlf_are_accepted() -> None:
    assert decode(b"\xef\xbb\xbfdeck: a\r\n") == "deck: a\r\n"


def test_what_is_no_regular_file_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(UnreadableFile, match="not a regular file"):
        read_text(tmp_path / "pipe.yaml")
    with pytest.raises(UnreadableFile, match="folder"):
        read_text(tmp_path)
    with pytest.raises(UnreadableFile, match="no such file"):
        read_text(tmp_path / "gone.yaml")


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.yaml"
    with open(huge, "wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(UnreadableFile) as caught:
        read_text(huge)
    assert caught.value.code == "too-large"
    assert "50.0 MB" in caught.value.message
    assert "split" in caught.value.hint


def test_an_unreadable_file_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("deck: a\n")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(file_text, "open", refuse, raising=False)
    with pytest.raises(UnreadableFile, match="may not be read"):
        read_text(path)
