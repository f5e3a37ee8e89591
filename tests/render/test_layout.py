"""Formulas in two dimensions, as they stand on the screen."""

import pytest

from studyapp.render import cell_width, formula_block, has_layout


def picture(text: str) -> tuple[str, ...]:
    """Lines between the first and the last of an indented block."""
    lines = text.rstrip().strip("\n").split("\n")
    margin = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    return tuple(line[margin:].rstrip() for line in lines)


@pytest.mark.parametrize(
    ("latex", "drawn"),
    [
        (
            r"\sigma(z)=\frac{1}{1+e^{-z}}",
            """
                       1
            σ(z) = ╶───────╴
                    1 + e⁻ᶻ
            """,
        ),
        (
            r"-\frac1n\sum_{i=1}^n y_i\log p_i",
            """
             1   n
           −╶─╴  Σ  yᵢ log pᵢ
             n  i=1
            """,
        ),
        (
            r"L=\begin{cases}\frac12 e^2 & |e|\le 1\\ |e|-\frac12 & \text{否则}\end{cases}",
            """
                ⎧ ½e²       |e| ≤ 1
            L = ⎨
                ⎩ |e| − ½   否则
            """,
        ),
        (
            r"\begin{aligned} a &= \frac{b}{c} \\ &= -d \end{aligned}",
            """
                 b
            a = ╶─╴
                 c

              = −d
            """,
        ),
        (
            r"\begin{bmatrix}50&2\\3&40\end{bmatrix}^T",
            """
            ⎡50   2⎤ᵀ
            ⎣ 3  40⎦
            """,
        ),
        (
            r"\left(\frac{a}{b}\right)^2",
            """
            ⎛ a ⎞²
            ⎜╶─╴⎟
            ⎝ b ⎠
            """,
        ),
        (
            r"\frac{\text{交集}}{\text{并集}}=\mathrm{IoU}",
            """
             交集
            ╶────╴ = IoU
             并集
            """,
        ),
        (
            r"\underbrace{\sigma^2+1}_{\text{noise}}",
            """
            σ² + 1
            ╰─┬──╯
            noise
            """,
        ),
        (
            r"\max_{j\ne y}(s_j)",
            """
            max(sⱼ)
            j≠y
            """,
        ),
        (
            r"(1-p_t)^\gamma",
            """
                    γ
            (1 − pₜ)
            """,
        ),
        (
            r"\sqrt{x+1}",
            """
             ┌─────╴
            ╰┘x + 1
            """,
        ),
    ],
)
def test_formula_is_drawn(latex: str, drawn: str) -> None:
    assert formula_block(latex, 80) == picture(drawn)


def test_an_environment_stands_inside_another() -> None:
    lines = formula_block(r"\begin{aligned} L &= \begin{cases} a & b \\ c & d \end{cases} \\ &= 3 \end{aligned}", 80)
    assert lines == ("    ⎧ a   b", "L = ⎨", "    ⎩ c   d", "", "  = 3")


BCE = r"\mathrm{BCE} = -\frac1n\sum_i [y_i\log p_i + (1-y_i)\log(1-p_i)]"


def test_a_formula_wider_than_the_screen_is_broken_before_its_signs() -> None:
    lines = formula_block(BCE, 36)
    assert max(map(cell_width, lines)) <= 36
    assert lines[1].startswith("BCE = −╶─╴ Σ [yᵢ log pᵢ")
    assert lines[-1].strip() == "+ (1 − yᵢ) log(1 − pᵢ)]"


def test_breaking_loses_nothing() -> None:
    one_line = "".join("".join(formula_block(BCE, 200)).split())
    broken = "".join("".join(formula_block(BCE, 30)).split())
    assert sorted(one_line) == sorted(broken)


def test_what_cannot_be_broken_stays_wide_for_the_screen_to_scroll() -> None:
    assert formula_block(r"\frac{abcdefghijkl}{2}", 5) == formula_block(r"\frac{abcdefghijkl}{2}", 80)


@pytest.mark.parametrize(
    "latex", [r"\frac{a}{b", r"\begin{cases} a", r"\left( a", "a}", r"\begin{tikz}x\end{tikz}", "_"]
)
def test_a_formula_without_a_reading_shows_as_its_source(latex: str) -> None:
    assert not has_layout(latex)
    assert formula_block(latex, 80) == (latex,)


def test_source_keeps_its_lines() -> None:
    assert formula_block("\\frac{a}\n{b", 80) == ("\\frac{a}", "{b")


def test_deep_nesting_and_long_input_show_as_source() -> None:
    deep = "{" * 500 + "x" + "}" * 500
    assert formula_block(deep, 80) == (deep,)
    assert not has_layout("x+" * 20_000)
