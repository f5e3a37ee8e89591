"""Whatever a deck holds, it renders: no exception, no lost text, nothing that steers the terminal."""

import subprocess
import sys
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from studyapp.render import (
    STYLES,
    formula_block,
    formula_inline,
    has_layout,
    line_width,
    lost_symbols,
    plain,
    render,
    unknown_commands,
)
from studyapp.render.latex import LatexError, parse
from studyapp.render.symbols import words

PARTS = sorted(
    words(r"""
    \frac \sum \left( \right) \left| \right. \middle| \text{中a} \hat \bar \sqrt \underbrace \mathbb
    \begin{cases} \end{cases} \begin{aligned} \end{aligned} \begin{array}{lc} \end{array} \\ & { } ^ _
    \operatorname* \not \foo \overline \substack \phantom \tag \binom \limits \overset \arg \min \| \{
    x 1 12 + - = | ( ) [ ] , ' 中 $ $$ ` ``` * ** _ > # - 1. | |-| 👍 é
""")
)
PARTS += [
    " ",
    "\n",
    "\n\n",
    "\t",
    "\\",
    "\x1b[31m",
    "\u202e",
    "\ud800",
    "\u0301",
    "\u200d",
    "|a|b|\n|-|-|\n|1|$x$|\n",
]
PIECES = st.lists(st.sampled_from(PARTS), max_size=20).map("".join) | st.text(max_size=60)


@settings(max_examples=400, deadline=None)
@given(PIECES, st.sampled_from([1, 2, 7, 36, 80]))
def test_any_text_renders_harmlessly(text: str, width: int) -> None:
    rendered = render(text, width)
    assert {span.style for line in rendered.lines for span in line} <= STYLES
    assert rendered.width == max(map(line_width, rendered.lines), default=0)
    shown = plain(rendered).replace("\n", "").replace("\u200d", "").replace("\u200c", "")
    assert not [sign for sign in shown if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp")]


@settings(max_examples=400, deadline=None)
@given(PIECES, st.integers(1, 60))
def test_any_formula_renders_and_loses_nothing(latex: str, width: int) -> None:
    lines = formula_block(latex, width)
    assert lines and not any("\n" in line for line in [*lines, formula_inline(latex)])
    assert lost_symbols(latex) == ()
    unknown_commands(latex)


@settings(max_examples=300, deadline=None)
@given(PIECES)
def test_every_formula_with_a_reading_has_a_two_dimensional_layout(latex: str) -> None:
    try:
        parse(latex)
    except LatexError:
        return
    assert has_layout(latex) or "\ud800" in latex


WORDS = st.lists(st.sampled_from(["loss", "y_i", "[0,", "1)", "<b>", "a&b", "均方，", "$5", "p=.5", "x-y", "(a)"]))


@given(WORDS.map(" ".join).filter(lambda text: not text.startswith("1)")), st.integers(10, 80))
def test_text_without_markup_keeps_every_character_and_the_width(text: str, width: int) -> None:
    rendered = render(text, width)
    assert plain(rendered).replace("\n", "").replace(" ", "") == text.replace(" ", "")
    assert rendered.width <= width


def test_rendering_imports_neither_screen_nor_numpy() -> None:
    code = (
        "import sys; from studyapp.render import render, format_value;"
        "render('**a** $x^2$ 中文 $$\\\\frac ab$$', 40); format_value([0.1]);"
        "print(sorted({'textual', 'rich.console', 'numpy'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
