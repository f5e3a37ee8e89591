"""Bad input: a ValueError that names the argument, what was expected and what came, and the likely cure."""

# ruff: noqa: E501 - a row of a table reads best on one line

from __future__ import annotations

import contextlib
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from studyapp import losses
from studyapp.losses import LossError
from tests.losses.samples import draw, shape_of

REFUSALS = [
    # wrong coding of labels
    ("hinge", ([0, 1], [1.0, 2.0]), {}, "y_true must be labels -1 or +1; got 0 at [0]. Labels are 0/1 here: use 2*y - 1"),
    ("focal", ([-1, 1], [0.5, 0.5]), {}, "y_true must be labels 0 or 1; got -1 at [0]. Labels are -1/+1 here: use (y + 1) / 2"),
    ("logistic", ([1, 2], [0.5, 0.5]), {}, "y_true must be labels -1 or +1; got 2 at [1]"),
    ("dice", ([0.5, 1], [0.5, 0.5]), {}, "y_true must be labels 0 or 1; got 0.5 at [0]"),
    ("bce", ([-1, 1], [0.5, 0.5]), {}, "Labels -1/+1 become 0/1 by (y + 1) / 2"),
    ("zero_one", ([1, 0], [0.7, 0.2]), {}, "y_pred must be whole numbers that name classes; got 0.7 at [0]"),
    ("sparse_cross_entropy", ([3], [[0.2, 0.3, 0.5]]), {}, "y_true must be class numbers 0 … 2; got 3 at [0]"),
    ("sparse_cross_entropy", ([-1], [[0.2, 0.8]]), {}, "set ignore_index to leave such samples out"),
    ("sparse_cross_entropy", ([[0, 1]], [[0.2, 0.8]]), {}, "One-hot rows become class numbers by argmax(axis=-1)"),
    ("info_nce", ([1.0], [[1.0]], 1), {}, "positive must be a place among the 1 keys, 0 … 0; got 1"),
    ("mean_iou", ([-1, 0], [0, 0]), {}, "class numbers must be 0 or more; got -1"),
    ("mean_iou", ([3, 0], [0, 0]), {"num_classes": 2}, "num_classes is 2, but there is a class 3"),
    # probabilities
    ("bce", ([1], [1.2]), {}, "y_pred must be probabilities from 0 to 1; got 1.2 at [0]. Raw scores need a sigmoid"),
    ("cross_entropy", ([[0, 1]], [[2.0, -1.0]]), {}, "Raw scores need a softmax (or from_logits=True) first"),
    ("kl", ([0.5, 0.4], [0.5, 0.5]), {}, "the sum of p must be 1 (p holds rows with sum 1, to within 1e-06); got 0.9"),
    ("kl", ([[0.5, 0.5]], [[3, 1]]), {}, "q must be rows of probabilities that sum to 1; got 3 at [0, 0]"),
    ("joint_entropy", ([[0.5, 0.5], [0.5, 0.5]],), {}, "Divide p_xy by its sum if it holds counts"),
    ("nll", ([0], [[0.5, 0.5]]), {}, "Take the logarithm of probabilities first"),
    ("nll", ([0], [[-0.1, -0.1]]), {}, "Raw scores need log_softmax first"),
    ("nll", ([0], [[float("nan"), -0.1]]), {}, "log_prob must be rows of log-probabilities (at most 0); got nan"),
    # boxes
    ("box_iou", ([0, 0, 1, 1], [2, 0, 1, 1]), {}, "box_pred must be boxes x0, y0, x1, y1 with x0 <= x1 and y0 <= y1; got (2, 0, 1, 1)"),
    ("giou_loss", ([[0, 0, 1, 1]], [[5, 5, 2, 2]]), {}, "got (5, 5, 2, 2) at [0]. Boxes given as x, y, width, height need"),
    ("box_iou", ([0, 0, 1], [0, 0, 1]), {}, "the last axis of box_true must have length 4; got 3"),
    # shapes
    ("mse", ([1.0, 2.0], [[1.0], [2.0]]), {}, "y_true has shape (2,) but y_pred has shape (2, 1); they must be equal (nothing is broadcast)"),
    ("mse", ([1.0, 2.0], 1.0), {}, "y_pred has shape (); they must be equal"),
    ("cross_entropy", ([[0, 1]], [[0.2, 0.3, 0.5]]), {}, "y_pred has 3 entries along C but y_true has 2; they must agree"),
    ("triplet", ([0.0, 1.0], [0.0, 1.0], [0.0]), {}, "negative has 1 entries along D but anchor has 2"),
    ("sum_hinge", ([[1.0, 2.0]],), {}, "similarity must be square; got shape (1, 2)"),
    ("softmax", (3.0,), {}, "z has shape (); it needs the axes (…, C)"),
    ("info_nce", ([[1.0], [2.0]], [[[1.0]]]), {}, "expected query (…, D) and keys (…, K, D) with the same leading axes"),
    ("info_nce", ([1.0], np.zeros((0, 1))), {}, "keys holds no key at all"),
    ("multiclass_hinge", ([0], [[1.0]]), {}, "score needs at least 2 classes; got 1"),
    # what is no number
    ("mse", ([1.0, "two"], [1.0, 2.0]), {}, "y_true must be numbers; got text"),
    ("mse", ([1.0, None], [1.0, 2.0]), {}, "y_true must be numbers; got NoneType ('None')"),
    ("mse", ([[1.0], [1.0, 2.0]], [1.0, 2.0]), {}, "y_true is ragged (rows of different lengths)"),
    ("mse", ([1 + 2j], [1.0]), {}, "y_true must be real numbers; got complex ones"),
    ("mse", ([1.0], {2.0}), {}, "y_pred is a set, which has no order"),
    ("mse", ([1.0], {"a": 2.0}), {}, "y_pred is a dict"),
    ("mse", (np.array(["2020-01-01"], dtype="datetime64[D]"), [1.0]), {}, "values of type datetime64[D]"),
    ("mse", (np.ma.masked_array([1.0, 2.0], mask=[True, False]), [1.0, 2.0]), {}, "masked array"),
    ("mse", ([10**400], [1.0]), {}, "y_true holds a number too large for a 64-bit float"),
    ("mse", ([1.0, float("nan")], [1.0, 2.0]), {}, "y_true must be finite numbers; got nan at [1]"),
    ("mse", ([1.0], [float("inf")]), {}, "y_pred must be finite numbers; got inf at [0]"),
    ("bce", ([1.0], [float("nan")]), {}, "y_pred must be probabilities from 0 to 1; got nan"),
    ("hinge", ([float("nan")], [1.0]), {}, "y_true must be labels -1 or +1; got nan"),
    ("zero_one", ([float("inf")], [1]), {}, "y_true must be whole numbers that name classes; got inf"),
    ("kl", ([float("nan"), 1.0], [0.5, 0.5]), {}, "p must be rows of probabilities that sum to 1; got nan"),
    ("box_iou", ([0, 0, 1, float("nan")], [0, 0, 1, 1]), {}, "box_true must be finite numbers; got nan at [3]"),
    # parameters
    ("mse", ([1.0], [1.0]), {"reduction": "median"}, "reduction must be 'mean' or 'sum' or 'none'; got 'median'"),
    ("huber", ([1.0], [1.0]), {"delta": 0}, "delta must be a number > 0; got 0"),
    ("huber", ([1.0], [1.0]), {"delta": "1"}, "delta must be a number > 0; got '1'"),
    ("huber", ([1.0], [1.0]), {"delta": float("nan")}, "delta must be a number > 0; got nan"),
    ("huber", ([1.0], [1.0]), {"dleta": 1}, "huber has no parameter dleta; did you mean delta?"),
    ("mse", ([1.0], [1.0]), {"weight": 1}, "mse has no parameter weight"),
    ("quantile", ([1.0], [1.0]), {"q": 1.5}, "q must be a number in [0, 1]; got 1.5"),
    ("kl", ([1.0], [1.0]), {"base": 1}, "base must be a number > 1; got 1"),
    ("bce", ([1.0], [0.5]), {"from_logits": "yes"}, "from_logits must be True or False; got 'yes'"),
    ("bce", ([1.0], [0.5]), {"from_logits": True, "eps": 1e-7}, "eps clips probabilities"),
    ("bce", ([1.0, 0.0], [0.5, 0.5]), {"sample_weight": [1.0]}, "sample_weight has shape (1,); it must be one number or (2,)"),
    ("bce", ([1.0, 0.0], [0.5, 0.5]), {"pos_weight": [1.0]}, "pos_weight has shape (1,)"),
    ("bce", ([1.0], [0.5]), {"sample_weight": -1}, "sample_weight must be weights >= 0"),
    ("nll", ([0], [[0.0]]), {"weight": [1.0, 2.0]}, "weight must have one entry for each of the 1 classes; got shape (2,)"),
    ("softmax_focal", ([0], [[1.0]]), {"alpha": [1.0, 2.0]}, "alpha must be one number or one for each of the 1 classes"),
    ("dice", ([1, 0], [0.5, 0.5]), {"axis": 1}, "axis (1,) does not exist in masks of 1 axes"),
    ("dice", ([[1, 0]], [[0.5, 0.5]]), {"axis": (0, -2)}, "names an axis twice"),
    ("dice", ([1, 0], [0.5, 0.5]), {"axis": 0.5}, "axis must be an axis number, several, or None for all axes; got 0.5"),
    ("lovasz_softmax", ([0], [[0.5, 0.5]]), {"classes": [2]}, "classes names class 2; y_pred has classes 0 … 1"),
    ("lovasz_softmax", ([0], [[0.5, 0.5]]), {"classes": "some"}, "classes must be 'present' or 'all' or a list"),
    ("sparse_cross_entropy", ([0], [[1.0]]), {"ignore_index": 0.5}, "ignore_index must be a whole number; got 0.5"),
    ("softmax", ([1.0],), {"reduction": "sum"}, "softmax has nothing to reduce"),
    ("ciou", ([0, 0, 1, 1], [0, 0, 1, 1]), {"hold_alpha": True}, "hold_alpha is a parameter of the gradient alone"),
    # number of arguments
    ("kl", ([1.0], [1.0], 2), {}, "kl takes 2 arguments (p, q); got 3; give parameters by name, as in base=…"),
    ("mse", ([1.0],), {}, "mse needs y_true and y_pred; y_pred is missing"),
    ("mse", ([1.0], [1.0]), {"y_true": [1.0]}, "y_true was given twice"),
    # nothing to average
    ("mse", ([], []), {}, "there is nothing to average"),
    ("sparse_cross_entropy", ([1], [[0.5, 0.5]]), {"ignore_index": 1}, "there is nothing to average"),
    ("nll", ([1], [[0.0, -np.inf]]), {"weight": [1.0, 0.0]}, "there is nothing to average"),
    ("mean_iou", ([], []), {}, "there are no pixels to count"),
    *((name, ([],), {}, "z has no entries along its last axis") for name in ("softmax", "log_softmax", "logsumexp")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "parameters", "message"), REFUSALS)
def test_refusal_says_what_is_wrong(name: str, arguments: Any, parameters: Any, message: str) -> None:
    loss = losses.get(name)
    with pytest.raises(LossError) as refusal:
        loss(*arguments, **parameters)
    assert str(refusal.value).startswith(name) and message in str(refusal.value)
    if "gradient alone" not in message:
        with pytest.raises(LossError) as refusal:
            loss.grad(*arguments, **parameters)
        assert message in str(refusal.value)


EMPTY = ([], [[]], np.zeros((0, 3)), np.zeros((3, 0)), np.zeros((2, 0, 3)), np.array([], dtype=object))
ODD = (*EMPTY, 3.0, {}, object(), "x", ["1"], [[1], [1, 2]], [None], np.zeros((1,) * 40), 10**400, [float("nan")])


@pytest.mark.parametrize("name", losses.names())
def test_odd_values_are_refused_in_words_or_have_a_value(name: str) -> None:
    loss = losses.get(name)
    for value in ODD:
        for function in (loss, loss.grad):
            with contextlib.suppress(LossError):
                function(*[value for _ in loss.domain])


POISONS = [float("nan"), float("inf"), "text", None, 1j, [1.0, [2.0]]]


@pytest.mark.parametrize("name", losses.names())
def test_every_argument_of_every_loss_refuses_what_is_no_number(name: str) -> None:
    loss = losses.get(name)
    arguments = draw(loss, np.random.default_rng(1), {})
    for place, argument in enumerate(loss.domain):
        for poison in POISONS:
            spoilt: Any = arguments[place].astype(object)
            spoilt.flat[-1] = poison
            poisoned = [*arguments[:place], spoilt.tolist(), *arguments[place + 1 :]]
            with pytest.raises(LossError, match=argument):
                loss(*poisoned)
            with pytest.raises(LossError, match=argument):
                loss.grad(*poisoned)


@pytest.mark.parametrize("name", [name for name in losses.names() if len(losses.get(name).domain) > 1])
def test_no_loss_broadcasts(name: str) -> None:
    loss = losses.get(name)
    arguments = draw(loss, np.random.default_rng(1), {}, batch=(2, 3))
    for place, argument in enumerate(loss.domain):
        for batch in ((1, 3), (3,), (3, 2), (2, 3, 1)):
            other = list(arguments)
            other[place] = loss.domain[argument].sample(np.random.default_rng(2), shape_of(loss, argument, batch))
            with pytest.raises(LossError):
                loss(*other)


@pytest.mark.parametrize(
    "value",
    [
        [1, 0, 1],
        (True, False, True),
        np.array([1, 0, 1], dtype=np.uint8),
        np.array([1, 0, 1], dtype=np.float16),
        np.array([1, 0, 1], dtype=np.longdouble),
        np.array([[1, 9, 0, 9, 1]])[0, ::2],
        [Fraction(1), Decimal(0), 1],
        [np.float32(1), np.int8(0), True],
    ],
)
def test_whatever_reads_as_real_numbers_is_taken(value: Any) -> None:
    assert losses.mse(value, [0.5, 0.5, 0.5]) == 0.25


def test_unsigned_and_small_integers_do_not_wrap() -> None:
    small, large = np.array([0, 255], dtype=np.uint8), np.array([255, 0], dtype=np.uint8)
    assert losses.mse(small, large) == 255.0**2
    assert losses.mbe(np.array([127], dtype=np.int8), np.array([-128], dtype=np.int8)) == -255.0
    assert losses.mae([10**30], [0]) == 1e30


@pytest.mark.parametrize("name", losses.names())
def test_domains_draw_what_they_admit(name: str) -> None:
    loss, random = losses.get(name), np.random.default_rng(7)
    for domains in (loss.domain, loss.logit_domain):
        for argument, domain in domains.items():
            shape = shape_of(loss, argument, (20,), logits=domains is loss.logit_domain)
            drawn = domain.sample(random, shape)
            assert drawn.shape == shape
            admitted, _ = domain.admit(name, argument, drawn)
            np.testing.assert_array_equal(admitted, drawn)
            if domain.kind == "choice":
                assert set(np.unique(drawn)) == set(domain.values)  # type: ignore[attr-defined]
            if domain.kind == "interval":
                assert drawn.min() >= domain.low and drawn.max() <= domain.high  # type: ignore[attr-defined]


def test_arguments_may_be_given_by_name() -> None:
    assert losses.mse(y_pred=[1.0], y_true=[3.0]) == losses.mse([3.0], y_pred=[1.0]) == 4.0
    assert losses.info_nce([1.0], keys=[[1.0], [0.0]], positive=1, temperature=1) == losses.info_nce(
        [1.0], [[1.0], [0.0]], 1, temperature=1
    )
