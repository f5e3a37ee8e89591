"""The check that a formula's rendering keeps all its symbols."""

import pytest

from studyapp.render import formula_block, formula_inline, has_layout, lost_symbols, unknown_commands
from studyapp.render import lost as lost_module

FORMULAS = [
    r"\mathrm{BCE} = -\frac1n\sum_{i=1}^n [y_i\log p_i + (1-y_i)\log(1-p_i)]",
    r"p_i = \sigma(z_i),\quad \sigma'(z)=\sigma(z)(1-\sigma(z))\le\tfrac14",
    r"\operatorname{softmax}(z)_i = \frac{e^{z_i}}{\sum_{k=1}^K e^{z_k}}",
    r"\mathrm{FL}(p_t) = -\alpha_t (1-p_t)^\gamma \log p_t",
    r"L_\delta(e)=\begin{cases}\frac12 e^2 & |e|\le\delta\\ "
    r"\delta\left(|e|-\frac12\delta\right) & \text{其他}\end{cases}",
    r"\begin{aligned}\frac{\partial C}{\partial z_j}&=\sum_k\frac{\partial C}{\partial p_k}"
    r"\frac{\partial p_k}{\partial z_j}\\&=p_j-y_j\end{aligned}",
    r"\mathrm{KL}(P\|Q)=\sum_x P(x)\log\frac{P(x)}{Q(x)}=H(P,Q)-H(P)\ge0",
    r"\mathcal{L}=-\log\frac{\exp(q\cdot k_+/\tau)}{\sum_{i=0}^K\exp(q\cdot k_i/\tau)}",
    r"v=\frac{4}{\pi^2}\left(\arctan\frac{w^{gt}}{h^{gt}}-\arctan\frac wh\right)^2",
    r"\mathrm{GIoU}=\mathrm{IoU}-\frac{|C\setminus(A\cup B)|}{|C|}",
    r"\hat f=\arg\min_{f\in\mathcal{F}}\hat R(f)+\lambda\Omega(f)",
    r"\mathbb{E}_{x\sim P}\left[\log\frac{P(x)}{Q(x)}\right],"
    r"\ \lVert x\rVert_2^2,\ \nabla_\theta J",
    r"\underbrace{(f-\mathbb{E}\hat f)^2}_{\text{bias}^2}+\overbrace{\sigma^2}^{\text{噪声}}",
    r"p(y\mid x)=\frac{1}{\sqrt{2\pi}\sigma}\exp\left(-\frac{(y-f(x))^2}{2\sigma^2}\right)",
    r"J=\operatorname{diag}(p)-pp^\top,\ \begin{bmatrix}1&2\\3&4\end{bmatrix},\ \sqrt[3]{x+1},"
    r"\ \binom nk",
    r"\overline{\Delta_J}(m)=\sum_{i=1}^p m_{\pi_i}\,g_i(m),\ \mathbf{1}[y\ne\hat y],\ \tilde x,\ \bar{x}",
    r"\left.\frac{\partial f}{\partial x}\right|_{x=0},\ \lim_{n\to\infty}a_n,\ \prod_{k}a_k,\ \int_0^1 f dx",
    r"\tanh x,\ \cosh x,\ \max(0,1-ys),\ a\not= b,"
    r"\ \left\lfloor\frac ab\right\rfloor,\ \left\{\frac ab\right\}",
    r"\lambda\|w\|_1,\ \{y_i\}_{i=1}^n,\ x\in[0,1),\ 50\%,\ a\approx b\times c\pm d,\ \ldots",
    r"\begin{array}{l|cc} & + & - \\ \hline + & TP & FN\end{array}",
]


@pytest.mark.parametrize("latex", FORMULAS)
def test_formulas_of_the_subject_are_laid_out_whole(latex: str) -> None:
    assert has_layout(latex)
    assert unknown_commands(latex) == ()
    assert lost_symbols(latex) == ()


@pytest.mark.parametrize("layout", ["formula_inline", "formula_block"])
@pytest.mark.parametrize("dropped", ["x", "σ", "2", "Σ"])
def test_a_layout_that_drops_a_symbol_is_caught(monkeypatch: pytest.MonkeyPatch, layout: str, dropped: str) -> None:
    latex = r"\sum_i \sigma(x^2)"
    if layout == "formula_inline":
        text = formula_inline(latex).replace("²", "2").replace(dropped, "")
        monkeypatch.setattr(lost_module, layout, lambda latex: text)
    else:
        rows = tuple(line.replace("²", "2").replace(dropped, "") for line in formula_block(latex, 80))
        monkeypatch.setattr(lost_module, layout, lambda latex, width: rows)
    assert lost_symbols(latex) == (dropped,)


def test_unknown_commands_are_named_once_and_shown() -> None:
    assert unknown_commands(r"\foo x + \foo \bar y \baz") == (r"\foo", r"\baz")
    assert r"\foo" in formula_inline(r"\foo x") and lost_symbols(r"\foo x") == ()


def test_a_source_shown_whole_loses_nothing() -> None:
    assert lost_symbols(r"\frac{a") == ()
    assert formula_inline(r"\frac{a") == r"\frac{a"
