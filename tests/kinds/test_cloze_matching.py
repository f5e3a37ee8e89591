"""What fills a gap: the accepted answers in other writing, words for signs, words beside the gap; and what does not."""

from __future__ import annotations

import pytest

from studyapp.grading.verdict import Outcome, Verdict
from studyapp.kinds.ask import ask
from studyapp.kinds.grade import grade
from tests.kinds.cards import card


def filled(text: str, answer: str) -> Verdict:
    return grade(ask(card({"id": "gap", "kind": "cloze", "text": text}), 1), answer)


RIGHT = [
    (
        "σ(z) = 1/(1 + {{exp(-z)}})",
        ["e^-z", "np.exp(-z)", "e to the minus z", "e 的负 z 次方", "1/exp(z)", "\\exp(-z)"],
    ),
    ("too high by 1 costs {{1 - q}}", ["one minus q", "1 minus q", "1减q", "−q + 1", "1–q"]),
    (
        "a share of {{90 %}}",
        [
            "9 out of 10",
            "nine in ten",
            "ninety percent",
            "90pct",
            "about 90%",
            "9成",
            "九成",
            "十分之九",
            "百分之90",
            "0.9",
            "nine tenths",
            "～90 %",
        ],
    ),
    ("costs {{4}} times as much", ["four", "4x", "×4", "4-fold", "fourfold", "quadruple", "四倍", "4 times", "2^2"]),
    ("in its {{squared}} unit", ["²", "^2", "to the power of 2", "平方", "二次方"]),
    (
        "the gradient is {{2λw}} there",
        ["2*lam*w".replace("lam", "lambda"), "2 λ·w", "λ·2·w", "w λ + w λ", "2\\lambda w"],
    ),
    (
        "takes the {{one-hot}} vector of labels",
        ["one-hot vector", "onehot", "the one hot vectors", "one-hot vector of labels"],
    ),
    ("the {{expected|mean}} loss", ["expected loss", "an expected loss", "Expected losses"]),
    ("is the {{MAP|maximum a posteriori}} estimate", ["maximum a posteriori (MAP)", "MAP estimate", "MAP estimator"]),
    ("最小化的{{经验}}风险", ["经验风险", "经验的", "经 验"]),
    ("一种{{对数}}损失", ["对数损失", "对数损失函数"]),
    ("是{{对称}}的", ["对称的", "对称性"]),
    ("矩阵的{{列和}}", ["列之和", "列的和"]),
    ("the {{naïve}} one", ["naive", "NAÏVE", "na\u200bive", "\ufeffnaïve"]),
    ("the {{quantile at q|q-quantile}}", ["quantile q", "q quantile"]),
    ("tends to {{∞|\\infty}}", ["inf", "∞", "+∞", "infinity", "\\infty"]),
    ("between {{0}} and {{1}}", ["0;1", "1;0", "0\n1", "zero; one"]),
]
WRONG = [
    ("σ(z) = 1/(1 + {{exp(-z)}})", ["exp(-|z|)", "exp(-max(z, 0))", "exp(z)", "∞"]),
    ("tends to {{0|zero}}", ["∞", "-inf", "10^400", "1/0", "ln(0)", "0.1", "-exp(9999)", "1e-3"]),
    ("costs {{q}}", ["q/0", "q - inf", "|q|", "sqrt(q^2)", "-q", "q^1.0001"]),
    ("the gradient {{2λw}}", ["2λ|w|", "2|λ|w", "λw", "-2λw", "2λw^2"]),
    ("the {{q-quantile|quantile}}", ["quintile", "q-quintile", "-q quantile", "quartile", "quantile/2"]),
    ("max(0, {{-y f}})", ["-|y f|", "y f", "0"]),
    ("tends to {{∞}}", ["-∞", "10^400", "0", "1/0"]),
    ("the {{expected}} loss", ["loss", "expected value", "loss loss", "unexpected loss"]),
    ("takes the {{one-hot}} vector", ["vector", "hot vector", "one vector"]),
    ("is {{symmetric}}", ["asymmetric", "not symmetric", "metric"]),
    ("costs {{4}} times as much", ["4 - fold x", "14x", "x", "four tenths", "1/4"]),
    ("L1 is {{Laplace}}, and L2 {{Gaussian}}", ["Gaussian; Laplace"]),
    ("priors {{Laplace}} and {{Gaussian}} respectively", ["Gaussian; Laplace"]),
]
ASKED_AGAIN = [
    ("σ(z) = 1/(1 + {{exp(-z)}})", ["1/σ(z) - 1"], "rite out"),
    ("σ(0) = {{0.5}}", ["σ(0)", "sigmoid(0)"], "rite out"),
    ("the {{loss}}", ["los", "losss", "lsos"], "spelling"),
    ("the {{gradient}}", ["graident", "gradien", "gradiant"], "spelling"),
]


@pytest.mark.parametrize(("text", "answer"), [(text, answer) for text, answers in RIGHT for answer in answers])
def test_is_right(text: str, answer: str) -> None:
    verdict = filled(text, answer)
    assert verdict.outcome is Outcome.CORRECT, verdict


@pytest.mark.parametrize(("text", "answer"), [(text, answer) for text, answers in WRONG for answer in answers])
def test_is_wrong(text: str, answer: str) -> None:
    verdict = filled(text, answer)
    assert verdict.outcome is Outcome.WRONG, verdict


@pytest.mark.parametrize(
    ("text", "answer", "said"), [(text, one, said) for text, all_, said in ASKED_AGAIN for one in all_]
)
def test_is_asked_again(text: str, answer: str, said: str) -> None:
    verdict = filled(text, answer)
    assert verdict.outcome is Outcome.INVALID and said in verdict.message, verdict
