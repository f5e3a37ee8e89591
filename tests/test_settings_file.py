"""Writing one key of the settings file."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from studyapp.settings import SettingsError
from studyapp.settings_file import with_key, write_key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "new_per_day = 5\n"),
        ("# mine\nnew_per_day = 3 # few\ntheme = 'x'\n", "# mine\nnew_per_day = 5  # few\ntheme = 'x'\n"),
        ("theme = 'x'", "theme = 'x'\nnew_per_day = 5\n"),
        ("[keys]\na = 1\n", "new_per_day = 5\n[keys]\na = 1\n"),
        ('"new_per_day"=3\n', "new_per_day = 5\n"),
        ("new_per_day = '#3' # a # b\n", "new_per_day = 5  # a # b\n"),
        ("new_per_day = [\n 1, # one\n 2]\ntheme = ''\n", "new_per_day = 5\ntheme = ''\n"),
        ("# new_per_day = 3\n", "# new_per_day = 3\nnew_per_day = 5\n"),
        ("new_per_day = oops\ntheme = ''\n", "new_per_day = 5\ntheme = ''\n"),
    ],
)
def test_one_key_is_written_and_the_rest_left_alone(text, expected):
    assert with_key(text, "new_per_day", 5) == expected


@example("\x7f")
@given(some.integers() | some.floats(allow_nan=False) | some.text() | some.lists(some.floats(0, 9), min_size=1))
def test_what_is_written_is_read_back(value):
    written = with_key("a = 1 # one\nkey = 0\n[table]\nkey = 2\n", "key", value)
    assert tomllib.loads(written) == {"a": 1, "key": value, "table": {"key": 2}}


def test_signs_that_only_look_like_line_ends_stay_inside_their_line():
    text = "# one\u2028still one\x85and still\r\ntheme = 'a'\n"
    assert with_key(text, "new_per_day", 5) == text + "new_per_day = 5\n"


@pytest.mark.parametrize("content", [b"theme = oops\n", b"theme = '\xff'\n"])
def test_a_file_that_is_not_toml_is_left_as_it_is(tmp_path: Path, content: bytes):
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match="nothing was written"):
        write_key(path, "new_per_day", 5)
    assert path.read_bytes() == content
