"""Code answers from the source to the verdict."""

from __future__ import annotations

import textwrap
import threading
from functools import partial
from typing import Any

import pytest

from studyapp.grading.verdict import Outcome, Verdict
from studyapp.kinds.ask import ask
from studyapp.kinds.code.inputs import RANDOM_INPUTS, trials
from studyapp.kinds.code.runner import run_function, stopped_by
from studyapp.kinds.grade import grade
from tests.kinds.cards import card

OVERLAP = (
    "max(0, min(box_a[2], box_b[2]) - max(box_a[0], box_b[0]))"
    "*max(0, min(box_a[3], box_b[3]) - max(box_a[1], box_b[1]))"
)
AREAS = "(box_a[2]-box_a[0])*(box_a[3]-box_a[1]) + (box_b[2]-box_b[0])*(box_b[3]-box_b[1])"
IOU: dict[str, Any] = {
    "id": "write-iou",
    "kind": "code",
    "question": "Write IoU.",
    "signature": "def iou(box_a, box_b)",
    "reference": "box_iou",
    "draw": {"box_a": {"box": [0, 10]}, "box_b": {"box": [0, 10]}},
    "cases": [{"args": [[0, 0, 1, 1], [1, 0, 2, 1]], "why": "touching"}],
    "wrong": [{"id": "union-with-overlap", "value": f"{OVERLAP}/({AREAS})", "say": "The overlap counts twice."}],
}
BCE_LOGITS: dict[str, Any] = {
    "id": "write-bce-logits",
    "kind": "code",
    "question": "Write BCE from logits.",
    "signature": "def bce(y, z)",
    "reference": "bce(y, z, from_logits=True)",
    "draw": {"y": {"choice": [0, 1], "size": 4}, "z": {"grid": [-4, 4, 0.5], "size": 4}},
}
HINGE_GRADIENT: dict[str, Any] = {
    "id": "write-hinge-gradient",
    "kind": "code",
    "question": "Write the gradient of the squared loss in yhat.",
    "signature": "def gradient(y, yhat)",
    "reference": "mse",
    "gradient": True,
    "draw": {"y": {"grid": [-3, 3, 0.5], "size": 3}, "yhat": {"grid": [-3, 3, 0.25], "size": 3}},
}

RIGHT_IOU = """
def iou(box_a, box_b):
    w = max(0, min(box_a[2], box_b[2]) - max(box_a[0], box_b[0]))
    h = max(0, min(box_a[3], box_b[3]) - max(box_a[1], box_b[1]))
    overlap = w * h
    area = lambda b: (b[2] - b[0]) * (b[3] - b[1])
    return overlap / (area(box_a) + area(box_b) - overlap)
"""
STABLE_BCE = "def bce(y, z):\n    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))"
NAIVE_BCE = "def bce(y, z):\n    p = 1 / (1 + np.exp(-z))\n    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))"


def verdict(fields: dict[str, Any], source: str) -> Verdict:
    return grade(ask(card(fields), seed=1), textwrap.dedent(source))


def groups(result: Verdict) -> dict[str, bool | None]:
    return {detail.label: detail.passed for detail in result.details}


def test_a_right_function_passes_every_group() -> None:
    result = verdict(IOU, RIGHT_IOU)
    assert result.outcome is Outcome.CORRECT and result.score == 1
    assert groups(result) == {"value": True, "edge cases": True, "shape and dtype": True, "input not changed": True}


def test_any_style_of_python_is_right() -> None:
    loop = """
        import math
        from typing import Sequence
        def bce(y: Sequence[int], z: Sequence[float]) -> float:
            total = 0.0
            for label, logit in zip(y, z):
                total += max(logit, 0) - logit * label + math.log1p(math.exp(-abs(logit)))
            return total / len(y)
    """
    assert verdict(BCE_LOGITS, loop).outcome is Outcome.CORRECT
    assert verdict(BCE_LOGITS, STABLE_BCE).outcome is Outcome.CORRECT
    assert verdict(BCE_LOGITS, "bce = lambda y, z: np.mean(np.logaddexp(0, z) - y * z)").outcome is Outcome.CORRECT


def test_the_smallest_failing_input_is_shown_with_expected_and_got() -> None:
    result = verdict(IOU, "def iou(a, b):\n    return 0.5")
    assert result.outcome is Outcome.WRONG
    assert "`iou([" in result.message and "expected" in result.message and "got 0.5" in result.message


def test_a_function_that_is_never_right_scores_nothing_for_its_manners() -> None:
    result = verdict(BCE_LOGITS, "def bce(y, z):\n    return 0.0")
    assert groups(result)["input not changed"] is True
    assert (result.outcome, result.score, result.headline) == (Outcome.WRONG, 0, "✗ Wrong")
    assert 0 < verdict(BCE_LOGITS, NAIVE_BCE).score < 1


def test_a_declared_mistake_is_recognised_from_its_numbers() -> None:
    result = verdict(IOU, RIGHT_IOU.replace(" - overlap)", ")"))
    assert (result.outcome, result.misconception) == (Outcome.MISCONCEPTION, "union-with-overlap")
    assert result.message == "The overlap counts twice."


def test_a_general_mistake_is_recognised_from_its_numbers() -> None:
    result = verdict(BCE_LOGITS, STABLE_BCE.replace("np.mean", "np.sum"))
    assert (result.outcome, result.misconception) == (Outcome.MISCONCEPTION, "sum-for-mean")


def test_numbers_that_overflow_fail_the_group_stability_alone() -> None:
    result = verdict(BCE_LOGITS, NAIVE_BCE)
    assert result.outcome is Outcome.WRONG
    assert groups(result)["value"] is True and groups(result)["stability"] is False
    assert "got inf" in result.message and "a thousand" in result.message


KL: dict[str, Any] = {
    "id": "write-kl",
    "kind": "code",
    "question": "Write KL.",
    "signature": "def kl(p, q)",
    "reference": "kl(p, q)",
    "draw": {"p": {"distribution": 3}, "q": {"distribution": 3}},
    "cases": [{"args": [[0.5, 0.5, 0], [1, 0, 0]], "why": "no overlap"}],
}


@pytest.mark.parametrize(("instead", "right"), [("np.inf", True), ("0.0", False), ("-np.inf", False), ("1e308", False),
                                                ("np.nan", False)])  # fmt: skip
def test_an_infinity_is_equal_to_itself_alone(instead: str, right: bool) -> None:
    code = f"""
    def kl(p, q):
        if np.any((p > 0) & (q == 0)):
            return {instead}
        seen = p > 0
        return np.sum(p[seen] * np.log(p[seen] / q[seen]))
    """
    assert (verdict(KL, code).outcome is Outcome.CORRECT) is right


@pytest.mark.parametrize(
    ("body", "loop"),
    [
        ("sum(a * b for a, b in zip(y, z))", True), ("np.vectorize(abs)(y).sum()", True),
        ("sum(map(abs, y))", True), ("bce(y[1:], z) if len(y) > 1 else 0", True), ("[a for a in y]", True),
        ("np.sum(y * z)", False),
    ],
)  # fmt: skip
def test_a_loop_is_refused_where_the_task_is_to_be_done_without(body: str, loop: bool) -> None:
    answer = verdict({**BCE_LOGITS, "no_loop": True}, f"def bce(y, z):\n    return {body}")
    assert (answer.outcome is Outcome.INVALID and "without a Python loop" in answer.message) is loop


def test_a_gradient_is_compared_with_the_closed_form() -> None:
    right = verdict(HINGE_GRADIENT, "def gradient(y, yhat):\n    return 2 * (yhat - y) / len(y)")
    assert right.outcome is Outcome.CORRECT and groups(right)["gradient"] is True
    reversed_sign = verdict(HINGE_GRADIENT, "def gradient(y, yhat):\n    return 2 * (y - yhat) / len(y)")
    assert reversed_sign.misconception == "sign"


@pytest.mark.parametrize(
    ("source", "label", "words"),
    [
        ("def gradient(y, yhat):\n    return (2 * (yhat - y) / 3).reshape(3, 1)", "shape and dtype", "3×1"),
        ("def gradient(y, yhat):\n    return (2 * (yhat - y) / 3).astype('float32')", "shape and dtype", "float32"),
        ("def gradient(y, yhat):\n    yhat -= y\n    yhat *= 2/3\n    return yhat", "input not changed", "yhat"),
    ],
)
def test_right_numbers_can_still_fail_a_group(source: str, label: str, words: str) -> None:
    result = verdict(HINGE_GRADIENT, source)
    assert result.outcome is Outcome.WRONG and groups(result)[label] is False
    assert words in result.message


@pytest.mark.parametrize(
    ("source", "words", "position"),
    [
        ("", "no code yet", 0),
        ("def iou(box_a, box_b)\n    return 1", "line 1: “:” is missing", 21),
        ("def iou(box_a, box_b):\nreturn 1", "line 2: an indented block is missing", 23),
        ("def IoU(box_a, box_b):\n    return 1", "there is IoU", 0),
        ("x = 1", "the function iou is not defined", 0),
        ("def iou(a):\n    return 1", "called as iou(box_a, box_b)", 0),
        ("def iou(a, b, c):\n    return 1", "called as iou(box_a, box_b)", 0),
        ("def iou(a, *, b):\n    return 1", "called as iou(box_a, box_b)", 0),
        ("async def iou(a, b):\n    return 1", "plain function", 0),
        ("import os\ndef iou(a, b):\n    return 1", "“os” cannot be imported", 0),
        ("def iou(a, b):\n    from studyapp import losses\n    return 1", "“studyapp” cannot be imported", 19),
        ("def iou(a, b):\n    import torch\n    return 1", "“torch” cannot be imported", 19),
        ("def iou(a, b):\n\treturn 1\n        return 2", "line 3", 25),
        ("def iou(a, b):\n    return '\x00'", "null bytes", 0),
    ],
)
def test_what_cannot_run_is_invalid_and_says_where(source: str, words: str, position: int) -> None:
    result = grade(ask(card(IOU), seed=1), source)
    assert result.outcome is Outcome.INVALID
    assert words.casefold() in result.message.casefold()
    assert result.position == position


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("pass", "None (is a return missing?)"),
        ("return 'high'", "a str, no numbers"),
        ("return 1j", "complex"),
        ("return 1/0", "ZeroDivisionError in line 2"),
        ("return undefined_name", "NameError in line 2"),
        ("return bytearray(4 << 30)", "more memory than the limit allows"),
        ("import numpy.nothing", "ModuleNotFoundError"),
        ("return iou(a, b)", "RecursionError"),
        ("return np.array([1, 2, 3])", "got [1, 2, 3]"),
        ("return float('nan')", "got nan"),
    ],
)
def test_what_a_call_did_is_said(body: str, words: str) -> None:
    result = verdict(IOU, f"def iou(a, b):\n    {body}")
    assert result.outcome is Outcome.WRONG
    assert words in result.message


def test_an_endless_loop_gets_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studyapp.kinds.code.grading.run_function", partial(run_function, cpu=0.3, wall=1.0))
    result = verdict(IOU, "def iou(a, b):\n    while True:\n        pass")
    assert result.outcome is Outcome.WRONG
    assert "still running" in result.message and "line" in result.message


def test_printed_output_is_part_of_the_verdict() -> None:
    result = verdict(IOU, RIGHT_IOU.replace("    w =", "    print('a =', box_a)\n    w =", 1))
    assert result.outcome is Outcome.CORRECT
    assert [detail.text[:5] for detail in result.details if detail.label == "printed"] == ["a = ["]


def test_inputs_are_many_distinct_and_a_function_of_card_and_seed() -> None:
    code = card(BCE_LOGITS)
    first, again, other = (trials(code, seed) for seed in (1, 1, 2))  # type: ignore[arg-type]
    values = [trial for trial in first if trial.group == "value"]
    assert len(values) == RANDOM_INPUTS >= 20
    assert [trial.arguments for trial in first] == [trial.arguments for trial in again]
    assert [trial.arguments for trial in first] != [trial.arguments for trial in other]
    assert any(max(map(abs, trial.arguments["z"])) == 1000 for trial in first if trial.group == "stability")


def test_nothing_of_the_app_can_be_read_by_import() -> None:
    result = verdict(IOU, "def iou(a, b):\n    return __import__('studyapp.losses').losses.box_iou(a, b)")
    assert result.outcome is Outcome.WRONG and "ModuleNotFoundError" in result.message


def test_code_that_was_stopped_counts_for_nothing() -> None:
    stop = threading.Event()
    stop.set()
    with stopped_by(stop):
        stopped = verdict(IOU, RIGHT_IOU)
    assert stopped.outcome is Outcome.INVALID
    assert "stopped before it was done" in stopped.message
