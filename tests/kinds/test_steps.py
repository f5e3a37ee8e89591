"""Worked solutions: every step comes from the numbers, and the last is the reference's own value."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from studyapp import losses
from studyapp.formula import parse
from studyapp.formula.tree import Call
from studyapp.kinds.ask import ask
from studyapp.kinds.compute import loss_steps
from studyapp.kinds.compute.steps import account, break_down
from studyapp.kinds.grade import reveal
from tests.kinds.cards import card

VALUES: dict[str, Any] = {
    "y": [1, 0, 1],
    "p": [0.9, 0.2, 0.6],
    "soft": [0.7, 0.1, 0.9],
    "z": [1.5, 2, -0.5],
    "s": [0.5, -2, 1.5],
    "sign": [1, -1, 1],
    "P": [0.5, 0.3, 0.2],
    "Q": [0.2, 0.3, 0.5],
    "Y": [[1, 0], [0, 1]],
    "PP": [[0.7, 0.3], [0.4, 0.6]],
    "ZZ": [[1, 0.5], [0.2, 2]],
    "hot": [0, 1, 0],
    "joint": [[0.1, 0.2], [0.3, 0.4]],
    "a": [0, 0, 4, 3],
    "b": [2, 1, 6, 5],
    "w": [0.5, -2.0],
    "weights": [1, 2, 3],
    "q": [1, 0],
    "K": [[1, 0], [0, 1], [0.6, 0.8]],
    "v1": [3, 4],
    "v2": [0, 1],
    "S": [[0.9, 0.3, 0.8], [0.2, 0.7, 0.1], [0.4, 0.6, 0.5]],
}
CALLS = """
mse(y, p); mae(y, p); mbe(y, p); quadratic_cost(y, p); huber(y, z, delta=0.75); smooth_l1(y, z, beta=0.5)
log_cosh(y, z); quantile(y, z, q=0.9); bce(y, p); bce(y, p, reduction='sum'); bce(soft, p); bce(y, p, pos_weight=3)
bce(y, p, sample_weight=weights); bce(y, z, from_logits=1); bce(soft, z, from_logits=1); bce(soft, 800*s, from_logits=1)
bce(y, z, from_logits=1, pos_weight=3); balanced_bce(y, p, alpha=0.3); balanced_bce(y, z, alpha=0.3, from_logits=1)
focal(y, p, alpha=None, gamma=2); focal(y, p, alpha=0.25, gamma=2); focal(y, z, from_logits=1); cross_entropy(Y, PP)
cross_entropy(hot, P); cross_entropy(Y, ZZ, from_logits=1); cross_entropy(hot, P, label_smoothing=0.1)
cross_entropy(hot, z, from_logits=1, label_smoothing=0.1); hinge(sign, s); squared_hinge(sign, s); perceptron(sign, s)
logistic(sign, s); logistic(sign, s, base=2); exponential(sign, s); zero_one(y, hot); self_information(0.25)
self_information(0.25, base=2); entropy(P); entropy(P, base=2); cross_entropy_of(P, Q); cross_entropy_of(P, Q, base=2)
kl(P, Q); kl(P, Q, base=2); js(P, Q); js(P, Q, base=2); joint_entropy(joint); joint_entropy(joint, base=2)
conditional_entropy(joint); conditional_entropy(joint, base=2); conditional_entropy(joint, given='y')
conditional_entropy(joint, given='y', base=2); mutual_information(joint); mutual_information(joint, base=2)
dice(y, p); dice(y, p, smooth=1); dice(y, p, smooth=1, squared=True); soft_iou(y, p); soft_iou(y, p, smooth=1)
tversky(y, p, alpha=0.3, beta=0.7); focal_tversky(y, p); box_iou(a, b); iou_loss(a, b); iou_loss(a, b, form='log')
giou(a, b); giou_loss(a, b); diou(a, b); diou_loss(a, b); ciou(a, b); ciou_loss(a, b); triplet(q, v2, v1, margin=4)
triplet(q, v2, v1, squared=True, margin=20); triplet(q, v2, v1, p=1, margin=5); sum_hinge(S); max_hinge(S)
info_nce(q, K); info_nce(q, K, 0, temperature=0.5); l1_penalty(w); l2_penalty(w, strength=0.1)
elastic_net(w, l1=0.1, l2=0.2); sigmoid(z); softplus(z); softmax(z); log_softmax(z); logsumexp(z)
mse.grad(y, p); mae.grad(y, p); quadratic_cost.grad(y, p); huber.grad(y, z, delta=0.75); smooth_l1.grad(y, z, beta=0.5)
log_cosh.grad(y, z); quantile.grad(y, z, q=0.9); bce.grad(y, p); bce.grad(y, z, from_logits=1)
bce.grad(y, z, from_logits=1, pos_weight=3); cross_entropy.grad(hot, P); cross_entropy.grad(hot, z, from_logits=1)
cross_entropy.grad(hot, z, from_logits=1, label_smoothing=0.1); focal.grad(y, z, from_logits=1); hinge.grad(sign, s)
squared_hinge.grad(sign, s); perceptron.grad(sign, s); logistic.grad(sign, s); logistic.grad(sign, s, base=2)
exponential.grad(sign, s); kl.grad(P, Q); kl.grad(P, Q, base=2); entropy.grad(P); dice.grad(y, p); soft_iou.grad(y, p)
l1_penalty.grad(w); l2_penalty.grad(w); elastic_net.grad(w, l1=0.1, l2=0.2); sigmoid.grad(z); softplus.grad(z)
logsumexp.grad(z); softmax.grad(z)
"""
TEXTS = [text.strip() for text in re.split(r"[;\n]", CALLS) if text.strip()]


@pytest.mark.parametrize("text", TEXTS)
def test_a_loss_is_taken_apart_into_quantities_that_end_in_its_value(text: str) -> None:
    expression = parse(text, tuple(VALUES))
    assert isinstance(expression.tree, Call)
    taken = break_down(expression.tree, VALUES)
    assert taken is not None, "no chain of this loss leads to the value of the reference"
    last = np.asarray(taken.quantities[-1].value)
    reductions = [last, last.mean(), last.sum(), last / max(1, len(np.atleast_1d(last)))]
    result = np.asarray(expression.evaluate(VALUES))
    assert any(np.shape(one) == result.shape and np.allclose(one, result, rtol=1e-9) for one in reductions)


def test_every_chain_is_the_account_of_some_call() -> None:
    used = set()
    for text in TEXTS:
        call = parse(text, tuple(VALUES)).tree
        assert isinstance(call, Call)
        taken = break_down(call, VALUES)
        assert taken is not None
        used.add((call.function, tuple(quantity.expression.text for quantity in taken.quantities)))
    declared = {
        (name, tuple(expression for _, expression in chain.quantities))
        for name, chains in loss_steps.CHAINS.items()
        for chain in chains
    }
    assert {name.removesuffix(".grad") for name, _ in declared} <= set(losses.names())
    assert declared - used == set()


def test_the_account_shows_each_sample_and_how_they_are_averaged() -> None:
    blocks = account(parse("bce(y, p)", tuple(VALUES)), VALUES)
    assert blocks == [
        "- `p_t = y·p + (1 − y)·(1 − p)`\n- `loss = −ln(p_t)`",
        "| i | y | p | p_t | loss |\n|---:|---:|---:|---:|---:|\n"
        "| 1 | 1 | 0.9 | 0.9 | 0.10536 |\n| 2 | 0 | 0.2 | 0.8 | 0.22314 |\n| 3 | 1 | 0.6 | 0.6 | 0.51083 |",
        "- mean: `(0.10536 + 0.22314 + 0.51083)/3 = 0.27978`",
        "- `bce([1, 0, 1], [0.9, 0.2, 0.6]) = 0.27978`",
    ]


def test_the_account_puts_the_numbers_into_the_formula() -> None:
    assert account(parse("iou_loss(a, b)", tuple(VALUES)), VALUES)[0].split("\n")[-2:] == [
        "- `IoU = 4/24 = 0.16667`",
        "- `loss = 1 − 0.16667 = 0.83333`",
    ]
    plain = account(parse("-ln(0.7)/2 + s[1]", tuple(VALUES)), VALUES)
    assert plain == ["- `ln(0.7) = −0.35667`\n- `−ln(0.7)/2 = 0.17834`\n- `−ln(0.7)/2 + (−2) = −1.8217`"]


def test_a_solution_of_the_card_is_filled_in_and_ends_in_the_reference() -> None:
    fields = {
        "id": "x",
        "kind": "compute",
        "question": "?",
        "draw": {"y": [1, 0], "p": [0.8, 0.4]},
        "answer": "bce(y, p)",
    }
    written = reveal(ask(card({**fields, "solution": "The terms are {bce(y, p, reduction='none'):3}."}), 1))
    assert written.answer == "0.3670"
    assert written.solution == "The terms are [0.223, 0.511].\n\n- `bce([1, 0], [0.8, 0.4]) = 0.3670`"
    assert "| 1 | 1 | 0.8 |" in reveal(ask(card(fields), 1)).solution


@pytest.mark.parametrize(
    "text",
    ["sparse_cross_entropy([0, 1], PP)", "multiclass_hinge(0, z)", "lovasz_hinge(y, s)", "w", "2", "[p[0], 2]", "y*p"],
)
def test_what_has_no_chain_is_accounted_for_all_the_same(text: str) -> None:
    expression = parse(text, tuple(VALUES))
    assert account(expression, VALUES)[-1].startswith("- ")
