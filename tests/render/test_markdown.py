"""Blocks of card text."""

import pytest

from studyapp.render import STYLES, Span, plain, render


def shown(text: str, width: int = 40) -> list[str]:
    return plain(render(text, width)).split("\n")


def test_lines_of_a_paragraph_run_together() -> None:
    assert shown("one\ntwo\n\nthree") == ["one two", "", "three"]


def test_chinese_lines_run_together_without_a_space() -> None:
    assert shown("交叉熵等于\n熵加散度\nKL 散度。\nJS 散度") == ["交叉熵等于熵加散度 KL 散度。JS 散度"]


def test_two_spaces_keep_a_line_break() -> None:
    assert shown("one  \ntwo") == ["one", "two"]


def test_lists_nest_by_indent_and_hang() -> None:
    text = "- first item that is long\n- second\n  - inner\n    more\n- third"
    assert shown(text, 16) == ["• first item", "  that is long", "• second", "  ◦ inner more", "• third"]


def test_numbers_of_a_list_are_kept_and_aligned() -> None:
    assert shown("9. a\n10. b") == [" 9. a", "10. b"]


def test_a_paragraph_in_an_item_and_a_list_after_a_paragraph() -> None:
    assert shown("see:\n1. a\n\n   more\n2. b") == ["see:", "1. a", "", "   more", "2. b"]


def test_a_number_in_running_text_opens_no_list_of_its_own() -> None:
    assert shown("x is 3.14 or\n2.5 times") == ["x is 3.14 or 2.5 times"]


def test_quotes_and_headings() -> None:
    rendered = render("# Title $x_i$\n> quoted *text*\n> - a", 40)
    assert plain(rendered).split("\n") == ["Title xᵢ", "│ quoted text", "│ • a"]
    assert rendered.lines[0] == (Span("Title ", "heading"), Span("xᵢ", "math"))
    assert rendered.lines[1] == (Span("│ ", "marker"), Span("quoted ", "quote"), Span("text", "italic"))


def test_code_is_kept_as_typed_and_never_wrapped() -> None:
    rendered = render("Write:\n```python\nif x[i] < 3:  # *no* $math$\n    return a & b\n```\nDone.", 12)
    assert plain(rendered).split("\n") == [
        "Write:",
        "",
        "if x[i] < 3:  # *no* $math$",
        "    return a & b",
        "",
        "Done.",
    ]
    assert rendered.width == 27


def test_code_without_an_end_runs_to_the_end() -> None:
    assert shown("```\na\n\nb") == ["a", "", "b"]


def test_a_block_formula_breaks_its_paragraph() -> None:
    assert shown(r"so $$x = \frac{a}{b}$$ where $a>0$.") == [
        "so",
        "",
        "       a",
        "  x = ╶─╴",
        "       b",
        "",
        "where a > 0.",
    ]


def test_a_block_formula_over_several_lines_and_inside_an_item() -> None:
    assert shown("$$\na +\n\nb\n$$") == ["  a + b"]
    assert shown("1. see\n   $$x_i$$\n2. b") == ["1. see", "     xᵢ", "2. b"]


def test_two_dollars_in_code_are_code() -> None:
    assert shown("`$$` and $$x$$") == ["$$ and", "", "  x"]


def test_a_wide_formula_gives_its_width() -> None:
    rendered = render(r"$$\frac{abcdefghijklmnopqrstuvwxyz}{2}$$", 20)
    assert rendered.width == 28


def test_table_with_formulas_and_numbers() -> None:
    text = "| $p_t$ | weight | note |\n|---|---:|---|\n| 0.95 | 0.0025 | easy |\n| 0.5 | 0.25 | $|e|$ |"
    assert shown(text) == [
        "  pₜ  weight  note",
        "──────────────────",
        "0.95  0.0025  easy",
        "0.5     0.25  |e|",
    ]


@pytest.mark.parametrize("text", ["a | b\nc | d", "| a |\nno table", "|a|b|\n|---|"])
def test_bars_without_a_rule_are_text(text: str) -> None:
    assert "".join(shown(text)) == text.replace("\n", " ")


def test_terminal_escapes_are_shown() -> None:
    assert shown("\x1b[2Jgone? \u202etxt") == ["␛[2Jgone? ‹U+202E›txt"]


def test_empty_text_has_no_lines() -> None:
    assert render("", 40).lines == ()
    assert render(" \n\n ", 40).lines == ()


def test_every_style_is_one_of_the_documented() -> None:
    text = "# h\n**b** *i* ***bi*** `c` $x$\n> q\n- l\n\n---\n|a|b|\n|-|-|\n|1|2|\n```python\nfor x in 'a': 1  # c\n```"
    found = {span.style for line in render(text, 40).lines for span in line}
    assert found == STYLES
