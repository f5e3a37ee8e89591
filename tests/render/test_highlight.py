"""Python in fenced code."""

from studyapp.render import Span, line_text
from studyapp.render.highlight import code_lines


def test_python_parts_have_their_styles() -> None:
    (line,) = code_lines(["return 'a', 1.5  # why"], "python")
    assert line == (
        Span("return", "keyword"),
        Span(" ", "code"),
        Span("'a'", "string"),
        Span(", ", "code"),
        Span("1.5", "number"),
        Span("  ", "code"),
        Span("# why", "comment"),
    )


def test_a_string_over_lines() -> None:
    lines = code_lines(['"""one', "two", '"""', "x"], "py")
    assert [line[0].style for line in lines] == ["string", "string", "string", "code"]


def test_other_languages_and_broken_python_keep_their_text() -> None:
    assert code_lines(["for x"], "c") == ((Span("for x", "code"),),)
    for source in (["def f(:", "  'open", " \tx"], ["x = '''"], ["  a", " b"], ["", "$ pip", "é = 1"]):
        assert [line_text(line) for line in code_lines(source, "python")] == source
