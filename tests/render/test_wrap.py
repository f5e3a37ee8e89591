"""Line breaking for Latin and Chinese text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.render import Span, line_text, line_width, wrap
from studyapp.render.wrap import NO_LINE_END, NO_LINE_START


def lines(text: str, width: int) -> list[str]:
    return [line_text(line) for line in wrap([Span(text)], width)]


def test_latin_words_stay_whole() -> None:
    assert lines("the quick brown fox", 10) == ["the quick", "brown fox"]


def test_chinese_breaks_between_characters() -> None:
    assert lines("交叉熵衡量两个分布的差异", 10) == ["交叉熵衡量", "两个分布的", "差异"]


def test_chinese_after_a_latin_word_fills_the_line() -> None:
    assert lines("sigmoid 函数的导数最大为四分之一", 14) == ["sigmoid 函数的", "导数最大为四分", "之一"]


def test_no_stop_begins_a_line_and_no_opening_mark_ends_one() -> None:
    assert lines("均方误差，对离群点敏感。", 8) == ["均方误", "差，对离", "群点敏", "感。"]
    assert lines("损失（均方误差）", 6) == ["损失", "（均方", "误差）"]


def test_long_words_break_only_when_wider_than_a_line() -> None:
    assert lines("a abcdefgh", 4) == ["a", "abcd", "efgh"]
    assert lines("ab abcd", 4) == ["ab", "abcd"]


def test_hyphenated_words_break_after_the_hyphen() -> None:
    assert lines("use cross-entropy", 10) == ["use cross-", "entropy"]
    assert lines("from -12 to", 7) == ["from", "-12 to"]


def test_a_kept_space_breaks_only_where_nothing_else_fits() -> None:
    assert lines("is x\u00a0=\u00a01", 6) == ["is", "x\u00a0=\u00a01"]
    assert lines("aaaa\u00a0bbbb", 6) == ["aaaa", "bbbb"]


def test_styles_survive_a_break() -> None:
    assert wrap([Span("ab "), Span("cd ef", "bold")], 5) == (
        (Span("ab "), Span("cd", "bold")),
        (Span("ef", "bold"),),
    )


def test_first_and_further_lines_have_their_own_lead() -> None:
    wrapped = wrap([Span("aa bb cc")], 5, first=(Span("• "),), rest=(Span("  "),))
    assert [line_text(line) for line in wrapped] == ["• aa", "  bb", "  cc"]


@pytest.mark.parametrize("width", [1, 0, -3])
def test_a_width_below_one_character_still_ends(width: int) -> None:
    assert lines("中a文", width) == ["中", "a", "文"]


MIXED = st.text(alphabet=st.sampled_from("ab c-，。（）「」中文字熵.,()Σ\u0302ŷ👍 "), max_size=60)


@given(MIXED, st.integers(4, 30))
def test_wrapping_keeps_every_character_and_the_width(text: str, width: int) -> None:
    wrapped = wrap([Span(text)], width)
    assert "".join(map(line_text, wrapped)).replace(" ", "") == text.replace(" ", "")
    assert all(line_width(line) <= width for line in wrapped)


UNITS = st.lists(st.sampled_from(["中", "文", "字，", "（字）", "「中」。", "log ", "p、"]), max_size=30)


@given(UNITS.map("".join), st.integers(9, 30))
def test_no_line_begins_with_a_stop_or_ends_with_an_opening_mark(text: str, width: int) -> None:
    wrapped = lines(text, width)
    assert not any(line[0] in NO_LINE_START for line in wrapped if line)
    assert not any(line[-1] in NO_LINE_END for line in wrapped if line)
