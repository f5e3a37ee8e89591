"""Markup inside a line, and all that must not be taken for markup."""

import pytest

from studyapp.render import Span, plain, render
from studyapp.render.inline import inline_spans


def styled(text: str) -> list[tuple[str, str]]:
    return [(span.text.replace("\u00a0", " "), span.style) for span in inline_spans(text)]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("a **b** c", [("a ", ""), ("b", "bold"), (" c", "")]),
        ("*a* _b_", [("a", "italic"), (" ", ""), ("b", "italic")]),
        ("***a***", [("a", "bold italic")]),
        ("**a *b* c**", [("a ", "bold"), ("b", "bold italic"), (" c", "bold")]),
        ("**均值**最小", [("均值", "bold"), ("最小", "")]),
        ("这是*重点*吗", [("这是", ""), ("重点", "italic"), ("吗", "")]),
        ("`a*b*c`", [("a*b*c", "code")]),
        ("`` a`b ``", [("a`b", "code")]),
        ("**p = $a*b$**", [("p = ", "bold"), ("a*b", "math")]),
        ("$x_i$ and $y$", [("xᵢ", "math"), (" and ", ""), ("y", "math")]),
        ("*a **b** c*", [("a ", "italic"), ("b", "bold italic"), (" c", "italic")]),
    ],
)
def test_markup(text: str, spans: list[tuple[str, str]]) -> None:
    assert styled(text) == [pair if pair[0] != "a*b" else ("a * b", "math") for pair in spans]


@pytest.mark.parametrize(
    "text",
    [
        "y_i and y_j",
        "snake_case_name, __init__, _",
        "2 * 3 * 4",
        "a*b*c",
        "f(*args, **kwargs)",
        "x[i], [0, 1), [/bold], [b + c",
        "List<int> <b>not bold</b> a & b &amp;",
        "[text](https://example.org/a_b_c)",
        "an open ` backquote, an open **bold, an open *star",
        "C:\\new\\table \\frac",
        "**",
        "a ** b ** c",
        "****",
        "____",
        "the ____ minimises MAE",
        "$",
        "it costs $5",
        "from $5 to $10",
        "$5-$10, US$3",
        "$ x $",
        "a $$ b",
        "100% & 50%",
    ],
)
def test_what_is_no_markup_stays_as_typed(text: str) -> None:
    assert plain(render(text, 200)) == text
    assert {span.style for line in render(text, 200).lines for span in line} == {""}


@pytest.mark.parametrize(
    ("text", "shown"),
    [(r"\$5 and \$6", "$5 and $6"), (r"\*a\*", "*a*"), (r"y\_i", "y_i"), (r"$\$5$", "$5"), (r"a\`b", "a`b")],
)
def test_escapes(text: str, shown: str) -> None:
    assert plain(render(text, 80)) == shown


def test_a_short_formula_is_not_broken() -> None:
    assert plain(render("we have $a = b + c$ here", 12)).split("\n") == ["we have", "a = b + c", "here"]


def test_a_long_formula_breaks_before_signs_and_relations_only() -> None:
    lines = plain(render(r"$-y\log\sigma(z)-(1-y)\log(1-\sigma(z))=c$", 24)).split("\n")
    assert lines == ["−y log σ(z)", "− (1 − y) log(1 − σ(z))", "= c"]


def test_many_unclosed_signs_take_linear_time() -> None:
    text = "*a _b [c $d **e " * 3000 + "`"
    assert "".join(span.text for span in inline_spans(text)) == text


def test_formula_span_is_math() -> None:
    assert inline_spans("$x^2$") == [Span("x²", "math")]
