"""The language of expressions: what is read, as what, and what is refused where."""

from __future__ import annotations

import math
import subprocess
import sys
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyapp import losses
from studyapp.formula import (
    DECK,
    FORMULA,
    LIST,
    NUMBER,
    ExpressionError,
    Grammar,
    Placeholder,
    budget,
    fill,
    parse,
    spelling_key,
    split_placeholders,
)
from studyapp.formula.functions import FUNCTIONS
from studyapp.formula.latex import to_latex
from studyapp.formula.vocabulary import ARRAY_FUNCTIONS, ELEMENTARY

VALUES: dict[str, Any] = {
    "y": [1, 0, 1], "p": [0.9, 0.2, 0.6], "n": 3, "z": 0.5, "A": [[1.0, 2.0], [3.0, 4.0]],
    "y_hat": 0.25, "alpha_t": 2.0,
}  # fmt: skip


def value(text: str, grammar: Grammar = DECK) -> Any:
    return np.asarray(parse(text, tuple(VALUES), grammar).evaluate(VALUES)).tolist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 + 3*4", 14), ("(2 + 3)*4", 20), ("2 - 3 - 4", -5), ("24/4/2", 3), ("2^3^2", 512), ("2**3", 8),
        ("-2^2", -4),
        ("2^-1", 0.5), ("-2^-2", -0.25), ("--2", 2), ("+3", 3), ("10%", 0.1), ("50% * 2", 1), ("1e3", 1000),
        (".5", 0.5),
        ("ln(e)", 1), ("log(e)", 1), ("log(8, base=2)", 3), ("log2(8)", 3), ("log10(1000)", 3), ("log_3(9)", 2),
        ("exp(0)", 1),
        ("sqrt(16)", 4), ("abs(-3)", 3), ("|z - 2|", 1.5), ("||z| - 1|", 0.5), ("sign(-2)", -1), ("floor(2.7)", 2),
        ("round(2.345, 2)", 2.35), ("tanh(0) + cosh(0) + sinh(0) + sin(0) + cos(0) + tan(0) + atan(0)", 2),
        ("sigmoid(0)", 0.5),
        ("softplus(0)", math.log(2)), ("logit(0.5)", 0), ("relu(-1) + relu(2)", 2), ("min(3, 1, 2)", 1),
        ("max(y)", 1),
        ("min(y, p)", [0.9, 0, 0.6]), ("maximum(0.5, p)", [0.9, 0.5, 0.6]), ("sum(y)", 2), ("mean([1, 2, 6])", 3),
        ("median([5, 1, 2])", 2),
        ("var([1, 2, 3])", 2 / 3), ("var([1, 2, 3], ddof=1)", 1), ("std([1, 3])", 1), ("prod([2, 3, 4])", 24),
        ("sort([3, 1, 2])", [1, 2, 3]),
        ("argmax(p)", 0), ("argmin(p)", 1), ("clip([-2, 0.5, 2], -1, 1)", [-1, 0.5, 1]), ("dot([1, 2], [3, 4])", 11),
        ("matmul(A, [1, 1])", [3, 7]), ("transpose(A)", [[1, 3], [2, 4]]),
        ("outer([1, 2], [3, 4])", [[3, 4], [6, 8]]),
        ("diag(A)", [1, 4]), ("diag([1, 2])", [[1, 0], [0, 2]]), ("cumsum([1, 2, 3])", [1, 3, 6]),
        ("norm([3, 4])", 5),
        ("norm([3, -4], order=1)", 7), ("norm([3, -4], order=inf)", 4), ("‖[3, 4]‖", 5), ("len(p)", 3),
        ("size(A)", 4), ("sum(A, axis=0)", [4, 6]),
        ("max(A, axis=1)", [2, 4]), ("zeros(2)", [0, 0]), ("ones([2, 1])", [[1], [1]]),
        ("concat([1], [2, 3], 4)", [1, 2, 3, 4]),
        ("where(y, p, -p)", [0.9, -0.2, 0.6]), ("y == 1", [1, 0, 1]), ("y != 1", [0, 1, 0]), ("p > 0.5", [1, 0, 1]),
        ("p ≥ 0.6", [1, 0, 1]),
        ("any(y == 1) and any(y == 0)", 1), ("all(y) or n < 3", 0), ("not all(y)", 1), ("min(abs(y - p)) > 0.05", 1),
        ("p[0]", 0.9), ("p[-1]", 0.6), ("A[1][0]", 3), ("A[1, 0]", 3), ("softmax([0, 0])", [0.5, 0.5]),
        ("sum(softmax([1, 2, 3]))", 1),
        ("logsumexp([0, 0])", math.log(2)), ("log_softmax([1000, 1000])", [-math.log(2)] * 2), ("pi/π", 1),
        ("2n", 6), ("2(n + 1)", 8),
        ("n(n + 1)/2", 6), ("n z", 1.5), ("1/2 n", 1.5), ("inf", math.inf), ("-1/0", -math.inf), ("1[z < 1]", 1),
        ("½n", 1.5),
        ("bce(y, p, reduction='sum')", 0.8393297), ("bce(y, p) / ln(2)", 0.40363226),
        ("bce.grad(y, p)[0]", -0.3703704),
        ("grad('bce', y, p)[0]", -0.3703704), ("grad('bce', y, p, reduction=\"sum\")[0]", -1.1111111),
        ("bce(1, z, from_logits=True)", 0.4740770),
        ("bce(1, z, from_logits=1)", 0.4740770), ("box_iou([0, 0, 2, 2], [1, 1, 3, 3])", 1 / 7),
        ("sparse_cross_entropy([0], [[0.5, 0.5]], ignore_index=-1)", math.log(2)),
    ],
)  # fmt: skip
def test_values(text: str, expected: Any) -> None:
    np.testing.assert_allclose(value(text), expected, rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("-ln(0.7)/2", "−ln(0.7)/2"), ("\\frac{-\\ln 0.7}{2}", "−ln(0.7)/2"), ("−ln(0.7)÷2", "−ln(0.7)/2"),
        ("-ln 0.7 / 2", "−ln(0.7)/2"),
        ("ŷ - 1", "y_hat − 1"),
        ("\\hat{y}", "y_hat"), ("\\hat y^2", "y_hat^2"), ("yhat", "y_hat"), ("α_t·2", "alpha_t·2"),
        ("\\alpha_{t}", "alpha_t"), ("αₜ", "alpha_t"),
        ("z²", "z^2"), ("z⁻¹", "z^(−1)"), ("√z", "sqrt(z)"), ("√(z+1)", "sqrt(z + 1)"), ("\\sqrt{z}", "sqrt(z)"),
        ("\\sqrt[3]{z}", "root(z, 3)"),
        ("e^{-z}", "e^(−z)"), ("\\left(z\\right)", "z"), ("\\lvert z \\rvert", "|z|"), ("σ(z)", "σ(z)"),
        ("\\sigma(z)", "σ(z)"),
        ("\\operatorname{sigmoid}(z)", "σ(z)"), ("\\mathrm{max}(z, 0)", "max(z, 0)"), ("[1 - z]_+", "relu(1 − z)"),
        ("(1 - z)_+", "relu(1 − z)"),
        ("\\max\\{0, z\\}", "max(0, z)"), ("\\ln^2 z", "ln(z)^2"), ("sin^2(z)", "sin(z)^2"),
        ("z / (2 n)", "z/(2·n)"), ("(z/2) n", "z/2·n"), ("z - (n - 1)", "z − (n − 1)"),
        ("z*(-1)", "z·(−1)"), ("(-z)^2", "(−z)^2"), ("-(z^2)", "−z^2"), ("2^(3^z)", "2^(3^z)"),
        ("(2^3)^z", "(2^3)^z"), ("𝑧 + １", "z + 1"),
        ("1[z<1]", "z < 1"), ("\\frac12", "1/2"),
        ("√z²", "sqrt(z^2)"), ("√2 * z", "sqrt(2)·z"), ("√(z)²", "sqrt(z)^2"), ("\\sqrt z^2", "sqrt(z)^2"),
        ("√|z|", "sqrt(|z|)"),
        ("2√n/z", "2·sqrt(n)/z"), ("lnz", "ln(z)"), ("ln2", "ln(2)"), ("-z·lnz", "−z·ln(z)"), ("lnz^2", "ln(z^2)"),
        ("tanhz", "tanh(z)"), ("z ln2", "z·ln(2)"), ("ln(z)/n", "ln(z)/n"), ("ln(z) / n", "ln(z)/n"),
        ("np.exp(-z)", "exp(−z)"), ("math.sqrt(z)", "sqrt(z)"), ("numpy.log(z)", "ln(z)"), ("np.pi z", "π·z"),
        ("sinh z cosh z", "sinh(z)·cosh(z)"), ("ln 2n + 1", "ln(2·n) + 1"), ("ln 2π", "ln(2·π)"),
        ("ln0.5 / 2", "ln(0.5)/2"),
        ("z if z < n else 2n", "where(z < n, z, 2·n)"), ("where(z < 1, z, n)", "where(z < 1, z, n)"),
        ("(z - n)^+", "relu(z − n)"), ("(z - n)^+ n", "relu(z − n)·n"), ("(z - n)^{+}", "relu(z − n)"),
        ("(z - n)⁺", "relu(z − n)"), ("(z - n)_{+}", "relu(z − n)"), ("n^+2", "n^2"), ("z^(+n)", "z^n"),
        ("3e−7", "3e-7"), ("3E–7·z", "3E-7·z"), ("2e⁃1", "2e-1"), ("z‒n", "z − n"), ("z\u2062n", "z·n"),
        ("sin\u2061z", "sin(z)"), ("z\u200b + n\u00ad", "z + n"), ("\ufefflog\u200b2(z)", "log2(z)"),
        ("2½", "2 + 1/2"), ("z ≤ 1", "z ≤ 1"), ("50%", "50%"),
    ],
)  # fmt: skip
def test_every_spelling_is_read_as_one_form_and_that_form_reads_back(text: str, shown: str) -> None:
    read = parse(text, tuple(VALUES), FORMULA)
    assert str(read) == shown
    assert str(parse(shown, tuple(VALUES), FORMULA)) == shown
    assert parse(shown, tuple(VALUES), FORMULA).evaluate(VALUES) == pytest.approx(read.evaluate(VALUES))


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", 0, "nothing to read"), ("1 +", 3, "breaks off"), ("(1 + 2", 0, "not closed"),
        ("1 + 2)", 5, "closes nothing"), ("[1, 2", 0, "not closed"),
        ("ln(2", 2, "not closed"), ("|z", 0, "not closed"), ("1 2", 2, "side by side"),
        ("2 +* 3", 3, "cannot stand here"), ("foo(1)", 0, "foo"),
        ("zz + 1", 0, "z·z"), ("Z", 0, "did you mean z"), ("sqr(2)", 0, "did you mean sqrt"),
        ("ln 2 3", 5, "Put brackets"), ("ln -2", 3, "put brackets"),
        ("z/2n", 3, "put brackets"), ("lg(2)", 0, "log2, log10 or ln"), ("ln()", 0, "takes 1 argument"),
        ("max()", 0, "at least 1"), ("1.2.3", 3, "one decimal point"),
        ("1_000", 1, "underscore"), ("1,5", 1, "point"), ("z = 1", 2, "="), ("±1", 0, "two answers"),
        ("∑ z", 0, "write the terms out"), ("3!", 1, "factorial"),
        ("z.real", 1, "through a point"), ("z[0]", 1, "round brackets"), ("'text'", 0, "quotes"),
        ("\\foo", 0, "foo"), ("\\frac{1}", 8, "denominator"), ("\\hat", 4, "letter is missing"),
        ("z; n", 1, "cannot stand here"), ("`z`", 0, "means nothing"), ("{z", 0, "not closed"),
        ("(z]", 2, "closes no bracket"), ("1e999", 0, "too large"), ("ln^{-1}(z)", 0, "power after the brackets"),
        ("ln z/n", 4, "Put brackets"), ("ln (z)/n", 6, "Put brackets"), ("z ln z/n", 6, "Put brackets"),
        ("lnz/n", 3, "Put brackets"),
        ("√2z", 2, "root end"), ("log z / n", 6, "Put brackets"), ("平均为0.3", 0, "平均为"), ("z 减 n", 2, "减"),
        ("\u200bz + \u200b§", 6, "means nothing"), ("logzn", 0, ""),
        ("1 < z < 2", 6, "one comparison"), ("2^", 2, "breaks off"), ("bce(1, 0.5)", 0, "reference loss"),
        ("__import__('os')", 0, ""), ("z if 1", 6, "else"), ("2 else 1", 2, ""), ("lambda: 1", 0, ""),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_at_its_place(text: str, column: int, words: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse(text, ("z", "n"), FORMULA)
    assert words in refused.value.message
    if words:
        assert refused.value.column == column


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("y + [1, 2]", "do not fit"), ("[[1, 2], [3]]", "not equally long"), ("p[3]", "no entry 3"),
        ("n[0]", "single number"), ("bce(y)", "y_pred is missing"),
        ("bce(y, [2, 3, 4])", "bce"), ("hinge(y, p)", "hinge"), ("bce(y, p, reduktion='sum')", "reduction"),
        ("outer(ones(200), ones(200))", "too large"),
        ("zeros(100000)", "too large"), ("zeros(-1)", "negative"), ("softmax.grad(ones(600))", "too large"),
        ("matmul(ones(3), ones(2))", "matmul"),
    ],
)  # fmt: skip
def test_what_has_no_value_says_why(text: str, words: str) -> None:
    expression = parse(text, tuple(VALUES))
    with pytest.raises(ExpressionError) as refused:
        expression.evaluate(VALUES)
    assert words in refused.value.message


_COLUMN, _ROW, _DEEP = "ones([5000, 1])", "ones([1, 5000])", "ones([1, 1, 5000])"


@pytest.mark.parametrize(
    "text",
    [
        f"sum(min(0, {_COLUMN}, {_ROW}))", f"max(1, {_COLUMN}, {_ROW}, {_DEEP})", f"where(1, {_COLUMN}, {_ROW})",
        f"where({_COLUMN}, {_ROW}, {_DEEP})", f"clip(1, {_COLUMN}, {_ROW})", f"clip({_ROW}, 0, {_COLUMN})",
        f"{_COLUMN} + {_ROW}", f"({_COLUMN} > 0) and ({_ROW} > 0)", f"minimum({_COLUMN}, {_ROW})",
        "matmul(ones([100, 10, 2]), ones([100, 2, 10, 1]))", "matmul(ones([50, 100, 1]), ones([50, 1, 100]))",
        "dot(ones([200, 1]), ones([1, 200]))", f"mse({_COLUMN}, {_ROW})", f"outer({_COLUMN}, {_ROW})",
        f"root({_COLUMN}, {_ROW})", "softmax.grad(ones(600))",
    ],
)  # fmt: skip
def test_no_function_makes_an_array_beyond_the_limit(text: str) -> None:
    started = time.thread_time()
    with pytest.raises(ExpressionError):
        parse(text).evaluate({})
    assert time.thread_time() - started < 0.2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("round(2.5e-7, 1000000000)", 2.5e-7), ("round(1234.5, -1000000000)", 0), ("round(1234.5, -2)", 1200),
        ("round(2.345, 2147483647)", 2.345), ("min([1, 5], 3, [[2, 9], [4, 9]])", [[1, 3], [1, 3]]),
    ],
)  # fmt: skip
def test_bounded_functions_keep_their_meaning(text: str, expected: Any) -> None:
    started = time.thread_time()
    np.testing.assert_allclose(value(text), expected)
    assert time.thread_time() - started < 0.2


def test_an_evaluation_ends_with_its_budget() -> None:
    heavy = parse(" + ".join(["sum(sort(x))"] * 60), ("x",))
    with pytest.raises(budget.OutOfBudget), budget.limited(0.02):
        for _ in range(1_000):
            heavy.evaluate({"x": [0.5] * 10_000})
    assert heavy.evaluate({"x": [0.5]}) == 30, "the budget is over with its block"


@pytest.mark.parametrize("text", ["9^9^9", "9**9**9**9", "10^400", "exp(1000)*exp(1000)", "1/0", "1/(1 - 1)"])
def test_strict_evaluation_refuses_overflow_and_division_by_zero(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text, (), NUMBER).evaluate({}, strict=True)


@pytest.mark.parametrize(
    "text", ["+".join(["1"] * 300), "(" * 60 + "1" + ")" * 60, "-" * 400 + "1", "2^" * 240 + "2", "1" * 501, "|" * 300]
)
def test_size_and_depth_are_limited(text: str) -> None:
    started = time.perf_counter()
    with pytest.raises(ExpressionError):
        parse(text, (), NUMBER).evaluate({}, strict=True)
    assert time.perf_counter() - started < 0.5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 2 3", [1, 2, 3]), ("[1 -2]", [1, -2]), ("1 - 2", -1), ("1 -2", [1, -2]), ("1 2; 3 4", [[1, 2], [3, 4]]),
        ("1, 2\n3, 4", [[1, 2], [3, 4]]),
        ("1;2;3", [1, 2, 3]), ("ln(1) 2", [0, 2]), ("1/2 1/4", [0.5, 0.25]), ("(1, 2)", [1, 2]), ("2(3) 4", [6, 4]),
        ("[1 2]", [1, 2]), ("-1 -2", [-1, -2]),
        ("1，2；3，4", [[1, 2], [3, 4]]), ("[1, 2,]", [1, 2]), ("1 +2", [1, 2]), ("1 + 2 3", [3, 3]),
        ("|-1| |2|", [1, 2]), ("(1 - 2) 3", [-1, 3]),
    ],
)  # fmt: skip
def test_lists_and_matrices(text: str, expected: Any) -> None:
    assert value(text, LIST) == expected


@pytest.mark.parametrize("spellings", [
    ("ŷ", "yhat", "y_hat", "y\u0302"), ("α", "alpha"), ("p_t", "pt", "pₜ", "p_{t}"), ("x_1", "x1", "x₁"),
    ("ȳ", "ybar", "y_bar"), ("w'", "w′", "wprime"),
    ("σ", "sigma"),
])  # fmt: skip
def test_spellings_of_one_symbol_share_a_key(spellings: tuple[str, ...]) -> None:
    assert len({spelling_key(spelling) for spelling in spellings}) == 1
    assert spelling_key(spellings[0]) != spelling_key(spellings[0].upper() + "x")


def test_the_vocabulary_is_the_functions_and_stands_apart_from_the_losses() -> None:
    assert set(FUNCTIONS) == set(ELEMENTARY) | set(ARRAY_FUNCTIONS)
    shared = set(FUNCTIONS) & set(losses.names())
    z = np.array([-800.0, -1.5, 0.0, 2.0, 800.0])
    for name in shared:  # the activations: same name, same values
        assert FUNCTIONS[name](z) == pytest.approx(losses.get(name)(z))


PIECES = [
    *"0123456789.eE+-*/^()[]{}|,; xyzpa_%!=<>'\"\\\n",
    "ln", "\\frac", "{1}", "σ", "ŷ", "²", "½", "√", "−", "·", "π", "log_2", "max", "sum(",
]  # fmt: skip
TYPED = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@settings(max_examples=600, deadline=None)
@given(text=TYPED | st.text(max_size=40), grammar=st.sampled_from([DECK, FORMULA, NUMBER, LIST]))
def test_anything_typed_is_a_number_or_an_expression_error_inside_the_text(text: str, grammar: Grammar) -> None:
    started = time.perf_counter()
    try:
        result = parse(text, ("x", "y", "z", "p", "a"), grammar).evaluate(dict.fromkeys("xyzpa", 0.5), strict=True)
    except ExpressionError as error:
        assert 0 <= error.column <= len(text)
        assert error.message
    else:
        assert np.asarray(result).dtype == np.float64 and np.size(result) <= 10_000
    assert time.perf_counter() - started < 1.0


LEAVES = st.sampled_from(["x", "y", "0.25", "3", "2", "e", "ln(x)", "|y|"])
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" + ", " - ", "*", "/", "^"]), inner).map(
            lambda t: f"({t[0]}){t[1]}({t[2]})"
        ),
        inner.map(lambda text: f"-({text})"),
        inner.map(lambda text: f"exp({text})"),
        st.tuples(inner, inner).map(lambda t: f"max({t[0]}, {t[1]})"),
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(text=TREES)
def test_the_canonical_form_means_the_same(text: str) -> None:
    point = {"x": 0.7, "y": -1.3}
    read = parse(text, ("x", "y"))
    again = parse(str(read), ("x", "y"))
    np.testing.assert_allclose(again.evaluate(point), read.evaluate(point), rtol=1e-9)


@settings(max_examples=200, deadline=None)
@given(text=TREES)
def test_the_latex_form_means_the_same(text: str) -> None:
    point = {"x": 0.7, "y": -1.3}
    read = parse(text, ("x", "y"))
    again = parse(to_latex(read.tree), ("x", "y"), Grammar(characters=100_000))
    np.testing.assert_allclose(again.evaluate(point), read.evaluate(point), rtol=1e-9)


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("a - y", "a - y"),
        (
            "-(y*ln(p) + (1-y)*ln(1-p))",
            r"-\left(y\,\ln\left(p\right) + \left(1 - y\right)\,\ln\left(1 - p\right)\right)",
        ),
        ("(y_hat - y)/n", r"\frac{\hat{y} - y}{n}"),
        ("-alpha_t*(1-p_t)^gamma*ln(p_t)", r"-\alpha_{t}\,\left(1 - p_{t}\right)^{\gamma}\,\ln\left(p_{t}\right)"),
        ("2*x1 + sqrt(2)*3", r"2\,x_{1} + \sqrt{2} \cdot 3"),
        ("sigmoid(z)*(1 - sigmoid(z))", r"\sigma\left(z\right)\,\left(1 - \sigma\left(z\right)\right)"),
        ("-y*(y*s < 1)", r"-y\,\mathbf{1}[y\,s < 1]"),
        ("abs(x)^2 / (2*delta)", r"\frac{\left|x\right|^{2}}{2\,\delta}"),
    ],
)
def test_formulas_are_shown_as_latex(text: str, latex: str) -> None:
    names = ("a", "y", "p", "n", "z", "s", "x", "x1", "y_hat", "alpha_t", "p_t", "gamma", "delta")
    assert to_latex(parse(text, names).tree) == latex


def test_placeholders() -> None:
    text = "p = {p[0]:3}, {{braces}}, $\\frac{1}{<<n>>}$ and <<ln(z):.4f>> $$\\hat{y}$$ \\{x\\} {z}"
    found = [piece for piece in split_placeholders(text) if isinstance(piece, Placeholder)]
    assert [(one.expression, one.digits, one.form) for one in found] == [
        ("p[0]", 3, ""), ("n", None, ""), ("ln(z)", None, ".4f"), ("z", None, ""),
    ]  # fmt: skip
    assert all(text.startswith(one.expression, one.at) for one in found)
    assert fill(text, lambda one: "#") == "p = #, {braces}, $\\frac{1}{#}$ and # $$\\hat{y}$$ \\{x\\} #"


@pytest.mark.parametrize(("text", "column"), [("a {b", 2), ("a <<b", 2), ("a {}", 2), ("<< >>", 0)])
def test_broken_placeholders_are_refused_at_their_place(text: str, column: int) -> None:
    with pytest.raises(ExpressionError) as refused:
        list(split_placeholders(text))
    assert refused.value.column == column


def test_reading_needs_no_numpy() -> None:
    program = (
        "import sys; from studyapp.formula import parse; parse('a + ln(b)', ('a', 'b')); print('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
