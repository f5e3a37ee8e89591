"""Cell widths, graphemes, and control characters made visible."""

import pytest

from studyapp.render import cell_width, graphemes, pad, visible


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", 0),
        ("abc", 3),
        ("中文", 4),
        ("，。（）", 8),
        ("ŷ", 1),
        ("y\u0302", 1),  # a base and its mark
        ("x\u0304\u0302", 1),
        ("Σ−√∂∇≤ℒ𝔼½ᵢ", 10),  # ambiguous signs take one cell
        ("｡ﾊ", 2),  # half-width forms
        ("👍", 2),
        ("👍🏽", 2),
        ("👨\u200d👩\u200d👧", 2),
        ("❤\ufe0f", 2),
        ("🇨🇳🇬🇧", 4),
        ("한", 2),
        ("\u1112\u1161\u11ab", 2),  # the same syllable from its letters
        ("a\u200bb", 2),
    ],
)
def test_width_in_cells(text: str, cells: int) -> None:
    assert cell_width(text) == cells


def test_graphemes_keep_marks_and_joined_emoji_with_their_base() -> None:
    assert graphemes("ay\u0302中👨\u200d👩\u200d👧🇨🇳🇬🇧") == [
        "a",
        "y\u0302",
        "中",
        "👨\u200d👩\u200d👧",
        "🇨🇳",
        "🇬🇧",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain 中文 Σ", "plain 中文 Σ"),
        ("\x1b[31mred", "␛[31mred"),
        ("a\x00b\x07\x7f", "a␀b␇␡"),
        ("a\r\nb\rc", "a\nb␍c"),
        ("\u202eabc\u2066", "‹U+202E›abc‹U+2066›"),
        ("\x9b31m", "‹U+009B›31m"),
        ("\ud800", "‹U+D800›"),
        ("\ufeffid\u200b", "‹U+FEFF›id‹U+200B›"),
        ("a\tb\nab\tc", "a   b\nab  c"),
        ("中\tb", "中  b"),
        ("a\u2028b", "a‹U+2028›b"),
    ],
)
def test_nothing_steers_the_terminal_or_hides(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_padding_counts_cells() -> None:
    assert pad("中", 4) == "中  "
    assert pad("中", 4, "right") == "  中"
    assert pad("中", 5, "center") == " 中  "
    assert pad("中文字", 4) == "中文字"
