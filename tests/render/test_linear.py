"""One-line formulas: what a learner reads inside a sentence."""

import pytest

from studyapp.render import cell_width, formula_inline


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        # scripts
        (r"x^2", "x²"),
        (r"x_i^2", "xᵢ²"),
        (r"p_{ij}", "pᵢⱼ"),
        (r"\sum_{i=1}^n x_i", "Σᵢ₌₁ⁿ xᵢ"),
        (r"10^{-4}", "10⁻⁴"),
        (r"X^\top X", "XᵀX"),
        (r"e^{z_i}", "e^(zᵢ)"),
        (r"(1-p_t)^\gamma", "(1 − pₜ)^γ"),  # ᵞ would be taken for ʸ
        (r"p_y^2", "(p_y)²"),
        (r"x_{\text{true}}", "x_true"),
        (r"f'(x)", "f′(x)"),
        (r"\nabla_\theta J", "∇_θ J"),
        # fractions keep the order of operations
        (r"\frac{a+b}{c}", "(a + b)/c"),
        (r"\frac{a}{b+c}", "a/(b + c)"),
        (r"\frac{a}{bc}", "a/(bc)"),
        (r"\frac{a-y}{a(1-a)}", "(a − y)/(a(1 − a))"),
        (r"\frac{P(x)}{Q(x)}", "P(x)/Q(x)"),
        (r"\frac{2|A\cap B|}{|A|+|B|}", "2|A ∩ B|/(|A| + |B|)"),
        (r"\frac1n\sum_i x_i", "(1/n) Σᵢ xᵢ"),
        (r"\frac12 x^2", "½x²"),
        (r"\frac{\partial L}{\partial z}", "∂L/∂z"),
        (r"\frac{\partial L}{\partial a}\,\sigma'(z)", "(∂L/∂a) σ′(z)"),
        (r"-\log\frac{p}{q}", "−log(p/q)"),
        (r"\frac{1}{1+e^{-z}}", "1/(1 + e⁻ᶻ)"),
        (r"2^{\frac{a}{b}}", "2^(a/b)"),
        # roots, accents, alphabets
        (r"\sqrt{x}+\sqrt{a+b}+\sqrt[3]{x}", "√x + √(a + b) + ³√x"),
        (r"\hat{y}, \bar y, \tilde{x}", "ŷ, ȳ, x̃"),
        (r"\mathbb{E}[X], \mathcal{L}, \mathbf{1}[y\ne\hat y]", "𝔼[X], ℒ, 𝟏[y ≠ ŷ]"),
        (r"\mathrm{BCE}(y,p)", "BCE(y, p)"),
        (r"\mathrm{TP}+\alpha\,\mathrm{FP}", "TP + α FP"),
        # operators, words and spaces
        (r"y_i\log p_i", "yᵢ log pᵢ"),
        (r"\max(0,1-ys)", "max(0, 1 − ys)"),
        (r"\arg\min_\theta\mathcal{L}(\theta)", "arg min_θ ℒ(θ)"),
        (r"\min_{j\neq y} s_j", "min_(j≠y) sⱼ"),
        (r"a\le b\ge c\approx d\to\infty", "a ≤ b ≥ c ≈ d → ∞"),
        (r"y\in\{-1,+1\}", "y ∈ {−1, +1}"),
        (r"q\cdot k/\tau \times 2", "q · k/τ × 2"),
        (r"-a-b", "−a − b"),
        # bars open, close or separate
        (r"|A\cap B|=|A|+|B|-|A\cup B|", "|A ∩ B| = |A| + |B| − |A ∪ B|"),
        (r"H(Y|X)", "H(Y|X)"),
        (r"\mathrm{KL}(P\|Q)", "KL(P‖Q)"),
        (r"\lVert x\rVert_2^2", "‖x‖₂²"),
        (r"\lambda\sum_j|w_j|", "λ Σⱼ |wⱼ|"),
        (r"\left[\log\frac{p}{q}\right]", "[log(p/q)]"),
        # text, Chinese, environments
        (r"\text{若 } y=1", "若 y = 1"),
        (r"\begin{cases} x & x>0 \\ 0 & \text{otherwise}\end{cases}", "{ x, x > 0; 0, otherwise }"),
        (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", "(1, 2; 3, 4)"),
        (r"\underbrace{a+b}_{\text{和}}", "a + b «和»"),
        # not known, or without a reading: as typed
        (r"\frac{a}{b", r"\frac{a}{b"),
    ],
)
def test_formula_reads(latex: str, shown: str) -> None:
    assert formula_inline(latex) == shown


def test_a_command_that_is_not_known_keeps_its_place_and_argument() -> None:
    assert formula_inline(r"a+\foo{x}") == r"a + \foo x"


def test_a_formula_is_one_line_whatever_its_source() -> None:
    assert formula_inline("a\n+\nb") == "a + b"
    assert "\n" not in formula_inline("\\frac{a\n}{b\n")


def test_a_wide_character_counts_two_cells() -> None:
    assert cell_width(formula_inline(r"\frac{\text{交集}}{\text{并集}}")) == 9
